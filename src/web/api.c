// SPDX-License-Identifier: Apache-2.0
//
// Implements api.h.
#include "web/api.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

#include "store/staff_rows.h"

// ---- what was sent ----------------------------------------------------------------------------

void api_begin(ApiCall *call, const Request *request, Website *website) {
  *call = (ApiCall){.request = request, .website = website, .newsroom = *website->newsroom};
  call->visitor = request_visitor(request);
  call->newsroom.actor = call->visitor != NULL ? &call->visitor->actor : NULL;
  call->asked = g_ptr_array_new();
}

void api_call_clear(ApiCall *call) {
  g_clear_pointer(&call->body, json_value_free);
  g_clear_pointer(&call->asked, g_ptr_array_unref);
  g_clear_error(&call->fault);
}

gboolean api_begin_json(ApiCall *call, const Request *request, Website *website, GError **error) {
  GBytes *body = request_body(request);
  api_begin(call, request, website);
  if (body == NULL || g_bytes_get_size(body) == 0) {
    return TRUE;
  }
  g_autoptr(GError) failure = NULL;
  Slice type = request_header(request, "Content-Type");
  gssize end = slice_find_char(type, ';');
  Slice media = slice_trim(end < 0 ? type : slice_range(type, 0, (gsize)end));
  if (!slice_equal_text_nocase(media, "application/json")) {
    g_set_error(error, WEB_ERROR, WEB_ERROR_UNSUPPORTED,
                "send application/json, and say so in Content-Type");
    return FALSE;
  }
  call->body = json_read(slice_of_bytes(body), &failure);
  if (call->body == NULL || call->body->kind != JSON_VALUE_OBJECT) {
    g_set_error(error, WEB_ERROR, WEB_ERROR_BAD_REQUEST, "the body is no JSON object: %s",
                failure != NULL ? failure->message : "it is another value");
    return FALSE;
  }
  return TRUE;
}

void api_fault(ApiCall *call, const char *format, ...) {
  if (call->fault == NULL) {
    va_list arguments;
    va_start(arguments, format);
    call->fault = g_error_new_valist(NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID, format, arguments);
    va_end(arguments);
  }
}

static const JsonValue *ask(ApiCall *call, const char *name) {
  g_ptr_array_add(call->asked, (gpointer)name);
  return json_value_member(call->body, name);
}

gboolean api_has(ApiCall *call, const char *name) {
  return ask(call, name) != NULL;
}

const char *api_text(ApiCall *call, const char *name) {
  const JsonValue *value = ask(call, name);
  if (value != NULL && value->kind != JSON_VALUE_TEXT && value->kind != JSON_VALUE_NULL) {
    api_fault(call, "%s: a text is wanted", name);
  }
  return json_value_text(value);
}

const char *api_need_text(ApiCall *call, const char *name) {
  const char *text = api_text(call, name);
  if (text == NULL) {
    api_fault(call, "%s: it is missing", name);
  }
  return text != NULL ? text : "";
}

gint64 api_integer(ApiCall *call, const char *name, gint64 absent) {
  const JsonValue *value = ask(call, name);
  if (value == NULL) {
    return absent;
  }
  if (value->kind != JSON_VALUE_INTEGER && value->kind != JSON_VALUE_NULL) {
    api_fault(call, "%s: a whole number is wanted", name);
  }
  return value->kind == JSON_VALUE_INTEGER ? value->integer : 0;
}

gint64 api_need_integer(ApiCall *call, const char *name) {
  if (json_value_member(call->body, name) == NULL) {
    api_fault(call, "%s: it is missing", name);
  }
  return api_integer(call, name, 0);
}

gint api_flag(ApiCall *call, const char *name) {
  const JsonValue *value = ask(call, name);
  if (value == NULL) {
    return -1;
  }
  if (value->kind != JSON_VALUE_BOOLEAN) {
    api_fault(call, "%s: true or false is wanted", name);
  }
  return value->integer != 0;
}

gint64 api_instant(ApiCall *call, const char *name, gint64 absent) {
  const JsonValue *value = ask(call, name);
  gint64 instant = 0;
  if (value == NULL) {
    return absent;
  }
  if (value->kind == JSON_VALUE_NULL) {
    return 0;
  }
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
  const char *text = json_value_text(value);
  // Without a time of day and an offset, nobody knows which instant is meant.
  if (text == NULL || strlen(text) < 20 || !clock_parse(text, utc, &instant)) {
    api_fault(call, "%s: an instant such as 2026-11-25T16:00:00Z is wanted", name);
  }
  return instant;
}

const JsonValue *api_list(ApiCall *call, const char *name) {
  const JsonValue *value = ask(call, name);
  if (value != NULL && value->kind != JSON_VALUE_LIST) {
    api_fault(call, "%s: a list is wanted", name);
    return NULL;
  }
  return value;
}

const JsonValue *api_object(ApiCall *call, const char *name) {
  const JsonValue *value = ask(call, name);
  if (value == NULL || value->kind == JSON_VALUE_NULL) {
    return NULL;
  }
  if (value->kind != JSON_VALUE_OBJECT) {
    api_fault(call, "%s: an object is wanted", name);
    return NULL;
  }
  return value;
}

char **api_texts(ApiCall *call, const char *name) {
  const JsonValue *list = api_list(call, name);
  if (list == NULL) {
    return NULL;
  }
  g_autoptr(GStrvBuilder) texts = g_strv_builder_new();
  for (guint i = 0; i < json_value_count(list); i++) {
    const char *text = json_value_text(json_value_item(list, i));
    if (text == NULL) {
      api_fault(call, "%s: a list of texts is wanted", name);
      break;
    }
    g_strv_builder_add(texts, text);
  }
  return g_strv_builder_end(texts);
}

GArray *api_integers(ApiCall *call, const char *name) {
  const JsonValue *list = api_list(call, name);
  if (list == NULL) {
    return NULL;
  }
  GArray *numbers = g_array_new(FALSE, FALSE, sizeof(gint64));
  for (guint i = 0; i < json_value_count(list); i++) {
    const JsonValue *item = json_value_item(list, i);
    if (item->kind != JSON_VALUE_INTEGER) {
      api_fault(call, "%s: a list of whole numbers is wanted", name);
      break;
    }
    g_array_append_val(numbers, item->integer);
  }
  return numbers;
}

gboolean api_item_is(ApiCall *call, const JsonValue *item, const char *field,
                     const char *const *names) {
  if (item == NULL || item->kind != JSON_VALUE_OBJECT) {
    api_fault(call, "%s: an object is wanted", field);
    return FALSE;
  }
  for (guint i = 0; i < item->items->len; i++) {
    const JsonValue *member = g_ptr_array_index(item->items, i);
    if (!g_strv_contains(names, member->name)) {
      api_fault(call, "%s: nothing is called %s in it", field, member->name);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean was_asked(const ApiCall *call, const char *name) {
  for (guint i = 0; i < call->asked->len; i++) {
    if (strcmp(g_ptr_array_index(call->asked, i), name) == 0) {
      return TRUE;
    }
  }
  return FALSE;
}

gboolean api_accept(ApiCall *call, GError **error) {
  for (guint i = 0; call->body != NULL && i < call->body->items->len; i++) {
    const char *name = ((const JsonValue *)g_ptr_array_index(call->body->items, i))->name;
    if (!was_asked(call, name)) {
      api_fault(call, "%.100s: there is no field of that name here", name);
    }
  }
  return api_query_accept(call, error);
}

// ---- path and query ---------------------------------------------------------------------------

static gint64 number_of(const char *text) {
  guint64 number = 0;
  return text != NULL && slice_parse_uint(slice_of(text), G_MAXINT64, &number) ? (gint64)number : 0;
}

gint64 api_path_id(const ApiCall *call, guint index) {
  return number_of(request_parameter(call->request, index));
}

gint64 api_query_integer(ApiCall *call, const char *name, gint64 absent) {
  const char *text = request_query(call->request, name);
  guint64 number = 0;
  if (text == NULL || *text == '\0') {
    return absent;
  }
  if (!slice_parse_uint(slice_of(text), G_MAXINT64, &number)) {
    api_fault(call, "%s: a whole number is wanted", name);
  }
  return (gint64)number;
}

gboolean api_query_flag(ApiCall *call, const char *name) {
  const char *text = request_query(call->request, name);
  if (text != NULL && strcmp(text, "true") != 0 && strcmp(text, "false") != 0 && *text != '\0') {
    api_fault(call, "%s: true or false is wanted", name);
  }
  return text != NULL && strcmp(text, "true") == 0;
}

gint32 api_query_day(ApiCall *call, const char *name, gint32 absent) {
  const char *text = request_query(call->request, name);
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
  gint64 instant = 0;
  if (text == NULL || *text == '\0') {
    return absent;
  }
  if (strlen(text) != 10 || !clock_parse(text, utc, &instant)) {
    api_fault(call, "%s: a day such as 2026-11-25 is wanted", name);
    return absent;
  }
  return clock_day(instant, utc);
}

gint api_query_choice(ApiCall *call, const char *name, const char *const *names) {
  const char *text = request_query(call->request, name);
  if (text == NULL || *text == '\0') {
    return -1;
  }
  for (gint i = 0; names[i] != NULL; i++) {
    if (strcmp(text, names[i]) == 0) {
      return i;
    }
  }
  g_autofree char *all = g_strjoinv(", ", (char **)names);
  api_fault(call, "%s: one of %s is wanted", name, all);
  return -1;
}

guint api_limit(ApiCall *call, guint normal) {
  gint64 limit = api_query_integer(call, "limit", normal);
  if (limit < 1 || limit > 200) {
    api_fault(call, "limit: 1 to 200");
  }
  return (guint)CLAMP(limit, 1, 200);
}

gboolean api_query_accept(ApiCall *call, GError **error) {
  if (call->fault == NULL) {
    return TRUE;
  }
  g_propagate_error(error, g_steal_pointer(&call->fault));
  return FALSE;
}

// ---- a file -----------------------------------------------------------------------------------

#define FILES_OPEN 2 // mapped at a time

gboolean api_file_open(ApiFile *file, const Request *request, Website *website, const char *wanted,
                       GError **error) {
  if (request_file(request) < 0 || request_file_size(request) == 0) {
    g_set_error_literal(error, WEB_ERROR, WEB_ERROR_BAD_REQUEST, wanted);
    return FALSE;
  }
  g_mutex_lock(&website->file_lock);
  while (website->files_open >= FILES_OPEN) {
    g_cond_wait(&website->file_closed, &website->file_lock);
  }
  website->files_open++;
  g_mutex_unlock(&website->file_lock);
  g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", request_file(request));
  *file = (ApiFile){.website = website, .file = open(path, O_RDONLY | O_CLOEXEC)};
  if (file->file < 0) {
    g_set_error(error, G_IO_ERROR, (gint)g_io_error_from_errno(errno),
                "the uploaded file can't be opened: %s", g_strerror(errno));
    return FALSE;
  }
  GMappedFile *mapped = g_mapped_file_new_from_fd(file->file, FALSE, error);
  if (mapped == NULL) {
    return FALSE;
  }
  file->bytes = g_mapped_file_get_bytes(mapped);
  g_mapped_file_unref(mapped);
  return TRUE;
}

void api_file_close(ApiFile *file) {
  if (file->website == NULL) {
    return;
  }
  g_clear_pointer(&file->bytes, g_bytes_unref);
  if (file->file >= 0) {
    close(file->file);
  }
  g_mutex_lock(&file->website->file_lock);
  file->website->files_open--;
  g_cond_signal(&file->website->file_closed);
  g_mutex_unlock(&file->website->file_lock);
  file->website = NULL;
}

// ---- the answer -------------------------------------------------------------------------------

JsonWriter *api_answer(ApiAnswer *answer) {
  answer->out = g_string_sized_new(1024);
  json_begin(&answer->json, answer->out);
  json_object(&answer->json);
  return &answer->json;
}

Response *api_respond(ApiAnswer *answer, guint status) {
  json_end_object(&answer->json);
  return response_new_take(status, "application/json", g_steal_pointer(&answer->out));
}

void api_answer_clear(ApiAnswer *answer) {
  if (answer->out != NULL) {
    g_string_free(g_steal_pointer(&answer->out), TRUE);
  }
}

Response *api_done(void) {
  return response_new(204, "application/json", NULL);
}

void put_text(JsonWriter *json, const char *name, const char *value) {
  json_name(json, name);
  json_string(json, value);
}

void put_integer(JsonWriter *json, const char *name, gint64 value) {
  json_integer_member(json, name, value);
}

void put_id(JsonWriter *json, const char *name, gint64 id) {
  json_name(json, name);
  if (id == 0) {
    json_null(json);
  } else {
    json_integer(json, id);
  }
}

void put_flag(JsonWriter *json, const char *name, gboolean value) {
  json_boolean_member(json, name, value);
}

void put_number(JsonWriter *json, const char *name, double value) {
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd(text, sizeof text, "%.3f", value);
  put_raw(json, name, text);
}

void put_instant(JsonWriter *json, const char *name, gint64 instant) {
  json_name(json, name);
  if (instant == 0) {
    json_null(json);
    return;
  }
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
  g_autofree char *text = clock_format_rfc3339(instant, utc);
  json_string(json, text);
}

void put_day(JsonWriter *json, const char *name, gint32 day) {
  g_autofree char *text =
      g_strdup_printf("%04d-%02d-%02d", day / 10000, day / 100 % 100, day % 100);
  put_text(json, name, text);
}

void put_null(JsonWriter *json, const char *name) {
  json_name(json, name);
  json_null(json);
}

void put_raw(JsonWriter *json, const char *name, const char *value) {
  json_name(json, name);
  json_number(json, value);
}

void put_staff(JsonWriter *json, const char *name, gint64 id, const char *staff_name) {
  if (id == 0 || staff_name == NULL) {
    put_null(json, name);
    return;
  }
  put_object(json, name);
  put_integer(json, "id", id);
  put_text(json, "name", staff_name);
  json_end_object(json);
}

void put_object(JsonWriter *json, const char *name) {
  json_name(json, name);
  json_object(json);
}

void put_list(JsonWriter *json, const char *name) {
  json_name(json, name);
  json_array(json);
}

void put_next(JsonWriter *json, const char *next) {
  json_end_array(json);
  put_text(json, "next", next);
}

void put_next_id(JsonWriter *json, gint64 next) {
  g_autofree char *text = next != 0 ? g_strdup_printf("%" G_GINT64_FORMAT, next) : NULL;
  put_next(json, text);
}

// ---- names ------------------------------------------------------------------------------------

struct StaffNames {
  GPtrArray *staff; // Staff *
};

StaffNames *staff_names_load(StoreTransaction *transaction, GError **error) {
  GPtrArray *staff = staff_rows_list(transaction, error);
  if (staff == NULL) {
    return NULL;
  }
  StaffNames *names = g_new(StaffNames, 1);
  names->staff = staff;
  return names;
}

const char *staff_names_get(const StaffNames *names, gint64 id) {
  for (guint i = 0; i < names->staff->len; i++) {
    const Staff *staff = g_ptr_array_index(names->staff, i);
    if (staff->id == id) {
      return staff->name;
    }
  }
  return NULL;
}

void staff_names_free(StaffNames *names) {
  if (names != NULL) {
    g_ptr_array_unref(names->staff);
    g_free(names);
  }
}

void put_person(JsonWriter *json, const char *name, const StaffNames *names, gint64 id) {
  put_staff(json, name, id, id != 0 ? staff_names_get(names, id) : NULL);
}

// ---- the rest ---------------------------------------------------------------------------------

gboolean api_read_begin(ApiRead *read, Website *website, GError **error) {
  read->site = NULL;
  read->transaction = store_begin_read(website->newsroom->store, error);
  read->site = read->transaction != NULL ? website_site(website, read->transaction, error) : NULL;
  return read->site != NULL;
}

void api_read_clear(ApiRead *read) {
  g_clear_pointer(&read->transaction, store_rollback);
  g_clear_pointer(&read->site, site_unref);
}

Response *api_document(GString *html) {
  Response *response = response_new_take(200, "text/html; charset=utf-8", html);
  response_add_header(response, "Content-Security-Policy",
                      "sandbox; default-src 'none'; img-src 'self' https: data:; style-src 'self' "
                      "'unsafe-inline'; font-src 'self'; base-uri 'none'; form-action 'none'; "
                      "frame-ancestors 'self'");
  response_add_header(response, "X-Robots-Tag", "noindex");
  return response;
}

Response *api_mail_document(GString *html, const Site *site) {
  g_autofree char *own = g_strconcat(site->base_url, "/", NULL);
  g_string_replace(html, own, "/", 0);
  return api_document(html);
}
