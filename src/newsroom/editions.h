// SPDX-License-Identifier: Apache-2.0
//
// The use cases of the edition: what the day's newspaper is made of, making it (once, whoever
// asks), publishing it (to subscribers at its hour, to the public a set time later), previews, the
// newspaper's wishes and the editors' pins. See newsroom.h.
//
// How it is laid out is the edition door's matter, which stands above this floor: the newsroom
// holds an EditionMaker that app made of it. The life of one: editions_run_due (or a person, by
// editions_make) claims the day, editions_collect gathers its content, the maker makes the files,
// they are kept by content, and one transaction says that it is MADE and composes its mails. What
// fails says why, and is made again by itself after a while; it never holds up anything else.
#pragma once

#include "model/edition.h"
#include "newsroom/newsroom.h"

// What is wanted of one making.
typedef struct EditionWish {
  guint32 formats;   // bit n: EditionFormat n; 0: as the settings say
  gint32 pages;      // -1: as the settings say; 0: as many as the stories need
  gboolean epub;     // make the EPUB, too
  gboolean pictures; // make the pages' pictures, too
  // Told as it goes on, on the caller's thread; NULL: nobody. `what`: "pages", "pictures", "epub".
  void (*progress)(const char *what, guint done, guint total, gpointer data);
  gpointer data;
} EditionWish;

typedef struct EditionPicturePage { // a page's picture
  GBytes *bytes;
  const char *media_type; // static
  gint32 width, height;
} EditionPicturePage;

// One format.
typedef struct MadePrint {
  EditionFormat format;
  GBytes *pdf;
  guint page_count;
  char *model;         // model/edition_pages.h
  char *score;         // the scorecard as a table
  char *faults;        // what is below the line; NULL: nothing
  GPtrArray *pictures; // EditionPicturePage *, by page; empty: none could be made
} MadePrint;

typedef struct MadeEdition {
  GPtrArray *prints;  // MadePrint *, the one that the web shows first
  GBytes *epub;       // NULL: not wished
  GArray *stories;    // EditionStoryRow (store/edition_rows.h) in the order of the pages
  GPtrArray *remarks; // char *: what a person should know
} MadeEdition;
MadeEdition *made_edition_new(void);
void made_edition_free(MadeEdition *made);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MadeEdition, made_edition_free)
MadePrint *made_edition_add_print(MadeEdition *made, EditionFormat format, GBytes *pdf);
void made_print_add_picture(MadePrint *print, GBytes *bytes, const char *media_type, gint32 width,
                            gint32 height);

typedef struct EditionMaker {
  // Any thread. `wish` has formats and pages set. The error says what is wrong, where, and how to
  // mend it.
  MadeEdition *(*make)(const EditionContent *content, const EditionWish *wish, gpointer data,
                       GError **error);
  gpointer data;
} EditionMaker;

// The day's content as it stands in the transaction: the front's order and weights, then what else
// was published since the last edition; nothing that an earlier edition had; pins; corrections.
// `number` 0: the one that the day has or would get.
EditionContent *editions_collect(Newsroom *newsroom, StoreTransaction *transaction, gint32 day,
                                 GError **error);
// The civil day that it is where the editions are made.
gint32 editions_today(Newsroom *newsroom, GError **error); // 0 on error

// Makes the day's edition and keeps it; again replaces what was made (its number stays). STATE:
// another process makes it just now, or there is nothing to make it of. A failure is kept in the
// row and given here, too. *ret_edition (may be NULL): as it stands after it.
gboolean editions_make(Newsroom *newsroom, gint32 day, const EditionWish *wish,
                       Edition **ret_edition, MadeEdition **ret_made, GError **error);
// The same without keeping anything: for the newsroom's preview and `broadsheet edition --out`.
MadeEdition *editions_preview(Newsroom *newsroom, gint32 day, const EditionWish *wish,
                              EditionContent **ret_content, GError **error);
// To the public now. STATE: it is not made.
gboolean editions_publish(Newsroom *newsroom, gint32 day, GError **error);

// For app/press_room: publishes what the hour asks for, makes what it asks for. *ret_next: the next
// instant at which something is to be done, 0 none known. *ret_made: the day whose edition was made
// just now, 0 none. *ret_failure: why a making failed (then TRUE: it is in the row); caller frees.
// FALSE: the store can't be used.
gboolean editions_run_due(Newsroom *newsroom, gint64 *ret_next, gint32 *ret_made,
                          GError **ret_failure, GError **error);

// Sets one wish by its name, as a person types it: "hour 05:30", "pages 16". INVALID lists them.
gboolean editions_set(Newsroom *newsroom, const char *field, const char *value, GError **error);
char *editions_get(Newsroom *newsroom, const char *field, GError **error); // caller frees
extern const char *const EDITION_FIELDS[];                                 // ends with NULL

// Place 0: where it fits on that page. Changes what the next making does.
gboolean editions_pin(Newsroom *newsroom, const EditionPin *pin, GError **error);
gboolean editions_unpin(Newsroom *newsroom, gint32 day, gint64 story_id, GError **error);

// Who may see it: everybody once it is PUBLISHED; before, a subscriber by the token of their letter
// (READER_EDITION), while they are one. FALSE: nobody, or not this one (no error).
gboolean editions_is_open(StoreTransaction *transaction, const Site *site, const Edition *edition,
                          const char *token);
