// SPDX-License-Identifier: Apache-2.0
//
// Something that a reader signs up for, and when it goes out. Pure; any thread.
#pragma once

#include <glib.h>

typedef enum NewsletterKind {
  NEWSLETTER_DAILY = 0,
  NEWSLETTER_BREAKING = 1,
  NEWSLETTER_EDITION = 2
} NewsletterKind;
const char *newsletter_kind_name(NewsletterKind kind); // "daily" …
gboolean newsletter_kind_parse(const char *name, NewsletterKind *ret_kind);

// What is done with a delivery whose final dot left and whose answer was never seen.
typedef enum UncertainPolicy {
  UNCERTAIN_HOLD = 0, // shown, and left to a person
  UNCERTAIN_AGAIN = 1 // sent again with the same Message-ID
} UncertainPolicy;

// What of the edition a reader wants attached to its mail.
typedef enum AttachmentChoice {
  ATTACH_NOTHING = 0, // links only
  ATTACH_PDF = 1,
  ATTACH_EPUB = 2,
  ATTACHMENT_CHOICES
} AttachmentChoice;
const char *attachment_choice_name(AttachmentChoice choice); // "nothing" …
gboolean attachment_choice_parse(const char *name, AttachmentChoice *ret_choice);

typedef struct Newsletter {
  gint64 id;
  char *slug, *name, *description;
  NewsletterKind kind;
  gint32 position;
  gboolean offered;
  char *sender_name, *sender_address, *reply_to, *language, *zone_name;
  gint32 send_minute; // of the local day: 390 is 06:30
  guint32 send_days;  // bit 0 Monday … bit 6 Sunday
  gboolean local_hour;
  gboolean approval;
  char *template, *introduction;
  gint32 story_limit;
  char *section_ids; // "" all; "3,7"
  gint32 daily_cap;
  UncertainPolicy uncertain;
  gint32 lateness_minutes;
  gboolean tracking, active;
  gint64 created_at;
} Newsletter;
Newsletter *newsletter_new(void);
void newsletter_free(Newsletter *newsletter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Newsletter, newsletter_free)

// The instant of `send_minute` on the civil day (20261123) in `zone`; 0 if the newsletter does not
// go out on that weekday. A minute that the clocks skip is the first after the gap; one that comes
// twice is the first of the two.
gint64 newsletter_instant(const Newsletter *newsletter, gint32 day, GTimeZone *zone);
// "06:30" <-> 390. FALSE if it is no time of day.
gboolean newsletter_parse_minute(const char *text, gint32 *ret_minute);
// "mon-fri", "mon,wed,sun", "daily" <-> bits. FALSE if it is no set of days.
gboolean newsletter_parse_days(const char *text, guint32 *ret_days);
char *newsletter_format_days(guint32 days); // caller frees
