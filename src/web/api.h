// SPDX-License-Identifier: Apache-2.0
//
// What the api_* handlers share: the newsroom as the one who asks sees it, the JSON that was sent,
// read field by field, and the JSON that is answered. For src/web/api_*.c only.
//
// A handler decodes, makes one call of the newsroom, and encodes. Fields that it did not ask for
// are refused: a misspelt name is a fault, not silence.
#pragma once

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "newsroom/newsroom.h"
#include "web/admission.h"
#include "web/problem.h"
#include "web/website.h"

typedef struct ApiCall {
  const Request *request; // borrowed
  Website *website;
  Newsroom newsroom;      // the website's, with the actor
  const Visitor *visitor; // NULL: a public route
  JsonValue *body;        // an object; NULL: none was sent
  GPtrArray *asked;       // names, borrowed
  GError *fault;          // the first
} ApiCall;
void api_call_clear(ApiCall *call);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ApiCall, api_call_clear)

void api_begin(ApiCall *call, const Request *request, Website *website);
// With a JSON object as the body; an absent one is the empty object. UNSUPPORTED, BAD_REQUEST.
gboolean api_begin_json(ApiCall *call, const Request *request, Website *website, GError **error);

// Fields of the body. What is of another type, or missing where it is needed, is noted as the
// fault.
gboolean api_has(ApiCall *call, const char *name);                  // also null
const char *api_text(ApiCall *call, const char *name);              // NULL: absent, or null
const char *api_need_text(ApiCall *call, const char *name);         // never NULL
gint64 api_integer(ApiCall *call, const char *name, gint64 absent); // null is 0
gint64 api_need_integer(ApiCall *call, const char *name);
gint api_flag(ApiCall *call, const char *name);                     // -1: absent
gint64 api_instant(ApiCall *call, const char *name, gint64 absent); // null is 0
const JsonValue *api_list(ApiCall *call, const char *name);         // NULL: absent
const JsonValue *api_object(ApiCall *call, const char *name);       // NULL: absent, or null
char **api_texts(ApiCall *call, const char *name);                  // NULL: absent; caller frees
GArray *api_integers(ApiCall *call, const char *name); // gint64; NULL: absent; caller unrefs
// Of an item of a list: TRUE if all members of `item` are among `names` (NULL-terminated).
gboolean api_item_is(ApiCall *call, const JsonValue *item, const char *field,
                     const char *const *names);
void api_fault(ApiCall *call, const char *format, ...) G_GNUC_PRINTF(2, 3);
// After the last field: FALSE with the fault, or with a field that nobody asked for.
gboolean api_accept(ApiCall *call, GError **error);

// What the path and the query say. `index`: of the pattern's parameters.
gint64 api_path_id(const ApiCall *call, guint index); // 0: no number
gint64 api_query_integer(ApiCall *call, const char *name, gint64 absent);
gboolean api_query_flag(ApiCall *call, const char *name);
gint32 api_query_day(ApiCall *call, const char *name, gint32 absent); // 2026-11-25 as 20261125
// One of `names` (NULL-terminated): its index; -1: absent.
gint api_query_choice(ApiCall *call, const char *name, const char *const *names);
guint api_limit(ApiCall *call, guint normal);
gboolean api_query_accept(ApiCall *call, GError **error); // FALSE with the fault

// The uploaded file of a BODY_FILE route, seen as memory, which it is not: the kernel reads it as
// it is looked at. A few at a time, however many are being sent; the others wait here.
typedef struct ApiFile {
  Website *website; // NULL: not open
  GBytes *bytes;
  int file; // read-only, for whoever must not change what was looked at
} ApiFile;
// FALSE: nothing was sent (`wanted` says what should have been), or it can't be read.
gboolean api_file_open(ApiFile *file, const Request *request, Website *website, const char *wanted,
                       GError **error);
void api_file_close(ApiFile *file);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ApiFile, api_file_close)

// ---- the answer -------------------------------------------------------------------------------
typedef struct ApiAnswer {
  GString *out;
  JsonWriter json;
} ApiAnswer;
// Begins an object.
JsonWriter *api_answer(ApiAnswer *answer);
// Ends it.
Response *api_respond(ApiAnswer *answer, guint status);
Response *api_done(void); // 204
void api_answer_clear(ApiAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ApiAnswer, api_answer_clear)

// Members, always written.
void put_text(JsonWriter *json, const char *name, const char *value); // NULL: null
void put_integer(JsonWriter *json, const char *name, gint64 value);
void put_id(JsonWriter *json, const char *name, gint64 id); // 0: null
void put_flag(JsonWriter *json, const char *name, gboolean value);
void put_number(JsonWriter *json, const char *name, double value);
void put_instant(JsonWriter *json, const char *name, gint64 instant); // 0: null
void put_day(JsonWriter *json, const char *name, gint32 day);
void put_null(JsonWriter *json, const char *name);
void put_raw(JsonWriter *json, const char *name, const char *value); // JSON that was checked before
void put_staff(JsonWriter *json, const char *name, gint64 id, const char *staff_name); // 0: null
void put_object(JsonWriter *json, const char *name);
void put_list(JsonWriter *json, const char *name);
// The end of a list in parts: closes it and tells how to go on. `next` NULL: that was all.
void put_next(JsonWriter *json, const char *next);
void put_next_id(JsonWriter *json, gint64 next); // 0: that was all

// The names of the newsroom's people, for a list. StaffName: NULL where nobody has that number.
typedef struct StaffNames StaffNames;
StaffNames *staff_names_load(StoreTransaction *transaction, GError **error);
const char *staff_names_get(const StaffNames *names, gint64 id);
void staff_names_free(StaffNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StaffNames, staff_names_free)
void put_person(JsonWriter *json, const char *name, const StaffNames *names, gint64 id);

// A read transaction with the newspaper as it stands then.
typedef struct ApiRead {
  StoreTransaction *transaction;
  Site *site;
} ApiRead;
gboolean api_read_begin(ApiRead *read, Website *website, GError **error);
void api_read_clear(ApiRead *read);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ApiRead, api_read_clear)

// A document of ours in a frame of ours: nothing in it runs, and it reaches no one.
Response *api_document(GString *html);
// The same for mail: pictures and links of the newspaper's own are asked of this server, whatever
// address it has. Takes `html`.
Response *api_mail_document(GString *html, const Site *site);

#define API_HANDLER(name) Response *name(const Request *request, Website *website, GError **error)
