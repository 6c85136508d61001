// SPDX-License-Identifier: Apache-2.0
//
// Implements image_metadata.h. Every offset and length comes from the file and is checked against
// the slice before it is used; loops are bounded by the bytes there are. Never follows a second
// IFD, never reads the GPS one.
#include "imaging/image_metadata.h"

#include <string.h>

#include "base/html_writer.h"

typedef struct Tiff {
  Slice bytes;
  gboolean big_endian;
} Tiff;

static guint32 tiff_number(const Tiff *tiff, gsize offset, guint size) {
  guint32 number = 0;
  if (offset > tiff->bytes.length || size > tiff->bytes.length - offset) {
    return 0;
  }
  for (guint i = 0; i < size; i++) {
    guchar byte = (guchar)tiff->bytes.data[offset + (tiff->big_endian ? i : size - 1 - i)];
    number = number << 8 | byte;
  }
  return number;
}

// Keeps letters and single spaces: control characters and line ends become spaces.
static char *clean_text(const char *text, gsize limit) {
  GString *out = g_string_new(NULL);
  gboolean space = FALSE;
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
    gunichar letter = g_utf8_get_char(at);
    if (g_unichar_isspace(letter) || g_unichar_iscntrl(letter)) {
      space = out->len > 0;
      continue;
    }
    if (out->len + 8 > limit) {
      break;
    }
    if (space) {
      g_string_append_c(out, ' ');
      space = FALSE;
    }
    g_string_append_unichar(out, letter);
  }
  return g_string_free(out, FALSE);
}

void metadata_take_text(char **field, Slice text, gsize limit) {
  if (*field != NULL) {
    return;
  }
  const char *nul = text.length > 0 ? memchr(text.data, '\0', text.length) : NULL;
  gsize whole = nul != NULL ? (gsize)(nul - text.data) : text.length;
  gsize length = MIN(whole, (gsize)16384);
  g_autofree char *utf8 = NULL;
  const char *end = NULL;
  if (length == 0) {
    return;
  }
  // Our own cut in the middle of a letter at the end is forgiven; anything else means Latin-1.
  if (g_utf8_validate_len(text.data, length, &end) ||
      (length < whole && (gsize)(end - text.data) + 4 > length)) {
    utf8 = g_strndup(text.data, (gsize)(end - text.data));
  } else {
    utf8 = g_convert(text.data, (gssize)length, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
  }
  g_autofree char *clean = utf8 != NULL ? clean_text(utf8, limit) : NULL;
  if (clean != NULL && *clean != '\0') {
    *field = g_steal_pointer(&clean);
  }
}

enum {
  TIFF_DESCRIPTION = 0x010E,
  TIFF_ORIENTATION = 0x0112,
  TIFF_ARTIST = 0x013B,
  TIFF_COPYRIGHT = 0x8298
};

static void read_exif_text(const Tiff *tiff, gsize entry, char **field, gsize limit) {
  guint32 count = tiff_number(tiff, entry + 4, 4);
  gsize offset = count <= 4 ? entry + 8 : tiff_number(tiff, entry + 8, 4);
  metadata_take_text(field, slice_range(tiff->bytes, offset, count), limit);
}

void metadata_read_exif(Slice bytes, ImageHeader *header) {
  Tiff tiff = {bytes, FALSE};
  if (slice_starts_with(bytes, "MM")) {
    tiff.big_endian = TRUE;
  } else if (!slice_starts_with(bytes, "II")) {
    return;
  }
  if (tiff_number(&tiff, 2, 2) != 42) {
    return;
  }
  gsize ifd = tiff_number(&tiff, 4, 4);
  guint32 count = tiff_number(&tiff, ifd, 2);
  for (guint32 i = 0; i < count; i++) {
    gsize entry = ifd + 2 + (gsize)i * 12;
    if (entry + 12 > bytes.length) {
      return;
    }
    guint32 type = tiff_number(&tiff, entry + 2, 2);
    switch (tiff_number(&tiff, entry, 2)) {
    case TIFF_ORIENTATION: {
      guint32 value = tiff_number(&tiff, entry + 8, 2);
      if (type == 3 && value >= 1 && value <= 8) {
        header->orientation = value;
      }
      break;
    }
    case TIFF_DESCRIPTION:
      read_exif_text(&tiff, entry, &header->caption, METADATA_CAPTION_LIMIT);
      break;
    case TIFF_ARTIST:
      read_exif_text(&tiff, entry, &header->creator, METADATA_NAME_LIMIT);
      break;
    case TIFF_COPYRIGHT:
      read_exif_text(&tiff, entry, &header->rights, METADATA_NAME_LIMIT);
      break;
    default:
      break;
    }
  }
}

static guint32 big_endian(Slice bytes, gsize offset, guint size) {
  Tiff reader = {bytes, TRUE};
  return tiff_number(&reader, offset, size);
}

// IPTC-IIM data sets: 1C record number length(2) value.
static void read_iptc(Slice rest, ImageHeader *header) {
  while (rest.length >= 5 && (guchar)rest.data[0] == 0x1C) {
    guint32 length = big_endian(rest, 3, 2);
    if (length > 0x7FFF || length > rest.length - 5) { // extended sets hold no text that we want
      return;
    }
    Slice value = slice_range(rest, 5, length);
    if (rest.data[1] == 2) {
      switch ((guchar)rest.data[2]) {
      case 80:
        metadata_take_text(&header->creator, value, METADATA_NAME_LIMIT);
        break;
      case 110:
        metadata_take_text(&header->credit, value, METADATA_NAME_LIMIT);
        break;
      case 116:
        metadata_take_text(&header->rights, value, METADATA_NAME_LIMIT);
        break;
      case 120:
        metadata_take_text(&header->caption, value, METADATA_CAPTION_LIMIT);
        break;
      default:
        break;
      }
    }
    rest = slice_from(rest, 5 + (gsize)length);
  }
}

void metadata_read_photoshop(Slice rest, ImageHeader *header) {
  while (rest.length >= 12 && slice_starts_with(rest, "8BIM")) {
    guint32 id = big_endian(rest, 4, 2);
    gsize name =
        (1 + (gsize)(guchar)rest.data[6] + 1) & ~(gsize)1; // a Pascal string, padded to even
    gsize start = 6 + name + 4;
    guint32 length = big_endian(rest, 6 + name, 4);
    if (start > rest.length || length > rest.length - start) {
      return;
    }
    if (id == 0x0404) {
      read_iptc(slice_range(rest, start, length), header);
    }
    rest = slice_from(rest, start + length + (length & 1));
  }
}

static void append_reference(GString *out, Slice name) {
  static const struct {
    const char *name;
    char letter;
  } NAMED[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
  for (gsize i = 0; i < G_N_ELEMENTS(NAMED); i++) {
    if (slice_equal_text(name, NAMED[i].name)) {
      g_string_append_c(out, NAMED[i].letter);
      return;
    }
  }
  if (name.length >= 2 && name.length < 10 && name.data[0] == '#') {
    g_autofree char *digits = slice_dup(slice_from(name, 1));
    gboolean hex = digits[0] == 'x' || digits[0] == 'X';
    guint64 code = g_ascii_strtoull(hex ? digits + 1 : digits, NULL, hex ? 16 : 10);
    if (code >= 0x20 && code <= 0x10FFFF && g_unichar_validate((gunichar)code)) {
      g_string_append_unichar(out, (gunichar)code);
    }
  }
}

static void take_xml_text(char **field, Slice text, gsize limit) {
  g_autoptr(GString) out = g_string_new(NULL);
  text = slice_range(text, 0, 4 * METADATA_CAPTION_LIMIT);
  while (text.length > 0) {
    gssize semicolon = text.data[0] == '&' ? slice_find_char(slice_range(text, 0, 12), ';') : -1;
    if (semicolon > 0) {
      append_reference(out, slice_range(text, 1, (gsize)semicolon - 1));
      text = slice_from(text, (gsize)semicolon + 1);
    } else {
      g_string_append_c(out, text.data[0]);
      text = slice_from(text, 1);
    }
  }
  metadata_take_text(field, (Slice){out->str, out->len}, limit);
}

// The first text of an XMP property: of its attribute form, or of its element's (first list item's)
// text.
static void read_xmp_property(Slice packet, const char *name, char **field, gsize limit) {
  gssize found = slice_find(packet, slice_of(name));
  if (*field != NULL || found < 0) {
    return;
  }
  Slice rest = slice_from(packet, (gsize)found + strlen(name));
  if (slice_starts_with(rest, "=\"") || slice_starts_with(rest, "='")) {
    char quote = rest.data[1];
    rest = slice_from(rest, 2);
    gssize end = slice_find_char(rest, quote);
    if (end >= 0) {
      take_xml_text(field, slice_range(rest, 0, (gsize)end), limit);
    }
    return;
  }
  g_autofree char *closing = g_strconcat("</", name, NULL);
  gssize end = slice_find(rest, slice_of(closing));
  rest = slice_range(rest, 0, end >= 0 ? (gsize)end : 0);
  gssize item = slice_find(rest, SLICE_LITERAL("<rdf:li"));
  gssize open = slice_find_char(slice_from(rest, item >= 0 ? (gsize)item : 0), '>');
  if (open < 0) {
    return;
  }
  rest = slice_from(rest, (item >= 0 ? (gsize)item : 0) + (gsize)open + 1);
  gssize close = slice_find_char(rest, '<');
  take_xml_text(field, slice_range(rest, 0, close >= 0 ? (gsize)close : rest.length), limit);
}

void metadata_read_xmp(Slice packet, ImageHeader *header) {
  packet = slice_range(packet, 0, 1u << 20);
  read_xmp_property(packet, "dc:creator", &header->creator, METADATA_NAME_LIMIT);
  read_xmp_property(packet, "photoshop:Credit", &header->credit, METADATA_NAME_LIMIT);
  read_xmp_property(packet, "dc:rights", &header->rights, METADATA_NAME_LIMIT);
  read_xmp_property(packet, "dc:description", &header->caption, METADATA_CAPTION_LIMIT);
}

static void write_property(GString *out, const char *open, const char *text, const char *close) {
  if (text != NULL && *text != '\0') {
    g_string_append(out, open);
    html_write_text(out, text); // the five characters that XML needs escaped too
    g_string_append(out, close);
  }
}

char *metadata_write_xmp(const char *creator, const char *credit, const char *rights) {
  GString *out = g_string_new(NULL);
  write_property(out, "<dc:creator><rdf:Seq><rdf:li>", creator, "</rdf:li></rdf:Seq></dc:creator>");
  write_property(out, "<photoshop:Credit>", credit, "</photoshop:Credit>");
  write_property(out, "<dc:rights><rdf:Alt><rdf:li xml:lang=\"x-default\">", rights,
                 "</rdf:li></rdf:Alt></dc:rights>");
  if (out->len == 0) {
    g_string_free(out, TRUE);
    return NULL;
  }
  g_string_prepend(out,
                   "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>"
                   "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
                   "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
                   "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
                   "xmlns:photoshop=\"http://ns.adobe.com/photoshop/1.0/\">");
  g_string_append(out, "</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"r\"?>");
  return g_string_free(out, FALSE);
}
