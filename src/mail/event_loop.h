// SPDX-License-Identifier: Apache-2.0
//
// The post's event loop: epoll(7), timers in a heap, and calls posted by other threads. One thread
// runs it; everything but loop_post and loop_stop is for that thread. Built for mail/dispatch and
// mail/smtp; handlers must not block.
#pragma once

#include <glib.h>

typedef struct EventLoop EventLoop;
EventLoop *event_loop_new(GError **error);
void event_loop_free(EventLoop *loop); // nothing may be watched any more
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EventLoop, event_loop_free)
void event_loop_run(EventLoop *loop);  // until event_loop_stop
void event_loop_stop(EventLoop *loop); // any thread
// Runs one turn, waiting `timeout_ms` at most (-1: as long as it takes). For tests and for owners
// with a loop of their own.
void event_loop_turn(EventLoop *loop, int timeout_ms);
gint64 event_loop_now(EventLoop *loop); // monotonic microseconds, of this turn

// A watched descriptor. `events` are epoll's. Freed watches are never called again, also not for an
// event that was already taken from the kernel.
typedef struct EventWatch EventWatch;
EventWatch *event_loop_watch(EventLoop *loop, int fd, guint32 events,
                             void (*ready)(guint32 events, gpointer data), gpointer data);
void event_watch_set(EventWatch *watch, guint32 events);
void event_watch_free(EventWatch *watch); // NULL is allowed; does not close the descriptor

// A timer that fires once; set again to fire again. `when` is monotonic microseconds, 0: never.
typedef struct EventTimer EventTimer;
EventTimer *event_loop_timer(EventLoop *loop, void (*fired)(gpointer data), gpointer data);
void event_timer_set(EventTimer *timer, gint64 when);
void event_timer_free(EventTimer *timer); // NULL is allowed

// Any thread: `call(data)` on the loop's thread, in the order posted.
void event_loop_post(EventLoop *loop, void (*call)(gpointer data), gpointer data);
