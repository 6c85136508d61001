// SPDX-License-Identifier: Apache-2.0
//
// What the api_story*.c files share. For src/web/api_*.c only.
#pragma once

#include "newsroom/works.h"
#include "store/work_rows.h"
#include "web/api_handlers.h"
#include "web/api_nouns.h"

// A read transaction with what summaries are written by.
typedef struct ApiSummaries {
  ApiRead read;
  StaffNames *names;
  SummaryContext context;
} ApiSummaries;
gboolean api_summaries_begin(ApiSummaries *summaries, ApiCall *call, GError **error);
void api_summaries_clear(ApiSummaries *summaries);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ApiSummaries, api_summaries_clear)

void api_put_summaries(JsonWriter *json, const GPtrArray *stories, guint limit,
                       const SummaryContext *context); // into an open list
Response *api_answer_story(ApiCall *call, gint64 id, guint status, GError **error);
Response *api_answer_saved(ApiCall *call, gint64 id, WorkOutcome outcome,
                           const GPtrArray *conflicts, GError **error);
// By words, number or headline; what the filter and the person's permissions let through.
GPtrArray *api_find_stories(ApiCall *call, StoreTransaction *transaction, const char *words,
                            const WorkFilter *filter, GError **error); // WorkSummary *
gboolean work_is_readable(ApiCall *call, StoreTransaction *transaction, gint64 id,
                          gboolean *ret_readable);
