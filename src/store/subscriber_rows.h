// SPDX-License-Identifier: Apache-2.0
//
// Readers, what they signed up for, the proof of their consent, policies, suppression, and how
// often things happened <-> rows. See store/store.h for threads and errors. Arrays are GPtrArrays
// that free their items.
#pragma once

#include "model/subscriber.h"
#include "store/store.h"

// For src/store: the row that a query of @subscriber_columns@ stands on.
Subscriber *subscriber_rows_read(StoreRows *rows);
Subscriber *subscriber_rows_get(StoreTransaction *transaction, gint64 id,
                                GError **error); // NOT_FOUND
Subscriber *subscriber_rows_get_by_key(StoreTransaction *transaction, const char *address_key,
                                       GError **error); // NOT_FOUND
gint64 subscriber_rows_insert(StoreTransaction *transaction, const Subscriber *subscriber,
                              GError **error); // id, 0 on error
// All columns but id, address_key and created_at.
gboolean subscriber_rows_update(StoreTransaction *transaction, const Subscriber *subscriber,
                                GError **error);
// The status alone: SUPPRESSED. *ret_address_key is NULL if there is no such reader; caller frees.
gboolean subscriber_rows_suppress(StoreTransaction *transaction, gint64 id, char **ret_address_key,
                                  GError **error);
// SUPPRESSED -> ACTIVE, or PENDING who never confirmed; failures are forgotten.
gboolean subscriber_rows_lift(StoreTransaction *transaction, gint64 id, GError **error);
// One more passing failure; `anew`: the first of a row. The count, and when the first was; 0 and 0
// if the reader is gone.
gboolean subscriber_rows_count_soft(StoreTransaction *transaction, gint64 id, gint64 now,
                                    gboolean anew, guint *ret_count, gint64 *ret_since,
                                    GError **error);
// Everything that names the reader: the row, subscriptions, consents, interests, activity, the
// names in deliveries, notices. Deliveries go on being counted under the bare number.
gboolean subscriber_rows_erase(StoreTransaction *transaction, gint64 id, GError **error);
// Pages through all, by id: `after` 0 begins. `find`: part of an address or name, "" all (by a
// prefix of address_key it is fast over a million). status -1: all.
GPtrArray *subscriber_rows_list(StoreTransaction *transaction, const char *find, gint status,
                                gint64 after, guint limit, GError **error); // Subscriber *
gint64 subscriber_rows_count(StoreTransaction *transaction, gint status, GError **error); // -1

// Upsert; `since` of a row that was active already stays, and so does what is attached.
gboolean subscription_rows_put(StoreTransaction *transaction, const Subscription *subscription,
                               GError **error);
gboolean subscription_rows_set_attachment(StoreTransaction *transaction, gint64 newsletter_id,
                                          gint64 subscriber_id, gint32 attachment, GError **error);
GArray *subscription_rows_of(StoreTransaction *transaction, gint64 subscriber_id,
                             GError **error); // Subscription, by newsletter
gint64 subscription_rows_count(StoreTransaction *transaction, gint64 newsletter_id,
                               GError **error); // active ones of active readers; -1
gboolean subscriber_section_rows_set(StoreTransaction *transaction, gint64 subscriber_id,
                                     const gint64 *section_ids, guint count, GError **error);
GArray *subscriber_section_rows_of(StoreTransaction *transaction, gint64 subscriber_id,
                                   GError **error); // gint64

gint64 consent_rows_insert(StoreTransaction *transaction, const Consent *consent,
                           GError **error); // keeps each wording once; id, 0 on error
GPtrArray *consent_rows_of(StoreTransaction *transaction, gint64 subscriber_id,
                           GError **error); // Consent *, oldest first

Policy *policy_rows_get(StoreTransaction *transaction, PolicyKind kind, gint32 version,
                        GError **error); // version 0: the newest; NOT_FOUND
GPtrArray *policy_rows_list(StoreTransaction *transaction, PolicyKind kind,
                            GError **error); // Policy *, newest first
gboolean policy_rows_insert(StoreTransaction *transaction, const Policy *policy, GError **error);

// The stronger reason stays: erased, complained, manual, bounced, imported, in this order. Does not
// touch subscribers.
gboolean suppression_rows_put(StoreTransaction *transaction, const char *address_hash,
                              SuppressionReason reason, gint64 at, const char *note,
                              GError **error);
gboolean suppression_rows_get(StoreTransaction *transaction, const char *address_hash,
                              gboolean *ret_listed, SuppressionReason *ret_reason, GError **error);
typedef struct SuppressionDetail {
  SuppressionReason reason;
  gint64 at;
  char *note;
} SuppressionDetail;
void suppression_detail_free(SuppressionDetail *detail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SuppressionDetail, suppression_detail_free)
// *ret_detail NULL: not on the list.
gboolean suppression_rows_detail(StoreTransaction *transaction, const char *address_hash,
                                 SuppressionDetail **ret_detail, GError **error);
gboolean suppression_rows_remove(StoreTransaction *transaction, const char *address_hash,
                                 GError **error);
typedef gboolean (*SuppressionRow)(const char *address_hash, SuppressionReason reason, gint64 at,
                                   const char *note, gpointer data, GError **error);
gboolean suppression_rows_each(StoreTransaction *transaction, SuppressionRow row, gpointer data,
                               GError **error);

// Counts one more and gives the new count; -1 on error.
gint64 rate_rows_count(StoreTransaction *transaction, const char *scope, const char *key,
                       gint64 period, GError **error);
gint64 rate_rows_get(StoreTransaction *transaction, const char *scope, const char *key,
                     gint64 period, GError **error); // 0 if none; -1 on error
gboolean rate_rows_forget(StoreTransaction *transaction, gint64 before_period, GError **error);

// FALSE in *ret_new: that report was counted before, nothing was written.
gboolean bounce_rows_insert(StoreTransaction *transaction, const Bounce *bounce, gboolean *ret_new,
                            GError **error);
GPtrArray *bounce_rows_list(StoreTransaction *transaction, gint64 subscriber_id, guint offset,
                            guint limit, GError **error); // Bounce *, newest first; 0: of all

// Whether one of that kind about that letter is there.
gboolean bounce_rows_has(StoreTransaction *transaction, gint64 mailing_id, gint64 subscriber_id,
                         BounceKind kind, gboolean *ret_has, GError **error);
// Whether, between the letter that was last returned softly before this mailing and this mailing,
// one was accepted and did not come back.
gboolean bounce_rows_got_through(StoreTransaction *transaction, gint64 mailing_id,
                                 gint64 subscriber_id, gboolean *ret_through, GError **error);
