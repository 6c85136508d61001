// SPDX-License-Identifier: Apache-2.0
//
// What a mailing says, read and rendered inside the caller's transaction; and the message made of
// it. For src/newsroom only.
#pragma once

#include "model/mailing.h"
#include "newsroom/newsroom.h"
#include "press/mail_page.h"
#include "store/mailing_rows.h"

// Everything that the rendering needs, as it stands in the transaction.
typedef struct MailingMatter {
  Mailing *mailing;
  Newsletter *newsletter;
  Site *site;
  GPtrArray *stories;     // Teaser *; published ones, in order
  Correction *correction; // NULL
  GPtrArray *files;       // EditionFile *, of the edition that it is about; NULL: about none
  MailEdition edition;    // borrows from `files`
  GBytes *attachment;     // of mailing_matter_attach; NULL: nothing is attached
  const EditionFile *attached;
  char *path; // of the archive page
} MailingMatter;
void mailing_matter_clear(MailingMatter *matter);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MailingMatter, mailing_matter_clear)
gboolean mailing_matter_load(MailingMatter *matter, StoreTransaction *transaction, gint64 id,
                             GError **error); // NOT_FOUND of the newsroom's

MailParts *mailing_matter_render(const MailingMatter *matter, const Press *press, gint64 date,
                                 GError **error);
// Reads the file that its audience wants attached. FALSE: it can't be read.
gboolean mailing_matter_attach(MailingMatter *matter, EditionFiles *files, GError **error);
// The frozen form and what goes with it; caller frees with mailing_content_free.
MailingContent *mailing_matter_build(const MailingMatter *matter, MailParts *parts, gint64 date,
                                     GError **error);

char *mailing_sender_address(const Newsletter *newsletter, const Site *site); // caller frees
const char *mailing_sender_name(const Newsletter *newsletter, const Site *site);
GTimeZone *mailing_zone(const Newsletter *newsletter, const Site *site); // caller unrefs
