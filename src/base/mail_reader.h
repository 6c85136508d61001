// SPDX-License-Identifier: Apache-2.0
//
// Reads messages that others wrote: header fields (RFC 5322), parts (RFC 2046), transfer encodings
// (RFC 2045), encoded words (RFC 2047). For mail/bounce and web/api_outbox, on untrusted and often
// broken bytes: it never refuses, it takes what can be made out. Views are into the bytes given.
// Pure; any thread. (press/mime is the other half: it writes ours.)
#pragma once

#include "base/slice.h"

#define MAIL_READER_DEPTH 8 // of parts in parts
#define MAIL_READER_PARTS 64

// The header (with its last line's end) and what is after the empty line. An mbox's "From " line
// before it is left out.
void mail_split(Slice message, Slice *ret_header, Slice *ret_body);
// The next field; `ret_value` raw, folded lines and all. Lines that are no field are passed over.
// FALSE at the end.
gboolean mail_next_field(Slice *header, Slice *ret_name, Slice *ret_value);
// The first of that name (ASCII case does not matter); data NULL if absent.
Slice mail_field(Slice header, const char *name);
// Unfolded, encoded words decoded, one line of valid UTF-8; "" if absent. Caller frees.
char *mail_field_text(Slice header, const char *name);
// "multipart/report", in lower case; "text/plain" if there is none. Caller frees.
char *mail_content_type(Slice header);
// A parameter of Content-Type: boundary, charset, report-type. "" if absent. Caller frees.
char *mail_parameter(Slice header, const char *name);
// The next part between the boundary's lines; *rest is what is left. FALSE at the end.
gboolean mail_next_part(Slice *rest, const char *boundary, Slice *ret_part);
// The body as its Content-Transfer-Encoding says, at most `most` bytes. Caller frees.
GString *mail_decode(Slice header, Slice body, gsize most);
// The same as text: valid UTF-8 by its charset, tags taken out of HTML. Caller frees.
GString *mail_text(Slice header, Slice body, gsize most);
