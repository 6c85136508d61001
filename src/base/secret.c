// SPDX-License-Identifier: Apache-2.0
//
// Implements secret.h on GChecksum, GHmac and getrandom.
#include "base/secret.h"

#include <string.h>
#include <sys/random.h>

char *secret_sha256_hex(Slice bytes) {
  return g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes.data, bytes.length);
}

char *secret_hmac_hex(const char *key, Slice bytes) {
  return g_compute_hmac_for_data(G_CHECKSUM_SHA256, (const guchar *)key, strlen(key),
                                 (const guchar *)bytes.data, bytes.length);
}

char *secret_random_hex(gsize bytes) {
  g_autofree guint8 *random = g_malloc(bytes);
  gsize have = 0;
  while (have < bytes) {
    gssize got = getrandom(random + have, bytes - have, 0);
    g_assert(got > 0);
    have += (gsize)got;
  }
  GString *hex = g_string_sized_new(bytes * 2);
  for (gsize i = 0; i < bytes; i++) {
    g_string_append_printf(hex, "%02x", random[i]);
  }
  return g_string_free(hex, FALSE);
}

gboolean secret_equal(const char *a, const char *b) {
  gsize length = strlen(a);
  if (length != strlen(b)) {
    return FALSE;
  }
  volatile guchar difference = 0;
  for (gsize i = 0; i < length; i++) {
    difference |= (guchar)(a[i] ^ b[i]);
  }
  return difference == 0;
}
