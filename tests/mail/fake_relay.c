// SPDX-License-Identifier: Apache-2.0
//
// Blocking on purpose: a relay as simple as one can be, so that its faults are the script's.
#include "fake_relay.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct FakeRelay {
  const FakeScript *script;
  int listener;
  guint16 port;
  gint stopping; // atomic
  GThread *thread;
  SSL_CTX *context;
  // of the connection
  int fd;
  SSL *ssl;
  char buffer[65536];
  gsize begin, end;
  gboolean closed, has_sender, has_recipient;
  char *recipient;
  int message; // how many MAILs were heard, less one
  // written down
  GPtrArray *taken, *bodies, *complete;
  GString *heard;
  gsize said, heard_bytes;
  guint resumed, connections;
};

static gboolean wait_for(FakeRelay *relay, int fd) {
  struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
  while (!g_atomic_int_get(&relay->stopping)) {
    if (poll(&poll_fd, 1, 20) > 0) {
      return TRUE;
    }
  }
  return FALSE;
}

static gssize receive(FakeRelay *relay, char *bytes, gsize size) {
  if (relay->ssl != NULL) {
    return SSL_pending(relay->ssl) > 0 || wait_for(relay, relay->fd)
               ? SSL_read(relay->ssl, bytes, (int)size)
               : -1;
  }
  return wait_for(relay, relay->fd) ? recv(relay->fd, bytes, size, 0) : -1;
}

static gboolean fill(FakeRelay *relay) {
  if (relay->begin == relay->end) {
    relay->begin = relay->end = 0;
  }
  gsize size = sizeof relay->buffer - relay->end;
  gssize limit = relay->script->close_after_heard;
  if (limit >= 0) {
    size = MIN(size, (gsize)limit - MIN(relay->heard_bytes, (gsize)limit));
  }
  gssize got = size > 0 ? receive(relay, relay->buffer + relay->end, size) : -1;
  if (got <= 0) {
    relay->closed = TRUE;
    return FALSE;
  }
  relay->end += (gsize)got;
  relay->heard_bytes += (gsize)got;
  return TRUE;
}

static void transmit(FakeRelay *relay, const char *bytes, gsize size) {
  gssize sent = relay->ssl != NULL ? SSL_write(relay->ssl, bytes, (int)size)
                                   : send(relay->fd, bytes, size, MSG_NOSIGNAL);
  if (sent <= 0) {
    relay->closed = TRUE;
  }
}

static void say_bytes(FakeRelay *relay, const char *bytes, gsize size, gulong pause) {
  gssize limit = relay->script->close_after_said;
  gboolean ends = limit >= 0 && relay->said + size >= (gsize)limit;
  if (ends) {
    size = (gsize)limit - MIN(relay->said, (gsize)limit);
  }
  gsize piece = relay->script->bytewise || pause > 0 ? 1 : size;
  for (gsize i = 0; i < size && !relay->closed; i += piece) {
    transmit(relay, bytes + i, MIN(piece, size - i));
    relay->said += MIN(piece, size - i);
    for (gulong slept = 0; slept < pause && !g_atomic_int_get(&relay->stopping); slept += 10000) {
      g_usleep(10000);
    }
  }
  relay->closed |= ends;
}

static void flood(FakeRelay *relay) {
  static const char LINE[] = "250-and on and on it goes, as if there were no other work to do\r\n";
  for (gsize said = 0; said < 10 * 1024 * 1024 && !relay->closed; said += sizeof LINE - 1) {
    transmit(relay, LINE, sizeof LINE - 1);
  }
}

static void hold(FakeRelay *relay) { // until the other side goes
  while (fill(relay)) {
    relay->begin = relay->end;
  }
}

static gboolean is_faulty(const FakeRelay *relay) {
  guint most = relay->script->faulty_connections;
  return most == 0 || relay->connections <= most;
}

static gboolean holds_at(const FakeRelay *relay, FakeStep step) {
  const FakeScript *script = relay->script;
  return is_faulty(relay) &&
         (step < FAKE_MAIL || script->at_message < 0 || script->at_message == relay->message);
}

static const char *answer_to(FakeRelay *relay, FakeStep step, const char *usual) {
  const FakeScript *script = relay->script;
  return holds_at(relay, step) && script->answers[step] != NULL ? script->answers[step] : usual;
}

// Returns the answer's first digit; 0 if the connection is over.
static char say(FakeRelay *relay, FakeStep step, const char *usual) {
  const FakeScript *script = relay->script;
  const char *answer = answer_to(relay, step, usual);
  gboolean holds = holds_at(relay, step);
  if (holds && script->stall_at == step) {
    hold(relay);
  } else if (holds && script->flood_at == step) {
    flood(relay);
  } else if (answer[0] == '\0') {
    relay->closed = TRUE;
  } else {
    say_bytes(relay, answer, strlen(answer), holds && script->trickle_at == step ? 300000 : 0);
    relay->closed |= g_str_has_prefix(answer, "421");
  }
  return relay->closed ? '\0' : answer[0];
}

static char *read_line(FakeRelay *relay) {
  for (;;) {
    char *start = relay->buffer + relay->begin;
    char *end = memchr(start, '\n', relay->end - relay->begin);
    if (end != NULL) {
      relay->begin = (gsize)(end + 1 - relay->buffer);
      return g_strndup(start, (gsize)(end - start) - (end > start && end[-1] == '\r' ? 1 : 0));
    }
    if (!fill(relay)) {
      return NULL;
    }
  }
}

static void take_message(FakeRelay *relay, GByteArray *body) {
  const char *answer = answer_to(relay, FAKE_DOT, "250 2.0.0 Ok: queued as 7\r\n");
  g_ptr_array_add(relay->complete, g_strdup(relay->recipient));
  if (answer[0] == '2' && relay->has_recipient) {
    g_ptr_array_add(relay->taken, g_strdup(relay->recipient));
    g_ptr_array_add(relay->bodies, g_bytes_new(body->data, body->len));
  }
}

static void read_body(FakeRelay *relay) {
  g_autoptr(GByteArray) body = g_byte_array_new();
  gsize paused = 0;
  for (;;) {
    g_autofree char *line = read_line(relay);
    if (line == NULL) {
      return;
    }
    if (g_str_equal(line, ".")) {
      break;
    }
    const char *text = line[0] == '.' ? line + 1 : line;
    g_byte_array_append(body, (const guint8 *)text, (guint)strlen(text));
    g_byte_array_append(body, (const guint8 *)"\r\n", 2);
    if (relay->script->slow_body > 0 && body->len - paused > 4096) {
      paused = body->len;
      g_usleep(relay->script->slow_body);
    }
    if (relay->script->answers[FAKE_BODY] != NULL && body->len > 20 && holds_at(relay, FAKE_BODY)) {
      say(relay, FAKE_BODY, "");
      if (!relay->closed) {
        hold(relay);
      }
      return;
    }
  }
  gboolean company = relay->begin < relay->end;
  if (company && relay->script->hangs_up_on_company) {
    relay->closed = TRUE;
    return;
  }
  if (relay->script->swallows) {
    relay->begin = relay->end;
  }
  if (relay->has_recipient) {
    take_message(relay, body);
    say(relay, FAKE_DOT, "250 2.0.0 Ok: queued as 7\r\n");
  } else {
    say(relay, FAKE_DOT, "554 5.5.1 no valid recipients\r\n");
  }
  relay->has_sender = relay->has_recipient = FALSE;
}

static void begin_tls(FakeRelay *relay) {
  relay->ssl = SSL_new(relay->context);
  SSL_set_fd(relay->ssl, relay->fd);
  if (SSL_accept(relay->ssl) != 1) {
    relay->closed = TRUE;
  } else {
    relay->resumed += SSL_session_reused(relay->ssl) ? 1 : 0;
  }
}

static void say_hello(FakeRelay *relay) {
  g_autoptr(GString) answer = g_string_new("250-relay.example\r\n");
  g_auto(GStrv) lines =
      g_strsplit(relay->script->offers != NULL ? relay->script->offers : "", "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    if (lines[i][0] != '\0') {
      g_string_append_printf(answer, "250-%s\r\n", lines[i]);
    }
  }
  if (relay->context != NULL && relay->ssl == NULL) {
    g_string_append(answer, "250-STARTTLS\r\n");
  }
  g_string_append(answer, "250 HELP\r\n");
  say(relay, FAKE_EHLO, answer->str);
}

static void start_tls(FakeRelay *relay) {
  g_autofree char *usual = g_strconcat("220 2.0.0 go ahead\r\n", relay->script->injected, NULL);
  if (say(relay, FAKE_STARTTLS, usual) == '2') {
    begin_tls(relay);
  }
}

static void log_in(FakeRelay *relay, const char *line) {
  gboolean login = g_str_equal(line, "AUTH LOGIN");
  const char *usual[] = {login ? "334 VXNlcm5hbWU6\r\n" : "235 2.7.0 welcome\r\n",
                         "334 UGFzc3dvcmQ6\r\n", "235 2.7.0 welcome\r\n"};
  for (guint step = 0; step < 3; step++) {
    if (say(relay, FAKE_AUTH + step, usual[step]) != '3') {
      return;
    }
    g_autofree char *answer = read_line(relay);
    if (answer == NULL) {
      return;
    }
    g_string_append_printf(relay->heard, "%s\n", answer);
  }
}

static void obey(FakeRelay *relay, const char *line) {
  if (g_str_has_prefix(line, "EHLO") || g_str_has_prefix(line, "HELO")) {
    if (line[0] == 'E') {
      say_hello(relay);
    } else {
      say_bytes(relay, "250 relay.example\r\n", 19, 0);
    }
  } else if (g_str_equal(line, "STARTTLS")) {
    start_tls(relay);
  } else if (g_str_has_prefix(line, "AUTH")) {
    log_in(relay, line);
  } else if (g_str_has_prefix(line, "MAIL FROM:")) {
    relay->message++;
    relay->has_recipient = FALSE;
    relay->has_sender =
        say(relay, FAKE_MAIL,
            relay->has_sender ? "503 5.5.1 nested MAIL\r\n" : "250 2.1.0 Ok\r\n") == '2';
  } else if (g_str_has_prefix(line, "RCPT TO:<")) {
    g_free(relay->recipient);
    relay->recipient = g_strndup(line + 9, strcspn(line + 9, ">"));
    relay->has_recipient =
        say(relay, FAKE_RCPT,
            relay->has_sender ? "250 2.1.5 Ok\r\n" : "503 5.5.1 first MAIL\r\n") == '2';
  } else if (g_str_equal(line, "DATA")) {
    if (say(relay, FAKE_DATA,
            relay->has_recipient ? "354 end with a dot\r\n"
                                 : "554 5.5.1 no valid recipients\r\n") == '3') {
      read_body(relay);
    }
  } else if (g_str_equal(line, "RSET")) {
    relay->has_sender = relay->has_recipient = FALSE;
    say(relay, FAKE_RSET, "250 2.0.0 Ok\r\n");
  } else if (g_str_equal(line, "NOOP")) {
    say(relay, FAKE_NOOP, "250 2.0.0 Ok\r\n");
  } else if (g_str_equal(line, "QUIT")) {
    say(relay, FAKE_QUIT, "221 2.0.0 Bye\r\n");
    relay->closed = TRUE;
  } else {
    say_bytes(relay, "500 5.5.2 what?\r\n", 17, 0);
  }
}

static void serve(FakeRelay *relay) {
  int on = 1;
  setsockopt(relay->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  relay->begin = relay->end = 0;
  relay->closed = relay->has_sender = relay->has_recipient = FALSE;
  relay->message = -1;
  relay->connections++;
  if (relay->script->tls_first) {
    begin_tls(relay);
  }
  if (!relay->closed) {
    say(relay, FAKE_GREETING, "220 relay.example ESMTP\r\n");
  }
  while (!relay->closed) {
    g_autofree char *line = read_line(relay);
    if (line != NULL) {
      g_string_append_printf(relay->heard, "%s\n", line);
      obey(relay, line);
    }
  }
  if (relay->ssl != NULL) {
    SSL_shutdown(relay->ssl);
    SSL_free(relay->ssl);
    relay->ssl = NULL;
  }
  close(relay->fd);
}

static gpointer run(gpointer data) {
  FakeRelay *relay = data;
  while (wait_for(relay, relay->listener)) {
    relay->fd = accept4(relay->listener, NULL, NULL, SOCK_CLOEXEC);
    if (relay->fd >= 0) {
      serve(relay);
    }
  }
  return NULL;
}

FakeRelay *fake_relay_start(const FakeScript *script) {
  FakeRelay *relay = g_new0(FakeRelay, 1);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  relay->script = script;
  relay->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int small = 16384;
  if (script->slow_body > 0) {
    setsockopt(relay->listener, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  }
  g_assert(bind(relay->listener, (struct sockaddr *)&address, sizeof address) == 0);
  g_assert(listen(relay->listener, 16) == 0);
  g_assert(getsockname(relay->listener, (struct sockaddr *)&address, &length) == 0);
  relay->port = ntohs(address.sin_port);
  relay->taken = g_ptr_array_new_with_free_func(g_free);
  relay->complete = g_ptr_array_new_with_free_func(g_free);
  relay->bodies = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
  relay->heard = g_string_new(NULL);
  if (script->pem_file != NULL) {
    relay->context = SSL_CTX_new(TLS_server_method());
    g_assert(SSL_CTX_use_certificate_file(relay->context, script->pem_file, SSL_FILETYPE_PEM) == 1);
    g_assert(SSL_CTX_use_PrivateKey_file(relay->context, script->pem_file, SSL_FILETYPE_PEM) == 1);
  }
  relay->thread = g_thread_new("relay", run, relay);
  return relay;
}

guint16 fake_relay_port(FakeRelay *relay) {
  return relay->port;
}

void fake_relay_stop(FakeRelay *relay) {
  if (relay->thread != NULL) {
    g_atomic_int_set(&relay->stopping, 1);
    shutdown(relay->listener, SHUT_RDWR); // wakes the thread
    g_thread_join(relay->thread);
    relay->thread = NULL;
    close(relay->listener);
  }
}

void fake_relay_free(FakeRelay *relay) {
  fake_relay_stop(relay);
  g_ptr_array_unref(relay->taken);
  g_ptr_array_unref(relay->complete);
  g_ptr_array_unref(relay->bodies);
  g_string_free(relay->heard, TRUE);
  g_free(relay->recipient);
  SSL_CTX_free(relay->context);
  g_free(relay);
}

const GPtrArray *fake_relay_taken(FakeRelay *relay) {
  return relay->taken;
}

const GPtrArray *fake_relay_bodies(FakeRelay *relay) {
  return relay->bodies;
}

const GPtrArray *fake_relay_complete(FakeRelay *relay) {
  return relay->complete;
}

const char *fake_relay_heard(FakeRelay *relay) {
  return relay->heard->str;
}

gsize fake_relay_said(FakeRelay *relay) {
  return relay->said;
}

gsize fake_relay_heard_bytes(FakeRelay *relay) {
  return relay->heard_bytes;
}

guint fake_relay_resumed(FakeRelay *relay) {
  return relay->resumed;
}

guint fake_relay_connections(FakeRelay *relay) {
  return relay->connections;
}
