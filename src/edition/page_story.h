// SPDX-License-Identifier: Apache-2.0
//
// A story as edition/page handles it: its galley, its picture, and the tables by which the plan
// knows it (rows of its head in every size and width, lines of its body, rows of its picture within
// the focal tolerance). Made for every story of an edition before the plan. One thread.
#pragma once

#include "edition/galley.h"
#include "edition/page_theme.h"
#include "edition/plan.h"
#include "press/locale.h"

#define PAGE_QUOTE_AIR 3 // rows around a pull quote and its rules

// What all the pages of one edition are made with; borrowed everywhere.
typedef struct PageKit {
  const EditionContent *content;
  const Locale *locale;
  const PageTheme *theme;
  const Look *look;
  Typesetter *typesetter;
  gboolean pictures; // there is somebody to ask for them
} PageKit;

typedef struct StoryPiece { // where a part of the story stands
  guint page;
  gint32 y;
} StoryPiece;

typedef struct PageStory {
  const EditionStory *story;
  Galley *galley;
  const Image *picture; // NULL: none, or none that can be used
  const char *caption, *credit;
  char *quote; // said in the text and worth saying twice; NULL: none
  PlanStory plan;
  gboolean drop_cap;
  gboolean jumps;   // its newest piece was planned to go on elsewhere
  GalleyPlace next; // where the text goes on
  GArray *pieces;   // StoryPiece
} PageStory;

// EDITION_ERROR_CONTENT names the story and the line. `unusable`: pictures that can't be had or
// that an earlier story has (their hashes, owned by the images); the story's own is put into it.
PageStory *page_story_new(const PageKit *kit, guint index, GHashTable *unusable, GError **error);
void page_story_free(PageStory *story);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PageStory, page_story_free)

guint page_story_headline_size(const Look *look, gint level); // index into headline_sizes
// Rows that a part of the head takes on the page: the galley's and air below it.
gint page_head_rows(const PageKit *kit, GalleyPart part, guint size, guint baselines, guint lines);
// The rows of air in it that it can do without.
gint page_head_air(const PageKit *kit, PageStory *story, gint level, gint columns);
gint page_standfirst_columns(gint columns); // how wide a standfirst stands in a head
SetBlock *page_set_brief_standfirst(const PageKit *kit, const PageStory *story); // NULL: none
gint32 page_jump_rows(void); // rows of a continuation's head
// Lines that stand at `next` and after it, in one column.
gint32 page_story_rest(const PageKit *kit, PageStory *story);
// The rectangle of a picture for a room of that shape: the editor's own crop where its aspect fits,
// else the largest around the focal point.
CropRectangle page_picture_crop(const Image *image, gint32 width, gint32 height);
