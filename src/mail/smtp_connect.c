// SPDX-License-Identifier: Apache-2.0
//
// Connecting, with several attempts under way at once where a relay has several addresses. Nothing
// here blocks; sockets come out with TCP_NODELAY and keep-alive probes.
#include "mail/smtp_connect.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "mail/smtp_resolve.h"
#include "mail/smtp_tls.h"

#define NEXT_AFTER (250 * 1000) // microseconds; RFC 8305 8

typedef struct Attempt {
  SmtpConnect *connect;
  EventWatch *watch; // NULL: over
  int fd;
} Attempt;

struct SmtpConnect {
  EventLoop *loop;
  const SmtpRelay *relay;
  void (*done)(int fd, const char *problem, gpointer data);
  gpointer data;
  SmtpLookup *lookup; // until it is done
  EventTimer *next;
  SmtpAddresses addresses;
  Attempt attempts[SMTP_ADDRESSES];
  guint begun, under_way;
  int error; // of the last that failed
};

static void end_attempt(Attempt *attempt, gboolean keep) {
  event_watch_free(attempt->watch);
  attempt->watch = NULL;
  attempt->connect->under_way--;
  if (!keep) {
    close(attempt->fd);
  }
}

void smtp_connect_free(SmtpConnect *connect) {
  if (connect == NULL) {
    return;
  }
  if (connect->lookup != NULL) {
    smtp_lookup_cancel(connect->lookup);
  }
  for (guint i = 0; i < connect->begun; i++) {
    if (connect->attempts[i].watch != NULL) {
      end_attempt(&connect->attempts[i], FALSE);
    }
  }
  event_timer_free(connect->next);
  g_free(connect);
}

static void begin_next(SmtpConnect *connect);

static void fail_when_none_left(SmtpConnect *connect) {
  if (connect->under_way > 0 || connect->begun < connect->addresses.count) {
    return;
  }
  char problem[SMTP_REASON_SIZE];
  g_snprintf(problem, sizeof problem, "%s does not let us connect to its port %u: %s",
             connect->relay->host, connect->relay->port, g_strerror(connect->error));
  connect->done(-1, problem, connect->data);
}

static void attempt_ready(guint32 events, gpointer data) {
  Attempt *attempt = data;
  SmtpConnect *connect = attempt->connect;
  int error = 0;
  socklen_t length = sizeof error;
  if (getsockopt(attempt->fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0) {
    error = errno;
  }
  end_attempt(attempt, error == 0);
  if (error == 0) {
    event_timer_set(connect->next, 0);
    connect->done(attempt->fd, NULL, connect->data);
    return;
  }
  connect->error = error;
  begin_next(connect);
}

static int socket_to(const SmtpAddress *address) {
  int fd = socket(address->to.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    return -1;
  }
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  if (connect(fd, &address->to.any, address->length) != 0 && errno != EINPROGRESS) {
    int reason = errno;
    close(fd);
    errno = reason;
    return -1;
  }
  return fd;
}

static void begin_next(SmtpConnect *connect) {
  while (connect->begun < connect->addresses.count) {
    Attempt *attempt = &connect->attempts[connect->begun];
    attempt->connect = connect;
    attempt->fd = socket_to(&connect->addresses.list[connect->begun++]);
    if (attempt->fd >= 0) {
      attempt->watch =
          event_loop_watch(connect->loop, attempt->fd, EPOLLOUT, attempt_ready, attempt);
    }
    if (attempt->fd >= 0 && attempt->watch != NULL) {
      connect->under_way++;
      break;
    }
    connect->error = errno;
    if (attempt->fd >= 0) {
      close(attempt->fd);
    }
  }
  gboolean more = connect->begun < connect->addresses.count;
  event_timer_set(connect->next, more ? event_loop_now(connect->loop) + NEXT_AFTER : 0);
  fail_when_none_left(connect);
}

static void begin_next_now(gpointer data) {
  begin_next(data);
}

static void looked_up(const SmtpAddresses *addresses, gpointer data) {
  SmtpConnect *connect = data;
  connect->lookup = NULL;
  if (addresses->count == 0) {
    char problem[SMTP_REASON_SIZE];
    g_snprintf(problem, sizeof problem, "the name %s could not be looked up: %s",
               connect->relay->host, addresses->problem);
    connect->done(-1, problem, connect->data);
    return;
  }
  connect->addresses = *addresses;
  begin_next(connect);
}

SmtpConnect *smtp_connect_start(EventLoop *loop, const SmtpRelay *relay,
                                void (*done)(int fd, const char *problem, gpointer data),
                                gpointer data) {
  SmtpConnect *connect = g_new0(SmtpConnect, 1);
  *connect = (SmtpConnect){.loop = loop, .relay = relay, .done = done, .data = data};
  connect->next = event_loop_timer(loop, begin_next_now, connect);
  connect->lookup = smtp_lookup_start(loop, relay->host, relay->port, looked_up, connect);
  return connect;
}
