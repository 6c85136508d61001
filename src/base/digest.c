// SPDX-License-Identifier: Apache-2.0
//
// Implements digest.h.
#include "base/digest.h"

#include <openssl/evp.h>

struct Digest {
  EVP_MD_CTX *context;
};

// Looked up once: OpenSSL 3 otherwise asks its providers again for each digest.
static const EVP_MD *sha256(void) {
  static gsize found;
  if (g_once_init_enter(&found)) {
    EVP_MD *algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
    g_assert(algorithm != NULL);
    g_once_init_leave(&found, (gsize)algorithm);
  }
  return (const EVP_MD *)found;
}

static Digest *wrap(void) {
  Digest *digest = g_new(Digest, 1);
  digest->context = EVP_MD_CTX_new();
  g_assert(digest->context != NULL);
  return digest;
}

Digest *digest_new(void) {
  Digest *digest = wrap();
  int ready = EVP_DigestInit_ex(digest->context, sha256(), NULL);
  g_assert(ready == 1);
  return digest;
}

Digest *digest_copy(const Digest *digest) {
  Digest *copy = wrap();
  int copied = EVP_MD_CTX_copy_ex(copy->context, digest->context);
  g_assert(copied == 1);
  return copy;
}

void digest_add(Digest *digest, Slice bytes) {
  int added = EVP_DigestUpdate(digest->context, bytes.data, bytes.length);
  g_assert(added == 1);
}

void digest_finish(Digest *digest, guint8 ret_bytes[DIGEST_BYTES]) {
  unsigned length = 0;
  int done = EVP_DigestFinal_ex(digest->context, ret_bytes, &length);
  g_assert(done == 1 && length == DIGEST_BYTES);
}

void digest_free(Digest *digest) {
  if (digest != NULL) {
    EVP_MD_CTX_free(digest->context);
    g_free(digest);
  }
}

void digest_of(Slice bytes, guint8 ret_bytes[DIGEST_BYTES]) {
  unsigned length = 0;
  int done = EVP_Digest(bytes.data, bytes.length, ret_bytes, &length, sha256(), NULL);
  g_assert(done == 1 && length == DIGEST_BYTES);
}
