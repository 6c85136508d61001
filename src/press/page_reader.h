// SPDX-License-Identifier: Apache-2.0
//
// The pages of sign-up and of the reader's own settings, policies, and the archive of mailings. As
// press/page.h. None of them is kept in a cache.
#pragma once

#include "model/mailing.h"
#include "model/newsletter.h"
#include "model/subscriber.h"
#include "press/page.h"

typedef struct NewsletterChoice {
  const Newsletter *newsletter;
  gboolean on;
} NewsletterChoice;

typedef struct SignUpPage {
  PageContext context;
  const GArray *choices; // NewsletterChoice
  const char *address, *name;
  const char *error;               // NULL, or what to mend
  const char *suggestion;          // NULL, or the address probably meant
  const char *form_token, *origin; // origin: path of the page where it began
  gint32 terms_version, privacy_version;
  gboolean offers_tracking;
} SignUpPage;
gboolean page_sign_up(const Press *press, const SignUpPage *page, GString *out, GError **error);
// What stands beside the box, as plain text: what the consent keeps. Caller frees.
char *page_sign_up_wording(const Press *press, const char *language);

// A few sentences and perhaps a button: confirm, done, unsubscribe, too old.
typedef struct ActionPage {
  PageContext context;
  const char *title, *text, *note; // keys of the locale's words; note may be NULL
  const char *name;                // fills {name} in text
  const char *action, *button;     // a form's path and its button's word; NULL: none
  const char *field, *value;       // a hidden field; NULL: none
  gboolean by_itself;              // sent at once where scripts run
  const char *second,
      *second_value;            // another button of the same form: its word and the field's value
  const char *link, *link_word; // further on; NULL: the front page
} ActionPage;
gboolean page_action(const Press *press, const ActionPage *page, GString *out, GError **error);

typedef struct ReaderPage {
  PageContext context;
  const char *token;
  const Subscriber *subscriber;
  const GArray *choices;     // NewsletterChoice
  const GArray *section_ids; // gint64
  gboolean saved, offers_tracking;
  gboolean offers_attachment; // there is an edition among the newsletters
  AttachmentChoice attachment;
  const char *error;
} ReaderPage;
gboolean page_reader(const Press *press, const ReaderPage *page, GString *out, GError **error);

typedef struct PolicyPage {
  PageContext context;
  const Policy *policy;
  const GPtrArray *versions; // Policy *, newest first
} PolicyPage;
gboolean page_policy(const Press *press, const PolicyPage *page, GString *out, GError **error);

typedef struct MailingsPage {
  PageContext context;
  const Newsletter *newsletter;
  const GPtrArray *mailings; // Mailing *, newest first
  guint page, page_count;
} MailingsPage;
gboolean page_mailings(const Press *press, const MailingsPage *page, GString *out, GError **error);
