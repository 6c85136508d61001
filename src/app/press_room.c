// SPDX-License-Identifier: Apache-2.0
//
// Implements press_room.h.
#include "app/press_room.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/log.h"

#define NICENESS 10
#define LONGEST_WAIT (5 * CLOCK_SECOND) // so that a clock that is set does no harm

struct PressRoom {
  Paper *paper; // borrowed
  EditionMaking making;
  GThread *thread; // NULL: this process makes none by itself, only previews
  GMutex lock;     // guards stopping and nudged
  GCond wake;
  gboolean stopping, nudged;
  gboolean failing; // the thread's own: the store can't be used, and it was said
};

static void say_made(PressRoom *room, gint32 day) {
  g_autofree char *text = edition_day_text(day);
  log_write(LOG_INFO, "the edition of %s is made", text);
}

// What the hour asks for; gives the microseconds until it is worth looking again.
static gint64 look(PressRoom *room) {
  Newsroom *newsroom = &room->paper->newsroom;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) failure = NULL;
  gint64 next = 0;
  gint32 made = 0;
  gboolean good = editions_run_due(newsroom, &next, &made, &failure, &error);
  if (!good && !room->failing) {
    log_write(LOG_ERROR, "editions wait, their database can't be used: %s", error->message);
  } else if (good && room->failing) {
    log_write(LOG_INFO, "editions are made again");
  }
  room->failing = !good;
  if (made != 0) {
    say_made(room, made);
  }
  if (failure != NULL && g_atomic_int_get(&room->making.cancelled) == 0) {
    log_write(LOG_ERROR, "today's edition can't be made, and is tried again: %s", failure->message);
  }
  gint64 wait = next != 0 ? next - clock_now(&newsroom->clock) : CLOCK_SECOND;
  return CLAMP(wait, CLOCK_SECOND / 10, LONGEST_WAIT);
}

static gpointer run(gpointer data) {
  PressRoom *room = data;
  setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), NICENESS); // readers come first
  g_mutex_lock(&room->lock);
  while (!room->stopping) {
    room->nudged = FALSE;
    g_mutex_unlock(&room->lock);
    gint64 until = g_get_monotonic_time() + look(room);
    g_mutex_lock(&room->lock);
    while (!room->stopping && !room->nudged && g_cond_wait_until(&room->wake, &room->lock, until)) {
    }
  }
  g_mutex_unlock(&room->lock);
  return NULL;
}

PressRoom *press_room_start(Paper *paper) {
  PressRoom *room = g_new0(PressRoom, 1);
  room->paper = paper;
  edition_making_begin(&room->making, paper);
  g_mutex_init(&room->lock);
  g_cond_init(&room->wake);
  if (paper->config->edition_make) {
    room->thread = g_thread_new("press room", run, room);
  }
  return room;
}

static void raise_flag(PressRoom *room, gboolean *flag) {
  g_mutex_lock(&room->lock);
  *flag = TRUE;
  g_cond_signal(&room->wake);
  g_mutex_unlock(&room->lock);
}

void press_room_nudge(PressRoom *room) {
  if (room != NULL) {
    raise_flag(room, &room->nudged);
  }
}

void press_room_stop(PressRoom *room) {
  if (room == NULL) {
    return;
  }
  edition_making_cancel(&room->making);
  raise_flag(room, &room->stopping);
  if (room->thread != NULL) {
    g_thread_join(room->thread);
  }
  edition_making_end(&room->making);
  g_mutex_clear(&room->lock);
  g_cond_clear(&room->wake);
  g_free(room);
}
