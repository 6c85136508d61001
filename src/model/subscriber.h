// SPDX-License-Identifier: Apache-2.0
//
// A reader with an address, the proof of their consent, and what they asked for. Pure structs;
// strings are never NULL unless said.
#pragma once

#include <glib.h>

typedef enum SubscriberStatus {
  SUBSCRIBER_PENDING = 0,   // asked for, not confirmed: gets the confirmation only
  SUBSCRIBER_ACTIVE = 1,    // confirmed
  SUBSCRIBER_SUPPRESSED = 2 // bounced, complained, or on the list: gets nothing
} SubscriberStatus;
const char *subscriber_status_name(SubscriberStatus status); // "pending" …
gboolean subscriber_status_parse(const char *name, SubscriberStatus *ret_status);

typedef enum SubscriptionStatus {
  SUBSCRIPTION_PENDING = 0, // until the reader confirms
  SUBSCRIPTION_ACTIVE = 1,
  SUBSCRIPTION_LEFT = 2
} SubscriptionStatus;

typedef enum ConsentKind {
  CONSENT_REQUESTED = 0, // the form was sent
  CONSENT_CONFIRMED = 1, // the button in the confirmation was pressed
  CONSENT_IMPORTED = 2,
  CONSENT_CHANGED = 3,   // newsletters on or off, on the reader's own page
  CONSENT_WITHDRAWN = 4, // unsubscribed
  CONSENT_TRACKING = 5   // opens and clicks, yes or no
} ConsentKind;

typedef enum PolicyKind { POLICY_TERMS = 0, POLICY_PRIVACY = 1 } PolicyKind;
#define POLICY_KINDS 2

typedef enum SuppressionReason {
  SUPPRESSION_BOUNCED = 0,
  SUPPRESSION_COMPLAINED = 1,
  SUPPRESSION_ERASED = 2, // the reader had everything deleted
  SUPPRESSION_MANUAL = 3,
  SUPPRESSION_IMPORTED = 4
} SuppressionReason;
const char *suppression_reason_name(SuppressionReason reason); // "bounced" …
gboolean suppression_reason_parse(const char *name, SuppressionReason *ret_reason);

typedef enum BounceKind {
  BOUNCE_HARD = 0,
  BOUNCE_SOFT = 1,
  BOUNCE_COMPLAINT = 2,
  BOUNCE_AUTOMATIC = 3, // an absence note, a confirmation of receipt: nothing follows
  BOUNCE_UNKNOWN = 4,   // kept and shown, nobody is suppressed for it
  BOUNCE_WISH = 5       // no bounce: the reader asks to leave
} BounceKind;
const char *bounce_kind_name(BounceKind kind); // "hard" …

typedef enum ActivityKind { ACTIVITY_OPEN = 0, ACTIVITY_CLICK = 1 } ActivityKind;

typedef struct Subscriber {
  gint64 id;
  char *address, *address_key, *name, *language, *zone_name;
  SubscriberStatus status;
  gint64 paused_until, created_at, confirmed_at, active_at;
  gboolean tracking;
  guint soft_bounces;
  gint64 soft_since;
} Subscriber;
Subscriber *subscriber_new(void);
void subscriber_free(Subscriber *subscriber);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Subscriber, subscriber_free)

#define SUBSCRIBER_NAME_CHARACTERS 100
// A name as it is kept, of untrusted UTF-8: line breaks and other control characters (which would
// end a header field) and what turns the direction of writing around become blanks, runs of blanks
// one; cut at SUBSCRIBER_NAME_CHARACTERS. Caller frees.
char *subscriber_clean_name(const char *text);

typedef struct Subscription {
  gint64 newsletter_id, subscriber_id;
  SubscriptionStatus status;
  gint64 since, left_at;
  gint32 attachment; // model/newsletter.h: AttachmentChoice; of an edition
} Subscription;

typedef struct Consent {
  gint64 id, subscriber_id;
  ConsentKind kind;
  gint64 at;
  char *newsletters, *wording, *page, *network_hash;
  gint32 terms_version, privacy_version;
} Consent;
Consent *consent_new(void);
void consent_free(Consent *consent);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Consent, consent_free)

typedef struct Policy {
  PolicyKind kind;
  gint32 version; // from 1
  char *title, *body;
  gint64 published_at;
} Policy;
void policy_free(Policy *policy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Policy, policy_free)

typedef struct Bounce {
  gint64 id;
  char *digest, *way, *address_hash, *status, *reason;
  gint64 received_at, mailing_id, subscriber_id;
  BounceKind kind;
} Bounce;
Bounce *bounce_new(void);
void bounce_free(Bounce *bounce);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bounce, bounce_free)
