// SPDX-License-Identifier: Apache-2.0
//
// Implements cbor.h.
#include "base/cbor.h"

static gboolean read_argument(Slice *rest, guint8 low, guint64 *ret_argument) {
  static const guint64 LEAST[] = {24, 0x100, 0x10000, G_GUINT64_CONSTANT(0x100000000)};
  if (low < 24) {
    *ret_argument = low;
    return TRUE;
  }
  if (low > 27) {
    return FALSE; // reserved, or of no definite length
  }
  gsize size = (gsize)1 << (low - 24);
  if (rest->length < size) {
    return FALSE;
  }
  guint64 argument = 0;
  for (gsize i = 0; i < size; i++) {
    argument = argument << 8 | (guchar)rest->data[i];
  }
  *rest = slice_from(*rest, size);
  *ret_argument = argument;
  return argument >= LEAST[low - 24];
}

static gboolean take_bytes(Slice *rest, guint64 length, CborItem *item) {
  if (length > rest->length) {
    return FALSE;
  }
  item->bytes = slice_range(*rest, 0, (gsize)length);
  *rest = slice_from(*rest, (gsize)length);
  return item->kind == CBOR_BYTES ||
         g_utf8_validate_len(item->bytes.data, item->bytes.length, NULL);
}

gboolean cbor_next(Slice *rest, CborItem *ret_item) {
  if (rest->length == 0) {
    return FALSE;
  }
  guint8 head = (guint8)rest->data[0];
  guint64 argument = 0;
  *rest = slice_from(*rest, 1);
  *ret_item = (CborItem){.kind = CBOR_SIMPLE};
  if (!read_argument(rest, head & 31, &argument)) {
    return FALSE;
  }
  switch (head >> 5) {
  case 0:
  case 1:
    ret_item->kind = CBOR_INTEGER;
    ret_item->integer = (head >> 5) == 0 ? (gint64)argument : -1 - (gint64)argument;
    return argument <= G_MAXINT64;
  case 2:
  case 3:
    ret_item->kind = (head >> 5) == 2 ? CBOR_BYTES : CBOR_TEXT;
    return take_bytes(rest, argument, ret_item);
  case 4:
  case 5:
    ret_item->kind = (head >> 5) == 4 ? CBOR_LIST : CBOR_MAP;
    ret_item->count = argument;
    return argument <= rest->length; // each item has a byte at least
  case 7:
    ret_item->integer = (gint64)argument;
    return argument >= 20 && argument <= 22;
  default:
    return FALSE; // a tag
  }
}

static gboolean skip(Slice *rest, guint depth) {
  CborItem item;
  if (depth > CBOR_DEPTH || !cbor_next(rest, &item)) {
    return FALSE;
  }
  guint64 inside = item.kind == CBOR_MAP ? item.count * 2 : item.kind == CBOR_LIST ? item.count : 0;
  for (guint64 i = 0; i < inside; i++) {
    if (!skip(rest, depth + 1)) {
      return FALSE;
    }
  }
  return TRUE;
}

gboolean cbor_skip(Slice *rest) {
  return skip(rest, 0);
}

gboolean cbor_find(Slice map, const char *name, gint64 key, CborItem *ret_item, Slice *ret_rest) {
  CborItem item;
  if (!cbor_next(&map, &item) || item.kind != CBOR_MAP) {
    return FALSE;
  }
  for (guint64 i = 0; i < item.count; i++) {
    CborItem at;
    if (!cbor_next(&map, &at) || (at.kind != CBOR_INTEGER && at.kind != CBOR_TEXT)) {
      return FALSE;
    }
    gboolean is_it = name != NULL ? at.kind == CBOR_TEXT && slice_equal_text(at.bytes, name)
                                  : at.kind == CBOR_INTEGER && at.integer == key;
    if (is_it) {
      if (ret_rest != NULL) {
        *ret_rest = map;
      }
      return cbor_next(&map, ret_item);
    }
    if (!cbor_skip(&map)) {
      return FALSE;
    }
  }
  return FALSE;
}
