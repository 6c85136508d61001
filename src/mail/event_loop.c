// SPDX-License-Identifier: Apache-2.0
//
// The loop behind mail/dispatch and mail/smtp: one epoll, a binary heap of timers, and a queue that
// other threads post to (an eventfd wakes the loop). A turn runs in this order: what the kernel
// reports, what was posted, the timers that are due. It must never block outside epoll_wait, and
// never call a watch or a timer that has been freed.
#include "mail/event_loop.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <gio/gio.h>

#define EVENTS_A_TURN 256

struct EventWatch {
  EventLoop *loop;
  int fd;
  guint32 events;
  void (*ready)(guint32 events, gpointer data); // NULL: freed within this turn
  gpointer data;
};

struct EventTimer {
  EventLoop *loop;
  gint64 when;      // 0: not set
  guint64 sequence; // of setting: equal times fire in the order they were set
  guint place;      // in the heap, when set
  void (*fired)(gpointer data);
  gpointer data;
};

typedef struct Posted {
  void (*call)(gpointer data);
  gpointer data;
} Posted;

struct EventLoop {
  int epoll, wake;
  gint stopping; // atomic
  gint64 now;
  guint64 sequence;
  GPtrArray *heap;    // EventTimer, the earliest first
  GPtrArray *freed;   // watches freed within a turn, until it ends
  gboolean in_events; // the kernel's events are being handed out
  GMutex lock;
  GArray *posted;  // of Posted, under `lock`
  GArray *running; // the other of the two arrays: the loop's own
};

static void wake_up(EventLoop *loop) {
  guint64 one = 1;
  while (write(loop->wake, &one, sizeof one) < 0 && errno == EINTR) {
  }
}

EventLoop *event_loop_new(GError **error) {
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  if (epoll < 0 || wake < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, wake, &event) != 0) {
    int reason = errno;
    g_set_error(error, G_IO_ERROR, (gint)g_io_error_from_errno(reason),
                "the kernel gives no event queue for the post: %s", g_strerror(reason));
    if (epoll >= 0) {
      close(epoll);
    }
    if (wake >= 0) {
      close(wake);
    }
    return NULL;
  }
  EventLoop *loop = g_new0(EventLoop, 1);
  loop->epoll = epoll;
  loop->wake = wake;
  loop->now = g_get_monotonic_time();
  loop->heap = g_ptr_array_new();
  loop->freed = g_ptr_array_new_with_free_func(g_free);
  g_mutex_init(&loop->lock);
  loop->posted = g_array_new(FALSE, FALSE, sizeof(Posted));
  loop->running = g_array_new(FALSE, FALSE, sizeof(Posted));
  return loop;
}

// Swaps the two arrays, so that posting never waits for the calls and nothing is allocated a turn.
static void run_posted(EventLoop *loop) {
  g_mutex_lock(&loop->lock);
  GArray *calls = loop->posted;
  loop->posted = loop->running;
  loop->running = calls;
  g_mutex_unlock(&loop->lock);
  for (guint i = 0; i < calls->len; i++) {
    Posted *posted = &g_array_index(calls, Posted, i);
    posted->call(posted->data);
  }
  g_array_set_size(calls, 0);
}

void event_loop_free(EventLoop *loop) {
  if (loop == NULL) {
    return;
  }
  run_posted(loop); // they may own what they were posted with
  g_assert(loop->heap->len == 0);
  g_ptr_array_unref(loop->heap);
  g_ptr_array_unref(loop->freed);
  g_array_unref(loop->posted);
  g_array_unref(loop->running);
  g_mutex_clear(&loop->lock);
  close(loop->wake);
  close(loop->epoll);
  g_free(loop);
}

// ── timers ───────────────────────────────────────────────────────────────────────────────────

static EventTimer *timer_at(EventLoop *loop, guint place) {
  return g_ptr_array_index(loop->heap, place);
}

static gboolean timer_before(const EventTimer *a, const EventTimer *b) {
  return a->when != b->when ? a->when < b->when : a->sequence < b->sequence;
}

static void heap_put(EventLoop *loop, guint place, EventTimer *timer) {
  g_ptr_array_index(loop->heap, place) = timer;
  timer->place = place;
}

static void heap_settle(EventLoop *loop, guint place) {
  EventTimer *timer = timer_at(loop, place);
  while (place > 0 && timer_before(timer, timer_at(loop, (place - 1) / 2))) {
    heap_put(loop, place, timer_at(loop, (place - 1) / 2));
    place = (place - 1) / 2;
  }
  for (;;) {
    guint child = place * 2 + 1;
    if (child + 1 < loop->heap->len &&
        timer_before(timer_at(loop, child + 1), timer_at(loop, child))) {
      child++;
    }
    if (child >= loop->heap->len || !timer_before(timer_at(loop, child), timer)) {
      break;
    }
    heap_put(loop, place, timer_at(loop, child));
    place = child;
  }
  heap_put(loop, place, timer);
}

static void heap_remove(EventLoop *loop, EventTimer *timer) {
  EventTimer *last = timer_at(loop, loop->heap->len - 1);
  guint place = timer->place;
  g_ptr_array_set_size(loop->heap, (gint)loop->heap->len - 1);
  timer->when = 0;
  if (last != timer) {
    heap_put(loop, place, last);
    heap_settle(loop, place);
  }
}

EventTimer *event_loop_timer(EventLoop *loop, void (*fired)(gpointer data), gpointer data) {
  EventTimer *timer = g_new0(EventTimer, 1);
  timer->loop = loop;
  timer->fired = fired;
  timer->data = data;
  return timer;
}

// A time that has passed counts as now: otherwise a timer that sets itself again could keep the
// others from their turn.
void event_timer_set(EventTimer *timer, gint64 when) {
  EventLoop *loop = timer->loop;
  if (timer->when != 0) {
    heap_remove(loop, timer);
  }
  if (when == 0) {
    return;
  }
  timer->when = MAX(when, loop->now);
  timer->sequence = ++loop->sequence;
  g_ptr_array_add(loop->heap, timer);
  timer->place = loop->heap->len - 1;
  heap_settle(loop, timer->place);
}

void event_timer_free(EventTimer *timer) {
  if (timer != NULL) {
    event_timer_set(timer, 0);
    g_free(timer);
  }
}

// Only those set before this turn's round began, so that one that sets itself again waits a turn.
static void run_timers(EventLoop *loop) {
  guint64 last = loop->sequence;
  while (loop->heap->len > 0) {
    EventTimer *timer = timer_at(loop, 0);
    if (timer->when > loop->now || timer->sequence > last) {
      return;
    }
    heap_remove(loop, timer);
    timer->fired(timer->data);
  }
}

// ── watches ──────────────────────────────────────────────────────────────────────────────────

EventWatch *event_loop_watch(EventLoop *loop, int fd, guint32 events,
                             void (*ready)(guint32 events, gpointer data), gpointer data) {
  EventWatch *watch = g_new0(EventWatch, 1);
  struct epoll_event event = {.events = events, .data.ptr = watch};
  if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
    g_free(watch);
    return NULL;
  }
  watch->loop = loop;
  watch->fd = fd;
  watch->events = events;
  watch->ready = ready;
  watch->data = data;
  return watch;
}

void event_watch_set(EventWatch *watch, guint32 events) {
  if (watch->events != events) {
    struct epoll_event event = {.events = events, .data.ptr = watch};
    epoll_ctl(watch->loop->epoll, EPOLL_CTL_MOD, watch->fd, &event);
    watch->events = events;
  }
}

void event_watch_free(EventWatch *watch) {
  if (watch == NULL) {
    return;
  }
  epoll_ctl(watch->loop->epoll, EPOLL_CTL_DEL, watch->fd, NULL);
  if (watch->loop->in_events) {
    watch->ready = NULL;
    g_ptr_array_add(watch->loop->freed, watch);
  } else {
    g_free(watch);
  }
}

static void run_events(EventLoop *loop, struct epoll_event *events, int count) {
  loop->in_events = TRUE;
  for (int i = 0; i < count; i++) {
    EventWatch *watch = events[i].data.ptr;
    if (watch == NULL) {
      guint64 drained;
      G_GNUC_UNUSED gssize got = read(loop->wake, &drained, sizeof drained);
    } else if (watch->ready != NULL) {
      watch->ready(events[i].events, watch->data);
    }
  }
  loop->in_events = FALSE;
  g_ptr_array_set_size(loop->freed, 0);
}

// ── turns ────────────────────────────────────────────────────────────────────────────────────

static int timeout_of(EventLoop *loop, int timeout_ms) {
  if (loop->heap->len == 0) {
    return timeout_ms;
  }
  gint64 left = timer_at(loop, 0)->when - g_get_monotonic_time();
  gint64 milliseconds = left <= 0 ? 0 : MIN((left + 999) / 1000, G_MAXINT);
  return timeout_ms < 0 ? (int)milliseconds : (int)MIN(milliseconds, timeout_ms);
}

void event_loop_turn(EventLoop *loop, int timeout_ms) {
  struct epoll_event events[EVENTS_A_TURN];
  int count = epoll_wait(loop->epoll, events, EVENTS_A_TURN, timeout_of(loop, timeout_ms));
  loop->now = g_get_monotonic_time();
  run_events(loop, events, count);
  run_posted(loop);
  run_timers(loop);
}

void event_loop_run(EventLoop *loop) {
  while (!g_atomic_int_get(&loop->stopping)) {
    event_loop_turn(loop, -1);
  }
  g_atomic_int_set(&loop->stopping, 0);
}

void event_loop_stop(EventLoop *loop) {
  g_atomic_int_set(&loop->stopping, 1);
  wake_up(loop);
}

gint64 event_loop_now(EventLoop *loop) {
  return loop->now;
}

void event_loop_post(EventLoop *loop, void (*call)(gpointer data), gpointer data) {
  Posted posted = {call, data};
  g_mutex_lock(&loop->lock);
  gboolean first = loop->posted->len == 0;
  g_array_append_val(loop->posted, posted);
  if (first) {
    wake_up(loop); // within the lock: the loop may be freed as soon as the call has run
  }
  g_mutex_unlock(&loop->lock);
}
