// SPDX-License-Identifier: Apache-2.0
//
// What ThreadSanitizer can't see: Debian's GLib is not instrumented and its locks are bare futexes,
// so every use of a GMutex would look like a race. These stand before GLib's own in programs built
// with -Db_sanitize=thread (see tests/README.md), made of pthread's, which ThreadSanitizer knows.
// Never linked into anything else.
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include <glib.h>
#include <sanitizer/tsan_interface.h>

const char *__tsan_default_options(void);
const char *__tsan_default_options(void) {
  return "halt_on_error=0:exitcode=66:second_deadlock_stack=1:history_size=4";
}

// GSlice hands blocks from thread to thread where ThreadSanitizer doesn't see it; told so by the
// environment, GLib uses malloc. It reads that once, before any code of ours could set it: so the
// program starts itself again.
__attribute__((no_sanitize("thread"))) static void turn_slices_off(int count, char **arguments,
                                                                   char **environment) {
  static char NAME[] = "G_SLICE=always-malloc";
  char *longer[1024] = {NAME};
  gsize i = 0;
  for (; environment[i] != NULL && i < G_N_ELEMENTS(longer) - 2; i++) {
    if (__builtin_strcmp(environment[i], NAME) == 0) {
      return;
    }
    longer[i + 1] = environment[i];
  }
  execve("/proc/self/exe", arguments, longer);
}
__attribute__((section(".preinit_array"),
               used)) static void (*const BEFORE_ALL)(int, char **, char **) = turn_slices_off;

const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void) {
  // G_DEFINE_QUARK keeps the quark without a lock: each thread that finds 0 asks GLib, which locks,
  // and writes the same number.
  // libvips, in the decoder processes, takes its own locks in either order: not ours to mend, and a
  // decoder that stops costs one picture.
  // GThreadPool keeps its queue under a lock that is not seen either.
  return "race:_error_quark\ndeadlock:libvips.so\n"
         "race:g_queue_pop_tail\n";
}

// ---- GMutex
// --------------------------------------------------------------------------------------

static pthread_mutex_t *mutex_of(GMutex *mutex) { // a static one is made when first used
  gpointer *place = &mutex->p;
  gpointer made = __atomic_load_n(place, __ATOMIC_ACQUIRE);
  if (made == NULL) {
    pthread_mutex_t *ours = g_new0(pthread_mutex_t, 1);
    pthread_mutex_init(ours, NULL);
    if (__atomic_compare_exchange_n(place, &made, (gpointer)ours, FALSE, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE)) {
      made = ours;
    } else {
      pthread_mutex_destroy(ours);
      g_free(ours);
    }
  }
  return made;
}

void g_mutex_init(GMutex *mutex) {
  __atomic_store_n(&mutex->p, NULL, __ATOMIC_RELEASE);
}

void g_mutex_clear(GMutex *mutex) {
  if (mutex->p != NULL) {
    g_assert(pthread_mutex_destroy(mutex->p) == 0);
    g_free(mutex->p);
    mutex->p = NULL;
  }
}

void g_mutex_lock(GMutex *mutex) {
  g_assert(pthread_mutex_lock(mutex_of(mutex)) == 0);
}

gboolean g_mutex_trylock(GMutex *mutex) {
  return pthread_mutex_trylock(mutex_of(mutex)) == 0;
}

void g_mutex_unlock(GMutex *mutex) {
  g_assert(pthread_mutex_unlock(mutex_of(mutex)) == 0);
}

// ---- GCond
// ---------------------------------------------------------------------------------------

static pthread_cond_t *cond_of(GCond *cond) {
  gpointer *place = &cond->p;
  gpointer made = __atomic_load_n(place, __ATOMIC_ACQUIRE);
  if (made == NULL) {
    pthread_condattr_t kind;
    pthread_cond_t *ours = g_new0(pthread_cond_t, 1);
    pthread_condattr_init(&kind);
    pthread_condattr_setclock(&kind, CLOCK_MONOTONIC); // g_cond_wait_until's
    pthread_cond_init(ours, &kind);
    pthread_condattr_destroy(&kind);
    if (__atomic_compare_exchange_n(place, &made, (gpointer)ours, FALSE, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE)) {
      made = ours;
    } else {
      pthread_cond_destroy(ours);
      g_free(ours);
    }
  }
  return made;
}

void g_cond_init(GCond *cond) {
  __atomic_store_n(&cond->p, NULL, __ATOMIC_RELEASE);
}

void g_cond_clear(GCond *cond) {
  if (cond->p != NULL) {
    pthread_cond_destroy(cond->p);
    g_free(cond->p);
    cond->p = NULL;
  }
}

void g_cond_signal(GCond *cond) {
  pthread_cond_signal(cond_of(cond));
}

void g_cond_broadcast(GCond *cond) {
  pthread_cond_broadcast(cond_of(cond));
}

void g_cond_wait(GCond *cond, GMutex *mutex) {
  pthread_cond_wait(cond_of(cond), mutex_of(mutex));
}

gboolean g_cond_wait_until(GCond *cond, GMutex *mutex, gint64 end_time) {
  struct timespec until = {.tv_sec = end_time / G_USEC_PER_SEC,
                           .tv_nsec = end_time % G_USEC_PER_SEC * 1000};
  return pthread_cond_timedwait(cond_of(cond), mutex_of(mutex), &until) != ETIMEDOUT;
}

// ---- what else hands memory from one thread to another inside GLib
// -------------------------------

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

void(g_once_init_leave)(volatile void *location, gsize result) {
  __tsan_release((void *)location);
  NEXT(g_once_init_leave)(location, result);
}

GBytes *g_bytes_ref(GBytes *bytes) {
  __tsan_acquire(bytes);
  return NEXT(g_bytes_ref)(bytes);
}

void g_bytes_unref(GBytes *bytes) {
  if (bytes != NULL) { // whoever is the last comes after all others
    __tsan_release(bytes);
    __tsan_acquire(bytes);
  }
  NEXT(g_bytes_unref)(bytes);
}

void g_time_zone_unref(GTimeZone *zone) {
  __tsan_release(zone);
  __tsan_acquire(zone);
  NEXT(g_time_zone_unref)(zone);
}

void(g_atomic_ref_count_inc)(gatomicrefcount *count) {
  __atomic_fetch_add(count, 1, __ATOMIC_RELAXED);
}

gboolean(g_atomic_ref_count_dec)(gatomicrefcount *count) {
  return __atomic_fetch_sub(count, 1, __ATOMIC_ACQ_REL) == 1;
}

typedef struct PoolCall {
  GFunc function;
  gpointer data;
} PoolCall;

static void run_in_pool(gpointer item, gpointer data) {
  PoolCall *call = data;
  __tsan_acquire(item);
  call->function(item, call->data);
  __tsan_release(call);
}

GThreadPool *g_thread_pool_new(GFunc function, gpointer data, gint most, gboolean exclusive,
                               GError **error) {
  PoolCall *call = g_new(PoolCall, 1);
  *call = (PoolCall){function, data};
  return NEXT(g_thread_pool_new)(run_in_pool, call, most, exclusive, error);
}

gboolean g_thread_pool_push(GThreadPool *pool, gpointer item, GError **error) {
  __tsan_release(item);
  return NEXT(g_thread_pool_push)(pool, item, error);
}

void g_thread_pool_free(GThreadPool *pool, gboolean immediate, gboolean wait) {
  PoolCall *call = pool->user_data;
  NEXT(g_thread_pool_free)(pool, immediate, wait);
  if (wait) {
    __tsan_acquire(call);
    g_free(call);
  }
}
