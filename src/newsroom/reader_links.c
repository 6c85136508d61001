// SPDX-License-Identifier: Apache-2.0
//
// Implements reader_links.h. A token is two numbers (LEB128) and a MAC over purpose and numbers.
#include "newsroom/reader_links.h"

#include <string.h>

#define MAC_BYTES 12
#define NUMBER_BYTES 10
#define TOKEN_BYTES (2 * NUMBER_BYTES + MAC_BYTES)
#define TOKEN_CHARACTERS 80 // more is no token of ours

static const char BASE32[] = "abcdefghijklmnopqrstuvwxyz234567";

static gsize write_number(guint8 *out, guint64 number) {
  gsize length = 0;
  do {
    guint8 low = number & 0x7F;
    number >>= 7;
    out[length++] = (guint8)(low | (number != 0 ? 0x80 : 0));
  } while (number != 0);
  return length;
}

// Gives the bytes read, 0 if there is no whole number in its shortest form.
static gsize read_number(const guint8 *bytes, gsize length, guint64 *ret_number) {
  guint64 number = 0;
  for (gsize i = 0; i < length && i < 9; i++) {
    number |= (guint64)(bytes[i] & 0x7F) << (7 * i);
    if ((bytes[i] & 0x80) == 0) {
      *ret_number = number;
      return i > 0 && bytes[i] == 0 ? 0 : i + 1;
    }
  }
  return 0;
}

static void make_mac(const char *key, guint8 purpose, const guint8 *numbers, gsize length,
                     guint8 out[MAC_BYTES]) {
  guint8 digest[32];
  gsize size = sizeof digest;
  GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA256, (const guchar *)key, strlen(key));
  g_hmac_update(hmac, &purpose, 1);
  g_hmac_update(hmac, numbers, (gssize)length);
  g_hmac_get_digest(hmac, digest, &size);
  g_hmac_unref(hmac);
  memcpy(out, digest, MAC_BYTES);
}

static char *to_base64(const guint8 *bytes, gsize length) {
  char *text = g_base64_encode(bytes, length);
  for (char *at = text; *at != '\0'; at++) {
    *at = *at == '+' ? '-' : *at == '/' ? '_' : *at == '=' ? '\0' : *at;
    if (*at == '\0') {
      break;
    }
  }
  return text;
}

static char *to_base32(const guint8 *bytes, gsize length) {
  GString *out = g_string_sized_new(length * 8 / 5 + 2);
  guint32 bits = 0;
  guint count = 0;
  for (gsize i = 0; i < length; i++) {
    bits = (bits << 8) | bytes[i];
    for (count += 8; count >= 5; count -= 5) {
      g_string_append_c(out, BASE32[(bits >> (count - 5)) & 31]);
    }
  }
  if (count > 0) {
    g_string_append_c(out, BASE32[(bits << (5 - count)) & 31]);
  }
  return g_string_free(out, FALSE);
}

static gsize from_base64(const char *text, guint8 *out) {
  gsize length = 0;
  guint32 bits = 0;
  guint count = 0;
  for (; *text != '\0'; text++) {
    static const char SIXTY_FOUR[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *found = strchr(SIXTY_FOUR, *text);
    if (found == NULL || length >= TOKEN_BYTES) {
      return 0;
    }
    bits = (bits << 6) | (guint32)(found - SIXTY_FOUR);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out[length++] = (guint8)(bits >> count);
    }
  }
  return count < 6 && (bits & ((1u << count) - 1)) == 0 ? length : 0; // one spelling only
}

static gsize from_base32(const char *text, guint8 *out) {
  gsize length = 0;
  guint32 bits = 0;
  guint count = 0;
  for (; *text != '\0'; text++) {
    const char *found = strchr(BASE32, g_ascii_tolower(*text)); // relays may change the case
    if (found == NULL || length >= TOKEN_BYTES) {
      return 0;
    }
    bits = (bits << 5) | (guint32)(found - BASE32);
    count += 5;
    if (count >= 8) {
      count -= 8;
      out[length++] = (guint8)(bits >> count);
    }
  }
  return count < 5 && (bits & ((1u << count) - 1)) == 0 ? length : 0;
}

char *reader_token(const char *key, ReaderPurpose purpose, gint64 first, gint64 second) {
  guint8 bytes[TOKEN_BYTES];
  g_assert(first >= 0 && second >= 0);
  gsize length = write_number(bytes, (guint64)first);
  length += write_number(bytes + length, (guint64)second);
  make_mac(key, (guint8)purpose, bytes, length, bytes + length);
  length += MAC_BYTES;
  return purpose == READER_BOUNCE ? to_base32(bytes, length) : to_base64(bytes, length);
}

static gboolean equal_in_constant_time(const guint8 *a, const guint8 *b, gsize length) {
  guint8 difference = 0;
  for (gsize i = 0; i < length; i++) {
    difference |= a[i] ^ b[i];
  }
  return difference == 0;
}

gboolean reader_token_read(const char *key, ReaderPurpose purpose, const char *text,
                           gint64 *ret_first, gint64 *ret_second) {
  guint8 bytes[TOKEN_BYTES];
  guint8 mac[MAC_BYTES];
  guint64 first = 0;
  guint64 second = 0;
  if (*key == '\0' || strnlen(text, TOKEN_CHARACTERS + 1) > TOKEN_CHARACTERS) {
    return FALSE;
  }
  gsize length = purpose == READER_BOUNCE ? from_base32(text, bytes) : from_base64(text, bytes);
  gsize one = read_number(bytes, length, &first);
  gsize two = one > 0 ? read_number(bytes + one, length - one, &second) : 0;
  if (two == 0 || length != one + two + MAC_BYTES) {
    return FALSE;
  }
  make_mac(key, (guint8)purpose, bytes, one + two, mac);
  if (!equal_in_constant_time(mac, bytes + one + two, MAC_BYTES)) {
    return FALSE;
  }
  *ret_first = (gint64)first;
  *ret_second = (gint64)second;
  return TRUE;
}

char *reader_keyed_hash(const char *key, const char *scope, const char *text) {
  g_autofree char *whole = g_strconcat(scope, "\n", text, NULL);
  char *digest =
      g_compute_hmac_for_string(G_CHECKSUM_SHA256, (const guchar *)key, strlen(key), whole, -1);
  digest[32] = '\0';
  return digest;
}

char *reader_address_hash(const char *key, const char *address_key) {
  return reader_keyed_hash(key, "address", address_key);
}
