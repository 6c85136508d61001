// SPDX-License-Identifier: Apache-2.0
//
// Implements password.h.
#include "base/password.h"

#include <sodium.h>
#include <string.h>

#define PASSES 3

static void prepare(void) {
  g_assert(sodium_init() >= 0); // again is no fault
}

char *password_hash(const char *password) {
  char out[crypto_pwhash_STRBYTES];
  prepare();
  int failed = crypto_pwhash_str_alg(out, password, strlen(password), PASSES, PASSWORD_MEMORY,
                                     crypto_pwhash_ALG_ARGON2ID13);
  g_assert(failed == 0); // only when memory runs out
  return g_strdup(out);
}

gboolean password_verify(const char *hash, const char *password) {
  prepare();
  if (hash == NULL || hash[0] == '\0') {
    g_autofree char *unused = password_hash(password);
    return FALSE;
  }
  return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}
