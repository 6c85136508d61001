// SPDX-License-Identifier: Apache-2.0
//
// Authors and topics <-> rows. See store/store.h for threads and errors.
#pragma once

#include "model/story.h"
#include "store/store.h"

Author *author_rows_get_by_slug(StoreTransaction *transaction, const char *slug,
                                GError **error);                                   // NOT_FOUND
Author *author_rows_get(StoreTransaction *transaction, gint64 id, GError **error); // NOT_FOUND
gint64 author_rows_put(StoreTransaction *transaction, const Author *author,
                       GError **error); // upsert by slug; empty role/bio/no portrait keep what is
                                        // stored; id, 0 on error
GPtrArray *author_rows_list(StoreTransaction *transaction, GError **error); // Author *, by name
// By name, after (name, id); `find`: how a word of the name begins, NULL or "" all.
GPtrArray *author_rows_page(StoreTransaction *transaction, const char *after_name, gint64 after_id,
                            const char *find, guint limit, GError **error); // Author *
GPtrArray *topic_rows_page(StoreTransaction *transaction, const char *after_name, gint64 after_id,
                           const char *find, guint limit, GError **error);       // Topic *
Topic *topic_rows_get(StoreTransaction *transaction, gint64 id, GError **error); // NOT_FOUND
Topic *topic_rows_get_by_slug(StoreTransaction *transaction, const char *slug,
                              GError **error); // NOT_FOUND
gint64 topic_rows_put(StoreTransaction *transaction, const Topic *topic,
                      GError **error); // upsert by slug; id, 0 on error
GPtrArray *topic_rows_list(StoreTransaction *transaction, guint limit,
                           GError **error); // Topic *, by name
