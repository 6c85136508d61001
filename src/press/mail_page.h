// SPDX-License-Identifier: Apache-2.0
//
// What stands in a mail: models in, an HTML part (tables, its style sheet inlined), a text part and
// the page of the archive out, by the theme's templates in mail/. All addresses are absolute. What
// differs from reader to reader is left as slots (press/mime.h). Nothing here reads a clock, a
// store or the network; any thread.
#pragma once

#include "model/edition.h"
#include "model/newsletter.h"
#include "press/page.h"

#define MAIL_PAGE_LIMIT (90 * 1024) // bytes of HTML; Gmail clips at 102 KB

// Where the parts that differ stand; texts of press/mime.h's slots in a mail, "" in the archive.
typedef struct MailSlots {
  const char *greeting, *unsubscribe, *reader, *open, *click, *edition;
} MailSlots;

// The laid-out newspaper that a mail is about.
typedef struct MailEdition {
  gint32 day;
  const EditionFile *cover;      // the picture of its front page; NULL: none
  const EditionFile *pdf, *epub; // to download; NULL: none
  gboolean attached;             // a file goes along with the mail
  gboolean too_large;            // the reader wanted one, and it is too large
} MailEdition;

typedef struct MailPage {
  PageContext context;  // path: of the mailing's page in the archive
  const char *template; // "daily", "breaking", "edition", or the newsletter's own
  const Newsletter *newsletter;
  const char *subject, *preheader;
  const char *introduction;     // Markdown; ""
  GPtrArray *stories;           // Teaser *; in the order of the front, the first is the lead
  const MailEdition *edition;   // NULL: it is about no edition
  const Correction *correction; // NULL, or what a follow-up puts right
  gint64 date;                  // frozen
  // Counted clicks: every link of a story goes by /c/<token>/<number>; their addresses are
  // collected.
  gboolean counted;
} MailPage;

typedef struct MailParts {
  char *html, *text;
  char *page;       // as the archive shows it: without anything that is a reader's own
  GPtrArray *links; // char *, by number; empty unless counted
} MailParts;
void mail_parts_free(MailParts *parts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MailParts, mail_parts_free)
// Fails with MAIL_PAGE_ERROR_TOO_LONG over MAIL_PAGE_LIMIT: the message says by how much.
MailParts *mail_page_render(const Press *press, const MailPage *page, GError **error);

// A single message to one person: a confirmation, a welcome, a report to the editors.
typedef struct MailNotice {
  PageContext context;
  const char *language; // "" the newspaper's
  const char *title, *greeting;
  const char *const *paragraphs;   // plain text, NULL-terminated
  const char *button, *button_url; // NULL: none
  const char *const *after;        // paragraphs below the button, NULL-terminated; may be NULL
  const char *reason;              // why they get this, in the footer
} MailNotice;
MailParts *mail_notice_render(const Press *press, const MailNotice *notice, GError **error);

// "Correction: " and the headline, in that language. Caller frees.
char *mail_correction_subject(const Press *press, const char *language, const char *headline);

#define MAIL_PAGE_ERROR mail_page_error_quark()
GQuark mail_page_error_quark(void);
typedef enum MailPageError { MAIL_PAGE_ERROR_TOO_LONG } MailPageError;
