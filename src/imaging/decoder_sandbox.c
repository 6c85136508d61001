// SPDX-License-Identifier: Apache-2.0
//
// Implements decoder_sandbox.h: the only file that knows libseccomp and Landlock. Everything that
// is not on the list below fails with EPERM, so that a library that tries goes on without. Must
// never be called in any process but `broadsheet decoder`.
#include "imaging/decoder_sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// A sanitizer reserves terabytes of addresses for its shadow; all else is as in the real thing.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define __SANITIZE_ADDRESS__ 1 // as GCC says it
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED TRUE
#else
#define SANITIZED FALSE
#endif

#define OPEN_FILES 24
#define FILE_BYTES (64u << 20)

static gboolean set_limit(__rlimit_resource_t resource, guint64 value) {
  struct rlimit limit = {value, value};
  return setrlimit(resource, &limit) == 0;
}

gboolean decoder_sandbox_prepare(void) {
  return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && set_limit(RLIMIT_CORE, 0) &&
         set_limit(RLIMIT_FSIZE, FILE_BYTES);
}

static void deny_files(void) {
  // Every right that the first version of Landlock knows is handled and none is granted.
  struct landlock_ruleset_attr rights = {.handled_access_fs = (1ull << 13) - 1};
  int ruleset =
      (int)syscall(SYS_landlock_create_ruleset, &rights, sizeof rights.handled_access_fs, 0);
  if (ruleset < 0) {
    return; // a kernel without it: seccomp denies open by itself
  }
  (void)syscall(SYS_landlock_restrict_self, ruleset, 0);
  close(ruleset);
}

static const int ALLOWED[] = {
    // bytes, by descriptors that are already open
    SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(readv), SCMP_SYS(writev), SCMP_SYS(pread64),
    SCMP_SYS(pwrite64), SCMP_SYS(lseek), SCMP_SYS(fstat), SCMP_SYS(close), SCMP_SYS(dup),
    SCMP_SYS(fcntl), SCMP_SYS(ftruncate), SCMP_SYS(recvmsg), SCMP_SYS(sendmsg), SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    // memory
    SCMP_SYS(mmap), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(mprotect), SCMP_SYS(madvise),
    SCMP_SYS(brk),
    // threads and their signals
    SCMP_SYS(futex), SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity), SCMP_SYS(sched_getattr), SCMP_SYS(membarrier),
    SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    // time, chance, counts
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep), SCMP_SYS(gettimeofday),
    SCMP_SYS(getrandom), SCMP_SYS(getrusage), SCMP_SYS(sysinfo)};

static gboolean add_conditions(scmp_filter_ctx filter) {
  // clone3's flags are out of the filter's sight: without it glibc makes threads by clone, which is
  // let through for threads of this process only. stat is let through for open descriptors only.
  // abort() may signal this process, nobody else.
  return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0 &&
         seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                          SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)) == 0 &&
         seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1,
                          SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH)) == 0 &&
         seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(statx), 1,
                          SCMP_A2(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH)) == 0 &&
         seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                          SCMP_A0(SCMP_CMP_EQ, (guint64)getpid(), 0)) == 0 &&
         seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
                          SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME, 0)) == 0;
}

static gboolean limit_calls(void) {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
  gboolean good = filter != NULL;
  for (gsize i = 0; good && i < G_N_ELEMENTS(ALLOWED); i++) {
    good = seccomp_rule_add(filter, SCMP_ACT_ALLOW, ALLOWED[i], 0) == 0;
  }
  good = good && add_conditions(filter) &&
         seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0 && seccomp_load(filter) == 0;
  if (filter != NULL) {
    seccomp_release(filter);
  }
  return good;
}

gboolean decoder_sandbox_enter(guint64 memory_bytes) {
  if (memory_bytes > 0 && !SANITIZED && !set_limit(RLIMIT_AS, memory_bytes)) {
    return FALSE;
  }
  if (!set_limit(RLIMIT_NOFILE, OPEN_FILES) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return FALSE;
  }
  deny_files();
  return limit_calls();
}

static gint32 outcome(long result) {
  return result < 0 ? errno : 0;
}

void decoder_sandbox_probe(gint32 ret_errors[PROBE_COUNT]) {
  char *const nothing[] = {NULL};
  ret_errors[PROBE_OPEN_READ] = outcome(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
  ret_errors[PROBE_OPEN_WRITE] = outcome(open("/tmp", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
  ret_errors[PROBE_SOCKET] = outcome(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ret_errors[PROBE_EXECVE] = outcome(execve("/bin/true", nothing, nothing));
  long child = syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
  if (child == 0) {
    _exit(0);
  }
  ret_errors[PROBE_FORK] = outcome(child);
  ret_errors[PROBE_PTRACE] = outcome(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL));
  ret_errors[PROBE_KILL] = outcome(kill(getppid(), 0));
  ret_errors[PROBE_UNLINK] = outcome(unlink("/tmp/there-is-no-such-file/at-all"));
}
