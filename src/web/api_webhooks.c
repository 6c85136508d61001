// SPDX-License-Identifier: Apache-2.0
//
// The addresses that mail providers call: /webhooks/ses, /postmark, /sendgrid, /mailgun. A call
// that is proved and understood is answered 200 when what it says is committed; else the provider
// calls again. Nothing here is for browsers: no session, no cookie is looked at.
#include "newsroom/returns.h"
#include "web/problem.h"
#include "web/webhooks.h"
#include "web/website.h"

#define BODY_BYTES ((gsize)2 << 20) // SendGrid sends 768 kB at most, SNS 256

static WebhookCall call_of(const Request *request, const Website *website) {
  return (WebhookCall){
      .body = slice_of_bytes(request_body(request)),
      .authorization = request_header(request, "Authorization"),
      .signature = request_header(request, "X-Twilio-Email-Event-Webhook-Signature"),
      .timestamp = request_header(request, "X-Twilio-Email-Event-Webhook-Timestamp"),
      .now = clock_now(&website->newsroom->clock),
  };
}

static Response *ask_password(void) {
  Response *response = response_new_take(401, "text/plain; charset=utf-8",
                                         g_string_new("the password is another one\n"));
  response_add_header(response, "WWW-Authenticate", "Basic realm=\"webhooks\"");
  return response;
}

static Response *take(const Request *request, Website *website, WebhookReader read, const char *way,
                      GError **error) {
  g_autoptr(GError) failure = NULL;
  g_autoptr(GPtrArray) reports = NULL;
  WebhookCall call = call_of(request, website);
  if (website->webhooks == NULL) {
    webhook_refuse(&failure, WEB_ERROR_NOT_FOUND, "no webhooks are configured");
  } else {
    reports = read(website->webhooks, &call, &failure);
  }
  if (reports == NULL) {
    if (g_error_matches(failure, WEB_ERROR, WEB_ERROR_UNAUTHENTICATED)) {
      return ask_password();
    }
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
  }
  for (guint i = 0; i < reports->len; i++) {
    ReturnOutcome outcome;
    if (!returns_take(website->newsroom, reports->pdata[i], way, &website->webhooks->limits,
                      &outcome, error)) {
      return NULL;
    }
  }
  return response_new_take(200, "text/plain; charset=utf-8", g_string_new("taken\n"));
}

#define WEBHOOK(name)                                                                              \
  static Response *take_##name(const Request *request, Website *website, GError **error) {         \
    return take(request, website, webhook_##name, "webhook " #name, error);                        \
  }
WEBHOOK(ses)
WEBHOOK(postmark)
WEBHOOK(sendgrid)
WEBHOOK(mailgun)

#define ROW(name)                                                                                  \
  {                                                                                                \
    .method = HTTP_POST, .pattern = "/webhooks/" #name, .permission = PERMISSION_PUBLIC,           \
    .body_limit = BODY_BYTES, .handler = take_##name, .body = BODY_ANY, .waits = TRUE              \
  }

const Route WEBHOOK_ROUTES[] = {ROW(ses), ROW(postmark), ROW(sendgrid), ROW(mailgun)};
const guint WEBHOOK_ROUTE_COUNT = G_N_ELEMENTS(WEBHOOK_ROUTES);
