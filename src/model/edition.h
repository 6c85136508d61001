// SPDX-License-Identifier: Apache-2.0
//
// One day's laid-out newspaper: what goes in (EditionContent, handed by newsroom/editions to the
// edition door), how the newspaper wants it (EditionSettings), where an editor pinned a story, and
// what was made of it (Edition, EditionFile). Plain structs; no input, no output. Strings are never
// NULL unless said. Instants: base/clock. Days: 20261123, in the edition's zone.
//
// An edition: PLANNED (its row and number are there; it is being made, or will be) -> MADE (files
// are there, subscribers may see them) -> PUBLISHED (everybody may). FAILED: with the reason; made
// again by itself after a while, or by a person.
#pragma once

#include "model/site.h"

// The format of the page.
typedef enum EditionFormat {
  EDITION_TABLOID = 0,  // 280 x 430 mm
  EDITION_BERLINER = 1, // 315 x 470 mm
  EDITION_A4 = 2,       // 210 x 297 mm
  EDITION_PHONE = 3,    // one column, for a phone's screen
  EDITION_FORMATS
} EditionFormat;
const char *edition_format_name(EditionFormat format); // "tabloid" …
gboolean edition_format_parse(const char *name, EditionFormat *ret_format);

#define EDITION_MAX_PAGES 64

// "2026-11-23" <-> 20261123, exactly. FALSE: no day of the calendar's.
gboolean edition_day_parse(const char *text, gint32 *ret_day);
char *edition_day_text(gint32 day); // caller frees
gboolean edition_day_is_valid(gint32 day);

// ---- what goes in -----------------------------------------------------------------------------

typedef struct EditionStory {
  Story *story;       // whole, with section, bylines, images, corrections
  FrontWeight weight; // as on the front; where it isn't on it: SECOND, or BRIEF for a short one
  gboolean on_front;  // an editor put it on the newspaper's front
  gint32 pin_page;    // 0: where it fits; 1 the front page …
  gint32 pin_place;   // 0: where it fits on that page; 1 the first block in reading order …
} EditionStory;
void edition_story_free(EditionStory *story);

typedef struct EditionNote { // for the corrections box
  Correction *correction;
  char *headline, *url; // of the story that was corrected; url absolute
} EditionNote;
void edition_note_free(EditionNote *note);

typedef struct EditionContent {
  Site *site; // name, language, sections in their order
  gint32 day;
  gint64 number;      // of the edition, from 1, no gaps but those of failed days
  gint64 made_at;     // the only "now" that the outputs may show
  char *identifier;   // urn:uuid:…, the same however often the day's edition is made
  GPtrArray *stories; // EditionStory *, in rank order: the lead first; no story twice
  GPtrArray *notes;   // EditionNote *, corrections made since the last edition, newest first
} EditionContent;
EditionContent *edition_content_new(void); // empty
void edition_content_free(EditionContent *content);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EditionContent, edition_content_free)

// ---- how it is wanted -------------------------------------------------------------------------

typedef struct EditionSettings {
  gboolean active;           // made every day by `serve`
  gint32 make_minute;        // of the local day: 330 is 05:30
  guint32 days;              // bit 0 Monday … bit 6 Sunday
  char *zone_name;           // "": the newspaper's
  guint32 formats;           // bit n: EditionFormat n; the lowest is what the web shows
  gint32 pages;              // 0: as many as the stories need
  gint32 first_look_minutes; // to the public so long after the subscribers; 0: at once
  gint32 story_limit;        // at most so many stories
  gint32 attach_megabytes;   // a larger file is not attached to mail
} EditionSettings;
EditionSettings *edition_settings_new(void); // as a new newspaper has them
void edition_settings_free(EditionSettings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EditionSettings, edition_settings_free)
// "tabloid,phone" <-> bits. FALSE: unknown or none.
gboolean edition_parse_formats(const char *text, guint32 *ret_formats);
char *edition_format_names(guint32 formats);         // caller frees
EditionFormat edition_first_format(guint32 formats); // what the web shows
// The instant of the settings' hour on that day in `zone`; 0: none is made on that weekday.
gint64 edition_instant(const EditionSettings *settings, gint32 day, GTimeZone *zone);

typedef struct EditionPin {
  gint32 day;
  gint64 story_id;
  gint32 page, place; // as in EditionStory
} EditionPin;

// ---- what was made ----------------------------------------------------------------------------

typedef enum EditionState {
  EDITION_PLANNED = 0,
  EDITION_MADE = 1,
  EDITION_FAILED = 2,
  EDITION_PUBLISHED = 3
} EditionState;
const char *edition_state_name(EditionState state);

typedef struct Edition {
  gint32 day;
  gint64 number;
  EditionState state;
  char *reason; // why it failed: what, where, how to mend
  gint32 attempts;
  gint64 due_at;    // its hour
  gint64 made_at;   // 0: not yet
  gint64 public_at; // when the public may see it; 0 while it is not made
  gint64 retry_at;  // FAILED: when it is tried again; 0: never by itself
  guint32 formats;  // as it was made
  gint32 pages;     // of the first format
} Edition;
Edition *edition_new(void);
void edition_free(Edition *edition);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Edition, edition_free)
char *edition_identifier(const char *base_url, gint32 day); // urn:uuid:… (RFC 9562, version 8)

typedef enum EditionFileKind {
  EDITION_FILE_PDF = 0,
  EDITION_FILE_EPUB = 1,
  EDITION_FILE_PAGE = 2 // a picture of a page
} EditionFileKind;

typedef struct EditionFile {
  gint32 day;
  EditionFileKind kind;
  EditionFormat format; // of the page; EPUB: 0
  gint32 page;          // PAGE: from 1
  gint32 width, height; // PAGE: pixels
  char *media_type;
  char *hash; // first 40 hex digits of SHA-256
  gint64 byte_count;
} EditionFile;
EditionFile *edition_file_new(void);
void edition_file_free(EditionFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EditionFile, edition_file_free)
