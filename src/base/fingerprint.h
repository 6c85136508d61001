// SPDX-License-Identifier: Apache-2.0
//
// A fast 128-bit fingerprint of bytes, for telling versions of a page apart (ETag). MurmurHash3
// x64 128 (Austin Appleby, public domain). Not for secrets, and not against an adversary who
// chooses the bytes: base/secret has SHA-256 for that. Any thread.
#pragma once

#include "base/slice.h"

void fingerprint_write(Slice bytes, char out[33]); // 32 hex digits, NUL-terminated
