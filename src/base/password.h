// SPDX-License-Identifier: Apache-2.0
//
// Passwords by Argon2id (RFC 9106; libsodium's crypto_pwhash_str). The only user of libsodium.
// Takes some tens of milliseconds and PASSWORD_MEMORY bytes on purpose: never inside a transaction.
// Any thread.
#pragma once

#include <glib.h>

#define PASSWORD_MEMORY ((gsize)32 << 20)

char *password_hash(const char *password); // "$argon2id$…"; caller frees
// `hash` NULL or "": takes as long as one that is wrong, and gives FALSE.
gboolean password_verify(const char *hash, const char *password);
