// SPDX-License-Identifier: Apache-2.0
//
// Implements dispatch_verdict.h. Called by dispatch_outcome.c. In doubt nobody is suppressed: a
// reader who is lost by a misread answer does not come back, one more bounce costs little.
#include "mail/dispatch_verdict.h"

#include <string.h>

#define PAUSE_FIRST (60 * (gint64)G_USEC_PER_SEC)
#define PAUSE_LONGEST (3600 * (gint64)G_USEC_PER_SEC)

typedef struct Rule {
  const char *status; // "1.1", or "7." for all that begin so
  Verdict verdict;
} Rule;

#define FAILS_FOR_ADDRESS                                                                          \
  { .kind = VERDICT_ADDRESS, .domain = VERDICT_NEWS_GOOD }
#define FAILS                                                                                      \
  { .kind = VERDICT_FAILED }
#define FAILS_FOR_US                                                                               \
  { .kind = VERDICT_FAILED, .counts = TRUE }

// After "5.". The first that fits.
static const Rule PERMANENT[] = {
    {"1.1", FAILS_FOR_ADDRESS},  // no such mailbox
    {"1.2", FAILS_FOR_ADDRESS},  // no such system
    {"1.3", FAILS_FOR_ADDRESS},  // no such form of address
    {"1.6", FAILS_FOR_ADDRESS},  // moved away
    {"1.10", FAILS_FOR_ADDRESS}, // the domain takes no mail (RFC 7505)
    {"1.7", {.kind = VERDICT_SENDER}},
    {"1.8", {.kind = VERDICT_SENDER}},
    {"1.9", FAILS},
    {"1.", FAILS},
    {"2.1", FAILS_FOR_ADDRESS}, // switched off
    {"2.", FAILS},              // full, too long
    {"3.4", FAILS_FOR_US},      // too big
    {"3.", FAILS_FOR_US},
    {"4.4", FAILS_FOR_ADDRESS}, // no route: the name leads nowhere
    {"4.", FAILS},
    {"5.", FAILS_FOR_US}, // we were misunderstood
    {"6.7", FAILS},       // needs SMTPUTF8, which the relay has not: only such addresses
    {"6.", FAILS_FOR_US},
    {"7.8", {.kind = VERDICT_SENDER}},
    {"7.", FAILS_FOR_US}, // policy, reputation, authentication of what we send
};

// After "4.".
static const Rule TRANSIENT[] = {
    {"2.", {.kind = VERDICT_LATER}}, // this mailbox, this moment
    {"3.", {.kind = VERDICT_LATER, .relay_strained = TRUE}},
    {"4.", {.kind = VERDICT_LATER, .domain = VERDICT_NEWS_SLOW}},
    {"5.", {.kind = VERDICT_LATER, .domain = VERDICT_NEWS_SLOW}},
    {"7.", {.kind = VERDICT_LATER, .domain = VERDICT_NEWS_SLOW}},
};

static gboolean fits(const char *status, const char *pattern) {
  gsize length = strlen(pattern);
  return pattern[length - 1] == '.' ? strncmp(status, pattern, length) == 0
                                    : strcmp(status, pattern) == 0;
}

static const Verdict *find(const Rule *rules, gsize count, const char *status) {
  for (gsize i = 0; i < count; i++) {
    if (fits(status, rules[i].status)) {
      return &rules[i].verdict;
    }
  }
  return NULL;
}

static gboolean has_word(const char *text, const char *const *words) {
  g_autofree char *lower = g_ascii_strdown(text, -1);
  for (; *words != NULL; words++) {
    if (strstr(lower, *words) != NULL) {
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean is_about_us(const char *text) {
  static const char *const WORDS[] = {
      "spam",   "block", "policy", "blacklist", "denylist", "dnsbl",        " rbl",
      "reject", "spf",   "dkim",   "dmarc",     "relay",    "reputation",   "authenti",
      "denied", "abuse", "virus",  "content",   "banned",   "not authoriz", NULL};
  return has_word(text, WORDS);
}

static gboolean is_about_address(const char *text) {
  static const char *const WORDS[] = {"user unknown",
                                      "unknown user",
                                      "no such user",
                                      "no such recipient",
                                      "no such mailbox",
                                      "no such address",
                                      "no mailbox",
                                      "mailbox not found",
                                      "mailbox unavailable",
                                      "recipient not found",
                                      "unknown recipient",
                                      "recipient unknown",
                                      "does not exist",
                                      "doesn't exist",
                                      "not exist",
                                      "invalid recipient",
                                      "invalid mailbox",
                                      "invalid address",
                                      "user not found",
                                      "address unknown",
                                      "unknown address",
                                      "account disabled",
                                      "account has been disabled",
                                      "is disabled",
                                      "inactive user",
                                      "no account",
                                      NULL};
  return has_word(text, WORDS);
}

// Answers without an enhanced code.
static Verdict permanent_by_words(const SmtpOutcome *outcome) {
  const char *text = outcome->text != NULL ? outcome->text : "";
  gboolean at_recipient = outcome->stage == SMTP_STAGE_RECIPIENT;
  if (is_about_address(text) && outcome->stage >= SMTP_STAGE_RECIPIENT && outcome->code != 552) {
    return (Verdict)FAILS_FOR_ADDRESS;
  }
  if (!at_recipient || is_about_us(text)) {
    return (Verdict)FAILS_FOR_US;
  }
  return (Verdict)FAILS;
}

static Verdict permanent(const SmtpOutcome *outcome) {
  gboolean by_relay = outcome->code != 0;
  if (outcome->stage == SMTP_STAGE_SENDER && by_relay) {
    return (Verdict){.kind = VERDICT_SENDER};
  }
  if (outcome->code == 530 || outcome->code == 535) {
    return (Verdict){.kind = VERDICT_SENDER};
  }
  if (g_str_has_prefix(outcome->status, "5.") && strcmp(outcome->status, "5.0.0") != 0) {
    const Verdict *found = find(PERMANENT, G_N_ELEMENTS(PERMANENT), outcome->status + 2);
    return found != NULL ? *found : (Verdict)FAILS;
  }
  return permanent_by_words(outcome);
}

static Verdict transient(const SmtpOutcome *outcome) {
  if (g_str_has_prefix(outcome->status, "4.")) {
    const Verdict *found = find(TRANSIENT, G_N_ELEMENTS(TRANSIENT), outcome->status + 2);
    return found != NULL ? *found : (Verdict){.kind = VERDICT_LATER};
  }
  return (Verdict){.kind = VERDICT_LATER,
                   .domain = outcome->code == 451 ? VERDICT_NEWS_SLOW : VERDICT_NEWS_NONE,
                   .relay_strained = outcome->code == 452 || outcome->code == 454};
}

Verdict verdict_of_outcome(const SmtpOutcome *outcome) {
  switch (outcome->verdict) {
  case SMTP_ACCEPTED:
    return (Verdict){.kind = VERDICT_ACCEPTED, .domain = VERDICT_NEWS_GOOD};
  case SMTP_DEFERRED:
    return transient(outcome);
  case SMTP_REFUSED:
    return permanent(outcome);
  case SMTP_UNCERTAIN:
    return (Verdict){.kind = VERDICT_UNCERTAIN};
  case SMTP_NOT_SENT:
  default:
    return (Verdict){.kind = VERDICT_NOT_SENT, .relay_strained = outcome->code == 421};
  }
}

gint64 verdict_pause(guint attempts, gdouble chance) {
  guint doublings = MIN(attempts > 0 ? attempts - 1 : 0, 10);
  gint64 pause = MIN(PAUSE_FIRST << doublings, PAUSE_LONGEST);
  return pause * 3 / 4 + (gint64)((gdouble)pause / 2 * CLAMP(chance, 0, 1));
}
