// SPDX-License-Identifier: Apache-2.0
//
// Implements post_metrics.h. Reads only what the post keeps in memory: a scrape never waits for the
// database.
#include "app/post_metrics.h"

#include "app/post.h"

static void write_head(GString *out, const char *type, const char *name, const char *help) {
  g_string_append_printf(out, "# HELP broadsheet_%s %s\n# TYPE broadsheet_%s %s\n", name, help,
                         name, type);
}

static void write_number(GString *out, const char *type, const char *name, guint64 value,
                         const char *help) {
  write_head(out, type, name, help);
  g_string_append_printf(out, "broadsheet_%s %" G_GUINT64_FORMAT "\n", name, value);
}

static void write_state(GString *out, const PostMailing *mailing, const char *state, gint64 count) {
  g_string_append_printf(out,
                         "broadsheet_mailing_deliveries{mailing=\"%" G_GINT64_FORMAT
                         "\",state=\"%s\"} %" G_GINT64_FORMAT "\n",
                         mailing->id, state, count);
}

// Leased and in flight are pending to the outside: the sum of the states is what was planned.
static void write_mailing(GString *out, const PostMailing *mailing) {
  write_state(out, mailing, "planned", mailing->counts.planned);
  write_state(out, mailing, delivery_state_name(DELIVERY_PENDING),
              mailing_counts_pending(&mailing->counts));
  for (int state = DELIVERY_ACCEPTED; state < DELIVERY_STATES; state++) {
    write_state(out, mailing, delivery_state_name((DeliveryState)state), mailing->counts.of[state]);
  }
}

void post_metrics_write(GString *out, gpointer post) {
  DispatchNumbers numbers = post_numbers(post);
  write_number(out, "counter", "mail_accepted_total", numbers.accepted,
               "Messages that a relay accepted from this process.");
  write_number(out, "counter", "mail_deferred_total", numbers.deferred,
               "Attempts that were put off.");
  write_number(out, "counter", "mail_failed_total", numbers.failed, "Messages refused for good.");
  write_number(out, "counter", "mail_uncertain_total", numbers.uncertain,
               "Messages whose answer was lost.");
  write_number(out, "counter", "mail_commits_total", numbers.commits,
               "Commits of the delivery journal.");
  write_number(out, "gauge", "mail_connections", numbers.connections,
               "Open connections to relays.");
  write_number(out, "gauge", "mail_rate", (guint64)(numbers.rate + 0.5),
               "Messages accepted a second, over five seconds.");
  g_autoptr(GArray) mailings = post_mailings(post);
  if (mailings->len > 0) {
    write_head(out, "gauge", "mailing_deliveries", "Deliveries of a mailing by state.");
  }
  for (guint i = 0; i < mailings->len; i++) {
    write_mailing(out, &g_array_index(mailings, PostMailing, i));
  }
}
