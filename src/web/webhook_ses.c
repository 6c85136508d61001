// SPDX-License-Identifier: Apache-2.0
//
// Implements webhook_ses (webhooks.h): messages of Amazon SNS, with what SES says in them. A
// message counts if its topic is one of those configured - anyone can have a topic, and SNS signs
// for all of them - and if the certificate that it names is SNS's own and fits.
#include <string.h>

#include "base/signature.h"
#include "web/problem.h"
#include "web/webhooks.h"

#define CERTIFICATES_KEPT 8

// "https://sns.eu-west-1.amazonaws.com/" and what follows it; NULL if it leads anywhere else. Not
// "anything.amazonaws.com": buckets have such names, and everybody's files are in them.
static const char *after_sns_host(const char *url) {
  static const char *const HOSTS[] = {".amazonaws.com/", ".amazonaws.com.cn/"};
  if (!g_str_has_prefix(url, "https://sns.")) {
    return NULL;
  }
  const char *region = url + strlen("https://sns.");
  gsize length = strspn(region, "abcdefghijklmnopqrstuvwxyz0123456789-");
  for (gsize i = 0; length > 0 && i < G_N_ELEMENTS(HOSTS); i++) {
    if (g_str_has_prefix(region + length, HOSTS[i])) {
      return region + length + strlen(HOSTS[i]);
    }
  }
  return NULL;
}

// "SimpleNotificationService-0123abcd.pem"
static gboolean is_certificate_url(const char *url) {
  static const char NAME[] = "SimpleNotificationService-";
  const char *file = after_sns_host(url);
  if (file == NULL || !g_str_has_prefix(file, NAME)) {
    return FALSE;
  }
  file += strlen(NAME);
  gsize length = strspn(file, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
  return length > 0 && strcmp(file + length, ".pem") == 0;
}

static gboolean is_topic_of(const Webhooks *webhooks, const char *topic) {
  g_auto(GStrv) topics = g_strsplit(webhooks->ses_topics, ",", -1);
  for (guint i = 0; topics[i] != NULL; i++) {
    if (*topic != '\0' && strcmp(g_strstrip(topics[i]), topic) == 0) {
      return TRUE;
    }
  }
  return FALSE;
}

// Fetched once; the lock is held meanwhile, so that a crowd of calls asks once.
static GBytes *certificate(Webhooks *webhooks, const char *url, GError **error) {
  g_mutex_lock(&webhooks->lock);
  GBytes *known = g_hash_table_lookup(webhooks->certificates, url);
  GBytes *bytes = known != NULL ? g_bytes_ref(known) : NULL;
  g_autoptr(GError) failure = NULL;
  if (bytes == NULL) {
    bytes = webhooks->fetch(url, webhooks->data, &failure);
    if (bytes != NULL) {
      if (g_hash_table_size(webhooks->certificates) >= CERTIFICATES_KEPT) {
        g_hash_table_remove_all(webhooks->certificates);
      }
      g_hash_table_insert(webhooks->certificates, g_strdup(url), g_bytes_ref(bytes));
    }
  }
  g_mutex_unlock(&webhooks->lock);
  if (bytes == NULL) {
    g_set_error(error, WEB_ERROR, WEB_ERROR_UNAVAILABLE, "SNS's certificate can't be had: %s",
                failure->message);
  }
  return bytes;
}

// What SNS signs: names and values of certain members, each on a line of its own.
static GString *signed_text(const JsonValue *message, const char *type) {
  static const char *const NOTIFICATION[] = {"Message",  "MessageId", "Subject", "Timestamp",
                                             "TopicArn", "Type",      NULL};
  static const char *const CONFIRMATION[] = {"Message", "MessageId", "SubscribeURL", "Timestamp",
                                             "Token",   "TopicArn",  "Type",         NULL};
  const char *const *names = strcmp(type, "Notification") == 0 ? NOTIFICATION : CONFIRMATION;
  GString *text = g_string_new(NULL);
  for (; *names != NULL; names++) {
    const char *value = json_value_text(json_value_member(message, *names));
    if (value != NULL) {
      g_string_append_printf(text, "%s\n%s\n", *names, value);
    }
  }
  return text;
}

static gboolean is_signed(Webhooks *webhooks, const JsonValue *message, gint64 now,
                          GError **error) {
  gsize length = 0;
  const char *url = webhook_text(message, "SigningCertURL");
  const char *version = webhook_text(message, "SignatureVersion");
  gboolean two = strcmp(version, "2") == 0;
  if (!is_certificate_url(url) || (!two && strcmp(version, "1") != 0)) {
    return webhook_refuse(error, WEB_ERROR_FORBIDDEN, "the certificate is not one of SNS's") !=
           NULL;
  }
  g_autoptr(GBytes) pem = certificate(webhooks, url, error);
  if (pem == NULL) {
    return FALSE;
  }
  GString *text = signed_text(message, webhook_text(message, "Type"));
  g_autofree guint8 *signature = g_base64_decode(webhook_text(message, "Signature"), &length);
  gboolean right = signature_by_certificate(
      slice_of_bytes(pem), two ? SIGNATURE_SHA256 : SIGNATURE_SHA1, (Slice){text->str, text->len},
      (Slice){(const char *)signature, length}, now);
  g_string_free(text, TRUE);
  return right || webhook_refuse(error, WEB_ERROR_FORBIDDEN, "the signature is not SNS's") != NULL;
}

// ---- what SES says ------------------------------------------------------------------------------

static BounceKind bounce_kind(const JsonValue *bounce, const JsonValue *recipient) {
  const char *type = webhook_text(bounce, "bounceType");
  const char *status = webhook_text(recipient, "status");
  BounceKind kind =
      returned_mail_classify(0, status, slice_of(webhook_text(recipient, "diagnosticCode")));
  if (strcmp(type, "Transient") == 0) {
    return BOUNCE_SOFT;
  }
  if (strcmp(type, "Permanent") != 0) {
    return BOUNCE_UNKNOWN;
  }
  return kind == BOUNCE_SOFT && g_str_has_prefix(status, "5.7.") ? BOUNCE_SOFT : BOUNCE_HARD;
}

// `list`: of recipients; `about`: the member with the event's number and type.
static void take_recipients(GPtrArray *reports, const JsonValue *event, const JsonValue *about,
                            const char *list) {
  const JsonValue *recipients = json_value_member(about, list);
  gboolean complaint = strcmp(list, "complainedRecipients") == 0;
  gboolean praise = strcmp(webhook_text(about, "complaintFeedbackType"), "not-spam") == 0;
  for (guint i = 0; i < json_value_count(recipients); i++) {
    const JsonValue *one = json_value_item(recipients, i);
    BounceKind kind = praise      ? BOUNCE_AUTOMATIC
                      : complaint ? BOUNCE_COMPLAINT
                                  : bounce_kind(about, one);
    // The letter's tokens name one reader: they count only where one recipient is named.
    ReturnedMail *mail = webhook_report(json_value_count(recipients) == 1 ? event : one, kind,
                                        webhook_text(one, "emailAddress"));
    const char *words = webhook_text(one, "diagnosticCode");
    webhook_set_status(mail, webhook_text(one, "status"));
    returned_mail_set_reason(
        mail, slice_of(*words != '\0' ? words : webhook_text(about, "bounceSubType")));
    webhook_set_digest(mail, "ses", webhook_text(about, "feedbackId"));
    g_ptr_array_add(reports, mail);
  }
}

static GPtrArray *read_event(const char *text, GError **error) {
  g_autoptr(JsonValue) event = webhook_json(slice_of(text), error);
  if (event == NULL) {
    return NULL;
  }
  GPtrArray *reports = webhook_reports_new();
  take_recipients(reports, event, json_value_member(event, "bounce"), "bouncedRecipients");
  take_recipients(reports, event, json_value_member(event, "complaint"), "complainedRecipients");
  return reports;
}

// The topic is one that the newspaper's keeper named: what SNS asks is answered.
static GPtrArray *confirm(Webhooks *webhooks, const JsonValue *message, GError **error) {
  g_autoptr(GError) failure = NULL;
  const char *url = webhook_text(message, "SubscribeURL");
  if (after_sns_host(url) == NULL) {
    return webhook_refuse(error, WEB_ERROR_FORBIDDEN, "the confirmation does not lead to SNS");
  }
  g_autoptr(GBytes) answer = webhooks->fetch(url, webhooks->data, &failure);
  if (answer == NULL) {
    return webhook_refuse(error, WEB_ERROR_UNAVAILABLE, failure->message);
  }
  return webhook_reports_new();
}

GPtrArray *webhook_ses(Webhooks *webhooks, const WebhookCall *call, GError **error) {
  if (*webhooks->ses_topics == '\0') {
    return webhook_refuse(error, WEB_ERROR_NOT_FOUND, "no ses_topics are configured");
  }
  g_autoptr(JsonValue) message = webhook_json(call->body, error);
  if (message == NULL) {
    return NULL;
  }
  const char *type = webhook_text(message, "Type");
  if (!is_topic_of(webhooks, webhook_text(message, "TopicArn"))) {
    return webhook_refuse(error, WEB_ERROR_FORBIDDEN, "the topic is none of ses_topics");
  }
  if (!is_signed(webhooks, message, call->now, error)) {
    return NULL;
  }
  if (strcmp(type, "Notification") == 0) {
    return read_event(webhook_text(message, "Message"), error);
  }
  if (strcmp(type, "SubscriptionConfirmation") == 0) {
    return confirm(webhooks, message, error);
  }
  return webhook_reports_new(); // UnsubscribeConfirmation
}
