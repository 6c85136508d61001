// SPDX-License-Identifier: Apache-2.0
//
// Preloaded into the program by test_dispatch_kills.py: kills it with SIGKILL just before or just
// after the n-th call that makes something durable or goes over the network (KILL_AT=n, from 0;
// even: before the call, odd: after it). So each transition of a delivery is cut on both sides.
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long calls;
static long kill_at = -1;

__attribute__((constructor)) static void read_environment(void) {
  const char *text = getenv("KILL_AT");
  kill_at = text != NULL ? strtol(text, NULL, 10) : -1;
}

static void count(void) {
  if (kill_at >= 0 && atomic_fetch_add(&calls, 1) == kill_at) {
    kill(getpid(), SIGKILL);
  }
}

#define WRAP(result, name, parameters, arguments)                                                  \
  result name parameters;                                                                          \
  result name parameters {                                                                         \
    static result(*next) parameters;                                                               \
    if (next == NULL) {                                                                            \
      *(void **)(&next) = dlsym(RTLD_NEXT, #name);                                                 \
    }                                                                                              \
    count();                                                                                       \
    result done = next arguments;                                                                  \
    count();                                                                                       \
    return done;                                                                                   \
  }

WRAP(int, fdatasync, (int fd), (fd))
WRAP(int, fsync, (int fd), (fd))
WRAP(ssize_t, sendmsg, (int fd, const struct msghdr *message, int flags), (fd, message, flags))
WRAP(ssize_t, recv, (int fd, void *bytes, size_t size, int flags), (fd, bytes, size, flags))
