// SPDX-License-Identifier: Apache-2.0
//
// Implements suppression_list.h. Called by `broadsheet suppression` and by
// exchange/suppressions_csv.
#include "newsroom/suppression_list.h"

#include <string.h>

#include "model/mail_address.h"
#include "newsroom/change.h"
#include "newsroom/reader_links.h"
#include "newsroom/suppressions.h"
#include "store/site_rows.h"
#include "store/subscriber_rows.h"

#define PAGE 2000
#define LINES_AT_ONCE 1000 // of an import, in one transaction
#define HASH_DIGITS 32
#define NOTE_CHARACTERS 200

// ---- who has which hash -------------------------------------------------------------------------

typedef void (*EachReader)(const Subscriber *reader, const char *hash, gpointer data);

// Every reader of a status (-1: all), with the hash of their address.
static gboolean each_reader(StoreTransaction *transaction, const char *mail_key, gint status,
                            EachReader each, gpointer data, GError **error) {
  guint count = PAGE;
  for (gint64 after = 0; count == PAGE;) {
    g_autoptr(GPtrArray) some = subscriber_rows_list(transaction, "", status, after, PAGE, error);
    if (some == NULL) {
      return FALSE;
    }
    count = some->len;
    for (guint i = 0; i < count; i++) {
      const Subscriber *reader = some->pdata[i];
      g_autofree char *hash = reader_address_hash(mail_key, reader->address_key);
      each(reader, hash, data);
      after = reader->id;
    }
  }
  return TRUE;
}

static void note_address(const Subscriber *reader, const char *hash, gpointer data) {
  g_hash_table_insert(data, g_strdup(hash), g_strdup(reader->address));
}

typedef struct Showing {
  GHashTable *addresses; // hash -> address
  gint reason;
  SuppressionEach each;
  gpointer data;
} Showing;

static gboolean show(const char *hash, SuppressionReason reason, gint64 at, const char *note,
                     gpointer data, GError **error) {
  const Showing *showing = data;
  if (showing->reason >= 0 && (gint)reason != showing->reason) {
    return TRUE;
  }
  const char *address = g_hash_table_lookup(showing->addresses, hash);
  SuppressionEntry entry = {.address = address != NULL ? address : "",
                            .address_hash = hash,
                            .note = note,
                            .reason = reason,
                            .at = at};
  return showing->each(&entry, showing->data, error);
}

gboolean suppression_list_each(Newsroom *newsroom, gint reason, SuppressionEach each, gpointer data,
                               GError **error) {
  g_autoptr(GHashTable) addresses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
  g_autoptr(Site) site = transaction != NULL ? site_rows_load(transaction, error) : NULL;
  Showing showing = {addresses, reason, each, data};
  return site != NULL &&
         each_reader(transaction, site->mail_key, SUBSCRIBER_SUPPRESSED, note_address, addresses,
                     error) &&
         suppression_rows_each(transaction, show, &showing, error);
}

// ---- one address --------------------------------------------------------------------------------

static char *key_of(const char *address, GError **error) {
  g_autoptr(GError) failure = NULL;
  g_autofree char *normalised = mail_address_normalise(address, &failure);
  if (normalised == NULL) {
    change_refuse(error, NEWSROOM_ERROR_INVALID, "%s: %s", address, failure->message);
    return NULL;
  }
  return mail_address_key(normalised);
}

gboolean suppression_list_find(Newsroom *newsroom, const char *address, gboolean *ret_listed,
                               SuppressionReason *ret_reason, GError **error) {
  g_autofree char *key = key_of(address, error);
  g_autoptr(StoreTransaction) transaction =
      key != NULL ? store_begin_read(newsroom->store, error) : NULL;
  g_autoptr(Site) site = transaction != NULL ? site_rows_load(transaction, error) : NULL;
  if (site == NULL) {
    return FALSE;
  }
  g_autofree char *hash = reader_address_hash(site->mail_key, key);
  return suppression_rows_get(transaction, hash, ret_listed, ret_reason, error);
}

// *ret_reader NULL without error: nobody here has that address.
static gboolean find_reader(StoreTransaction *transaction, const char *key, Subscriber **ret_reader,
                            GError **error) {
  GError *failure = NULL;
  *ret_reader = subscriber_rows_get_by_key(transaction, key, &failure);
  if (*ret_reader == NULL && !change_is_absent(&failure)) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  return TRUE;
}

static gboolean put(Change *change, const char *hash, const char *key, const SuppressionLine *line,
                    gint64 *ret_readers, GError **error) {
  g_autoptr(Subscriber) reader = NULL;
  gint64 at = line->at != 0 ? line->at : change->now;
  if (key != NULL && !find_reader(change->transaction, key, &reader, error)) {
    return FALSE;
  }
  if (reader == NULL) {
    return suppression_rows_put(change->transaction, hash, line->reason, at, line->note, error);
  }
  SuppressedReader suppressed = {reader->id, line->reason, line->note, at};
  *ret_readers += reader->status != SUBSCRIBER_SUPPRESSED ? 1 : 0;
  return suppressions_add_reader(change->transaction, change->site->mail_key, &suppressed, error);
}

gboolean suppression_list_add(Newsroom *newsroom, const char *address, const char *note,
                              GError **error) {
  g_auto(Change) change = {0};
  gint64 readers = 0;
  g_autofree char *key = key_of(address, error);
  if (key == NULL || !change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  g_autofree char *hash = reader_address_hash(change.site->mail_key, key);
  SuppressionLine line = {.reason = SUPPRESSION_MANUAL, .note = note};
  return put(&change, hash, key, &line, &readers, error) && change_commit(&change, FALSE, error);
}

gboolean suppression_list_lift(Newsroom *newsroom, const char *address, GError **error) {
  g_auto(Change) change = {0};
  g_autoptr(Subscriber) reader = NULL;
  gboolean listed = FALSE;
  SuppressionReason reason = SUPPRESSION_BOUNCED;
  g_autofree char *key = key_of(address, error);
  if (key == NULL || !change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  g_autofree char *hash = reader_address_hash(change.site->mail_key, key);
  if (!suppression_rows_get(change.transaction, hash, &listed, &reason, error) ||
      !find_reader(change.transaction, key, &reader, error)) {
    return FALSE;
  }
  gboolean suppressed = reader != NULL && reader->status == SUBSCRIBER_SUPPRESSED;
  if (!listed && !suppressed) {
    return change_refuse(error, NEWSROOM_ERROR_NOT_FOUND, "%s is not on the list", address);
  }
  if (listed && reason == SUPPRESSION_ERASED) {
    return change_refuse(error, NEWSROOM_ERROR_STATE,
                         "the reader with that address had everything deleted: only they "
                         "themselves can come back, by signing up");
  }
  return suppression_rows_remove(change.transaction, hash, error) &&
         (!suppressed || subscriber_rows_lift(change.transaction, reader->id, error)) &&
         change_commit(&change, FALSE, error);
}

// ---- another list -------------------------------------------------------------------------------

struct SuppressionImport {
  Newsroom *newsroom;
  gboolean dry_run;
  Change change;      // of the lines since the last commit
  guint waiting;      // 0: no change is begun
  GHashTable *hashes; // char *: lines that came as hashes; whose they are is found out at the end
  SuppressionImportReport report;
};

SuppressionImport *suppression_import_new(Newsroom *newsroom, gboolean dry_run) {
  SuppressionImport *import = g_new0(SuppressionImport, 1);
  import->newsroom = newsroom;
  import->dry_run = dry_run;
  import->hashes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  return import;
}

void suppression_import_free(SuppressionImport *import) {
  if (import != NULL) {
    change_clear(&import->change);
    g_hash_table_unref(import->hashes);
    g_free(import);
  }
}

static gboolean commit(SuppressionImport *import, GError **error) {
  gboolean done =
      import->waiting == 0 || import->dry_run || change_commit(&import->change, FALSE, error);
  change_clear(&import->change);
  import->waiting = 0;
  return done;
}

static gboolean is_hash(const char *text) {
  return strlen(text) == HASH_DIGITS && strspn(text, "0123456789abcdef") == HASH_DIGITS;
}

// A line of their own text: one line, not too long.
static char *clean_note(const char *note) {
  g_autofree char *valid = g_utf8_make_valid(note, -1);
  g_autofree char *cut = g_utf8_strlen(valid, -1) > NOTE_CHARACTERS
                             ? g_utf8_substring(valid, 0, NOTE_CHARACTERS)
                             : g_strdup(valid);
  for (char *at = cut; *at != '\0'; at++) {
    *at = (guchar)*at < ' ' ? ' ' : *at;
  }
  return g_strstrip(g_steal_pointer(&cut));
}

static gboolean add(SuppressionImport *import, const SuppressionLine *line, const char *key,
                    GError **error) {
  gboolean listed = FALSE;
  SuppressionReason reason = SUPPRESSION_BOUNCED;
  if (import->waiting == 0 && !change_begin(&import->change, import->newsroom, error)) {
    return FALSE;
  }
  import->waiting++;
  g_autofree char *hash = key != NULL ? reader_address_hash(import->change.site->mail_key, key)
                                      : g_strdup(line->address_hash);
  if (!suppression_rows_get(import->change.transaction, hash, &listed, &reason, error) ||
      !put(&import->change, hash, key, line, &import->report.readers, error)) {
    return FALSE;
  }
  import->report.added += listed ? 0 : 1;
  import->report.known += listed ? 1 : 0;
  if (key == NULL) {
    g_hash_table_add(import->hashes, g_steal_pointer(&hash));
  }
  return import->waiting < LINES_AT_ONCE || commit(import, error);
}

gboolean suppression_import_add(SuppressionImport *import, const SuppressionLine *line,
                                GError **error) {
  g_autofree char *key = NULL;
  g_autofree char *note = clean_note(line->note);
  SuppressionLine cleaned = *line;
  cleaned.note = note;
  if (*line->address != '\0') {
    key = key_of(line->address, error);
    if (key == NULL) {
      return FALSE;
    }
  } else if (!is_hash(line->address_hash)) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID,
                         "there is neither an address nor a hash that this newspaper made");
  }
  return add(import, &cleaned, key, error);
}

typedef struct Matching {
  GHashTable *hashes;
  GArray *ids; // gint64: readers who are on the list by their hash, and written to
} Matching;

static void match(const Subscriber *reader, const char *hash, gpointer data) {
  Matching *matching = data;
  if (reader->status != SUBSCRIBER_SUPPRESSED && g_hash_table_contains(matching->hashes, hash)) {
    g_array_append_val(matching->ids, reader->id);
  }
}

static gboolean suppress_matching(SuppressionImport *import, GError **error) {
  g_auto(Change) change = {0};
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  Matching matching = {import->hashes, ids};
  if (g_hash_table_size(import->hashes) == 0) {
    return TRUE;
  }
  if (!change_begin(&change, import->newsroom, error) ||
      !each_reader(change.transaction, change.site->mail_key, -1, match, &matching, error)) {
    return FALSE;
  }
  import->report.readers += ids->len;
  for (guint i = 0; i < ids->len; i++) {
    g_autofree char *key = NULL;
    if (!subscriber_rows_suppress(change.transaction, g_array_index(ids, gint64, i), &key, error)) {
      return FALSE;
    }
  }
  return import->dry_run || change_commit(&change, FALSE, error);
}

gboolean suppression_import_finish(SuppressionImport *import, SuppressionImportReport *ret_report,
                                   GError **error) {
  gboolean done = commit(import, error) && suppress_matching(import, error);
  *ret_report = import->report;
  return done;
}
