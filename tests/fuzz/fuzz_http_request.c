// SPDX-License-Identifier: Apache-2.0
//
// Whatever bytes a client sends as requests: parsing ends, stays within the bytes, gives the same
// answer wherever the network cuts them, and what it takes can be decoded.
#include "web/http_parser.h"
#include "web/request_parts.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void read_body(const HttpHead *head, Slice rest) {
  g_autoptr(GByteArray) body = g_byte_array_new();
  ChunkReader reader = {0};
  if (!head->chunked) {
    return;
  }
  gssize taken = chunk_reader_feed(&reader, rest, body, 4096);
  g_assert(taken <= (gssize)rest.length && body->len <= 4096);
  g_autoptr(GByteArray) bytewise = g_byte_array_new();
  ChunkReader slow = {0};
  for (gsize i = 0; i < rest.length && slow.state != CHUNK_DONE; i++) {
    if (chunk_reader_feed(&slow, slice_range(rest, i, 1), bytewise, 4096) < 0) {
      g_assert(taken < 0);
      return;
    }
  }
  g_assert(taken >= 0 && slow.state == reader.state && bytewise->len == body->len);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size) {
  Slice bytes = {(const char *)data, size};
  HttpHead head;
  gsize scanned = 0;
  guint status = http_parse_head(bytes, 16384, &scanned, &head);
  gsize part = size > 0 ? data[size - 1] % size : 0;
  HttpHead again;
  gsize scanned_again = 0;
  guint early = http_parse_head(slice_range(bytes, 0, part), 16384, &scanned_again, &again);
  if (early == 0) {
    early = http_parse_head(bytes, 16384, &scanned_again, &again);
    g_assert(early == status);
  }
  if (status != 200) {
    return 0;
  }
  g_assert(head.length <= size && head.target.length > 0);
  RequestParts parts = {.method = head.method,
                        .target = head.target,
                        .headers = head.headers,
                        .header_count = head.header_count};
  g_autoptr(Request) request = request_new(&parts);
  if (request != NULL) {
    g_assert(request_path(request)[0] == '/' && g_utf8_validate(request_path(request), -1, NULL));
    (void)request_query(request, "page");
  }
  read_body(&head, slice_from(bytes, head.length));
  return 0;
}
