// SPDX-License-Identifier: Apache-2.0
//
// Implements edition_rows.h. Columns stand in edition.sql in the order that is read here.
#include "store/edition_rows.h"

#include "model/address.h"

typedef gpointer (*ReadRow)(StoreRows *rows);

static gpointer read_edition(StoreRows *rows) {
  Edition *edition = g_new0(Edition, 1);
  edition->day = (gint32)store_row_integer(rows, 0);
  edition->number = store_row_integer(rows, 1);
  edition->state =
      (EditionState)CLAMP(store_row_integer(rows, 2), EDITION_PLANNED, EDITION_PUBLISHED);
  edition->reason = store_row_dup(rows, 3);
  edition->attempts = (gint32)store_row_integer(rows, 4);
  edition->due_at = store_row_integer(rows, 5);
  edition->made_at = store_row_integer(rows, 6);
  edition->public_at = store_row_integer(rows, 7);
  edition->retry_at = store_row_integer(rows, 8);
  edition->formats = (guint32)store_row_integer(rows, 9);
  edition->pages = (gint32)store_row_integer(rows, 10);
  return edition;
}

static gpointer read_file(StoreRows *rows) {
  EditionFile *file = g_new0(EditionFile, 1);
  file->day = (gint32)store_row_integer(rows, 0);
  file->kind = (EditionFileKind)CLAMP(store_row_integer(rows, 1), 0, EDITION_FILE_PAGE);
  file->format = (EditionFormat)CLAMP(store_row_integer(rows, 2), 0, EDITION_FORMATS - 1);
  file->page = (gint32)store_row_integer(rows, 3);
  file->width = (gint32)store_row_integer(rows, 4);
  file->height = (gint32)store_row_integer(rows, 5);
  file->media_type = store_row_dup(rows, 6);
  file->hash = store_row_dup(rows, 7);
  file->byte_count = store_row_integer(rows, 8);
  return file;
}

static gpointer read_note(StoreRows *rows) {
  EditionNote *note = g_new0(EditionNote, 1);
  note->correction = g_new0(Correction, 1);
  note->correction->id = store_row_integer(rows, 0);
  note->correction->story_id = store_row_integer(rows, 1);
  note->correction->corrected_at = store_row_integer(rows, 2);
  note->correction->wrong = store_row_dup(rows, 3);
  note->correction->right = store_row_dup(rows, 4);
  note->headline = store_row_dup(rows, 5);
  g_autofree char *slug = store_row_dup(rows, 6);
  note->url = address_story(store_row_text(rows, 7), slug, note->correction->story_id);
  return note;
}

static gpointer get(StoreTransaction *transaction, QueryId query, const StoreValue *values,
                    gsize count, ReadRow read, GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, query, values, count, error);
  if (rows == NULL) {
    return NULL;
  }
  GError *failure = NULL;
  if (store_rows_next(rows, &failure)) {
    return read(rows);
  }
  if (failure == NULL) {
    failure = g_error_new_literal(STORE_ERROR, STORE_ERROR_NOT_FOUND, "there is no such edition");
  }
  g_propagate_error(error, failure);
  return NULL;
}

static GPtrArray *list(StoreTransaction *transaction, QueryId query, const StoreValue *values,
                       gsize count, ReadRow read, GDestroyNotify release, GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, query, values, count, error);
  if (rows == NULL) {
    return NULL;
  }
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(release);
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    g_ptr_array_add(all, read(rows));
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  return g_steal_pointer(&all);
}

static gboolean run(StoreTransaction *transaction, QueryId query, const StoreValue *values,
                    gsize count, GError **error) {
  return store_execute(transaction, query, values, count, error) >= 0;
}

static gint64 integer(StoreTransaction *transaction, QueryId query, GError **error) {
  gint64 value = -1;
  return store_query_integer(transaction, query, STORE_NO_VALUES, &value, error) ? value : -1;
}

// ---- the edition ------------------------------------------------------------------------------

Edition *edition_rows_get(StoreTransaction *transaction, gint32 day, GError **error) {
  return get(transaction, QUERY_EDITION_GET, STORE_VALUES(store_integer(day)), read_edition, error);
}

Edition *edition_rows_before(StoreTransaction *transaction, gint32 day, GError **error) {
  return get(transaction, QUERY_EDITION_BEFORE, STORE_VALUES(store_integer(day)), read_edition,
             error);
}

Edition *edition_rows_after(StoreTransaction *transaction, gint32 day, GError **error) {
  return get(transaction, QUERY_EDITION_AFTER, STORE_VALUES(store_integer(day)), read_edition,
             error);
}

GPtrArray *edition_rows_list(StoreTransaction *transaction, gint state, guint offset, guint limit,
                             GError **error) {
  return list(transaction, QUERY_EDITION_LIST,
              STORE_VALUES(store_integer(state), store_integer(limit), store_integer(offset)),
              read_edition, (GDestroyNotify)edition_free, error);
}

gint64 edition_rows_next_number(StoreTransaction *transaction, GError **error) {
  return integer(transaction, QUERY_EDITION_NEXT_NUMBER, error);
}

gint64 edition_rows_count(StoreTransaction *transaction, GError **error) {
  return integer(transaction, QUERY_EDITION_COUNT, error);
}

gboolean edition_rows_plan(StoreTransaction *transaction, gint32 day, gint64 due_at,
                           GError **error) {
  return run(transaction, QUERY_EDITION_INSERT,
             STORE_VALUES(store_integer(day), store_integer(due_at)), error);
}

gboolean edition_rows_claim(StoreTransaction *transaction, gint32 day, gint64 now, gint64 until,
                            gboolean *ret_claimed, GError **error) {
  gint64 changed = store_execute(
      transaction, QUERY_EDITION_CLAIM,
      STORE_VALUES(store_integer(day), store_integer(until), store_integer(now)), error);
  *ret_claimed = changed == 1;
  return changed >= 0;
}

gboolean edition_rows_renew(StoreTransaction *transaction, gint32 day, gint64 until, gint64 later,
                            gboolean *ret_renewed, GError **error) {
  gint64 changed = store_execute(
      transaction, QUERY_EDITION_RENEW,
      STORE_VALUES(store_integer(day), store_integer(until), store_integer(later)), error);
  *ret_renewed = changed == 1;
  return changed >= 0;
}

gboolean edition_rows_finish(StoreTransaction *transaction, const Edition *edition, gint64 until,
                             gboolean *ret_ended, GError **error) {
  gint64 changed =
      store_execute(transaction, QUERY_EDITION_FINISH,
                    STORE_VALUES(store_integer(edition->day), store_integer(until),
                                 store_integer(edition->state), store_text(edition->reason),
                                 store_integer(edition->made_at), store_integer(edition->public_at),
                                 store_integer(edition->retry_at), store_integer(edition->formats),
                                 store_integer(edition->pages), store_integer(edition->attempts)),
                    error);
  *ret_ended = changed == 1;
  return changed >= 0;
}

gboolean edition_rows_publish(StoreTransaction *transaction, gint32 day, gint64 public_at,
                              gboolean *ret_published, GError **error) {
  gint64 changed = store_execute(transaction, QUERY_EDITION_PUBLISH,
                                 STORE_VALUES(store_integer(day), store_integer(public_at)), error);
  *ret_published = changed == 1;
  return changed >= 0;
}

GArray *edition_rows_due_public(StoreTransaction *transaction, gint64 now, GError **error) {
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_EDITION_DUE_PUBLIC, STORE_VALUES(store_integer(now)), error);
  if (rows == NULL) {
    return NULL;
  }
  g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(gint32));
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    gint32 day = (gint32)store_row_integer(rows, 0);
    g_array_append_val(days, day);
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  return g_steal_pointer(&days);
}

gint64 edition_rows_next_public(StoreTransaction *transaction, GError **error) {
  return integer(transaction, QUERY_EDITION_NEXT_PUBLIC, error);
}

// ---- what stood in it -------------------------------------------------------------------------

gboolean edition_rows_set_stories(StoreTransaction *transaction, gint32 day,
                                  const EditionStoryRow *stories, guint count, GError **error) {
  if (!run(transaction, QUERY_EDITION_STORIES_CLEAR, STORE_VALUES(store_integer(day)), error)) {
    return FALSE;
  }
  for (guint i = 0; i < count; i++) {
    if (!run(transaction, QUERY_EDITION_STORY_INSERT,
             STORE_VALUES(store_integer(day), store_integer(i), store_integer(stories[i].story_id),
                          store_integer(stories[i].weight), store_integer(stories[i].page)),
             error)) {
      return FALSE;
    }
  }
  return TRUE;
}

GArray *edition_rows_stories(StoreTransaction *transaction, gint32 day, GError **error) {
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_EDITION_STORIES, STORE_VALUES(store_integer(day)), error);
  if (rows == NULL) {
    return NULL;
  }
  g_autoptr(GArray) stories = g_array_new(FALSE, FALSE, sizeof(EditionStoryRow));
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    EditionStoryRow one = {
        store_row_integer(rows, 0),
        (FrontWeight)CLAMP(store_row_integer(rows, 1), WEIGHT_LEAD, WEIGHT_BRIEF),
        (gint32)store_row_integer(rows, 2)};
    g_array_append_val(stories, one);
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  return g_steal_pointer(&stories);
}

GArray *edition_rows_had_stories(StoreTransaction *transaction, gint32 day, const gint64 *story_ids,
                                 guint count, GError **error) {
  g_autoptr(GArray) had = g_array_new(FALSE, FALSE, sizeof(gint64));
  if (count == 0) {
    return g_steal_pointer(&had);
  }
  g_autofree char *ids = store_id_list(story_ids, count);
  g_autoptr(StoreRows) rows = store_query(transaction, QUERY_EDITION_HAD_STORIES,
                                          STORE_VALUES(store_integer(day), store_text(ids)), error);
  if (rows == NULL) {
    return NULL;
  }
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    gint64 id = store_row_integer(rows, 0);
    g_array_append_val(had, id);
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  return g_steal_pointer(&had);
}

GPtrArray *edition_rows_corrections(StoreTransaction *transaction, const char *base_url,
                                    gint64 from, gint64 until, guint limit, GError **error) {
  GPtrArray *notes =
      list(transaction, QUERY_EDITION_CORRECTIONS,
           STORE_VALUES(store_integer(from), store_integer(until), store_integer(limit)), read_note,
           (GDestroyNotify)edition_note_free, error);
  for (guint i = 0; notes != NULL && i < notes->len; i++) {
    EditionNote *note = notes->pdata[i];
    g_autofree char *path = note->url;
    note->url = g_strconcat(base_url, path, NULL);
  }
  return notes;
}

// ---- pins -------------------------------------------------------------------------------------

gboolean edition_rows_put_pin(StoreTransaction *transaction, const EditionPin *pin,
                              GError **error) {
  return run(transaction, QUERY_EDITION_PIN_PUT,
             STORE_VALUES(store_integer(pin->day), store_integer(pin->story_id),
                          store_integer(pin->page), store_integer(pin->place)),
             error);
}

gboolean edition_rows_remove_pin(StoreTransaction *transaction, gint32 day, gint64 story_id,
                                 gboolean *ret_removed, GError **error) {
  gint64 changed = store_execute(transaction, QUERY_EDITION_PIN_REMOVE,
                                 STORE_VALUES(store_integer(day), store_integer(story_id)), error);
  *ret_removed = changed > 0;
  return changed >= 0;
}

GArray *edition_rows_pins(StoreTransaction *transaction, gint32 day, GError **error) {
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_EDITION_PINS, STORE_VALUES(store_integer(day)), error);
  if (rows == NULL) {
    return NULL;
  }
  g_autoptr(GArray) pins = g_array_new(FALSE, FALSE, sizeof(EditionPin));
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    EditionPin pin = {day, store_row_integer(rows, 0), (gint32)store_row_integer(rows, 1),
                      (gint32)store_row_integer(rows, 2)};
    g_array_append_val(pins, pin);
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  return g_steal_pointer(&pins);
}

// ---- files and models -------------------------------------------------------------------------

gboolean edition_rows_set_files(StoreTransaction *transaction, gint32 day, const GPtrArray *files,
                                GError **error) {
  if (!run(transaction, QUERY_EDITION_FILES_CLEAR, STORE_VALUES(store_integer(day)), error) ||
      !run(transaction, QUERY_EDITION_MODELS_CLEAR, STORE_VALUES(store_integer(day)), error)) {
    return FALSE;
  }
  for (guint i = 0; i < files->len; i++) {
    const EditionFile *file = files->pdata[i];
    if (!run(transaction, QUERY_EDITION_FILE_INSERT,
             STORE_VALUES(store_integer(day), store_integer(file->kind),
                          store_integer(file->format), store_integer(file->page),
                          store_integer(file->width), store_integer(file->height),
                          store_text(file->media_type), store_text(file->hash),
                          store_integer(file->byte_count)),
             error)) {
      return FALSE;
    }
  }
  return TRUE;
}

GPtrArray *edition_rows_files(StoreTransaction *transaction, gint32 day, GError **error) {
  return list(transaction, QUERY_EDITION_FILES, STORE_VALUES(store_integer(day)), read_file,
              (GDestroyNotify)edition_file_free, error);
}

EditionFile *edition_rows_file_by_hash(StoreTransaction *transaction, gint32 day, const char *hash,
                                       GError **error) {
  return get(transaction, QUERY_EDITION_FILE_BY_HASH,
             STORE_VALUES(store_integer(day), store_text(hash)), read_file, error);
}

GPtrArray *edition_rows_covers(StoreTransaction *transaction, const gint64 *days, guint count,
                               GError **error) {
  if (count == 0) {
    return g_ptr_array_new_with_free_func((GDestroyNotify)edition_file_free);
  }
  g_autofree char *text = store_id_list(days, count);
  return list(transaction, QUERY_EDITION_COVERS, STORE_VALUES(store_text(text)), read_file,
              (GDestroyNotify)edition_file_free, error);
}

gboolean edition_rows_add_model(StoreTransaction *transaction, gint32 day, EditionFormat format,
                                const char *model, const char *score, GError **error) {
  return run(
      transaction, QUERY_EDITION_MODEL_INSERT,
      STORE_VALUES(store_integer(day), store_integer(format), store_text(model), store_text(score)),
      error);
}

gboolean edition_rows_model(StoreTransaction *transaction, gint32 day, EditionFormat format,
                            char **ret_model, char **ret_score, GError **error) {
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_EDITION_MODEL_GET,
                  STORE_VALUES(store_integer(day), store_integer(format)), error);
  if (rows == NULL) {
    return FALSE;
  }
  GError *failure = NULL;
  if (!store_rows_next(rows, &failure)) {
    if (failure == NULL) {
      failure = g_error_new_literal(STORE_ERROR, STORE_ERROR_NOT_FOUND, "there is no such edition");
    }
    g_propagate_error(error, failure);
    return FALSE;
  }
  *ret_model = store_row_dup(rows, 0);
  if (ret_score != NULL) {
    *ret_score = store_row_dup(rows, 1);
  }
  return TRUE;
}

// ---- settings ---------------------------------------------------------------------------------

EditionSettings *edition_rows_settings(StoreTransaction *transaction, GError **error) {
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_EDITION_SETTING_GET, STORE_NO_VALUES, error);
  GError *failure = NULL;
  if (rows == NULL || !store_rows_next(rows, &failure)) {
    if (failure != NULL) {
      g_propagate_error(error, failure);
    }
    return rows != NULL && failure == NULL ? edition_settings_new() : NULL;
  }
  EditionSettings *settings = g_new0(EditionSettings, 1);
  settings->active = store_row_integer(rows, 0) != 0;
  settings->make_minute = (gint32)store_row_integer(rows, 1);
  settings->days = (guint32)store_row_integer(rows, 2);
  settings->zone_name = store_row_dup(rows, 3);
  settings->formats = (guint32)store_row_integer(rows, 4);
  settings->pages = (gint32)store_row_integer(rows, 5);
  settings->first_look_minutes = (gint32)store_row_integer(rows, 6);
  settings->story_limit = (gint32)store_row_integer(rows, 7);
  settings->attach_megabytes = (gint32)store_row_integer(rows, 8);
  return settings;
}

gboolean edition_rows_put_settings(StoreTransaction *transaction, const EditionSettings *settings,
                                   GError **error) {
  return run(transaction, QUERY_EDITION_SETTING_PUT,
             STORE_VALUES(store_integer(settings->active), store_integer(settings->make_minute),
                          store_integer(settings->days), store_text(settings->zone_name),
                          store_integer(settings->formats), store_integer(settings->pages),
                          store_integer(settings->first_look_minutes),
                          store_integer(settings->story_limit),
                          store_integer(settings->attach_megabytes)),
             error);
}
