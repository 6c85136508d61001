// SPDX-License-Identifier: Apache-2.0
//
// Implements image_header.h: finds the format by its first bytes and walks the segments, chunks or
// blocks before the pixels. Called by imports, uploads and rendition.c on bytes that a stranger
// made: reads nothing outside the slice, allocates nothing that the file sizes, loops at most once
// a byte. Its 600 lines are four short walks that share how bytes are read and refused.
#include "imaging/image_header.h"

#include <string.h>

#include "imaging/image_metadata.h"
#include "imaging/png_text.h"

G_DEFINE_QUARK(broadsheet - imaging - error - quark, imaging_error)

static gboolean corrupt(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static gboolean corrupt(GError **error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *reason = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error(error, IMAGING_ERROR, IMAGING_ERROR_CORRUPT, "the picture is damaged: %s", reason);
  return FALSE;
}

static guint byte_at(Slice bytes, gsize offset) {
  return offset < bytes.length ? (guchar)bytes.data[offset] : 0;
}

static guint32 big_endian(Slice bytes, gsize offset, guint size) {
  guint32 number = 0;
  for (guint i = 0; i < size; i++) {
    number = number << 8 | byte_at(bytes, offset + i);
  }
  return number;
}

static guint32 little_endian(Slice bytes, gsize offset, guint size) {
  guint32 number = 0;
  for (guint i = size; i > 0; i--) {
    number = number << 8 | byte_at(bytes, offset + i - 1);
  }
  return number;
}

static gboolean has_magic(Slice bytes, gsize offset, Slice magic) {
  return slice_equal(slice_range(bytes, offset, magic.length), magic);
}

static const Slice PNG_MAGIC = {"\x89PNG\r\n\x1a\n", 8};

static ImageFormat sniff(Slice bytes) {
  if (has_magic(bytes, 0, SLICE_LITERAL("\xFF\xD8\xFF"))) {
    return FORMAT_JPEG;
  }
  if (has_magic(bytes, 0, PNG_MAGIC)) {
    return FORMAT_PNG;
  }
  if (has_magic(bytes, 0, SLICE_LITERAL("RIFF")) && has_magic(bytes, 8, SLICE_LITERAL("WEBP"))) {
    return FORMAT_WEBP;
  }
  if (has_magic(bytes, 0, SLICE_LITERAL("GIF87a")) ||
      has_magic(bytes, 0, SLICE_LITERAL("GIF89a"))) {
    return FORMAT_GIF;
  }
  return FORMAT_UNKNOWN;
}

static const char *describe_stranger(Slice bytes) {
  static const struct {
    gsize offset;
    Slice magic;
    const char *name;
  } STRANGERS[] = {{0, {"II*\0", 4}, "a TIFF file"},     {0, {"MM\0*", 4}, "a TIFF file"},
                   {4, {"ftypavif", 8}, "an AVIF file"}, {4, {"ftyphei", 7}, "a HEIF file"},
                   {4, {"ftyp", 4}, "a film"},           {0, {"%PDF", 4}, "a PDF file"},
                   {0, {"PK\3\4", 4}, "a ZIP archive"},  {0, {"BM", 2}, "a BMP file"},
                   {0, {"8BPS", 4}, "a Photoshop file"}, {0, {"<", 1}, "HTML or SVG text"}};
  for (gsize i = 0; i < G_N_ELEMENTS(STRANGERS); i++) {
    if (has_magic(bytes, STRANGERS[i].offset, STRANGERS[i].magic)) {
      return STRANGERS[i].name;
    }
  }
  return bytes.length == 0 ? "an empty file" : "something else";
}

// ── JPEG ────────────────────────────────────────────────────────────────────

static gboolean jpeg_read_frame(guint marker, Slice body, ImageHeader *header, GError **error) {
  if (header->width != 0) {
    return corrupt(error, "it has two frames");
  }
  if (marker != 0xC0 && marker != 0xC1 && marker != 0xC2 && marker != 0xC9 && marker != 0xCA) {
    g_set_error(error, IMAGING_ERROR, IMAGING_ERROR_UNSUPPORTED,
                "the picture is a JPEG of a rare kind (lossless or hierarchical): save it as an "
                "ordinary JPEG");
    return FALSE;
  }
  guint components = byte_at(body, 5);
  if (byte_at(body, 0) != 8) {
    g_set_error(error, IMAGING_ERROR, IMAGING_ERROR_UNSUPPORTED,
                "the picture is a JPEG with %u bits a sample: save it with 8", byte_at(body, 0));
    return FALSE;
  }
  if ((components != 1 && components != 3 && components != 4) ||
      body.length != 6 + 3 * (gsize)components) {
    return corrupt(error, "its frame header is wrong");
  }
  header->height = (gint32)big_endian(body, 1, 2);
  header->width = (gint32)big_endian(body, 3, 2);
  header->progressive = marker == 0xC2 || marker == 0xCA;
  if (header->width == 0 || header->height == 0) {
    return corrupt(error, "it has no width or no height");
  }
  return TRUE;
}

static void jpeg_read_notes(guint marker, Slice body, ImageHeader *header) {
  static const Slice EXIF = SLICE_LITERAL("Exif\0\0");
  static const Slice XMP = SLICE_LITERAL("http://ns.adobe.com/xap/1.0/\0");
  static const Slice PHOTOSHOP = SLICE_LITERAL("Photoshop 3.0\0");
  if (marker == 0xE1 && has_magic(body, 0, EXIF)) {
    metadata_read_exif(slice_from(body, EXIF.length), header);
  } else if (marker == 0xE1 && has_magic(body, 0, XMP)) {
    metadata_read_xmp(slice_from(body, XMP.length), header);
  } else if (marker == 0xED && has_magic(body, 0, PHOTOSHOP)) {
    metadata_read_photoshop(slice_from(body, PHOTOSHOP.length), header);
  }
}

static gboolean jpeg_is_frame(guint marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

// Takes the next marker and its segment's body off `*rest`. FALSE when there is none.
static gboolean jpeg_next_segment(Slice *rest, guint *ret_marker, Slice *ret_body) {
  gsize at = 0;
  if (byte_at(*rest, 0) != 0xFF) {
    return FALSE;
  }
  while (byte_at(*rest, at) == 0xFF) { // any number of fill bytes
    at++;
  }
  guint marker = byte_at(*rest, at++);
  gsize length = 0;
  if (marker == 0 || at > rest->length) {
    return FALSE;
  }
  if (marker != 0x01 && (marker < 0xD0 || marker > 0xD9)) {
    length = big_endian(*rest, at, 2);
    if (length < 2 || at > rest->length || length > rest->length - at) {
      return FALSE;
    }
  }
  *ret_marker = marker;
  *ret_body = length > 0 ? slice_range(*rest, at + 2, length - 2) : (Slice){NULL, 0};
  *rest = slice_from(*rest, at + length);
  return TRUE;
}

static gboolean jpeg_read(Slice bytes, ImageHeader *header, GError **error) {
  Slice rest = slice_from(bytes, 2);
  Slice body;
  Slice frame = {NULL, 0};
  guint marker = 0;
  while (jpeg_next_segment(&rest, &marker, &body)) {
    if (jpeg_is_frame(marker)) {
      if (!jpeg_read_frame(marker, body, header, error)) {
        return FALSE;
      }
      frame = body;
    } else if (marker == 0xDA) {
      if (header->width == 0) {
        return corrupt(error, "its pixels come before their frame");
      }
      // A scan without all components: the decoder must hold the whole picture, as for a
      // progressive one.
      header->progressive = header->progressive || byte_at(body, 0) < byte_at(frame, 5);
      return TRUE;
    } else if (marker == 0xD8 || marker == 0xD9) {
      return corrupt(error, "it ends before its pixels");
    } else {
      jpeg_read_notes(marker, body, header);
    }
  }
  return corrupt(error, "it breaks off before its pixels");
}

// Passes over a scan's pixels: to the next marker that is not a restart or a stuffed zero.
static Slice jpeg_skip_scan(Slice rest) {
  while (rest.length > 0) {
    gssize at = slice_find_char(rest, '\xFF');
    if (at < 0) {
      return (Slice){NULL, 0};
    }
    guint next = byte_at(rest, (gsize)at + 1);
    if (next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7)) {
      return slice_from(rest, (gsize)at);
    }
    rest = slice_from(rest, (gsize)at + (next == 0xFF ? 1 : 2));
  }
  return rest;
}

static gboolean jpeg_find_end(Slice bytes, Slice *ret_rest) {
  Slice rest = slice_from(bytes, 2);
  Slice body;
  guint marker = 0;
  while (jpeg_next_segment(&rest, &marker, &body)) {
    if (marker == 0xD9) {
      *ret_rest = rest;
      return TRUE;
    }
    if (marker == 0xDA) {
      rest = jpeg_skip_scan(rest);
    }
  }
  return FALSE;
}

// Huffman coding takes two bits at least for each block of 64 pixels: a file with fewer does not
// hold what it says, and its decoder would fill the rest with grey.
static gboolean jpeg_has_bytes_enough(Slice bytes) {
  ImageHeader header = {0};
  gboolean enough =
      jpeg_read(bytes, &header, NULL) &&
      (header.progressive || (gint64)header.width * header.height / 256 <= (gint64)bytes.length);
  image_header_clear(&header);
  return enough;
}

// ── PNG ─────────────────────────────────────────────────────────────────────

static guint32 png_crc(Slice bytes) {
  guint32 crc = 0xFFFFFFFFu;
  for (gsize i = 0; i < bytes.length; i++) {
    crc ^= (guchar)bytes.data[i];
    for (int bit = 0; bit < 8; bit++) {
      crc = (crc >> 1) ^ ((crc & 1) ? 0xEDB88320u : 0);
    }
  }
  return ~crc;
}

static gboolean png_read_ihdr(Slice bytes, ImageHeader *header, GError **error) {
  static const guchar DEPTHS[7] = {
      [0] = 1 | 2 | 4 | 8 | 16, [2] = 8 | 16, [3] = 1 | 2 | 4 | 8, [4] = 8 | 16, [6] = 8 | 16};
  Slice chunk = slice_range(bytes, 12, 17);
  guint depth = byte_at(bytes, 24);
  guint color = byte_at(bytes, 25);
  guint32 width = big_endian(bytes, 16, 4);
  guint32 height = big_endian(bytes, 20, 4);
  if (bytes.length < 33 || big_endian(bytes, 8, 4) != 13 || !slice_starts_with(chunk, "IHDR") ||
      png_crc(chunk) != big_endian(bytes, 29, 4)) {
    return corrupt(error, "its PNG header is wrong");
  }
  if (color > 6 || (DEPTHS[color] & depth) == 0 || (depth & (depth - 1)) != 0 ||
      byte_at(bytes, 26) != 0 || byte_at(bytes, 27) != 0 || byte_at(bytes, 28) > 1) {
    return corrupt(error, "its PNG header names a kind of pixel that there is not");
  }
  if (width == 0 || height == 0 || width > G_MAXINT32 || height > G_MAXINT32) {
    return corrupt(error, "it has no width or no height");
  }
  header->width = (gint32)width;
  header->height = (gint32)height;
  header->has_alpha = color == 4 || color == 6;
  header->progressive = byte_at(bytes, 28) == 1; // interlaced: held whole in memory too
  return TRUE;
}

static void png_read_text(Slice body, ImageHeader *header) {
  gssize end = slice_find_char(slice_range(body, 0, 80), '\0');
  if (end < 0) {
    return;
  }
  Slice keyword = slice_range(body, 0, (gsize)end);
  Slice value = slice_from(body, (gsize)end + 1);
  if (slice_equal_text(keyword, "Author")) {
    metadata_take_text(&header->creator, value, METADATA_NAME_LIMIT);
  } else if (slice_equal_text(keyword, "Copyright")) {
    metadata_take_text(&header->rights, value, METADATA_NAME_LIMIT);
  } else if (slice_equal_text(keyword, "Description")) {
    metadata_take_text(&header->caption, value, METADATA_CAPTION_LIMIT);
  }
}

// Takes the next chunk off `*rest`; its checksum is the decoder's business.
static gboolean png_next_chunk(Slice *rest, Slice *ret_type, Slice *ret_body) {
  guint32 length = big_endian(*rest, 0, 4);
  if (rest->length < 12 || length > rest->length - 12) {
    return FALSE;
  }
  *ret_type = slice_range(*rest, 4, 4);
  *ret_body = slice_range(*rest, 8, length);
  *rest = slice_from(*rest, 12 + (gsize)length);
  return TRUE;
}

static gboolean png_read(Slice bytes, ImageHeader *header, GError **error) {
  static const Slice XMP = SLICE_LITERAL("XML:com.adobe.xmp\0\0\0\0\0");
  Slice rest = slice_from(bytes, 33);
  Slice type;
  Slice body;
  if (!png_read_ihdr(bytes, header, error)) {
    return FALSE;
  }
  if (!png_text_is_bounded(bytes)) {
    g_set_error(error, IMAGING_ERROR, IMAGING_ERROR_TOO_LARGE,
                "the picture's texts unpack to more than %u MB: save it anew without them",
                PNG_TEXT_LIMIT >> 20);
    return FALSE;
  }
  while (png_next_chunk(&rest, &type, &body)) {
    if (slice_equal_text(type, "IDAT")) {
      return TRUE;
    }
    if (slice_equal_text(type, "IEND")) {
      break;
    }
    if (slice_equal_text(type, "acTL")) {
      header->animated = TRUE;
    } else if (slice_equal_text(type, "tRNS")) {
      header->has_alpha = TRUE;
    } else if (slice_equal_text(type, "eXIf")) {
      metadata_read_exif(body, header);
    } else if (slice_equal_text(type, "iTXt") && has_magic(body, 0, XMP)) {
      metadata_read_xmp(slice_from(body, XMP.length), header);
    } else if (slice_equal_text(type, "tEXt")) {
      png_read_text(body, header);
    }
  }
  // A single IDAT longer than what is there belongs to a file that was cut short.
  return rest.length >= 8 && has_magic(rest, 4, SLICE_LITERAL("IDAT"))
             ? TRUE
             : corrupt(error, "it breaks off before its pixels");
}

static gboolean png_find_end(Slice bytes, Slice *ret_rest) {
  Slice rest = slice_from(bytes, 8);
  Slice type;
  Slice body;
  while (png_next_chunk(&rest, &type, &body)) {
    if (slice_equal_text(type, "IEND")) {
      *ret_rest = rest;
      return TRUE;
    }
  }
  return FALSE;
}

// ── WebP ────────────────────────────────────────────────────────────────────

static gboolean webp_read_pixels(Slice type, Slice body, ImageHeader *header, GError **error) {
  gint32 width = 0;
  gint32 height = 0;
  if (slice_equal_text(type, "VP8 ")) {
    if (body.length < 10 || !has_magic(body, 3, SLICE_LITERAL("\x9d\x01\x2a"))) {
      return corrupt(error, "its WebP frame is wrong");
    }
    width = (gint32)(little_endian(body, 6, 2) & 0x3FFF);
    height = (gint32)(little_endian(body, 8, 2) & 0x3FFF);
  } else {
    guint32 bits = little_endian(body, 1, 4);
    if (body.length < 5 || byte_at(body, 0) != 0x2F || bits >> 29 != 0) {
      return corrupt(error, "its WebP frame is wrong");
    }
    width = (gint32)(bits & 0x3FFF) + 1;
    height = (gint32)(bits >> 14 & 0x3FFF) + 1;
    header->has_alpha = header->has_alpha || (bits >> 28 & 1) != 0;
  }
  if (width == 0 || height == 0 ||
      (header->width != 0 && (header->width != width || header->height != height))) {
    return corrupt(error, "its WebP frame and canvas differ in size");
  }
  header->width = width;
  header->height = height;
  return TRUE;
}

static gboolean webp_read_chunk(Slice type, Slice body, ImageHeader *header, gboolean *pixels,
                                GError **error) {
  if (slice_equal_text(type, "VP8X") && header->width == 0) {
    if (body.length < 10) {
      return corrupt(error, "its WebP header is wrong");
    }
    header->has_alpha = (byte_at(body, 0) & 0x10) != 0;
    header->animated = (byte_at(body, 0) & 0x02) != 0;
    header->width = (gint32)little_endian(body, 4, 3) + 1;
    header->height = (gint32)little_endian(body, 7, 3) + 1;
  } else if ((slice_equal_text(type, "VP8 ") || slice_equal_text(type, "VP8L")) && !*pixels) {
    *pixels = TRUE;
    return webp_read_pixels(type, body, header, error);
  } else if (slice_equal_text(type, "ANMF")) {
    *pixels = TRUE;
  } else if (slice_equal_text(type, "EXIF")) {
    metadata_read_exif(has_magic(body, 0, SLICE_LITERAL("Exif\0\0")) ? slice_from(body, 6) : body,
                       header);
  } else if (slice_equal_text(type, "XMP ")) {
    metadata_read_xmp(body, header);
  }
  return TRUE;
}

static gboolean webp_read(Slice bytes, ImageHeader *header, GError **error) {
  Slice rest = slice_from(slice_range(bytes, 0, (gsize)little_endian(bytes, 4, 4) + 8), 12);
  gboolean pixels = FALSE;
  while (rest.length >= 8) {
    guint32 length = little_endian(rest, 4, 4);
    Slice body = slice_range(rest, 8, length);
    if (!webp_read_chunk(slice_range(rest, 0, 4), body, header, &pixels, error)) {
      return FALSE;
    }
    rest = slice_from(rest, 8 + (gsize)length + (length & 1));
  }
  return pixels && header->width > 0 ? TRUE : corrupt(error, "it breaks off before its pixels");
}

static gboolean webp_find_end(Slice bytes, Slice *ret_rest) {
  gsize end = (gsize)little_endian(bytes, 4, 4) + 8;
  if (end > bytes.length) {
    return FALSE;
  }
  *ret_rest = slice_from(bytes, end);
  return TRUE;
}

// ── GIF ─────────────────────────────────────────────────────────────────────

static gsize gif_table_size(guint flags) {
  return (flags & 0x80) != 0 ? (gsize)3 << ((flags & 7) + 1) : 0;
}

static gboolean gif_skip_blocks(Slice *rest) {
  while (rest->length > 0) {
    guint length = byte_at(*rest, 0);
    *rest = slice_from(*rest, 1 + (gsize)length);
    if (length == 0) {
      return TRUE;
    }
  }
  return FALSE;
}

typedef struct GifWalk {
  guint frames;
  gboolean transparent, outside, ended;
  Slice rest; // what follows the trailer
} GifWalk;

static void gif_walk(Slice bytes, GifWalk *walk) {
  gint32 width = (gint32)little_endian(bytes, 6, 2);
  gint32 height = (gint32)little_endian(bytes, 8, 2);
  walk->rest = slice_from(bytes, 13 + gif_table_size(byte_at(bytes, 10)));
  while (walk->rest.length > 0) {
    guint introducer = byte_at(walk->rest, 0);
    if (introducer == 0x3B) {
      walk->rest = slice_from(walk->rest, 1);
      walk->ended = TRUE;
      return;
    }
    if (introducer == 0x21) {
      walk->transparent = walk->transparent ||
                          (byte_at(walk->rest, 1) == 0xF9 && (byte_at(walk->rest, 3) & 1) != 0);
      walk->rest = slice_from(walk->rest, 2);
    } else if (introducer == 0x2C && walk->rest.length > 10) {
      walk->frames++;
      gint32 right = (gint32)(little_endian(walk->rest, 1, 2) + little_endian(walk->rest, 5, 2));
      gint32 bottom = (gint32)(little_endian(walk->rest, 3, 2) + little_endian(walk->rest, 7, 2));
      walk->outside = walk->outside || right > width || bottom > height;
      walk->rest = slice_from(walk->rest, 11 + gif_table_size(byte_at(walk->rest, 9)));
    } else {
      return;
    }
    if (!gif_skip_blocks(&walk->rest)) {
      return;
    }
  }
}

static gboolean gif_read(Slice bytes, ImageHeader *header, GError **error) {
  GifWalk walk = {0};
  gif_walk(bytes, &walk);
  header->width = (gint32)little_endian(bytes, 6, 2);
  header->height = (gint32)little_endian(bytes, 8, 2);
  header->animated = walk.frames > 1;
  header->has_alpha = walk.transparent;
  if (bytes.length < 13 || header->width == 0 || header->height == 0 || walk.frames == 0) {
    return corrupt(error, "it is a GIF without a picture in it");
  }
  return walk.outside ? corrupt(error, "one of its GIF frames lies outside of it") : TRUE;
}

static gboolean gif_find_end(Slice bytes, Slice *ret_rest) {
  GifWalk walk = {0};
  gif_walk(bytes, &walk);
  *ret_rest = walk.rest;
  return walk.ended;
}

// ── all four ────────────────────────────────────────────────────────────────

static gboolean check_limits(const ImageHeader *header, GError **error) {
  gint64 limit = header->progressive ? IMAGE_MAX_PROGRESSIVE_PIXELS : IMAGE_MAX_PIXELS;
  if ((gint64)header->width * header->height <= limit && header->width <= 65535 &&
      header->height <= 65535) {
    return TRUE;
  }
  g_set_error(error, IMAGING_ERROR, IMAGING_ERROR_TOO_LARGE,
              "the picture says that it has %d x %d pixels; at most %d million are taken%s: scale "
              "it down first",
              header->width, header->height, (int)(limit / 1000000),
              header->progressive ? " when it is progressive or interlaced" : "");
  return FALSE;
}

static void fill_blanks(ImageHeader *header) {
  char **fields[] = {&header->caption, &header->credit, &header->creator, &header->rights};
  for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
    if (*fields[i] == NULL) {
      *fields[i] = g_strdup("");
    }
  }
  if (header->orientation >= 5) {
    gint32 width = header->width;
    header->width = header->height;
    header->height = width;
  }
}

static gboolean read_format(Slice bytes, ImageHeader *header, GError **error) {
  switch (header->format) {
  case FORMAT_JPEG:
    return jpeg_read(bytes, header, error);
  case FORMAT_PNG:
    return png_read(bytes, header, error);
  case FORMAT_WEBP:
    return webp_read(bytes, header, error);
  case FORMAT_GIF:
    return gif_read(bytes, header, error);
  default:
    g_set_error(error, IMAGING_ERROR, IMAGING_ERROR_UNSUPPORTED,
                "the picture is not a JPEG, PNG, WebP or GIF but %s: save it as one of the four",
                describe_stranger(bytes));
    return FALSE;
  }
}

gboolean image_header_read(Slice bytes, ImageHeader *ret_header, GError **error) {
  ImageHeader header = {.format = sniff(bytes), .orientation = 1};
  if (bytes.length > IMAGE_MAX_BYTES) {
    g_set_error(error, IMAGING_ERROR, IMAGING_ERROR_TOO_LARGE,
                "the picture has %" G_GSIZE_FORMAT " MB; at most %u are taken: scale it down first",
                bytes.length >> 20, IMAGE_MAX_BYTES >> 20);
    return FALSE;
  }
  if (!read_format(bytes, &header, error) || !check_limits(&header, error)) {
    image_header_clear(&header);
    return FALSE;
  }
  fill_blanks(&header);
  *ret_header = header;
  return TRUE;
}

static gboolean is_harmless_tail(Slice tail) {
  gsize zeros = 0;
  while (zeros < tail.length && (tail.data[zeros] == '\0' || tail.data[zeros] == '\xFF')) {
    zeros++;
  }
  Slice rest = slice_from(tail, zeros);
  // A second JPEG begins with FF D8, of which the FF was passed over above.
  return rest.length == 0 ||
         (zeros > 0 && has_magic(tail, zeros - 1, SLICE_LITERAL("\xFF\xD8\xFF"))) ||
         has_magic(tail, 4, SLICE_LITERAL("ftyp")) || slice_ends_with(tail, "SEFT");
}

gboolean image_header_check_end(Slice bytes, GError **error) {
  Slice tail = {NULL, 0};
  gboolean found = FALSE;
  ImageFormat format = sniff(bytes);
  switch (format) {
  case FORMAT_JPEG:
    found = jpeg_find_end(bytes, &tail) && jpeg_has_bytes_enough(bytes);
    break;
  case FORMAT_PNG:
    found = png_find_end(bytes, &tail);
    break;
  case FORMAT_WEBP:
    found = webp_find_end(bytes, &tail);
    break;
  case FORMAT_GIF:
    found = gif_find_end(bytes, &tail);
    break;
  default:
    break;
  }
  if (!found) {
    return corrupt(error, "it breaks off before its end");
  }
  if (!is_harmless_tail(tail)) {
    return corrupt(error,
                   "%" G_GSIZE_FORMAT " bytes of something else follow its end: save it anew",
                   tail.length);
  }
  return TRUE;
}

void image_header_clear(ImageHeader *header) {
  g_clear_pointer(&header->caption, g_free);
  g_clear_pointer(&header->credit, g_free);
  g_clear_pointer(&header->creator, g_free);
  g_clear_pointer(&header->rights, g_free);
}
