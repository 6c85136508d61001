// SPDX-License-Identifier: Apache-2.0
//
// Implements subscriber.h: what is freed with what, and the names of enumerations.
#include "model/subscriber.h"

#include <string.h>

Subscriber *subscriber_new(void) {
  Subscriber *subscriber = g_new0(Subscriber, 1);
  char **texts[] = {&subscriber->address, &subscriber->address_key, &subscriber->name,
                    &subscriber->language, &subscriber->zone_name};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    *texts[i] = g_strdup("");
  }
  return subscriber;
}

void subscriber_free(Subscriber *subscriber) {
  if (subscriber != NULL) {
    g_free(subscriber->address);
    g_free(subscriber->address_key);
    g_free(subscriber->name);
    g_free(subscriber->language);
    g_free(subscriber->zone_name);
    g_free(subscriber);
  }
}

static gboolean is_blank(gunichar letter) {
  switch (g_unichar_type(letter)) {
  case G_UNICODE_CONTROL:
  case G_UNICODE_LINE_SEPARATOR:
  case G_UNICODE_PARAGRAPH_SEPARATOR:
  case G_UNICODE_SPACE_SEPARATOR:
  case G_UNICODE_SURROGATE:
  case G_UNICODE_UNASSIGNED:
    return TRUE;
  case G_UNICODE_FORMAT: // joiners belong to letters; directional marks do not
    return letter != 0x200C && letter != 0x200D;
  default:
    return FALSE;
  }
}

char *subscriber_clean_name(const char *text) {
  GString *clean = g_string_sized_new(strlen(text));
  guint characters = 0;
  gboolean blank = FALSE;
  for (; *text != '\0' && characters < SUBSCRIBER_NAME_CHARACTERS; text = g_utf8_next_char(text)) {
    gunichar letter = g_utf8_get_char(text);
    if (is_blank(letter)) {
      blank = clean->len > 0;
      continue;
    }
    if (blank && ++characters < SUBSCRIBER_NAME_CHARACTERS) {
      g_string_append_c(clean, ' ');
    }
    blank = FALSE;
    if (characters++ < SUBSCRIBER_NAME_CHARACTERS) {
      g_string_append_unichar(clean, letter);
    }
  }
  return g_strchomp(g_string_free(clean, FALSE));
}

Consent *consent_new(void) {
  Consent *consent = g_new0(Consent, 1);
  char **texts[] = {&consent->newsletters, &consent->wording, &consent->page,
                    &consent->network_hash};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    *texts[i] = g_strdup("");
  }
  return consent;
}

void consent_free(Consent *consent) {
  if (consent != NULL) {
    g_free(consent->newsletters);
    g_free(consent->wording);
    g_free(consent->page);
    g_free(consent->network_hash);
    g_free(consent);
  }
}

void policy_free(Policy *policy) {
  if (policy != NULL) {
    g_free(policy->title);
    g_free(policy->body);
    g_free(policy);
  }
}

Bounce *bounce_new(void) {
  Bounce *bounce = g_new0(Bounce, 1);
  char **texts[] = {&bounce->digest, &bounce->way, &bounce->address_hash, &bounce->status,
                    &bounce->reason};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    *texts[i] = g_strdup("");
  }
  return bounce;
}

void bounce_free(Bounce *bounce) {
  if (bounce != NULL) {
    g_free(bounce->digest);
    g_free(bounce->way);
    g_free(bounce->address_hash);
    g_free(bounce->status);
    g_free(bounce->reason);
    g_free(bounce);
  }
}

static const char *const SUBSCRIBER_STATUSES[] = {[SUBSCRIBER_PENDING] = "pending",
                                                  [SUBSCRIBER_ACTIVE] = "active",
                                                  [SUBSCRIBER_SUPPRESSED] = "suppressed"};

const char *subscriber_status_name(SubscriberStatus status) {
  return (guint)status < G_N_ELEMENTS(SUBSCRIBER_STATUSES) ? SUBSCRIBER_STATUSES[status]
                                                           : "unknown";
}

gboolean subscriber_status_parse(const char *name, SubscriberStatus *ret_status) {
  for (guint i = 0; i < G_N_ELEMENTS(SUBSCRIBER_STATUSES); i++) {
    if (g_strcmp0(name, SUBSCRIBER_STATUSES[i]) == 0) {
      *ret_status = (SubscriberStatus)i;
      return TRUE;
    }
  }
  return FALSE;
}

static const char *const SUPPRESSION_REASONS[] = {[SUPPRESSION_BOUNCED] = "bounced",
                                                  [SUPPRESSION_COMPLAINED] = "complained",
                                                  [SUPPRESSION_ERASED] = "erased",
                                                  [SUPPRESSION_MANUAL] = "manual",
                                                  [SUPPRESSION_IMPORTED] = "imported"};

const char *suppression_reason_name(SuppressionReason reason) {
  return (guint)reason < G_N_ELEMENTS(SUPPRESSION_REASONS) ? SUPPRESSION_REASONS[reason]
                                                           : "unknown";
}

gboolean suppression_reason_parse(const char *name, SuppressionReason *ret_reason) {
  for (guint i = 0; i < G_N_ELEMENTS(SUPPRESSION_REASONS); i++) {
    if (g_strcmp0(name, SUPPRESSION_REASONS[i]) == 0) {
      *ret_reason = (SuppressionReason)i;
      return TRUE;
    }
  }
  return FALSE;
}

static const char *const BOUNCE_KINDS[] = {
    [BOUNCE_HARD] = "hard",           [BOUNCE_SOFT] = "soft",
    [BOUNCE_COMPLAINT] = "complaint", [BOUNCE_AUTOMATIC] = "automatic",
    [BOUNCE_UNKNOWN] = "unknown",     [BOUNCE_WISH] = "unsubscribe"};

const char *bounce_kind_name(BounceKind kind) {
  return (guint)kind < G_N_ELEMENTS(BOUNCE_KINDS) ? BOUNCE_KINDS[kind] : "unknown";
}
