// SPDX-License-Identifier: Apache-2.0
//
// How the interface writes what several of its files tell of: pictures, sections, authors, stories
// in lists. For src/web/api_*.c only.
#pragma once

#include "model/webhook.h"
#include "model/work.h"
#include "web/api.h"

// Each writes the members of an object that is open; `put_…` with a name opens it itself (NULL
// pointer: null).
void write_image(JsonWriter *json, const Image *image, const Site *site);
void put_image(JsonWriter *json, const char *name, const Image *image, const Site *site);
void write_section(JsonWriter *json, const Section *section);
void put_section(JsonWriter *json, const char *name, const Section *section);
void write_topic(JsonWriter *json, const Topic *topic);
void write_author(JsonWriter *json, const Author *author, const Site *site);
void write_correction(JsonWriter *json, const Correction *correction);

typedef struct SummaryContext {
  const Site *site;
  const StaffNames *names;
  const char *holder; // of the one who asks
  gint64 now;
} SummaryContext;
void write_summary(JsonWriter *json, const WorkSummary *summary, const SummaryContext *context);
void put_lock(JsonWriter *json, const char *name, const WorkLock *lock,
              const SummaryContext *context); // NULL or expired: null

// "1732550000000000.17": where a list by date goes on.
char *api_cursor(gint64 instant, gint64 id);
// FALSE (and the fault) if it is none; absent: both 0.
void api_read_cursor(ApiCall *call, gint64 *ret_instant, gint64 *ret_id);
