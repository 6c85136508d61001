// SPDX-License-Identifier: Apache-2.0
//
// Implements passkey.h: clientDataJSON by base/json_reader, authenticator data and COSE keys (RFC
// 9053) by base/cbor, signatures by OpenSSL.
#include "base/passkey.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <string.h>

#include "base/cbor.h"
#include "base/digest.h"
#include "base/json_reader.h"
#include "base/secret.h"

G_DEFINE_QUARK(broadsheet - passkey - error, passkey_error)

enum { FLAG_PRESENT = 1, FLAG_VERIFIED = 4, FLAG_CREDENTIAL = 64, FLAG_EXTENSIONS = 128 };
#define AUTHENTICATOR_HEAD 37 // hash, flags, counter
#define CREDENTIAL_HEAD 18    // AAGUID, length
#define CREDENTIAL_ID_MOST 1023

static gboolean refuse(GError **error, PasskeyError code, const char *what) {
  ERR_clear_error();
  g_set_error_literal(error, PASSKEY_ERROR, (gint)code, what);
  return FALSE;
}

void passkey_credential_clear(PasskeyCredential *credential) {
  g_clear_pointer(&credential->id, g_free);
  g_clear_pointer(&credential->public_key, g_bytes_unref);
}

char *base64url_encode(Slice bytes) {
  char *text = g_base64_encode((const guchar *)bytes.data, bytes.length);
  for (char *at = text; *at != '\0'; at++) {
    *at = *at == '+' ? '-' : *at == '/' ? '_' : *at;
  }
  text[strcspn(text, "=")] = '\0';
  return text;
}

GBytes *base64url_decode(const char *text) {
  gsize length = strlen(text);
  if (length % 4 == 1 || strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                      "0123456789-_") != length) {
    return NULL;
  }
  g_autoptr(GString) padded = g_string_new(text);
  for (gsize i = 0; i < padded->len; i++) {
    padded->str[i] = padded->str[i] == '-' ? '+' : padded->str[i] == '_' ? '/' : padded->str[i];
  }
  g_string_append(padded, &"==="[3 - (4 - length % 4) % 4]);
  gsize size = 0;
  guchar *bytes = g_base64_decode(padded->str, &size);
  return g_bytes_new_take(bytes, size);
}

// ---- what both have ---------------------------------------------------------------------------

static gboolean check_client_data(const PasskeyExpected *expected, const char *type,
                                  Slice client_data, GError **error) {
  g_autoptr(JsonValue) data = json_read(client_data, NULL);
  const char *challenge = json_value_text(json_value_member(data, "challenge"));
  const char *origin = json_value_text(json_value_member(data, "origin"));
  const JsonValue *cross = json_value_member(data, "crossOrigin");
  if (challenge == NULL || origin == NULL) {
    return refuse(error, PASSKEY_ERROR_FORM, "the client's data can't be read");
  }
  if (g_strcmp0(json_value_text(json_value_member(data, "type")), type) != 0) {
    return refuse(error, PASSKEY_ERROR_REFUSED, "it was made for something else");
  }
  if (expected->challenge[0] == '\0' || !secret_equal(challenge, expected->challenge)) {
    return refuse(error, PASSKEY_ERROR_REFUSED, "it answers another challenge");
  }
  if (strcmp(origin, expected->origin) != 0 || json_value_integer(cross) != 0) {
    return refuse(error, PASSKEY_ERROR_REFUSED, "it was made for another site");
  }
  return TRUE;
}

static gboolean check_authenticator(const PasskeyExpected *expected, Slice data, guint8 *ret_flags,
                                    guint32 *ret_counter, GError **error) {
  guint8 party[DIGEST_BYTES];
  digest_of(slice_of(expected->party), party);
  if (data.length < AUTHENTICATOR_HEAD) {
    return refuse(error, PASSKEY_ERROR_FORM, "the authenticator's data is too short");
  }
  if (memcmp(party, data.data, sizeof party) != 0) {
    return refuse(error, PASSKEY_ERROR_REFUSED, "it was made for another site");
  }
  const guint8 *bytes = (const guint8 *)data.data;
  *ret_flags = bytes[32];
  *ret_counter =
      (guint32)bytes[33] << 24 | (guint32)bytes[34] << 16 | (guint32)bytes[35] << 8 | bytes[36];
  if ((*ret_flags & FLAG_PRESENT) == 0 ||
      (expected->user_verification && (*ret_flags & FLAG_VERIFIED) == 0)) {
    return refuse(error, PASSKEY_ERROR_REFUSED, "nobody touched the authenticator");
  }
  return TRUE;
}

// ---- keys -------------------------------------------------------------------------------------

static GBytes *with_head(const guint8 *head, gsize head_length, const Slice *parts, guint count) {
  GByteArray *out = g_byte_array_new();
  g_byte_array_append(out, head, (guint)head_length);
  for (guint i = 0; i < count; i++) {
    g_byte_array_append(out, (const guint8 *)parts[i].data, (guint)parts[i].length);
  }
  return g_byte_array_free_to_bytes(out);
}

static gboolean find_bytes(Slice key, gint64 label, gsize length, Slice *ret_bytes) {
  CborItem item;
  gboolean found = cbor_find(key, NULL, label, &item, NULL) && item.kind == CBOR_BYTES &&
                   (length == 0 || item.bytes.length == length);
  *ret_bytes = found ? item.bytes : (Slice){NULL, 0};
  return found;
}

static gboolean find_integer(Slice key, gint64 label, gint64 wanted) {
  CborItem item;
  return cbor_find(key, NULL, label, &item, NULL) && item.kind == CBOR_INTEGER &&
         item.integer == wanted;
}

static void add_length(GByteArray *out, gsize length) {
  guint8 head[3] = {0x82, (guint8)(length >> 8), (guint8)length};
  if (length < 128) {
    head[2] = (guint8)length;
    g_byte_array_append(out, head + 2, 1);
  } else if (length < 256) {
    head[1] = 0x81;
    g_byte_array_append(out, head + 1, 2);
  } else {
    g_byte_array_append(out, head, 3);
  }
}

static void add_integer(GByteArray *out, Slice number) {
  static const guint8 TAG = 0x02;
  static const guint8 ZERO = 0;
  gboolean high = number.length > 0 && ((guchar)number.data[0] & 0x80) != 0;
  g_byte_array_append(out, &TAG, 1);
  add_length(out, number.length + (high ? 1 : 0));
  if (high) {
    g_byte_array_append(out, &ZERO, 1);
  }
  g_byte_array_append(out, (const guint8 *)number.data, (guint)number.length);
}

static void wrap(GByteArray *out, guint8 tag, const guint8 *before, gsize before_length,
                 const GByteArray *inner) {
  g_byte_array_append(out, &tag, 1);
  add_length(out, before_length + inner->len);
  g_byte_array_append(out, before, (guint)before_length);
  g_byte_array_append(out, inner->data, inner->len);
}

// SEQUENCE { SEQUENCE { rsaEncryption, NULL }, BIT STRING { SEQUENCE { n, e } } }
static GBytes *rsa_key(Slice modulus, Slice exponent) {
  static const guint8 ALGORITHM[] = {0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                     0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00};
  static const guint8 NO_UNUSED_BITS = 0;
  g_autoptr(GByteArray) numbers = g_byte_array_new();
  g_autoptr(GByteArray) sequence = g_byte_array_new();
  g_autoptr(GByteArray) bits = g_byte_array_new();
  GByteArray *whole = g_byte_array_new();
  add_integer(numbers, modulus);
  add_integer(numbers, exponent);
  wrap(sequence, 0x30, NULL, 0, numbers);
  wrap(bits, 0x03, &NO_UNUSED_BITS, 1, sequence);
  wrap(whole, 0x30, ALGORITHM, sizeof ALGORITHM, bits);
  return g_byte_array_free_to_bytes(whole);
}

static EVP_PKEY *read_key(Slice public_key) {
  const guint8 *at = (const guint8 *)public_key.data;
  EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)MIN(public_key.length, (gsize)G_MAXINT));
  if (key == NULL) {
    ERR_clear_error();
  }
  return key;
}

// A COSE_Key (RFC 9053) as SubjectPublicKeyInfo; NULL if it is none of the three.
static GBytes *key_of(Slice key, PasskeyAlgorithm *ret_algorithm) {
  static const guint8 P256[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
                                0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
                                0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04};
  static const guint8 ED25519[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                   0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
  Slice parts[2];
  if (find_integer(key, 1, 2) && find_integer(key, 3, PASSKEY_ES256) && find_integer(key, -1, 1) &&
      find_bytes(key, -2, 32, &parts[0]) && find_bytes(key, -3, 32, &parts[1])) {
    *ret_algorithm = PASSKEY_ES256;
    return with_head(P256, sizeof P256, parts, 2);
  }
  if (find_integer(key, 1, 1) && find_integer(key, 3, PASSKEY_EDDSA) && find_integer(key, -1, 6) &&
      find_bytes(key, -2, 32, &parts[0])) {
    *ret_algorithm = PASSKEY_EDDSA;
    return with_head(ED25519, sizeof ED25519, parts, 1);
  }
  if (find_integer(key, 1, 3) && find_integer(key, 3, PASSKEY_RS256) &&
      find_bytes(key, -1, 0, &parts[0]) && find_bytes(key, -2, 0, &parts[1]) &&
      parts[0].length >= 256 && parts[0].length <= 1024 && parts[1].length >= 1 &&
      parts[1].length <= 8) {
    *ret_algorithm = PASSKEY_RS256;
    return rsa_key(parts[0], parts[1]);
  }
  return NULL;
}

// ---- registration -----------------------------------------------------------------------------

static gboolean take_credential(Slice data, PasskeyCredential *credential, GError **error) {
  Slice rest = slice_from(data, AUTHENTICATOR_HEAD);
  if (rest.length < CREDENTIAL_HEAD) {
    return refuse(error, PASSKEY_ERROR_FORM, "the authenticator's data is too short");
  }
  gsize length = (gsize)(guchar)rest.data[16] << 8 | (guchar)rest.data[17];
  rest = slice_from(rest, CREDENTIAL_HEAD);
  if (length == 0 || length > CREDENTIAL_ID_MOST || length > rest.length) {
    return refuse(error, PASSKEY_ERROR_FORM, "the credential's number is too long");
  }
  credential->id = base64url_encode(slice_range(rest, 0, length));
  Slice key = slice_from(rest, length);
  Slice after = key;
  if (!cbor_skip(&after)) {
    return refuse(error, PASSKEY_ERROR_FORM, "the key can't be read");
  }
  key = slice_range(key, 0, key.length - after.length);
  gboolean extensions = ((guchar)data.data[32] & FLAG_EXTENSIONS) != 0;
  if ((extensions && !cbor_skip(&after)) || after.length > 0) {
    return refuse(error, PASSKEY_ERROR_FORM, "something stands after the key");
  }
  credential->public_key = key_of(key, &credential->algorithm);
  EVP_PKEY *read =
      credential->public_key != NULL ? read_key(slice_of_bytes(credential->public_key)) : NULL;
  EVP_PKEY_free(read);
  return read != NULL ||
         refuse(error, PASSKEY_ERROR_REFUSED, "the key is of a kind that we don't take");
}

gboolean passkey_register(const PasskeyExpected *expected, Slice client_data, Slice attestation,
                          PasskeyCredential *ret_credential, GError **error) {
  CborItem item;
  guint8 flags = 0;
  Slice whole = attestation;
  if (!check_client_data(expected, "webauthn.create", client_data, error)) {
    return FALSE;
  }
  if (!cbor_skip(&whole) || whole.length > 0 ||
      !cbor_find(attestation, "authData", 0, &item, NULL) || item.kind != CBOR_BYTES) {
    return refuse(error, PASSKEY_ERROR_FORM, "the attestation can't be read");
  }
  g_auto(PasskeyCredential) credential = {0};
  if (!check_authenticator(expected, item.bytes, &flags, &credential.counter, error)) {
    return FALSE;
  }
  if ((flags & FLAG_CREDENTIAL) == 0) {
    return refuse(error, PASSKEY_ERROR_FORM, "there is no credential in it");
  }
  if (!take_credential(item.bytes, &credential, error)) {
    return FALSE;
  }
  credential.user_verified = (flags & FLAG_VERIFIED) != 0;
  *ret_credential = credential;
  credential = (PasskeyCredential){0};
  return TRUE;
}

// ---- assertion --------------------------------------------------------------------------------

static gboolean verify(PasskeyAlgorithm algorithm, Slice public_key, Slice message,
                       Slice signature) {
  static const struct {
    PasskeyAlgorithm algorithm;
    int kind;
  } KINDS[] = {{PASSKEY_ES256, EVP_PKEY_EC},
               {PASSKEY_EDDSA, EVP_PKEY_ED25519},
               {PASSKEY_RS256, EVP_PKEY_RSA}};
  EVP_PKEY *key = read_key(public_key);
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  gboolean fits = FALSE;
  for (gsize i = 0; key != NULL && i < G_N_ELEMENTS(KINDS); i++) {
    fits |= KINDS[i].algorithm == algorithm && EVP_PKEY_get_base_id(key) == KINDS[i].kind;
  }
  const EVP_MD *hash = algorithm == PASSKEY_EDDSA ? NULL : EVP_sha256();
  gboolean good = fits && EVP_DigestVerifyInit(context, NULL, hash, NULL, key) == 1 &&
                  EVP_DigestVerify(context, (const guchar *)signature.data, signature.length,
                                   (const guchar *)message.data, message.length) == 1;
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(key);
  ERR_clear_error();
  return good;
}

gboolean passkey_assert(const PasskeyExpected *expected, PasskeyAlgorithm algorithm,
                        Slice public_key, guint32 counter, const PasskeyAssertion *assertion,
                        guint32 *ret_counter, GError **error) {
  guint8 flags = 0;
  guint8 hash[DIGEST_BYTES];
  guint32 newest = 0;
  if (!check_client_data(expected, "webauthn.get", assertion->client_data, error) ||
      !check_authenticator(expected, assertion->authenticator_data, &flags, &newest, error)) {
    return FALSE;
  }
  digest_of(assertion->client_data, hash);
  g_autoptr(GString) message = g_string_new_len(assertion->authenticator_data.data,
                                                (gssize)assertion->authenticator_data.length);
  g_string_append_len(message, (const char *)hash, sizeof hash);
  if (!verify(algorithm, public_key, (Slice){message->str, message->len}, assertion->signature)) {
    return refuse(error, PASSKEY_ERROR_REFUSED, "the signature is not this passkey's");
  }
  if ((newest != 0 || counter != 0) && newest <= counter) {
    return refuse(error, PASSKEY_ERROR_REFUSED,
                  "the passkey's counter went back: it may be a copy");
  }
  *ret_counter = newest;
  return TRUE;
}
