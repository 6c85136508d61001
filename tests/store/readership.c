// SPDX-License-Identifier: Apache-2.0
//
// Implements readership.h.
#include "tests/store/readership.h"

#include <string.h>

#include "store/engine.h"
#include "store/mailing_rows.h"
#include "tests/store/newspaper.h"

#define EACH 1000 // rows a statement

gboolean readership_run(StoreTransaction *transaction, const char *script, GError **error) {
  return store_run_script(transaction, script, error);
}

static void run(Store *store, const char *script) {
  g_autoptr(GError) error = NULL;
  g_autoptr(StoreTransaction) transaction = store_begin_write(store, &error);
  newspaper_must(transaction != NULL && store_run_script(transaction, script, &error) &&
                     store_commit(&transaction, &error),
                 &error);
}

static void add_readers(GString *script, guint first, guint end, guint domains) {
  g_string_append(script, "insert into subscriber (id, address, address_key, name, status, "
                          "created_at, confirmed_at) values ");
  for (guint n = first; n < end; n++) {
    g_autofree char *domain =
        domains <= 1 ? g_strdup("example.org") : g_strdup_printf("d%u.example.org", n % domains);
    gint64 confirmed = NEWSPAPER_EPOCH - (gint64)n * 60 * G_USEC_PER_SEC;
    g_string_append_printf(script,
                           "%s(%u, 'reader%u@%s', 'reader%u@%s', 'Reader %u', 1, "
                           "%" G_GINT64_FORMAT ", %" G_GINT64_FORMAT ")",
                           n == first ? "" : ",", n, n, domain, n, domain, n, confirmed, confirmed);
  }
  g_string_append(script, ";\n");
}

void readership_make_in(Store *store, guint count, guint domains) {
  g_autoptr(GString) script = g_string_new(NULL);
  for (guint n = 1; n <= count; n += EACH) {
    add_readers(script, n, MIN(n + EACH, count + 1), domains);
  }
  g_string_append(script, "insert into subscription (newsletter_id, subscriber_id, status, since) "
                          "select newsletter.id, subscriber.id, 1, 0 from subscriber, newsletter;\n"
                          "insert into subscriber_section (subscriber_id, section_id) "
                          "select subscriber.id, section.id from subscriber, section "
                          "where subscriber.id % 2 = 0 and section.slug = 'politics';\n");
  run(store, script->str);
}

void readership_make(Newspaper *paper, guint count) {
  readership_make_in(paper->store, count, 1);
}

void readership_set_in(Store *store, gint64 id, const char *what, gint64 value) {
  g_autofree char *script = NULL;
  if (strcmp(what, "left") == 0) {
    script = g_strdup_printf(
        "update subscription set status = 2 where subscriber_id = %" G_GINT64_FORMAT, id);
  } else if (strcmp(what, "erased") == 0) {
    script = g_strdup_printf("delete from subscriber where id = %" G_GINT64_FORMAT, id);
  } else if (strcmp(what, "zone") == 0) {
    script = g_strdup_printf(
        "update subscriber set zone_name = 'Europe/Berlin' where id = %" G_GINT64_FORMAT, id);
  } else {
    script = g_strdup_printf("update subscriber set %s = %" G_GINT64_FORMAT
                             " where id = %" G_GINT64_FORMAT,
                             what, value, id);
  }
  run(store, script);
}

void readership_set(Newspaper *paper, gint64 id, const char *what, gint64 value) {
  readership_set_in(paper->store, id, what, value);
}

static gint64 newsletter_in(const char *slug) {
  static const char *const SLUGS[] = {"daily", "breaking", "edition"}; // as 002_post.sql makes them
  for (guint i = 0; i < G_N_ELEMENTS(SLUGS); i++) {
    if (strcmp(SLUGS[i], slug) == 0) {
      return i + 1;
    }
  }
  g_assert_not_reached();
}

gint64 readership_newsletter(Newspaper *paper, const char *slug) {
  return newsletter_in(slug);
}

static gint64 insert_mailing(StoreTransaction *transaction, const char *newsletter, gint64 now,
                             GError **error) {
  g_autoptr(Mailing) mailing = mailing_new();
  g_autofree char *unique = g_uuid_string_random();
  newspaper_set(&mailing->public_id, unique);
  newspaper_set(&mailing->occasion, unique);
  newspaper_set(&mailing->subject, "Today");
  gboolean alert = strcmp(newsletter, "breaking") == 0;
  mailing->newsletter_id = newsletter_in(newsletter);
  mailing->state = MAILING_SENDING;
  mailing->lane = alert ? LANE_ALERT : LANE_NORMAL;
  mailing->uncertain = alert ? UNCERTAIN_AGAIN : UNCERTAIN_HOLD;
  mailing->created_at = mailing->due_at = mailing->frozen_at = now;
  mailing->latest_at = now + 86400 * (gint64)G_USEC_PER_SEC;
  return mailing_rows_insert(transaction, mailing, error);
}

gint64 readership_insert_mailing(Newspaper *paper, const char *newsletter, gint64 now) {
  g_autoptr(GError) error = NULL;
  gint64 id = insert_mailing(newspaper_write(paper), newsletter, now, &error);
  newspaper_must(id > 0 && store_commit(&paper->transaction, &error), &error);
  return id;
}

gint64 readership_mailing_in(Store *store, const char *newsletter, gint64 now) {
  g_autoptr(GError) error = NULL;
  g_autoptr(StoreTransaction) transaction = store_begin_write(store, &error);
  newspaper_must(transaction != NULL, &error);
  gint64 id = insert_mailing(transaction, newsletter, now, &error);
  MailingFreeze freeze = {.mailing_id = id,
                          .newsletter_id = newsletter_in(newsletter),
                          .now = now,
                          .due_at = now,
                          .limit = 10000000,
                          .with_names = TRUE};
  gboolean more = TRUE;
  newspaper_must(id > 0 && mailing_rows_freeze(transaction, &freeze, &more, &error) >= 0 && !more &&
                     store_commit(&transaction, &error),
                 &error);
  return id;
}

gint64 readership_mailing(Newspaper *paper, const char *newsletter, gint64 now) {
  return readership_mailing_in(paper->store, newsletter, now);
}
