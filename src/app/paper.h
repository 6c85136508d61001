// SPDX-License-Identifier: Apache-2.0
//
// One newspaper's folder, opened: configuration, store, originals and the newsroom over them. The
// commands work with it; app.c serves it. Everything in it is built once, here, and goes down again
// in paper_close. It never starts threads of its own (the renditioner's decoders excepted).
#pragma once

#include "app/config.h"
#include "model/site.h"
#include "newsroom/newsroom.h"

#define PAPER_ERROR paper_error_quark()
GQuark paper_error_quark(void);
typedef enum PaperError {
  PAPER_ERROR_MISSING, // there is no newspaper in that folder
  PAPER_ERROR_FOLDER   // the folder can't be made or used
} PaperError;

typedef enum PaperNeeds {
  PAPER_EXISTING = 0,    // a newspaper at this binary's schema
  PAPER_CREATE = 1 << 0, // made if it isn't there yet (a folder with other things in it is refused)
  PAPER_MIGRATE = 1 << 1,   // brought to this binary's schema
  PAPER_DECODERS = 1 << 2,  // with decoder processes (serve, import)
  PAPER_ANY_SCHEMA = 1 << 3 // not checked and not changed (doctor)
} PaperNeeds;

typedef struct Paper {
  Config *config;
  Store *store;
  Originals *originals;
  EditionFiles *edition_files;
  Renditioner *renditioner; // NULL without PAPER_DECODERS
  char *withdrawals;        // path of the journal
  Newsroom newsroom;        // borrows all of these
  gboolean created;         // by this call
  guint migrated;           // migrations that this call ran
} Paper;

Paper *paper_open(const char *folder, PaperNeeds needs, GError **error);
void paper_close(Paper *paper);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Paper, paper_close)

// Makes the folder and its broadsheet.ini where there is none yet, whatever else stands in it
// (init).
gboolean paper_lay(const char *folder, GError **error);
// A newspaper's database or configuration is in the folder, or the environment names a database.
gboolean paper_exists(const char *folder);
char *paper_originals_folder(const Config *config);  // <folder>/originals; caller frees
char *paper_editions_folder(const Config *config);   // <folder>/editions; caller frees
char *paper_renditions_folder(const Config *config); // <folder>/renditions; caller frees
// Instants to the person at the terminal: the newspaper's zone. Caller unrefs.
Site *paper_site(Paper *paper, GError **error);
