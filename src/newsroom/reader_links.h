// SPDX-License-Identifier: Apache-2.0
//
// The tokens in readers' links and envelopes, and the keyed hash of an address: all made from the
// newspaper's mail_key by HMAC-SHA-256 (RFC 2104), with the purpose in what is hashed, so that a
// token made for one thing opens no other. Nothing of it is kept: whoever changes the key breaks
// all links. Pure; any thread.
#pragma once

#include <glib.h>

typedef enum ReaderPurpose {
  READER_UNSUBSCRIBE = 1, // mailing and subscriber; mailing 0: everything
  READER_PAGE = 2,        // the reader's own page
  READER_CONFIRM = 3,     // first number: the instant, in seconds, until which it holds
  READER_OPEN = 4,
  READER_CLICK = 5,
  READER_BOUNCE = 6,     // in the envelope's sender (VERP): lower-case base 32 only
  READER_MESSAGE_ID = 7, // left of the '@'
  READER_FORM = 8,       // first number: the second at which the form was made
  READER_EDITION = 9     // mailing and subscriber: the first look at that mailing's edition
} ReaderPurpose;

// Letters, digits, '-' and '_' only (base64url, RFC 4648 5, no '='); 96 bits of it are the MAC. For
// READER_BOUNCE lower-case base 32. Caller frees.
char *reader_token(const char *key, ReaderPurpose purpose, gint64 first, gint64 second);
// FALSE unless it is one that `key` made for `purpose`. `text` is untrusted.
gboolean reader_token_read(const char *key, ReaderPurpose purpose, const char *text,
                           gint64 *ret_first, gint64 *ret_second);

// 32 hex digits; what suppression and limits know an address by. Caller frees.
char *reader_address_hash(const char *key, const char *address_key);
// The same of anything else (a network): `scope` keeps the kinds apart.
char *reader_keyed_hash(const char *key, const char *scope, const char *text);
