// SPDX-License-Identifier: Apache-2.0
//
// Implements making and publishing editions (editions.h). The long work (setting type, drawing
// pictures) is done outside of any transaction; a lease keeps two processes from doing
// it twice. Files are durable before the row says that the edition is made.
#include <gio/gio.h>
#include <string.h>

#include "newsroom/edition_lease.h"
#include "newsroom/edition_parts.h"
#include "store/edition_rows.h"
#include "store/site_rows.h"

#define MINUTE (60 * CLOCK_SECOND)
#define FIRST_RETRY (2 * MINUTE)
#define LAST_RETRY (30 * MINUTE)
#define LOOK_AGAIN (20 * CLOCK_SECOND) // after a look that found nothing to make an edition of

static gboolean refuse_without_maker(const Newsroom *newsroom, GError **error) {
  return (newsroom->edition_maker != NULL && newsroom->edition_files != NULL) ||
         change_refuse(error, NEWSROOM_ERROR_STATE, "editions can't be made here");
}

static gboolean refuse_empty(const EditionContent *content, GError **error) {
  return content->stories->len > 0 ||
         change_refuse(error, NEWSROOM_ERROR_STATE,
                       "nothing was published since the last edition: publish a story, or put one "
                       "on the front");
}

// The wish with what the settings say where it says nothing.
static gboolean complete_wish(const EditionWish *wish, StoreTransaction *transaction,
                              EditionWish *ret_wish, GError **error) {
  g_autoptr(EditionSettings) settings = edition_rows_settings(transaction, error);
  if (settings == NULL) {
    return FALSE;
  }
  *ret_wish = *wish;
  ret_wish->formats = wish->formats != 0 ? wish->formats : settings->formats;
  ret_wish->pages = wish->pages >= 0 ? wish->pages : settings->pages;
  return TRUE;
}

MadeEdition *editions_preview(Newsroom *newsroom, gint32 day, const EditionWish *wish,
                              EditionContent **ret_content, GError **error) {
  EditionWish whole;
  if (!refuse_without_maker(newsroom, error)) {
    return NULL;
  }
  g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
  g_autoptr(EditionContent) content =
      transaction != NULL && complete_wish(wish, transaction, &whole, error)
          ? editions_collect(newsroom, transaction, day, error)
          : NULL;
  g_clear_pointer(&transaction, store_rollback);
  if (content == NULL) {
    return NULL;
  }
  MadeEdition *made =
      newsroom->edition_maker->make(content, &whole, newsroom->edition_maker->data, error);
  if (made != NULL && ret_content != NULL) {
    *ret_content = g_steal_pointer(&content);
  }
  // The maker keeps nothing of the wish.
  // cppcheck-suppress returnDanglingLifetime
  return made;
}

// ---- the claim --------------------------------------------------------------------------------

// *ret_until: when the claim ends. *ret_claimed FALSE: another process has it.
static gboolean claim(Newsroom *newsroom, gint32 day, gint64 *ret_until, gboolean *ret_claimed,
                      GError **error) {
  g_auto(Change) change = {0};
  if (!change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  g_autoptr(EditionSettings) settings = edition_rows_settings(change.transaction, error);
  if (settings == NULL) {
    return FALSE;
  }
  g_autoptr(GTimeZone) zone = edition_zone(settings, change.site);
  gint64 due = edition_instant(settings, day, zone);
  *ret_until = change.now + EDITION_LEASE;
  return edition_rows_plan(change.transaction, day, due != 0 ? due : change.now, error) &&
         edition_rows_claim(change.transaction, day, change.now, *ret_until, ret_claimed, error) &&
         change_commit(&change, FALSE, error);
}

// ---- the files --------------------------------------------------------------------------------

typedef struct FileNote {
  EditionFileKind kind;
  EditionFormat format;
  gint32 page, width, height;
  const char *media_type;
} FileNote;

static gboolean keep_file(Newsroom *newsroom, GPtrArray *files, FileNote note, GBytes *bytes,
                          GError **error) {
  g_autofree char *hash =
      edition_files_put(newsroom->edition_files, note.media_type, slice_of_bytes(bytes), error);
  if (hash == NULL) {
    return FALSE;
  }
  EditionFile *file = g_new0(EditionFile, 1);
  *file = (EditionFile){.kind = note.kind,
                        .format = note.format,
                        .page = note.page,
                        .width = note.width,
                        .height = note.height,
                        .media_type = g_strdup(note.media_type),
                        .hash = g_steal_pointer(&hash),
                        .byte_count = (gint64)g_bytes_get_size(bytes)};
  g_ptr_array_add(files, file);
  return TRUE;
}

static gboolean keep_print(Newsroom *newsroom, GPtrArray *files, const MadePrint *print,
                           GError **error) {
  FileNote pdf = {
      .kind = EDITION_FILE_PDF, .format = print->format, .media_type = "application/pdf"};
  if (!keep_file(newsroom, files, pdf, print->pdf, error)) {
    return FALSE;
  }
  for (guint i = 0; i < print->pictures->len; i++) {
    const EditionPicturePage *picture = print->pictures->pdata[i];
    FileNote note = {EDITION_FILE_PAGE, print->format,   (gint32)i + 1,
                     picture->width,    picture->height, picture->media_type};
    if (!keep_file(newsroom, files, note, picture->bytes, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

static GPtrArray *keep_files(Newsroom *newsroom, const MadeEdition *made, GError **error) {
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func((GDestroyNotify)edition_file_free);
  for (guint i = 0; i < made->prints->len; i++) {
    if (!keep_print(newsroom, files, made->prints->pdata[i], error)) {
      return NULL;
    }
  }
  FileNote epub = {.kind = EDITION_FILE_EPUB, .media_type = "application/epub+zip"};
  if (made->epub != NULL && !keep_file(newsroom, files, epub, made->epub, error)) {
    return NULL;
  }
  return g_steal_pointer(&files);
}

// ---- what became of it ------------------------------------------------------------------------

static gboolean write_made(Change *change, const MadeEdition *made, const GPtrArray *files,
                           gint32 day, GError **error) {
  if (!edition_rows_set_stories(change->transaction, day,
                                (const EditionStoryRow *)(gpointer)made->stories->data,
                                made->stories->len, error) ||
      !edition_rows_set_files(change->transaction, day, files, error)) {
    return FALSE;
  }
  for (guint i = 0; i < made->prints->len; i++) {
    const MadePrint *print = made->prints->pdata[i];
    if (!edition_rows_add_model(change->transaction, day, print->format, print->model, print->score,
                                error)) {
      return FALSE;
    }
  }
  return TRUE;
}

static void set_made(Edition *edition, const EditionSettings *settings, const MadeEdition *made,
                     gint64 now) {
  g_free(edition->reason);
  edition->reason = g_strdup("");
  edition->attempts = 0;
  edition->retry_at = 0;
  edition->made_at = now;
  edition->formats = 0;
  edition->pages = 0;
  for (guint i = 0; i < made->prints->len; i++) {
    const MadePrint *print = made->prints->pdata[i];
    edition->formats |= 1U << print->format;
    edition->pages = i == 0 ? (gint32)print->page_count : edition->pages;
  }
  if (edition->state == EDITION_PUBLISHED) { // made again: who could see it sees it still
    return;
  }
  edition->public_at = MAX(edition->due_at, now) + settings->first_look_minutes * MINUTE;
  edition->state = edition->public_at <= now ? EDITION_PUBLISHED : EDITION_MADE;
}

static gboolean finish_made(Newsroom *newsroom, gint32 day, gint64 until, const MadeEdition *made,
                            Edition **ret_edition, GError **error) {
  g_autoptr(GPtrArray) files = keep_files(newsroom, made, error);
  g_auto(Change) change = {0};
  gboolean ended = FALSE;
  if (files == NULL || !change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  g_autoptr(Edition) edition = edition_rows_get(change.transaction, day, error);
  g_autoptr(EditionSettings) settings =
      edition != NULL ? edition_rows_settings(change.transaction, error) : NULL;
  if (settings == NULL) {
    return FALSE;
  }
  set_made(edition, settings, made, change.now);
  if (!edition_rows_finish(change.transaction, edition, until, &ended, error)) {
    return FALSE;
  }
  if (!ended) {
    return change_refuse(error, NEWSROOM_ERROR_STATE,
                         "making it took so long that another process has begun it again");
  }
  if (!write_made(&change, made, files, day, error) ||
      !mailings_compose_edition(&change, edition, error) || !change_commit(&change, TRUE, error)) {
    return FALSE;
  }
  *ret_edition = g_steal_pointer(&edition);
  return TRUE;
}

// What was made before stays; otherwise it is FAILED, and tried again after a while.
static gboolean finish_failed(Newsroom *newsroom, gint32 day, gint64 until, const GError *reason,
                              Edition **ret_edition, GError **error) {
  g_auto(Change) change = {0};
  gboolean ended = FALSE;
  if (!change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  g_autoptr(Edition) edition = edition_rows_get(change.transaction, day, error);
  if (edition == NULL) {
    return FALSE;
  }
  gboolean cancelled = g_error_matches(reason, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  if (!cancelled) { // else it is begun again at the next start, as if nothing had been
    g_free(edition->reason);
    edition->reason = g_utf8_make_valid(reason->message, -1);
  }
  if (!cancelled && edition->state != EDITION_MADE && edition->state != EDITION_PUBLISHED) {
    gint64 wait = FIRST_RETRY << MIN(MAX(edition->attempts - 1, 0), 8);
    edition->state = EDITION_FAILED;
    edition->retry_at = change.now + MIN(wait, LAST_RETRY);
  }
  if (!edition_rows_finish(change.transaction, edition, until, &ended, error) ||
      !change_commit(&change, FALSE, error)) {
    return FALSE;
  }
  *ret_edition = g_steal_pointer(&edition);
  return TRUE;
}

static MadeEdition *make(Newsroom *newsroom, gint32 day, const EditionWish *wish, GError **error) {
  g_autoptr(EditionContent) content = NULL;
  g_autoptr(MadeEdition) made = editions_preview(newsroom, day, wish, &content, error);
  return made != NULL && refuse_empty(content, error) ? g_steal_pointer(&made) : NULL;
}

// Nothing is written for a day without a story.
static gboolean check_content(Newsroom *newsroom, gint32 day, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
  g_autoptr(EditionContent) content =
      transaction != NULL ? editions_collect(newsroom, transaction, day, error) : NULL;
  return content != NULL && refuse_empty(content, error);
}

gboolean editions_make(Newsroom *newsroom, gint32 day, const EditionWish *wish,
                       Edition **ret_edition, MadeEdition **ret_made, GError **error) {
  g_autoptr(GError) reason = NULL;
  g_autoptr(Edition) edition = NULL;
  gint64 until = 0;
  gboolean claimed = FALSE;
  if (!refuse_without_maker(newsroom, error) || !check_content(newsroom, day, error) ||
      !claim(newsroom, day, &until, &claimed, error)) {
    return FALSE;
  }
  if (!claimed) {
    return change_refuse(error, NEWSROOM_ERROR_STATE,
                         "another process is making this edition: wait until it is ready");
  }
  EditionLease *lease = edition_lease_start(newsroom, day, until);
  g_autoptr(MadeEdition) made = make(newsroom, day, wish, &reason);
  until = edition_lease_stop(lease);
  gboolean good = made != NULL && finish_made(newsroom, day, until, made, &edition, &reason);
  if (!good && !finish_failed(newsroom, day, until, reason, &edition, error)) {
    g_prefix_error(error, "%s; and this could not be kept: ", reason->message);
    return FALSE;
  }
  if (ret_edition != NULL) {
    *ret_edition = g_steal_pointer(&edition);
  }
  if (!good) {
    g_propagate_error(error, g_steal_pointer(&reason));
  } else if (ret_made != NULL) {
    *ret_made = g_steal_pointer(&made);
  }
  return good;
}

gboolean editions_publish(Newsroom *newsroom, gint32 day, GError **error) {
  g_auto(Change) change = {0};
  gboolean published = FALSE;
  if (!change_begin(&change, newsroom, error) ||
      !edition_rows_publish(change.transaction, day, change.now, &published, error)) {
    return FALSE;
  }
  if (!published) {
    return change_refuse(error, NEWSROOM_ERROR_STATE,
                         "the edition of %d is not made, or everybody can see it already", day);
  }
  return change_commit(&change, TRUE, error);
}

// ---- by the hour ------------------------------------------------------------------------------

static gboolean publish_due(Newsroom *newsroom, GError **error) {
  g_autoptr(StoreTransaction) reading = store_begin_read(newsroom->store, error);
  g_autoptr(GArray) early =
      reading != NULL ? edition_rows_due_public(reading, clock_now(&newsroom->clock), error) : NULL;
  g_clear_pointer(&reading, store_rollback);
  if (early == NULL || early->len == 0) { // most looks write nothing
    return early != NULL;
  }
  g_auto(Change) change = {0};
  if (!change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  g_autoptr(GArray) days = edition_rows_due_public(change.transaction, change.now, error);
  for (guint i = 0; days != NULL && i < days->len; i++) {
    gboolean published = FALSE;
    gint32 day = g_array_index(days, gint32, i);
    g_autoptr(Edition) edition = edition_rows_get(change.transaction, day, error);
    if (edition == NULL ||
        !edition_rows_publish(change.transaction, day, edition->public_at, &published, error)) {
      return FALSE;
    }
  }
  return days != NULL && change_commit(&change, TRUE, error);
}

typedef struct Due {
  gint32 day;  // 0: nothing is to be made
  gint64 next; // 0: not known
} Due;

// When the day's edition is to be made, looked at from its row.
static gint64 wanted_at(const Edition *edition, gint64 hour) {
  if (edition == NULL || edition->state == EDITION_PLANNED) {
    return hour;
  }
  return edition->state == EDITION_FAILED && edition->retry_at > 0 ? edition->retry_at : 0;
}

static void lower(gint64 *next, gint64 instant) {
  if (instant > 0 && (*next == 0 || instant < *next)) {
    *next = instant;
  }
}

static gboolean find_due(Newsroom *newsroom, Due *due, GError **error) {
  GError *failure = NULL;
  g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
  g_autoptr(Site) site = transaction != NULL ? site_rows_load(transaction, error) : NULL;
  g_autoptr(EditionSettings) settings =
      site != NULL ? edition_rows_settings(transaction, error) : NULL;
  if (settings == NULL) {
    return FALSE;
  }
  gint64 public_at = edition_rows_next_public(transaction, error);
  if (public_at < 0) {
    return FALSE;
  }
  lower(&due->next, public_at);
  if (!settings->active) {
    return TRUE;
  }
  g_autoptr(GTimeZone) zone = edition_zone(settings, site);
  gint64 now = clock_now(&newsroom->clock);
  gint32 today = clock_day(now, zone);
  g_autoptr(Edition) edition = edition_rows_get(transaction, today, &failure);
  if (edition == NULL && !change_is_absent(&failure)) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  gint64 hour = edition_instant(settings, today, zone);
  gint64 wanted = hour > 0 ? wanted_at(edition, hour) : 0;
  if (wanted > 0 && wanted <= now) {
    due->day = today;
  } else {
    lower(&due->next, wanted);
  }
  return TRUE;
}

// STATE is nobody's fault: nothing to make, or another process makes it.
static gboolean make_due(Newsroom *newsroom, gint32 day, gint32 *ret_made, GError **ret_failure,
                         GError **error) {
  g_autoptr(GError) reason = NULL;
  g_autoptr(Edition) edition = NULL;
  EditionWish wish = {.pages = -1, .epub = TRUE, .pictures = TRUE};
  if (editions_make(newsroom, day, &wish, &edition, NULL, &reason)) {
    *ret_made = day;
    return TRUE;
  }
  if (edition != NULL) { // it failed, and its row says so
    g_propagate_error(ret_failure, g_steal_pointer(&reason));
    return TRUE;
  }
  if (g_error_matches(reason, NEWSROOM_ERROR, NEWSROOM_ERROR_STATE)) {
    return TRUE;
  }
  g_propagate_error(error, g_steal_pointer(&reason));
  return FALSE;
}

gboolean editions_run_due(Newsroom *newsroom, gint64 *ret_next, gint32 *ret_made,
                          GError **ret_failure, GError **error) {
  Due due = {0};
  *ret_made = 0;
  if (!publish_due(newsroom, error) || !find_due(newsroom, &due, error)) {
    return FALSE;
  }
  if (due.day != 0) {
    if (!make_due(newsroom, due.day, ret_made, ret_failure, error)) {
      return FALSE;
    }
    lower(&due.next, clock_now(&newsroom->clock) + (*ret_made != 0 ? 0 : LOOK_AGAIN));
  }
  *ret_next = due.next;
  return TRUE;
}
