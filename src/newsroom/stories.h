// SPDX-License-Identifier: Apache-2.0
//
// The use cases of a story: taken in, published, scheduled, withdrawn, corrected.
// See newsroom.h for threads and errors.
#pragma once

#include "model/story.h"
#include "newsroom/newsroom.h"

gboolean stories_publish(Newsroom *newsroom, gint64 id,
                         GError **error); // now; keeps the first published_at
gboolean stories_schedule(Newsroom *newsroom, gint64 id, gint64 when,
                          GError **error);                                // when must lie ahead
gboolean stories_withdraw(Newsroom *newsroom, gint64 id, GError **error); // readers get 410
gint64 stories_correct(Newsroom *newsroom, gint64 id, const char *wrong, const char *right,
                       GError **error); // correction's id, 0 on error
// Publishes what is due; gives how many, -1 on error. Called by app/scheduler.
gint stories_publish_due(Newsroom *newsroom, GError **error);

// What an importer hands in. Everything is borrowed for the call.
typedef struct ImportedPicture {
  const char *url;        // as the body names it (file name or URL); what is replaced by image:HASH
  GBytes *bytes;          // NULL: can't be had; kept as a reference with alt and crop
  int file;               // a read-only descriptor of the same bytes; 0: they are in memory only
  const char *source_url; // NULL or where it came from
  const char *alt, *caption, *credit; // "" or NULL: from the file's IPTC/XMP
  ImageAspect crop_aspect;
  CropRectangle crop;                // width 0: none
  CropRectangle crops[ASPECT_COUNT]; // further ones, by aspect; width 0: none
  gint32 focal_x, focal_y;           // -1: not given
  gboolean hero;
  guint line; // in the file, where it is named; 0: not known
} ImportedPicture;

typedef struct ImportedStory {
  Story *story; // ids unset; section, bylines and topics by name/slug (made when missing);
                // its corrections are taken along
  const ImportedPicture *pictures;
  guint picture_count;
  StoryStatus status;      // DRAFT, PUBLISHED (published_at 0: now) or SCHEDULED
  const char *former_path; // NULL, or the path it had elsewhere: becomes a redirect
} ImportedStory;

typedef enum ImportOutcome { IMPORT_CREATED, IMPORT_UPDATED, IMPORT_UNCHANGED } ImportOutcome;

// Takes in one story with all its pictures, or nothing of it. Known by story->source_key and
// content_hash: the same thing again is UNCHANGED and writes nothing; a changed source updates the
// story and keeps a revision. *ret_id is the story's.
gboolean stories_import(Newsroom *newsroom, const ImportedStory *imported,
                        ImportOutcome *ret_outcome, gint64 *ret_id, GError **error);
// Checks all that stories_import would, writes nothing (--dry-run).
gboolean stories_import_check(Newsroom *newsroom, const ImportedStory *imported, GError **error);
