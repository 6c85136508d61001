// SPDX-License-Identifier: Apache-2.0
//
// A strict reader of the CBOR (RFC 8949) that authenticators write: definite lengths, shortest
// heads, no tags, no floats, texts in UTF-8 (CTAP2's canonical form). Nothing is copied. Fuzzed.
// Pure.
#pragma once

#include "base/slice.h"

#define CBOR_DEPTH 4

typedef enum CborKind {
  CBOR_INTEGER,
  CBOR_BYTES,
  CBOR_TEXT,
  CBOR_LIST, // `count` items follow
  CBOR_MAP,  // `count` pairs follow
  CBOR_SIMPLE
} CborKind;

typedef struct CborItem {
  CborKind kind;
  gint64 integer; // of an integer; of false, true, null 20 to 22
  Slice bytes;    // of bytes and text
  guint64 count;  // of a list or map
} CborItem;

// Takes the next item's head (and its bytes) off `rest`. FALSE: it is none of ours.
gboolean cbor_next(Slice *rest, CborItem *ret_item);
// Takes one whole item off, with all in it.
gboolean cbor_skip(Slice *rest);
// The value of a key in the map that `map` begins with; keys are integers or (name not NULL) texts.
// FALSE if it is no map, is malformed, or has no such key. *ret_rest (may be NULL): the value's own
// bytes and what follows.
gboolean cbor_find(Slice map, const char *name, gint64 key, CborItem *ret_item, Slice *ret_rest);
