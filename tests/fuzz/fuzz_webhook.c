// SPDX-License-Identifier: Apache-2.0
//
// Whatever a mail provider that was proved may say: the first byte chooses which, the rest is its
// event. Reading ends, and what comes out is within its bounds.
#include <string.h>

#include "base/clock.h"
#include "base/secret.h"
#include "web/webhooks.h"

#define NOW (G_GINT64_CONSTANT(1795435200) * CLOCK_SECOND)

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check(GPtrArray *reports) {
  for (guint i = 0; reports != NULL && i < reports->len; i++) {
    const ReturnedMail *mail = reports->pdata[i];
    g_assert(mail->vouched && strlen(mail->digest) == 64 && strlen(mail->status) < 16);
    g_assert(strlen(mail->reason) <= RETURNED_REASON_BYTES);
    g_assert(mail->tokens == NULL || mail->tokens->len <= RETURNED_TOKENS);
  }
}

// Mailgun signs the time and a word, not what it says.
static char *mailguns(const guint8 *data, gsize size) {
  g_autofree char *signature = secret_hmac_hex("key", SLICE_LITERAL("1795435200t"));
  g_autofree char *event = g_strndup((const char *)data, size);
  return g_strdup_printf("{\"signature\":{\"timestamp\":\"1795435200\",\"token\":\"t\","
                         "\"signature\":\"%s\"},\"event-data\":%s}",
                         signature, event);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size) {
  Webhooks webhooks = {.ses_topics = "arn:aws:sns:eu-west-1:1:x",
                       .postmark_password = "p",
                       .sendgrid_key = "",
                       .mailgun_key = "key"};
  if (size == 0) {
    return 0;
  }
  WebhookCall call = {.body = {(const char *)data + 1, size - 1},
                      .authorization = SLICE_LITERAL("Basic dTpw"), // u:p
                      .now = NOW};
  g_autoptr(GPtrArray) reports = NULL;
  g_autofree char *body = NULL;
  webhooks_init(&webhooks);
  switch (data[0] % 3) {
  case 0:
    reports = webhook_postmark(&webhooks, &call, NULL);
    break;
  case 1:
    body = mailguns(data + 1, size - 1);
    call.body = slice_of(body);
    reports = webhook_mailgun(&webhooks, &call, NULL);
    break;
  default: // nothing that is not signed is read further
    reports = webhook_ses(&webhooks, &call, NULL);
    g_assert(reports == NULL);
  }
  check(reports);
  webhooks_clear(&webhooks);
  return 0;
}
