// SPDX-License-Identifier: Apache-2.0
//
// What the files of the I/O threads share: io_thread.c (loop), http_connection.c (a connection's
// life), http_dispatch.c (requests), http_answer.c (answers), http_output.c (bytes), http_peer.c
// (addresses). All but io_thread_complete runs on the thread that owns the connection.
#pragma once

#include <netinet/in.h>

#include "web/http_connection.h"

typedef enum ConnectionState {
  STATE_HEAD,
  STATE_BODY,
  STATE_WAITING,
  STATE_STREAM, // an answer whose bytes still come
  STATE_LINGER
} ConnectionState;

typedef struct Segment { // bytes to send and what keeps them alive
  const char *data;
  gsize length;
  CachedPage *page; // reference, or NULL
  char *own;        // owned bytes, or NULL
} Segment;

typedef struct Connection {
  int fd;
  guint64 id;
  IoThread *thread;
  struct Connection *previous, *next;
  ConnectionState state;
  gint64 deadline; // monotonic µs
  GByteArray *in;  // bytes read and not yet used; NULL when there are none
  gsize scanned;
  gboolean readable, hung_up, peer_done, close_after;
  GArray *out;  // Segment; what the socket would not take; NULL when there is none
  gsize out_at; // first segment not wholly sent
  gsize sent_since;
  // of the request being read or waited for
  HttpHead *head; // with its bytes in head_bytes; NULL but in BODY and WAITING
  char *head_bytes;
  GByteArray *body;
  gsize body_limit;
  gboolean announced;               // a file that nobody has been let send yet
  int body_file;                    // 0: the body is kept in memory
  gsize body_written, body_renewed; // bytes of the file; of them when the deadline was last renewed
  ResponseStream *stream;           // in STREAM
  gboolean stream_chunked;
  ChunkReader *chunks;
  struct sockaddr_storage peer;
} Connection;

struct IoThread {
  HttpServer *server;
  GThread *thread;
  int epoll, wake_fd;
  Listeners listeners;
  PageView *view;
  Connection *connections;
  GHashTable *by_id; // connections in WAITING and STREAM
  guint64 last_id;
  char *buffer; // HTTP_READ_BUFFER
  HttpHead head;
  // what this turn of the loop writes, before it is flushed
  Segment segments[HTTP_BATCH * 3];
  guint segment_count;
  char date[2][64]; // "Date: …\r\n\r\n", "Date: …\r\nConnection: close\r\n\r\n"
  gsize date_length[2];
  gint64 date_second;
  char log_time[48]; // what stands in the access log between address and method
  gsize log_time_length;
  gint64 now, real_now; // monotonic and real µs, of this turn
  gint64 next_sweep, next_view_sweep;
  GString *log;
  GMutex lock; // guards completions and gone
  GArray *completions;
  gboolean gone;        // nobody takes completions any more
  gint64 stop_deadline; // atomic; 0: go on
  HttpCounters counters;
};

// http_connection.c
static inline void connection_set_deadline(Connection *connection, guint seconds) {
  connection->deadline = connection->thread->now + (gint64)seconds * G_USEC_PER_SEC;
}
void connection_advance(Connection *connection);   // works on what is there; may close it
gboolean connection_flush(Connection *connection); // FALSE: the connection is gone
void connection_expire(Connection *connection);    // past its deadline
void connection_close(Connection *connection);     // frees

// http_output.c. `page`: keeps `data` alive, a reference is taken if need be; `own`: taken, freed
// when it is sent; neither: the thread's Date line.
void http_output_add(IoThread *thread, const char *data, gsize length, CachedPage *page, char *own);
gboolean http_output_flush(Connection *connection);     // FALSE: broken
gboolean http_output_send_kept(Connection *connection); // FALSE: broken
void http_output_drop(Connection *connection);

// http_answer.c
ContentCoding http_coding_for(const HttpHead *head);
// Queues the answer; the page must live until the flush.
void http_answer(Connection *connection, const HttpHead *head, CachedPage *page,
                 ContentCoding coding);
// An answer of the server's own, without a page; closes unless the request is wholly read.
void http_answer_status(Connection *connection, const HttpHead *head, guint status,
                        gboolean keep_alive);
void http_answer_text(Connection *connection, const HttpHead *head, const char *media_type,
                      GString *text); // takes `text`
void access_log_flush(IoThread *thread);

// http_peer.c
// The client's address: the rightmost of X-Forwarded-For that no trusted proxy of ours has.
char *http_peer_client(const Connection *connection, const HttpHead *head, gboolean *ret_secure);
void http_peer_write(const Connection *connection, char *out, gsize size);
// On this machine or in a private network, and not through a proxy.
gboolean http_peer_is_private(const Connection *connection, const HttpHead *head);

// http_dispatch.c
// A request without a body. `bytes` is where the head stands.
void http_dispatch(Connection *connection, const HttpHead *head, const char *bytes);
// The head is read and announces a body.
void http_dispatch_begin_body(Connection *connection, const HttpHead *head, const char *bytes);
// Takes what belongs to the body; gives how many bytes, -1 when the connection was refused.
gssize http_dispatch_feed_body(Connection *connection, Slice bytes);
void connection_drop_request(Connection *connection);
// Whoever announced a file may send it.
void http_dispatch_admitted(Connection *connection);

// http_stream.c
// The head is queued: what follows comes from the page's stream.
void http_stream_begin(Connection *connection, const HttpHead *head, CachedPage *page);
// Sends what there is; may close the connection.
void http_stream_pump(Connection *connection);
void http_stream_drop(Connection *connection);
