// SPDX-License-Identifier: Apache-2.0
//
// How newsletters do: each mailing's results, each newsletter's together (docs/api/openapi.json:
// numbers/newsletters). Growth by day is api_subscribers.c's.
#include "newsroom/mailing_results.h"
#include "store/newsletter_rows.h"
#include "web/api_handlers.h"
#include "web/reader_figures.h"

// ---- mailings ---------------------------------------------------------------------------------

static void put_outcome(JsonWriter *json, const MailingOutcome *one) {
  json_object(json);
  put_integer(json, "mailing_id", one->mailing_id);
  put_integer(json, "newsletter_id", one->newsletter_id);
  put_text(json, "subject", one->subject);
  put_instant(json, "at", one->frozen_at);
  put_integer(json, "planned", one->planned);
  put_integer(json, "sent", one->planned - one->waiting);
  put_integer(json, "accepted", one->accepted);
  put_integer(json, "failed", one->failed);
  put_integer(json, "bounced", one->results.bounced);
  put_integer(json, "complained", one->results.complained);
  put_integer(json, "counted", one->results.counted);
  put_integer(json, "opened", one->results.opened);
  put_integer(json, "clicked", one->results.clicked);
  put_integer(json, "left", one->results.left);
  put_instant(json, "computed_at", one->computed_at);
  json_end_object(json);
}

typedef struct Recount {
  Website *website;
  gint64 mailing_id, newsletter_id;
} Recount;

static char *recount(gpointer data, GError **error) {
  const Recount *wanted = data;
  Newsroom newsroom = *wanted->website->newsroom;
  MailingOutcome outcome = {.mailing_id = wanted->mailing_id};
  return mailing_results_count(&newsroom, &outcome, error) ? g_strdup("") : NULL;
}

// Small ones are counted now, large ones by and by: what was counted last is shown until then.
static gboolean freshen(ApiCall *call, GPtrArray *outcomes, GError **error) {
  gint64 now = clock_now(&call->newsroom.clock);
  for (guint i = 0; i < outcomes->len; i++) {
    MailingOutcome *one = g_ptr_array_index(outcomes, i);
    if (!mailing_results_are_old(one, now)) {
      continue;
    }
    if (one->planned < MAILING_RESULTS_AT_ONCE) {
      if (!mailing_results_count(&call->newsroom, one, error)) {
        return FALSE;
      }
      continue;
    }
    Recount *wanted = g_new(Recount, 1);
    *wanted = (Recount){call->website, one->mailing_id, one->newsletter_id};
    g_autofree char *key = g_strdup_printf("mailing %" G_GINT64_FORMAT, one->mailing_id);
    figure_cache_later(call->website->figures, key, recount, wanted, g_free);
  }
  return TRUE;
}

// ---- newsletters ------------------------------------------------------------------------------

// How readers came and went in these days, and how many there are.
static gboolean put_moves(JsonWriter *json, Website *website, gint64 newsletter_id, gint64 days,
                          GError **error) {
  g_autoptr(GArray) growth = reader_figures_growth(website, newsletter_id, days, error);
  GrowthDay sum = {0};
  for (guint i = 0; growth != NULL && i < growth->len; i++) {
    const GrowthDay *day = &g_array_index(growth, GrowthDay, i);
    sum.joined += day->joined;
    sum.left += day->left;
    sum.active = day->active; // the last one's is today's
  }
  put_integer(json, "readers", sum.active);
  put_integer(json, "joined", sum.joined);
  put_integer(json, "left", sum.left);
  return growth != NULL;
}

static void put_totals(JsonWriter *json, const GPtrArray *outcomes, gint64 newsletter_id) {
  MailingOutcome sum = {0};
  gint64 mailings = 0;
  for (guint i = 0; i < outcomes->len; i++) {
    const MailingOutcome *one = g_ptr_array_index(outcomes, i);
    if (one->newsletter_id != newsletter_id) {
      continue;
    }
    mailings++;
    sum.planned += one->planned - one->waiting;
    sum.accepted += one->accepted;
    sum.results.bounced += one->results.bounced;
    sum.results.complained += one->results.complained;
    sum.results.left += one->results.left;
    sum.results.counted += one->results.counted;
    sum.results.opened += one->results.opened;
    sum.results.clicked += one->results.clicked;
  }
  put_integer(json, "mailings", mailings);
  put_integer(json, "sent", sum.planned);
  put_integer(json, "accepted", sum.accepted);
  put_integer(json, "bounced", sum.results.bounced);
  put_integer(json, "complained", sum.results.complained);
  put_integer(json, "unsubscribed", sum.results.left);
  put_integer(json, "counted", sum.results.counted);
  put_integer(json, "opened", sum.results.opened);
  put_integer(json, "clicked", sum.results.clicked);
}

// ---- the answer -------------------------------------------------------------------------------

typedef struct Asked {
  gint64 newsletter, days, since;
  guint limit;
} Asked;

typedef struct Found {
  GPtrArray *outcomes, *lately, *newsletters;
} Found;

static void found_clear(Found *found) {
  g_clear_pointer(&found->outcomes, g_ptr_array_unref);
  g_clear_pointer(&found->lately, g_ptr_array_unref);
  g_clear_pointer(&found->newsletters, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Found, found_clear)

static gboolean find(Found *found, const Website *website, const Asked *asked, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(website->newsroom->store, error);
  found->outcomes = transaction != NULL ? mailing_result_rows_list(transaction, asked->newsletter,
                                                                   asked->limit, error)
                                        : NULL;
  found->lately =
      found->outcomes != NULL ? mailing_result_rows_since(transaction, asked->since, error) : NULL;
  found->newsletters = found->lately != NULL ? newsletter_rows_list(transaction, error) : NULL;
  return found->newsletters != NULL;
}

Response *api_numbers_newsletters(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiAnswer) answer = {0};
  g_auto(Found) found = {0};
  api_begin(&call, request, website);
  Asked asked = {.newsletter = api_query_integer(&call, "newsletter_id", 0),
                 .days = api_query_integer(&call, "days", 30),
                 .limit = api_limit(&call, 20)};
  if (asked.days < 1 || asked.days > 366) {
    api_fault(&call, "days: 1 to 366");
  }
  asked.since = (clock_now(&website->newsroom->clock) / CLOCK_DAY - asked.days + 1) * CLOCK_DAY;
  if (!api_query_accept(&call, error) || !find(&found, website, &asked, error) ||
      !freshen(&call, found.outcomes, error)) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < found.outcomes->len; i++) {
    put_outcome(json, g_ptr_array_index(found.outcomes, i));
  }
  json_end_array(json);
  put_list(json, "newsletters");
  for (guint i = 0; i < found.newsletters->len; i++) {
    const Newsletter *one = g_ptr_array_index(found.newsletters, i);
    if (asked.newsletter != 0 && asked.newsletter != one->id) {
      continue;
    }
    json_object(json);
    put_integer(json, "newsletter_id", one->id);
    put_text(json, "name", one->name);
    if (!put_moves(json, website, one->id, asked.days, error)) {
      return NULL;
    }
    put_totals(json, found.lately, one->id);
    json_end_object(json);
  }
  json_end_array(json);
  return api_respond(&answer, 200);
}
