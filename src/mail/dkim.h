// SPDX-License-Identifier: Apache-2.0
//
// DKIM signatures (RFC 6376, relaxed/relaxed, no l=, header fields oversigned) by RSA-2048 with
// SHA-256 (RFC 8301) and by Ed25519 (RFC 8463), made with OpenSSL. Signing is for any thread: a
// DkimSigner is immutable.
#pragma once

#include "base/slice.h"

#define DKIM_ERROR dkim_error_quark()
GQuark dkim_error_quark(void);
typedef enum DkimError { DKIM_ERROR_KEY, DKIM_ERROR_FILE, DKIM_ERROR_SIGN } DkimError;

typedef enum DkimAlgorithm { DKIM_RSA_SHA256, DKIM_ED25519_SHA256 } DkimAlgorithm;

// One key of a domain; its file is <folder>/<domain>/<selector>.pem (PKCS #8, mode 0600).
typedef struct DkimKey DkimKey;
DkimKey *dkim_key_generate(DkimAlgorithm algorithm, GError **error);
DkimKey *dkim_key_load(const char *path, GError **error); // names the file and the mend
gboolean dkim_key_save(const DkimKey *key, const char *path, GError **error); // never over another
void dkim_key_free(DkimKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DkimKey, dkim_key_free)
DkimAlgorithm dkim_key_algorithm(const DkimKey *key);
char *
dkim_key_record(const DkimKey *key); // the TXT record's value, "v=DKIM1; k=rsa; p=…"; caller frees

typedef struct DkimIdentity {
  const char *domain, *selector;
  DkimKey *key; // borrowed for the signer's life
} DkimIdentity;

typedef struct DkimSigner DkimSigner;
// All identities sign, in their order. `headers`: names that are signed (each once more than it
// occurs, if it is oversigned): From, To, Subject, Date, Message-ID, MIME-Version, Content-Type,
// Content-Transfer-Encoding, Reply-To, List-Id, List-Unsubscribe, List-Unsubscribe-Post.
DkimSigner *dkim_signer_new(const DkimIdentity *identities, guint count, GError **error);
void dkim_signer_free(DkimSigner *signer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DkimSigner, dkim_signer_free)

// The body's hash as it grows: what many messages have in common is hashed once, and copied.
// Bytes are handed in as they are sent, dots not doubled, CRLF line ends; relaxed
// canonicalisation happens inside, across calls.
typedef struct DkimBody DkimBody;
DkimBody *dkim_body_new(void);
DkimBody *dkim_body_copy(const DkimBody *body);
void dkim_body_add(DkimBody *body, Slice bytes);

// Bytes that stand in many messages, relaxed once: to add them is to hash them, nothing else. The
// blanks and line ends around them count by what they meet. `before` and `after` borrow the bytes.
typedef struct DkimPart {
  Slice before;
  GBytes *relaxed;
  Slice after;
} DkimPart;
DkimPart dkim_part_new(Slice bytes); // caller unrefs `relaxed`
void dkim_body_add_part(DkimBody *body, const DkimPart *part);
void dkim_body_finish(DkimBody *body, guint8 ret_digest[32]);
void dkim_body_free(DkimBody *body);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DkimBody, dkim_body_free)

// The DKIM-Signature header fields (each with CRLF), for a header (fields with CRLF, without the
// empty line) and its body's digest. `when`: t=, an instant; frozen with the mailing so that a
// retry has the same bytes (RSA PKCS #1 v1.5 and Ed25519 are deterministic). Caller frees.
GString *dkim_sign(const DkimSigner *signer, Slice header, const guint8 digest[32], gint64 when,
                   GError **error);
