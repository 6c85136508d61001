// SPDX-License-Identifier: Apache-2.0
//
// Implements dispatch_pace.h.
#include "mail/dispatch_pace.h"

void pace_init(Pace *pace, gdouble rate, gint64 now) {
  *pace = (Pace){.rate = rate, .tokens = MAX(rate / 10, 1), .at = now};
}

static void fill_up(Pace *pace, gint64 now) {
  if (now > pace->at) {
    pace->tokens += pace->rate * (gdouble)(now - pace->at) / G_USEC_PER_SEC;
    pace->tokens = MIN(pace->tokens, MAX(pace->rate / 10, 1));
    pace->at = now;
  }
}

gint64 pace_wait(Pace *pace, gint64 now, gboolean urgent) {
  if (pace->rate <= 0) {
    return 0;
  }
  fill_up(pace, now);
  gdouble missing = (urgent ? 1 - pace->rate : 1) - pace->tokens;
  return missing <= 0 ? 0 : (gint64)(missing / pace->rate * G_USEC_PER_SEC) + 1;
}

void pace_take(Pace *pace) {
  pace->tokens -= pace->rate > 0 ? 1 : 0;
}
