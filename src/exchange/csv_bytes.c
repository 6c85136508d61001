// SPDX-License-Identifier: Apache-2.0
//
// Implements csv_bytes.h. Windows-1252 is what is left when a file is neither UTF-16 nor mostly
// UTF-8; it holds all of Latin-1's letters.
#include "exchange/csv_bytes.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "exchange/csv_reader.h"

#define BLOCK (128u << 10)
#define UNKNOWN 0xFFFD

// 0x80 to 0x9F of Windows-1252 (WHATWG Encoding); the rest is Latin-1.
static const guint16 WINDOWS_1252[32] = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

static gboolean fail(GError **error, const char *what) {
  g_set_error(error, CSV_ERROR, CSV_ERROR_READ, "the file can't be %s: %s", what,
              g_strerror(errno));
  return FALSE;
}

static gssize read_block(int file, guint8 *block, gsize size) {
  gssize got;
  do {
    got = read(file, block, size);
  } while (got < 0 && errno == EINTR);
  return got;
}

// ---- finding out ------------------------------------------------------------------------------

// What was seen of a file, byte by byte; characters may be cut by blocks.
typedef struct Sight {
  guint64 bytes, wrong, several; // wrong: no UTF-8; several: characters of several bytes
  guint64 nuls[2];               // at even and odd places
  guint wanted;                  // further bytes of the character that was begun
  guint8 least, most;            // what the next of them may be
  guint8 head[4];                // the file's first bytes
} Sight;

// The first byte of a character of several (Unicode 15, table 3-7).
static void begin_character(Sight *sight, guint8 byte) {
  sight->least = byte == 0xE0 ? 0xA0 : byte == 0xF0 ? 0x90 : 0x80;
  sight->most = byte == 0xED ? 0x9F : byte == 0xF4 ? 0x8F : 0xBF;
  sight->wanted = byte >= 0xC2 && byte <= 0xDF   ? 1
                  : byte >= 0xE0 && byte <= 0xEF ? 2
                  : byte >= 0xF0 && byte <= 0xF4 ? 3
                                                 : 0;
  sight->wrong += sight->wanted == 0;
}

static void look_at_byte(Sight *sight, guint8 byte) {
  if (sight->wanted > 0 && byte >= sight->least && byte <= sight->most) {
    sight->least = 0x80;
    sight->most = 0xBF;
    sight->several += --sight->wanted == 0;
    return;
  }
  sight->wrong += sight->wanted > 0;
  sight->wanted = 0;
  if (byte >= 0x80) {
    begin_character(sight, byte);
  }
}

static void look(Sight *sight, const guint8 *block, gsize length) {
  for (gsize i = 0; i < length; i++) {
    guint64 eight = 0;
    if (sight->wanted == 0 && i + sizeof eight <= length) {
      memcpy(&eight, block + i, sizeof eight);
      // Eight bytes of ASCII without a NUL (Mycroft's test).
      if (((eight | ((eight - 0x0101010101010101) & ~eight)) & 0x8080808080808080) == 0) {
        i += sizeof eight - 1;
        continue;
      }
    }
    sight->nuls[(sight->bytes + i) % 2] += block[i] == 0;
    look_at_byte(sight, block[i]);
  }
  if (sight->bytes < sizeof sight->head) {
    gsize room = sizeof sight->head - (gsize)sight->bytes;
    memcpy(sight->head + sight->bytes, block, MIN(room, length));
  }
  sight->bytes += length;
}

static CsvEncoding judge(const Sight *sight, gsize *ret_mark) {
  *ret_mark = 2;
  if (sight->bytes >= 2 && sight->head[0] == 0xFF && sight->head[1] == 0xFE) {
    return CSV_UTF16_LITTLE;
  }
  if (sight->bytes >= 2 && sight->head[0] == 0xFE && sight->head[1] == 0xFF) {
    return CSV_UTF16_BIG;
  }
  *ret_mark = 0;
  // Without a mark: the high halves of most letters are NUL.
  if (sight->nuls[1] > sight->bytes / 5 && sight->nuls[0] <= sight->bytes / 50) {
    return CSV_UTF16_LITTLE;
  }
  if (sight->nuls[0] > sight->bytes / 5 && sight->nuls[1] <= sight->bytes / 50) {
    return CSV_UTF16_BIG;
  }
  if (sight->bytes >= 3 && memcmp(sight->head, "\xEF\xBB\xBF", 3) == 0) {
    *ret_mark = 3;
  }
  guint64 wrong = sight->wrong + (sight->wanted > 0);
  if (wrong == 0) {
    return CSV_UTF8;
  }
  return *ret_mark > 0 || sight->several > wrong ? CSV_UTF8_DAMAGED : CSV_WINDOWS_1252;
}

gboolean csv_bytes_begin(CsvBytes *bytes, int file, GError **error) {
  g_autofree guint8 *block = g_malloc(BLOCK);
  Sight sight = {0};
  gsize mark = 0;
  gssize got;
  *bytes = (CsvBytes){.file = file};
  if (lseek(file, 0, SEEK_SET) != 0) {
    return fail(error, "gone through");
  }
  while ((got = read_block(file, block, BLOCK)) > 0) {
    look(&sight, block, (gsize)got);
  }
  if (got < 0) {
    return fail(error, "read");
  }
  bytes->encoding = judge(&sight, &mark);
  bytes->total = sight.bytes;
  bytes->done = mark;
  return lseek(file, (off_t)mark, SEEK_SET) >= 0 || fail(error, "gone through");
}

// ---- block by block ---------------------------------------------------------------------------

static void decode_1252(const guint8 *block, gsize length, GString *out) {
  for (gsize i = 0; i < length;) {
    gsize plain = 0;
    while (i + plain < length && block[i + plain] < 0x80) {
      plain++;
    }
    g_string_append_len(out, (const char *)block + i, (gssize)plain);
    i += plain;
    if (i < length) {
      guint8 byte = block[i++];
      g_string_append_unichar(out, byte < 0xA0 ? WINDOWS_1252[byte - 0x80] : byte);
    }
  }
}

// Gives how many bytes were used up: a character may go on in the next block.
static gsize decode_16(const guint8 *block, gsize length, gboolean big, gboolean last,
                       GString *out) {
  gsize at = 0;
  while (at + 2 <= length) {
    gunichar unit = (gunichar)(block[at + (big ? 0 : 1)] << 8 | block[at + (big ? 1 : 0)]);
    gunichar second = 0;
    if (unit >= 0xD800 && unit <= 0xDBFF) {
      if (at + 4 > length && !last) {
        return at;
      }
      second = at + 4 <= length
                   ? (gunichar)(block[at + (big ? 2 : 3)] << 8 | block[at + (big ? 3 : 2)])
                   : 0;
    }
    if (second >= 0xDC00 && second <= 0xDFFF) {
      unit = 0x10000 + ((unit - 0xD800) << 10) + (second - 0xDC00);
      at += 2;
    } else if (unit >= 0xD800 && unit <= 0xDFFF) {
      unit = UNKNOWN;
    }
    at += 2;
    if (unit < 0x80) {
      g_string_append_c(out, (char)unit);
    } else {
      g_string_append_unichar(out, unit);
    }
  }
  return at;
}

static void decode(CsvBytes *bytes, const guint8 *block, gsize length, gboolean last,
                   GString *out) {
  gsize used = length;
  switch (bytes->encoding) {
  case CSV_WINDOWS_1252:
    decode_1252(block, length, out);
    break;
  case CSV_UTF16_LITTLE:
  case CSV_UTF16_BIG:
    used = decode_16(block, length, bytes->encoding == CSV_UTF16_BIG, last, out);
    break;
  default:
    g_string_append_len(out, (const char *)block, (gssize)length);
  }
  bytes->rest_length = last ? 0 : length - used;
  memcpy(bytes->rest, block + used, bytes->rest_length);
}

gboolean csv_bytes_next(CsvBytes *bytes, GString *out, gboolean *ret_more, GError **error) {
  g_autofree guint8 *block = g_malloc(sizeof bytes->rest + BLOCK);
  memcpy(block, bytes->rest, bytes->rest_length);
  gssize got = read_block(bytes->file, block + bytes->rest_length, BLOCK);
  if (got < 0) {
    return fail(error, "read");
  }
  bytes->done += (guint64)got;
  *ret_more = got > 0;
  decode(bytes, block, bytes->rest_length + (gsize)got, got == 0, out);
  return TRUE;
}
