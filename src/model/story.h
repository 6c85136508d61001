// SPDX-License-Identifier: Apache-2.0
//
// A story and what hangs on it, and the short form of it (Teaser) that lists are
// made of. Plain structs; no input, no output. Every char * is owned by its struct
// and "" rather than NULL when empty, unless said otherwise. Instants: base/clock.
#pragma once

#include "model/image.h"

typedef enum StoryStatus {
  STORY_DRAFT,
  STORY_SCHEDULED,
  STORY_PUBLISHED,
  STORY_WITHDRAWN
} StoryStatus;
const char *story_status_name(StoryStatus status); // "draft" …
gboolean story_status_parse(const char *name, StoryStatus *ret_status);

typedef struct Section {
  gint64 id;
  char *slug, *name, *description;
  gint32 position; // order in the navigation
} Section;
void section_free(Section *section);
Section *section_copy(const Section *section);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Section, section_free)

typedef struct Topic {
  gint64 id;
  char *slug, *name, *description;
} Topic;
void topic_free(Topic *topic);
Topic *topic_copy(const Topic *topic);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Topic, topic_free)

typedef struct Author {
  gint64 id;
  char *slug, *name;
  char *role;      // "Political editor"
  char *bio;       // Markdown
  Image *portrait; // may be NULL
} Author;
void author_free(Author *author);
Author *author_copy(const Author *author);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Author, author_free)

typedef struct Byline {
  Author *author;
  char *role; // in this story: "" or e.g. "Photographs"
} Byline;
void byline_free(Byline *byline);

typedef struct Correction {
  gint64 id, story_id;
  gint64 corrected_at;
  char *wrong, *right; // what was wrong, what is right; plain text
} Correction;
void correction_free(Correction *correction);

typedef struct Story {
  gint64 id;
  char *slug, *headline, *standfirst;
  char *kicker;                     // a word or two above the headline
  char *dateline;                   // the place: "CANBERRA"
  char *body;                       // Markdown; pictures as ![alt](image:HASH "caption | credit")
  char *language;                   // BCP 47; "" means the newspaper's
  Section *section;                 // may be NULL while a draft
  GPtrArray *bylines;               // Byline *
  GPtrArray *topics;                // Topic *
  GPtrArray *corrections;           // Correction *, newest first
  GPtrArray *images;                // Image *, all that the body names, in order
  Image *hero;                      // may be NULL
  char *hero_caption, *hero_credit; // "" means the image's own
  StoryStatus status;
  gint64 scheduled_for; // when scheduled
  gint64 published_at;  // first publication
  gint64 updated_at;    // last change that readers should know of; 0 if none since publication
  gint64 created_at;
  gint64 revision; // number of the newest revision, from 1
  gint32 word_count;
  char *seo_title, *seo_description;     // "" means headline, standfirst
  char *share_title, *share_description; // in networks and messengers; "" means the two before
  Image *share_image;                    // NULL: the hero
  char *source_key;                      // NULL, or what an importer knows it by; unique
  char *content_hash; // of what was imported last, so that importing it again changes nothing; may
                      // be NULL
} Story;
Story *story_new(void);
void story_free(Story *story);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Story, story_free)
// When readers last saw it change: its publication, its update or its newest correction.
gint64 story_changed_at(const Story *story);

typedef struct Teaser {
  gint64 id;
  char *slug, *headline, *standfirst, *kicker, *language;
  char *byline_names; // names joined by "\n", in order
  gint64 section_id;
  char *section_slug, *section_name;
  gint64 published_at, updated_at;
  Image *hero; // may be NULL
} Teaser;
Teaser *teaser_new(void);
void teaser_free(Teaser *teaser);
Teaser *teaser_of(const Story *story); // a copy
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Teaser, teaser_free)

typedef struct StoryRevision {
  gint64 story_id, number, saved_at;
  char *headline, *standfirst, *body;
  char *note; // "imported", "published" …
} StoryRevision;
void story_revision_free(StoryRevision *revision);

// A list of published stories, newest first.
typedef enum ListingKind {
  LISTING_ALL,
  LISTING_SECTION,
  LISTING_TOPIC,
  LISTING_AUTHOR
} ListingKind;
typedef struct Listing {
  ListingKind kind;
  gint64 id; // of the section, topic or author; 0 for all
} Listing;

typedef struct DayCount {
  gint32 day; // 20261123, in the newspaper's zone
  gint64 stories;
} DayCount;

typedef enum FrontWeight { WEIGHT_LEAD, WEIGHT_SECOND, WEIGHT_BRIEF } FrontWeight;
const char *front_weight_name(FrontWeight weight); // "lead" …
gboolean front_weight_parse(const char *name, FrontWeight *ret_weight);

typedef struct FrontSlot {
  FrontWeight weight;
  gboolean automatic; // filled by the machine, not curated
  Teaser *story;
} FrontSlot;
void front_slot_free(FrontSlot *slot);

typedef struct Front {
  gint64 section_id; // 0: the front page
  GPtrArray *slots;  // FrontSlot *, in order; no story twice
  gint64 updated_at;
} Front;
void front_free(Front *front);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Front, front_free)

// UAX #9 from the language's script: ar, fa, he, ur, ps, yi, dv, ug, ckb, sd … or an explicit
// script.
gboolean language_is_right_to_left(const char *language);
