// SPDX-License-Identifier: Apache-2.0
//
// Readers in and out as CSV files (docs/api/openapi.json: subscribers/imports, subscribers/export).
// What a file's columns mean is another door's affair (web/website.h: ReaderDoor); an import goes
// on in the background, whoever looks, and its state is here to read.
#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

#include "store/site_rows.h"
#include "store/subscriber_import_rows.h"
#include "web/api_handlers.h"

#define PAGE 20
#define STREAM_PIECE ((gsize)64 << 10)

static gboolean has_door(const Website *website, GError **error) {
  if (website->readers == NULL) {
    g_set_error(error, NEWSROOM_ERROR, NEWSROOM_ERROR_STATE,
                "this server takes no readers in and gives none out");
  }
  return website->readers != NULL;
}

// ---- an import --------------------------------------------------------------------------------

static void put_look(JsonWriter *json, const SubscriberImportLook *look) {
  char delimiter[2] = {look->delimiter, '\0'};
  put_text(json, "encoding", look->encoding);
  put_text(json, "delimiter", delimiter);
  put_flag(json, "has_headings", look->has_headings);
  put_list(json, "columns");
  for (guint i = 0; i < look->columns->len; i++) {
    const SubscriberImportColumn *column = g_ptr_array_index(look->columns, i);
    json_object(json);
    put_text(json, "heading", column->heading);
    put_text(json, "kind", column->kind);
    put_list(json, "samples");
    for (guint n = 0; n < column->samples->len; n++) {
      json_string(json, g_ptr_array_index(column->samples, n));
    }
    json_end_array(json);
    json_end_object(json);
  }
  json_end_array(json);
}

static void put_import(JsonWriter *json, const Website *website, const SubscriberImport *one,
                       const StaffNames *names) {
  guint64 done = 0;
  guint64 total = 1;
  gboolean over = one->state >= IMPORT_CHECKED;
  if (website->readers == NULL ||
      !website->readers->progress(website->readers->data, one->id, &done, &total)) {
    done = over ? 1 : 0;
    total = 1;
  }
  put_integer(json, "id", one->id);
  put_text(json, "state", subscriber_import_state_name(one->state));
  put_flag(json, "dry_run", one->dry_run);
  put_text(json, "file", one->file);
  put_integer(json, "bytes", one->bytes);
  put_number(json, "progress", (double)done / (double)MAX(total, 1));
  put_text(json, "newsletters", one->newsletters);
  put_text(json, "consent", one->consent);
  put_integer(json, "rows", one->rows);
  put_integer(json, "created", one->created);
  put_integer(json, "known", one->known);
  put_integer(json, "subscribed", one->subscribed);
  put_integer(json, "left", one->left);
  put_integer(json, "repeated", one->repeated);
  put_integer(json, "suppressed", one->suppressed);
  put_integer(json, "refused", one->refused);
  put_raw(json, "refusals", *one->refusals != '\0' ? one->refusals : "[]");
  put_instant(json, "started_at", one->started_at);
  put_instant(json, "finished_at", one->finished_at);
  put_person(json, "staff", names, one->staff_id);
  put_text(json, "reason", one->reason);
}

static Response *answer_import(ApiCall *call, gint64 id, guint status, GError **error) {
  g_auto(ApiAnswer) answer = {0};
  g_auto(SubscriberImportLook) look = {0};
  Website *website = call->website;
  g_autoptr(StoreTransaction) transaction = store_begin_read(website->newsroom->store, error);
  g_autoptr(StaffNames) names = transaction != NULL ? staff_names_load(transaction, error) : NULL;
  g_autoptr(SubscriberImport) one =
      names != NULL ? subscriber_import_rows_get(transaction, id, error) : NULL;
  if (one == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_import(json, website, one, names);
  gboolean open =
      one->state == IMPORT_UPLOADED || one->state == IMPORT_CHECKED || one->state == IMPORT_FAILED;
  if (open && website->readers != NULL &&
      website->readers->look(website->readers->data, id, &look, NULL)) {
    put_object(json, "look");
    put_look(json, &look);
    json_end_object(json);
  } else {
    put_null(json, "look");
  }
  return api_respond(&answer, status);
}

Response *api_reader_imports(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiAnswer) answer = {0};
  api_begin(&call, request, website);
  guint limit = api_limit(&call, PAGE);
  gint64 before = api_query_integer(&call, "after", 0);
  if (!api_query_accept(&call, error)) {
    return NULL;
  }
  g_autoptr(StoreTransaction) transaction = store_begin_read(website->newsroom->store, error);
  g_autoptr(StaffNames) names = transaction != NULL ? staff_names_load(transaction, error) : NULL;
  g_autoptr(GPtrArray) some =
      names != NULL ? subscriber_import_rows_list(transaction, before, limit + 1, error) : NULL;
  if (some == NULL) {
    return NULL;
  }
  gint64 last = 0;
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < MIN(some->len, limit); i++) {
    const SubscriberImport *one = g_ptr_array_index(some, i);
    json_object(json);
    put_import(json, website, one, names);
    put_null(json, "look");
    json_end_object(json);
    last = one->id;
  }
  put_next_id(json, some->len > limit ? last : 0);
  return api_respond(&answer, 200);
}

Response *api_reader_import_get(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  return answer_import(&call, api_path_id(&call, 0), 200, error);
}

// A path, or a control character, is nobody's business.
static const char *name_of(const Request *request) {
  const char *name = request_query(request, "name");
  gboolean good = name != NULL && *name != '\0' && strlen(name) <= 300;
  for (const char *at = name; good && *at != '\0'; at++) {
    good = (guchar)*at >= ' ' && strchr("/\\", *at) == NULL;
  }
  return good ? name : "readers.csv";
}

Response *api_reader_import_add(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(SubscriberImportLook) look = {0};
  api_begin(&call, request, website);
  if (!has_door(website, error)) {
    return NULL;
  }
  if (request_file(request) < 0) {
    g_set_error(error, WEB_ERROR, WEB_ERROR_BAD_REQUEST,
                "send the file as the body: CSV, with a line of headings such as email,name");
    return NULL;
  }
  const ReaderDoor *door = website->readers;
  gint64 id = subscriber_imports_add(&call.newsroom, name_of(request),
                                     (gint64)request_file_size(request), error);
  if (id == 0) {
    return NULL;
  }
  if (!door->keep(door->data, id, request_file(request), error)) {
    (void)subscriber_imports_cancel(&call.newsroom, id, NULL); // no row without its file
    return NULL;
  }
  GError *failure = NULL;
  if (!door->look(door->data, id, &look, &failure)) {
    g_set_error(error, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID, "%s: %s", name_of(request),
                failure->message);
    g_clear_error(&failure);
    (void)subscriber_imports_cancel(&call.newsroom, id, NULL);
    return NULL;
  }
  return answer_import(&call, id, 201, error);
}

Response *api_reader_import_start(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error) || !has_door(website, error)) {
    return NULL;
  }
  gint64 id = api_path_id(&call, 0);
  g_auto(GStrv) columns = api_texts(&call, "columns");
  g_auto(GStrv) newsletters = api_texts(&call, "newsletters");
  SubscriberImportWish wish = {.columns = (const char *const *)columns,
                               .newsletters = (const char *const *)newsletters,
                               .consent = api_need_text(&call, "consent"),
                               .dry_run = api_flag(&call, "dry_run") == 1};
  for (guint i = 0; columns != NULL && columns[i] != NULL; i++) {
    if (strchr(columns[i], ',') != NULL) {
      api_fault(&call, "columns: no column can be a “%.40s”", columns[i]);
    }
  }
  if (!api_accept(&call, error) || !subscriber_imports_start(&call.newsroom, id, &wish, error)) {
    return NULL;
  }
  website->readers->changed(website->readers->data, id);
  return answer_import(&call, id, 202, error);
}

Response *api_reader_import_cancel(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  gint64 id = api_path_id(&call, 0);
  if (!subscriber_imports_cancel(&call.newsroom, id, error)) {
    return NULL;
  }
  if (website->readers != NULL) {
    website->readers->changed(website->readers->data, id);
  }
  return answer_import(&call, id, 200, error);
}

// ---- streams of CSV ---------------------------------------------------------------------------

static Response *stream_csv(const char *name, ResponseProducer produce, gpointer data,
                            GDestroyNotify free_data) {
  g_autoptr(ResponseStream) stream = response_stream_new();
  Response *response = response_new(200, "text/csv; charset=utf-8", NULL);
  g_autofree char *disposition = g_strdup_printf("attachment; filename=\"%s\"", name);
  response_add_header(response, "Content-Disposition", disposition);
  response_set_stream(response, stream, produce, data, free_data);
  return response;
}

static void send_file(ResponseStream *stream, gpointer data) {
  int file = GPOINTER_TO_INT(data);
  g_autofree char *buffer = g_malloc(STREAM_PIECE);
  gssize got = 0;
  while ((got = read(file, buffer, STREAM_PIECE)) > 0 &&
         response_stream_write(stream, (Slice){buffer, (gsize)got})) {
  }
  response_stream_end(stream, got == 0);
}

static void close_file(gpointer data) {
  close(GPOINTER_TO_INT(data));
}

Response *api_reader_import_refused(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  int file = has_door(website, error) ? website->readers->open_refused(website->readers->data,
                                                                       api_path_id(&call, 0), error)
                                      : -1;
  return file > 0 ? stream_csv("refused.csv", send_file, GINT_TO_POINTER(file), close_file) : NULL;
}

typedef struct Export {
  Website *website;
  SubscriberExportFilter filter;
} Export;

static gboolean write_piece(Slice piece, gpointer data, GError **error) {
  if (response_stream_write(data, piece)) {
    return TRUE;
  }
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "nobody reads any more");
  return FALSE;
}

static void send_readers(ResponseStream *stream, gpointer data) {
  const Export *export = data;
  const ReaderDoor *door = export->website->readers;
  response_stream_end(stream, door->write(door->data, &export->filter, write_piece, stream, NULL));
}

// Who may take all addresses along is few; that somebody did stands in the audit log.
Response *api_reader_export(const Request *request, Website *website, GError **error) {
  static const char *const STATUSES[] = {"pending", "active", "suppressed", NULL};
  static const SubscriberStatus VALUES[] = {SUBSCRIBER_PENDING, SUBSCRIBER_ACTIVE,
                                            SUBSCRIBER_SUPPRESSED};
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  gint status = api_query_choice(&call, "status", STATUSES);
  gint64 newsletter = api_query_integer(&call, "newsletter_id", 0);
  if (!api_query_accept(&call, error) || !has_door(website, error) ||
      !subscriber_imports_note_export(&call.newsroom, error)) {
    return NULL;
  }
  Export *export = g_new(Export, 1);
  *export = (Export){website,
                     {.status = status >= 0 ? (gint)VALUES[status] : -1,
                      .newsletter_id = newsletter,
                      .now = clock_now(&website->newsroom->clock)}};
  return stream_csv("readers.csv", send_readers, export, g_free);
}
