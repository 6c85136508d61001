// SPDX-License-Identifier: Apache-2.0
//
// Implements signing up (subscribers.h), and the limits that keep our form from being a weapon:
// whatever a stranger sends, one address gets one mail a day, and everyone gets the same answer.
#include "newsroom/subscribers.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/log.h"
#include "model/mail_address.h"
#include "newsroom/change.h"
#include "newsroom/notices.h"
#include "newsroom/reader_links.h"
#include "press/locale.h"
#include "store/newsletter_rows.h"
#include "store/subscriber_rows.h"

#define HOUR (3600 * CLOCK_SECOND)
#define FORM_SECONDS_MOST (25 * 3600)
#define NAME_CHARACTERS 100

char *subscribers_form_token(const Site *site, gint64 now) {
  return reader_token(site->mail_key, READER_FORM, now / HOUR * 3600, 0);
}

static gboolean is_our_form(const Change *change, const char *token) {
  gint64 made = 0;
  gint64 nothing = 0;
  if (token == NULL ||
      !reader_token_read(change->site->mail_key, READER_FORM, token, &made, &nothing)) {
    return FALSE;
  }
  gint64 age = change->now / CLOCK_SECOND - made;
  return age >= 0 && age <= FORM_SECONDS_MOST;
}

// "192.0.2.7" -> "192.0.2", "2001:db8:1:2::7" -> its first 48 bits.
char *subscribers_network_hash(const Site *site, const char *remote) {
  guint8 bytes[16] = {0};
  g_autofree char *network = NULL;
  if (remote != NULL && inet_pton(AF_INET6, remote, bytes) == 1) {
    static const guint8 MAPPED[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    network = memcmp(bytes, MAPPED, sizeof MAPPED) == 0
                  ? g_strdup_printf("4 %u.%u.%u", bytes[12], bytes[13], bytes[14])
                  : g_strdup_printf("6 %02x%02x%02x%02x%02x%02x", bytes[0], bytes[1], bytes[2],
                                    bytes[3], bytes[4], bytes[5]);
  } else if (remote != NULL && inet_pton(AF_INET, remote, bytes) == 1) {
    network = g_strdup_printf("4 %u.%u.%u", bytes[0], bytes[1], bytes[2]);
  }
  return network != NULL ? reader_keyed_hash(site->mail_key, "network", network) : g_strdup("");
}

// ---- what was sent ----------------------------------------------------------------------------

typedef struct CheckedSignUp {
  char *address, *address_key;
  GPtrArray *newsletters; // Newsletter *, those wanted
  char *slugs;
} CheckedSignUp;

static void checked_sign_up_clear(CheckedSignUp *checked) {
  g_free(checked->address);
  g_free(checked->address_key);
  g_free(checked->slugs);
  g_clear_pointer(&checked->newsletters, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CheckedSignUp, checked_sign_up_clear)

static gboolean check_newsletters(Change *change, const SignUp *sign_up, CheckedSignUp *checked,
                                  GError **error) {
  checked->newsletters = newsletter_rows_list(change->transaction, error);
  if (checked->newsletters == NULL) {
    return FALSE;
  }
  g_autoptr(GString) slugs = g_string_new(NULL);
  for (guint i = 0; i < checked->newsletters->len; i++) {
    const Newsletter *one = checked->newsletters->pdata[i];
    if (!one->active || !one->offered || sign_up->newsletters == NULL ||
        !g_strv_contains(sign_up->newsletters, one->slug)) {
      g_ptr_array_remove_index(checked->newsletters, i--);
      continue;
    }
    g_string_append_printf(slugs, "%s%s", slugs->len > 0 ? "," : "", one->slug);
  }
  checked->slugs = g_string_free(g_steal_pointer(&slugs), FALSE);
  return checked->newsletters->len > 0 ||
         change_refuse(error, NEWSROOM_ERROR_INVALID, "newsletters: choose at least one");
}

static gboolean check(Change *change, const SignUp *sign_up, CheckedSignUp *checked,
                      GError **error) {
  g_autoptr(GError) failure = NULL;
  checked->address =
      mail_address_normalise(sign_up->address != NULL ? sign_up->address : "", &failure);
  if (checked->address == NULL) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID, "address: %s", failure->message);
  }
  checked->address_key = mail_address_key(checked->address);
  if (!check_newsletters(change, sign_up, checked, error)) {
    return FALSE;
  }
  return sign_up->agreed ||
         change_refuse(error, NEWSROOM_ERROR_INVALID,
                       "agreed: without your agreement to the terms and the privacy policy we may "
                       "not write to you");
}

// ---- limits -----------------------------------------------------------------------------------

static gboolean within(Change *change, const char *scope, const char *key, gint64 period,
                       gint64 most, gboolean *ret_within, GError **error) {
  gint64 count = rate_rows_count(change->transaction, scope, key, change->now / period, error);
  *ret_within = count >= 0 && count <= most;
  return count >= 0;
}

// In this hour and the 24 before it: a whole day whenever it is.
static gboolean was_not_written_to(Change *change, const char *address_hash, gboolean *ret_free,
                                   GError **error) {
  gint64 mails = 0;
  for (gint64 ago = 0; ago <= 24 && mails < SIGN_UP_MAILS_A_DAY; ago++) {
    gint64 then = rate_rows_get(change->transaction, "signup-mailed", address_hash,
                                change->now / HOUR - ago, error);
    if (then < 0) {
      return FALSE;
    }
    mails += then;
  }
  *ret_free = mails < SIGN_UP_MAILS_A_DAY;
  return TRUE;
}

// Whether a mail may leave to this address. In the order in which a flood is stopped most cheaply.
static gboolean is_allowed(Change *change, const char *address, const char *network,
                           gboolean *ret_may, GError **error) {
  return within(change, "signup-network", network, HOUR, SIGN_UP_REQUESTS_AN_HOUR, ret_may,
                error) &&
         (!*ret_may || was_not_written_to(change, address, ret_may, error)) &&
         (!*ret_may ||
          within(change, "signup-all", "", HOUR, SIGN_UP_MAILS_AN_HOUR, ret_may, error));
}

// All is counted whatever comes out: what is refused, for the alarm.
static gboolean may_write(Change *change, const char *address_key, const char *remote,
                          gboolean *ret_may, GError **error) {
  g_autofree char *address = reader_address_hash(change->site->mail_key, address_key);
  g_autofree char *network = subscribers_network_hash(change->site, remote);
  if (!is_allowed(change, address, network, ret_may, error)) {
    return FALSE;
  }
  return rate_rows_count(change->transaction, *ret_may ? "signup-mailed" : "signup-refused",
                         *ret_may ? address : "", change->now / HOUR, error) >= 0;
}

gint64 subscribers_refused(Newsroom *newsroom, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
  gint64 hour = clock_now(&newsroom->clock) / HOUR;
  return transaction != NULL ? rate_rows_get(transaction, "signup-refused", "", hour, error) : -1;
}

// ---- the reader's rows ------------------------------------------------------------------------

static Subscriber *find_or_make(Change *change, const SignUp *sign_up, const CheckedSignUp *checked,
                                GError **error) {
  GError *failure = NULL;
  g_autoptr(Subscriber) known =
      subscriber_rows_get_by_key(change->transaction, checked->address_key, &failure);
  if (known != NULL) {
    return g_steal_pointer(&known);
  }
  if (!change_is_absent(&failure)) {
    g_propagate_error(error, failure);
    return NULL;
  }
  g_autoptr(Subscriber) made = subscriber_new();
  g_autofree char *name = subscriber_clean_name(sign_up->name != NULL ? sign_up->name : "");
  const char *texts[] = {checked->address, checked->address_key, name,
                         sign_up->language != NULL ? sign_up->language : "",
                         sign_up->zone_name != NULL ? sign_up->zone_name : ""};
  char **places[] = {&made->address, &made->address_key, &made->name, &made->language,
                     &made->zone_name};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_free(*places[i]);
    *places[i] = g_utf8_substring(texts[i], 0,
                                  i < 2 ? -1 : MIN(g_utf8_strlen(texts[i], -1), NAME_CHARACTERS));
  }
  made->status = SUBSCRIBER_PENDING;
  made->tracking = sign_up->tracking;
  made->created_at = change->now;
  made->id = subscriber_rows_insert(change->transaction, made, error);
  return made->id != 0 ? g_steal_pointer(&made) : NULL;
}

static gboolean ask_for(Change *change, const Subscriber *subscriber, const SignUp *sign_up,
                        const CheckedSignUp *checked, GError **error) {
  g_autoptr(GArray) has = subscription_rows_of(change->transaction, subscriber->id, error);
  if (has == NULL) {
    return FALSE;
  }
  for (guint i = 0; i < checked->newsletters->len; i++) {
    const Newsletter *one = checked->newsletters->pdata[i];
    gboolean active = FALSE;
    for (guint n = 0; n < has->len; n++) {
      const Subscription *there = &g_array_index(has, Subscription, n);
      active |= there->newsletter_id == one->id && there->status == SUBSCRIPTION_ACTIVE;
    }
    Subscription wanted = {.newsletter_id = one->id,
                           .subscriber_id = subscriber->id,
                           .status = SUBSCRIPTION_PENDING,
                           .since = change->now};
    if (!active && !subscription_rows_put(change->transaction, &wanted, error)) {
      return FALSE;
    }
  }
  g_autofree char *network = subscribers_network_hash(change->site, sign_up->remote);
  Consent consent = {.subscriber_id = subscriber->id,
                     .kind = CONSENT_REQUESTED,
                     .at = change->now,
                     .newsletters = checked->slugs,
                     .wording = (char *)(sign_up->wording != NULL ? sign_up->wording : ""),
                     .page = (char *)(sign_up->page != NULL ? sign_up->page : ""),
                     .network_hash = network,
                     .terms_version = sign_up->terms_version,
                     .privacy_version = sign_up->privacy_version};
  return consent_rows_insert(change->transaction, &consent, error) != 0;
}

// Who complained, or was put on the list by hand, isn't asked again by a form that anyone can send.
static gboolean is_closed(Change *change, const char *address_key, gboolean *ret_closed,
                          GError **error) {
  gboolean listed = FALSE;
  SuppressionReason reason = SUPPRESSION_BOUNCED;
  g_autofree char *hash = reader_address_hash(change->site->mail_key, address_key);
  if (!suppression_rows_get(change->transaction, hash, &listed, &reason, error)) {
    return FALSE;
  }
  *ret_closed = listed && (reason == SUPPRESSION_COMPLAINED || reason == SUPPRESSION_MANUAL);
  return TRUE;
}

static gboolean send_confirmation(Change *change, const Subscriber *subscriber,
                                  const CheckedSignUp *checked, GError **error) {
  const Press *press = change->newsroom->press;
  const char *language =
      *subscriber->language != '\0' ? subscriber->language : change->site->language;
  gint64 expires = change->now + SIGN_UP_CONFIRM_DAYS * CLOCK_DAY;
  g_autofree char *token =
      reader_token(change->site->mail_key, READER_CONFIRM, expires / CLOCK_SECOND, subscriber->id);
  g_autofree char *url = g_strconcat(change->site->base_url, "/newsletters/confirm/", token, NULL);
  g_autoptr(GString) names = g_string_new(NULL);
  g_assert(checked->newsletters != NULL);
  for (guint i = 0; i < checked->newsletters->len; i++) {
    g_string_append_printf(names, "%s%s", i > 0 ? ", " : "",
                           ((const Newsletter *)checked->newsletters->pdata[i])->name);
  }
  const char *paragraphs[] = {press_word(press, language, "confirm_text"), names->str, NULL};
  const char *after[] = {press_word(press, language, "confirm_not_you"), url, NULL};
  NoticeText text = {.kind = "confirm",
                     .address = checked->address,
                     .subscriber_id = subscriber->id,
                     .expires_at = expires,
                     .notice = {.language = subscriber->language,
                                .title = press_word(press, language, "confirm_subject"),
                                .greeting = "",
                                .paragraphs = paragraphs,
                                .button = press_word(press, language, "confirm_button"),
                                .button_url = url,
                                .after = after,
                                .reason = press_word(press, language, "confirm_reason")}};
  return notices_send(change, &text, error);
}

static gboolean take(Change *change, const SignUp *sign_up, const CheckedSignUp *checked,
                     GError **error) {
  gboolean may = FALSE;
  gboolean closed = FALSE;
  if (!may_write(change, checked->address_key, sign_up->remote, &may, error) ||
      !is_closed(change, checked->address_key, &closed, error)) {
    return FALSE;
  }
  if (may && !closed) {
    g_autoptr(Subscriber) subscriber = find_or_make(change, sign_up, checked, error);
    if (subscriber == NULL || !ask_for(change, subscriber, sign_up, checked, error) ||
        !send_confirmation(change, subscriber, checked, error)) {
      return FALSE;
    }
  }
  return change_commit(change, FALSE, error);
}

static gboolean can_render(const Newsroom *newsroom, GError **error) {
  return newsroom->press != NULL ||
         change_refuse(error, NEWSROOM_ERROR_STATE,
                       "mail can't be rendered here: no theme is loaded");
}

gboolean subscribers_sign_up(Newsroom *newsroom, const SignUp *sign_up, SignUpOutcome *ret_outcome,
                             char **ret_suggestion, GError **error) {
  g_auto(Change) change = {0};
  g_auto(CheckedSignUp) checked = {0};
  *ret_suggestion = NULL;
  *ret_outcome = SIGN_UP_SHOW_AGAIN;
  if (!change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  if (sign_up->honeypot != NULL && *sign_up->honeypot != '\0') {
    *ret_outcome = SIGN_UP_SENT; // a machine; it learns nothing
    return TRUE;
  }
  if (!is_our_form(&change, sign_up->form_token)) {
    return TRUE;
  }
  if (!can_render(newsroom, error) || !check(&change, sign_up, &checked, error)) {
    return FALSE;
  }
  *ret_suggestion = mail_address_suggest(checked.address);
  *ret_outcome = SIGN_UP_SENT;
  return take(&change, sign_up, &checked, error);
}

static gboolean send_link(Change *change, const Subscriber *subscriber, GError **error) {
  const Press *press = change->newsroom->press;
  const char *language =
      *subscriber->language != '\0' ? subscriber->language : change->site->language;
  g_autofree char *token = reader_token(change->site->mail_key, READER_PAGE, 0, subscriber->id);
  g_autofree char *url = g_strconcat(change->site->base_url, "/reader/", token, NULL);
  const char *paragraphs[] = {press_word(press, language, "link_text"), NULL};
  const char *after[] = {url, NULL};
  NoticeText text = {.kind = "link",
                     .address = subscriber->address,
                     .subscriber_id = subscriber->id,
                     .expires_at = change->now + CLOCK_DAY,
                     .notice = {.language = subscriber->language,
                                .title = press_word(press, language, "link_subject"),
                                .greeting = "",
                                .paragraphs = paragraphs,
                                .button = press_word(press, language, "link_button"),
                                .button_url = url,
                                .after = after,
                                .reason = press_word(press, language, "link_reason")}};
  return notices_send(change, &text, error);
}

gboolean subscribers_send_link(Newsroom *newsroom, const char *address, const char *remote,
                               GError **error) {
  g_auto(Change) change = {0};
  GError *failure = NULL;
  gboolean may = FALSE;
  g_autofree char *normalised = mail_address_normalise(address, &failure);
  if (normalised == NULL) {
    g_autoptr(GError) reason = failure;
    return change_refuse(error, NEWSROOM_ERROR_INVALID, "address: %s", reason->message);
  }
  g_autofree char *key = mail_address_key(normalised);
  if (!can_render(newsroom, error) || !change_begin(&change, newsroom, error) ||
      !may_write(&change, key, remote, &may, error)) {
    return FALSE;
  }
  g_autoptr(Subscriber) subscriber =
      may ? subscriber_rows_get_by_key(change.transaction, key, &failure) : NULL;
  if (subscriber == NULL && failure != NULL && !change_is_absent(&failure)) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  return (subscriber == NULL || subscriber->status == SUBSCRIBER_SUPPRESSED ||
          send_link(&change, subscriber, error)) &&
         change_commit(&change, FALSE, error);
}
