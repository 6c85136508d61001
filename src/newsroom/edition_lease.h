// SPDX-License-Identifier: Apache-2.0
//
// The lease of a day's edition while it is made: renewed every few seconds by a thread of its own,
// so that a process that dies holds the day up for less than a minute, and one that works for long
// keeps it. Used by newsroom/edition_make alone.
#pragma once

#include "newsroom/change.h"

#define EDITION_LEASE (45 * CLOCK_SECOND) // from its newest renewal

typedef struct EditionLease EditionLease;
// `until`: when the claim ends that was just made.
EditionLease *edition_lease_start(Newsroom *newsroom, gint32 day, gint64 until);
// Renews it a last time and ends it; gives until when it is held now. Frees it.
gint64 edition_lease_stop(EditionLease *lease);
