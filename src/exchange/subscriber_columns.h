// SPDX-License-Identifier: Apache-2.0
//
// What the columns of other people's lists of readers mean: by their headings, in several languages
// and as other programs export them (Mailchimp, Ghost, Substack, listmonk, Buttondown, MailPoet,
// phpList, CleverReach, Brevo …), and what stands in a column of states. For src/exchange only.
// Pure; any thread.
#pragma once

#include "base/slice.h"

typedef enum SubscriberColumn {
  COLUMN_UNKNOWN, // left alone
  COLUMN_ADDRESS,
  COLUMN_MAYBE_ADDRESS, // a mail address unless another column is one ("Address")
  COLUMN_NAME,
  COLUMN_FIRST_NAME,
  COLUMN_LAST_NAME,
  COLUMN_STATUS,
  COLUMN_MAYBE_STATUS, // where words that are no status mean something else ("State", "Type")
  COLUMN_NEWSLETTERS,
  COLUMN_LEFT, // newsletters that were left
  COLUMN_SECTIONS,
  COLUMN_LANGUAGE,
  COLUMN_ZONE,
  COLUMN_SIGNED_UP, // times
  COLUMN_CONFIRMED,
  COLUMN_LEFT_AT,
  COLUMN_BOUNCED_AT,
  COLUMN_PAUSED_UNTIL,
  COLUMN_IF_ON,     // yes: gets mail; no: has left
  COLUMN_IF_OFF,    // yes: has left
  COLUMN_IF_PROVED, // no: never confirmed
  COLUMN_IF_BOUNCED // yes, or a number above 0
} SubscriberColumn;

SubscriberColumn subscriber_column_of(Slice heading);
// The word for a column's meaning where one is chosen by hand: "address", "first_name", "ignore" …
const char *subscriber_column_kind(SubscriberColumn column);
gboolean subscriber_column_parse(const char *kind, SubscriberColumn *ret_column);

// From the least to the most that takes away: of several columns the greatest counts.
typedef enum SubscriberState {
  STATE_NONE, // nothing is said
  STATE_WANTED,
  STATE_PENDING, // never confirmed
  STATE_LEFT,
  STATE_BOUNCED,
  STATE_COMPLAINED,
  STATE_UNKNOWN // a word that we don't know
} SubscriberState;
SubscriberState subscriber_state_of(SubscriberColumn column, Slice value);
