// SPDX-License-Identifier: Apache-2.0
//
// Implements returns.h. Called by the pollers of app, by `broadsheet bounce`, by the webhooks; the
// last two functions by the dispatcher, too.
#include "newsroom/returns.h"

#include "base/secret.h"
#include "model/mail_address.h"
#include "newsroom/leaving.h"
#include "newsroom/reader_links.h"
#include "newsroom/suppressions.h"
#include "store/delivery_rows.h"
#include "store/subscriber_rows.h"

#define SOFT_BOUNCES 5
#define SOFT_DAYS 10
#define STRANGERS_A_DAY 200 // kept, so that a wrong set-up is seen; anyone can send us mail

static const char *const RESULTS[] = {[RETURN_COUNTED] = "counted",
                                      [RETURN_REPEATED] = "repeated",
                                      [RETURN_AUTOMATIC] = "automatic",
                                      [RETURN_UNKNOWN] = "unknown",
                                      [RETURN_STRANGER] = "stranger"};

const char *return_result_name(ReturnResult result) {
  return (guint)result < G_N_ELEMENTS(RESULTS) ? RESULTS[result] : "unknown";
}

// *ret_subscriber NULL without error: erased, or never was.
static gboolean load_reader(StoreTransaction *transaction, gint64 id, Subscriber **ret_subscriber,
                            GError **error) {
  GError *failure = NULL;
  *ret_subscriber = subscriber_rows_get(transaction, id, &failure);
  if (*ret_subscriber == NULL && !change_is_absent(&failure)) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  return TRUE;
}

// ---- passing failures -------------------------------------------------------------------------

typedef struct SoftBounce {
  const char *mail_key;
  gint64 mailing_id, subscriber_id;
  const ReturnLimits *limits; // NULL: the defaults
  const char *note;
  gint64 now;
} SoftBounce;

static gboolean count_soft(StoreTransaction *transaction, const SoftBounce *soft,
                           gboolean *ret_suppressed, GError **error) {
  const ReturnLimits *limits = soft->limits;
  guint most = limits != NULL && limits->soft_bounces > 0 ? limits->soft_bounces : SOFT_BOUNCES;
  gint64 days = limits != NULL && limits->soft_days > 0 ? limits->soft_days : SOFT_DAYS;
  gboolean through = FALSE;
  guint count = 0;
  gint64 since = 0;
  if ((soft->mailing_id != 0 && !bounce_rows_got_through(transaction, soft->mailing_id,
                                                         soft->subscriber_id, &through, error)) ||
      !subscriber_rows_count_soft(transaction, soft->subscriber_id, soft->now, through, &count,
                                  &since, error)) {
    return FALSE;
  }
  *ret_suppressed = count >= most && soft->now - since >= days * CLOCK_DAY;
  SuppressedReader reader = {soft->subscriber_id, SUPPRESSION_BOUNCED, soft->note, soft->now};
  return !*ret_suppressed || suppressions_add_reader(transaction, soft->mail_key, &reader, error);
}

gboolean returns_count_soft(StoreTransaction *transaction, const char *mail_key, gint64 mailing_id,
                            gint64 subscriber_id, const ReturnLimits *limits, const char *note,
                            gint64 now, gboolean *ret_suppressed, GError **error) {
  g_autoptr(Subscriber) reader = NULL;
  gboolean new = FALSE;
  *ret_suppressed = FALSE;
  if (!load_reader(transaction, subscriber_id, &reader, error)) {
    return FALSE;
  }
  if (reader == NULL) {
    return TRUE;
  }
  g_autofree char *letter =
      g_strdup_printf("relay %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, mailing_id, subscriber_id);
  g_autofree char *digest = secret_sha256_hex(slice_of(letter));
  g_autofree char *hash = reader_address_hash(mail_key, reader->address_key);
  Bounce bounce = {.digest = digest,
                   .way = (char *)"relay",
                   .address_hash = hash,
                   .status = (char *)"",
                   .reason = (char *)note,
                   .received_at = now,
                   .mailing_id = mailing_id,
                   .subscriber_id = subscriber_id,
                   .kind = BOUNCE_SOFT};
  SoftBounce soft = {mail_key, mailing_id, subscriber_id, limits, note, now};
  return count_soft(transaction, &soft, ret_suppressed, error) &&
         bounce_rows_insert(transaction, &bounce, &new, error);
}

// ---- a report ---------------------------------------------------------------------------------

typedef struct Return {
  Change change;
  const ReturnedMail *mail;
  const char *way;
  const ReturnLimits *limits;
  Subscriber *reader; // NULL: erased
  gboolean known;     // a letter of ours is what it is about
  ReturnOutcome *outcome;
} Return;

static void return_clear(Return *one) {
  g_clear_pointer(&one->reader, subscriber_free);
  change_clear(&one->change);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Return, return_clear)

// The wish to leave is granted by its own token only, and that one opens nothing else.
static gboolean token_opens(const Return *one, const ReturnedToken *token, gint64 *ret_mailing,
                            gint64 *ret_subscriber) {
  static const ReaderPurpose PURPOSES[] = {[RETURNED_TOKEN_ENVELOPE] = READER_BOUNCE,
                                           [RETURNED_TOKEN_MESSAGE_ID] = READER_MESSAGE_ID,
                                           [RETURNED_TOKEN_UNSUBSCRIBE] = READER_UNSUBSCRIBE};
  return (token->kind == RETURNED_TOKEN_UNSUBSCRIBE) == (one->mail->kind == BOUNCE_WISH) &&
         reader_token_read(one->change.site->mail_key, PURPOSES[token->kind], token->text,
                           ret_mailing, ret_subscriber);
}

static gboolean find_by_address(Return *one, GError **error) {
  GError *failure = NULL;
  g_autofree char *normalised = mail_address_normalise(one->mail->address, NULL);
  g_autofree char *key = normalised != NULL ? mail_address_key(normalised) : NULL;
  if (key == NULL) {
    return TRUE;
  }
  one->reader = subscriber_rows_get_by_key(one->change.transaction, key, &failure);
  if (one->reader == NULL && !change_is_absent(&failure)) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  one->known = one->reader != NULL;
  one->outcome->subscriber_id = one->known ? one->reader->id : 0;
  return TRUE;
}

// The Message-ID of a single message (mailing 0) names the notice; all else the reader.
static gboolean find_by_token(Return *one, GError **error) {
  const GPtrArray *tokens = one->mail->tokens;
  for (guint i = 0; tokens != NULL && i < tokens->len && !one->known; i++) {
    const ReturnedToken *token = tokens->pdata[i];
    gint64 *mailing = &one->outcome->mailing_id;
    gint64 *reader = &one->outcome->subscriber_id;
    one->known = token_opens(one, token, mailing, reader);
    if (one->known && token->kind == RETURNED_TOKEN_MESSAGE_ID && *mailing == 0 &&
        !notice_rows_subscriber(one->change.transaction, *reader, reader, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean find_reader(Return *one, GError **error) {
  if (!find_by_token(one, error)) {
    return FALSE;
  }
  if (one->known) {
    return load_reader(one->change.transaction, one->outcome->subscriber_id, &one->reader, error);
  }
  return !one->mail->vouched || find_by_address(one, error);
}

static gboolean keep(Return *one, BounceKind kind, gboolean *ret_new, GError **error) {
  g_autofree char *hash = one->reader != NULL ? reader_address_hash(one->change.site->mail_key,
                                                                    one->reader->address_key)
                                              : g_strdup("");
  Bounce bounce = {.digest = one->mail->digest,
                   .way = (char *)one->way,
                   .address_hash = hash,
                   .status = one->mail->status,
                   .reason = one->known && one->reader == NULL ? (char *)"" : one->mail->reason,
                   .received_at = one->change.now,
                   .mailing_id = one->outcome->mailing_id,
                   .subscriber_id = one->reader != NULL ? one->reader->id : 0,
                   .kind = kind};
  return bounce_rows_insert(one->change.transaction, &bounce, ret_new, error);
}

// Nobody's state is touched. Some that look like bounces are kept, as a sign that tokens get lost.
static gboolean take_stranger(Return *one, GError **error) {
  BounceKind kind = one->mail->kind;
  gboolean new = FALSE;
  one->outcome->result = RETURN_STRANGER;
  if (kind != BOUNCE_HARD && kind != BOUNCE_SOFT && kind != BOUNCE_COMPLAINT) {
    return TRUE;
  }
  gint64 count = rate_rows_count(one->change.transaction, "bounce-stranger", "",
                                 one->change.now / CLOCK_DAY, error);
  if (count < 0 || (count <= STRANGERS_A_DAY && !keep(one, BOUNCE_UNKNOWN, &new, error))) {
    return FALSE;
  }
  return change_commit(&one->change, FALSE, error);
}

// A letter that came back was not delivered, whatever follows for the reader.
static gboolean mark_delivery(Return *one, GError **error) {
  GError *failure = NULL;
  const ReturnOutcome *outcome = one->outcome;
  if (outcome->mailing_id == 0 || (outcome->kind != BOUNCE_HARD && outcome->kind != BOUNCE_SOFT) ||
      delivery_rows_bounced(one->change.transaction, outcome->mailing_id, outcome->subscriber_id,
                            one->mail->status, one->reader != NULL ? one->mail->reason : "",
                            one->change.now, &failure) ||
      change_is_absent(&failure)) {
    return TRUE;
  }
  g_propagate_error(error, failure);
  return FALSE;
}

static gboolean leave(Return *one, gint64 mailing_id, GError **error) {
  g_autofree char *page = g_strconcat("mail: ", one->way, NULL);
  one->outcome->left = TRUE;
  return subscribers_leave_within(&one->change, one->reader->id, mailing_id, page, error);
}

static gboolean suppress_reader(Return *one, SuppressionReason reason, GError **error) {
  g_autofree char *note = g_strdup_printf("%s%s%s", one->mail->status,
                                          *one->mail->status != '\0' ? " " : "", one->mail->reason);
  SuppressedReader reader = {one->reader->id, reason, note, one->change.now};
  if (reason == SUPPRESSION_COMPLAINED) {
    change_withdraw(&one->change, "complained", one->reader->address_key, NULL);
  }
  one->outcome->suppressed = one->reader->status != SUBSCRIBER_SUPPRESSED;
  return suppressions_add_reader(one->change.transaction, one->change.site->mail_key, &reader,
                                 error);
}

static gboolean count_one(Return *one, GError **error) {
  gboolean suppressed = FALSE;
  SoftBounce soft = {.mail_key = one->change.site->mail_key,
                     .mailing_id = one->outcome->mailing_id,
                     .subscriber_id = one->reader->id,
                     .limits = one->limits,
                     .note = one->mail->reason,
                     .now = one->change.now};
  if (!count_soft(one->change.transaction, &soft, &suppressed, error)) {
    return FALSE;
  }
  one->outcome->suppressed = suppressed && one->reader->status != SUBSCRIBER_SUPPRESSED;
  return TRUE;
}

static gboolean apply(Return *one, GError **error) {
  if (one->reader == NULL) {
    return TRUE; // had everything deleted
  }
  switch (one->outcome->kind) {
  case BOUNCE_HARD:
    return suppress_reader(one, SUPPRESSION_BOUNCED, error);
  case BOUNCE_SOFT:
    return count_one(one, error);
  case BOUNCE_COMPLAINT:
    return leave(one, 0, error) && suppress_reader(one, SUPPRESSION_COMPLAINED, error);
  case BOUNCE_WISH:
    return leave(one, one->outcome->mailing_id, error);
  case BOUNCE_AUTOMATIC:
  case BOUNCE_UNKNOWN:
    return TRUE;
  }
  g_assert_not_reached();
}

// One of a kind about a letter is enough, so that nobody fills the table with the same token. A
// wish to leave is granted each time: the reader may have come back meanwhile.
static gboolean was_counted(Return *one, gboolean *ret_was, GError **error) {
  *ret_was = FALSE;
  return one->outcome->mailing_id == 0 || one->reader == NULL ||
         bounce_rows_has(one->change.transaction, one->outcome->mailing_id,
                         one->outcome->subscriber_id, one->outcome->kind, ret_was, error);
}

static gboolean take_known(Return *one, GError **error) {
  gboolean counted = FALSE;
  gboolean new = FALSE;
  if (one->outcome->kind != BOUNCE_WISH) {
    if (!was_counted(one, &counted, error) ||
        (!counted && !keep(one, one->outcome->kind, &new, error))) {
      return FALSE;
    }
    if (!new) {
      one->outcome->result = RETURN_REPEATED;
      return TRUE;
    }
  }
  one->outcome->result = one->outcome->kind == BOUNCE_UNKNOWN ? RETURN_UNKNOWN : RETURN_COUNTED;
  return mark_delivery(one, error) && apply(one, error) &&
         change_commit(&one->change, FALSE, error);
}

gboolean returns_take(Newsroom *newsroom, const ReturnedMail *mail, const char *way,
                      const ReturnLimits *limits, ReturnOutcome *ret_outcome, GError **error) {
  g_auto(Return) one = {.mail = mail, .way = way, .limits = limits, .outcome = ret_outcome};
  *ret_outcome = (ReturnOutcome){.kind = mail->kind};
  if (mail->kind == BOUNCE_AUTOMATIC) {
    ret_outcome->result = RETURN_AUTOMATIC;
    return TRUE;
  }
  if (!change_begin(&one.change, newsroom, error) || !find_reader(&one, error)) {
    return FALSE;
  }
  return one.known ? take_known(&one, error) : take_stranger(&one, error);
}
