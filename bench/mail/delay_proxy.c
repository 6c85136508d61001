// SPDX-License-Identifier: Apache-2.0
//
// usage: delay_proxy LISTEN_PORT TARGET_PORT MICROSECONDS
//
// Stands between a sender and a sink on 127.0.0.1 and holds every byte back for so long, each way:
// a relay at the end of a long line, without limits of bandwidth. Two threads a direction. For
// bench/mail.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib.h>

#define CHUNK 65536

typedef struct Chunk {
  gint64 due; // monotonic
  gssize length;
  char bytes[CHUNK];
} Chunk;

typedef struct Way {
  int from, to;
  gint64 delay;
  GAsyncQueue *chunks;
} Way;

static gpointer write_chunks(gpointer data) {
  Way *way = data;
  for (Chunk *chunk; (chunk = g_async_queue_pop(way->chunks))->length > 0; g_free(chunk)) {
    gint64 left = chunk->due - g_get_monotonic_time();
    if (left > 0) {
      g_usleep((gulong)left);
    }
    for (gssize at = 0; at < chunk->length;) {
      gssize written = send(way->to, chunk->bytes + at, (gsize)(chunk->length - at), MSG_NOSIGNAL);
      if (written <= 0) {
        break;
      }
      at += written;
    }
  }
  shutdown(way->to, SHUT_WR);
  return NULL;
}

static gpointer read_chunks(gpointer data) {
  Way *way = data;
  for (gboolean open = TRUE; open;) {
    Chunk *chunk = g_malloc(sizeof *chunk);
    chunk->length = recv(way->from, chunk->bytes, CHUNK, 0);
    chunk->due = g_get_monotonic_time() + way->delay;
    open = chunk->length > 0;
    g_async_queue_push(way->chunks, chunk);
  }
  return NULL;
}

static void carry(int from, int to, gint64 delay) {
  Way *way = g_new(Way, 1);
  *way = (Way){from, to, delay, g_async_queue_new()};
  g_thread_unref(g_thread_new("read", read_chunks, way));
  g_thread_unref(g_thread_new("write", write_chunks, way));
}

static struct sockaddr_in local(const char *port) {
  return (struct sockaddr_in){.sin_family = AF_INET,
                              .sin_port = htons((guint16)atoi(port)),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static int prompt(int fd) {
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: delay_proxy LISTEN_PORT TARGET_PORT MICROSECONDS\n");
    return 2;
  }
  struct sockaddr_in here = local(argv[1]);
  struct sockaddr_in there = local(argv[2]);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener, (struct sockaddr *)&here, sizeof here) != 0 || listen(listener, 1000) != 0) {
    perror("delay_proxy");
    return 1;
  }
  for (int client; (client = accept(listener, NULL, NULL)) >= 0;) {
    int server = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(server, (struct sockaddr *)&there, sizeof there) != 0) {
      perror("delay_proxy");
      return 1;
    }
    carry(prompt(client), prompt(server), atol(argv[3]));
    carry(server, client, atol(argv[3]));
  }
  return 0;
}
