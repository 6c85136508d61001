// SPDX-License-Identifier: Apache-2.0
//
// Implements withdrawals.h. The whole journal is held by hash while it is replayed: 100 bytes a
// wish.
#include "newsroom/withdrawals.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "newsroom/change.h"
#include "newsroom/reader_links.h"
#include "newsroom/suppressions.h"
#include "store/newsletter_rows.h"
#include "store/subscriber_rows.h"

#define PAGE 2000
#define HASH_DIGITS 32
#define PAGE_OF_CONSENT "withdrawals"

// ---- the file -----------------------------------------------------------------------------------

// A line that a crash cut short must not swallow the next one.
static gboolean ends_a_line(int file) {
  off_t size = lseek(file, 0, SEEK_END);
  char last = '\n';
  return size <= 0 || (pread(file, &last, 1, size - 1) == 1 && last == '\n');
}

gboolean withdrawals_append(const char *path, const char *lines, gsize length, GError **error) {
  int file = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
  gboolean good = file >= 0 && (ends_a_line(file) || file_write(file, SLICE_LITERAL("\n"))) &&
                  file_write(file, (Slice){lines, length}) && fdatasync(file) == 0;
  if (!good) {
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno),
                "%s can't be written: %s", path, g_strerror(errno));
  }
  if (file >= 0) {
    close(file);
  }
  return good;
}

gboolean withdrawals_can_write(const char *path) {
  g_autofree char *folder = g_path_get_dirname(path);
  return access(path, F_OK) == 0 ? access(path, R_OK | W_OK) == 0 : access(folder, W_OK) == 0;
}

// ---- what it says -------------------------------------------------------------------------------

typedef struct Wishes {
  gint64 erased, complained; // the newest; 0: never
  GHashTable *left;          // slug -> gint64 *: the newest
  gboolean stays;            // has a reader who came later than `erased`
} Wishes;

static void wishes_free(Wishes *wishes) {
  g_hash_table_unref(wishes->left);
  g_free(wishes);
}

static Wishes *wishes_of(GHashTable *journal, const char *hash) {
  Wishes *wishes = g_hash_table_lookup(journal, hash);
  if (wishes == NULL) {
    wishes = g_new0(Wishes, 1);
    wishes->left = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_hash_table_insert(journal, g_strdup(hash), wishes);
  }
  return wishes;
}

static void note_left(Wishes *wishes, const char *slugs, gint64 at) {
  g_auto(GStrv) names = g_strsplit(slugs, ",", -1);
  for (guint i = 0; names[i] != NULL; i++) {
    const gint64 *known = g_hash_table_lookup(wishes->left, names[i]);
    if (*names[i] != '\0' && (known == NULL || *known < at)) {
      g_hash_table_insert(wishes->left, g_strdup(names[i]), g_memdup2(&at, sizeof at));
    }
  }
}

static gboolean read_line(GHashTable *journal, const char *line) {
  g_auto(GStrv) words = g_strsplit(line, " ", 5);
  guint64 at = 0;
  if (g_strv_length(words) != 4 || !slice_parse_uint(slice_of(words[0]), G_MAXINT64, &at) ||
      at == 0 || strlen(words[2]) != HASH_DIGITS ||
      strspn(words[2], "0123456789abcdef") != HASH_DIGITS) {
    return FALSE;
  }
  gboolean left = strcmp(words[1], "left") == 0;
  gboolean complained = strcmp(words[1], "complained") == 0;
  if (!left && !complained && strcmp(words[1], "erased") != 0) {
    return FALSE;
  }
  Wishes *wishes = wishes_of(journal, words[2]);
  gint64 *newest = complained ? &wishes->complained : &wishes->erased;
  if (left) {
    note_left(wishes, words[3], (gint64)at);
  } else {
    *newest = MAX(*newest, (gint64)at);
  }
  return TRUE;
}

static GHashTable *read_journal(const char *path, WithdrawalReport *report, GError **error) {
  g_autoptr(GHashTable) journal =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)wishes_free);
  g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, error);
  if (file == NULL) {
    return NULL;
  }
  Slice rest = {g_mapped_file_get_contents(file), g_mapped_file_get_length(file)};
  while (rest.length > 0) {
    const char *end = memchr(rest.data, '\n', rest.length);
    gsize length = end != NULL ? (gsize)(end - rest.data) : rest.length;
    g_autofree char *line = g_strndup(rest.data, length);
    gboolean good = read_line(journal, line);
    report->lines += good ? 1 : 0;
    report->damaged += good || length == 0 ? 0 : 1;
    length += end != NULL ? 1 : 0;
    rest = (Slice){rest.data + length, rest.length - length};
  }
  return g_steal_pointer(&journal);
}

// ---- and what follows ---------------------------------------------------------------------------

typedef struct Replay {
  Change change; // of some thousand readers
  GPtrArray *newsletters;
  WithdrawalReport *report;
  gboolean dry_run;
} Replay;

static gboolean erase(Replay *replay, const Subscriber *reader, const char *hash,
                      const Wishes *wishes, GError **error) {
  StoreTransaction *transaction = replay->change.transaction;
  replay->report->erased++;
  return subscriber_rows_erase(transaction, reader->id, error) &&
         suppression_rows_put(transaction, hash, SUPPRESSION_ERASED, wishes->erased, "", error);
}

// A reader who confirmed once more after a complaint wants mail again.
static gboolean came_back(Replay *replay, const Subscriber *reader, gint64 at, gboolean *ret_back,
                          GError **error) {
  g_autoptr(GPtrArray) consents = consent_rows_of(replay->change.transaction, reader->id, error);
  *ret_back = FALSE;
  for (guint i = 0; consents != NULL && i < consents->len; i++) {
    const Consent *one = consents->pdata[i];
    *ret_back = *ret_back || (one->kind == CONSENT_CONFIRMED && one->at > at);
  }
  return consents != NULL;
}

static gboolean complain(Replay *replay, const Subscriber *reader, const Wishes *wishes,
                         GError **error) {
  gboolean back = FALSE;
  if (wishes->complained == 0 || reader->status == SUBSCRIBER_SUPPRESSED) {
    return TRUE;
  }
  if (!came_back(replay, reader, wishes->complained, &back, error) || back) {
    return back;
  }
  SuppressedReader suppressed = {reader->id, SUPPRESSION_COMPLAINED, PAGE_OF_CONSENT,
                                 wishes->complained};
  replay->report->complained++;
  return suppressions_add_reader(replay->change.transaction, replay->change.site->mail_key,
                                 &suppressed, error);
}

static const char *slug_of(const Replay *replay, gint64 id) {
  for (guint i = 0; i < replay->newsletters->len; i++) {
    const Newsletter *one = replay->newsletters->pdata[i];
    if (one->id == id) {
      return one->slug;
    }
  }
  return "";
}

static gboolean leave_one(Replay *replay, const Subscription *subscription, const char *slug,
                          gint64 at, GError **error) {
  Subscription left = *subscription;
  left.status = SUBSCRIPTION_LEFT;
  left.left_at = at;
  Consent consent = {.subscriber_id = subscription->subscriber_id,
                     .kind = CONSENT_WITHDRAWN,
                     .at = at,
                     .newsletters = (char *)slug,
                     .wording = (char *)"",
                     .page = (char *)PAGE_OF_CONSENT,
                     .network_hash = (char *)""};
  replay->report->left++;
  return subscription_rows_put(replay->change.transaction, &left, error) &&
         consent_rows_insert(replay->change.transaction, &consent, error) != 0;
}

static gboolean leave(Replay *replay, const Subscriber *reader, const Wishes *wishes,
                      GError **error) {
  g_autoptr(GArray) subscriptions =
      subscription_rows_of(replay->change.transaction, reader->id, error);
  if (subscriptions == NULL) {
    return FALSE;
  }
  for (guint i = 0; i < subscriptions->len; i++) {
    const Subscription *one = &g_array_index(subscriptions, Subscription, i);
    const char *slug = slug_of(replay, one->newsletter_id);
    const gint64 *at = g_hash_table_lookup(wishes->left, slug);
    if (at != NULL && one->status != SUBSCRIPTION_LEFT && one->since <= *at &&
        !leave_one(replay, one, slug, *at, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean apply(Replay *replay, const Subscriber *reader, GHashTable *journal,
                      GError **error) {
  g_autofree char *hash = reader_address_hash(replay->change.site->mail_key, reader->address_key);
  Wishes *wishes = g_hash_table_lookup(journal, hash);
  if (wishes == NULL) {
    return TRUE;
  }
  if (wishes->erased >= reader->created_at) {
    return erase(replay, reader, hash, wishes, error);
  }
  wishes->stays = TRUE;
  return leave(replay, reader, wishes, error) && complain(replay, reader, wishes, error);
}

static gboolean end_some(Replay *replay, GError **error) {
  gboolean done = replay->dry_run || change_commit(&replay->change, FALSE, error);
  change_clear(&replay->change);
  return done;
}

static gboolean replay_some(Replay *replay, Newsroom *newsroom, GHashTable *journal, gint64 *after,
                            guint *ret_count, GError **error) {
  if (!change_begin(&replay->change, newsroom, error)) {
    return FALSE;
  }
  g_autoptr(GPtrArray) readers =
      subscriber_rows_list(replay->change.transaction, "", -1, *after, PAGE, error);
  replay->newsletters =
      readers != NULL ? newsletter_rows_list(replay->change.transaction, error) : NULL;
  gboolean good = replay->newsletters != NULL;
  for (guint i = 0; good && i < readers->len; i++) {
    const Subscriber *reader = readers->pdata[i];
    *after = reader->id;
    good = apply(replay, reader, journal, error);
  }
  *ret_count = good ? readers->len : 0;
  g_clear_pointer(&replay->newsletters, g_ptr_array_unref);
  return good && end_some(replay, error);
}

// Hashes of erased readers whom the database never knew, or had forgotten: no import brings them
// back.
static gboolean keep_erased(Replay *replay, Newsroom *newsroom, GHashTable *journal,
                            GError **error) {
  GHashTableIter each;
  gpointer hash;
  gpointer value;
  if (!change_begin(&replay->change, newsroom, error)) {
    return FALSE;
  }
  g_hash_table_iter_init(&each, journal);
  while (g_hash_table_iter_next(&each, &hash, &value)) {
    const Wishes *wishes = value;
    gboolean listed = FALSE;
    SuppressionReason reason = SUPPRESSION_ERASED;
    if (wishes->erased == 0 || wishes->stays) {
      continue;
    }
    if (!suppression_rows_get(replay->change.transaction, hash, &listed, &reason, error)) {
      return FALSE;
    }
    if (listed && reason == SUPPRESSION_ERASED) {
      continue;
    }
    replay->report->erased++;
    if (!suppression_rows_put(replay->change.transaction, hash, SUPPRESSION_ERASED, wishes->erased,
                              "", error)) {
      return FALSE;
    }
  }
  return end_some(replay, error);
}

gboolean withdrawals_replay(Newsroom *newsroom, const char *path, gboolean dry_run,
                            WithdrawalReport *ret_report, GError **error) {
  *ret_report = (WithdrawalReport){0};
  path = path != NULL ? path : newsroom->withdrawals;
  if (path == NULL || (path == newsroom->withdrawals && !g_file_test(path, G_FILE_TEST_EXISTS))) {
    return TRUE;
  }
  g_autoptr(GHashTable) journal = read_journal(path, ret_report, error);
  Replay replay = {.report = ret_report, .dry_run = dry_run};
  guint count = PAGE;
  gboolean good = journal != NULL;
  for (gint64 after = 0; good && ret_report->lines > 0 && count == PAGE;) {
    good = replay_some(&replay, newsroom, journal, &after, &count, error);
  }
  good = good && (ret_report->lines == 0 || keep_erased(&replay, newsroom, journal, error));
  change_clear(&replay.change);
  return good;
}
