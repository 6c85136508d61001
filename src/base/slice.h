// SPDX-License-Identifier: Apache-2.0
//
// A length-carrying view of bytes that somebody else owns. Parsers of untrusted
// input take and return slices; none of them may rely on a terminating NUL.
// Thread-safe: a Slice is a value.
#pragma once

#include <glib.h>

typedef struct Slice {
  const char *data; // may be NULL when length is 0
  gsize length;     // bytes
} Slice;

#define SLICE_LITERAL(text) ((Slice){(text), sizeof(text) - 1})

Slice slice_of(const char *text); // NULL is the empty slice
Slice slice_of_bytes(GBytes *bytes);
gboolean slice_equal(Slice a, Slice b);
gboolean slice_equal_text(Slice a, const char *text);
gboolean slice_equal_text_nocase(Slice a, const char *text); // ASCII case only
gboolean slice_starts_with(Slice a, const char *prefix);
gboolean slice_ends_with(Slice a, const char *suffix);
Slice slice_from(Slice a, gsize start);                // clamped
Slice slice_range(Slice a, gsize start, gsize length); // clamped
Slice slice_trim(Slice a);                             // ASCII white space at both ends
gssize slice_find(Slice haystack, Slice needle);       // -1 if absent
gssize slice_find_char(Slice haystack, char needle);   // -1 if absent
char *slice_dup(Slice a);                              // caller frees; NUL-terminated copy

// Cuts the next line (without its LF or CRLF) off the front of `*rest`. FALSE at the end.
gboolean slice_next_line(Slice *rest, Slice *ret_line);

// Decimal digits only, no sign, no space. FALSE (ret untouched) on anything else or above
// `maximum`.
gboolean slice_parse_uint(Slice a, guint64 maximum, guint64 *ret_number);
