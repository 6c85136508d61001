// SPDX-License-Identifier: Apache-2.0
//
// Asks other machines for bytes, by libcurl: files over https, messages over IMAP. base/fetch.c is
// the only file that knows libcurl. Certificates are verified, no redirect is followed, no proxy
// of the environment is used, answers are bounded in size and time. Unless it is told otherwise it
// never connects to an address inside a network (loopback, private, link-local, reserved, and what
// maps to these by NAT64, 6to4 or ::ffff:0:0/96), whatever the URL calls it: the address itself is
// looked at, when the socket is made, so that no name that changes its mind can get round it.
// Called by mail/imap, and by the webhooks for the certificate that signs them.
#pragma once

#include <sys/socket.h>

#include "base/slice.h"

#define FETCH_ERROR fetch_error_quark()
GQuark fetch_error_quark(void);
typedef enum FetchError {
  FETCH_ERROR_URL,         // malformed, or of another protocol
  FETCH_ERROR_REFUSED,     // it leads inside
  FETCH_ERROR_UNREACHABLE, // no such host, no answer in time, broken off, bad certificate
  FETCH_ERROR_LOGIN,
  FETCH_ERROR_STATUS, // the other side says no (HTTP but 2xx, IMAP NO or BAD)
  FETCH_ERROR_TOO_LARGE
} FetchError;

typedef struct FetchOptions {
  const char *protocols;       // "https", "imap,imaps"
  gboolean inside;             // may lead inside: only for a host that the newspaper's keeper named
  gboolean plain;              // without TLS, or with any certificate: for trials only
  const char *ca_file;         // NULL or "": the system's
  const char *user, *password; // NULL or "": none
  guint seconds;               // for each request; 0: 30
  gsize most;                  // bytes of an answer
} FetchOptions;

// Keeps its connection between requests. One thread at a time; the options are copied.
typedef struct Fetcher Fetcher;
Fetcher *fetcher_new(const FetchOptions *options);
void fetcher_free(Fetcher *fetcher);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fetcher, fetcher_free)
// `command`: of IMAP, in place of what the URL asks for; NULL: none. Caller unrefs.
GBytes *fetcher_get(Fetcher *fetcher, const char *url, const char *command, GError **error);

// Whether an address may be connected to by those who must not get inside. Pure.
// Posts it with these header lines (NULL-terminated) and looks at the answer's status only. FALSE:
// no connection, or a status that is not 2xx; *ret_status is HTTP's, 0 for none.
gboolean fetcher_post(Fetcher *fetcher, const char *url, const char *const *headers, Slice body,
                      gint32 *ret_status, GError **error);

gboolean fetch_is_outside(const struct sockaddr *address);
