// SPDX-License-Identifier: Apache-2.0
//
// The reader's own page, leaving, and what is counted where the reader agreed. A GET never changes
// anything, so that programs which follow links unsubscribe nobody. Leaving needs neither theme nor
// front page: RFC 8058's POST is answered even when all else is down for maintenance.
#include "web/site_reader.h"

#include <stdlib.h>
#include <string.h>

#include "newsroom/reader_links.h"
#include "newsroom/subscribers.h"
#include "store/activity_rows.h"
#include "store/mailing_rows.h"

// ---- leaving ----------------------------------------------------------------------------------

Response *site_unsubscribe_page(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  g_auto(ReaderView) view = {0};
  if (!subscribers_view(website->newsroom, READER_UNSUBSCRIBE, request_parameter(request, 0), &view,
                        error) ||
      !site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  ActionPage page = {.title = "unsubscribe_title",
                     .text = "unsubscribe_text",
                     .name = view.newsletter != NULL ? view.newsletter->name : visit.site->name,
                     .action = request_path(request),
                     .button = "unsubscribe_button"};
  if (view.newsletter != NULL) {
    page.second = "unsubscribe_all";
    page.second_value = "yes";
  }
  return site_action(&visit, 200, page, error);
}

static gboolean is_one_click(const Request *request) {
  const char *field = request_form(request, "List-Unsubscribe");
  return field != NULL && strcmp(field, "One-Click") == 0;
}

Response *site_unsubscribe(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  if (!subscribers_unsubscribe(website->newsroom, request_parameter(request, 0),
                               request_form(request, "all") != NULL, request_remote(request),
                               error)) {
    return NULL;
  }
  if (is_one_click(request)) {
    return response_new_take(200, "text/plain; charset=utf-8", g_string_new("unsubscribed\n"));
  }
  return site_visit_begin(&visit, request, website, error)
             ? site_action(&visit, 200,
                           (ActionPage){.title = "unsubscribed_title", .text = "unsubscribed_text"},
                           error)
             : NULL;
}

// ---- the own page -----------------------------------------------------------------------------

static Response *show_reader(const Request *request, Website *website, gboolean saved,
                             const char *fault, GError **error) {
  g_auto(SiteVisit) visit = {0};
  g_auto(ReaderView) view = {0};
  if (!subscribers_view(website->newsroom, READER_PAGE, request_parameter(request, 0), &view,
                        error) ||
      !site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  g_autoptr(GArray) choices = g_array_new(FALSE, FALSE, sizeof(NewsletterChoice));
  gboolean tracking = FALSE;
  gboolean edition = FALSE;
  for (guint i = 0; i < view.newsletters->len; i++) {
    const Newsletter *one = view.newsletters->pdata[i];
    NewsletterChoice choice = {one, reader_view_status(&view, one->id) == SUBSCRIPTION_ACTIVE};
    g_array_append_val(choices, choice);
    tracking |= one->tracking;
    edition |= one->kind == NEWSLETTER_EDITION;
  }
  ReaderPage page = {.context = site_context(&visit, request_path(request)),
                     .token = request_parameter(request, 0),
                     .subscriber = view.subscriber,
                     .choices = choices,
                     .section_ids = view.section_ids,
                     .saved = saved,
                     .offers_tracking = tracking,
                     .offers_attachment = edition,
                     .attachment = reader_view_attachment(&view),
                     .error = fault};
  g_autoptr(GString) html = g_string_sized_new(SITE_PAGE_BYTES);
  if (!page_reader(website->press, &page, html, error)) {
    return NULL;
  }
  Response *response = site_private(fault != NULL ? 422 : 200, g_steal_pointer(&html));
  response_add_header(response, "Referrer-Policy", "no-referrer"); // the address is the key
  return response;
}

Response *site_reader(const Request *request, Website *website, GError **error) {
  return show_reader(request, website, FALSE, NULL, error);
}

static GArray *sections_of(const Request *request) {
  GArray *ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_auto(GStrv) values = request_form_all(request, "section");
  for (guint i = 0; values != NULL && values[i] != NULL && i < 100; i++) {
    gint64 id = g_ascii_strtoll(values[i], NULL, 10);
    if (id > 0) {
      g_array_append_val(ids, id);
    }
  }
  return ids;
}

// "2026-12-24" in the newspaper's zone; "" ends the pause; -1 for what is no day.
static gint64 pause_of(const Request *request, const Site *site) {
  const char *text = request_form(request, "pause");
  gint64 instant = 0;
  if (text == NULL) {
    return -1;
  }
  return *text == '\0' ? 0 : clock_parse(text, site->zone, &instant) ? instant : -1;
}

// -1: the form had no such choice.
static int attachment_of(const Request *request) {
  AttachmentChoice choice = ATTACH_NOTHING;
  const char *text = request_form(request, "attach");
  return text != NULL && attachment_choice_parse(text, &choice) ? (int)choice : -1;
}

static gboolean save(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  if (!site_visit_begin(&visit, request, website, error)) {
    return FALSE;
  }
  g_auto(GStrv) newsletters = request_form_all(request, "newsletter");
  g_autoptr(GArray) sections = sections_of(request);
  static const char *const NONE[] = {NULL};
  g_autofree char *wording = page_sign_up_wording(website->press, visit.site->language);
  ReaderChange change = {
      .name = request_form(request, "name"),
      .zone_name = request_form(request, "zone"),
      .newsletters = newsletters != NULL ? (const char *const *)newsletters : NONE,
      .section_ids = (const gint64 *)(gpointer)sections->data,
      .section_count = sections->len,
      .paused_until = pause_of(request, visit.site),
      .tracking = request_form(request, "tracking") != NULL,
      .attachment = attachment_of(request),
      .wording = wording,
      .remote = request_remote(request),
  };
  static const gint64 NO_SECTIONS[] = {0};
  change.section_ids = change.section_ids != NULL ? change.section_ids : NO_SECTIONS;
  return subscribers_change(website->newsroom, request_parameter(request, 0), &change, error);
}

Response *site_reader_save(const Request *request, Website *website, GError **error) {
  g_autoptr(GError) failure = NULL;
  if (save(request, website, &failure)) {
    return show_reader(request, website, TRUE, NULL, error);
  }
  if (g_error_matches(failure, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID)) {
    return show_reader(request, website, FALSE, failure->message, error);
  }
  g_propagate_error(error, g_steal_pointer(&failure));
  return NULL;
}

Response *site_reader_export(const Request *request, Website *website, GError **error) {
  GString *json = subscribers_export(website->newsroom, request_parameter(request, 0), error);
  if (json == NULL) {
    return NULL;
  }
  Response *response = response_new_take(200, "application/json", json);
  response_set_cache(response, CACHE_NONE);
  response_add_header(response, "Content-Disposition", "attachment; filename=\"my-data.json\"");
  return response;
}

Response *site_reader_erase(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  if (request_form(request, "sure") == NULL) {
    return show_reader(request, website, FALSE, NULL, error);
  }
  if (!subscribers_erase(website->newsroom, request_parameter(request, 0), error) ||
      !site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  return site_action(&visit, 200, (ActionPage){.title = "erased_title", .text = "erased_text"},
                     error);
}

// ---- what is counted --------------------------------------------------------------------------

static const guint8 PIXEL[] = {
    'G', 'I', 'F', '8', '9', 'a',  1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x21, 0xF9, 4,
    1,   0,   0,   0,   0,   0x2C, 0, 0, 0, 0, 1,    0, 1, 0, 0, 2, 2,    0x44, 1,    0,    0x3B};

// Counted only for a reader who agreed; a failure to count is nobody's matter.
static void count(Website *website, gint64 mailing_id, gint64 subscriber_id, ActivityKind kind,
                  guint number) {
  g_autoptr(StoreTransaction) transaction = store_begin_write(website->newsroom->store, NULL);
  gint64 now = clock_now(&website->newsroom->clock);
  if (transaction != NULL &&
      activity_rows_count(transaction, mailing_id, subscriber_id, kind, number, now, NULL)) {
    store_commit(&transaction, NULL);
  }
}

Response *site_open(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  gint64 mailing = 0;
  gint64 subscriber = 0;
  g_autofree char *token = g_strdup(request_parameter(request, 0));
  char *suffix = g_strrstr(token, ".gif");
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  if (suffix != NULL) {
    *suffix = '\0';
  }
  if (request_method(request) == HTTP_GET &&
      reader_token_read(visit.site->mail_key, READER_OPEN, token, &mailing, &subscriber)) {
    site_visit_end(&visit);
    count(website, mailing, subscriber, ACTIVITY_OPEN, 0);
  }
  g_autoptr(GBytes) pixel = g_bytes_new_static(PIXEL, sizeof PIXEL);
  Response *response = response_new(200, "image/gif", pixel);
  response_set_cache(response, CACHE_NONE);
  response_set_incompressible(response);
  return response;
}

// Leads only where the mailing's own links led: the token must be ours, the number one of the
// mailing's.
Response *site_click(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  gint64 mailing = 0;
  gint64 subscriber = 0;
  const char *number = request_parameter(request, 1);
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  if (!reader_token_read(visit.site->mail_key, READER_CLICK, request_parameter(request, 0),
                         &mailing, &subscriber) ||
      *number == '\0' || strspn(number, "0123456789") != strlen(number) || strlen(number) > 6) {
    return site_missing(&visit, error);
  }
  GError *failure = NULL;
  guint which = (guint)strtoul(number, NULL, 10);
  g_autofree char *url = mailing_rows_get_link(visit.transaction, mailing, which, &failure);
  if (url == NULL) {
    return site_missing_because(&visit, failure, error);
  }
  site_visit_end(&visit);
  if (request_method(request) == HTTP_GET) {
    count(website, mailing, subscriber, ACTIVITY_CLICK, which);
  }
  Response *response = response_redirect(302, url);
  response_set_cache(response, CACHE_NONE);
  return response;
}
