// SPDX-License-Identifier: Apache-2.0
//
// The decoder process's life: warm up, shut itself in, answer requests until the socket closes.
// Started by decoder_client.c and by nobody else; run by hand it only says so. Must never touch a
// file of the newspaper: what it needs comes as open descriptors.
#include "imaging/decoder.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "imaging/decoder_pixels.h"
#include "imaging/decoder_sandbox.h"

// One request and, with it, at most one descriptor (*ret_fd, -1 if none). FALSE: the parent is
// gone.
static gboolean receive(DecoderRequest *request, int *ret_fd) {
  union {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
  } control = {0};
  struct iovec part = {request, sizeof *request};
  struct msghdr message = {.msg_iov = &part,
                           .msg_iovlen = 1,
                           .msg_control = control.bytes,
                           .msg_controllen = sizeof control.bytes};
  *ret_fd = -1;
  if (recvmsg(DECODER_SOCKET, &message, MSG_CMSG_CLOEXEC) != (ssize_t)sizeof *request) {
    return FALSE;
  }
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (header != NULL && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
    memcpy(ret_fd, CMSG_DATA(header), sizeof *ret_fd);
  }
  return TRUE;
}

static gboolean reply(const DecoderAnswer *answer) {
  struct iovec part = {(void *)answer, sizeof *answer};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  return sendmsg(DECODER_SOCKET, &message, MSG_NOSIGNAL) == (ssize_t)sizeof *answer;
}

static void serve(Pixels *pixels, const DecoderRequest *request, int fd, DecoderAnswer *answer) {
  switch (request->verb) {
  case DECODER_OPEN:
    pixels_open(pixels, request, fd, answer);
    break;
  case DECODER_MAKE:
    pixels_make(pixels, request, fd, answer);
    break;
  case DECODER_VERIFY:
    pixels_verify(pixels, request, fd, answer);
    break;
  case DECODER_PROBE:
    decoder_sandbox_probe(answer->probe);
    answer->done = TRUE;
    break;
  }
}

static guint64 memory_limit(void) {
  const char *text = getenv("BROADSHEET_DECODER_MEMORY");
  return text != NULL ? g_ascii_strtoull(text, NULL, 10) : 0;
}

// Says by a first answer whether the decoder is ready, and why not.
static Pixels *start(void) {
  DecoderAnswer answer = {0};
  g_autofree char *message = NULL;
  guint64 memory = memory_limit();
  Pixels *pixels = decoder_sandbox_prepare() ? pixels_new(&message) : NULL;
  answer.done = pixels != NULL && decoder_sandbox_enter(memory);
  if (!answer.done) {
    g_strlcpy(answer.message, message != NULL ? message : "the sandbox (seccomp) can't be set up",
              sizeof answer.message);
  }
  return reply(&answer) && answer.done ? pixels : NULL;
}

int decoder_main(void) {
  struct sockaddr_storage address;
  socklen_t length = sizeof address;
  if (getsockname(DECODER_SOCKET, (struct sockaddr *)&address, &length) != 0) {
    static const char SAY[] =
        "broadsheet decoder: this is started by the server itself, with a socket on descriptor 3\n";
    (void)!write(STDERR_FILENO, SAY, sizeof SAY - 1);
    return 2;
  }
  Pixels *pixels = start();
  if (pixels == NULL) {
    return 1;
  }
  DecoderRequest request;
  int fd = -1;
  while (receive(&request, &fd)) {
    DecoderAnswer answer = {0};
    serve(pixels, &request, fd, &answer);
    if (fd >= 0) {
      close(fd);
    }
    if (!reply(&answer)) {
      break;
    }
  }
  _exit(0); // no library's exit handlers: they may want what is no longer allowed
}
