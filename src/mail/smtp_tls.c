// SPDX-License-Identifier: Apache-2.0
//
// OpenSSL for the post, and the only file that includes it. Certificates are verified against the
// relay's configured name or address (also the addresses in a certificate), TLS 1.2 is the least,
// and the last session is resumed, which spares the handshake's signatures. The socket is reached
// through a BIO of ours: send(2) with MSG_NOSIGNAL, and a count of what the kernel has taken, which
// is what decides between "not sent" and "uncertain".
#include "mail/smtp_tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gio/gio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <sys/socket.h>

struct SmtpTls {
  SSL_CTX *context;
  BIO_METHOD *socket_method;
  SSL_SESSION *session; // the last one that the relay offered
  char *host;           // without a final dot
  gboolean is_address, insecure;
};

struct SmtpTlsLink {
  SmtpTls *tls;
  SSL *ssl;
  int fd, send_flags;
  guint64 sent;
};

// ── the socket as a BIO ──────────────────────────────────────────────────────────────────────

static int socket_write(BIO *bio, const char *bytes, int size) {
  SmtpTlsLink *link = BIO_get_data(bio);
  BIO_clear_retry_flags(bio);
  gssize sent = send(link->fd, bytes, (gsize)size, MSG_NOSIGNAL | link->send_flags);
  if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
    BIO_set_retry_write(bio);
  }
  link->sent += sent > 0 ? (guint64)sent : 0;
  return (int)sent;
}

static int socket_read(BIO *bio, char *bytes, int size) {
  SmtpTlsLink *link = BIO_get_data(bio);
  BIO_clear_retry_flags(bio);
  gssize got = recv(link->fd, bytes, (gsize)size, 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
    BIO_set_retry_read(bio);
  }
  return (int)got;
}

static long socket_control(BIO *bio, int command, long number, void *pointer) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

static BIO_METHOD *socket_method_new(void) {
  BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "relay");
  BIO_meth_set_write(method, socket_write);
  BIO_meth_set_read(method, socket_read);
  BIO_meth_set_ctrl(method, socket_control);
  return method;
}

// ── the context ──────────────────────────────────────────────────────────────────────────────

static int keep_session(SSL *ssl, SSL_SESSION *session) {
  SmtpTls *tls = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
  SSL_SESSION_free(tls->session);
  tls->session = session;
  return 1; // the reference is ours now
}

static gboolean trust_certificates(SmtpTls *tls, const SmtpRelay *relay, GError **error) {
  if (relay->ca_file == NULL || relay->ca_file[0] == '\0') {
    return SSL_CTX_set_default_verify_paths(tls->context) == 1;
  }
  if (SSL_CTX_load_verify_locations(tls->context, relay->ca_file, NULL) == 1) {
    return TRUE;
  }
  const char *reason = ERR_reason_error_string(ERR_peek_last_error());
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
              "relay %s: no certificates can be read from its ca_file %s (%s); it must be a PEM "
              "file that this user may read",
              relay->name, relay->ca_file, reason != NULL ? reason : "unreadable");
  ERR_clear_error();
  return FALSE;
}

static gboolean is_address(const char *host) {
  struct in6_addr address;
  return inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1;
}

SmtpTls *smtp_tls_new(const SmtpRelay *relay, GError **error) {
  g_autoptr(SmtpTls) tls = g_new0(SmtpTls, 1);
  tls->context = SSL_CTX_new(TLS_client_method());
  tls->socket_method = socket_method_new();
  tls->host = g_strdup(relay->host);
  if (g_str_has_suffix(tls->host, ".")) {
    tls->host[strlen(tls->host) - 1] = '\0';
  }
  tls->is_address = is_address(tls->host);
  tls->insecure = relay->insecure;
  if (!trust_certificates(tls, relay, error)) {
    return NULL;
  }
  SSL_CTX_set_min_proto_version(tls->context, TLS1_2_VERSION);
  SSL_CTX_set_options(tls->context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(tls->context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_verify(tls->context, tls->insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, NULL);
  SSL_CTX_set_session_cache_mode(tls->context,
                                 SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
  SSL_CTX_set_app_data(tls->context, tls);
  SSL_CTX_sess_set_new_cb(tls->context, keep_session);
  return g_steal_pointer(&tls);
}

void smtp_tls_free(SmtpTls *tls) {
  if (tls != NULL) {
    SSL_SESSION_free(tls->session);
    SSL_CTX_free(tls->context);
    BIO_meth_free(tls->socket_method);
    g_free(tls->host);
    g_free(tls);
  }
}

// ── a link ───────────────────────────────────────────────────────────────────────────────────

static gboolean expect_name(SmtpTlsLink *link) {
  SmtpTls *tls = link->tls;
  X509_VERIFY_PARAM *parameters = SSL_get0_param(link->ssl);
  if (tls->is_address) {
    return tls->insecure || X509_VERIFY_PARAM_set1_ip_asc(parameters, tls->host) == 1;
  }
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set_tlsext_host_name(link->ssl, tls->host) == 1 &&
         (tls->insecure || X509_VERIFY_PARAM_set1_host(parameters, tls->host, 0) == 1);
}

SmtpTlsLink *smtp_tls_link_new(SmtpTls *tls, int fd) {
  SmtpTlsLink *link = g_new0(SmtpTlsLink, 1);
  link->tls = tls;
  link->fd = fd;
  link->ssl = SSL_new(tls->context);
  BIO *bio = BIO_new(tls->socket_method);
  if (link->ssl == NULL || bio == NULL || !expect_name(link)) {
    BIO_free(bio);
    smtp_tls_link_free(link);
    return NULL;
  }
  BIO_set_data(bio, link);
  BIO_set_init(bio, 1);
  SSL_set_bio(link->ssl, bio, bio);
  SSL_set_connect_state(link->ssl);
  if (tls->session != NULL) {
    SSL_set_session(link->ssl, tls->session);
  }
  return link;
}

void smtp_tls_link_free(SmtpTlsLink *link) {
  if (link != NULL) {
    if (link->ssl != NULL && SSL_is_init_finished(link->ssl)) {
      SSL_shutdown(link->ssl); // says goodbye if the socket takes it, and keeps the session usable
      ERR_clear_error();
    }
    SSL_free(link->ssl);
    g_free(link);
  }
}

static SmtpIo io_of(SmtpTlsLink *link, int result) {
  int reason = errno;
  switch (SSL_get_error(link->ssl, result)) {
  case SSL_ERROR_WANT_READ:
    return SMTP_IO_WANT_READ;
  case SSL_ERROR_WANT_WRITE:
    return SMTP_IO_WANT_WRITE;
  case SSL_ERROR_ZERO_RETURN:
    return SMTP_IO_END;
  case SSL_ERROR_SYSCALL:
    errno = reason;
    return reason == 0 ? SMTP_IO_END : SMTP_IO_FAILED;
  default:
    errno = EPROTO;
    // Closing without a farewell cuts no reply short: each ends with a line of its own.
    return ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING
               ? SMTP_IO_END
               : SMTP_IO_FAILED;
  }
}

static void explain(SmtpTlsLink *link, char *reason) {
  long verdict = SSL_get_verify_result(link->ssl);
  const char *cause = ERR_reason_error_string(ERR_peek_last_error());
  if (verdict == X509_V_ERR_HOSTNAME_MISMATCH || verdict == X509_V_ERR_IP_ADDRESS_MISMATCH) {
    g_snprintf(reason, SMTP_REASON_SIZE,
               "the relay's certificate is not for %s; give the relay's host as its certificate "
               "names it",
               link->tls->host);
  } else if (verdict != X509_V_OK) {
    g_snprintf(reason, SMTP_REASON_SIZE,
               "the certificate of %s is not trusted: %s; if it is signed by an authority of your "
               "own, name that one's file as the relay's ca_file",
               link->tls->host, X509_verify_cert_error_string(verdict));
  } else {
    g_snprintf(reason, SMTP_REASON_SIZE,
               "TLS with %s failed: %s; is it the right port for this kind of TLS?",
               link->tls->host, cause != NULL ? cause : g_strerror(errno));
  }
}

SmtpIo smtp_tls_link_handshake(SmtpTlsLink *link, char *reason) {
  ERR_clear_error();
  errno = 0;
  int result = SSL_do_handshake(link->ssl);
  if (result == 1) {
    return SMTP_IO_OK;
  }
  SmtpIo io = io_of(link, result);
  if (io == SMTP_IO_END) {
    g_snprintf(reason, SMTP_REASON_SIZE, "%s closed the connection while TLS was being agreed on",
               link->tls->host);
    io = SMTP_IO_FAILED;
  } else if (io == SMTP_IO_FAILED) {
    explain(link, reason);
  }
  ERR_clear_error();
  return io;
}

SmtpIo smtp_tls_link_read(SmtpTlsLink *link, void *bytes, gsize size, gsize *ret_got) {
  ERR_clear_error();
  errno = 0;
  int result = SSL_read(link->ssl, bytes, (int)MIN(size, G_MAXINT));
  *ret_got = result > 0 ? (gsize)result : 0;
  return result > 0 ? SMTP_IO_OK : io_of(link, result);
}

SmtpIo smtp_tls_link_write(SmtpTlsLink *link, const void *bytes, gsize size, gboolean more,
                           gsize *ret_taken) {
  ERR_clear_error();
  errno = 0;
  link->send_flags = more ? MSG_MORE : 0;
  int result = SSL_write(link->ssl, bytes, (int)MIN(size, G_MAXINT));
  link->send_flags = 0;
  *ret_taken = result > 0 ? (gsize)result : 0;
  return result > 0 ? SMTP_IO_OK : io_of(link, result);
}

guint64 smtp_tls_link_sent(const SmtpTlsLink *link) {
  return link->sent;
}
