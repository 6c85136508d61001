// SPDX-License-Identifier: Apache-2.0
//
// Implements mail_text.h. Columns are counted as people see them: wide letters are two, marks none.
#include "press/mail_text.h"

#include <string.h>

#define COLUMNS 72

static guint columns_of(const char *from, const char *until) {
  guint columns = 0;
  for (; from < until; from = g_utf8_next_char(from)) {
    gunichar letter = g_utf8_get_char(from);
    if (!g_unichar_iszerowidth(letter)) {
      columns += g_unichar_iswide(letter) ? 2 : 1;
    }
  }
  return columns;
}

static gboolean is_blank(char letter) {
  return letter == ' ' || letter == '\t' || letter == '\r';
}

static void write_wrapped(GString *out, const char *text) {
  guint column = 0;
  for (const char *at = text; *at != '\0';) {
    if (*at == '\n') {
      g_string_append_c(out, '\n');
      column = 0;
      at++;
      continue;
    }
    if (is_blank(*at)) {
      at++;
      continue;
    }
    const char *end = at + strcspn(at, " \t\r\n");
    guint width = columns_of(at, end);
    if (column > 0) {
      gboolean fits = column + 1 + width <= COLUMNS;
      g_string_append_c(out, fits ? ' ' : '\n');
      column = fits ? column + 1 : 0;
    }
    g_string_append_len(out, at, end - at);
    column += width;
    at = end;
  }
}

void mail_text_paragraph(GString *out, const char *text) {
  if (text != NULL && *text != '\0') {
    write_wrapped(out, text);
    g_string_append(out, "\n\n");
  }
}

void mail_text_title(GString *out, const char *text) {
  gsize begin = out->len;
  write_wrapped(out, text);
  const char *last = strrchr(out->str + begin, '\n');
  last = last != NULL ? last + 1 : out->str + begin;
  guint width = MAX(columns_of(last, out->str + out->len), 3);
  g_string_append_c(out, '\n');
  for (guint i = 0; i < width; i++) {
    g_string_append_c(out, '=');
  }
  g_string_append(out, "\n\n");
}

void mail_text_link(GString *out, const char *url) {
  g_string_append(out, url);
  g_string_append(out, "\n\n");
}

void mail_text_labelled(GString *out, const char *label, const char *url) {
  g_string_append(out, label);
  g_string_append(out, ":\n");
  g_string_append(out, url);
  g_string_append_c(out, '\n');
}

void mail_text_rule(GString *out) {
  g_string_append(out, "----------------------------------------\n\n");
}
