// SPDX-License-Identifier: Apache-2.0
//
// The thread posts while it holds the lookup's lock, and a cancelled lookup posts no more: so the
// loop may be freed while a slow name server is still being waited for.
#include "mail/smtp_resolve.h"

#include <netdb.h>
#include <string.h>

struct SmtpLookup {
  EventLoop *loop;
  char *host;
  guint16 port;
  void (*done)(const SmtpAddresses *addresses, gpointer data);
  gpointer data;
  SmtpAddresses found;
  GMutex lock;
  gboolean cancelled; // under `lock`
};

static void lookup_free(SmtpLookup *lookup) {
  g_mutex_clear(&lookup->lock);
  g_free(lookup->host);
  g_free(lookup);
}

static void add(SmtpAddresses *found, const struct addrinfo *info) {
  SmtpAddress *address = &found->list[found->count++];
  memcpy(&address->to.space, info->ai_addr, info->ai_addrlen);
  address->length = info->ai_addrlen;
}

static const struct addrinfo *next_of(const struct addrinfo *info, int family, gboolean same) {
  while (info != NULL && (info->ai_family == family) != same) {
    info = info->ai_next;
  }
  return info;
}

// The first address's family and the others by turns.
static void interleave(SmtpAddresses *found, const struct addrinfo *list) {
  int family = list->ai_family;
  const struct addrinfo *next[2] = {list, next_of(list, family, FALSE)};
  for (guint turn = 0; found->count < SMTP_ADDRESSES && (next[0] != NULL || next[1] != NULL);
       turn++) {
    const struct addrinfo **from = &next[next[turn % 2] != NULL ? turn % 2 : (turn + 1) % 2];
    gboolean same = (*from)->ai_family == family;
    if ((*from)->ai_addrlen <= sizeof(struct sockaddr_storage)) {
      add(found, *from);
    }
    *from = next_of((*from)->ai_next, family, same);
  }
}

static void look_up(SmtpLookup *lookup, int flags) {
  struct addrinfo wanted = {.ai_socktype = SOCK_STREAM, .ai_flags = flags | AI_NUMERICSERV};
  struct addrinfo *list = NULL;
  char port[8];
  g_snprintf(port, sizeof port, "%u", lookup->port);
  int failure = getaddrinfo(lookup->host, port, &wanted, &list);
  if (failure == 0 && list != NULL) {
    interleave(&lookup->found, list);
  } else {
    g_snprintf(lookup->found.problem, sizeof lookup->found.problem, "%s", gai_strerror(failure));
  }
  if (list != NULL) {
    freeaddrinfo(list);
  }
}

static void deliver(gpointer data) {
  SmtpLookup *lookup = data;
  g_mutex_lock(&lookup->lock); // the thread that posted may hold it still
  g_mutex_unlock(&lookup->lock);
  if (!lookup->cancelled) { // both are for the loop's thread once posted
    lookup->done(&lookup->found, lookup->data);
  }
  lookup_free(lookup);
}

static void post(SmtpLookup *lookup) {
  g_mutex_lock(&lookup->lock);
  gboolean cancelled = lookup->cancelled;
  if (!cancelled) {
    event_loop_post(lookup->loop, deliver, lookup);
  }
  g_mutex_unlock(&lookup->lock);
  if (cancelled) {
    lookup_free(lookup);
  }
}

static gpointer look_up_on_thread(gpointer data) {
  SmtpLookup *lookup = data;
  look_up(lookup, AI_ADDRCONFIG);
  post(lookup);
  return NULL;
}

SmtpLookup *smtp_lookup_start(EventLoop *loop, const char *host, guint16 port,
                              void (*done)(const SmtpAddresses *addresses, gpointer data),
                              gpointer data) {
  SmtpLookup *lookup = g_new0(SmtpLookup, 1);
  *lookup =
      (SmtpLookup){.loop = loop, .host = g_strdup(host), .port = port, .done = done, .data = data};
  g_mutex_init(&lookup->lock);
  look_up(lookup, AI_NUMERICHOST);
  if (lookup->found.count > 0) {
    post(lookup);
    return lookup;
  }
  g_autoptr(GThread) thread = g_thread_try_new("lookup", look_up_on_thread, lookup, NULL);
  if (thread == NULL) {
    g_snprintf(lookup->found.problem, sizeof lookup->found.problem, "no thread could be started");
    post(lookup);
  }
  return lookup;
}

void smtp_lookup_cancel(SmtpLookup *lookup) {
  g_mutex_lock(&lookup->lock);
  lookup->cancelled = TRUE;
  g_mutex_unlock(&lookup->lock);
}
