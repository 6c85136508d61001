// SPDX-License-Identifier: Apache-2.0
//
// Signing up: the form, what it sends, and the confirmation, which needs a POST so that programs
// which follow links confirm nobody. Also the terms, the privacy policy, and the archive of
// mailings. Nothing here is kept in a cache, but what no reader's is.
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "newsroom/reader_links.h"
#include "newsroom/subscribers.h"
#include "press/page_reader.h"
#include "store/mailing_rows.h"
#include "store/newsletter_rows.h"
#include "store/subscriber_rows.h"
#include "web/site_reader.h"

#define ARCHIVE_PAGE 30

Response *site_action(const SiteVisit *visit, guint status, ActionPage page, GError **error) {
  page.context = site_context(visit, request_path(visit->request));
  g_autoptr(GString) html = g_string_sized_new(16384);
  if (!page_action(visit->website->press, &page, html, error)) {
    return NULL;
  }
  return site_private(status, g_steal_pointer(&html));
}

Response *site_private(guint status, GString *html) {
  Response *response = response_new_take(status, "text/html; charset=utf-8", html);
  response_set_cache(response, CACHE_NONE);
  response_add_header(response, "X-Robots-Tag", "noindex");
  return response;
}

// Scripts of other sites see the form and its answers only where the newspaper named the site.
static Response *with_origin(const SiteVisit *visit, Response *response) {
  Slice origin = request_header(visit->request, "Origin");
  const char *allowed = visit->site->form_origins;
  if (response == NULL || *allowed == '\0') {
    return response;
  }
  g_autofree char *text = slice_dup(origin);
  g_auto(GStrv) origins = g_strsplit(allowed, " ", -1);
  if (strcmp(allowed, "*") == 0) {
    response_add_header(response, "Access-Control-Allow-Origin", "*");
  } else if (*text != '\0' && g_strv_contains((const char *const *)origins, text)) {
    response_add_header(response, "Access-Control-Allow-Origin", text);
  }
  response_add_header(response, "Vary", "Origin");
  return response;
}

static gboolean is_wanted(const char *const *wanted, const char *slug) {
  return wanted != NULL && g_strv_contains(wanted, slug);
}

static gint32 newest_version(StoreTransaction *transaction, PolicyKind kind) {
  g_autoptr(Policy) policy = policy_rows_get(transaction, kind, 0, NULL);
  return policy != NULL ? policy->version : 0;
}

typedef struct FormState {
  const char *address, *name, *error, *suggestion, *origin;
  const char *const *newsletters; // slugs that are marked; NULL: all that are offered
  guint status;
} FormState;

static Response *show_form(const SiteVisit *visit, const FormState *state, GError **error) {
  g_autoptr(GPtrArray) newsletters = newsletter_rows_list(visit->transaction, error);
  if (newsletters == NULL) {
    return NULL;
  }
  g_autoptr(GArray) choices = g_array_new(FALSE, FALSE, sizeof(NewsletterChoice));
  gboolean tracking = FALSE;
  for (guint i = 0; i < newsletters->len; i++) {
    const Newsletter *one = newsletters->pdata[i];
    if (one->active && one->offered) {
      NewsletterChoice choice = {one, state->newsletters == NULL
                                          ? one->kind == NEWSLETTER_DAILY
                                          : is_wanted(state->newsletters, one->slug)};
      g_array_append_val(choices, choice);
      tracking |= one->tracking;
    }
  }
  g_autofree char *token =
      subscribers_form_token(visit->site, clock_now(&visit->website->newsroom->clock));
  SignUpPage page = {
      .context = site_context(visit, "/newsletters"),
      .choices = choices,
      .address = state->address != NULL ? state->address : "",
      .name = state->name != NULL ? state->name : "",
      .error = state->error,
      .suggestion = state->suggestion,
      .form_token = token,
      .origin = state->origin != NULL ? state->origin : "/newsletters",
      .terms_version = newest_version(visit->transaction, POLICY_TERMS),
      .privacy_version = newest_version(visit->transaction, POLICY_PRIVACY),
      .offers_tracking = tracking,
  };
  g_autoptr(GString) html = g_string_sized_new(SITE_PAGE_BYTES);
  if (!page_sign_up(visit->website->press, &page, html, error)) {
    return NULL;
  }
  return site_private(state->status, g_steal_pointer(&html));
}

Response *site_newsletters(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  return site_visit_begin(&visit, request, website, error)
             ? with_origin(&visit, show_form(&visit, &(FormState){.status = 200}, error))
             : NULL;
}

// "/politics/…": a path of ours, for the record of consent; anything else is left out.
static const char *origin_of(const Request *request) {
  const char *origin = request_form(request, "origin");
  return origin != NULL && origin[0] == '/' && strlen(origin) <= 500 ? origin : "/newsletters";
}

static gint32 version_of(const Request *request, const char *name) {
  const char *text = request_form(request, name);
  return text != NULL ? (gint32)CLAMP(strtol(text, NULL, 10), 0, 1000000) : 0;
}

// What was wrong, in the newspaper's language; the use case's own words are the newsroom's.
static const char *fault_word(const SiteVisit *visit, const GError *failure) {
  static const struct {
    const char *begins, *key;
  } FAULTS[] = {{"address:", "signup_fault_address"},
                {"newsletters:", "signup_fault_newsletters"},
                {"agreed:", "signup_fault_agreed"}};
  for (gsize i = 0; i < G_N_ELEMENTS(FAULTS); i++) {
    if (g_str_has_prefix(failure->message, FAULTS[i].begins)) {
      return press_word(visit->website->press, visit->site->language, FAULTS[i].key);
    }
  }
  return press_word(visit->website->press, visit->site->language, "signup_again");
}

static Response *answer_sign_up(const SiteVisit *visit, const FormState *state,
                                SignUpOutcome outcome, GError *failure, GError **error) {
  FormState again = *state;
  if (failure != NULL) {
    again.status = 422;
    again.error = fault_word(visit, failure);
    return show_form(visit, &again, error);
  }
  if (outcome == SIGN_UP_SHOW_AGAIN) {
    again.status = 200;
    return show_form(visit, &again, error);
  }
  ActionPage page = {.title = "signup_sent_title", .text = "signup_sent_text"};
  if (state->suggestion != NULL) {
    page.text = "signup_suggest";
    page.name = state->suggestion;
    page.link = "/newsletters";
    page.link_word = "signup_button";
  }
  return site_action(visit, 200, page, error);
}

static Response *send_link(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  g_autoptr(GError) failure = NULL;
  const char *address = request_form(request, "address");
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  if (!subscribers_send_link(website->newsroom, address != NULL ? address : "",
                             request_remote(request), &failure) &&
      !g_error_matches(failure, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID)) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
  }
  return site_action(&visit, 200,
                     (ActionPage){.title = "signup_sent_title", .text = "signup_sent_text"}, error);
}

Response *site_sign_up(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  g_auto(GStrv) newsletters = request_form_all(request, "newsletter");
  g_autofree char *suggestion = NULL;
  GError *failure = NULL;
  SignUpOutcome outcome = SIGN_UP_SHOW_AGAIN;
  if (request_form(request, "link") != NULL) {
    return send_link(request, website, error);
  }
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  g_autofree char *wording = page_sign_up_wording(website->press, visit.site->language);
  SignUp sign_up = {
      .address = request_form(request, "address"),
      .name = request_form(request, "name"),
      .newsletters = (const char *const *)newsletters,
      .agreed = request_form(request, "agreed") != NULL,
      .tracking = request_form(request, "tracking") != NULL,
      .terms_version = version_of(request, "terms"),
      .privacy_version = version_of(request, "privacy"),
      .wording = wording,
      .page = origin_of(request),
      .remote = request_remote(request),
      .form_token = request_form(request, "token"),
      .honeypot = request_form(request, "website"),
  };
  if (!subscribers_sign_up(website->newsroom, &sign_up, &outcome, &suggestion, &failure) &&
      !g_error_matches(failure, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID)) {
    g_propagate_error(error, failure);
    return NULL;
  }
  FormState state = {.address = sign_up.address,
                     .name = sign_up.name,
                     .suggestion = suggestion,
                     .origin = sign_up.page,
                     .newsletters = newsletters != NULL && newsletters[0] != NULL
                                        ? (const char *const *)newsletters
                                        : NULL};
  Response *response = with_origin(&visit, answer_sign_up(&visit, &state, outcome, failure, error));
  g_clear_error(&failure);
  return response;
}

// ---- the confirmation -------------------------------------------------------------------------

Response *site_confirm_page(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  g_auto(ReaderView) view = {0};
  if (!subscribers_view(website->newsroom, READER_CONFIRM, request_parameter(request, 0), &view,
                        error) ||
      !site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  return site_action(&visit, 200,
                     (ActionPage){.title = "confirm_title",
                                  .text = "confirm_page",
                                  .action = request_path(request),
                                  .button = "confirm_button",
                                  .by_itself = TRUE},
                     error);
}

Response *site_confirm(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  g_autoptr(GError) failure = NULL;
  gint64 id = 0;
  gboolean confirmed = subscribers_confirm(website->newsroom, request_parameter(request, 0),
                                           request_remote(request), &id, &failure);
  if (!confirmed && !g_error_matches(failure, NEWSROOM_ERROR, NEWSROOM_ERROR_STATE)) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
  }
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  if (!confirmed) {
    return site_action(&visit, 410,
                       (ActionPage){.title = "too_old_title",
                                    .text = "too_old_text",
                                    .link = "/newsletters",
                                    .link_word = "signup_button"},
                       error);
  }
  g_autofree char *token = reader_token(visit.site->mail_key, READER_PAGE, 0, id);
  g_autofree char *path = g_strconcat("/reader/", token, NULL);
  return site_action(&visit, 200,
                     (ActionPage){.title = "confirmed_title",
                                  .text = "confirmed_text",
                                  .link = path,
                                  .link_word = "reader_title"},
                     error);
}

// ---- policies ---------------------------------------------------------------------------------

static Response *show_policy(const Request *request, Website *website, PolicyKind kind,
                             GError **error) {
  g_auto(SiteVisit) visit = {0};
  const char *number = request_parameter(request, 0);
  gint64 version = number != NULL ? g_ascii_strtoll(number, NULL, 10) : 0;
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  if (number != NULL && (version < 1 || version > G_MAXINT32)) {
    return site_missing(&visit, error);
  }
  GError *failure = NULL;
  g_autoptr(Policy) policy = policy_rows_get(visit.transaction, kind, (gint32)version, &failure);
  if (policy == NULL) {
    return site_missing_because(&visit, failure, error);
  }
  g_autofree char *path = g_strdup(request_path(request));
  Response *elsewhere = site_canonical(&visit, path);
  if (elsewhere != NULL) {
    return elsewhere;
  }
  g_autoptr(GPtrArray) versions = policy_rows_list(visit.transaction, kind, error);
  PolicyPage page = {site_context(&visit, path), policy, versions};
  g_autoptr(GString) html = g_string_sized_new(SITE_PAGE_BYTES);
  return versions != NULL && page_policy(website->press, &page, html, error)
             ? site_page(&visit, g_steal_pointer(&html))
             : NULL;
}

Response *site_terms(const Request *request, Website *website, GError **error) {
  return show_policy(request, website, POLICY_TERMS, error);
}

Response *site_privacy(const Request *request, Website *website, GError **error) {
  return show_policy(request, website, POLICY_PRIVACY, error);
}

// ---- the archive ------------------------------------------------------------------------------

Response *site_newsletter(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  MailingsPage page = {.page = 1, .page_count = 1};
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  GError *failure = NULL;
  g_autoptr(Newsletter) newsletter =
      newsletter_rows_get_by_slug(visit.transaction, request_parameter(request, 0), &failure);
  if (newsletter == NULL) {
    return site_missing_because(&visit, failure, error);
  }
  if (!newsletter->offered || !site_page_number(request, &page.page) || page.page > 10000) {
    return site_missing(&visit, error);
  }
  g_autoptr(GPtrArray) mailings = mailing_rows_archive(
      visit.transaction, newsletter->id, (page.page - 1) * ARCHIVE_PAGE, ARCHIVE_PAGE + 1, error);
  if (mailings == NULL) {
    return NULL;
  }
  page.page_count = mailings->len > ARCHIVE_PAGE ? page.page + 1 : page.page;
  g_ptr_array_set_size(mailings, (gint)MIN(mailings->len, ARCHIVE_PAGE));
  page.context = site_context(&visit, request_path(request));
  page.newsletter = newsletter;
  page.mailings = mailings;
  g_autoptr(GString) html = g_string_sized_new(SITE_PAGE_BYTES);
  if (!page_mailings(website->press, &page, html, error)) {
    return NULL;
  }
  return site_private(200, g_steal_pointer(&html));
}

// Its one style sheet stands in the page; nothing else may style it, and nothing may run.
static char *policy_for(const char *html) {
  const char *from = strstr(html, "<style>");
  const char *until = from != NULL ? strstr(from, "</style>") : NULL;
  if (until == NULL) {
    return g_strdup("default-src 'none'; img-src 'self' https: data:; base-uri 'none'");
  }
  from += strlen("<style>");
  guint8 digest[32];
  gsize length = sizeof digest;
  g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
  g_checksum_update(checksum, (const guchar *)from, until - from);
  g_checksum_get_digest(checksum, digest, &length);
  g_autofree char *hash = g_base64_encode(digest, length);
  return g_strdup_printf("default-src 'none'; img-src 'self' https: data:; style-src 'sha256-%s'; "
                         "base-uri 'none'; frame-ancestors 'none'",
                         hash);
}

Response *site_mailing(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  GError *failure = NULL;
  g_autoptr(Mailing) mailing =
      mailing_rows_get_by_public_id(visit.transaction, request_parameter(request, 0), &failure);
  g_autoptr(MailingContent) content =
      mailing != NULL ? mailing_rows_get_content(visit.transaction, mailing->id, &failure) : NULL;
  if (content == NULL) {
    return site_missing_because(&visit, failure, error);
  }
  g_autofree char *policy = policy_for(content->page);
  Response *response =
      response_new_take(200, "text/html; charset=utf-8", g_string_new(content->page));
  response_set_cache(response, CACHE_PAGE);
  response_add_header(response, "Content-Security-Policy", policy);
  return response;
}
