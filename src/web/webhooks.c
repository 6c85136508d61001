// SPDX-License-Identifier: Apache-2.0
//
// Implements webhooks.h but for SES: Postmark, SendGrid and Mailgun. Their documents were read for
// what the fields mean; in doubt a failure is a passing one.
#include "web/webhooks.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/secret.h"
#include "base/signature.h"
#include "web/problem.h"

// Mailgun and SendGrid try again for hours, with the signature of the first time; a call that is
// repeated counts once anyway.
#define SIGNATURE_AGE (24 * 3600 * CLOCK_SECOND)
#define SIGNATURE_AHEAD (300 * CLOCK_SECOND)

void webhooks_init(Webhooks *webhooks) {
  g_mutex_init(&webhooks->lock);
  webhooks->certificates =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
}

void webhooks_clear(Webhooks *webhooks) {
  g_clear_pointer(&webhooks->certificates, g_hash_table_unref);
  g_mutex_clear(&webhooks->lock);
}

GPtrArray *webhook_reports_new(void) {
  return g_ptr_array_new_with_free_func((GDestroyNotify)returned_mail_free);
}

GPtrArray *webhook_refuse(GError **error, gint code, const char *why) {
  g_set_error_literal(error, WEB_ERROR, code, why);
  return NULL;
}

JsonValue *webhook_json(Slice body, GError **error) {
  g_autoptr(GError) failure = NULL;
  JsonValue *value = json_read(body, &failure);
  if (value == NULL) {
    g_set_error(error, WEB_ERROR, WEB_ERROR_BAD_REQUEST, "the body is no JSON: %s",
                failure->message);
  }
  return value;
}

const char *webhook_text(const JsonValue *object, const char *name) {
  const char *text = json_value_text(json_value_member(object, name));
  return text != NULL ? text : "";
}

static void add_tokens(ReturnedMail *mail, const JsonValue *value) {
  const char *text = json_value_text(value);
  if (text != NULL) {
    returned_mail_add_addresses(mail, slice_of(text), TRUE);
  }
  for (guint i = 0; value != NULL && value->items != NULL && i < value->items->len; i++) {
    add_tokens(mail, value->items->pdata[i]); // as deep as the reader let it be
  }
}

ReturnedMail *webhook_report(const JsonValue *event, BounceKind kind, const char *address) {
  ReturnedMail *mail = returned_mail_new();
  mail->kind = kind;
  mail->vouched = TRUE;
  g_free(mail->address);
  mail->address = g_strdup(address);
  add_tokens(mail, event);
  return mail;
}

void webhook_set_digest(ReturnedMail *mail, const char *provider, const char *id) {
  g_autofree char *whole =
      g_strdup_printf("%s\n%s\n%s\n%d", provider, id, mail->address, (int)mail->kind);
  g_free(mail->digest);
  mail->digest = secret_sha256_hex(slice_of(whole));
}

void webhook_set_status(ReturnedMail *mail, const char *status) {
  if (strlen(status) < 16 && strspn(status, "0123456789.") == strlen(status)) {
    g_free(mail->status);
    mail->status = g_strdup(status);
  }
}

static gboolean is_one_of(const char *word, const char *const *words) {
  return g_strv_contains(words, word);
}

static gboolean is_fresh(Slice seconds, gint64 now) {
  guint64 made = 0;
  if (!slice_parse_uint(seconds, G_MAXINT64 / CLOCK_SECOND, &made)) {
    return FALSE;
  }
  gint64 age = now - (gint64)made * CLOCK_SECOND;
  return age <= SIGNATURE_AGE && age >= -SIGNATURE_AHEAD;
}

// ---- Postmark -----------------------------------------------------------------------------------

// "Basic " and "user:password" in base64 (RFC 7617); the user does not matter.
static gboolean has_password(Slice authorization, const char *password) {
  gsize length = 0;
  if (authorization.length < 6 || authorization.length > 1024 ||
      g_ascii_strncasecmp(authorization.data, "Basic ", 6) != 0) {
    return FALSE;
  }
  g_autofree char *coded = slice_dup(slice_trim(slice_from(authorization, 6)));
  g_autofree guint8 *bytes = g_base64_decode(coded, &length);
  g_autofree char *pair = g_strndup((const char *)bytes, length);
  const char *colon = strchr(pair, ':');
  return colon != NULL && secret_equal(colon + 1, password);
}

static BounceKind postmark_kind(const JsonValue *event) {
  static const char *const HARD[] = {"HardBounce", "BadEmailAddress", "ManuallyDeactivated", NULL};
  static const char *const SOFT[] = {"SoftBounce",       "Transient", "DnsError",
                                     "SpamNotification", "Blocked",   "SMTPApiError",
                                     "DMARCPolicy",      NULL};
  const char *record = webhook_text(event, "RecordType");
  const char *type = webhook_text(event, "Type");
  if (strcmp(record, "SubscriptionChange") == 0) {
    const JsonValue *stopped = json_value_member(event, "SuppressSending");
    return json_value_integer(stopped) != 1                                      ? BOUNCE_AUTOMATIC
           : strcmp(webhook_text(event, "SuppressionReason"), "HardBounce") == 0 ? BOUNCE_HARD
           : strcmp(webhook_text(event, "SuppressionReason"), "SpamComplaint") == 0
               ? BOUNCE_COMPLAINT
               : BOUNCE_WISH;
  }
  if (strcmp(record, "SpamComplaint") == 0 || strcmp(type, "SpamComplaint") == 0) {
    return BOUNCE_COMPLAINT;
  }
  return strcmp(record, "Bounce") != 0      ? BOUNCE_AUTOMATIC
         : is_one_of(type, HARD)            ? BOUNCE_HARD
         : is_one_of(type, SOFT)            ? BOUNCE_SOFT
         : strcmp(type, "Unsubscribe") == 0 ? BOUNCE_WISH
                                            : BOUNCE_AUTOMATIC;
}

GPtrArray *webhook_postmark(Webhooks *webhooks, const WebhookCall *call, GError **error) {
  if (*webhooks->postmark_password == '\0') {
    return webhook_refuse(error, WEB_ERROR_NOT_FOUND, "no postmark_password is configured");
  }
  if (!has_password(call->authorization, webhooks->postmark_password)) {
    return webhook_refuse(error, WEB_ERROR_UNAUTHENTICATED, "the password is another one");
  }
  g_autoptr(JsonValue) event = webhook_json(call->body, error);
  if (event == NULL) {
    return NULL;
  }
  GPtrArray *reports = webhook_reports_new();
  const char *address = webhook_text(event, "Email");
  address = *address != '\0' ? address : webhook_text(event, "Recipient");
  ReturnedMail *mail = webhook_report(event, postmark_kind(event), address);
  const char *words = webhook_text(event, "Details");
  returned_mail_set_reason(mail,
                           slice_of(*words != '\0' ? words : webhook_text(event, "Description")));
  g_autofree char *id = g_strdup_printf(
      "%" G_GINT64_FORMAT " %s %s", json_value_integer(json_value_member(event, "ID")),
      webhook_text(event, "MessageID"), webhook_text(event, "ChangedAt"));
  webhook_set_digest(mail, "postmark", id);
  g_ptr_array_add(reports, mail);
  return reports;
}

// ---- SendGrid -----------------------------------------------------------------------------------

static BounceKind sendgrid_drop_kind(const char *reason) {
  return strstr(reason, "Spam Reporting") != NULL ? BOUNCE_COMPLAINT
         : strstr(reason, "Unsubscribed") != NULL ? BOUNCE_WISH
         : strstr(reason, "Bounced Address") != NULL || strstr(reason, "Invalid") != NULL
             ? BOUNCE_HARD
             : BOUNCE_SOFT;
}

static BounceKind sendgrid_kind(const JsonValue *event) {
  static const char *const LEFT[] = {"unsubscribe", "group_unsubscribe", NULL};
  const char *name = webhook_text(event, "event");
  const char *reason = webhook_text(event, "reason");
  if (strcmp(name, "spamreport") == 0) {
    return BOUNCE_COMPLAINT;
  }
  if (is_one_of(name, LEFT)) {
    return BOUNCE_WISH;
  }
  if (strcmp(name, "dropped") == 0) {
    return sendgrid_drop_kind(reason);
  }
  if (strcmp(name, "bounce") != 0) {
    return BOUNCE_AUTOMATIC;
  }
  if (strcmp(webhook_text(event, "type"), "blocked") == 0) {
    return BOUNCE_SOFT;
  }
  return strcmp(webhook_text(event, "bounce_classification"), "Invalid Address") == 0
             ? BOUNCE_HARD
             : returned_mail_classify(0, webhook_text(event, "status"), slice_of(reason));
}

static void take_sendgrid(GPtrArray *reports, const JsonValue *event) {
  ReturnedMail *mail = webhook_report(event, sendgrid_kind(event), webhook_text(event, "email"));
  const char *id = webhook_text(event, "sg_event_id");
  webhook_set_status(mail, webhook_text(event, "status"));
  returned_mail_set_reason(mail, slice_of(webhook_text(event, "reason")));
  webhook_set_digest(mail, "sendgrid", *id != '\0' ? id : webhook_text(event, "sg_message_id"));
  g_ptr_array_add(reports, mail);
}

GPtrArray *webhook_sendgrid(Webhooks *webhooks, const WebhookCall *call, GError **error) {
  gsize length = 0;
  if (*webhooks->sendgrid_key == '\0') {
    return webhook_refuse(error, WEB_ERROR_NOT_FOUND, "no sendgrid_key is configured");
  }
  g_autoptr(GString) signed_bytes = g_string_new(NULL);
  g_string_append_len(signed_bytes, call->timestamp.data != NULL ? call->timestamp.data : "",
                      (gssize)call->timestamp.length);
  g_string_append_len(signed_bytes, call->body.data != NULL ? call->body.data : "",
                      (gssize)call->body.length);
  g_autofree char *coded = slice_dup(slice_range(call->signature, 0, 1024));
  g_autofree guint8 *signature = g_base64_decode(coded, &length);
  if (!is_fresh(call->timestamp, call->now) ||
      !signature_by_p256(webhooks->sendgrid_key, (Slice){signed_bytes->str, signed_bytes->len},
                         (Slice){(const char *)signature, length})) {
    return webhook_refuse(error, WEB_ERROR_FORBIDDEN, "the signature is not SendGrid's");
  }
  g_autoptr(JsonValue) events = webhook_json(call->body, error);
  if (events == NULL) {
    return NULL;
  }
  GPtrArray *reports = webhook_reports_new();
  for (guint i = 0; i < json_value_count(events); i++) {
    take_sendgrid(reports, json_value_item(events, i));
  }
  return reports;
}

// ---- Mailgun ------------------------------------------------------------------------------------

static gboolean is_mailguns(const JsonValue *call, const char *key, gint64 now) {
  const JsonValue *signature = json_value_member(call, "signature");
  const char *timestamp = webhook_text(signature, "timestamp");
  const char *token = webhook_text(signature, "token");
  const char *given = webhook_text(signature, "signature");
  if (*token == '\0' || strlen(token) > 200 || !is_fresh(slice_of(timestamp), now)) {
    return FALSE;
  }
  g_autofree char *whole = g_strconcat(timestamp, token, NULL);
  g_autofree char *right = secret_hmac_hex(key, slice_of(whole));
  return secret_equal(given, right);
}

static BounceKind mailgun_failure_kind(const JsonValue *event, const JsonValue *status) {
  const char *reason = webhook_text(event, "reason");
  if (strcmp(webhook_text(event, "severity"), "permanent") != 0) {
    return BOUNCE_AUTOMATIC; // it goes on trying
  }
  if (strcmp(reason, "suppress-complaint") == 0) {
    return BOUNCE_COMPLAINT;
  }
  if (strcmp(reason, "suppress-unsubscribe") == 0) {
    return BOUNCE_WISH;
  }
  if (strcmp(reason, "suppress-bounce") == 0) {
    return BOUNCE_HARD;
  }
  if (strcmp(reason, "old") == 0) {
    return BOUNCE_SOFT; // it gave up
  }
  gint64 code = json_value_integer(json_value_member(status, "code"));
  g_autofree char *words = g_strdup_printf("%s %s", webhook_text(status, "message"),
                                           webhook_text(status, "description"));
  return returned_mail_classify(code >= 400 && code <= 599 ? (guint)code : 0,
                                webhook_text(status, "enhanced-code"), slice_of(words));
}

static BounceKind mailgun_kind(const JsonValue *event, const JsonValue *status) {
  const char *name = webhook_text(event, "event");
  return strcmp(name, "failed") == 0         ? mailgun_failure_kind(event, status)
         : strcmp(name, "complained") == 0   ? BOUNCE_COMPLAINT
         : strcmp(name, "unsubscribed") == 0 ? BOUNCE_WISH
                                             : BOUNCE_AUTOMATIC;
}

GPtrArray *webhook_mailgun(Webhooks *webhooks, const WebhookCall *call, GError **error) {
  if (*webhooks->mailgun_key == '\0') {
    return webhook_refuse(error, WEB_ERROR_NOT_FOUND, "no mailgun_key is configured");
  }
  g_autoptr(JsonValue) whole = webhook_json(call->body, error);
  if (whole == NULL) {
    return NULL;
  }
  if (!is_mailguns(whole, webhooks->mailgun_key, call->now)) {
    return webhook_refuse(error, WEB_ERROR_FORBIDDEN, "the signature is not Mailgun's");
  }
  const JsonValue *event = json_value_member(whole, "event-data");
  const JsonValue *status = json_value_member(event, "delivery-status");
  GPtrArray *reports = webhook_reports_new();
  ReturnedMail *mail =
      webhook_report(event, mailgun_kind(event, status), webhook_text(event, "recipient"));
  const char *words = webhook_text(status, "message");
  webhook_set_status(mail, webhook_text(status, "enhanced-code"));
  returned_mail_set_reason(mail,
                           slice_of(*words != '\0' ? words : webhook_text(status, "description")));
  webhook_set_digest(mail, "mailgun", webhook_text(event, "id"));
  g_ptr_array_add(reports, mail);
  return reports;
}
