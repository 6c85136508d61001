// SPDX-License-Identifier: Apache-2.0
//
// What the site_* handlers work with, built once by app. Any thread.
#pragma once

#include "newsroom/newsroom.h"
#include "newsroom/subscriber_imports.h"
#include "newsroom/views.h"
#include "press/page.h"
#include "store/subscriber_export_rows.h"
#include "web/event_hub.h"
#include "web/figure_cache.h"
#include "web/page_cache.h"
#include "web/route.h"

// Readers in and out as files. The formats are another door's: app hands its calls in. Any thread.
typedef struct ReaderDoor {
  gpointer data; // for all of these
  // Keeps the uploaded file (a descriptor, borrowed) under the import's number.
  gboolean (*keep)(gpointer data, gint64 id, int file, GError **error);
  gboolean (*look)(gpointer data, gint64 id, SubscriberImportLook *ret_look, GError **error);
  // TRUE: it is being worked on here; `done` of `total` bytes, or lines when it is being taken
  // over.
  gboolean (*progress)(gpointer data, gint64 id, guint64 *ret_done, guint64 *ret_total);
  // What was refused, as a file to read; NOT_FOUND if nothing was, or it is too long ago.
  int (*open_refused)(gpointer data, gint64 id, GError **error);
  void (*changed)(gpointer data, gint64 id); // one was started or cancelled
  gboolean (*write)(gpointer data, const SubscriberExportFilter *filter,
                    gboolean (*put)(Slice piece, gpointer data, GError **error), gpointer put_data,
                    GError **error);
} ReaderDoor;

struct Website {
  Newsroom *newsroom; // store, originals, renditioner, clock
  Press *press;
  Views *views;         // borrowed; NULL: nothing is counted
  GMutex lock;          // guards site
  Site *site;           // of the newest revision seen; website_site() gives a reference
  PageCache *cache;     // borrowed, may be NULL; told of every site revision that a handler reads
  EventHub *events;     // borrowed; NULL: one event to an answer
  FigureCache *figures; // borrowed; NULL: all is counted when it is asked for
  const ReaderDoor *readers;               // borrowed; NULL: no readers come in or go out here
  struct Webhooks *webhooks;               // borrowed; NULL: none (web/webhooks.h)
  const char *folder;                      // the newspaper's, borrowed; NULL in tests
  const char *outbox;                      // the maildir, borrowed; NULL: none
  const char *transport;                   // "smtp" or "maildir"; NULL: maildir
  GMutex file_lock;                        // guards files_open
  GCond file_closed;                       // a mapped file was let go of
  guint files_open;                        // uploaded files mapped at this moment (api_file_open)
  gint64 front_size, page_size, feed_size; // stories: on the front, on a list's page, in a feed
};

// The site at the transaction's revision: cached, loaded anew when the revision moved on. Caller
// unrefs. The page cache learns of the revision before the answer made from it can be sent: nobody
// sees a new answer on one page and then an old one on another.
Site *website_site(Website *website, StoreTransaction *transaction, GError **error);

// For the event hub: how far a mailing is (data: the Website). Caller frees; NULL: it is gone.
char *api_mailing_progress_text(gpointer website, gint64 id);

// Every row of what readers see, for route_table_new.
extern const Route SITE_ROUTES[];
extern const guint SITE_ROUTE_COUNT;
// Every row of the newsroom's interface (docs/api/openapi.json).
extern const Route API_ROUTES[];
extern const guint API_ROUTE_COUNT;
// What mail providers call (web/api_webhooks.c).
extern const Route WEBHOOK_ROUTES[];
extern const guint WEBHOOK_ROUTE_COUNT;
