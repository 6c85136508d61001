// SPDX-License-Identifier: Apache-2.0
//
// The post's event loop: the order of timers, calls posted by threads, descriptors, and that what
// has been freed is never called. Does not cover: many thousands of descriptors (the benches do).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "mail/event_loop.h"

typedef struct Seen {
  EventLoop *loop;
  EventTimer *timer;
  EventWatch *watches[2];
  int pipes[2][2];
  GString *order;
  guint count;
} Seen;

static void note_a(gpointer data) {
  g_string_append_c(((Seen *)data)->order, 'a');
}

static void note_b(gpointer data) {
  g_string_append_c(((Seen *)data)->order, 'b');
}

static void note_c(gpointer data) {
  g_string_append_c(((Seen *)data)->order, 'c');
}

static void timers_fire_in_order(void **state) {
  g_autoptr(EventLoop) loop = event_loop_new(NULL);
  Seen seen = {.order = g_string_new(NULL)};
  EventTimer *a = event_loop_timer(loop, note_a, &seen), *b = event_loop_timer(loop, note_b, &seen),
             *c = event_loop_timer(loop, note_c, &seen);
  gint64 now = event_loop_now(loop);
  event_timer_set(a, now + 20000);
  event_timer_set(b, now + 10000);
  event_timer_set(c, now + 1000);
  event_timer_set(c, 0); // never
  for (gint64 until = g_get_monotonic_time() + 60000; g_get_monotonic_time() < until;) {
    event_loop_turn(loop, 10);
  }
  assert_string_equal(seen.order->str, "ba");
  event_timer_set(a, 1); // long past, equal: in the order they were set
  event_timer_set(c, 1);
  event_timer_set(b, 1);
  event_loop_turn(loop, -1);
  assert_string_equal(seen.order->str, "baacb");
  event_timer_free(a);
  event_timer_free(b);
  event_timer_free(c);
  event_timer_free(NULL);
  g_string_free(seen.order, TRUE);
}

static void set_again(gpointer data) {
  Seen *seen = data;
  seen->count++;
  event_timer_set(seen->timer, 1);
}

static void a_timer_that_sets_itself_does_not_keep_the_others_from_their_turn(void **state) {
  g_autoptr(EventLoop) loop = event_loop_new(NULL);
  Seen seen = {.order = g_string_new(NULL)};
  seen.timer = event_loop_timer(loop, set_again, &seen);
  EventTimer *other = event_loop_timer(loop, note_a, &seen);
  event_timer_set(seen.timer, 1);
  event_timer_set(other, 1);
  event_loop_turn(loop, -1);
  assert_int_equal(seen.count, 1);
  assert_string_equal(seen.order->str, "a");
  event_loop_turn(loop, -1);
  assert_int_equal(seen.count, 2);
  event_timer_free(seen.timer);
  event_timer_free(other);
  g_string_free(seen.order, TRUE);
}

static void many_timers_keep_the_heap_in_order(void **state) {
  g_autoptr(EventLoop) loop = event_loop_new(NULL);
  Seen seen = {.order = g_string_new(NULL)};
  EventTimer *timers[500];
  g_autoptr(GRand) rand = g_rand_new_with_seed(7);
  for (guint i = 0; i < 500; i++) {
    timers[i] = event_loop_timer(loop, note_a, &seen);
  }
  for (guint i = 0; i < 20000; i++) {
    gboolean unset = g_rand_boolean(rand);
    event_timer_set(timers[g_rand_int_range(rand, 0, 500)],
                    unset ? 0 : event_loop_now(loop) + g_rand_int_range(rand, 1, 5000));
  }
  for (guint i = 0; i < 500; i++) {
    event_timer_set(timers[i], event_loop_now(loop) + 1 + i % 7);
  }
  g_usleep(1000);
  event_loop_turn(loop, 100);
  assert_int_equal(seen.order->len, 500);
  for (guint i = 0; i < 500; i++) {
    event_timer_free(timers[i]);
  }
  g_string_free(seen.order, TRUE);
}

static void free_both(guint32 events, gpointer data) {
  Seen *seen = data;
  seen->count++;
  for (guint i = 0; i < 2; i++) {
    event_watch_free(seen->watches[i]);
    seen->watches[i] = NULL;
  }
}

static void freed_watches_are_not_called(void **state) {
  g_autoptr(EventLoop) loop = event_loop_new(NULL);
  Seen seen = {0};
  for (guint i = 0; i < 2; i++) {
    assert_int_equal(pipe(seen.pipes[i]), 0);
    seen.watches[i] = event_loop_watch(loop, seen.pipes[i][0], EPOLLIN, free_both, &seen);
    assert_int_equal(write(seen.pipes[i][1], "x", 1), 1);
  }
  event_loop_turn(loop, 1000); // the kernel reports both
  event_loop_turn(loop, 0);
  assert_int_equal(seen.count, 1);
  assert_null(event_loop_watch(loop, -1, EPOLLIN, free_both, &seen));
  for (guint i = 0; i < 2; i++) {
    close(seen.pipes[i][0]);
    close(seen.pipes[i][1]);
  }
}

static void count_call(gpointer data) {
  ((Seen *)data)->count++;
}

static void stop_loop(gpointer data) {
  event_loop_stop(((Seen *)data)->loop);
}

static gpointer post_many(gpointer data) {
  Seen *seen = data;
  for (guint i = 0; i < 10000; i++) {
    event_loop_post(seen->loop, count_call, seen);
  }
  return NULL;
}

static void threads_post_and_stop(void **state) {
  g_autoptr(EventLoop) loop = event_loop_new(NULL);
  Seen seen = {.loop = loop};
  GThread *threads[4];
  for (guint i = 0; i < 4; i++) {
    threads[i] = g_thread_new("post", post_many, &seen);
  }
  while (seen.count < 40000) {
    event_loop_turn(loop, 1000);
  }
  for (guint i = 0; i < 4; i++) {
    g_thread_join(threads[i]);
  }
  event_loop_post(loop, stop_loop, &seen);
  event_loop_run(loop);
  event_loop_post(loop, count_call, &seen); // run by event_loop_free at the latest
  event_loop_free(g_steal_pointer(&loop));
  assert_int_equal(seen.count, 40001);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(timers_fire_in_order),
      cmocka_unit_test(a_timer_that_sets_itself_does_not_keep_the_others_from_their_turn),
      cmocka_unit_test(many_timers_keep_the_heap_in_order),
      cmocka_unit_test(freed_watches_are_not_called),
      cmocka_unit_test(threads_post_and_stop),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
