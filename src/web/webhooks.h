// SPDX-License-Identifier: Apache-2.0
//
// What mail providers call to say that a letter came back: Amazon SES (by SNS), Postmark, SendGrid,
// Mailgun. Each call is proved first - by SNS's signature and the certificate it names, by HTTP
// basic authentication, by ECDSA, by HMAC - and then read; what it says is for newsroom/returns.
// Nothing is fetched but SNS's certificates and confirmations, and these from SNS's own hosts only.
// A provider whose key or topic the configuration does not name is not there (404). For
// web/api_webhooks.c; any thread.
#pragma once

#include "base/json_reader.h"
#include "model/returned_mail.h"
#include "newsroom/returns.h"

typedef struct Webhooks {
  const char *ses_topics; // ARNs, parted by commas; "" none, as all here
  const char *postmark_password, *sendgrid_key, *mailgun_key;
  ReturnLimits limits;
  // Bytes of a URL outside the network (base/fetch); NULL with error.
  GBytes *(*fetch)(const char *url, gpointer data, GError **error);
  gpointer data;
  GMutex lock;              // guards certificates; held while one is fetched
  GHashTable *certificates; // URL -> GBytes; made when needed
} Webhooks;
void webhooks_init(Webhooks *webhooks); // the lock
void webhooks_clear(Webhooks *webhooks);

// Of the request; slices are borrowed, data NULL where it has none.
typedef struct WebhookCall {
  Slice body;
  Slice authorization, signature, timestamp;
  gint64 now;
} WebhookCall;

// ReturnedMail * (none for what is no return); caller unrefs. NULL with a WEB_ERROR: NOT_FOUND not
// configured, UNAUTHENTICATED and FORBIDDEN not proved, BAD_REQUEST can't be read, UNAVAILABLE the
// certificate can't be had now.
typedef GPtrArray *(*WebhookReader)(Webhooks *webhooks, const WebhookCall *call, GError **error);
GPtrArray *webhook_ses(Webhooks *webhooks, const WebhookCall *call, GError **error);
GPtrArray *webhook_postmark(Webhooks *webhooks, const WebhookCall *call, GError **error);
GPtrArray *webhook_sendgrid(Webhooks *webhooks, const WebhookCall *call, GError **error);
GPtrArray *webhook_mailgun(Webhooks *webhooks, const WebhookCall *call, GError **error);

// ---- for web/webhook_*.c ------------------------------------------------------------------------
GPtrArray *webhook_reports_new(void);
// A vouched report of `kind` with the event's tokens: every text in `event` is looked through.
ReturnedMail *webhook_report(const JsonValue *event, BounceKind kind, const char *address);
// The event's own number, so that it counts once.
void webhook_set_digest(ReturnedMail *mail, const char *provider, const char *id);
void webhook_set_status(ReturnedMail *mail, const char *status); // kept if it is one
JsonValue *webhook_json(Slice body, GError **error);             // BAD_REQUEST
GPtrArray *webhook_refuse(GError **error, gint code, const char *why);
// A member's text, "" if there is none.
const char *webhook_text(const JsonValue *object, const char *name);
