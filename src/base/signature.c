// SPDX-License-Identifier: Apache-2.0
//
// Implements signature.h. Called by the webhooks.
#include "base/signature.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

#include "base/clock.h"

#define PEM_MOST (64 * 1024)
#define RSA_BITS_LEAST 2048
#define KEY_MOST 1024

static gboolean verify(EVP_PKEY *key, const EVP_MD *digest, Slice message, Slice signature) {
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  gboolean right = EVP_DigestVerifyInit(context, NULL, digest, NULL, key) == 1 &&
                   EVP_DigestVerify(context, (const guint8 *)signature.data, signature.length,
                                    (const guint8 *)message.data, message.length) == 1;
  EVP_MD_CTX_free(context);
  ERR_clear_error();
  return right;
}

static gboolean is_in_time(const X509 *certificate, gint64 now) {
  time_t second = (time_t)(now / CLOCK_SECOND);
  return X509_cmp_time(X509_get0_notBefore(certificate), &second) < 0 &&
         X509_cmp_time(X509_get0_notAfter(certificate), &second) > 0;
}

gboolean signature_by_certificate(Slice pem, SignatureDigest digest, Slice message, Slice signature,
                                  gint64 now) {
  if (pem.length == 0 || pem.length > PEM_MOST) {
    return FALSE;
  }
  BIO *source = BIO_new_mem_buf(pem.data, (int)pem.length);
  X509 *certificate = PEM_read_bio_X509(source, NULL, NULL, (void *)"");
  BIO_free(source);
  EVP_PKEY *key = certificate != NULL ? X509_get0_pubkey(certificate) : NULL; // the certificate's
  gboolean right =
      key != NULL && is_in_time(certificate, now) && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA &&
      EVP_PKEY_get_bits(key) >= RSA_BITS_LEAST &&
      verify(key, digest == SIGNATURE_SHA1 ? EVP_sha1() : EVP_sha256(), message, signature);
  X509_free(certificate);
  ERR_clear_error();
  return right;
}

gboolean signature_by_p256(const char *text, Slice message, Slice signature) {
  gsize length = 0;
  if (strlen(text) > KEY_MOST) {
    return FALSE;
  }
  g_autofree guint8 *bytes = g_base64_decode(text, &length);
  const guint8 *at = bytes;
  EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)length);
  gboolean right = key != NULL && EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
                   EVP_PKEY_get_bits(key) == 256 && verify(key, EVP_sha256(), message, signature);
  EVP_PKEY_free(key);
  ERR_clear_error();
  return right;
}
