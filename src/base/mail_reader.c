// SPDX-License-Identifier: Apache-2.0
//
// Implements mail_reader.h.
#include "base/mail_reader.h"

#include <string.h>

#define FIELD_BYTES 8192 // of a value that is looked at

void mail_split(Slice message, Slice *ret_header, Slice *ret_body) {
  Slice rest = message;
  Slice line;
  if (slice_starts_with(rest, "From ") || slice_starts_with(rest, ">From ")) {
    slice_next_line(&rest, &line);
  }
  const char *start = rest.data;
  while (slice_next_line(&rest, &line)) {
    if (line.length == 0) {
      *ret_header = (Slice){start, (gsize)(line.data - start)};
      *ret_body = rest;
      return;
    }
  }
  *ret_header = (Slice){start, start != NULL ? (gsize)(message.data + message.length - start) : 0};
  *ret_body = slice_from(message, message.length);
}

static gboolean is_folded(Slice rest) {
  return rest.length > 0 && (rest.data[0] == ' ' || rest.data[0] == '\t');
}

gboolean mail_next_field(Slice *header, Slice *ret_name, Slice *ret_value) {
  Slice line;
  while (slice_next_line(header, &line)) {
    const char *end = line.data + line.length;
    while (is_folded(*header)) {
      Slice more;
      slice_next_line(header, &more);
      end = more.data + more.length;
    }
    gssize colon = slice_find_char(line, ':');
    if (colon > 0 && line.data[0] != ' ' && line.data[0] != '\t') {
      *ret_name = slice_trim(slice_range(line, 0, (gsize)colon));
      const char *value = line.data + colon + 1;
      *ret_value = slice_trim((Slice){value, (gsize)(end - value)});
      return TRUE;
    }
  }
  return FALSE;
}

Slice mail_field(Slice header, const char *name) {
  Slice found;
  Slice value;
  while (mail_next_field(&header, &found, &value)) {
    if (slice_equal_text_nocase(found, name)) {
      return value.data != NULL ? value : SLICE_LITERAL("");
    }
  }
  return (Slice){NULL, 0};
}

// ---- encodings --------------------------------------------------------------------------------

static int hex_of(char digit) {
  return g_ascii_xdigit_value(digit);
}

// `words`: '_' is a blank, as in encoded words.
static void decode_quoted(Slice text, gboolean words, gsize most, GString *out) {
  for (gsize i = 0; i < text.length && out->len < most; i++) {
    char letter = text.data[i];
    if (letter == '=' && i + 2 < text.length && hex_of(text.data[i + 1]) >= 0 &&
        hex_of(text.data[i + 2]) >= 0) {
      g_string_append_c(out, (char)(hex_of(text.data[i + 1]) * 16 + hex_of(text.data[i + 2])));
      i += 2;
    } else if (letter == '=' && i + 1 < text.length && text.data[i + 1] == '\n') {
      i += 1;
    } else if (letter == '=' && i + 2 < text.length && text.data[i + 1] == '\r' &&
               text.data[i + 2] == '\n') {
      i += 2;
    } else {
      g_string_append_c(out, words && letter == '_' ? ' ' : letter);
    }
  }
}

static void decode_base64(Slice text, gsize most, GString *out) {
  gint state = 0;
  guint save = 0;
  for (gsize at = 0; at < text.length && out->len < most;) {
    guchar bytes[3072 + 3];
    gsize length = MIN(text.length - at, 4096);
    gsize made = g_base64_decode_step(text.data + at, length, bytes, &state, &save);
    g_string_append_len(out, (const char *)bytes, (gssize)made);
    at += length;
  }
}

// iconv is asked for these only: its rarer tables are other people's holes.
static gboolean is_welcome_charset(const char *charset) {
  static const char *const BEGINS[] = {"iso-8859-", "windows-125", "koi8-",   "cp125",
                                       "gb2312",    "gbk",         "gb18030", "big5",
                                       "shift_jis", "euc-jp",      "euc-kr",  "iso-2022-jp"};
  for (gsize i = 0; i < G_N_ELEMENTS(BEGINS); i++) {
    gsize length = strlen(BEGINS[i]);
    if (g_ascii_strncasecmp(charset, BEGINS[i], length) == 0 && strlen(charset) <= length + 2) {
      return strspn(charset + length, "0123456789") == strlen(charset + length);
    }
  }
  return FALSE;
}

static char *to_utf8(const char *charset, const GString *bytes) {
  char *converted = NULL;
  if (is_welcome_charset(charset)) {
    converted = g_convert_with_fallback(bytes->str, (gssize)bytes->len, "UTF-8", charset, "?", NULL,
                                        NULL, NULL);
  }
  return converted != NULL ? converted : g_utf8_make_valid(bytes->str, (gssize)bytes->len);
}

// "=?charset?B?text?=" at the front of it. Gives its length, 0 if there is none whole.
static gsize decode_word(Slice text, GString *out) {
  if (!slice_starts_with(text, "=?")) {
    return 0;
  }
  gssize first = slice_find_char(slice_from(text, 2), '?');
  Slice charset = slice_range(text, 2, first > 0 ? (gsize)first : 0);
  Slice rest = slice_from(text, 2 + charset.length + 1);
  if (first <= 0 || rest.length < 4 || rest.data[1] != '?') {
    return 0;
  }
  gssize end = slice_find(slice_from(rest, 2), SLICE_LITERAL("?="));
  if (end < 0) {
    return 0;
  }
  Slice coded = slice_range(rest, 2, (gsize)end);
  g_autoptr(GString) bytes = g_string_new(NULL);
  g_autofree char *name = slice_dup(charset);
  if (g_ascii_tolower(rest.data[0]) == 'b') {
    decode_base64(coded, FIELD_BYTES, bytes);
  } else {
    decode_quoted(coded, TRUE, FIELD_BYTES, bytes);
  }
  g_autofree char *utf8 = to_utf8(name, bytes);
  g_string_append(out, utf8);
  return 2 + charset.length + 1 + 2 + coded.length + 2;
}

// Blanks between two encoded words are none (RFC 2047 6.2).
static void drop_blanks(GString *out, gsize since) {
  for (gsize i = since; i < out->len; i++) {
    if (!g_ascii_isspace(out->str[i])) {
      return;
    }
  }
  g_string_truncate(out, since);
}

char *mail_field_text(Slice header, const char *name) {
  Slice value = slice_range(mail_field(header, name), 0, FIELD_BYTES);
  g_autoptr(GString) out = g_string_new(NULL);
  gssize after_word = -1;
  for (gsize i = 0; i < value.length;) {
    gsize before = out->len;
    gsize length = decode_word(slice_from(value, i), out);
    if (length > 0) {
      if (after_word >= 0) {
        g_autofree char *word = g_strdup(out->str + before);
        g_string_truncate(out, before);
        drop_blanks(out, (gsize)after_word);
        g_string_append(out, word);
      }
      after_word = (gssize)out->len;
      i += length;
      continue;
    }
    if (value.data[i] != '\r' && value.data[i] != '\n') {
      g_string_append_c(out, value.data[i] == '\t' || value.data[i] == '\0' ? ' ' : value.data[i]);
    }
    i++;
  }
  return g_utf8_make_valid(out->str, (gssize)out->len);
}

// ---- parts ------------------------------------------------------------------------------------

char *mail_content_type(Slice header) {
  Slice value = mail_field(header, "Content-Type");
  gsize length = 0;
  while (length < value.length && length < 100 &&
         (g_ascii_isalnum(value.data[length]) || strchr("/-+._", value.data[length]) != NULL) &&
         value.data[length] != '\0') {
    length++;
  }
  return length > 0 ? g_ascii_strdown(value.data, (gssize)length) : g_strdup("text/plain");
}

static Slice skip_blanks(Slice text) {
  while (text.length > 0 && g_ascii_isspace(text.data[0])) {
    text = slice_from(text, 1);
  }
  return text;
}

// A token or quoted string at the front of *rest.
static char *take_value(Slice *rest) {
  g_autoptr(GString) out = g_string_new(NULL);
  *rest = skip_blanks(*rest);
  gboolean quoted = rest->length > 0 && rest->data[0] == '"';
  gsize i = quoted ? 1 : 0;
  for (; i < rest->length; i++) {
    char letter = rest->data[i];
    if (quoted && letter == '\\' && i + 1 < rest->length) {
      letter = rest->data[++i];
    } else if (quoted ? letter == '"' : letter == ';' || g_ascii_isspace(letter)) {
      break;
    }
    if (letter != '\r' && letter != '\n' && letter != '\0') {
      g_string_append_c(out, letter);
    }
  }
  *rest = slice_from(*rest, quoted ? i + 1 : i);
  return g_string_free(g_steal_pointer(&out), FALSE);
}

char *mail_parameter(Slice header, const char *name) {
  Slice rest = slice_range(mail_field(header, "Content-Type"), 0, FIELD_BYTES);
  for (gssize semicolon; (semicolon = slice_find_char(rest, ';')) >= 0;) {
    rest = skip_blanks(slice_from(rest, (gsize)semicolon + 1));
    gssize equals = slice_find_char(rest, '=');
    if (equals < 0) {
      break;
    }
    Slice found = slice_trim(slice_range(rest, 0, (gsize)equals));
    if (slice_find_char(found, ';') >= 0) {
      continue; // "a; b=c": a has no value
    }
    rest = slice_from(rest, (gsize)equals + 1);
    g_autofree char *value = take_value(&rest);
    if (slice_equal_text_nocase(found, name)) {
      return g_steal_pointer(&value);
    }
  }
  return g_strdup("");
}

// "--boundary" or, the last, "--boundary--".
static gboolean is_boundary(Slice line, const char *boundary, gboolean *ret_last) {
  gsize length = strlen(boundary);
  if (!slice_starts_with(line, "--") || !slice_starts_with(slice_from(line, 2), boundary)) {
    return FALSE;
  }
  Slice tail = slice_trim(slice_from(line, 2 + length));
  *ret_last = slice_equal_text(tail, "--");
  return tail.length == 0 || *ret_last;
}

gboolean mail_next_part(Slice *rest, const char *boundary, Slice *ret_part) {
  Slice line;
  gboolean last = FALSE;
  Slice look = *rest;
  gboolean begun = FALSE;
  const char *start = NULL;
  while (*boundary != '\0' && slice_next_line(&look, &line)) {
    if (!is_boundary(line, boundary, &last)) {
      continue;
    }
    if (begun) {
      *ret_part = (Slice){start, (gsize)(line.data - start)};
      // The next begins with this boundary's line, unless it was the last.
      *rest = last ? slice_from(look, look.length)
                   : (Slice){line.data, (gsize)(rest->data + rest->length - line.data)};
      return TRUE;
    }
    if (last) {
      break;
    }
    begun = TRUE;
    start = look.data;
  }
  if (begun && look.data != NULL && start < rest->data + rest->length) { // its end was cut off
    *ret_part = (Slice){start, (gsize)(rest->data + rest->length - start)};
    *rest = (Slice){rest->data + rest->length, 0};
    return TRUE;
  }
  return FALSE;
}

GString *mail_decode(Slice header, Slice body, gsize most) {
  Slice encoding = mail_field(header, "Content-Transfer-Encoding");
  GString *out = g_string_sized_new(MIN(body.length, most) + 1);
  if (slice_equal_text_nocase(encoding, "base64")) {
    decode_base64(body, most, out);
  } else if (slice_equal_text_nocase(encoding, "quoted-printable")) {
    decode_quoted(body, FALSE, most, out);
  } else {
    g_string_append_len(out, body.data != NULL ? body.data : "", (gssize)MIN(body.length, most));
  }
  if (out->len > most) {
    g_string_truncate(out, most);
  }
  return out;
}

static void append_entity(GString *out, const char **at) {
  static const struct {
    const char *name;
    char letter;
  } ENTITIES[] = {{"&lt;", '<'},   {"&gt;", '>'},   {"&amp;", '&'},
                  {"&quot;", '"'}, {"&#39;", '\''}, {"&nbsp;", ' '}};
  for (gsize i = 0; i < G_N_ELEMENTS(ENTITIES); i++) {
    if (g_str_has_prefix(*at, ENTITIES[i].name)) {
      g_string_append_c(out, ENTITIES[i].letter);
      *at += strlen(ENTITIES[i].name);
      return;
    }
  }
  g_string_append_c(out, *(*at)++);
}

// Tags become line ends, so that what stood apart stays apart.
static GString *without_tags(const char *html) {
  GString *out = g_string_new(NULL);
  while (*html != '\0') {
    if (*html == '<' && (g_ascii_isalpha(html[1]) || html[1] == '/' || html[1] == '!')) {
      gsize length = strcspn(html, ">");
      html += length + (html[length] == '>' ? 1 : 0);
      if (out->len > 0 && out->str[out->len - 1] != '\n') {
        g_string_append_c(out, '\n');
      }
    } else if (*html == '&') {
      append_entity(out, &html);
    } else {
      g_string_append_c(out, *html++);
    }
  }
  return out;
}

GString *mail_text(Slice header, Slice body, gsize most) {
  g_autoptr(GString) bytes = mail_decode(header, body, most);
  g_autofree char *charset = mail_parameter(header, "charset");
  g_autofree char *type = mail_content_type(header);
  for (gsize i = 0; i < bytes->len; i++) {
    bytes->str[i] = bytes->str[i] == '\0' ? ' ' : bytes->str[i];
  }
  g_autofree char *text = to_utf8(charset, bytes);
  return strcmp(type, "text/html") == 0 ? without_tags(text) : g_string_new(text);
}
