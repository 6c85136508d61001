// SPDX-License-Identifier: Apache-2.0
//
// Implements one_time_code.h on GLib's HMAC.
#include "base/one_time_code.h"

#include <string.h>

#define DIGITS 6

static const char LETTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

char *base32_encode(Slice bytes) {
  GString *out = g_string_new(NULL);
  guint32 bits = 0;
  guint have = 0;
  for (gsize i = 0; i < bytes.length; i++) {
    bits = bits << 8 | (guchar)bytes.data[i];
    have += 8;
    while (have >= 5) {
      g_string_append_c(out, LETTERS[bits >> (have - 5) & 31]);
      have -= 5;
    }
  }
  if (have > 0) {
    g_string_append_c(out, LETTERS[bits << (5 - have) & 31]);
  }
  return g_string_free(out, FALSE);
}

GByteArray *base32_decode(const char *text) {
  g_autoptr(GByteArray) out = g_byte_array_new();
  guint32 bits = 0;
  guint have = 0;
  for (const char *at = text; *at != '\0'; at++) {
    const char *letter = strchr(LETTERS, g_ascii_toupper(*at));
    if (*at == ' ' || *at == '=') {
      continue;
    }
    if (letter == NULL) {
      return NULL;
    }
    bits = bits << 5 | (guint32)(letter - LETTERS);
    have += 5;
    if (have >= 8) {
      guint8 byte = (guint8)(bits >> (have - 8));
      g_byte_array_append(out, &byte, 1);
      have -= 8;
    }
  }
  return g_steal_pointer(&out);
}

guint32 one_time_code(Slice secret, gint64 step) {
  guint8 moving[8];
  guint8 digest[20];
  gsize length = sizeof digest;
  for (guint i = 0; i < 8; i++) {
    moving[i] = (guint8)((guint64)step >> (56 - 8 * i));
  }
  g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA1, (const guchar *)secret.data, secret.length);
  g_hmac_update(hmac, moving, sizeof moving);
  g_hmac_get_digest(hmac, digest, &length);
  guint offset = digest[19] & 15;
  guint32 number = (guint32)(digest[offset] & 0x7f) << 24 | (guint32)digest[offset + 1] << 16 |
                   (guint32)digest[offset + 2] << 8 | digest[offset + 3];
  return number % 1000000;
}

static gboolean read_code(const char *text, guint32 *ret_code) {
  guint count = 0;
  *ret_code = 0;
  for (const char *at = text; *at != '\0'; at++) {
    if (*at == ' ') {
      continue;
    }
    if (!g_ascii_isdigit(*at) || ++count > DIGITS) {
      return FALSE;
    }
    *ret_code = *ret_code * 10 + (guint32)(*at - '0');
  }
  return count == DIGITS;
}

gboolean one_time_code_check(Slice secret, const char *code, gint64 now, gint64 last_step,
                             gint64 *ret_step) {
  guint32 given = 0;
  gint64 step = now / ONE_TIME_CODE_SECONDS;
  if (!read_code(code, &given)) {
    return FALSE;
  }
  for (gint64 near = step - 1; near <= step + 1; near++) {
    if (near > last_step && one_time_code(secret, near) == given) {
      *ret_step = near;
      return TRUE;
    }
  }
  return FALSE;
}
