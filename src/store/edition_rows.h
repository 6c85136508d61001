// SPDX-License-Identifier: Apache-2.0
//
// Editions, what stood in them, their files, pins and settings <-> rows. See store/store.h for
// threads and errors. Arrays are GPtrArrays that free their items. Days: 20261123.
#pragma once

#include "model/edition.h"
#include "store/store.h"

Edition *edition_rows_get(StoreTransaction *transaction, gint32 day, GError **error); // NOT_FOUND
// The newest made or published one before `day`; the oldest published one after it. NOT_FOUND.
Edition *edition_rows_before(StoreTransaction *transaction, gint32 day, GError **error);
Edition *edition_rows_after(StoreTransaction *transaction, gint32 day, GError **error);
// Newest first; state -1: all.
GPtrArray *edition_rows_list(StoreTransaction *transaction, gint state, guint offset, guint limit,
                             GError **error);                                   // Edition *
gint64 edition_rows_next_number(StoreTransaction *transaction, GError **error); // -1
gint64 edition_rows_count(StoreTransaction *transaction, GError **error);       // published; -1

// PLANNED with the next number, unless the day has its row.
gboolean edition_rows_plan(StoreTransaction *transaction, gint32 day, gint64 due_at,
                           GError **error);
// *ret_claimed FALSE: another process makes it just now.
gboolean edition_rows_claim(StoreTransaction *transaction, gint32 day, gint64 now, gint64 until,
                            gboolean *ret_claimed, GError **error);
// Moves the end of the claim that holds until `until`. *ret_renewed FALSE: it is another's by now.
gboolean edition_rows_renew(StoreTransaction *transaction, gint32 day, gint64 until, gint64 later,
                            gboolean *ret_renewed, GError **error);
// Ends the claim that held until `until` with what became of it: state, reason, times, formats,
// pages, attempts. *ret_ended FALSE: the claim had run out and another process has it.
gboolean edition_rows_finish(StoreTransaction *transaction, const Edition *edition, gint64 until,
                             gboolean *ret_ended, GError **error);
// MADE -> PUBLISHED. *ret_published FALSE: it wasn't MADE.
gboolean edition_rows_publish(StoreTransaction *transaction, gint32 day, gint64 public_at,
                              gboolean *ret_published, GError **error);
GArray *edition_rows_due_public(StoreTransaction *transaction, gint64 now,
                                GError **error); // gint32 days, MADE, public_at reached
gint64 edition_rows_next_public(StoreTransaction *transaction, GError **error); // 0 none; -1

typedef struct EditionStoryRow {
  gint64 story_id;
  FrontWeight weight;
  gint32 page;
} EditionStoryRow;
gboolean edition_rows_set_stories(StoreTransaction *transaction, gint32 day,
                                  const EditionStoryRow *stories, guint count, GError **error);
GArray *edition_rows_stories(StoreTransaction *transaction, gint32 day,
                             GError **error); // EditionStoryRow, in order
GArray *edition_rows_had_stories(StoreTransaction *transaction, gint32 day, const gint64 *story_ids,
                                 guint count, GError **error); // gint64: in an earlier edition
// EditionNote *, of published stories, from < corrected_at <= until, newest first. `base_url` is
// put before the stories' addresses.
GPtrArray *edition_rows_corrections(StoreTransaction *transaction, const char *base_url,
                                    gint64 from, gint64 until, guint limit, GError **error);

gboolean edition_rows_put_pin(StoreTransaction *transaction, const EditionPin *pin, GError **error);
gboolean edition_rows_remove_pin(StoreTransaction *transaction, gint32 day, gint64 story_id,
                                 gboolean *ret_removed, GError **error);
GArray *edition_rows_pins(StoreTransaction *transaction, gint32 day, GError **error); // EditionPin

// Replaces all files of the day (EditionFile *) and their models.
gboolean edition_rows_set_files(StoreTransaction *transaction, gint32 day, const GPtrArray *files,
                                GError **error);
GPtrArray *edition_rows_files(StoreTransaction *transaction, gint32 day,
                              GError **error); // EditionFile *, by kind, format, page
EditionFile *edition_rows_file_by_hash(StoreTransaction *transaction, gint32 day, const char *hash,
                                       GError **error); // NOT_FOUND
// The picture of page 1 of each of the days: EditionFile *, newest first, several of a day by
// format.
GPtrArray *edition_rows_covers(StoreTransaction *transaction, const gint64 *days, guint count,
                               GError **error);
gboolean edition_rows_add_model(StoreTransaction *transaction, gint32 day, EditionFormat format,
                                const char *model, const char *score, GError **error);
gboolean edition_rows_model(StoreTransaction *transaction, gint32 day, EditionFormat format,
                            char **ret_model, char **ret_score, GError **error); // NOT_FOUND

EditionSettings *edition_rows_settings(StoreTransaction *transaction, GError **error);
gboolean edition_rows_put_settings(StoreTransaction *transaction, const EditionSettings *settings,
                                   GError **error);
