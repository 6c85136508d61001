// SPDX-License-Identifier: Apache-2.0
//
// Settings, the site revision, sections and redirects <-> rows. See store/store.h for threads and
// errors.
#pragma once

#include "model/site.h"
#include "store/store.h"

// Settings with defaults where none are stored, the sections, and the revision. Caller unrefs.
Site *site_rows_load(StoreTransaction *transaction, GError **error);
gboolean site_rows_put_setting(StoreTransaction *transaction, const char *key, const char *value,
                               GError **error);
char *site_rows_get_setting(StoreTransaction *transaction, const char *key,
                            GError **error); // NULL without error if unset
// The setting keys that site_rows_load knows, NULL-terminated: name, tagline, description,
// base_url, language, time_zone, publisher, contact, image_key, mail_key, mail_sender,
// bounce_address, postal_address,
// maintenance, form_origins.
extern const char *const SITE_SETTING_KEYS[];

gint64 site_rows_revision(StoreTransaction *transaction, GError **error); // -1 on error
// To be called in every transaction that changes what readers see. On PostgreSQL also NOTIFYs.
gint64 site_rows_bump_revision(StoreTransaction *transaction, gint64 now,
                               GError **error); // -1 on error

gint64 section_rows_put(StoreTransaction *transaction, const Section *section,
                        GError **error); // upsert by slug; id, 0 on error

typedef struct Redirect {
  char *path, *target;
  gint32 status;
} Redirect;
void redirect_free(Redirect *redirect);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Redirect, redirect_free)
Redirect *redirect_rows_get(StoreTransaction *transaction, const char *path,
                            GError **error); // NOT_FOUND
gboolean redirect_rows_put(StoreTransaction *transaction, const Redirect *redirect, gint64 now,
                           GError **error);
