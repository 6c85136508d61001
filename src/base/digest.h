// SPDX-License-Identifier: Apache-2.0
//
// SHA-256 (FIPS 180-4) that grows and can be copied half-way, by OpenSSL, which uses the
// processor's own instructions. Each Digest is one thread's at a time.
#pragma once

#include "base/slice.h"

#define DIGEST_BYTES 32

typedef struct Digest Digest;
Digest *digest_new(void);
Digest *digest_copy(const Digest *digest);
void digest_add(Digest *digest, Slice bytes);
void digest_finish(Digest *digest, guint8 ret_bytes[DIGEST_BYTES]); // nothing may be added after
void digest_free(Digest *digest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Digest, digest_free)
void digest_of(Slice bytes, guint8 ret_bytes[DIGEST_BYTES]);
