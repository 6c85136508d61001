// SPDX-License-Identifier: Apache-2.0
//
// Implements the reader's own side of subscribers.h: confirming, changing, leaving, taking along,
// being forgotten. Signing up is in sign_up.c. Called by the site's pages, and by what reads
// returned mail.
#include "newsroom/subscribers.h"

#include <string.h>

#include "base/json_writer.h"
#include "model/mail_address.h"
#include "newsroom/change.h"
#include "newsroom/leaving.h"
#include "newsroom/reader_links.h"
#include "newsroom/webhooks.h"
#include "store/delivery_rows.h"
#include "store/mailing_rows.h"
#include "store/newsletter_rows.h"
#include "store/site_rows.h"
#include "store/subscriber_rows.h"

#define NAME_CHARACTERS 100

void reader_view_clear(ReaderView *view) {
  g_clear_pointer(&view->subscriber, subscriber_free);
  g_clear_pointer(&view->newsletters, g_ptr_array_unref);
  g_clear_pointer(&view->subscriptions, g_array_unref);
  g_clear_pointer(&view->section_ids, g_array_unref);
  g_clear_pointer(&view->newsletter, newsletter_free);
}

SubscriptionStatus reader_view_status(const ReaderView *view, gint64 newsletter_id) {
  for (guint i = 0; i < view->subscriptions->len; i++) {
    const Subscription *one = &g_array_index(view->subscriptions, Subscription, i);
    if (one->newsletter_id == newsletter_id) {
      return one->status;
    }
  }
  return SUBSCRIPTION_LEFT;
}

static gboolean refuse_token(GError **error) {
  return change_refuse(error, NEWSROOM_ERROR_NOT_FOUND,
                       "this link is not one of ours, or what it led to is gone: take the newest "
                       "mail's link");
}

// Newsletters that may be shown to this reader.
static void keep_shown(ReaderView *view) {
  for (guint i = 0; i < view->newsletters->len; i++) {
    const Newsletter *one = view->newsletters->pdata[i];
    if (!(one->active && one->offered) &&
        reader_view_status(view, one->id) != SUBSCRIPTION_ACTIVE) {
      g_ptr_array_remove_index(view->newsletters, i--);
    }
  }
}

static gboolean load_view(StoreTransaction *transaction, gint64 subscriber_id, ReaderView *view,
                          GError **error) {
  GError *failure = NULL;
  *view = (ReaderView){.subscriber = subscriber_rows_get(transaction, subscriber_id, &failure)};
  if (view->subscriber == NULL) {
    if (change_is_absent(&failure)) {
      return refuse_token(error);
    }
    g_propagate_error(error, failure);
    return FALSE;
  }
  view->subscriptions = subscription_rows_of(transaction, subscriber_id, error);
  view->newsletters = newsletter_rows_list(transaction, error);
  view->section_ids = subscriber_section_rows_of(transaction, subscriber_id, error);
  if (view->subscriptions == NULL || view->newsletters == NULL || view->section_ids == NULL) {
    return FALSE;
  }
  keep_shown(view);
  return TRUE;
}

// The newsletter that a mailing was of. NULL without error: the mailing is 0 or gone.
static gboolean load_newsletter(StoreTransaction *transaction, gint64 mailing_id,
                                Newsletter **ret_newsletter, GError **error) {
  GError *failure = NULL;
  *ret_newsletter = NULL;
  if (mailing_id == 0) {
    return TRUE;
  }
  g_autoptr(Mailing) mailing = mailing_rows_get(transaction, mailing_id, &failure);
  if (mailing == NULL && !change_is_absent(&failure)) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  if (mailing != NULL) {
    *ret_newsletter = newsletter_rows_get(transaction, mailing->newsletter_id, error);
  }
  return mailing == NULL || *ret_newsletter != NULL;
}

gboolean subscribers_view(Newsroom *newsroom, int purpose, const char *token, ReaderView *ret_view,
                          GError **error) {
  gint64 first = 0;
  gint64 second = 0;
  g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
  g_autoptr(Site) site = transaction != NULL ? site_rows_load(transaction, error) : NULL;
  if (site == NULL) {
    return FALSE;
  }
  if (!reader_token_read(site->mail_key, (ReaderPurpose)purpose, token, &first, &second)) {
    return refuse_token(error);
  }
  return load_view(transaction, second, ret_view, error) &&
         (purpose != READER_UNSUBSCRIBE ||
          load_newsletter(transaction, first, &ret_view->newsletter, error));
}

// ---- changes ----------------------------------------------------------------------------------

typedef struct ReaderEdit {
  Change change;
  ReaderView view;
  gint64 first; // the token's other number
} ReaderEdit;

static void reader_edit_clear(ReaderEdit *edit) {
  reader_view_clear(&edit->view);
  change_clear(&edit->change);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ReaderEdit, reader_edit_clear)

static gboolean edit_begin(ReaderEdit *edit, Newsroom *newsroom, ReaderPurpose purpose,
                           const char *token, GError **error) {
  gint64 id = 0;
  if (!change_begin(&edit->change, newsroom, error)) {
    return FALSE;
  }
  if (!reader_token_read(edit->change.site->mail_key, purpose, token, &edit->first, &id)) {
    return refuse_token(error);
  }
  return load_view(edit->change.transaction, id, &edit->view, error);
}

static gboolean record(Change *change, gint64 subscriber_id, ConsentKind kind,
                       const char *newsletters, const char *page, const char *wording,
                       const char *remote, GError **error) {
  g_autofree char *network = subscribers_network_hash(change->site, remote);
  Consent consent = {.subscriber_id = subscriber_id,
                     .kind = kind,
                     .at = change->now,
                     .newsletters = (char *)newsletters,
                     .wording = (char *)(wording != NULL ? wording : ""),
                     .page = (char *)page,
                     .network_hash = network};
  return consent_rows_insert(change->transaction, &consent, error) != 0;
}

static gboolean put_subscription(Change *change, gint64 newsletter_id, gint64 subscriber_id,
                                 SubscriptionStatus status, GError **error) {
  Subscription subscription = {.newsletter_id = newsletter_id,
                               .subscriber_id = subscriber_id,
                               .status = status,
                               .since = change->now,
                               .left_at = status == SUBSCRIPTION_LEFT ? change->now : 0};
  return subscription_rows_put(change->transaction, &subscription, error);
}

static char *join_slugs(const ReaderView *view, SubscriptionStatus status) {
  g_autoptr(GString) slugs = g_string_new(NULL);
  for (guint i = 0; i < view->newsletters->len; i++) {
    const Newsletter *one = view->newsletters->pdata[i];
    if (reader_view_status(view, one->id) == status) {
      g_string_append_printf(slugs, "%s%s", slugs->len > 0 ? "," : "", one->slug);
    }
  }
  return g_string_free(g_steal_pointer(&slugs), FALSE);
}

static gboolean forget_suppression(Change *change, const Subscriber *subscriber, GError **error) {
  g_autofree char *hash = reader_address_hash(change->site->mail_key, subscriber->address_key);
  return suppression_rows_remove(change->transaction, hash, error);
}

static gboolean activate(ReaderEdit *edit, GError **error) {
  Change *change = &edit->change;
  Subscriber *subscriber = edit->view.subscriber;
  for (guint i = 0; i < edit->view.subscriptions->len; i++) {
    const Subscription *one = &g_array_index(edit->view.subscriptions, Subscription, i);
    if (one->status == SUBSCRIPTION_PENDING &&
        !put_subscription(change, one->newsletter_id, subscriber->id, SUBSCRIPTION_ACTIVE, error)) {
      return FALSE;
    }
  }
  subscriber->status = SUBSCRIBER_ACTIVE;
  subscriber->confirmed_at = subscriber->confirmed_at != 0 ? subscriber->confirmed_at : change->now;
  subscriber->soft_bounces = 0;
  return forget_suppression(change, subscriber, error) &&
         subscriber_rows_update(change->transaction, subscriber, error);
}

gboolean subscribers_confirm(Newsroom *newsroom, const char *token, const char *remote,
                             gint64 *ret_id, GError **error) {
  g_auto(ReaderEdit) edit = {0};
  if (!edit_begin(&edit, newsroom, READER_CONFIRM, token, error)) {
    return FALSE;
  }
  Subscriber *subscriber = edit.view.subscriber;
  *ret_id = subscriber->id;
  g_autofree char *waiting = join_slugs(&edit.view, SUBSCRIPTION_PENDING);
  if (*waiting == '\0' && subscriber->status == SUBSCRIBER_ACTIVE) {
    return TRUE; // pressed twice
  }
  if (edit.first < edit.change.now / CLOCK_SECOND) {
    return change_refuse(error, NEWSROOM_ERROR_STATE,
                         "this link held for %d days, and they are over: sign up again",
                         SIGN_UP_CONFIRM_DAYS);
  }
  return activate(&edit, error) &&
         record(&edit.change, subscriber->id, CONSENT_CONFIRMED, waiting, "/newsletters/confirm",
                NULL, remote, error) &&
         webhooks_tell_id(&edit.change, "subscriber.confirmed", "subscriber", subscriber->id,
                          error) &&
         change_commit(&edit.change, FALSE, error);
}

static gboolean leave(Change *change, const ReaderView *view, gint64 newsletter_id,
                      const char *page, const char *remote, GError **error) {
  g_autoptr(GString) slugs = g_string_new(NULL);
  g_assert(view->subscriptions != NULL && view->newsletters != NULL);
  for (guint i = 0; i < view->subscriptions->len; i++) {
    const Subscription *one = &g_array_index(view->subscriptions, Subscription, i);
    if (one->status == SUBSCRIPTION_LEFT ||
        (newsletter_id != 0 && one->newsletter_id != newsletter_id)) {
      continue;
    }
    if (!put_subscription(change, one->newsletter_id, one->subscriber_id, SUBSCRIPTION_LEFT,
                          error)) {
      return FALSE;
    }
    for (guint n = 0; n < view->newsletters->len; n++) {
      const Newsletter *newsletter = view->newsletters->pdata[n];
      if (newsletter->id == one->newsletter_id) {
        g_string_append_printf(slugs, "%s%s", slugs->len > 0 ? "," : "", newsletter->slug);
      }
    }
  }
  if (slugs->len > 0) {
    change_withdraw(change, "left", view->subscriber->address_key, slugs->str);
  }
  return slugs->len == 0 ||
         (record(change, view->subscriber->id, CONSENT_WITHDRAWN, slugs->str, page, NULL, remote,
                 error) &&
          webhooks_tell_id(change, "subscriber.left", "subscriber", view->subscriber->id, error));
}

gboolean subscribers_unsubscribe(Newsroom *newsroom, const char *token, gboolean everything,
                                 const char *remote, GError **error) {
  g_auto(ReaderEdit) edit = {0};
  g_autoptr(Newsletter) newsletter = NULL;
  if (!edit_begin(&edit, newsroom, READER_UNSUBSCRIBE, token, error) ||
      !load_newsletter(edit.change.transaction, edit.first, &newsletter, error)) {
    return FALSE;
  }
  gint64 scope = newsletter != NULL && !everything ? newsletter->id : 0;
  return leave(&edit.change, &edit.view, scope, "/unsubscribe", remote, error) &&
         change_commit(&edit.change, FALSE, error);
}

gboolean subscribers_leave(Newsroom *newsroom, gint64 subscriber_id, gint64 newsletter_id,
                           const char *page, const char *remote, GError **error) {
  g_auto(Change) change = {0};
  g_auto(ReaderView) view = {0};
  return change_begin(&change, newsroom, error) &&
         load_view(change.transaction, subscriber_id, &view, error) &&
         leave(&change, &view, newsletter_id, page, remote, error) &&
         change_commit(&change, FALSE, error);
}

gboolean subscribers_leave_within(Change *change, gint64 subscriber_id, gint64 mailing_id,
                                  const char *page, GError **error) {
  g_auto(ReaderView) view = {0};
  g_autoptr(Newsletter) newsletter = NULL;
  return load_view(change->transaction, subscriber_id, &view, error) &&
         load_newsletter(change->transaction, mailing_id, &newsletter, error) &&
         leave(change, &view, newsletter != NULL ? newsletter->id : 0, page, NULL, error);
}

// ---- the reader's own page --------------------------------------------------------------------

static gboolean check_change(const ReaderChange *change, GError **error) {
  if (change->name != NULL && (!g_utf8_validate(change->name, -1, NULL) ||
                               g_utf8_strlen(change->name, -1) > NAME_CHARACTERS)) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID, "name: use at most %d characters",
                         NAME_CHARACTERS);
  }
  if (change->zone_name != NULL && *change->zone_name != '\0') {
    g_autoptr(GTimeZone) zone = strstr(change->zone_name, "..") == NULL && *change->zone_name != '/'
                                    ? g_time_zone_new_identifier(change->zone_name)
                                    : NULL;
    if (zone == NULL) {
      return change_refuse(
          error, NEWSROOM_ERROR_INVALID,
          "zone: there is no time zone of that name; one is such as Europe/Berlin");
    }
  }
  return TRUE;
}

static void replace(char **text, const char *with) {
  if (with != NULL) {
    char *made = g_strdup(with);
    g_free(*text);
    *text = made;
  }
}

static gboolean switch_newsletters(ReaderEdit *edit, const ReaderChange *wanted, GError **error) {
  gboolean left = FALSE;
  for (guint i = 0; i < edit->view.newsletters->len; i++) {
    const Newsletter *one = edit->view.newsletters->pdata[i];
    gboolean on = g_strv_contains(wanted->newsletters, one->slug);
    SubscriptionStatus status = reader_view_status(&edit->view, one->id);
    if (on == (status == SUBSCRIPTION_ACTIVE)) {
      continue;
    }
    left |= !on && status != SUBSCRIPTION_LEFT && status != SUBSCRIPTION_PENDING;
    if (!on && status != SUBSCRIPTION_LEFT) {
      change_withdraw(&edit->change, "left", edit->view.subscriber->address_key, one->slug);
    }
    if (!put_subscription(&edit->change, one->id, edit->view.subscriber->id,
                          on ? SUBSCRIPTION_ACTIVE : SUBSCRIPTION_LEFT, error)) {
      return FALSE;
    }
  }
  g_autofree char *slugs = g_strjoinv(",", (char **)wanted->newsletters);
  return record(&edit->change, edit->view.subscriber->id, CONSENT_CHANGED, slugs, "/reader",
                wanted->wording, wanted->remote, error) &&
         (!left || webhooks_tell_id(&edit->change, "subscriber.left", "subscriber",
                                    edit->view.subscriber->id, error));
}

AttachmentChoice reader_view_attachment(const ReaderView *view) {
  for (guint i = 0; i < view->subscriptions->len; i++) {
    const Subscription *one = &g_array_index(view->subscriptions, Subscription, i);
    if (one->attachment > ATTACH_NOTHING && one->attachment < ATTACHMENT_CHOICES) {
      return (AttachmentChoice)one->attachment;
    }
  }
  return ATTACH_NOTHING;
}

// Of every edition that they get, or did.
static gboolean set_attachment(ReaderEdit *edit, int attachment, GError **error) {
  for (guint i = 0; attachment >= 0 && i < edit->view.newsletters->len; i++) {
    const Newsletter *one = edit->view.newsletters->pdata[i];
    if (one->kind == NEWSLETTER_EDITION &&
        !subscription_rows_set_attachment(edit->change.transaction, one->id,
                                          edit->view.subscriber->id, attachment, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

gboolean subscribers_change(Newsroom *newsroom, const char *token, const ReaderChange *wanted,
                            GError **error) {
  g_auto(ReaderEdit) edit = {0};
  if (!check_change(wanted, error) || !edit_begin(&edit, newsroom, READER_PAGE, token, error)) {
    return FALSE;
  }
  Subscriber *subscriber = edit.view.subscriber;
  // Mail with this link reached them, so the address is theirs.
  gboolean tracking_changed =
      wanted->tracking >= 0 && (wanted->tracking != 0) != subscriber->tracking;
  g_autofree char *name = wanted->name != NULL ? subscriber_clean_name(wanted->name) : NULL;
  replace(&subscriber->name, name);
  replace(&subscriber->zone_name, wanted->zone_name);
  replace(&subscriber->language, wanted->language);
  subscriber->paused_until =
      wanted->paused_until >= 0 ? wanted->paused_until : subscriber->paused_until;
  subscriber->tracking = wanted->tracking >= 0 ? wanted->tracking != 0 : subscriber->tracking;
  return (wanted->newsletters == NULL || switch_newsletters(&edit, wanted, error)) &&
         set_attachment(&edit, wanted->attachment, error) &&
         (wanted->section_ids == NULL ||
          subscriber_section_rows_set(edit.change.transaction, subscriber->id, wanted->section_ids,
                                      wanted->section_count, error)) &&
         (!tracking_changed || record(&edit.change, subscriber->id, CONSENT_TRACKING,
                                      subscriber->tracking ? "yes" : "no", "/reader",
                                      wanted->wording, wanted->remote, error)) &&
         subscriber_rows_update(edit.change.transaction, subscriber, error) &&
         change_commit(&edit.change, FALSE, error);
}

static gboolean erase(Change *change, const Subscriber *subscriber, GError **error) {
  g_autofree char *hash = reader_address_hash(change->site->mail_key, subscriber->address_key);
  change_withdraw(change, "erased", subscriber->address_key, NULL);
  return subscriber_rows_erase(change->transaction, subscriber->id, error) &&
         suppression_rows_put(change->transaction, hash, SUPPRESSION_ERASED, change->now, "",
                              error) &&
         change_commit(change, FALSE, error);
}

gboolean subscribers_erase(Newsroom *newsroom, const char *token, GError **error) {
  g_auto(ReaderEdit) edit = {0};
  return edit_begin(&edit, newsroom, READER_PAGE, token, error) &&
         erase(&edit.change, edit.view.subscriber, error);
}

gboolean subscribers_erase_address(Newsroom *newsroom, const char *address, GError **error) {
  g_auto(Change) change = {0};
  GError *failure = NULL;
  g_autofree char *normalised = mail_address_normalise(address, error);
  g_autofree char *key = normalised != NULL ? mail_address_key(normalised) : NULL;
  if (key == NULL || !change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  g_autoptr(Subscriber) subscriber = subscriber_rows_get_by_key(change.transaction, key, &failure);
  if (subscriber == NULL) {
    if (change_is_absent(&failure)) {
      return change_refuse(error, NEWSROOM_ERROR_NOT_FOUND, "there is no reader %s", normalised);
    }
    g_propagate_error(error, failure);
    return FALSE;
  }
  return erase(&change, subscriber, error);
}

// ---- taking along -----------------------------------------------------------------------------

static void export_instant(JsonWriter *json, const char *name, gint64 instant) {
  g_autofree char *text = instant != 0 ? clock_format_rfc3339(instant, NULL) : NULL;
  json_name(json, name);
  if (text != NULL) {
    json_string(json, text);
  } else {
    json_null(json);
  }
}

static void export_text(JsonWriter *json, const char *name, const char *text) {
  json_name(json, name);
  json_string(json, text);
}

static const char *const CONSENT_NAMES[] = {"requested", "confirmed", "imported",
                                            "changed",   "withdrawn", "tracking"};

static void export_consents(JsonWriter *json, GPtrArray *consents) {
  json_name(json, "consents");
  json_array(json);
  for (guint i = 0; i < consents->len; i++) {
    const Consent *one = consents->pdata[i];
    json_object(json);
    export_text(json, "kind",
                CONSENT_NAMES[MIN((guint)one->kind, G_N_ELEMENTS(CONSENT_NAMES) - 1)]);
    export_instant(json, "at", one->at);
    export_text(json, "newsletters", one->newsletters);
    export_text(json, "wording", one->wording);
    export_text(json, "page", one->page);
    json_name(json, "terms_version");
    json_integer(json, one->terms_version);
    json_name(json, "privacy_version");
    json_integer(json, one->privacy_version);
    export_text(json, "network_hash", one->network_hash);
    json_end_object(json);
  }
  json_end_array(json);
}

static void export_newsletters(JsonWriter *json, const ReaderView *view) {
  static const char *const NAMES[] = {"waiting", "on", "off"};
  json_name(json, "newsletters");
  json_array(json);
  for (guint i = 0; i < view->subscriptions->len; i++) {
    const Subscription *one = &g_array_index(view->subscriptions, Subscription, i);
    for (guint n = 0; n < view->newsletters->len; n++) {
      const Newsletter *newsletter = view->newsletters->pdata[n];
      if (newsletter->id == one->newsletter_id) {
        json_object(json);
        export_text(json, "newsletter", newsletter->slug);
        export_text(json, "state", NAMES[MIN((guint)one->status, 2)]);
        export_instant(json, "since", one->since);
        export_instant(json, "left_at", one->left_at);
        json_string_member(json, "attachment",
                           attachment_choice_name((AttachmentChoice)one->attachment));
        json_end_object(json);
      }
    }
  }
  json_end_array(json);
}

static void export_deliveries(JsonWriter *json, GPtrArray *deliveries) {
  json_name(json, "messages");
  json_array(json);
  for (guint i = 0; i < deliveries->len; i++) {
    const Delivery *one = deliveries->pdata[i];
    json_object(json);
    json_name(json, "mailing");
    json_integer(json, one->mailing_id);
    export_text(json, "state", delivery_state_name(one->state));
    export_instant(json, "at", one->changed_at);
    export_text(json, "answer", one->reason);
    json_end_object(json);
  }
  json_end_array(json);
}

static void export_bounces(JsonWriter *json, GPtrArray *bounces) {
  json_name(json, "returned");
  json_array(json);
  for (guint i = 0; i < bounces->len; i++) {
    const Bounce *one = bounces->pdata[i];
    json_object(json);
    export_text(json, "kind", bounce_kind_name(one->kind));
    export_instant(json, "at", one->received_at);
    json_name(json, "mailing");
    json_integer(json, one->mailing_id);
    export_text(json, "status", one->status);
    export_text(json, "answer", one->reason);
    json_end_object(json);
  }
  json_end_array(json);
}

GString *subscribers_export(Newsroom *newsroom, const char *token, GError **error) {
  gint64 first = 0;
  gint64 id = 0;
  g_auto(ReaderView) view = {0};
  g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
  g_autoptr(Site) site = transaction != NULL ? site_rows_load(transaction, error) : NULL;
  if (site == NULL) {
    return NULL;
  }
  if (!reader_token_read(site->mail_key, READER_PAGE, token, &first, &id)) {
    refuse_token(error);
    return NULL;
  }
  g_autoptr(GPtrArray) consents = consent_rows_of(transaction, id, error);
  g_autoptr(GPtrArray) deliveries =
      consents != NULL ? delivery_rows_of(transaction, id, 10000, error) : NULL;
  g_autoptr(GPtrArray) bounces =
      deliveries != NULL ? bounce_rows_list(transaction, id, 0, 10000, error) : NULL;
  if (bounces == NULL || !load_view(transaction, id, &view, error)) {
    return NULL;
  }
  GString *out = g_string_new(NULL);
  JsonWriter json;
  json_begin(&json, out);
  json_object(&json);
  export_text(&json, "newspaper", site->name);
  export_text(&json, "address", view.subscriber->address);
  export_text(&json, "name", view.subscriber->name);
  export_text(&json, "language", view.subscriber->language);
  export_text(&json, "time_zone", view.subscriber->zone_name);
  export_instant(&json, "signed_up_at", view.subscriber->created_at);
  export_instant(&json, "confirmed_at", view.subscriber->confirmed_at);
  export_instant(&json, "paused_until", view.subscriber->paused_until);
  export_instant(&json, "last_opened_at", view.subscriber->active_at);
  json_name(&json, "opens_and_clicks_counted");
  json_boolean(&json, view.subscriber->tracking);
  export_newsletters(&json, &view);
  export_consents(&json, consents);
  export_deliveries(&json, deliveries);
  export_bounces(&json, bounces);
  json_end_object(&json);
  return out;
}
