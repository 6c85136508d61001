// SPDX-License-Identifier: Apache-2.0
//
// Hashes, keyed hashes and randomness: SHA-256 (FIPS 180-4), HMAC (RFC 2104),
// getrandom(2). Any thread.
#pragma once

#include "base/slice.h"

char *secret_sha256_hex(Slice bytes);                // 64 lower-case digits; caller frees
char *secret_hmac_hex(const char *key, Slice bytes); // HMAC-SHA-256; caller frees
char *secret_random_hex(gsize bytes);                // aborts if the kernel has no randomness
gboolean secret_equal(const char *a, const char *b); // time depends on the lengths only
