// SPDX-License-Identifier: Apache-2.0
//
// Readers of newsletters: found, looked at, changed, erased; the suppression list; what came back
// (docs/api/openapi.json).
#include "newsroom/subscribers.h"

#include <string.h>

#include "model/mail_address.h"
#include "newsroom/reader_import.h"
#include "newsroom/reader_links.h"
#include "newsroom/suppression_list.h"
#include "store/delivery_rows.h"
#include "store/newsletter_rows.h"
#include "store/subscriber_look_rows.h"
#include "store/subscriber_rows.h"
#include "web/api_handlers.h"
#include "web/api_mail.h"
#include "web/api_mail_parts.h"

#define PAGE 50
#define HISTORY 200

static void put_fields(JsonWriter *json, const Subscriber *one) {
  put_integer(json, "id", one->id);
  put_text(json, "address", one->address);
  put_text(json, "name", one->name);
  put_text(json, "status", subscriber_status_name(one->status));
  put_text(json, "language", one->language);
  put_text(json, "time_zone", one->zone_name);
  put_instant(json, "paused_until", one->paused_until);
  put_instant(json, "created_at", one->created_at);
  put_instant(json, "confirmed_at", one->confirmed_at);
  put_instant(json, "active_at", one->active_at);
  put_flag(json, "tracking", one->tracking);
}

// ---- the list ---------------------------------------------------------------------------------

static void put_part(JsonWriter *json, const GPtrArray *some) {
  put_list(json, "items");
  for (guint i = 0; i < some->len; i++) {
    json_object(json);
    put_fields(json, g_ptr_array_index(some, i));
    json_end_object(json);
  }
}

// A search goes on after an address, a list after a number.
static Response *find(StoreTransaction *transaction, const char *words, const char *after,
                      guint limit, GError **error) {
  g_auto(ApiAnswer) answer = {0};
  g_autoptr(GPtrArray) some =
      subscriber_look_rows_find(transaction, words, after != NULL ? after : "", limit, error);
  if (some == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_part(json, some);
  const Subscriber *last = some->len == limit ? g_ptr_array_index(some, some->len - 1) : NULL;
  put_next(json, last != NULL ? last->address_key : NULL);
  return api_respond(&answer, 200);
}

Response *api_subscribers(const Request *request, Website *website, GError **error) {
  static const char *const STATUSES[] = {"pending", "active", "suppressed", NULL};
  g_auto(ApiCall) call = {0};
  g_auto(ApiAnswer) answer = {0};
  api_begin(&call, request, website);
  guint limit = api_limit(&call, PAGE);
  const char *words = request_query(request, "q"), *after = request_query(request, "after");
  gint status = api_query_choice(&call, "status", STATUSES);
  gint64 newsletter = api_query_integer(&call, "newsletter_id", 0);
  gboolean by_words = words != NULL && *words != '\0';
  gint64 before = by_words ? 0 : api_query_integer(&call, "after", 0);
  if (!api_query_accept(&call, error)) {
    return NULL;
  }
  g_autoptr(StoreTransaction) transaction = store_begin_read(website->newsroom->store, error);
  if (transaction == NULL) {
    return NULL;
  }
  if (by_words) {
    return find(transaction, words, after, limit, error);
  }
  g_autoptr(GPtrArray) some =
      subscriber_look_rows_list(transaction, status, newsletter, before, limit, error);
  if (some == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_part(json, some);
  const Subscriber *last = some->len == limit ? g_ptr_array_index(some, some->len - 1) : NULL;
  put_next_id(json, last != NULL ? last->id : 0);
  return api_respond(&answer, 200);
}

// ---- counts -----------------------------------------------------------------------------------

// The members of an object; without figures all 0 and no newsletters.
static gboolean write_counts(JsonWriter *json, StoreTransaction *transaction,
                             const ReaderFigures *figures, GError **error) {
  static const SubscriberStatus STATUSES[] = {SUBSCRIBER_ACTIVE, SUBSCRIBER_PENDING,
                                              SUBSCRIBER_SUPPRESSED};
  g_autoptr(GPtrArray) newsletters = newsletter_rows_list(transaction, error);
  if (newsletters == NULL) {
    return FALSE;
  }
  for (gsize i = 0; i < G_N_ELEMENTS(STATUSES); i++) {
    put_integer(json, subscriber_status_name(STATUSES[i]),
                figures != NULL ? figures->of[STATUSES[i]] : 0);
  }
  put_list(json, "newsletters");
  for (guint i = 0; figures != NULL && i < newsletters->len; i++) {
    const Newsletter *one = g_ptr_array_index(newsletters, i);
    json_object(json);
    put_integer(json, "newsletter_id", one->id);
    put_text(json, "name", one->name);
    put_integer(json, "readers", reader_figures_of(figures, one->id));
    json_end_object(json);
  }
  json_end_array(json);
  return TRUE;
}

gboolean api_put_subscriber_counts(JsonWriter *json, StoreTransaction *transaction,
                                   const ReaderFigures *figures, GError **error) {
  put_object(json, "subscribers");
  gboolean written = write_counts(json, transaction, figures, error);
  json_end_object(json);
  return written;
}

Response *api_subscriber_counts(const Request *request, Website *website, GError **error) {
  g_auto(ApiAnswer) answer = {0};
  g_auto(ReaderFigures) figures = {0};
  if (!reader_figures_get(website, &figures, error)) {
    return NULL;
  }
  g_autoptr(StoreTransaction) transaction = store_begin_read(website->newsroom->store, error);
  return transaction != NULL && write_counts(api_answer(&answer), transaction, &figures, error)
             ? api_respond(&answer, 200)
             : NULL;
}

Response *api_subscriber_growth(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiAnswer) answer = {0};
  api_begin(&call, request, website);
  gint64 count = api_query_integer(&call, "days", 90);
  gint64 newsletter = api_query_integer(&call, "newsletter_id", 0);
  if (count < 1 || count > 3660) {
    api_fault(&call, "days: 1 to 3660");
  }
  if (!api_query_accept(&call, error)) {
    return NULL;
  }
  g_autoptr(GArray) days = reader_figures_growth(website, newsletter, count, error);
  if (days == NULL) {
    return NULL;
  }
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
  gint64 first = clock_now(&website->newsroom->clock) / CLOCK_DAY - count + 1;
  JsonWriter *json = api_answer(&answer);
  put_list(json, "days");
  for (guint i = 0; i < days->len; i++) {
    const GrowthDay *day = &g_array_index(days, GrowthDay, i);
    json_object(json);
    put_day(json, "day", clock_day((first + i) * CLOCK_DAY, utc));
    put_integer(json, "joined", day->joined);
    put_integer(json, "left", day->left);
    put_integer(json, "suppressed", day->suppressed);
    put_integer(json, "active", day->active);
    json_end_object(json);
  }
  json_end_array(json);
  return api_respond(&answer, 200);
}

// ---- one reader -------------------------------------------------------------------------------

static gboolean put_subscriptions(JsonWriter *json, StoreTransaction *transaction,
                                  gint64 subscriber_id, GError **error) {
  g_autoptr(GArray) subscriptions = subscription_rows_of(transaction, subscriber_id, error);
  if (subscriptions == NULL) {
    return FALSE;
  }
  static const char *const NAMES[] = {"pending", "active", "left"};
  put_list(json, "subscriptions");
  for (guint i = 0; i < subscriptions->len; i++) {
    const Subscription *one = &g_array_index(subscriptions, Subscription, i);
    g_autoptr(Newsletter) newsletter = newsletter_rows_get(transaction, one->newsletter_id, error);
    if (newsletter == NULL) {
      return FALSE;
    }
    json_object(json);
    put_integer(json, "newsletter_id", one->newsletter_id);
    put_text(json, "newsletter", newsletter->name);
    put_text(json, "status", NAMES[one->status]);
    put_instant(json, "since", one->since);
    put_instant(json, "left_at", one->left_at);
    json_end_object(json);
  }
  json_end_array(json);
  return TRUE;
}

static gboolean put_sections(JsonWriter *json, StoreTransaction *transaction, const Site *site,
                             gint64 subscriber_id, GError **error) {
  g_autoptr(GArray) ids = subscriber_section_rows_of(transaction, subscriber_id, error);
  if (ids == NULL) {
    return FALSE;
  }
  put_list(json, "sections");
  for (guint i = 0; i < ids->len; i++) {
    for (guint n = 0; n < site->sections->len; n++) {
      const Section *section = g_ptr_array_index(site->sections, n);
      if (section->id == g_array_index(ids, gint64, i)) {
        json_object(json);
        put_integer(json, "id", section->id);
        put_text(json, "slug", section->slug);
        put_text(json, "name", section->name);
        put_text(json, "description", section->description);
        put_integer(json, "position", section->position);
        g_autofree char *url = g_strconcat("/", section->slug, NULL);
        put_text(json, "url", url);
        json_end_object(json);
      }
    }
  }
  json_end_array(json);
  return TRUE;
}

// "suppression": an object or null.
static gboolean put_suppression(JsonWriter *json, StoreTransaction *transaction, const Site *site,
                                const char *address_key, gboolean *ret_listed, GError **error) {
  SuppressionReason reason = SUPPRESSION_MANUAL;
  gint64 at = 0;
  g_autofree char *note = NULL;
  g_autofree char *hash = reader_address_hash(site->mail_key, address_key);
  if (!subscriber_look_rows_suppression(transaction, hash, &reason, &at, &note, error)) {
    return FALSE;
  }
  *ret_listed = note != NULL;
  if (note == NULL) {
    put_null(json, "suppression");
    return TRUE;
  }
  put_object(json, "suppression");
  put_text(json, "reason", suppression_reason_name(reason));
  put_instant(json, "at", at);
  put_text(json, "note", note);
  json_end_object(json);
  return TRUE;
}

static Response *answer_whole(Website *website, gint64 id, guint status, GError **error) {
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  gboolean listed = FALSE;
  if (!api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(Subscriber) one = subscriber_rows_get(read.transaction, id, error);
  if (one == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_object(json, "subscriber");
  put_fields(json, one);
  json_end_object(json);
  return put_subscriptions(json, read.transaction, id, error) &&
                 put_sections(json, read.transaction, read.site, id, error) &&
                 put_suppression(json, read.transaction, read.site, one->address_key, &listed,
                                 error)
             ? api_respond(&answer, status)
             : NULL;
}

Response *api_subscriber_get(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  return answer_whole(website, api_path_id(&call, 0), 200, error);
}

// The reader's own token: what the newsroom changes goes the same way as what the reader does.
static char *token_of(Website *website, gint64 id, char **ret_address, GError **error) {
  g_auto(ApiRead) read = {0};
  if (!api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(Subscriber) one = subscriber_rows_get(read.transaction, id, error);
  if (one == NULL) {
    return NULL;
  }
  if (ret_address != NULL) {
    *ret_address = g_strdup(one->address);
  }
  return reader_token(read.site->mail_key, READER_PAGE, 0, id);
}

static char *wording_of(const ApiCall *call) {
  return g_strdup_printf("Changed by the newsroom: %s",
                         call->newsroom.actor != NULL ? call->newsroom.actor->name : "");
}

Response *api_subscriber_patch(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  gint64 id = api_path_id(&call, 0);
  g_autofree char *token = token_of(website, id, NULL, error);
  g_autofree char *wording = wording_of(&call);
  g_auto(GStrv) newsletters = api_texts(&call, "newsletters");
  ReaderChange change = {.name = api_text(&call, "name"),
                         .newsletters = (const char *const *)newsletters,
                         .paused_until = api_instant(&call, "paused_until", -1),
                         .tracking = -1,
                         .wording = wording,
                         .remote = ""};
  return token != NULL && api_accept(&call, error) &&
                 subscribers_change(&call.newsroom, token, &change, error)
             ? answer_whole(website, id, 200, error)
             : NULL;
}

Response *api_subscriber_delete(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_autofree char *address = NULL;
  api_begin(&call, request, website);
  g_autofree char *token = token_of(website, api_path_id(&call, 0), &address, error);
  return token != NULL && subscribers_erase_address(&call.newsroom, address, error) ? api_done()
                                                                                    : NULL;
}

Response *api_subscriber_leave(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  gint64 id = api_path_id(&call, 0);
  return subscribers_leave(&call.newsroom, id, 0, "newsroom", "", error)
             ? answer_whole(website, id, 200, error)
             : NULL;
}

// One line of an import: the same rules, the same proof of consent.
Response *api_subscriber_make(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  const char *address = api_need_text(&call, "address"), *name = api_text(&call, "name");
  const char *consent = api_text(&call, "consent");
  g_auto(GStrv) newsletters = api_texts(&call, "newsletters");
  if (newsletters == NULL) {
    api_fault(&call, "newsletters: it is missing");
  }
  if (consent == NULL || *consent == '\0') {
    api_fault(&call, "consent: say how and when the reader agreed");
  }
  GError *failure = NULL;
  g_autofree char *normal = mail_address_normalise(address, &failure);
  if (normal == NULL) {
    api_fault(&call, "address: %s", failure->message);
    g_clear_error(&failure);
  }
  if (!api_accept(&call, error)) {
    return NULL;
  }
  ReaderImportOptions options = {.source = consent,
                                 .newsletters = (const char *const *)newsletters};
  ReaderImportLine line = {.line = 1,
                           .address = address,
                           .name = name != NULL ? name : "",
                           .language = "",
                           .zone_name = "",
                           .newsletters = "",
                           .left = "",
                           .sections = ""};
  ReaderImportReport report;
  g_autoptr(ReaderImport) import = reader_import_new(&call.newsroom, &options, error);
  if (import == NULL || !reader_import_add(import, &line, error) ||
      !reader_import_finish(import, &report, error)) {
    return NULL;
  }
  g_autofree char *key = mail_address_key(normal);
  g_autoptr(StoreTransaction) transaction = store_begin_read(website->newsroom->store, error);
  g_autoptr(Subscriber) made =
      transaction != NULL ? subscriber_rows_get_by_key(transaction, key, &failure) : NULL;
  if (made == NULL) {
    g_clear_error(&failure);
    g_set_error(error, NEWSROOM_ERROR, NEWSROOM_ERROR_STATE,
                "address: it is on the suppression list: nobody writes to it");
    return NULL;
  }
  gint64 id = made->id;
  g_clear_pointer(&transaction, store_rollback);
  return answer_whole(website, id, 201, error);
}

// ---- history ----------------------------------------------------------------------------------

typedef struct Happening {
  gint64 at, mailing_id;
  const char *kind;
  char *says, *detail;
} Happening;

static void happening_clear(Happening *one) {
  g_free(one->says);
  g_free(one->detail);
}

static void add_happening(GArray *all, gint64 at, const char *kind, gint64 mailing_id, char *says,
                          const char *detail) {
  Happening one = {at, mailing_id, kind, says, g_strdup(detail)};
  g_array_append_val(all, one);
}

static gboolean gather_consents(GArray *all, StoreTransaction *transaction, gint64 id,
                                GError **error) {
  static const char *const NAMES[] = {"asked for", "confirmed", "taken over",
                                      "changed",   "left",      "counting of opens and clicks"};
  g_autoptr(GPtrArray) consents = consent_rows_of(transaction, id, error);
  for (guint i = 0; consents != NULL && i < consents->len; i++) {
    const Consent *one = g_ptr_array_index(consents, i);
    g_autofree char *detail = g_strdup_printf("%s (%s)", one->wording, one->page);
    add_happening(all, one->at, "consent", 0,
                  g_strdup_printf("%s: %s", NAMES[one->kind], one->newsletters), detail);
  }
  return consents != NULL;
}

static gboolean gather_deliveries(GArray *all, StoreTransaction *transaction, gint64 id,
                                  GError **error) {
  g_autoptr(GPtrArray) deliveries = delivery_rows_of(transaction, id, HISTORY, error);
  for (guint i = 0; deliveries != NULL && i < deliveries->len; i++) {
    const Delivery *one = g_ptr_array_index(deliveries, i);
    g_autoptr(Mailing) mailing = mailing_rows_get(transaction, one->mailing_id, error);
    if (mailing == NULL) {
      return FALSE;
    }
    add_happening(all, one->changed_at != 0 ? one->changed_at : mailing->created_at, "delivery",
                  one->mailing_id,
                  g_strdup_printf("%s: %s", mailing->subject, delivery_state_name(one->state)),
                  one->reason);
  }
  return deliveries != NULL;
}

static gboolean gather_bounces(GArray *all, StoreTransaction *transaction, gint64 id,
                               GError **error) {
  g_autoptr(GPtrArray) bounces = bounce_rows_list(transaction, id, 0, HISTORY, error);
  for (guint i = 0; bounces != NULL && i < bounces->len; i++) {
    const Bounce *one = g_ptr_array_index(bounces, i);
    add_happening(all, one->received_at, "bounce", one->mailing_id,
                  g_strdup_printf("%s %s", bounce_kind_name(one->kind), one->status), one->reason);
  }
  return bounces != NULL;
}

static gint compare_newest(gconstpointer a, gconstpointer b) {
  const Happening *one = a, *other = b;
  return one->at < other->at ? 1 : one->at > other->at ? -1 : 0;
}

Response *api_subscriber_history(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiAnswer) answer = {0};
  api_begin(&call, request, website);
  gint64 id = api_path_id(&call, 0);
  g_autoptr(StoreTransaction) transaction = store_begin_read(website->newsroom->store, error);
  g_autoptr(Subscriber) one =
      transaction != NULL ? subscriber_rows_get(transaction, id, error) : NULL;
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Happening));
  g_array_set_clear_func(all, (GDestroyNotify)happening_clear);
  if (one == NULL || !gather_consents(all, transaction, id, error) ||
      !gather_deliveries(all, transaction, id, error) ||
      !gather_bounces(all, transaction, id, error)) {
    return NULL;
  }
  g_array_sort(all, compare_newest);
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < MIN(all->len, HISTORY); i++) {
    const Happening *happening = &g_array_index(all, Happening, i);
    json_object(json);
    put_instant(json, "at", happening->at);
    put_text(json, "kind", happening->kind);
    put_text(json, "says", happening->says);
    put_id(json, "mailing_id", happening->mailing_id);
    put_text(json, "detail", happening->detail != NULL ? happening->detail : "");
    json_end_object(json);
  }
  json_end_array(json);
  return api_respond(&answer, 200);
}

// ---- suppression and bounces ------------------------------------------------------------------

static Response *answer_suppression(Website *website, const char *address, guint status,
                                    GError **error) {
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  gboolean listed = FALSE;
  GError *failure = NULL;
  g_autofree char *normal = mail_address_normalise(address, &failure);
  if (normal == NULL) {
    g_set_error(error, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID, "address: %s", failure->message);
    g_clear_error(&failure);
    return NULL;
  }
  g_autofree char *key = mail_address_key(normal);
  JsonWriter *json = api_answer(&answer);
  if (!api_read_begin(&read, website, error) ||
      !put_suppression(json, read.transaction, read.site, key, &listed, error)) {
    return NULL;
  }
  put_flag(json, "listed", listed);
  return api_respond(&answer, status);
}

Response *api_suppression_get(const Request *request, Website *website, GError **error) {
  const char *address = request_query(request, "address");
  return answer_suppression(website, address != NULL ? address : "", 200, error);
}

static Response *change_suppression(const Request *request, Website *website, gboolean put,
                                    GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  const char *address = api_need_text(&call, "address"), *note = api_text(&call, "note");
  return api_accept(&call, error) && (put ? suppression_list_add(&call.newsroom, address,
                                                                 note != NULL ? note : "", error)
                                          : suppression_list_lift(&call.newsroom, address, error))
             ? answer_suppression(website, address, put ? 201 : 200, error)
             : NULL;
}

Response *api_suppression_add(const Request *request, Website *website, GError **error) {
  return change_suppression(request, website, TRUE, error);
}

Response *api_suppression_remove(const Request *request, Website *website, GError **error) {
  return change_suppression(request, website, FALSE, error);
}

Response *api_bounces(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiAnswer) answer = {0};
  api_begin(&call, request, website);
  guint limit = api_limit(&call, PAGE);
  gint64 offset = CLAMP(api_query_integer(&call, "after", 0), 0, G_MAXINT32);
  if (!api_query_accept(&call, error)) {
    return NULL;
  }
  g_autoptr(StoreTransaction) transaction = store_begin_read(website->newsroom->store, error);
  g_autoptr(GPtrArray) some =
      transaction != NULL ? bounce_rows_list(transaction, 0, (guint)offset, limit, error) : NULL;
  if (some == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < some->len; i++) {
    const Bounce *one = g_ptr_array_index(some, i);
    json_object(json);
    put_integer(json, "id", one->id);
    put_instant(json, "received_at", one->received_at);
    put_text(json, "way", one->way);
    put_text(json, "kind", bounce_kind_name(one->kind));
    put_id(json, "mailing_id", one->mailing_id);
    put_id(json, "subscriber_id", one->subscriber_id);
    put_text(json, "status", one->status);
    put_text(json, "reason", one->reason);
    json_end_object(json);
  }
  put_next_id(json, some->len == limit ? offset + limit : 0);
  return api_respond(&answer, 200);
}
