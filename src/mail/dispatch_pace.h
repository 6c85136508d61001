// SPDX-License-Identifier: Apache-2.0
//
// A rate of messages a second, kept by a bucket of tokens: a tenth of a second's worth may leave at
// once after a rest. Pure; times are monotonic microseconds.
#pragma once

#include <glib.h>

typedef struct Pace {
  gdouble rate; // 0: no limit
  gdouble tokens;
  gint64 at;
} Pace;

void pace_init(Pace *pace, gdouble rate, gint64 now);
// 0: one may leave now; else microseconds until one may. `urgent`: may borrow a second's worth from
// those that come after, so that an alert never waits for what others used up.
gint64 pace_wait(Pace *pace, gint64 now, gboolean urgent);
void pace_take(Pace *pace); // one has left
