// SPDX-License-Identifier: Apache-2.0
//
// Implements http_parser.h. Called by http_connection.c on the I/O threads; fuzzed by
// tests/fuzz/fuzz_http_request.c. When in doubt it refuses.
#include "web/http_parser.h"

#include <string.h>

static gboolean is_token_char(guchar c) {
  return g_ascii_isalnum(c) || (c != 0 && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static gboolean is_token(Slice text) {
  for (gsize i = 0; i < text.length; i++) {
    if (!is_token_char((guchar)text.data[i])) {
      return FALSE;
    }
  }
  return text.length > 0;
}

static HttpMethod method_of(Slice text) {
  static const struct {
    const char *name;
    HttpMethod method;
  } METHODS[] = {{"GET", HTTP_GET},        {"HEAD", HTTP_HEAD},   {"POST", HTTP_POST},
                 {"PUT", HTTP_PUT},        {"PATCH", HTTP_PATCH}, {"DELETE", HTTP_DELETE},
                 {"OPTIONS", HTTP_OPTIONS}};
  for (gsize i = 0; i < G_N_ELEMENTS(METHODS); i++) {
    if (slice_equal_text(text, METHODS[i].name)) {
      return METHODS[i].method;
    }
  }
  return HTTP_OTHER;
}

// Finds the end of the head; every LF must follow a CR.
static guint find_end(Slice bytes, gsize limit, gsize *scanned, gsize *ret_end) {
  gsize at = *scanned;
  gsize top = MIN(bytes.length, limit);
  while (at < top) {
    const char *newline = memchr(bytes.data + at, '\n', top - at);
    if (newline == NULL) {
      break;
    }
    at = (gsize)(newline - bytes.data);
    if (at == 0 || bytes.data[at - 1] != '\r') {
      return 400;
    }
    if (at >= 3 && bytes.data[at - 2] == '\n') {
      *ret_end = at + 1;
      return 200;
    }
    at++;
  }
  *scanned = top;
  if (bytes.length >= limit) {
    return memchr(bytes.data, '\n', top) == NULL ? 414 : 431;
  }
  return 0;
}

static gboolean is_target_char(guchar c) {
  return c > 0x20 && c < 0x7f;
}

static gboolean valid_host(Slice host) {
  for (gsize i = 0; i < host.length; i++) {
    guchar c = (guchar)host.data[i];
    if (!g_ascii_isalnum(c) && strchr(".-_:[]", c) == NULL) {
      return FALSE;
    }
  }
  return host.length <= 255;
}

static guint parse_version(Slice version, guint *ret_minor) {
  if (slice_equal_text(version, "HTTP/1.1") || slice_equal_text(version, "HTTP/1.0")) {
    *ret_minor = (guint)(version.data[7] - '0');
    return 200;
  }
  gboolean shaped = version.length == 8 && slice_starts_with(version, "HTTP/") &&
                    g_ascii_isdigit(version.data[5]) && version.data[6] == '.' &&
                    g_ascii_isdigit(version.data[7]);
  return shaped ? 505 : 400;
}

// "http://host/path" -> "/path"; the host must be the Host header's, which is checked at the end.
static guint parse_target(Slice target, HttpHead *head, Slice *ret_authority) {
  if (target.length == 0 || target.length > HTTP_MAX_TARGET) {
    return target.length == 0 ? 400 : 414;
  }
  for (gsize i = 0; i < target.length; i++) {
    if (!is_target_char((guchar)target.data[i])) {
      return 400;
    }
  }
  if (slice_find_char(target, '#') >= 0) {
    return 400;
  }
  if (target.data[0] == '/') {
    head->target = target;
    return 200;
  }
  Slice rest;
  if (slice_starts_with(target, "http://")) {
    rest = slice_from(target, 7);
  } else if (slice_starts_with(target, "https://")) {
    rest = slice_from(target, 8);
  } else {
    return 400; // authority-form and asterisk-form are for proxies and probes
  }
  gssize slash = slice_find_char(rest, '/');
  *ret_authority = slice_range(rest, 0, slash < 0 ? rest.length : (gsize)slash);
  head->target = slash < 0 ? SLICE_LITERAL("/") : slice_from(rest, (gsize)slash);
  return ret_authority->length > 0 ? 200 : 400;
}

static guint parse_request_line(Slice line, HttpHead *head, Slice *ret_authority) {
  gssize first = slice_find_char(line, ' ');
  if (first < 0) {
    return 400;
  }
  head->method_text = slice_range(line, 0, (gsize)first);
  Slice rest = slice_from(line, (gsize)first + 1);
  gssize second = slice_find_char(rest, ' ');
  if (second < 0 || !is_token(head->method_text)) {
    return 400;
  }
  head->method = method_of(head->method_text);
  guint status = parse_version(slice_from(rest, (gsize)second + 1), &head->minor);
  if (status != 200) {
    return status;
  }
  status = parse_target(slice_range(rest, 0, (gsize)second), head, ret_authority);
  return status == 200 && head->method == HTTP_OTHER ? 501 : status;
}

static guint parse_header_line(Slice line, HttpHead *head) {
  gssize colon = slice_find_char(line, ':');
  if (colon <= 0 || !is_token(slice_range(line, 0, (gsize)colon))) {
    return 400; // also obs-fold and "Name :"
  }
  if (head->header_count == HTTP_MAX_HEADERS) {
    return 431;
  }
  Slice value = slice_from(line, (gsize)colon + 1);
  for (gsize i = 0; i < value.length; i++) {
    guchar c = (guchar)value.data[i];
    if ((c < 0x20 && c != '\t') || c == 0x7f) {
      return 400;
    }
  }
  head->headers[head->header_count++] =
      (HttpHeader){slice_range(line, 0, (gsize)colon), slice_trim(value)};
  return 200;
}

static gboolean has_token(Slice list, const char *token) {
  while (list.length > 0) {
    gssize comma = slice_find_char(list, ',');
    Slice item = slice_trim(slice_range(list, 0, comma < 0 ? list.length : (gsize)comma));
    if (slice_equal_text_nocase(item, token)) {
      return TRUE;
    }
    list = slice_from(list, comma < 0 ? list.length : (gsize)comma + 1);
  }
  return FALSE;
}

typedef struct Framing {
  guint hosts, lengths, encodings;
  gboolean close, keep;
} Framing;

static guint read_framing_header(const HttpHeader *header, HttpHead *head, Framing *framing) {
  switch (header->name.length) {
  case 4:
    if (slice_equal_text_nocase(header->name, "Host")) {
      framing->hosts++;
      head->host = header->value;
    }
    return 200;
  case 6:
    if (slice_equal_text_nocase(header->name, "Expect")) {
      head->expect_continue = slice_equal_text_nocase(header->value, "100-continue");
      return head->expect_continue ? 200 : 417;
    }
    return 200;
  case 10:
    if (slice_equal_text_nocase(header->name, "Connection")) {
      framing->close |= has_token(header->value, "close");
      framing->keep |= has_token(header->value, "keep-alive");
    }
    return 200;
  case 14:
    if (slice_equal_text_nocase(header->name, "Content-Length")) {
      framing->lengths++;
      return slice_parse_uint(header->value, G_MAXINT64, &head->content_length) ? 200 : 400;
    }
    return 200;
  case 17:
    if (slice_equal_text_nocase(header->name, "Transfer-Encoding")) {
      framing->encodings++;
      head->chunked = slice_equal_text_nocase(header->value, "chunked");
      return head->chunked ? 200 : 501;
    }
    return 200;
  default:
    return 200;
  }
}

static guint check_framing(HttpHead *head, Slice authority) {
  Framing framing = {0};
  for (guint i = 0; i < head->header_count; i++) {
    guint status = read_framing_header(&head->headers[i], head, &framing);
    if (status != 200) {
      return status;
    }
  }
  if (framing.hosts > 1 || (framing.hosts == 0 && head->minor == 1) || !valid_host(head->host) ||
      framing.lengths > 1 || framing.encodings > 1 ||
      (framing.encodings > 0 && (framing.lengths > 0 || head->minor == 0))) {
    return 400;
  }
  if (authority.length > 0 &&
      (!valid_host(authority) ||
       (framing.hosts > 0 &&
        (authority.length != head->host.length ||
         g_ascii_strncasecmp(authority.data, head->host.data, authority.length) != 0)))) {
    return 400;
  }
  head->keep_alive = head->minor == 1 ? !framing.close : framing.keep && !framing.close;
  return 200;
}

guint http_parse_head(Slice bytes, gsize limit, gsize *scanned, HttpHead *ret_head) {
  gsize end = 0;
  guint status = find_end(bytes, limit, scanned, &end);
  if (status != 200) {
    return status;
  }
  ret_head->header_count = 0;
  ret_head->host = (Slice){NULL, 0};
  ret_head->content_length = 0;
  ret_head->chunked = FALSE;
  ret_head->expect_continue = FALSE;
  ret_head->length = end;
  Slice rest = slice_range(bytes, 0, end - 2); // the empty line is no header
  Slice line = {NULL, 0};
  Slice authority = {NULL, 0};
  if (!slice_next_line(&rest, &line)) {
    return 400;
  }
  status = parse_request_line(line, ret_head, &authority);
  while (status == 200 && slice_next_line(&rest, &line)) {
    status = parse_header_line(line, ret_head);
  }
  return status == 200 ? check_framing(ret_head, authority) : status;
}

Slice http_head_header(const HttpHead *head, const char *name) {
  gsize length = strlen(name);
  for (guint i = 0; i < head->header_count; i++) {
    if (head->headers[i].name.length == length &&
        g_ascii_strncasecmp(head->headers[i].name.data, name, length) == 0) {
      return head->headers[i].value;
    }
  }
  return (Slice){NULL, 0};
}

// ---- chunked bodies -----------------------------------------------------------------------------

// A size line is hexadecimal digits, CRLF; extensions are refused.
static gboolean end_of_line(ChunkReader *reader) {
  if (reader->line_length < 2 || reader->line[reader->line_length - 2] != '\r') {
    return FALSE;
  }
  guint digits = reader->line_length - 2;
  if (reader->state == CHUNK_DATA_END || reader->state == CHUNK_LAST) {
    return digits == 0;
  }
  reader->left = 0;
  for (guint i = 0; i < digits; i++) {
    if (!g_ascii_isxdigit(reader->line[i])) {
      return FALSE;
    }
    reader->left = reader->left * 16 + (guint64)g_ascii_xdigit_value(reader->line[i]);
  }
  return digits > 0 && digits <= 15;
}

static gboolean feed_line(ChunkReader *reader, char c) {
  if (reader->line_length == sizeof reader->line) {
    return FALSE;
  }
  reader->line[reader->line_length++] = c;
  if (c != '\n') {
    return TRUE;
  }
  if (!end_of_line(reader)) {
    return FALSE;
  }
  reader->line_length = 0;
  switch (reader->state) {
  case CHUNK_SIZE:
    reader->state = reader->left > 0 ? CHUNK_DATA : CHUNK_LAST;
    break;
  case CHUNK_DATA_END:
    reader->state = CHUNK_SIZE;
    break;
  default:
    reader->state = CHUNK_DONE;
    break;
  }
  return TRUE;
}

gssize chunk_reader_feed(ChunkReader *reader, Slice bytes, GByteArray *body, gsize limit) {
  gsize at = 0;
  while (at < bytes.length && reader->state != CHUNK_DONE) {
    if (reader->state != CHUNK_DATA) {
      if (!feed_line(reader, bytes.data[at])) {
        return -1;
      }
      at++;
      if (reader->state == CHUNK_DATA && reader->left > limit - MIN(limit, body->len)) {
        return -2;
      }
      continue;
    }
    gsize take = (gsize)MIN(reader->left, bytes.length - at);
    g_byte_array_append(body, (const guint8 *)bytes.data + at, (guint)take);
    at += take;
    reader->left -= take;
    if (reader->left == 0) {
      reader->state = CHUNK_DATA_END;
    }
  }
  return (gssize)at;
}
