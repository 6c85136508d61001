// SPDX-License-Identifier: Apache-2.0
//
// Implements quoted_printable.h.
#include "press/quoted_printable.h"

#define COLUMNS 75 // and the '=' of a soft break

void quoted_printable_break(GString *out, const char *line_end, guint *column) {
  if (*column > 0) {
    g_string_append_c(out, '=');
    g_string_append(out, line_end);
    *column = 0;
  }
}

static gboolean is_literal(guchar byte, gboolean last_of_line, guint column) {
  if (byte == ' ' || byte == '\t') {
    return !last_of_line;
  }
  return byte > 32 && byte < 127 && byte != '=' && !(byte == '.' && column == 0);
}

void quoted_printable_add(GString *out, Slice text, const char *line_end, guint *column) {
  static const char HEX[] = "0123456789ABCDEF";
  for (gsize i = 0; i < text.length; i++) {
    guchar byte = (guchar)text.data[i];
    if (byte == '\n') {
      g_string_append(out, line_end);
      *column = 0;
      continue;
    }
    gboolean last = i + 1 == text.length || text.data[i + 1] == '\n';
    gboolean literal = is_literal(byte, last, *column);
    if (*column + (literal ? 1 : 3) > COLUMNS) {
      quoted_printable_break(out, line_end, column);
      literal = is_literal(byte, last, 0);
    }
    if (literal) {
      g_string_append_c(out, (char)byte);
      *column += 1;
    } else {
      g_string_append_c(out, '=');
      g_string_append_c(out, HEX[byte >> 4]);
      g_string_append_c(out, HEX[byte & 15]);
      *column += 3;
    }
  }
}
