// SPDX-License-Identifier: Apache-2.0
//
// The head of one HTTP/1.x request (RFC 9112), parsed strictly: what two servers could read in two
// ways is refused (doubled or malformed framing headers, bare LF, obs-fold, space before a
// colon, control characters). Reads a slice, allocates nothing, keeps pointers into it. Any thread.
#pragma once

#include "web/request.h"

#define HTTP_MAX_HEADERS 100
#define HTTP_MAX_TARGET 8192

typedef struct HttpHeader {
  Slice name, value; // value without white space at its ends
} HttpHeader;

typedef struct HttpHead {
  HttpMethod method;
  Slice method_text;
  Slice target; // origin-form: "/path?query"; of an absolute-form the same part
  Slice host;
  guint minor; // HTTP/1.<minor>: 0 or 1
  HttpHeader headers[HTTP_MAX_HEADERS];
  guint header_count;
  gboolean keep_alive, chunked, expect_continue;
  guint64 content_length; // 0 if none
  gsize length;           // bytes of the head with its last CRLF
} HttpHead;

// 0: not complete yet; 200: parsed; else the status to refuse with (400, 414, 417, 431, 501, 505).
// `*scanned` (0 at first) says how far earlier calls on the same bytes got.
guint http_parse_head(Slice bytes, gsize limit, gsize *scanned, HttpHead *ret_head);

// Value of the only header of that name; data NULL if absent.
Slice http_head_header(const HttpHead *head, const char *name);

// Chunked bodies (RFC 9112 7.1), decoded as they come. Trailers are refused.
typedef struct ChunkReader {
  enum { CHUNK_SIZE, CHUNK_DATA, CHUNK_DATA_END, CHUNK_LAST, CHUNK_DONE } state;
  guint64 left;
  guint line_length; // of the size line so far
  char line[20];
} ChunkReader;
// Takes what it can of `bytes`; appends data to `body`. Gives the bytes taken, or -1 for a
// malformed body, -2 for one over `limit`.
gssize chunk_reader_feed(ChunkReader *reader, Slice bytes, GByteArray *body, gsize limit);
