// SPDX-License-Identifier: Apache-2.0
//
// What a relying party checks of a passkey (WebAuthn Level 2, 7.1 and 7.2): the registration of a
// credential with attestation "none", and the assertion that it signs at a log-in. ES256, EdDSA
// (Ed25519) and RS256. Everything that is given is untrusted. Pure; any thread.
#pragma once

#include "base/slice.h"

#define PASSKEY_ERROR passkey_error_quark()
GQuark passkey_error_quark(void);
typedef enum PasskeyError { PASSKEY_ERROR_FORM, PASSKEY_ERROR_REFUSED } PasskeyError;

typedef enum PasskeyAlgorithm {
  PASSKEY_ES256 = -7,
  PASSKEY_EDDSA = -8,
  PASSKEY_RS256 = -257
} PasskeyAlgorithm;

typedef struct PasskeyExpected {
  const char *party;          // the relying party's id: a host
  const char *origin;         // "https://example.org"
  const char *challenge;      // base64url, as it was given out
  gboolean user_verification; // a finger, a face, a PIN is required
} PasskeyExpected;

typedef struct PasskeyCredential {
  char *id;           // base64url
  GBytes *public_key; // SubjectPublicKeyInfo, DER (RFC 5280)
  PasskeyAlgorithm algorithm;
  guint32 counter;
  gboolean user_verified;
} PasskeyCredential;
void passkey_credential_clear(PasskeyCredential *credential);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PasskeyCredential, passkey_credential_clear)

// base64url (RFC 4648 5) without '='. NULL if it is none; caller frees.
char *base64url_encode(Slice bytes);
GBytes *base64url_decode(const char *text);

// `client_data`: clientDataJSON; `attestation`: attestationObject. What it says of the maker is not
// looked at: we take every authenticator.
gboolean passkey_register(const PasskeyExpected *expected, Slice client_data, Slice attestation,
                          PasskeyCredential *ret_credential, GError **error);
typedef struct PasskeyAssertion {
  Slice client_data, authenticator_data, signature;
} PasskeyAssertion;
// `counter`: the newest that was seen; one that goes back tells of a copied authenticator and is
// refused, unless both are 0. *ret_counter is to be kept.
gboolean passkey_assert(const PasskeyExpected *expected, PasskeyAlgorithm algorithm,
                        Slice public_key, guint32 counter, const PasskeyAssertion *assertion,
                        guint32 *ret_counter, GError **error);
