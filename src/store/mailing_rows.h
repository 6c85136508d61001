// SPDX-License-Identifier: Apache-2.0
//
// Mailings, their stories and their frozen content <-> rows. See store/store.h for threads and
// errors.
#pragma once

#include "model/mailing.h"
#include "model/segment.h"
#include "store/store.h"

Mailing *mailing_rows_get(StoreTransaction *transaction, gint64 id, GError **error); // NOT_FOUND
Mailing *mailing_rows_get_by_public_id(StoreTransaction *transaction, const char *public_id,
                                       GError **error); // NOT_FOUND
Mailing *mailing_rows_get_by_occasion(StoreTransaction *transaction, const char *occasion,
                                      GError **error); // NOT_FOUND
// A CONSTRAINT error if the occasion has had its mailing. id, 0 on error.
gint64 mailing_rows_insert(StoreTransaction *transaction, const Mailing *mailing, GError **error);
// All columns but id, public_id, newsletter_id, occasion, created_at, frozen_through, planned; only
// if the row is still in state `was` (*ret_moved).
gboolean mailing_rows_update(StoreTransaction *transaction, const Mailing *mailing,
                             MailingState was, gboolean *ret_moved, GError **error);
// Newest first. state -1: all; newsletter_id 0: all.
GPtrArray *mailing_rows_list(StoreTransaction *transaction, gint64 newsletter_id, gint state,
                             guint offset, guint limit, GError **error); // Mailing *
GPtrArray *mailing_rows_due(StoreTransaction *transaction, gint64 now,
                            GError **error); // Mailing *, READY and due, oldest first
// For dispatch: SENDING, and CANCELLED with something left to call back. Alerts first.
GPtrArray *mailing_rows_active(StoreTransaction *transaction, GError **error); // Mailing *
// SENDING -> DONE if the freeze is whole and nothing is left that could still be sent.
gboolean mailing_rows_finish(StoreTransaction *transaction, gint64 id, gint64 now,
                             gboolean *ret_finished, GError **error);
// SENDING -> STOPPED with a reason for a person.
gboolean mailing_rows_stop(StoreTransaction *transaction, gint64 id, const char *reason,
                           GError **error);
gint64 mailing_rows_next_due(StoreTransaction *transaction, GError **error); // 0 none; -1 error
gint64 mailing_rows_count_since(StoreTransaction *transaction, gint64 newsletter_id, gint64 since,
                                GError **error); // begun or ready, not cancelled; -1
// Done or being sent, public: the archive.
GPtrArray *mailing_rows_archive(StoreTransaction *transaction, gint64 newsletter_id, guint offset,
                                guint limit, GError **error); // Mailing *

gboolean mailing_rows_set_stories(StoreTransaction *transaction, gint64 mailing_id,
                                  const gint64 *story_ids, guint count, GError **error);
GArray *mailing_rows_stories(StoreTransaction *transaction, gint64 mailing_id,
                             GError **error); // gint64, in order
// Of `story_ids`, those that a mailing of this newsletter (not cancelled, not skipped) to all of
// its readers, or to this segment, has had.
GArray *mailing_rows_sent_stories(StoreTransaction *transaction, gint64 newsletter_id,
                                  gint64 segment_id, const gint64 *story_ids, guint count,
                                  GError **error); // gint64

// When the newest one to those readers (not cancelled, not skipped) was made; 0 none, -1 on error.
gint64 mailing_rows_last_composed(StoreTransaction *transaction, gint64 newsletter_id,
                                  gint64 segment_id, GError **error);

typedef struct MailingContent {
  char *form, *page, *envelope_sender;
} MailingContent;
void mailing_content_free(MailingContent *content);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MailingContent, mailing_content_free)
gboolean mailing_rows_put_content(StoreTransaction *transaction, gint64 mailing_id,
                                  const MailingContent *content, GError **error);
MailingContent *mailing_rows_get_content(StoreTransaction *transaction, gint64 mailing_id,
                                         GError **error); // NOT_FOUND
gboolean mailing_rows_set_links(StoreTransaction *transaction, gint64 mailing_id,
                                const char *const *urls, GError **error); // numbers from 0
char *mailing_rows_get_link(StoreTransaction *transaction, gint64 mailing_id, guint number,
                            GError **error); // NOT_FOUND

// Whom a mailing would reach now (its newsletter_id and audience count): active readers with an
// active subscription, not paused, and as `rules` say (NULL: all). -1 on error.
gint64 mailing_rows_count_recipients(StoreTransaction *transaction, const Mailing *mailing,
                                     const SegmentRules *rules, gint64 now, GError **error);
// Makes deliveries of a mailing for the next `limit` recipients by subscriber id after
// mailing.frozen_through, and moves that on (-1 and *ret_more FALSE when none is left), so that an
// alert's first letter leaves before the last recipient is frozen, and a crash in between is gone
// on from. Only those whose subscription is at least as old as `now` (the mailing's frozen_at) are
// taken, so that the set does not grow meanwhile. PENDING, due at `due_at`, or, for a newsletter at
// the same local hour in each reader's zone, at zone_due[n] for readers of zone_names[n].
// `with_names`: the message has a greeting. mailing_count and mailing.planned move with it; gives
// how many, -1 on error. A million in seconds.
typedef struct MailingFreeze {
  gint64 mailing_id, newsletter_id, now, due_at;
  guint limit;
  gint32 audience;           // as the mailing's
  const SegmentRules *rules; // NULL: all
  gboolean with_names;
  const char *const *zone_names; // NULL-terminated, or NULL
  const gint64 *zone_due;
} MailingFreeze;
gint64 mailing_rows_freeze(StoreTransaction *transaction, const MailingFreeze *freeze,
                           gboolean *ret_more, GError **error);
char **mailing_rows_zones(StoreTransaction *transaction, gint64 newsletter_id,
                          GError **error); // zone names of its readers, without ""; g_strfreev

gboolean mailing_rows_counts(StoreTransaction *transaction, gint64 mailing_id,
                             MailingCounts *ret_counts, GError **error);

// For store/delivery_rows. Takes the mailing's row for this transaction, before any of its
// deliveries are moved, so that two transactions never wait for each other.
typedef struct MailingLock {
  gint64 newsletter_id;
  MailingState state;
  UncertainPolicy uncertain;
} MailingLock;
gboolean mailing_rows_lock(StoreTransaction *transaction, gint64 id, MailingLock *ret_lock,
                           GError **error); // NOT_FOUND
// The same lock for those who need not know how it stands; no mailing is no error.
gboolean mailing_rows_hold(StoreTransaction *transaction, gint64 id, GError **error);
gboolean mailing_rows_move_count(StoreTransaction *transaction, gint64 id, DeliveryState from,
                                 DeliveryState to, gint64 count, GError **error);
