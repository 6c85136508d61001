// SPDX-License-Identifier: Apache-2.0
//
// Implements site_rows.h: settings with their defaults, sections, the revision, redirects.
#include "store/site_rows.h"

const char *const SITE_SETTING_KEYS[] = {
    "name",           "tagline",     "description",  "base_url", "language",    "time_zone",
    "publisher",      "contact",     "image_key",    "mail_key", "mail_sender", "bounce_address",
    "postal_address", "maintenance", "form_origins", NULL};

static void apply_setting(Site *site, const char *key, const char *value) {
  char **texts[] = {&site->name,           &site->tagline,     &site->description,
                    &site->base_url,       &site->language,    &site->zone_name,
                    &site->publisher,      &site->contact,     &site->image_key,
                    &site->mail_key,       &site->mail_sender, &site->bounce_address,
                    &site->postal_address, &site->maintenance, &site->form_origins};
  for (gsize i = 0; SITE_SETTING_KEYS[i] != NULL; i++) {
    if (g_strcmp0(key, SITE_SETTING_KEYS[i]) == 0) {
      g_free(*texts[i]);
      *texts[i] = g_strdup(value);
    }
  }
}

static gboolean load_settings(StoreTransaction *transaction, Site *site, GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, QUERY_SETTING_ALL, STORE_NO_VALUES, error);
  if (rows == NULL) {
    return FALSE;
  }
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    apply_setting(site, store_row_text(rows, 0), store_row_text(rows, 1));
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  GTimeZone *zone = g_time_zone_new_identifier(site->zone_name);
  if (zone != NULL) {
    g_time_zone_unref(site->zone);
    site->zone = zone;
  }
  return TRUE;
}

static gboolean load_sections(StoreTransaction *transaction, Site *site, GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, QUERY_SECTION_LIST, STORE_NO_VALUES, error);
  if (rows == NULL) {
    return FALSE;
  }
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    Section *section = g_new0(Section, 1);
    section->id = store_row_integer(rows, 0);
    section->slug = store_row_dup(rows, 1);
    section->name = store_row_dup(rows, 2);
    section->description = store_row_dup(rows, 3);
    section->position = (gint32)store_row_integer(rows, 4);
    g_ptr_array_add(site->sections, section);
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  return TRUE;
}

Site *site_rows_load(StoreTransaction *transaction, GError **error) {
  g_autoptr(Site) site = site_new();
  if (!load_settings(transaction, site, error) || !load_sections(transaction, site, error)) {
    return NULL;
  }
  gint64 offered = 0;
  if (!store_query_integer(transaction, QUERY_NEWSLETTER_OFFERED, STORE_NO_VALUES, &offered,
                           error)) {
    return NULL;
  }
  site->offers_newsletters = offered > 0;
  site->revision = site_rows_revision(transaction, error);
  return site->revision < 0 ? NULL : g_steal_pointer(&site);
}

gboolean site_rows_put_setting(StoreTransaction *transaction, const char *key, const char *value,
                               GError **error) {
  return store_execute(transaction, QUERY_SETTING_PUT,
                       STORE_VALUES(store_text(key), store_slice(slice_of(value))), error) >= 0;
}

char *site_rows_get_setting(StoreTransaction *transaction, const char *key, GError **error) {
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_SETTING_GET, STORE_VALUES(store_text(key)), error);
  if (rows == NULL || !store_rows_next(rows, error)) {
    return NULL;
  }
  return store_row_dup(rows, 0);
}

gint64 site_rows_revision(StoreTransaction *transaction, GError **error) {
  gint64 revision = -1;
  return store_query_integer(transaction, QUERY_SITE_REVISION_GET, STORE_NO_VALUES, &revision,
                             error)
             ? revision
             : -1;
}

gint64 site_rows_bump_revision(StoreTransaction *transaction, gint64 now, GError **error) {
  gint64 revision = -1;
  gboolean bumped = store_query_integer(transaction, QUERY_SITE_REVISION_BUMP,
                                        STORE_VALUES(store_integer(now)), &revision, error);
  return bumped ? revision : -1;
}

gint64 section_rows_put(StoreTransaction *transaction, const Section *section, GError **error) {
  gint64 id = 0;
  gboolean put = store_query_integer(
      transaction, QUERY_SECTION_PUT,
      STORE_VALUES(store_text(section->slug), store_text(section->name),
                   store_slice(slice_of(section->description)), store_integer(section->position)),
      &id, error);
  return put ? id : 0;
}

void redirect_free(Redirect *redirect) {
  if (redirect != NULL) {
    g_free(redirect->path);
    g_free(redirect->target);
    g_free(redirect);
  }
}

Redirect *redirect_rows_get(StoreTransaction *transaction, const char *path, GError **error) {
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_REDIRECT_GET, STORE_VALUES(store_text(path)), error);
  if (rows == NULL) {
    return NULL;
  }
  GError *failure = NULL;
  if (!store_rows_next(rows, &failure)) {
    if (failure == NULL) {
      g_set_error(&failure, STORE_ERROR, STORE_ERROR_NOT_FOUND, "%s: there is no redirect", path);
    }
    g_propagate_error(error, failure);
    return NULL;
  }
  Redirect *redirect = g_new0(Redirect, 1);
  redirect->path = store_row_dup(rows, 0);
  redirect->target = store_row_dup(rows, 1);
  redirect->status = (gint32)store_row_integer(rows, 2);
  return redirect;
}

gboolean redirect_rows_put(StoreTransaction *transaction, const Redirect *redirect, gint64 now,
                           GError **error) {
  return store_execute(transaction, QUERY_REDIRECT_PUT,
                       STORE_VALUES(store_text(redirect->path),
                                    store_slice(slice_of(redirect->target)),
                                    store_integer(redirect->status), store_integer(now)),
                       error) >= 0;
}
