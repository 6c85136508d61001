// SPDX-License-Identifier: Apache-2.0
//
// What mail providers call: proved by keys that are made here, and refused when anything of the
// proof is another's; what is read out of them. Does not cover: HTTP
// (tests/system/test_webhooks.py).
#include "web/webhooks.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/json_writer.h"
#include "base/secret.h"
#include "newsroom/reader_links.h"
#include "web/problem.h"

#define NOW (G_GINT64_CONSTANT(1795435200) * CLOCK_SECOND) // 2026-11-23T12:00:00Z
#define TOPIC "arn:aws:sns:eu-west-1:123456789012:bounces"
#define CERTIFICATE                                                                                \
  "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem"
#define KEY "0123456789abcdef0123456789abcdef"

typedef struct Stage {
  Webhooks webhooks;
  EVP_PKEY *rsa, *other, *p256;
  GBytes *certificate;
  GPtrArray *fetched; // char *
  gboolean gone;      // nothing can be fetched
  char *p256_key;
} Stage;

static GBytes *fetch(const char *url, gpointer data, GError **error) {
  Stage *stage = data;
  g_ptr_array_add(stage->fetched, g_strdup(url));
  if (stage->gone) {
    g_set_error_literal(error, WEB_ERROR, WEB_ERROR_UNAVAILABLE, "no route");
    return NULL;
  }
  return g_bytes_ref(stage->certificate);
}

// From a day before NOW, for two days; its own signature is nobody's matter.
static GBytes *make_certificate(EVP_PKEY *key) {
  X509 *certificate = X509_new();
  time_t from = (time_t)(NOW / CLOCK_SECOND) - 86400;
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_time_adj_ex(X509_getm_notBefore(certificate), 0, 0, &from);
  X509_time_adj_ex(X509_getm_notAfter(certificate), 2, 0, &from);
  X509_set_pubkey(certificate, key);
  X509_sign(certificate, key, EVP_sha256());
  BIO *sink = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(sink, certificate);
  char *data = NULL;
  long length = BIO_get_mem_data(sink, &data);
  GBytes *pem = g_bytes_new(data, (gsize)length);
  BIO_free(sink);
  X509_free(certificate);
  return pem;
}

static char *sign(EVP_PKEY *key, const EVP_MD *digest, const char *text) {
  guint8 bytes[1024];
  gsize length = sizeof bytes;
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  assert_int_equal(EVP_DigestSignInit(context, NULL, digest, NULL, key), 1);
  assert_int_equal(EVP_DigestSign(context, bytes, &length, (const guint8 *)text, strlen(text)), 1);
  EVP_MD_CTX_free(context);
  return g_base64_encode(bytes, length);
}

static int set_up(void **state) {
  Stage *stage = g_new0(Stage, 1);
  stage->rsa = EVP_RSA_gen(2048);
  stage->other = EVP_RSA_gen(2048);
  stage->p256 = EVP_EC_gen("P-256");
  stage->certificate = make_certificate(stage->rsa);
  stage->fetched = g_ptr_array_new_with_free_func(g_free);
  guint8 *spki = NULL;
  int length = i2d_PUBKEY(stage->p256, &spki);
  stage->p256_key = g_base64_encode(spki, (gsize)length);
  OPENSSL_free(spki);
  stage->webhooks = (Webhooks){.ses_topics = "arn:aws:sns:us-east-1:1:x, " TOPIC,
                               .postmark_password = "a long password",
                               .sendgrid_key = stage->p256_key,
                               .mailgun_key = "mailgun key",
                               .fetch = fetch,
                               .data = stage};
  webhooks_init(&stage->webhooks);
  *state = stage;
  return 0;
}

static int tear_down(void **state) {
  Stage *stage = *state;
  webhooks_clear(&stage->webhooks);
  EVP_PKEY_free(stage->rsa);
  EVP_PKEY_free(stage->other);
  EVP_PKEY_free(stage->p256);
  g_bytes_unref(stage->certificate);
  g_ptr_array_unref(stage->fetched);
  g_free(stage->p256_key);
  g_free(stage);
  return 0;
}

// ---- SNS ----------------------------------------------------------------------------------------

typedef struct Sns {
  const char *type, *topic, *message, *subject, *url, *version, *subscribe;
  EVP_PKEY *key;              // NULL: the stage's
  const char *change_message; // after signing
} Sns;

static char *sns(Stage *stage, const Sns *sns) {
  gboolean notification = strcmp(sns->type, "Notification") == 0;
  g_autoptr(GString) text = g_string_new(NULL);
  g_string_append_printf(text, "Message\n%s\nMessageId\nid-1\n", sns->message);
  if (notification && sns->subject != NULL) {
    g_string_append_printf(text, "Subject\n%s\n", sns->subject);
  }
  if (!notification) {
    g_string_append_printf(text, "SubscribeURL\n%s\n", sns->subscribe);
  }
  g_string_append(text, "Timestamp\n2026-11-23T12:00:00.000Z\n");
  if (!notification) {
    g_string_append(text, "Token\ntoken-1\n");
  }
  g_string_append_printf(text, "TopicArn\n%s\nType\n%s\n", sns->topic, sns->type);
  g_autofree char *signature =
      sign(sns->key != NULL ? sns->key : stage->rsa,
           strcmp(sns->version, "1") == 0 ? EVP_sha1() : EVP_sha256(), text->str);
  GString *out = g_string_new(NULL);
  JsonWriter json;
  json_begin(&json, out);
  json_object(&json);
  json_string_member(&json, "Type", sns->type);
  json_string_member(&json, "MessageId", "id-1");
  json_string_member(&json, "TopicArn", sns->topic);
  json_string_member(&json, "Subject", sns->subject);
  json_string_member(&json, "Message",
                     sns->change_message != NULL ? sns->change_message : sns->message);
  json_string_member(&json, "Timestamp", "2026-11-23T12:00:00.000Z");
  json_string_member(&json, "SignatureVersion", sns->version);
  json_string_member(&json, "Signature", signature);
  json_string_member(&json, "SigningCertURL", sns->url);
  json_string_member(&json, "SubscribeURL", sns->subscribe);
  json_string_member(&json, "Token", notification ? NULL : "token-1");
  json_end_object(&json);
  return g_string_free(out, FALSE);
}

static GPtrArray *call(Stage *stage, WebhookReader read, WebhookCall call, GError **error) {
  call.now = call.now != 0 ? call.now : NOW;
  GPtrArray *reports = read(&stage->webhooks, &call, error);
  assert_true((reports == NULL) == (*error != NULL));
  return reports;
}

static void refused(Stage *stage, WebhookReader read, WebhookCall arguments, WebError code) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) reports = call(stage, read, arguments, &error);
  assert_null(reports);
  if (!g_error_matches(error, WEB_ERROR, (gint)code)) {
    fail_msg("%d instead of %d: %s", error->code, code, error->message);
  }
}

static GPtrArray *taken(Stage *stage, WebhookReader read, WebhookCall arguments) {
  g_autoptr(GError) error = NULL;
  GPtrArray *reports = call(stage, read, arguments, &error);
  if (reports == NULL) {
    fail_msg("%s", error->message);
  }
  return reports;
}

static gboolean names_reader(const ReturnedMail *mail, ReturnedTokenKind kind, int purpose) {
  for (guint i = 0; mail->tokens != NULL && i < mail->tokens->len; i++) {
    const ReturnedToken *token = mail->tokens->pdata[i];
    gint64 mailing = 0;
    gint64 reader = 0;
    if (token->kind == kind &&
        reader_token_read(KEY, (ReaderPurpose)purpose, token->text, &mailing, &reader) &&
        mailing == 7 && reader == 42) {
      return TRUE;
    }
  }
  return FALSE;
}

static char *ses_bounce(const char *type, const char *status, const char *words) {
  g_autofree char *token = reader_token(KEY, READER_BOUNCE, 7, 42);
  return g_strdup_printf(
      "{\"notificationType\":\"Bounce\",\"bounce\":{\"feedbackId\":\"f-1\",\"bounceType\":\"%s\","
      "\"bounceSubType\":\"General\",\"bouncedRecipients\":[{\"emailAddress\":\"anna@example.org\","
      "\"action\":\"failed\",\"status\":\"%s\",\"diagnosticCode\":\"smtp; 550 %s %s\"}]},"
      "\"mail\":{\"source\":\"bounces+%s@courier.example\",\"messageId\":\"0102\"}}",
      type, status, status, words, token);
}

static void test_ses(void **state) {
  Stage *stage = *state;
  static const struct {
    const char *type, *status, *words;
    BounceKind kind;
  } CASES[] = {{"Permanent", "5.1.1", "user unknown", BOUNCE_HARD},
               {"Permanent", "", "", BOUNCE_HARD},
               {"Permanent", "5.7.1", "blocked using a blocklist", BOUNCE_SOFT},
               {"Transient", "5.2.2", "mailbox full", BOUNCE_SOFT},
               {"Undetermined", "", "", BOUNCE_UNKNOWN}};
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    for (int version = 1; version <= 2; version++) {
      g_autofree char *event = ses_bounce(CASES[i].type, CASES[i].status, CASES[i].words);
      g_autofree char *body = sns(stage, &(Sns){.type = "Notification",
                                                .topic = TOPIC,
                                                .message = event,
                                                .subject = i % 2 == 0 ? "Amazon SES" : NULL,
                                                .url = CERTIFICATE,
                                                .version = version == 1 ? "1" : "2"});
      g_autoptr(GPtrArray) reports =
          taken(stage, webhook_ses, (WebhookCall){.body = slice_of(body)});
      assert_int_equal(reports->len, 1);
      const ReturnedMail *mail = reports->pdata[0];
      assert_int_equal(mail->kind, CASES[i].kind);
      assert_true(mail->vouched);
      assert_string_equal(mail->address, "anna@example.org");
      assert_true(names_reader(mail, RETURNED_TOKEN_ENVELOPE, READER_BOUNCE));
    }
  }
  assert_int_equal(stage->fetched->len, 1); // the certificate is kept
}

static void test_ses_complaint(void **state) {
  Stage *stage = *state;
  static const char EVENT[] =
      "{\"eventType\":\"Complaint\",\"complaint\":{\"feedbackId\":\"f-2\",\"complainedRecipients\":"
      "[{\"emailAddress\":\"a@example.org\"},{\"emailAddress\":\"b@example.org\"}],"
      "\"complaintFeedbackType\":\"abuse\"},\"mail\":{}}";
  static const char DELIVERY[] = "{\"eventType\":\"Delivery\",\"mail\":{},\"delivery\":{}}";
  Sns message = {
      .type = "Notification", .topic = TOPIC, .message = EVENT, .url = CERTIFICATE, .version = "1"};
  g_autofree char *body = sns(stage, &message);
  g_autoptr(GPtrArray) reports = taken(stage, webhook_ses, (WebhookCall){.body = slice_of(body)});
  assert_int_equal(reports->len, 2);
  const ReturnedMail *one = reports->pdata[0];
  const ReturnedMail *two = reports->pdata[1];
  assert_true(one->kind == BOUNCE_COMPLAINT && strcmp(one->digest, two->digest) != 0);
  message.message = DELIVERY;
  g_autofree char *delivered = sns(stage, &message);
  g_autoptr(GPtrArray) none = taken(stage, webhook_ses, (WebhookCall){.body = slice_of(delivered)});
  assert_int_equal(none->len, 0);
}

static void test_ses_forgeries(void **state) {
  Stage *stage = *state;
  static const char *const URLS[] = {
      "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123.pem",
      "https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-0123.pem",
      "https://evil.example/SimpleNotificationService-0123.pem",
      "https://sns.evil.s3.amazonaws.com/SimpleNotificationService-0123.pem",
      "https://evil.s3.amazonaws.com/SimpleNotificationService-0123.pem",
      "https://sns.eu-west-1.amazonaws.com@evil.example/SimpleNotificationService-0123.pem",
      "https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-0123.pem",
      "https://sns.eu-west-1.amazonaws.com/../x/SimpleNotificationService-0123.pem",
      "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123.pem?x=/a.pem",
      "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-.pem",
      "https://sns..amazonaws.com/SimpleNotificationService-0123.pem",
      "https://169.254.169.254/SimpleNotificationService-0123.pem",
      "file:///etc/ssl/certs/SimpleNotificationService-0123.pem",
      "",
  };
  Sns good = {
      .type = "Notification", .topic = TOPIC, .message = "{}", .url = CERTIFICATE, .version = "1"};
  for (gsize i = 0; i < G_N_ELEMENTS(URLS); i++) {
    Sns bad = good;
    bad.url = URLS[i];
    g_autofree char *body = sns(stage, &bad);
    refused(stage, webhook_ses, (WebhookCall){.body = slice_of(body)}, WEB_ERROR_FORBIDDEN);
  }
  assert_int_equal(stage->fetched->len, 0);
  Sns bad[] = {good, good, good, good, good};
  bad[0].key = stage->other;
  bad[1].change_message = "{\"a\":1}";
  bad[2].topic = "arn:aws:sns:eu-west-1:666666666666:bounces";
  bad[3].version = "3";
  bad[4].topic = "";
  for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autofree char *body = sns(stage, &bad[i]);
    refused(stage, webhook_ses, (WebhookCall){.body = slice_of(body)}, WEB_ERROR_FORBIDDEN);
  }
  g_autofree char *body = sns(stage, &good);
  WebhookCall late = {.body = slice_of(body), .now = NOW + 3 * CLOCK_DAY}; // the certificate's end
  refused(stage, webhook_ses, late, WEB_ERROR_FORBIDDEN);
  refused(stage, webhook_ses, (WebhookCall){.body = SLICE_LITERAL("no json")},
          WEB_ERROR_BAD_REQUEST);
  refused(stage, webhook_ses, (WebhookCall){.body = SLICE_LITERAL("[1]")}, WEB_ERROR_FORBIDDEN);
  refused(stage, webhook_ses, (WebhookCall){.body = {NULL, 0}}, WEB_ERROR_BAD_REQUEST);
}

static void test_ses_confirmation(void **state) {
  Stage *stage = *state;
  static const char GOOD[] =
      "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t";
  Sns message = {.type = "SubscriptionConfirmation",
                 .topic = TOPIC,
                 .message = "You have chosen",
                 .url = CERTIFICATE,
                 .version = "1",
                 .subscribe = GOOD};
  g_autofree char *body = sns(stage, &message);
  g_autoptr(GPtrArray) reports = taken(stage, webhook_ses, (WebhookCall){.body = slice_of(body)});
  assert_int_equal(reports->len, 0);
  assert_int_equal(stage->fetched->len, 2);
  assert_string_equal(stage->fetched->pdata[1], GOOD);
  message.subscribe = "https://10.0.0.1/?Action=ConfirmSubscription";
  g_autofree char *elsewhere = sns(stage, &message);
  refused(stage, webhook_ses, (WebhookCall){.body = slice_of(elsewhere)}, WEB_ERROR_FORBIDDEN);
  message.subscribe = GOOD;
  message.key = stage->other;
  g_autofree char *forged = sns(stage, &message);
  refused(stage, webhook_ses, (WebhookCall){.body = slice_of(forged)}, WEB_ERROR_FORBIDDEN);
  assert_int_equal(stage->fetched->len, 2);
  stage->gone = TRUE; // then SNS calls again
  refused(stage, webhook_ses, (WebhookCall){.body = slice_of(body)}, WEB_ERROR_UNAVAILABLE);
}

// ---- the others ---------------------------------------------------------------------------------

static void test_sendgrid(void **state) {
  Stage *stage = *state;
  g_autofree char *token = reader_token(KEY, READER_MESSAGE_ID, 7, 42);
  g_autofree char *body = g_strdup_printf(
      "[{\"email\":\"anna@example.org\",\"event\":\"bounce\",\"type\":\"bounce\",\"status\":\"5.1."
      "1\","
      "\"reason\":\"550 no such "
      "user\",\"sg_event_id\":\"e1\",\"smtp-id\":\"<%s@courier.example>\"},"
      "{\"email\":\"b@example.org\",\"event\":\"bounce\",\"type\":\"blocked\",\"status\":\"5.7.1\","
      "\"reason\":\"spam\",\"sg_event_id\":\"e2\"},"
      "{\"email\":\"c@example.org\",\"event\":\"spamreport\",\"sg_event_id\":\"e3\"},"
      "{\"email\":\"d@example.org\",\"event\":\"delivered\",\"sg_event_id\":\"e4\"},"
      "{\"email\":\"e@example.org\",\"event\":\"group_unsubscribe\",\"sg_event_id\":\"e5\"},"
      "{\"email\":\"f@example.org\",\"event\":\"dropped\",\"reason\":\"Bounced Address\"}, 17, "
      "null]",
      token);
  static const BounceKind KINDS[] = {BOUNCE_HARD, BOUNCE_SOFT, BOUNCE_COMPLAINT, BOUNCE_AUTOMATIC,
                                     BOUNCE_WISH, BOUNCE_HARD, BOUNCE_AUTOMATIC, BOUNCE_AUTOMATIC};
  g_autofree char *timed = g_strconcat("1795435100", body, NULL);
  g_autofree char *signature = sign(stage->p256, EVP_sha256(), timed);
  WebhookCall good = {.body = slice_of(body),
                      .signature = slice_of(signature),
                      .timestamp = SLICE_LITERAL("1795435100")};
  g_autoptr(GPtrArray) reports = taken(stage, webhook_sendgrid, good);
  assert_int_equal(reports->len, G_N_ELEMENTS(KINDS));
  for (guint i = 0; i < reports->len; i++) {
    assert_int_equal(((const ReturnedMail *)reports->pdata[i])->kind, KINDS[i]);
  }
  assert_true(names_reader(reports->pdata[0], RETURNED_TOKEN_MESSAGE_ID, READER_MESSAGE_ID));
  WebhookCall bad[] = {good, good, good, good, good, good};
  bad[0].timestamp = SLICE_LITERAL("1795435101");
  bad[1].signature = SLICE_LITERAL("AAAA");
  bad[2].signature = (Slice){NULL, 0};
  bad[3].body.length--;
  bad[4].now = NOW + 2 * CLOCK_DAY;
  bad[5].timestamp = (Slice){NULL, 0};
  for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
    refused(stage, webhook_sendgrid, bad[i], WEB_ERROR_FORBIDDEN);
  }
  stage->webhooks.sendgrid_key = "bm8ga2V5";
  refused(stage, webhook_sendgrid, good, WEB_ERROR_FORBIDDEN);
  stage->webhooks.sendgrid_key = "";
  refused(stage, webhook_sendgrid, good, WEB_ERROR_NOT_FOUND);
}

static char *mailgun(const char *key, const char *timestamp, const char *event) {
  g_autofree char *whole = g_strconcat(timestamp, "token-1", NULL);
  g_autofree char *signature = secret_hmac_hex(key, slice_of(whole));
  return g_strdup_printf("{\"signature\":{\"timestamp\":\"%s\",\"token\":\"token-1\","
                         "\"signature\":\"%s\"},\"event-data\":%s}",
                         timestamp, signature, event);
}

static void test_mailgun(void **state) {
  Stage *stage = *state;
  static const struct {
    const char *event;
    BounceKind kind;
  } CASES[] = {
      {"{\"event\":\"failed\",\"severity\":\"permanent\",\"reason\":\"bounce\",\"id\":\"m1\","
       "\"recipient\":\"a@example.org\",\"delivery-status\":{\"code\":550,\"message\":\"5.1.1 user "
       "unknown\",\"enhanced-code\":\"5.1.1\"}}",
       BOUNCE_HARD},
      {"{\"event\":\"failed\",\"severity\":\"permanent\",\"reason\":\"suppress-bounce\",\"id\":"
       "\"m2\",\"recipient\":\"a@example.org\",\"delivery-status\":{\"code\":605,\"message\":\"Not "
       "delivering to previously bounced address\"}}",
       BOUNCE_HARD},
      {"{\"event\":\"failed\",\"severity\":\"temporary\",\"id\":\"m3\"}", BOUNCE_AUTOMATIC},
      {"{\"event\":\"failed\",\"severity\":\"permanent\",\"reason\":\"old\",\"id\":\"m4\"}",
       BOUNCE_SOFT},
      {"{\"event\":\"complained\",\"id\":\"m5\",\"recipient\":\"a@example.org\"}",
       BOUNCE_COMPLAINT},
      {"{\"event\":\"unsubscribed\",\"id\":\"m6\",\"recipient\":\"a@example.org\"}", BOUNCE_WISH},
      {"{\"event\":\"opened\",\"id\":\"m7\"}", BOUNCE_AUTOMATIC},
      {"[]", BOUNCE_AUTOMATIC},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autofree char *body = mailgun("mailgun key", "1795435100", CASES[i].event);
    g_autoptr(GPtrArray) reports =
        taken(stage, webhook_mailgun, (WebhookCall){.body = slice_of(body)});
    assert_int_equal(((const ReturnedMail *)reports->pdata[0])->kind, CASES[i].kind);
    g_autofree char *forged = mailgun("another key", "1795435100", CASES[i].event);
    refused(stage, webhook_mailgun, (WebhookCall){.body = slice_of(forged)}, WEB_ERROR_FORBIDDEN);
    g_autofree char *old = mailgun("mailgun key", "1795000000", CASES[i].event);
    refused(stage, webhook_mailgun, (WebhookCall){.body = slice_of(old)}, WEB_ERROR_FORBIDDEN);
    g_autofree char *ahead = mailgun("mailgun key", "1795436000", CASES[i].event);
    refused(stage, webhook_mailgun, (WebhookCall){.body = slice_of(ahead)}, WEB_ERROR_FORBIDDEN);
  }
  refused(stage, webhook_mailgun, (WebhookCall){.body = SLICE_LITERAL("{}")}, WEB_ERROR_FORBIDDEN);
  refused(stage, webhook_mailgun, (WebhookCall){.body = SLICE_LITERAL("{")}, WEB_ERROR_BAD_REQUEST);
}

static char *basic(const char *pair) {
  g_autofree char *coded = g_base64_encode((const guchar *)pair, strlen(pair));
  return g_strconcat("Basic ", coded, NULL);
}

static void test_postmark(void **state) {
  Stage *stage = *state;
  static const struct {
    const char *event;
    BounceKind kind;
  } CASES[] = {
      {"{\"RecordType\":\"Bounce\",\"Type\":\"HardBounce\",\"ID\":1,\"Email\":\"a@example.org\"}",
       BOUNCE_HARD},
      {"{\"RecordType\":\"Bounce\",\"Type\":\"SoftBounce\",\"ID\":2}", BOUNCE_SOFT},
      {"{\"RecordType\":\"Bounce\",\"Type\":\"SpamNotification\",\"ID\":3}", BOUNCE_SOFT},
      {"{\"RecordType\":\"Bounce\",\"Type\":\"AutoResponder\",\"ID\":4}", BOUNCE_AUTOMATIC},
      {"{\"RecordType\":\"SpamComplaint\",\"ID\":5}", BOUNCE_COMPLAINT},
      {"{\"RecordType\":\"SubscriptionChange\",\"SuppressSending\":true,\"SuppressionReason\":"
       "\"ManualSuppression\",\"Recipient\":\"a@example.org\"}",
       BOUNCE_WISH},
      {"{\"RecordType\":\"SubscriptionChange\",\"SuppressSending\":false}", BOUNCE_AUTOMATIC},
      {"{\"RecordType\":\"Open\"}", BOUNCE_AUTOMATIC},
  };
  g_autofree char *right = basic("anyone:a long password");
  static const char *const WRONG[] = {
      "anyone:another", "a long password", "anyone:", ":", "", "anyone:a long password "};
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    WebhookCall good = {.body = slice_of(CASES[i].event), .authorization = slice_of(right)};
    g_autoptr(GPtrArray) reports = taken(stage, webhook_postmark, good);
    assert_int_equal(((const ReturnedMail *)reports->pdata[0])->kind, CASES[i].kind);
    for (gsize w = 0; w < G_N_ELEMENTS(WRONG); w++) {
      g_autofree char *wrong = basic(WRONG[w]);
      good.authorization = slice_of(wrong);
      refused(stage, webhook_postmark, good, WEB_ERROR_UNAUTHENTICATED);
    }
    good.authorization = (Slice){NULL, 0};
    refused(stage, webhook_postmark, good, WEB_ERROR_UNAUTHENTICATED);
  }
}

#define STAGED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      STAGED(test_ses),           STAGED(test_ses_complaint),
      STAGED(test_ses_forgeries), STAGED(test_ses_confirmation),
      STAGED(test_sendgrid),      STAGED(test_mailgun),
      STAGED(test_postmark),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
