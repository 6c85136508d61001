// SPDX-License-Identifier: Apache-2.0
//
// Implements mailroom.h.
#include "tests/mail/mailroom.h"

#include <string.h>

#include "press/mime.h"
#include "store/delivery_rows.h"
#include "store/mailing_rows.h"

#define PATIENCE (60 * (gint64)G_USEC_PER_SEC)

static void note_trouble(const char *message, gpointer data) {
  Mailroom *room = data;
  g_mutex_lock(&room->lock);
  g_string_append_printf(room->troubles, "%s\n", message);
  g_mutex_unlock(&room->lock);
}

char *mailroom_troubles(Mailroom *room) {
  g_mutex_lock(&room->lock);
  char *text = g_strdup(room->troubles->str);
  g_mutex_unlock(&room->lock);
  return text;
}

void mailroom_open(Mailroom *room, Newspaper *paper, guint relays, guint readers) {
  static const char *const NAMES[] = {"one", "two"};
  *room = (Mailroom){.paper = paper, .now = NEWSPAPER_EPOCH + CLOCK_DAY};
  g_mutex_init(&room->lock);
  room->troubles = g_string_new(NULL);
  room->folder = g_dir_make_tmp("broadsheet-mailroom-XXXXXX", NULL);
  for (guint i = 0; i < MAILROOM_RELAYS; i++) {
    room->scripts[i] =
        (FakeScript){.offers = "PIPELINING\nSIZE 10000000\nENHANCEDSTATUSCODES", FAKE_SCRIPT(-1)};
    room->options[i] = (DispatchRelay){.smtp = {.name = NAMES[i],
                                                .host = "127.0.0.1",
                                                .security = SMTP_SECURITY_NONE,
                                                .client_name = "news.example.org",
                                                .user = "",
                                                .password = ""},
                                       .weight = 1,
                                       .connections = 1};
  }
  room->dispatch_options =
      (DispatchOptions){.store = paper->store,
                        .clock = {clock_fixed_now, &room->now},
                        .folder = room->folder,
                        .relays = room->options,
                        .relay_count = relays,
                        .maildir = g_build_filename(room->folder, "outbox", NULL),
                        .token_key = MAILROOM_KEY,
                        .message_domain = "example.org",
                        .verp_domain = "example.org",
                        .fill_threads = 1,
                        .trouble = note_trouble,
                        .data = room};
  if (readers > 0) {
    readership_make(paper, readers);
  }
}

void mailroom_relays(Mailroom *room) {
  for (guint i = 0; i < room->dispatch_options.relay_count; i++) {
    if (room->relays[i] == NULL) {
      room->relays[i] = fake_relay_start(&room->scripts[i]);
      room->options[i].smtp.port = fake_relay_port(room->relays[i]);
    }
  }
}

void mailroom_start(Mailroom *room) {
  g_autoptr(GError) error = NULL;
  mailroom_relays(room);
  room->dispatch = dispatch_start(&room->dispatch_options, &error);
  newspaper_must(room->dispatch != NULL, &error);
}

void mailroom_stop(Mailroom *room) {
  if (room->dispatch != NULL) {
    dispatch_stop(room->dispatch, 5);
    room->dispatch = NULL;
  }
  for (guint i = 0; i < MAILROOM_RELAYS; i++) {
    if (room->relays[i] != NULL) {
      fake_relay_stop(room->relays[i]);
    }
  }
}

void mailroom_close(Mailroom *room) {
  mailroom_stop(room);
  for (guint i = 0; i < MAILROOM_RELAYS; i++) {
    if (room->relays[i] != NULL) {
      fake_relay_free(room->relays[i]);
    }
  }
  g_autofree char *command = g_strdup_printf("rm -rf '%s'", room->folder);
  g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL);
  g_free((char *)room->dispatch_options.maildir);
  g_free(room->folder);
  g_string_free(room->troubles, TRUE);
  g_mutex_clear(&room->lock);
}

void mailroom_look(Mailroom *room) {
  dispatch_nudge(room->dispatch);
}

static char *build_form(gint64 date) {
  g_autofree char *text = g_strdup_printf(
      "Hello%s,\n\nnews.\n\n.\n\nLeave: https://example.org/unsubscribe/%s\n",
      LETTER_SLOT_TEXT[LETTER_SLOT_GREETING], LETTER_SLOT_TEXT[LETTER_SLOT_UNSUBSCRIBE]);
  LetterSource source = {.sender_name = "The Courier",
                         .sender_address = "news@example.org",
                         .reply_to = "",
                         .subject = "Today",
                         .date = date,
                         .message_domain = "example.org",
                         .language = "en",
                         .list_id = "Daily <daily.example.org>",
                         .list_unsubscribe_url = "https://example.org/unsubscribe/",
                         .list_unsubscribe_address = "",
                         .list_help = "",
                         .list_archive = "",
                         .feedback_id = "",
                         .text = text,
                         .html = "",
                         .boundary_seed = "abcdef"};
  g_autoptr(GError) error = NULL;
  char *form = mime_build(&source, &error);
  newspaper_must(form != NULL, &error);
  return form;
}

gint64 mailroom_mailing(Mailroom *room, const char *newsletter) {
  g_autoptr(GError) error = NULL;
  // Content first, so that a dispatch that runs never sees the one without the other.
  gint64 id = readership_insert_mailing(room->paper, newsletter, room->now);
  mailroom_state(room, id, MAILING_PAUSED);
  g_autofree char *form = build_form(room->now);
  MailingContent content = {form, (char *)"", (char *)"bounces@example.org"};
  MailingFreeze freeze = {.mailing_id = id,
                          .newsletter_id = readership_newsletter(room->paper, newsletter),
                          .now = room->now,
                          .due_at = room->now,
                          .limit = 1000000,
                          .with_names = TRUE};
  gboolean more = FALSE;
  StoreTransaction *transaction = newspaper_write(room->paper);
  newspaper_must(mailing_rows_put_content(transaction, id, &content, &error) &&
                     mailing_rows_freeze(transaction, &freeze, &more, &error) >= 0 && !more &&
                     store_commit(&room->paper->transaction, &error),
                 &error);
  mailroom_state(room, id, MAILING_SENDING);
  return id;
}

void mailroom_state(Mailroom *room, gint64 mailing_id, MailingState state) {
  g_autoptr(GError) error = NULL;
  StoreTransaction *transaction = newspaper_write(room->paper);
  g_autoptr(Mailing) mailing = mailing_rows_get(transaction, mailing_id, &error);
  newspaper_must(mailing != NULL, &error);
  MailingState was = mailing->state;
  gboolean moved = FALSE;
  mailing->state = state;
  newspaper_must(mailing_rows_update(transaction, mailing, was, &moved, &error) && moved &&
                     (state != MAILING_CANCELLED ||
                      delivery_rows_cancel(transaction, mailing_id, room->now, &error) >= 0) &&
                     store_commit(&room->paper->transaction, &error),
                 &error);
  if (room->dispatch != NULL) {
    dispatch_nudge(room->dispatch);
  }
}

MailingState mailroom_state_of(Mailroom *room, gint64 mailing_id, char **ret_reason) {
  g_autoptr(GError) error = NULL;
  g_autoptr(StoreTransaction) transaction = store_begin_read(room->paper->store, &error);
  g_autoptr(Mailing) mailing =
      transaction != NULL ? mailing_rows_get(transaction, mailing_id, &error) : NULL;
  newspaper_must(mailing != NULL, &error);
  if (ret_reason != NULL) {
    *ret_reason = g_strdup(mailing->state_reason);
  }
  return mailing->state;
}

MailingCounts mailroom_counts(Mailroom *room, gint64 mailing_id) {
  g_autoptr(GError) error = NULL;
  MailingCounts counts;
  g_autoptr(StoreTransaction) transaction = store_begin_read(room->paper->store, &error);
  newspaper_must(
      transaction != NULL && mailing_rows_counts(transaction, mailing_id, &counts, &error), &error);
  assert_int_equal(mailing_counts_sum(&counts), counts.planned);
  return counts;
}

static void complain(Mailroom *room, gint64 mailing_id, const char *wanted) {
  g_autofree char *troubles = mailroom_troubles(room);
  g_autofree char *reason = NULL;
  MailingCounts counts = mailroom_counts(room, mailing_id);
  MailingState state = mailroom_state_of(room, mailing_id, &reason);
  GString *text = g_string_new(NULL);
  for (int i = 0; i < DELIVERY_STATES; i++) {
    g_string_append_printf(text, " %s %" G_GINT64_FORMAT, delivery_state_name((DeliveryState)i),
                           counts.of[i]);
  }
  fail_msg("waited in vain for %s; %s %s;%s; said: %s", wanted, mailing_state_name(state), reason,
           text->str, troubles);
}

void mailroom_wait(Mailroom *room, gint64 mailing_id, DeliveryState state, gint64 count) {
  gint64 until = g_get_monotonic_time() + PATIENCE;
  while (mailroom_counts(room, mailing_id).of[state] < count) {
    if (g_get_monotonic_time() > until) {
      complain(room, mailing_id, delivery_state_name(state));
    }
    g_usleep(5000);
  }
}

void mailroom_wait_state(Mailroom *room, gint64 mailing_id, MailingState state) {
  gint64 until = g_get_monotonic_time() + PATIENCE;
  while (mailroom_state_of(room, mailing_id, NULL) != state) {
    if (g_get_monotonic_time() > until) {
      complain(room, mailing_id, mailing_state_name(state));
    }
    g_usleep(5000);
  }
}

guint mailroom_taken(Mailroom *room) {
  guint taken = 0;
  for (guint i = 0; i < MAILROOM_RELAYS; i++) {
    taken += room->relays[i] != NULL ? fake_relay_taken(room->relays[i])->len : 0;
  }
  return taken;
}

void mailroom_assert_once(Mailroom *room) {
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < MAILROOM_RELAYS; i++) {
    const GPtrArray *taken = room->relays[i] != NULL ? fake_relay_taken(room->relays[i]) : NULL;
    for (guint n = 0; taken != NULL && n < taken->len; n++) {
      if (!g_hash_table_add(seen, g_ptr_array_index(taken, n))) {
        fail_msg("%s got it twice", (const char *)g_ptr_array_index(taken, n));
      }
    }
  }
}
