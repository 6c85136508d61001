// SPDX-License-Identifier: Apache-2.0
//
// Implements public_key.h.
#include "base/public_key.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

G_DEFINE_QUARK(broadsheet - public - key - error, public_key_error)

#define RSA_BITS 2048
#define RSA_BITS_LEAST 1024
#define PEM_MOST (64 * 1024)

// To set up an RSA signature is to ask OpenSSL's providers for its algorithms, under locks: what is
// set up is kept and used again, by one thread at a time.
struct PublicKey {
  EVP_PKEY *pair;
  PublicKeyKind kind;
  GAsyncQueue *signers; // EVP_PKEY_CTX, those that nobody uses
};

static gpointer fail(GError **error, const char *what) {
  char reason[256] = "no reason given";
  unsigned long code = ERR_get_error();
  if (code != 0) {
    ERR_error_string_n(code, reason, sizeof reason);
  }
  ERR_clear_error();
  g_set_error(error, PUBLIC_KEY_ERROR, PUBLIC_KEY_ERROR_FAILED, "%s: %s", what, reason);
  return NULL;
}

static PublicKey *wrap(EVP_PKEY *pair, PublicKeyKind kind) {
  PublicKey *key = g_new(PublicKey, 1);
  *key = (PublicKey){pair, kind, g_async_queue_new_full((GDestroyNotify)EVP_PKEY_CTX_free)};
  return key;
}

PublicKey *public_key_generate(PublicKeyKind kind, GError **error) {
  EVP_PKEY *pair =
      kind == PUBLIC_KEY_RSA ? EVP_RSA_gen(RSA_BITS) : EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
  return pair != NULL ? wrap(pair, kind) : fail(error, "no key could be made");
}

PublicKey *public_key_read(Slice pem, GError **error) {
  if (pem.length > PEM_MOST) {
    g_set_error(error, PUBLIC_KEY_ERROR, PUBLIC_KEY_ERROR_FORM, "the file is too large for a key");
    return NULL;
  }
  BIO *source = BIO_new_mem_buf(pem.data, (int)pem.length);
  // An empty pass phrase: a key that wants one is refused, nobody is asked.
  EVP_PKEY *pair = PEM_read_bio_PrivateKey(source, NULL, NULL, (void *)"");
  BIO_free(source);
  if (pair == NULL) {
    return fail(error, "this is no private key in PEM");
  }
  int id = EVP_PKEY_get_base_id(pair);
  if (id == EVP_PKEY_ED25519 || (id == EVP_PKEY_RSA && EVP_PKEY_get_bits(pair) >= RSA_BITS_LEAST)) {
    return wrap(pair, id == EVP_PKEY_RSA ? PUBLIC_KEY_RSA : PUBLIC_KEY_ED25519);
  }
  EVP_PKEY_free(pair);
  g_set_error(error, PUBLIC_KEY_ERROR, PUBLIC_KEY_ERROR_FORM,
              "the key is neither RSA of at least %d bits nor Ed25519", RSA_BITS_LEAST);
  return NULL;
}

char *public_key_write(const PublicKey *key, GError **error) {
  BIO *sink = BIO_new(BIO_s_mem());
  char *text = NULL;
  if (PEM_write_bio_PKCS8PrivateKey(sink, key->pair, NULL, NULL, 0, NULL, NULL) == 1) {
    char *data = NULL;
    long length = BIO_get_mem_data(sink, &data);
    text = g_strndup(data, (gsize)length);
  }
  BIO_free(sink);
  return text != NULL ? text : fail(error, "the key can't be written");
}

void public_key_free(PublicKey *key) {
  if (key != NULL) {
    g_async_queue_unref(key->signers);
    EVP_PKEY_free(key->pair);
    g_free(key);
  }
}

PublicKeyKind public_key_kind(const PublicKey *key) {
  return key->kind;
}

char *public_key_base64(const PublicKey *key) {
  if (key->kind == PUBLIC_KEY_ED25519) {
    guint8 raw[32];
    size_t length = sizeof raw;
    int got = EVP_PKEY_get_raw_public_key(key->pair, raw, &length);
    g_assert(got == 1);
    return g_base64_encode(raw, length);
  }
  unsigned char *der = NULL;
  int length = i2d_PUBKEY(key->pair, &der);
  g_assert(length > 0);
  char *text = g_base64_encode(der, (gsize)length);
  OPENSSL_free(der);
  return text;
}

static EVP_PKEY_CTX *rsa_signer(const PublicKey *key) {
  EVP_PKEY_CTX *signer = g_async_queue_try_pop(key->signers);
  if (signer != NULL) {
    return signer;
  }
  signer = EVP_PKEY_CTX_new(key->pair, NULL);
  if (signer != NULL && EVP_PKEY_sign_init(signer) == 1 &&
      EVP_PKEY_CTX_set_rsa_padding(signer, RSA_PKCS1_PADDING) == 1 &&
      EVP_PKEY_CTX_set_signature_md(signer, EVP_sha256()) == 1) {
    return signer;
  }
  EVP_PKEY_CTX_free(signer);
  return NULL;
}

static GBytes *sign_rsa(const PublicKey *key, const guint8 digest[32]) {
  EVP_PKEY_CTX *signer = rsa_signer(key);
  guint8 signature[1024];
  size_t length = sizeof signature;
  if (signer == NULL) {
    return NULL;
  }
  if (EVP_PKEY_sign(signer, signature, &length, digest, 32) != 1) {
    EVP_PKEY_CTX_free(signer);
    return NULL;
  }
  g_async_queue_push(key->signers, signer);
  return g_bytes_new(signature, length);
}

static GBytes *sign_ed25519(const PublicKey *key, const guint8 digest[32]) {
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  guint8 signature[64];
  size_t length = sizeof signature;
  gboolean made = EVP_DigestSignInit(context, NULL, NULL, NULL, key->pair) == 1 &&
                  EVP_DigestSign(context, signature, &length, digest, 32) == 1;
  EVP_MD_CTX_free(context);
  return made ? g_bytes_new(signature, length) : NULL;
}

GBytes *public_key_sign(const PublicKey *key, const guint8 digest[32], GError **error) {
  GBytes *signature =
      key->kind == PUBLIC_KEY_RSA ? sign_rsa(key, digest) : sign_ed25519(key, digest);
  return signature != NULL ? signature : fail(error, "nothing could be signed");
}

gboolean public_key_verify(const PublicKey *key, const guint8 digest[32], Slice signature) {
  gboolean right = FALSE;
  if (key->kind == PUBLIC_KEY_RSA) {
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key->pair, NULL);
    right =
        context != NULL && EVP_PKEY_verify_init(context) == 1 &&
        EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
        EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) == 1 &&
        EVP_PKEY_verify(context, (const guint8 *)signature.data, signature.length, digest, 32) == 1;
    EVP_PKEY_CTX_free(context);
  } else {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    right = EVP_DigestVerifyInit(context, NULL, NULL, NULL, key->pair) == 1 &&
            EVP_DigestVerify(context, (const guint8 *)signature.data, signature.length, digest,
                             32) == 1;
    EVP_MD_CTX_free(context);
  }
  ERR_clear_error();
  return right;
}
