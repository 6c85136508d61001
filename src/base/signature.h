// SPDX-License-Identifier: Apache-2.0
//
// Checks signatures that others made, by OpenSSL: RSA with PKCS #1 v1.5 (RFC 8017) by the key in an
// X.509 certificate, and ECDSA on P-256 (FIPS 186-5) by a bare public key. Whether the certificate
// or key is the right one is the caller's to know. Untrusted bytes; any thread.
#pragma once

#include "base/slice.h"

typedef enum SignatureDigest { SIGNATURE_SHA1, SIGNATURE_SHA256 } SignatureDigest;

// `certificate`: PEM, within its dates at `now` (an instant).
gboolean signature_by_certificate(Slice certificate, SignatureDigest digest, Slice message,
                                  Slice signature, gint64 now);
// `key`: SubjectPublicKeyInfo in base64; `signature`: DER; SHA-256.
gboolean signature_by_p256(const char *key, Slice message, Slice signature);
