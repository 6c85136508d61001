// SPDX-License-Identifier: Apache-2.0
//
// Readers who get mail (docs/api/openapi.json): found, shown, unsubscribed, erased.
#include <string.h>

#include "model/mail_address.h"
#include "newsroom/reader_links.h"
#include "newsroom/subscribers.h"
#include "store/delivery_rows.h"
#include "store/newsletter_rows.h"
#include "store/subscriber_rows.h"
#include "web/api_mail.h"
#include "web/api_stories.h"

static void write_subscriber(JsonWriter *json, const Subscriber *one) {
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

Response *api_subscriber_list(const Request *request, Website *website, GError **error) {
  static const char *const STATUSES[] = {"pending", "active", "suppressed", NULL};
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  api_begin(&call, request, website);
  guint limit = api_limit(&call, 50);
  gint status = api_query_choice(&call, "status", STATUSES);
  gint64 after = api_query_integer(&call, "after", 0);
  const char *words = request_query(request, "q");
  if (!api_query_accept(&call, error) || !api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autofree char *find = g_utf8_strdown(words != NULL ? words : "", -1);
  g_autoptr(GPtrArray) all =
      subscriber_rows_list(read.transaction, g_strstrip(find), status, after, limit + 1, error);
  if (all == NULL) {
    return NULL;
  }
  gint64 last = 0;
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < MIN(all->len, limit); i++) {
    const Subscriber *one = g_ptr_array_index(all, i);
    json_object(json);
    write_subscriber(json, one);
    json_end_object(json);
    last = one->id;
  }
  put_next_id(json, all->len > limit ? last : 0);
  return api_respond(&answer, 200);
}

static gboolean write_counts(JsonWriter *json, StoreTransaction *transaction, gboolean may,
                             GError **error) {
  static const SubscriberStatus STATUSES[] = {SUBSCRIBER_ACTIVE, SUBSCRIBER_PENDING,
                                              SUBSCRIBER_SUPPRESSED};
  g_autoptr(GPtrArray) newsletters = newsletter_rows_list(transaction, error);
  if (newsletters == NULL) {
    return FALSE;
  }
  for (guint i = 0; i < G_N_ELEMENTS(STATUSES); i++) {
    gint64 count = may ? subscriber_rows_count(transaction, STATUSES[i], error) : 0;
    if (count < 0) {
      return FALSE;
    }
    put_integer(json, subscriber_status_name(STATUSES[i]), count);
  }
  put_list(json, "newsletters");
  for (guint i = 0; may && i < newsletters->len; i++) {
    const Newsletter *one = g_ptr_array_index(newsletters, i);
    json_object(json);
    put_integer(json, "newsletter_id", one->id);
    put_text(json, "name", one->name);
    put_integer(json, "readers", MAX(subscription_rows_count(transaction, one->id, NULL), 0));
    json_end_object(json);
  }
  json_end_array(json);
  return TRUE;
}

gboolean api_put_subscriber_counts(JsonWriter *json, StoreTransaction *transaction, gboolean may,
                                   GError **error) {
  put_object(json, "subscribers");
  gboolean written = write_counts(json, transaction, may, error);
  json_end_object(json);
  return written;
}

Response *api_subscriber_counts(const Request *request, Website *website, GError **error) {
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  return api_read_begin(&read, website, error) &&
                 write_counts(api_answer(&answer), read.transaction, TRUE, error)
             ? api_respond(&answer, 200)
             : NULL;
}

static gboolean put_suppression(JsonWriter *json, StoreTransaction *transaction, const Site *site,
                                const char *address_key, GError **error) {
  g_autofree char *hash = reader_address_hash(site->mail_key, address_key);
  g_autoptr(SuppressionDetail) detail = NULL;
  if (!suppression_rows_detail(transaction, hash, &detail, error)) {
    return FALSE;
  }
  if (detail == NULL) {
    put_null(json, "suppression");
    return TRUE;
  }
  put_object(json, "suppression");
  put_text(json, "reason", suppression_reason_name(detail->reason));
  put_instant(json, "at", detail->at);
  put_text(json, "note", detail->note);
  json_end_object(json);
  return TRUE;
}

static void put_subscriptions(JsonWriter *json, StoreTransaction *transaction, gint64 id) {
  static const char *const STATUSES[] = {"pending", "active", "left"};
  g_autoptr(GArray) all = subscription_rows_of(transaction, id, NULL);
  put_list(json, "subscriptions");
  for (guint i = 0; all != NULL && i < all->len; i++) {
    const Subscription *one = &g_array_index(all, Subscription, i);
    g_autoptr(Newsletter) newsletter = newsletter_rows_get(transaction, one->newsletter_id, NULL);
    json_object(json);
    put_integer(json, "newsletter_id", one->newsletter_id);
    put_text(json, "newsletter", newsletter != NULL ? newsletter->name : "");
    put_text(json, "status", STATUSES[CLAMP((gint)one->status, 0, 2)]);
    put_instant(json, "since", one->since);
    put_instant(json, "left_at", one->left_at);
    json_end_object(json);
  }
  json_end_array(json);
}

static Response *answer_subscriber(ApiCall *call, gint64 id, guint status, GError **error) {
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  g_autoptr(Subscriber) one = api_read_begin(&read, call->website, error)
                                  ? subscriber_rows_get(read.transaction, id, error)
                                  : NULL;
  g_autoptr(GArray) sections =
      one != NULL ? subscriber_section_rows_of(read.transaction, id, error) : NULL;
  if (sections == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_object(json, "subscriber");
  write_subscriber(json, one);
  json_end_object(json);
  put_subscriptions(json, read.transaction, id);
  put_list(json, "sections");
  for (guint i = 0; i < sections->len; i++) {
    for (guint j = 0; j < read.site->sections->len; j++) {
      const Section *section = g_ptr_array_index(read.site->sections, j);
      if (section->id == g_array_index(sections, gint64, i)) {
        json_object(json);
        write_section(json, section);
        json_end_object(json);
      }
    }
  }
  json_end_array(json);
  return put_suppression(json, read.transaction, read.site, one->address_key, error)
             ? api_respond(&answer, status)
             : NULL;
}

Response *api_subscriber_get(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  return answer_subscriber(&call, api_path_id(&call, 0), 200, error);
}

Response *api_subscriber_leave(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  gint64 id = api_path_id(&call, 0);
  return subscribers_leave(&call.newsroom, id, 0, "the newsroom", request_remote(request), error)
             ? answer_subscriber(&call, id, 200, error)
             : NULL;
}

Response *api_subscriber_erase(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_autoptr(Subscriber) one = NULL;
  api_begin(&call, request, website);
  {
    g_auto(ApiRead) read = {0};
    one = api_read_begin(&read, website, error)
              ? subscriber_rows_get(read.transaction, api_path_id(&call, 0), error)
              : NULL;
  }
  return one != NULL && subscribers_erase_address(&call.newsroom, one->address, error) ? api_done()
                                                                                       : NULL;
}

// ---- history ----------------------------------------------------------------------------------

typedef struct Event {
  gint64 at, mailing_id;
  const char *kind;
  char *says, *detail;
} Event;

static void event_clear(gpointer data) {
  g_free(((Event *)data)->says);
  g_free(((Event *)data)->detail);
}

static gint newest_first(gconstpointer a, gconstpointer b) {
  gint64 left = ((const Event *)a)->at;
  gint64 right = ((const Event *)b)->at;
  return left < right ? 1 : left > right ? -1 : 0;
}

static const char *consent_words(ConsentKind kind) {
  static const char *const WORDS[] = {"asked for it", "confirmed",
                                      "was imported", "changed what they get",
                                      "left",         "said yes or no to counting"};
  return WORDS[CLAMP((gint)kind, 0, 5)];
}

static GArray *collect(StoreTransaction *transaction, gint64 id, GError **error) {
  g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(Event));
  g_array_set_clear_func(events, event_clear);
  g_autoptr(GPtrArray) consents = consent_rows_of(transaction, id, error);
  g_autoptr(GPtrArray) deliveries =
      consents != NULL ? delivery_rows_of(transaction, id, 100, error) : NULL;
  g_autoptr(GPtrArray) bounces =
      deliveries != NULL ? bounce_rows_list(transaction, id, 0, 100, error) : NULL;
  if (bounces == NULL) {
    return NULL;
  }
  for (guint i = 0; i < consents->len; i++) {
    const Consent *one = g_ptr_array_index(consents, i);
    Event event = {one->at, 0, "consent", g_strdup(consent_words(one->kind)),
                   g_strdup_printf("%s %s", one->newsletters, one->page)};
    g_array_append_val(events, event);
  }
  for (guint i = 0; i < deliveries->len; i++) {
    const Delivery *one = g_ptr_array_index(deliveries, i);
    Event event = {one->changed_at != 0 ? one->changed_at : one->due_at, one->mailing_id,
                   "delivery", g_strdup(delivery_state_name(one->state)),
                   g_strdup_printf("%s %s", one->status, one->reason)};
    g_array_append_val(events, event);
  }
  for (guint i = 0; i < bounces->len; i++) {
    const Bounce *one = g_ptr_array_index(bounces, i);
    Event event = {one->received_at, one->mailing_id, "bounce", g_strdup("came back"),
                   g_strdup_printf("%s %s", one->status, one->reason)};
    g_array_append_val(events, event);
  }
  g_array_sort(events, newest_first);
  return g_steal_pointer(&events);
}

Response *api_subscriber_history(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  api_begin(&call, request, website);
  gint64 id = api_path_id(&call, 0);
  g_autoptr(Subscriber) one = api_read_begin(&read, website, error)
                                  ? subscriber_rows_get(read.transaction, id, error)
                                  : NULL;
  g_autoptr(GArray) events = one != NULL ? collect(read.transaction, id, error) : NULL;
  if (events == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < events->len; i++) {
    const Event *event = &g_array_index(events, Event, i);
    json_object(json);
    put_instant(json, "at", event->at);
    put_text(json, "kind", event->kind);
    put_text(json, "says", event->says);
    put_id(json, "mailing_id", event->mailing_id);
    put_text(json, "detail", g_strstrip(event->detail));
    json_end_object(json);
  }
  json_end_array(json);
  return api_respond(&answer, 200);
}

Response *api_bounce_list(const Request *request, Website *website, GError **error) {
  static const char *const KINDS[] = {"hard", "soft", "complaint", "automatic", "unknown"};
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  api_begin(&call, request, website);
  guint limit = api_limit(&call, 50);
  gint64 offset = MIN(api_query_integer(&call, "after", 0), 1000000);
  if (!api_query_accept(&call, error) || !api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) all = bounce_rows_list(read.transaction, 0, (guint)offset, limit + 1, error);
  if (all == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < MIN(all->len, limit); i++) {
    const Bounce *one = g_ptr_array_index(all, i);
    json_object(json);
    put_integer(json, "id", one->id);
    put_instant(json, "received_at", one->received_at);
    put_text(json, "way", one->way);
    put_text(json, "kind", KINDS[CLAMP((gint)one->kind, 0, 4)]);
    put_id(json, "mailing_id", one->mailing_id);
    put_id(json, "subscriber_id", one->subscriber_id);
    put_text(json, "status", one->status);
    put_text(json, "reason", one->reason);
    json_end_object(json);
  }
  put_next_id(json, all->len > limit ? offset + limit : 0);
  return api_respond(&answer, 200);
}
