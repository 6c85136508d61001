// SPDX-License-Identifier: Apache-2.0
//
// Mail addresses (RFC 5321 4.1.2, RFC 6531): what is one, when two are the same, and what was
// probably meant. Pure; any thread.
//
// The rule of sameness (mail_address_key): the domain in its A-label form (IDNA 2008, libidn2),
// lower case; the local part in Unicode NFC and case-folded. Dots and "+tags" are kept: only the
// receiver's system knows what they mean. Mail is sent to the address as it was given, with the
// domain in A-label form.
#pragma once

#include <glib.h>

#define MAIL_ADDRESS_MAXIMUM 254 // bytes, RFC 5321 4.5.3.1.3 less the brackets; local part 64

#define MAIL_ADDRESS_ERROR mail_address_error_quark()
GQuark mail_address_error_quark(void);
typedef enum MailAddressError { MAIL_ADDRESS_ERROR_FORM } MailAddressError;

// The address as it is sent to: surrounding blanks off, domain in A-labels and lower case. No
// quoted local parts, no address literals, no comments, no control characters, a domain with a
// dot, labels by IDNA. NULL with an error that says what is wrong and where. Caller frees.
char *mail_address_normalise(const char *text, GError **error);
char *mail_address_key(const char *normalised);          // what is unique; caller frees
gboolean mail_address_is_ascii(const char *normalised);  // else it needs SMTPUTF8
const char *mail_address_domain(const char *normalised); // after the '@'; borrowed
char *mail_address_domain_shown(const char *normalised); // U-labels, for people; caller frees
// "name@gmial.com" -> "name@gmail.com"; NULL if nothing well known is near (one edit, or two
// letters swapped) and when the domain is itself well known. Never applied by itself. Caller frees.
char *mail_address_suggest(const char *normalised);
