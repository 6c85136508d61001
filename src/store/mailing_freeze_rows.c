// SPDX-License-Identifier: Apache-2.0
//
// Implements the part of mailing_rows.h that knows whom a mailing reaches: counting and freezing
// its recipients, and the counts of their states. The recipients' rules are one piece of SQL
// (mailing.sql, "recipient_rules"), so that what was counted is what is frozen.
#include "base/clock.h"
#include "base/json_writer.h"
#include "store/mailing_rows.h"

// ",a,b,": what "recipient_rules" looks for. Slugs have no commas.
static char *slug_list(char *const *slugs) {
  if (slugs == NULL || slugs[0] == NULL) {
    return g_strdup("");
  }
  GString *list = g_string_new(",");
  for (guint i = 0; slugs[i] != NULL; i++) {
    g_string_append(list, slugs[i]);
    g_string_append_c(list, ',');
  }
  return g_string_free(list, FALSE);
}

typedef struct RuleValues {
  char *sections, *newsletters;
  gint64 since, before, active_since;
} RuleValues;

static RuleValues rule_values(const SegmentRules *rules, gint64 now) {
  RuleValues values = {.before = G_MAXINT64};
  values.sections = slug_list(rules != NULL ? rules->sections : NULL);
  values.newsletters = slug_list(rules != NULL ? rules->newsletters : NULL);
  if (rules != NULL) {
    values.since = rules->since;
    values.before = rules->before != 0 ? rules->before : G_MAXINT64;
    values.active_since = rules->active_days != 0 ? now - rules->active_days * CLOCK_DAY : 0;
  }
  return values;
}

static void rule_values_clear(RuleValues *values) {
  g_free(values->sections);
  g_free(values->newsletters);
}

gint64 mailing_rows_count_recipients(StoreTransaction *transaction, const Mailing *mailing,
                                     const SegmentRules *rules, gint64 now, GError **error) {
  RuleValues values = rule_values(rules, now);
  gint64 count = -1;
  gboolean counted = store_query_integer(
      transaction, QUERY_MAILING_COUNT_RECIPIENTS,
      STORE_VALUES(store_integer(mailing->newsletter_id), store_integer(now),
                   store_text(values.sections), store_text(values.newsletters),
                   store_integer(values.since), store_integer(values.before),
                   store_integer(values.active_since), store_integer(mailing->audience)),
      &count, error);
  rule_values_clear(&values);
  return counted ? count : -1;
}

static char *zone_object(const MailingFreeze *freeze) {
  GString *text = g_string_new(NULL);
  JsonWriter json;
  json_begin(&json, text);
  json_object(&json);
  for (guint i = 0; freeze->zone_names != NULL && freeze->zone_names[i] != NULL; i++) {
    json_name(&json, freeze->zone_names[i]);
    json_integer(&json, freeze->zone_due[i]);
  }
  json_end_object(&json);
  return g_string_free(text, FALSE);
}

static gint64 insert_deliveries(StoreTransaction *transaction, const MailingFreeze *freeze,
                                gint64 after, GError **error) {
  RuleValues values = rule_values(freeze->rules, freeze->now);
  g_autofree char *zones = zone_object(freeze);
  gint64 made = store_execute(
      transaction, QUERY_MAILING_FREEZE,
      STORE_VALUES(store_integer(freeze->newsletter_id), store_integer(freeze->now),
                   store_text(values.sections), store_text(values.newsletters),
                   store_integer(values.since), store_integer(values.before),
                   store_integer(values.active_since), store_integer(freeze->mailing_id),
                   store_integer(freeze->due_at), store_integer(freeze->with_names ? 1 : 0),
                   store_text(zones), store_integer(after), store_integer(freeze->limit),
                   store_integer(freeze->audience)),
      error);
  rule_values_clear(&values);
  return made;
}

static gboolean note_frozen(StoreTransaction *transaction, const MailingFreeze *freeze, gint64 made,
                            GError **error) {
  gint64 through = -1;
  if (made >= (gint64)freeze->limit &&
      !store_query_integer(transaction, QUERY_MAILING_NEWEST_RECIPIENT,
                           STORE_VALUES(store_integer(freeze->mailing_id)), &through, error)) {
    return FALSE;
  }
  return store_execute(transaction, QUERY_MAILING_FREEZE_NOTE,
                       STORE_VALUES(store_integer(freeze->mailing_id), store_integer(through),
                                    store_integer(made)),
                       error) >= 0 &&
         (made == 0 ||
          store_execute(transaction, QUERY_MAILING_COUNT_ADD,
                        STORE_VALUES(store_integer(freeze->mailing_id),
                                     store_integer(DELIVERY_PENDING), store_integer(made)),
                        error) >= 0);
}

gint64 mailing_rows_freeze(StoreTransaction *transaction, const MailingFreeze *freeze,
                           gboolean *ret_more, GError **error) {
  g_assert(freeze->limit > 0);
  MailingLock lock;
  gint64 after = 0;
  if (!mailing_rows_lock(transaction, freeze->mailing_id, &lock, error) ||
      !store_query_integer(transaction, QUERY_MAILING_FROZEN_THROUGH,
                           STORE_VALUES(store_integer(freeze->mailing_id)), &after, error)) {
    return -1;
  }
  if (after < 0) {
    *ret_more = FALSE;
    return 0;
  }
  gint64 made = insert_deliveries(transaction, freeze, after, error);
  if (made < 0 || !note_frozen(transaction, freeze, made, error)) {
    return -1;
  }
  *ret_more = made >= (gint64)freeze->limit;
  return made;
}

char **mailing_rows_zones(StoreTransaction *transaction, gint64 newsletter_id, GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, QUERY_MAILING_ZONES,
                                          STORE_VALUES(store_integer(newsletter_id)), error);
  if (rows == NULL) {
    return NULL;
  }
  g_autoptr(GStrvBuilder) zones = g_strv_builder_new();
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    g_strv_builder_add(zones, store_row_text(rows, 0));
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  return g_strv_builder_end(zones);
}

gboolean mailing_rows_counts(StoreTransaction *transaction, gint64 mailing_id,
                             MailingCounts *ret_counts, GError **error) {
  MailingCounts counts = {0};
  if (!store_query_integer(transaction, QUERY_MAILING_PLANNED,
                           STORE_VALUES(store_integer(mailing_id)), &counts.planned, error)) {
    return FALSE;
  }
  g_autoptr(StoreRows) rows = store_query(transaction, QUERY_MAILING_COUNTS,
                                          STORE_VALUES(store_integer(mailing_id)), error);
  if (rows == NULL) {
    return FALSE;
  }
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    gint64 state = store_row_integer(rows, 0);
    if (state >= 0 && state < DELIVERY_STATES) {
      counts.of[state] = store_row_integer(rows, 1);
    }
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  *ret_counts = counts;
  return TRUE;
}

gboolean mailing_rows_lock(StoreTransaction *transaction, gint64 id, MailingLock *ret_lock,
                           GError **error) {
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_MAILING_LOCK, STORE_VALUES(store_integer(id)), error);
  if (rows == NULL) {
    return FALSE;
  }
  GError *failure = NULL;
  if (store_rows_next(rows, &failure)) {
    *ret_lock = (MailingLock){store_row_integer(rows, 0), (MailingState)store_row_integer(rows, 1),
                              store_row_integer(rows, 2) != 0 ? UNCERTAIN_AGAIN : UNCERTAIN_HOLD};
    return TRUE;
  }
  if (failure == NULL) {
    failure = g_error_new_literal(STORE_ERROR, STORE_ERROR_NOT_FOUND, "there is no such mailing");
  }
  g_propagate_error(error, failure);
  return FALSE;
}

gboolean mailing_rows_hold(StoreTransaction *transaction, gint64 id, GError **error) {
  return store_transaction_engine(transaction) == STORE_SQLITE || // its one writer holds all
         store_send(transaction, QUERY_MAILING_LOCK, STORE_VALUES(store_integer(id)), error);
}

static gboolean add_count(StoreTransaction *transaction, gint64 id, DeliveryState state,
                          gint64 count, GError **error) {
  return store_send(transaction, QUERY_MAILING_COUNT_ADD,
                    STORE_VALUES(store_integer(id), store_integer(state), store_integer(count)),
                    error);
}

gboolean mailing_rows_move_count(StoreTransaction *transaction, gint64 id, DeliveryState from,
                                 DeliveryState to, gint64 count, GError **error) {
  return count == 0 || from == to ||
         (add_count(transaction, id, from, -count, error) &&
          add_count(transaction, id, to, count, error));
}
