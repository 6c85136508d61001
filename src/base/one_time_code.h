// SPDX-License-Identifier: Apache-2.0
//
// Codes that change every 30 seconds (TOTP, RFC 6238: SHA-1, six digits), and base 32 (RFC 4648 6)
// for their secrets. Pure; any thread.
#pragma once

#include "base/slice.h"

#define ONE_TIME_CODE_SECONDS 30

char *base32_encode(Slice bytes); // upper case, no padding; caller frees
// NULL if it is none; case, spaces and padding don't matter.
GByteArray *base32_decode(const char *text);

// The code of a step (seconds since 1970 / 30). RFC 4226 5.3.
guint32 one_time_code(Slice secret, gint64 step);
// Whether `code` (digits, spaces don't matter) is that of `now` (seconds), or of the step before or
// after, and newer than `last_step`, the newest that was ever taken: no code opens twice. *ret_step
// is to be kept.
gboolean one_time_code_check(Slice secret, const char *code, gint64 now, gint64 last_step,
                             gint64 *ret_step);
