// SPDX-License-Identifier: Apache-2.0
//
// Implements html_writer.h. Runs over text in stretches, so that long plain
// passages are copied at once.
#include "base/html_writer.h"

#include <string.h>

static const char *escape_of(unsigned char byte) {
  switch (byte) {
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '"':
    return "&quot;";
  case '\'':
    return "&#39;";
  default:
    return byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r' ? "\xEF\xBF\xBD" : NULL;
  }
}

// U+FFFE and U+FFFF: UTF-8, but no characters of XML.
static gboolean is_nothing(Slice text, gsize at) {
  return (unsigned char)text.data[at] == 0xEF && text.length - at >= 3 &&
         (unsigned char)text.data[at + 1] == 0xBF && (unsigned char)text.data[at + 2] >= 0xBE;
}

// Bytes that may need more than copying.
static gboolean is_special(unsigned char byte) {
  static const guint8 SPECIAL[256] = {
      ['"'] = 1, ['&'] = 1, ['\''] = 1, ['<'] = 1, ['>'] = 1, [0xEF] = 1};
  return byte < 0x20 || SPECIAL[byte] != 0;
}

void html_write_slice(GString *out, Slice text) {
  gsize start = 0;
  for (gsize i = 0; i < text.length; i++) {
    if (!is_special((unsigned char)text.data[i])) {
      continue;
    }
    gboolean nothing = is_nothing(text, i);
    const char *escape = nothing ? "\xEF\xBF\xBD" : escape_of((unsigned char)text.data[i]);
    if (escape != NULL) {
      g_string_append_len(out, text.data + start, (gssize)(i - start));
      g_string_append(out, escape);
      i += nothing ? 2 : 0;
      start = i + 1;
    }
  }
  if (text.length > start) {
    g_string_append_len(out, text.data + start, (gssize)(text.length - start));
  }
}

void html_write_text(GString *out, const char *text) {
  html_write_slice(out, slice_of(text));
}

void html_write_raw(GString *out, const char *markup) {
  g_string_append(out, markup);
}

void html_open(GString *out, const char *tag) {
  g_string_append_c(out, '<');
  g_string_append(out, tag);
  g_string_append_c(out, '>');
}

void html_close(GString *out, const char *tag) {
  g_string_append(out, "</");
  g_string_append(out, tag);
  g_string_append_c(out, '>');
}

void html_write_attribute(GString *out, const char *name, const char *value) {
  g_string_append_c(out, ' ');
  g_string_append(out, name);
  g_string_append(out, "=\"");
  html_write_text(out, value);
  g_string_append_c(out, '"');
}

void html_write_integer_attribute(GString *out, const char *name, gint64 value) {
  g_string_append_printf(out, " %s=\"%" G_GINT64_FORMAT "\"", name, value);
}

void html_write_element(GString *out, const char *tag, const char *text) {
  html_open(out, tag);
  html_write_text(out, text);
  html_close(out, tag);
}
