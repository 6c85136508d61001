// SPDX-License-Identifier: Apache-2.0
//
// Implements slice.h. Called by every parser; allocates nothing but in slice_dup.
#include "base/slice.h"

#include <string.h>

Slice slice_of(const char *text) {
  return (Slice){text, text != NULL ? strlen(text) : 0};
}

Slice slice_of_bytes(GBytes *bytes) {
  Slice slice = {NULL, 0};
  if (bytes != NULL) {
    slice.data = g_bytes_get_data(bytes, &slice.length);
  }
  return slice;
}

gboolean slice_equal(Slice a, Slice b) {
  return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

gboolean slice_equal_text(Slice a, const char *text) {
  return slice_equal(a, slice_of(text));
}

gboolean slice_equal_text_nocase(Slice a, const char *text) {
  return a.length == strlen(text) &&
         (a.length == 0 || g_ascii_strncasecmp(a.data, text, a.length) == 0);
}

gboolean slice_starts_with(Slice a, const char *prefix) {
  gsize length = strlen(prefix);
  return a.length >= length && (length == 0 || memcmp(a.data, prefix, length) == 0);
}

gboolean slice_ends_with(Slice a, const char *suffix) {
  gsize length = strlen(suffix);
  return a.length >= length &&
         (length == 0 || memcmp(a.data + a.length - length, suffix, length) == 0);
}

Slice slice_from(Slice a, gsize start) {
  start = MIN(start, a.length);
  return (Slice){a.data != NULL ? a.data + start : NULL, a.length - start};
}

Slice slice_range(Slice a, gsize start, gsize length) {
  Slice tail = slice_from(a, start);
  tail.length = MIN(tail.length, length);
  return tail;
}

Slice slice_trim(Slice a) {
  while (a.length > 0 && g_ascii_isspace(a.data[0])) {
    a = slice_from(a, 1);
  }
  while (a.length > 0 && g_ascii_isspace(a.data[a.length - 1])) {
    a.length--;
  }
  return a;
}

gssize slice_find(Slice haystack, Slice needle) {
  if (needle.length == 0) {
    return 0;
  }
  if (haystack.length < needle.length) {
    return -1;
  }
  const char *found = memmem(haystack.data, haystack.length, needle.data, needle.length);
  return found != NULL ? found - haystack.data : -1;
}

gssize slice_find_char(Slice haystack, char needle) {
  if (haystack.length == 0) {
    return -1;
  }
  const char *found = memchr(haystack.data, needle, haystack.length);
  return found != NULL ? found - haystack.data : -1;
}

char *slice_dup(Slice a) {
  return g_strndup(a.data != NULL ? a.data : "", a.length);
}

gboolean slice_next_line(Slice *rest, Slice *ret_line) {
  if (rest->length == 0) {
    return FALSE;
  }
  gssize end = slice_find_char(*rest, '\n');
  Slice line = slice_range(*rest, 0, end < 0 ? rest->length : (gsize)end);
  *rest = slice_from(*rest, end < 0 ? rest->length : (gsize)end + 1);
  if (line.length > 0 && line.data[line.length - 1] == '\r') {
    line.length--;
  }
  *ret_line = line;
  return TRUE;
}

gboolean slice_parse_uint(Slice a, guint64 maximum, guint64 *ret_number) {
  if (a.length == 0 || a.length > 20) {
    return FALSE;
  }
  guint64 number = 0;
  for (gsize i = 0; i < a.length; i++) {
    if (!g_ascii_isdigit(a.data[i])) {
      return FALSE;
    }
    guint64 digit = (guint64)(a.data[i] - '0');
    if (number > (G_MAXUINT64 - digit) / 10) {
      return FALSE;
    }
    number = number * 10 + digit;
  }
  if (number > maximum) {
    return FALSE;
  }
  *ret_number = number;
  return TRUE;
}
