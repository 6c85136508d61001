// SPDX-License-Identifier: Apache-2.0
//
// Implements markup_entity.h.
#include "press/markup_entity.h"

#include <string.h>

static gboolean decode_number(Slice digits, guint base, char out[MARKUP_ENTITY_BYTES]) {
  guint32 code = 0;
  if (digits.length == 0 || digits.length > 7) {
    return FALSE;
  }
  for (gsize i = 0; i < digits.length; i++) {
    gint digit =
        base == 16 ? g_ascii_xdigit_value(digits.data[i]) : g_ascii_digit_value(digits.data[i]);
    if (digit < 0) {
      return FALSE;
    }
    code = code * base + (guint32)digit;
  }
  if (code == 0 || !g_unichar_validate(code)) {
    code = 0xFFFD;
  }
  out[g_unichar_to_utf8(code, out)] = '\0';
  return TRUE;
}

static int compare_name(Slice name, const char *other) {
  int order = strncmp(name.data, other, name.length);
  return order != 0 ? order : (other[name.length] == '\0' ? 0 : -1);
}

gboolean markup_entity_decode(Slice entity, char out[MARKUP_ENTITY_BYTES]) {
  if (entity.length < 3 || entity.data[0] != '&' || entity.data[entity.length - 1] != ';') {
    return FALSE;
  }
  Slice name = slice_range(entity, 1, entity.length - 2);
  if (name.data[0] == '#') {
    gboolean is_hex = name.length > 1 && (name.data[1] == 'x' || name.data[1] == 'X');
    return decode_number(slice_from(name, is_hex ? 2 : 1), is_hex ? 16 : 10, out);
  }
  unsigned low = 0, high = MARKUP_ENTITY_COUNT;
  while (low < high) {
    unsigned middle = low + (high - low) / 2;
    int order = compare_name(name, MARKUP_ENTITIES[middle].name);
    if (order == 0) {
      g_strlcpy(out, MARKUP_ENTITIES[middle].text, MARKUP_ENTITY_BYTES);
      return TRUE;
    }
    if (order < 0) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return FALSE;
}

// The length of the entity that begins at `raw`, 0 if none does.
static gsize entity_length(Slice raw) {
  for (gsize i = 1; i < raw.length && i < 50; i++) {
    if (raw.data[i] == ';') {
      return i + 1;
    }
    if (!g_ascii_isalnum(raw.data[i]) && !(i == 1 && raw.data[i] == '#')) {
      return 0;
    }
  }
  return 0;
}

void markup_unescape(GString *out, Slice raw) {
  char decoded[MARKUP_ENTITY_BYTES];
  for (gsize i = 0; i < raw.length; i++) {
    if (raw.data[i] == '\\' && i + 1 < raw.length && g_ascii_ispunct(raw.data[i + 1])) {
      g_string_append_c(out, raw.data[++i]);
      continue;
    }
    gsize length = raw.data[i] == '&' ? entity_length(slice_from(raw, i)) : 0;
    if (length > 0 && markup_entity_decode(slice_range(raw, i, length), decoded)) {
      g_string_append(out, decoded);
      i += length - 1;
    } else {
      g_string_append_c(out, raw.data[i]);
    }
  }
}
