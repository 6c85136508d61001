// SPDX-License-Identifier: Apache-2.0
//
// Writing is what this file is for: many pieces in one sendmsg(2) without TLS, full records with
// it. A body is sent with MSG_MORE: its last, short segment waits in the kernel for the final dot
// (for 200 ms at most), which spares a packet and a wake-up of the relay for each message; the
// relay could do nothing with it before the dot anyway.
#include "mail/smtp_channel.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PIECES 64
#define RECORD 16384
#define FLUSH_AT_MOST (1024 * 1024)

void smtp_channel_open(SmtpChannel *channel, int fd) {
  *channel = (SmtpChannel){.fd = fd, .out = g_string_sized_new(1024)};
}

void smtp_channel_close(SmtpChannel *channel) {
  guint64 sent = smtp_channel_sent(channel);
  smtp_tls_link_free(channel->link);
  if (channel->fd >= 0) {
    close(channel->fd);
  }
  if (channel->out != NULL) {
    g_string_free(channel->out, TRUE);
  }
  g_free(channel->stage);
  *channel = (SmtpChannel){.fd = -1, .error = channel->error, .plain_sent = sent};
}

gboolean smtp_channel_start_tls(SmtpChannel *channel, SmtpTls *tls) {
  g_assert(smtp_channel_is_flushed(channel));
  channel->link = smtp_tls_link_new(tls, channel->fd);
  channel->stage = g_malloc(RECORD);
  return channel->link != NULL;
}

SmtpIo smtp_channel_handshake(SmtpChannel *channel, char *reason) {
  SmtpIo io = smtp_tls_link_handshake(channel->link, reason);
  channel->want_write = io == SMTP_IO_WANT_WRITE;
  return io;
}

GString *smtp_channel_out(SmtpChannel *channel) {
  return channel->out;
}

void smtp_channel_set_body(SmtpChannel *channel, const struct iovec *bytes, guint count) {
  channel->body = bytes;
  channel->body_count = count;
  channel->body_offset = 0;
}

gboolean smtp_channel_is_flushed(const SmtpChannel *channel) {
  return channel->out_done == channel->out->len && channel->body_count == 0 &&
         channel->stage_length == 0;
}

// Marks `count` bytes as taken from the commands, then from the body; empty pieces go with them.
static void take(SmtpChannel *channel, gsize count) {
  gsize from_out = MIN(count, channel->out->len - channel->out_done);
  channel->out_done += from_out;
  count -= from_out;
  if (channel->out_done == channel->out->len) {
    g_string_truncate(channel->out, 0);
    channel->out_done = 0;
  }
  while (channel->body_count > 0) {
    gsize left = channel->body->iov_len - channel->body_offset;
    if (count < left) {
      channel->body_offset += count;
      return;
    }
    count -= left;
    channel->body++;
    channel->body_count--;
    channel->body_offset = 0;
  }
}

// What waits, as pieces; `*ret_size` is their sum.
static guint pieces_waiting(SmtpChannel *channel, struct iovec *pieces, gsize *ret_size) {
  guint count = 0;
  gsize size = 0;
  if (channel->out_done < channel->out->len) {
    pieces[count++] = (struct iovec){channel->out->str + channel->out_done,
                                     channel->out->len - channel->out_done};
    size += pieces[0].iov_len;
  }
  for (guint i = 0; i < channel->body_count && count < PIECES; i++) {
    gsize skip = i == 0 ? channel->body_offset : 0;
    pieces[count] =
        (struct iovec){(char *)channel->body[i].iov_base + skip, channel->body[i].iov_len - skip};
    size += pieces[count++].iov_len;
  }
  *ret_size = size;
  return count;
}

static SmtpIo fail(SmtpChannel *channel, int reason) {
  channel->error = reason;
  return SMTP_IO_FAILED;
}

static SmtpIo flush_plain(SmtpChannel *channel, gsize *ret_taken) {
  struct iovec pieces[PIECES];
  gsize size;
  struct msghdr message = {.msg_iov = pieces, .msg_iovlen = pieces_waiting(channel, pieces, &size)};
  gboolean more = channel->body_count > 0;
  gssize sent =
      size == 0 ? 0 : sendmsg(channel->fd, &message, MSG_NOSIGNAL | (more ? MSG_MORE : 0));
  if (sent < 0) {
    return errno == EAGAIN || errno == EINTR ? SMTP_IO_WANT_WRITE : fail(channel, errno);
  }
  channel->plain_sent += (guint64)sent;
  *ret_taken = (gsize)sent;
  take(channel, (gsize)sent);
  return (gsize)sent < size ? SMTP_IO_WANT_WRITE : SMTP_IO_OK;
}

static void fill_stage(SmtpChannel *channel) {
  while (channel->stage_length < RECORD) {
    struct iovec pieces[PIECES];
    gsize size;
    guint count = pieces_waiting(channel, pieces, &size);
    if (count == 0) {
      return;
    }
    gsize before = channel->stage_length;
    for (guint i = 0; i < count && channel->stage_length < RECORD; i++) {
      gsize part = MIN(pieces[i].iov_len, RECORD - channel->stage_length);
      if (part > 0) {
        memcpy(channel->stage + channel->stage_length, pieces[i].iov_base, part);
        channel->stage_length += part;
      }
    }
    take(channel, channel->stage_length - before);
  }
}

static SmtpIo flush_record(SmtpChannel *channel, gsize *ret_taken) {
  gboolean more = channel->body_count > 0;
  if (channel->stage_length == 0) {
    fill_stage(channel);
  }
  *ret_taken = channel->stage_length;
  if (channel->stage_length == 0) {
    return SMTP_IO_OK;
  }
  gsize taken;
  SmtpIo io =
      smtp_tls_link_write(channel->link, channel->stage, channel->stage_length, more, &taken);
  if (io == SMTP_IO_OK) {
    g_assert(taken == channel->stage_length); // a record is written whole or not at all
    channel->stage_length = 0;
    return io;
  }
  *ret_taken = 0;
  return io == SMTP_IO_FAILED || io == SMTP_IO_END
             ? fail(channel, io == SMTP_IO_END ? ECONNRESET : errno)
             : io;
}

SmtpIo smtp_channel_flush(SmtpChannel *channel) {
  channel->want_write = FALSE;
  SmtpIo io = SMTP_IO_OK;
  for (gsize written = 0; io == SMTP_IO_OK && !smtp_channel_is_flushed(channel);) {
    if (written > FLUSH_AT_MOST) {
      io = SMTP_IO_WANT_WRITE; // the others want to write too
      break;
    }
    gsize taken = 0;
    io = channel->link != NULL ? flush_record(channel, &taken) : flush_plain(channel, &taken);
    written += taken;
  }
  channel->want_write = io == SMTP_IO_WANT_WRITE;
  return io;
}

SmtpIo smtp_channel_read(SmtpChannel *channel, void *bytes, gsize size, gsize *ret_got) {
  *ret_got = 0;
  if (channel->link != NULL) {
    SmtpIo io = smtp_tls_link_read(channel->link, bytes, size, ret_got);
    channel->want_write |= io == SMTP_IO_WANT_WRITE; // an answer to a new key
    return io == SMTP_IO_FAILED ? fail(channel, errno) : io;
  }
  gssize got = recv(channel->fd, bytes, size, 0);
  if (got > 0) {
    *ret_got = (gsize)got;
    return SMTP_IO_OK;
  }
  if (got == 0) {
    return SMTP_IO_END;
  }
  return errno == EAGAIN || errno == EINTR ? SMTP_IO_WANT_READ : fail(channel, errno);
}

guint64 smtp_channel_sent(const SmtpChannel *channel) {
  return channel->plain_sent + (channel->link != NULL ? smtp_tls_link_sent(channel->link) : 0);
}

gboolean smtp_channel_is_encrypted(const SmtpChannel *channel) {
  return channel->link != NULL;
}

gboolean smtp_channel_is_loopback(const SmtpChannel *channel) {
  union {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_storage space;
  } address = {0};
  socklen_t length = sizeof address;
  if (getpeername(channel->fd, &address.any, &length) != 0) {
    return FALSE;
  }
  return address.any.sa_family == AF_INET
             ? ntohl(address.v4.sin_addr.s_addr) >> 24 == 127
             : address.any.sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&address.v6.sin6_addr);
}
