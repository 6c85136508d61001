// SPDX-License-Identifier: Apache-2.0
//
// Implements subscriber_rows.h but for the bulk load. The columns stand in subscriber.sql in the
// order that is read here.
#include "store/subscriber_rows.h"

#include <string.h>

#include "base/secret.h"

Subscriber *subscriber_rows_read(StoreRows *rows) {
  Subscriber *subscriber = g_new0(Subscriber, 1);
  subscriber->id = store_row_integer(rows, 0);
  subscriber->address = store_row_dup(rows, 1);
  subscriber->address_key = store_row_dup(rows, 2);
  subscriber->name = store_row_dup(rows, 3);
  subscriber->language = store_row_dup(rows, 4);
  subscriber->zone_name = store_row_dup(rows, 5);
  subscriber->status =
      (SubscriberStatus)CLAMP(store_row_integer(rows, 6), 0, SUBSCRIBER_SUPPRESSED);
  subscriber->paused_until = store_row_integer(rows, 7);
  subscriber->created_at = store_row_integer(rows, 8);
  subscriber->confirmed_at = store_row_integer(rows, 9);
  subscriber->active_at = store_row_integer(rows, 10);
  subscriber->tracking = store_row_integer(rows, 11) != 0;
  subscriber->soft_bounces = (guint)store_row_integer(rows, 12);
  subscriber->soft_since = store_row_integer(rows, 13);
  return subscriber;
}

static Consent *read_consent(StoreRows *rows) {
  Consent *consent = g_new0(Consent, 1);
  consent->id = store_row_integer(rows, 0);
  consent->subscriber_id = store_row_integer(rows, 1);
  consent->kind = (ConsentKind)store_row_integer(rows, 2);
  consent->at = store_row_integer(rows, 3);
  consent->newsletters = store_row_dup(rows, 4);
  consent->wording = store_row_dup(rows, 5);
  consent->page = store_row_dup(rows, 6);
  consent->network_hash = store_row_dup(rows, 7);
  consent->terms_version = (gint32)store_row_integer(rows, 8);
  consent->privacy_version = (gint32)store_row_integer(rows, 9);
  return consent;
}

static Policy *read_policy(StoreRows *rows) {
  Policy *policy = g_new0(Policy, 1);
  policy->kind = store_row_integer(rows, 0) != 0 ? POLICY_PRIVACY : POLICY_TERMS;
  policy->version = (gint32)store_row_integer(rows, 1);
  policy->title = store_row_dup(rows, 2);
  policy->body = store_row_dup(rows, 3);
  policy->published_at = store_row_integer(rows, 4);
  return policy;
}

static Bounce *read_bounce(StoreRows *rows) {
  Bounce *bounce = g_new0(Bounce, 1);
  bounce->id = store_row_integer(rows, 0);
  bounce->digest = store_row_dup(rows, 1);
  bounce->received_at = store_row_integer(rows, 2);
  bounce->way = store_row_dup(rows, 3);
  bounce->kind = (BounceKind)CLAMP(store_row_integer(rows, 4), 0, BOUNCE_WISH);
  bounce->mailing_id = store_row_integer(rows, 5);
  bounce->subscriber_id = store_row_integer(rows, 6);
  bounce->address_hash = store_row_dup(rows, 7);
  bounce->status = store_row_dup(rows, 8);
  bounce->reason = store_row_dup(rows, 9);
  return bounce;
}

typedef gpointer (*ReadRow)(StoreRows *rows);

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
    failure = g_error_new_literal(STORE_ERROR, STORE_ERROR_NOT_FOUND, "there is none such");
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

// ---- subscribers ------------------------------------------------------------------------------

Subscriber *subscriber_rows_get(StoreTransaction *transaction, gint64 id, GError **error) {
  return get(transaction, QUERY_SUBSCRIBER_GET, STORE_VALUES(store_integer(id)),
             (ReadRow)subscriber_rows_read, error);
}

Subscriber *subscriber_rows_get_by_key(StoreTransaction *transaction, const char *address_key,
                                       GError **error) {
  return get(transaction, QUERY_SUBSCRIBER_GET_BY_KEY, STORE_VALUES(store_text(address_key)),
             (ReadRow)subscriber_rows_read, error);
}

gint64 subscriber_rows_insert(StoreTransaction *transaction, const Subscriber *one,
                              GError **error) {
  gint64 id = 0;
  gboolean made = store_query_integer(
      transaction, QUERY_SUBSCRIBER_INSERT,
      STORE_VALUES(store_text(one->address), store_text(one->address_key), store_text(one->name),
                   store_text(one->language), store_text(one->zone_name),
                   store_integer(one->status), store_integer(one->paused_until),
                   store_integer(one->created_at), store_integer(one->confirmed_at),
                   store_integer(one->active_at), store_integer(one->tracking),
                   store_integer(one->soft_bounces), store_integer(one->soft_since)),
      &id, error);
  return made ? id : 0;
}

gboolean subscriber_rows_update(StoreTransaction *transaction, const Subscriber *one,
                                GError **error) {
  return run(transaction, QUERY_SUBSCRIBER_UPDATE,
             STORE_VALUES(store_integer(one->id), store_text(one->address), store_text(one->name),
                          store_text(one->language), store_text(one->zone_name),
                          store_integer(one->status), store_integer(one->paused_until),
                          store_integer(one->confirmed_at), store_integer(one->active_at),
                          store_integer(one->tracking), store_integer(one->soft_bounces),
                          store_integer(one->soft_since)),
             error);
}

gboolean subscriber_rows_suppress(StoreTransaction *transaction, gint64 id, char **ret_address_key,
                                  GError **error) {
  *ret_address_key = NULL;
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_SUBSCRIBER_SUPPRESS, STORE_VALUES(store_integer(id)), error);
  if (rows == NULL) {
    return FALSE;
  }
  GError *failure = NULL;
  if (store_rows_next(rows, &failure)) {
    *ret_address_key = store_row_dup(rows, 0);
  } else if (failure != NULL) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  return TRUE;
}

gboolean subscriber_rows_lift(StoreTransaction *transaction, gint64 id, GError **error) {
  return run(transaction, QUERY_SUBSCRIBER_LIFT, STORE_VALUES(store_integer(id)), error);
}

gboolean subscriber_rows_count_soft(StoreTransaction *transaction, gint64 id, gint64 now,
                                    gboolean anew, guint *ret_count, gint64 *ret_since,
                                    GError **error) {
  g_autoptr(StoreRows) rows = store_query(
      transaction, QUERY_SUBSCRIBER_COUNT_SOFT,
      STORE_VALUES(store_integer(id), store_integer(now), store_integer(anew ? 1 : 0)), error);
  if (rows == NULL) {
    return FALSE;
  }
  GError *failure = NULL;
  gboolean there = store_rows_next(rows, &failure);
  *ret_count = there ? (guint)store_row_integer(rows, 0) : 0;
  *ret_since = there ? store_row_integer(rows, 1) : 0;
  if (failure != NULL) {
    g_propagate_error(error, failure);
  }
  return failure == NULL;
}

gboolean subscriber_rows_erase(StoreTransaction *transaction, gint64 id, GError **error) {
  static const QueryId STEPS[] = {QUERY_SUBSCRIBER_ERASE_NAMES, QUERY_SUBSCRIBER_ERASE_NOTICES,
                                  QUERY_SUBSCRIBER_ERASE_ACTIVITY, QUERY_SUBSCRIBER_ERASE_BOUNCES,
                                  QUERY_SUBSCRIBER_ERASE};
  for (gsize i = 0; i < G_N_ELEMENTS(STEPS); i++) {
    if (!run(transaction, STEPS[i], STORE_VALUES(store_integer(id)), error)) {
      return FALSE;
    }
  }
  return TRUE;
}

// A prefix of an address: letters, digits and the like, so that the next prefix is well known.
static gboolean is_prefix(const char *find) {
  for (; *find != '\0'; find++) {
    if (!g_ascii_isalnum(*find) && strchr("@._+-", *find) == NULL) {
      return FALSE;
    }
  }
  return TRUE;
}

static char *like_pattern(const char *find) {
  GString *pattern = g_string_new("%");
  for (; *find != '\0'; find++) {
    if (strchr("%_!", *find) != NULL) {
      g_string_append_c(pattern, '!');
    }
    g_string_append_c(pattern, *find);
  }
  g_string_append_c(pattern, '%');
  return g_string_free(pattern, FALSE);
}

GPtrArray *subscriber_rows_list(StoreTransaction *transaction, const char *find, gint status,
                                gint64 after, guint limit, GError **error) {
  if (*find == '\0') {
    return list(transaction, QUERY_SUBSCRIBER_LIST,
                STORE_VALUES(store_integer(status), store_integer(after), store_integer(limit)),
                (ReadRow)subscriber_rows_read, (GDestroyNotify)subscriber_free, error);
  }
  g_autofree char *folded = g_utf8_casefold(find, -1);
  if (is_prefix(folded)) {
    g_autofree char *until = g_strdup(folded);
    until[strlen(until) - 1]++;
    g_autoptr(GPtrArray) found =
        list(transaction, QUERY_SUBSCRIBER_FIND_PREFIX,
             STORE_VALUES(store_text(folded), store_text(until), store_integer(status),
                          store_integer(after), store_integer(limit)),
             (ReadRow)subscriber_rows_read, (GDestroyNotify)subscriber_free, error);
    if (found == NULL || found->len > 0) {
      return g_steal_pointer(&found);
    }
  }
  g_autofree char *pattern = like_pattern(find);
  return list(transaction, QUERY_SUBSCRIBER_FIND,
              STORE_VALUES(store_text(pattern), store_integer(status), store_integer(after),
                           store_integer(limit)),
              (ReadRow)subscriber_rows_read, (GDestroyNotify)subscriber_free, error);
}

gint64 subscriber_rows_count(StoreTransaction *transaction, gint status, GError **error) {
  gint64 count = -1;
  return store_query_integer(transaction, QUERY_SUBSCRIBER_COUNT,
                             STORE_VALUES(store_integer(status)), &count, error)
             ? count
             : -1;
}

// ---- subscriptions ----------------------------------------------------------------------------

gboolean subscription_rows_put(StoreTransaction *transaction, const Subscription *one,
                               GError **error) {
  return run(transaction, QUERY_SUBSCRIPTION_PUT,
             STORE_VALUES(store_integer(one->newsletter_id), store_integer(one->subscriber_id),
                          store_integer(one->status), store_integer(one->since),
                          store_integer(one->left_at)),
             error);
}

gboolean subscription_rows_set_attachment(StoreTransaction *transaction, gint64 newsletter_id,
                                          gint64 subscriber_id, gint32 attachment, GError **error) {
  return run(transaction, QUERY_SUBSCRIPTION_SET_ATTACHMENT,
             STORE_VALUES(store_integer(newsletter_id), store_integer(subscriber_id),
                          store_integer(attachment)),
             error);
}

GArray *subscription_rows_of(StoreTransaction *transaction, gint64 subscriber_id, GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, QUERY_SUBSCRIPTION_OF,
                                          STORE_VALUES(store_integer(subscriber_id)), error);
  if (rows == NULL) {
    return NULL;
  }
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Subscription));
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    Subscription one = {store_row_integer(rows, 0),
                        store_row_integer(rows, 1),
                        (SubscriptionStatus)store_row_integer(rows, 2),
                        store_row_integer(rows, 3),
                        store_row_integer(rows, 4),
                        (gint32)store_row_integer(rows, 5)};
    g_array_append_val(all, one);
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  return g_steal_pointer(&all);
}

gint64 subscription_rows_count(StoreTransaction *transaction, gint64 newsletter_id,
                               GError **error) {
  gint64 count = -1;
  return store_query_integer(transaction, QUERY_SUBSCRIPTION_COUNT,
                             STORE_VALUES(store_integer(newsletter_id)), &count, error)
             ? count
             : -1;
}

gboolean subscriber_section_rows_set(StoreTransaction *transaction, gint64 subscriber_id,
                                     const gint64 *section_ids, guint count, GError **error) {
  if (!run(transaction, QUERY_SUBSCRIBER_SECTION_CLEAR, STORE_VALUES(store_integer(subscriber_id)),
           error)) {
    return FALSE;
  }
  for (guint i = 0; i < count; i++) {
    if (!run(transaction, QUERY_SUBSCRIBER_SECTION_INSERT,
             STORE_VALUES(store_integer(subscriber_id), store_integer(section_ids[i])), error)) {
      return FALSE;
    }
  }
  return TRUE;
}

GArray *subscriber_section_rows_of(StoreTransaction *transaction, gint64 subscriber_id,
                                   GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, QUERY_SUBSCRIBER_SECTION_OF,
                                          STORE_VALUES(store_integer(subscriber_id)), error);
  if (rows == NULL) {
    return NULL;
  }
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    gint64 id = store_row_integer(rows, 0);
    g_array_append_val(ids, id);
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  return g_steal_pointer(&ids);
}

// ---- consent and policies ---------------------------------------------------------------------

gint64 consent_rows_insert(StoreTransaction *transaction, const Consent *one, GError **error) {
  gint64 wording = 0;
  gint64 id = 0;
  if (*one->wording != '\0') {
    g_autofree char *hash = secret_sha256_hex(slice_of(one->wording));
    if (!store_query_integer(transaction, QUERY_CONSENT_WORDING_PUT,
                             STORE_VALUES(store_text(hash), store_text(one->wording)), &wording,
                             error)) {
      return 0;
    }
  }
  gboolean made = store_query_integer(
      transaction, QUERY_CONSENT_INSERT,
      STORE_VALUES(store_integer(one->subscriber_id), store_integer(one->kind),
                   store_integer(one->at), store_text(one->newsletters), store_reference(wording),
                   store_integer(one->terms_version), store_integer(one->privacy_version),
                   store_text(one->page), store_text(one->network_hash)),
      &id, error);
  return made ? id : 0;
}

GPtrArray *consent_rows_of(StoreTransaction *transaction, gint64 subscriber_id, GError **error) {
  return list(transaction, QUERY_CONSENT_OF, STORE_VALUES(store_integer(subscriber_id)),
              (ReadRow)read_consent, (GDestroyNotify)consent_free, error);
}

Policy *policy_rows_get(StoreTransaction *transaction, PolicyKind kind, gint32 version,
                        GError **error) {
  return get(transaction, QUERY_POLICY_GET,
             STORE_VALUES(store_integer(kind), store_integer(version)), (ReadRow)read_policy,
             error);
}

GPtrArray *policy_rows_list(StoreTransaction *transaction, PolicyKind kind, GError **error) {
  return list(transaction, QUERY_POLICY_LIST, STORE_VALUES(store_integer(kind)),
              (ReadRow)read_policy, (GDestroyNotify)policy_free, error);
}

gboolean policy_rows_insert(StoreTransaction *transaction, const Policy *one, GError **error) {
  return run(transaction, QUERY_POLICY_INSERT,
             STORE_VALUES(store_integer(one->kind), store_integer(one->version),
                          store_text(one->title), store_text(one->body),
                          store_integer(one->published_at)),
             error);
}

// ---- suppression, limits, bounces -------------------------------------------------------------

gboolean suppression_rows_put(StoreTransaction *transaction, const char *address_hash,
                              SuppressionReason reason, gint64 at, const char *note,
                              GError **error) {
  return run(transaction, QUERY_SUPPRESSION_PUT,
             STORE_VALUES(store_text(address_hash), store_integer(reason), store_integer(at),
                          store_text(note)),
             error);
}

gboolean suppression_rows_get(StoreTransaction *transaction, const char *address_hash,
                              gboolean *ret_listed, SuppressionReason *ret_reason, GError **error) {
  gint64 reason = 0;
  GError *failure = NULL;
  *ret_listed = store_query_integer(transaction, QUERY_SUPPRESSION_GET,
                                    STORE_VALUES(store_text(address_hash)), &reason, &failure);
  if (!*ret_listed && !g_error_matches(failure, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  g_clear_error(&failure);
  *ret_reason = (SuppressionReason)reason;
  return TRUE;
}

gboolean suppression_rows_remove(StoreTransaction *transaction, const char *address_hash,
                                 GError **error) {
  return run(transaction, QUERY_SUPPRESSION_REMOVE, STORE_VALUES(store_text(address_hash)), error);
}

gboolean suppression_rows_each(StoreTransaction *transaction, SuppressionRow row, gpointer data,
                               GError **error) {
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_SUPPRESSION_ALL, STORE_NO_VALUES, error);
  if (rows == NULL) {
    return FALSE;
  }
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    if (!row(store_row_text(rows, 0), (SuppressionReason)store_row_integer(rows, 1),
             store_row_integer(rows, 2), store_row_text(rows, 3), data, error)) {
      return FALSE;
    }
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
  }
  return failure == NULL;
}

gint64 rate_rows_count(StoreTransaction *transaction, const char *scope, const char *key,
                       gint64 period, GError **error) {
  gint64 count = -1;
  return store_query_integer(
             transaction, QUERY_RATE_COUNT,
             STORE_VALUES(store_text(scope), store_text(key), store_integer(period)), &count, error)
             ? count
             : -1;
}

gint64 rate_rows_get(StoreTransaction *transaction, const char *scope, const char *key,
                     gint64 period, GError **error) {
  gint64 count = 0;
  GError *failure = NULL;
  if (store_query_integer(transaction, QUERY_RATE_GET,
                          STORE_VALUES(store_text(scope), store_text(key), store_integer(period)),
                          &count, &failure)) {
    return count;
  }
  if (g_error_matches(failure, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
    g_clear_error(&failure);
    return 0;
  }
  g_propagate_error(error, failure);
  return -1;
}

gboolean rate_rows_forget(StoreTransaction *transaction, gint64 before_period, GError **error) {
  return run(transaction, QUERY_RATE_FORGET, STORE_VALUES(store_integer(before_period)), error);
}

gboolean bounce_rows_insert(StoreTransaction *transaction, const Bounce *one, gboolean *ret_new,
                            GError **error) {
  gint64 made = store_execute(
      transaction, QUERY_BOUNCE_INSERT,
      STORE_VALUES(store_text(one->digest), store_integer(one->received_at), store_text(one->way),
                   store_integer(one->kind), store_integer(one->mailing_id),
                   store_integer(one->subscriber_id), store_text(one->address_hash),
                   store_text(one->status), store_text(one->reason)),
      error);
  *ret_new = made > 0;
  return made >= 0;
}

GPtrArray *bounce_rows_list(StoreTransaction *transaction, gint64 subscriber_id, guint offset,
                            guint limit, GError **error) {
  return list(
      transaction, QUERY_BOUNCE_LIST,
      STORE_VALUES(store_integer(subscriber_id), store_integer(limit), store_integer(offset)),
      (ReadRow)read_bounce, (GDestroyNotify)bounce_free, error);
}

gboolean bounce_rows_has(StoreTransaction *transaction, gint64 mailing_id, gint64 subscriber_id,
                         BounceKind kind, gboolean *ret_has, GError **error) {
  gint64 count = 0;
  gboolean asked = store_query_integer(
      transaction, QUERY_BOUNCE_HAS,
      STORE_VALUES(store_integer(subscriber_id), store_integer(mailing_id), store_integer(kind)),
      &count, error);
  *ret_has = count > 0;
  return asked;
}

gboolean bounce_rows_got_through(StoreTransaction *transaction, gint64 mailing_id,
                                 gint64 subscriber_id, gboolean *ret_through, GError **error) {
  gint64 count = 0;
  gboolean asked = store_query_integer(
      transaction, QUERY_BOUNCE_GOT_THROUGH,
      STORE_VALUES(store_integer(subscriber_id), store_integer(mailing_id)), &count, error);
  *ret_through = count > 0;
  return asked;
}

void suppression_detail_free(SuppressionDetail *detail) {
  if (detail != NULL) {
    g_free(detail->note);
    g_free(detail);
  }
}

gboolean suppression_rows_detail(StoreTransaction *transaction, const char *address_hash,
                                 SuppressionDetail **ret_detail, GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, QUERY_SUPPRESSION_DETAIL,
                                          STORE_VALUES(store_text(address_hash)), error);
  GError *failure = NULL;
  *ret_detail = NULL;
  if (rows == NULL) {
    return FALSE;
  }
  if (store_rows_next(rows, &failure)) {
    SuppressionDetail *detail = g_new0(SuppressionDetail, 1);
    detail->reason = (SuppressionReason)CLAMP(store_row_integer(rows, 0), SUPPRESSION_BOUNCED,
                                              SUPPRESSION_IMPORTED);
    detail->at = store_row_integer(rows, 1);
    detail->note = store_row_dup(rows, 2);
    *ret_detail = detail;
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
  }
  return failure == NULL;
}
