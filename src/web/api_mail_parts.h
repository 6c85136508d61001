// SPDX-License-Identifier: Apache-2.0
//
// What the files of the API that are about mail share. For src/web/api_*.c only.
#pragma once

#include "model/mailing.h"
#include "model/newsletter.h"
#include "store/mailing_rows.h"
#include "web/api.h"
#include "web/reader_figures.h"

// planned, pending … as an object named `name`.
void put_mailing_counts(JsonWriter *json, const char *name, const MailingCounts *counts);
// An object named `name`, or (NULL) an item of a list.
gboolean put_mailing(JsonWriter *json, const char *name, StoreTransaction *transaction,
                     const Site *site, const Mailing *mailing, GError **error);
void put_newsletter(JsonWriter *json, const char *name, const ReaderFigures *figures,
                    const Site *site, const Newsletter *newsletter, gint64 now);
