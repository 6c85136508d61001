// SPDX-License-Identifier: Apache-2.0
//
// Key pairs that sign: RSA-2048 with SHA-256 (PKCS #1 v1.5, RFC 8017) and Ed25519 (RFC 8032), by
// OpenSSL; kept as PKCS #8 in PEM. A key is immutable: any thread.
#pragma once

#include "base/slice.h"

#define PUBLIC_KEY_ERROR public_key_error_quark()
GQuark public_key_error_quark(void);
typedef enum PublicKeyError { PUBLIC_KEY_ERROR_FAILED, PUBLIC_KEY_ERROR_FORM } PublicKeyError;

typedef enum PublicKeyKind { PUBLIC_KEY_RSA, PUBLIC_KEY_ED25519 } PublicKeyKind;

typedef struct PublicKey PublicKey;
PublicKey *public_key_generate(PublicKeyKind kind, GError **error);
PublicKey *public_key_read(Slice pem,
                           GError **error); // a private key; RSA of 1024 bits and more, or Ed25519
char *public_key_write(const PublicKey *key, GError **error); // PEM, unencrypted; caller frees
void public_key_free(PublicKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PublicKey, public_key_free)
PublicKeyKind public_key_kind(const PublicKey *key);

// The public half as DNS has it, base64: RSA as SubjectPublicKeyInfo, Ed25519 as its 32 bytes.
// Caller frees.
char *public_key_base64(const PublicKey *key);
// Signs a SHA-256 digest: RSA as PKCS #1 v1.5 with its DigestInfo; Ed25519 signs the 32 bytes
// themselves (RFC 8463 3). NULL on error. The bytes are deterministic.
GBytes *public_key_sign(const PublicKey *key, const guint8 digest[32], GError **error);
gboolean public_key_verify(const PublicKey *key, const guint8 digest[32], Slice signature);
