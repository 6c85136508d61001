// SPDX-License-Identifier: Apache-2.0
//
// A newsroom on the store tests' fresh newspaper, with originals in a folder of its own, a clock
// that the case sets, and a count of the revisions that were announced.
#pragma once

#include "newsroom/stories.h"
#include "tests/store/newspaper.h"

typedef struct Room {
  Newspaper *paper; // borrowed
  Newsroom newsroom;
  gint64 now;
  char *folder;
  guint announced; // calls of newsroom.changed
  gint64 revision; // of the last
} Room;

void room_open(Room *room, Newspaper *paper); // now: NEWSPAPER_EPOCH + 100 days
void room_close(Room *room);

// A draft with that headline and body in Politics by Ada Reed; caller frees.
Story *room_story(const char *source_key, const char *hash, const char *headline, const char *body);
// Takes it in without pictures; gives the id.
gint64 room_import(Room *room, const Story *story, StoryStatus status, ImportOutcome *ret_outcome);
Story *room_get(Room *room, gint64 id); // as the store has it; caller frees
gint64 room_revision(Room *room);
GBytes *room_png(guint8 seed); // a valid 2x2 picture; another seed, another hash
void room_assert_error(GError **error, GQuark domain, gint code,
                       const char *words); // and clears it
