// SPDX-License-Identifier: Apache-2.0
//
// Quoted-printable (RFC 2045 6.7), piece by piece, for parts whose slots are filled in later. Pure.
#pragma once

#include "base/slice.h"

// Appends `text` (UTF-8, LF line ends) encoded, with LF or CRLF ends as `line_end` says; *column is
// where the line stands, kept from piece to piece. A '.' at the beginning of a line is encoded, so
// that it needs no doubling in SMTP.
void quoted_printable_add(GString *out, Slice text, const char *line_end, guint *column);
// Goes to a line of its own for what can't be broken, if the line has begun.
void quoted_printable_break(GString *out, const char *line_end, guint *column);
