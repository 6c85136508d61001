// SPDX-License-Identifier: Apache-2.0
//
// The body of a form that a browser or a mail program sends: application/x-www-form-urlencoded, and
// the text fields of multipart/form-data (RFC 7578; mail programs send one-click unsubscriptions
// that way, RFC 8058). Files in it are passed over. Bounded: FORM_MAX_FIELDS. Called by request.c.
#pragma once

#include "base/slice.h"

#define FORM_MAX_FIELDS 256

typedef struct FormField {
  char *name, *value; // UTF-8 without NUL; line breaks as they were sent
} FormField;

// FALSE: this is no media type of a form (415).
gboolean form_is_known(Slice content_type);
// The fields in their order, as FormField, freed with the array. NULL with WEB_ERROR_BAD_REQUEST:
// malformed, not UTF-8, a NUL, too many fields; WEB_ERROR_UNSUPPORTED: not a form.
GArray *form_parse(Slice content_type, Slice body, GError **error);
GArray *form_fields_new(void);

// Percent-decoding. `plus`: '+' is a space, and any character but NUL may stand encoded (queries
// and forms); else also "/", "\" and controls are refused (paths). NULL: malformed or unwelcome.
// Caller frees.
char *form_decode(Slice text, gboolean plus);
// Appends the pairs of "a=b&c=d" until there are `most`. Malformed ones are left out and counted in
// *ret_bad; FALSE: there were more pairs than that.
gboolean form_read_pairs(Slice text, guint most, GArray *fields, guint *ret_bad);
const char *form_find(const GArray *fields, const char *name); // the first; NULL if absent
