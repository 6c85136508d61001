// SPDX-License-Identifier: Apache-2.0
//
// What the pages for readers of newsletters share, and their handlers. For src/web/site_*.c and
// website.c only.
#pragma once

#include "press/page_reader.h"
#include "web/site_visit.h"

// A message with perhaps a button; `page`'s context is filled in here.
Response *site_action(const SiteVisit *visit, guint status, ActionPage page, GError **error);
// A page that is one reader's: never kept, never indexed. Takes `html`.
Response *site_private(guint status, GString *html);

SITE_HANDLER(site_newsletters);  // the form
SITE_HANDLER(site_sign_up);      // what it sends, and the wish for a link to the own page
SITE_HANDLER(site_confirm_page); // GET
SITE_HANDLER(site_confirm);      // POST
SITE_HANDLER(site_newsletter);   // a newsletter's archive
SITE_HANDLER(site_mailing);      // one mailing, "view in browser"
SITE_HANDLER(site_terms);
SITE_HANDLER(site_privacy);
SITE_HANDLER(site_unsubscribe_page); // GET
SITE_HANDLER(site_unsubscribe);      // POST, also RFC 8058's
SITE_HANDLER(site_reader);           // GET
SITE_HANDLER(site_reader_save);      // POST
SITE_HANDLER(site_reader_export);
SITE_HANDLER(site_reader_erase);
SITE_HANDLER(site_open);
SITE_HANDLER(site_click);
