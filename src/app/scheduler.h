// SPDX-License-Identifier: Apache-2.0
//
// The only owner of timers: one thread that publishes scheduled stories within a second of
// their time. It asks the store for the next one, sleeps until then (a second at most, so that
// a clock that is set does no harm), and never does anything else. A database that is
// gone is said once in the log and asked again every second.
#pragma once

#include "newsroom/newsroom.h"
#include "newsroom/views.h"

typedef struct Scheduler Scheduler;
// Both borrowed; `views` NULL: nothing is counted.
Scheduler *scheduler_start(Newsroom *newsroom, Views *views);
void scheduler_nudge(Scheduler *scheduler); // something changed: look again now; any thread
void scheduler_stop(Scheduler *scheduler);  // joins and frees; NULL is allowed
