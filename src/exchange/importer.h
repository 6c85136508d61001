// SPDX-License-Identifier: Apache-2.0
//
// What comes in, in other people's formats. Each format is one file with one Importer in the
// table IMPORTERS (importer.c); a new format is a new row. An importer turns one file's bytes into
// stories; it touches neither the store nor the network. Any thread.
#pragma once

#include "newsroom/stories.h"

#define IMPORT_ERROR import_error_quark()
GQuark import_error_quark(void);
typedef enum ImportError {
  IMPORT_ERROR_ENCODING,
  IMPORT_ERROR_TOO_LARGE,
  IMPORT_ERROR_SYNTAX,
  IMPORT_ERROR_EMPTY,
  IMPORT_ERROR_UNSUPPORTED,
  IMPORT_ERROR_READ
} ImportError;

#define IMPORT_MAX_BYTES (32u << 20) // a larger file is refused before it is read

// Something worth telling the person: furniture left out, a picture that can't be had.
typedef struct ImportNote {
  guint line; // in the file, from 1; 0: the whole file
  char *message;
} ImportNote;
void import_note_free(ImportNote *note);

typedef struct ImportItem { // one story found in a file; owns all
  Story *story;             // source_key and content_hash set
  GArray *pictures;         // ImportedPicture, their strings owned by `strings`
  GStringChunk *strings;
  GPtrArray *keep;    // GBytes * of the pictures
  StoryStatus status; // as the file says; DRAFT when it says nothing
  gboolean status_given;
  char *former_path;    // may be NULL
  guint line;           // where the story begins in the file; 0: the whole file
  gboolean front_given; // front matter names a place on the front page ("front: lead")
  FrontWeight front_weight;
} ImportItem;
ImportItem *import_item_new(void);
void import_item_free(ImportItem *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ImportItem, import_item_free)

typedef struct ImportSource {
  const char *path; // for messages and to tell the format
  const char *key;  // how the source is known again: relative to what was named on the command line
  Slice bytes;
  GTimeZone *zone; // for times without one
  // Gives a picture that stands beside the file (a relative name, already checked to stay below the
  // folder). NULL without error: there is none (kept as a reference). NULL with error: it is there
  // and can't be used; the file fails.
  GBytes *(*load_beside)(const char *name, gpointer data, GError **error);
  gpointer data;
} ImportSource;

typedef struct Importer {
  const char *name; // "markdown", "found article", "feed", "HTML page"
  gboolean (*recognise)(const ImportSource *source); // by content first, by name second
  // Appends ImportItems to `items`, ImportNotes to `notes`. FALSE: nothing was appended to items;
  // the error's message begins with "line N: " where a line is to blame.
  gboolean (*read)(const ImportSource *source, GPtrArray *items, GPtrArray *notes, GError **error);
} Importer;

const Importer *importer_for(const ImportSource *source); // NULL if none fits
