// SPDX-License-Identifier: Apache-2.0
//
// Implements decoder_client.h: spawn, socket, deadlines. Trusts nothing that comes back but its
// size.
#include "imaging/decoder_client.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define START_SECONDS 30 // libvips and its libraries from a cold disk

struct DecoderClient {
  DecoderClientOptions options;
  pid_t pid; // 0: none
  int socket;
  guint64 starts, deaths;
};

DecoderClient *decoder_client_new(const DecoderClientOptions *options) {
  DecoderClient *client = g_new0(DecoderClient, 1);
  client->options = *options;
  client->socket = -1;
  return client;
}

void decoder_client_stop(DecoderClient *client) {
  if (client->pid > 0) {
    kill(client->pid, SIGKILL);
    while (waitpid(client->pid, NULL, 0) < 0 && errno == EINTR) {
    }
  }
  if (client->socket >= 0) {
    close(client->socket);
  }
  client->pid = 0;
  client->socket = -1;
}

void decoder_client_free(DecoderClient *client) {
  if (client != NULL) {
    decoder_client_stop(client);
    g_free(client);
  }
}

gboolean decoder_client_is_running(const DecoderClient *client) {
  return client->pid > 0;
}

pid_t decoder_client_pid(const DecoderClient *client) {
  return client->pid;
}

guint64 decoder_client_starts(const DecoderClient *client) {
  return client->starts;
}

guint64 decoder_client_deaths(const DecoderClient *client) {
  return client->deaths;
}

// The decoder gets none of our environment.
static char **closed_environment(const DecoderClientOptions *options) {
  char **environment = NULL;
  g_autofree char *memory = g_strdup_printf("%" G_GUINT64_FORMAT, options->memory_bytes);
  environment = g_environ_setenv(environment, "BROADSHEET_DECODER_MEMORY", memory, TRUE);
  environment = g_environ_setenv(environment, "MALLOC_ARENA_MAX", "2", TRUE);
  environment = g_environ_setenv(environment, "MALLOC_TRIM_THRESHOLD_", "1048576", TRUE);
  environment = g_environ_setenv(environment, "MALLOC_MMAP_THRESHOLD_", "1048576", TRUE);
  environment = g_environ_setenv(environment, "LC_ALL", "C", TRUE);
  environment =
      g_environ_setenv(environment, "VIPSHOME", "/nonexistent", TRUE); // see decoder_pixels.c
  environment = g_environ_setenv(environment, "VIPS_WARNING", "off",
                                 TRUE); // what is damaged is answered, not logged
  environment = g_environ_setenv(environment, "ASAN_OPTIONS", "detect_leaks=0", TRUE);
  const char *libraries = g_getenv("LD_LIBRARY_PATH");
  return libraries != NULL ? g_environ_setenv(environment, "LD_LIBRARY_PATH", libraries, TRUE)
                           : environment;
}

static void fail(GError **error, ImagingError code, const char *message) {
  g_set_error_literal(error, IMAGING_ERROR, code, message);
}

// Waits for one answer until `deadline` (monotonic microseconds).
static gboolean receive(DecoderClient *client, gint64 deadline, DecoderAnswer *ret_answer,
                        GError **error) {
  for (;;) {
    gint64 left = deadline - g_get_monotonic_time();
    struct pollfd wait[] = {{client->socket, POLLIN, 0}, {client->options.stop_fd, POLLIN, 0}};
    int ready = left > 0 ? poll(wait, G_N_ELEMENTS(wait), (int)(left / 1000 + 1)) : 0;
    if (ready > 0 && wait[0].revents == 0) {
      fail(error, IMAGING_ERROR_BUSY, "the server is ending");
      return FALSE;
    }
    if (ready == 0) {
      fail(error, IMAGING_ERROR_TIMEOUT,
           "the picture takes too long to decode: save it anew, or scale it down");
      return FALSE;
    }
    if (ready > 0) {
      ssize_t length = recv(client->socket, ret_answer, sizeof *ret_answer, MSG_DONTWAIT);
      if (length == (ssize_t)sizeof *ret_answer) {
        ret_answer->message[sizeof ret_answer->message - 1] = '\0';
        return TRUE;
      }
      if (length >= 0 || (errno != EAGAIN && errno != EINTR)) {
        fail(error, IMAGING_ERROR_CORRUPT,
             "the picture ended the decoder: it is damaged, or made to do harm");
        return FALSE;
      }
    } else if (errno != EINTR) {
      fail(error, IMAGING_ERROR_FAILED, "the decoder can't be waited for");
      return FALSE;
    }
  }
}

static gboolean spawn(DecoderClient *client, GError **error) {
  const char *arguments[] = {client->options.program, "decoder", NULL};
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
    g_set_error(error, IMAGING_ERROR, IMAGING_ERROR_FAILED, "the decoder can't be started: %s",
                g_strerror(errno));
    return FALSE;
  }
  static const int TARGET = DECODER_SOCKET;
  g_auto(GStrv) environment = closed_environment(&client->options);
  GPid pid = 0;
  g_autoptr(GError) cause = NULL;
  gboolean started = g_spawn_async_with_pipes_and_fds(
      "/", arguments, (const char *const *)environment,
      G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, -1, -1, -1, &pair[1],
      &TARGET, 1, &pid, NULL, NULL, NULL, &cause);
  close(pair[1]);
  if (!started) {
    close(pair[0]);
    g_set_error(error, IMAGING_ERROR, IMAGING_ERROR_FAILED, "the decoder can't be started: %s",
                cause->message);
    return FALSE;
  }
  client->pid = pid;
  client->socket = pair[0];
  client->starts++;
  if (client->options.nice != 0) {
    (void)setpriority(PRIO_PROCESS, (id_t)pid, client->options.nice);
  }
  return TRUE;
}

static gboolean start(DecoderClient *client, GError **error) {
  DecoderAnswer ready;
  g_autoptr(GError) cause = NULL;
  if (!spawn(client, error)) {
    return FALSE;
  }
  if (!receive(client, g_get_monotonic_time() + START_SECONDS * G_USEC_PER_SEC, &ready, &cause)) {
    decoder_client_stop(client);
    g_set_error(error, IMAGING_ERROR, IMAGING_ERROR_FAILED,
                "the decoder did not start (%s decoder)", client->options.program);
    return FALSE;
  }
  if (!ready.done) {
    decoder_client_stop(client);
    g_set_error(error, IMAGING_ERROR, IMAGING_ERROR_FAILED, "the decoder did not start: %s",
                ready.message);
    return FALSE;
  }
  return TRUE;
}

// The limit of the system counts from the process's start: it is moved ahead of each request.
static void allow_processor_time(DecoderClient *client) {
  clockid_t clock;
  struct timespec used = {0};
  struct rlimit limit;
  if (clock_getcpuclockid(client->pid, &clock) != 0 || clock_gettime(clock, &used) != 0 ||
      prlimit(client->pid, RLIMIT_CPU, NULL, &limit) != 0) {
    return;
  }
  limit.rlim_cur = (rlim_t)used.tv_sec + 2 * client->options.seconds + 1;
  (void)prlimit(client->pid, RLIMIT_CPU, &limit, NULL);
}

static gboolean send_request(DecoderClient *client, const DecoderRequest *request, int fd) {
  union {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
  } control = {0};
  struct iovec part = {(void *)request, sizeof *request};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (fd >= 0) {
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &fd, sizeof fd);
  }
  return sendmsg(client->socket, &message, MSG_NOSIGNAL) == (ssize_t)sizeof *request;
}

// A decoder that died between two requests (killed from outside) costs nothing: another is started.
static gboolean deliver(DecoderClient *client, const DecoderRequest *request, int fd,
                        GError **error) {
  for (int attempt = 0; attempt < 2; attempt++) {
    if (client->pid == 0 && !start(client, error)) {
      return FALSE;
    }
    allow_processor_time(client);
    if (send_request(client, request, fd)) {
      return TRUE;
    }
    client->deaths++;
    decoder_client_stop(client);
    if (request->verb == DECODER_MAKE) {
      break; // what was open is lost with the process
    }
  }
  fail(error, IMAGING_ERROR_FAILED, "the decoder does not take requests");
  return FALSE;
}

gboolean decoder_client_ask(DecoderClient *client, const DecoderRequest *request, int fd,
                            DecoderAnswer *ret_answer, GError **error) {
  DecoderAnswer answer = {0};
  if (!deliver(client, request, fd, error)) {
    return FALSE;
  }
  if (!receive(client, g_get_monotonic_time() + client->options.seconds * G_USEC_PER_SEC, &answer,
               error)) {
    client->deaths++;
    decoder_client_stop(client);
    return FALSE;
  }
  if (!answer.done) {
    g_autofree char *reason = g_utf8_make_valid(answer.message, -1);
    if (answer.corrupt) {
      g_set_error(error, IMAGING_ERROR, IMAGING_ERROR_CORRUPT, "the picture is damaged: %s",
                  reason);
    } else {
      g_set_error(error, IMAGING_ERROR, IMAGING_ERROR_FAILED, "the rendition can't be made: %s",
                  reason);
    }
    return FALSE;
  }
  *ret_answer = answer;
  return TRUE;
}
