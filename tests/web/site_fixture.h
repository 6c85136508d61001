// SPDX-License-Identifier: Apache-2.0
//
// A newspaper in a temporary SQLite database for the tests of the site_* handlers, with stand-ins
// for what lies on both sides of them: HTTP (a request made of an address, a response that can be
// looked into) and the theme (which notes the ids of the stories it was given). The store and the
// newsroom are the real ones. Included once by each test.
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "newsroom/fronts.h"
#include "store/front_rows.h"
#include "store/migrate.h"
#include "store/people_rows.h"
#include "store/site_rows.h"
#include "store/story_rows.h"
#include "web/site_visit.h"

#define NOON (G_GINT64_CONSTANT(1795435200) * CLOCK_SECOND) // 2026-11-23T12:00:00Z

// ---- HTTP ---------------------------------------------------------------------------------------

struct Request {
  char *path, *raw_path, *raw_query;
  GHashTable *query;
  char **parameters;
  guint parameter_count;
};

struct Response {
  guint status;
  char *media_type, *location, *robots;
  GString *body;
  CachePolicy cache;
  gint64 expiry, last_modified;
};

const char *request_path(const Request *request) {
  return request->path;
}
Slice request_raw_path(const Request *request) {
  return slice_of(request->raw_path);
}
Slice request_raw_query(const Request *request) {
  return slice_of(request->raw_query);
}
const char *request_query(const Request *request, const char *name) {
  return g_hash_table_lookup(request->query, name);
}
const char *request_parameter(const Request *request, guint index) {
  assert_true(index < request->parameter_count);
  return request->parameters[index];
}

const char *request_form(const Request *request, const char *name) {
  return NULL; // forms have tests of their own
}
GStrv request_form_all(const Request *request, const char *name) {
  return NULL;
}
const char *request_remote(const Request *request) {
  return "192.0.2.1";
}
HttpMethod request_method(const Request *request) {
  return HTTP_GET;
}

Response *response_new(guint status, const char *media_type, GBytes *body) {
  Response *response = g_new0(Response, 1);
  response->status = status;
  response->media_type = g_strdup(media_type);
  response->body = g_string_new(NULL);
  if (body != NULL) {
    g_string_append_len(response->body, g_bytes_get_data(body, NULL),
                        (gssize)g_bytes_get_size(body));
  }
  return response;
}
Response *response_new_take(guint status, const char *media_type, GString *body) {
  Response *response = response_new(status, media_type, NULL);
  g_string_free(response->body, TRUE);
  response->body = body;
  return response;
}
Response *response_redirect(guint status, const char *location) {
  Response *response = response_new(status, "text/html", NULL);
  response->location = g_strdup(location);
  return response;
}
void response_free(Response *response) {
  if (response != NULL) {
    g_free(response->media_type);
    g_free(response->location);
    g_free(response->robots);
    g_string_free(response->body, TRUE);
    g_free(response);
  }
}
void response_set_cache(Response *response, CachePolicy policy) {
  response->cache = policy;
}
void response_set_expiry(Response *response, gint64 instant) {
  response->expiry = instant;
}
void response_set_last_modified(Response *response, gint64 instant) {
  response->last_modified = instant;
}
void response_add_header(Response *response, const char *name, const char *value) {
  if (strcmp(name, "X-Robots-Tag") == 0) {
    response->robots = g_strdup(value);
  }
}
void response_set_incompressible(Response *response) {}
G_DEFINE_QUARK(broadsheet - web - error, web_error)
SITE_HANDLER(site_images_get) {
  return NULL;
}

// ---- the theme: "<kind> <page>/<pages>: <ids>"
// ---------------------------------------------------

struct Press {
  GBytes *asset;
};

static inline void note_teasers(GString *out, const char *name, const GPtrArray *stories) {
  g_string_append(out, name);
  for (guint i = 0; stories != NULL && i < stories->len; i++) {
    const Teaser *story = g_ptr_array_index(stories, i);
    g_string_append_printf(out, " %" G_GINT64_FORMAT, story->id);
  }
}
static inline void note_front(GString *out, const Front *front) {
  g_string_append(out, "front");
  for (guint i = 0; front != NULL && i < front->slots->len; i++) {
    const FrontSlot *slot = g_ptr_array_index(front->slots, i);
    g_string_append_printf(out, " %" G_GINT64_FORMAT, slot->story->id);
  }
}
gboolean page_front(const Press *press, const FrontPage *page, GString *out, GError **error) {
  note_front(out, page->front);
  for (guint i = 0; i < page->blocks->len; i++) {
    const SectionBlock *block = g_ptr_array_index(page->blocks, i);
    note_teasers(out, " |", block->stories);
  }
  note_teasers(out, " latest", page->latest);
  return TRUE;
}
gboolean page_listing(const Press *press, const ListingPage *page, GString *out, GError **error) {
  g_string_append_printf(out, "%s %u/%u of %" G_GINT64_FORMAT ": ", page->context.path, page->page,
                         page->page_count, page->total);
  note_front(out, page->front);
  note_teasers(out, " list", page->stories);
  return TRUE;
}
gboolean page_story(const Press *press, const StoryPage *page, GString *out, GError **error) {
  g_string_append_printf(out, "%s%s: %s", page->context.path, page->printable ? " on paper" : "",
                         page->story->headline);
  note_teasers(out, " related", page->related);
  g_string_append(out, page->structured_data);
  return TRUE;
}
gboolean page_search(const Press *press, const SearchPage *page, GString *out, GError **error) {
  g_string_append_printf(out, "%s '%s' %u/%u", page->context.path, page->words, page->page,
                         page->page_count);
  note_teasers(out, ":", page->stories);
  return TRUE;
}
gboolean page_corrections(const Press *press, const CorrectionsPage *page, GString *out,
                          GError **error) {
  g_string_append_printf(out, "%u/%u %u", page->page, page->page_count, page->corrections->len);
  note_teasers(out, ":", page->stories);
  return TRUE;
}
gboolean page_archive(const Press *press, const ArchivePage *page, GString *out, GError **error) {
  g_string_append_printf(out, "%s %u/%u", page->context.path, page->page, page->page_count);
  for (guint i = 0; i < page->days->len; i++) {
    const DayCount *day = &g_array_index(page->days, DayCount, i);
    g_string_append_printf(out, " %d=%" G_GINT64_FORMAT, day->day, day->stories);
  }
  note_teasers(out, ":", page->stories);
  return TRUE;
}
GBytes *press_asset(const Press *press, const char *path, const char **ret_media_type) {
  *ret_media_type = "text/css";
  return strcmp(path, "abc/site.css") == 0 ? press->asset : NULL;
}
char *press_asset_address(const Press *press, const char *name) {
  return strcmp(name, "favicon.ico") == 0 ? NULL : g_strconcat("/assets/abc/", name, NULL);
}
const char *press_word(const Press *press, const char *language, const char *key) {
  return key;
}

// ---- the newspaper ------------------------------------------------------------------------------

typedef struct Paper {
  char *folder;
  gint64 now;
  Store *store;
  Newsroom newsroom;
  Press press;
  Website website;
} Paper;

static inline StoreTransaction *paper_write(Paper *paper) {
  GError *error = NULL;
  StoreTransaction *transaction = store_begin_write(paper->store, &error);
  assert_null(error);
  return transaction;
}

static inline void paper_commit(Paper *paper, StoreTransaction *transaction) {
  GError *error = NULL;
  assert_true(site_rows_bump_revision(transaction, paper->now, &error) > 0);
  assert_true(store_commit(&transaction, &error));
  assert_null(error);
}

static inline void paper_add_section(StoreTransaction *transaction, const char *slug,
                                     gint32 position) {
  GError *error = NULL;
  char *text = g_strdup(slug);
  char empty[] = "";
  Section section = {.slug = text, .name = text, .description = empty, .position = position};
  assert_true(section_rows_put(transaction, &section, &error) > 0);
  g_free(text);
}

static inline Paper *paper_open(void) {
  GError *error = NULL;
  Paper *paper = g_new0(Paper, 1);
  paper->folder = g_dir_make_tmp("broadsheet-site-XXXXXX", NULL);
  paper->now = NOON;
  g_autofree char *address = g_build_filename(paper->folder, "paper.db", NULL);
  paper->store = store_open(&(StoreOptions){.address = address}, &error);
  assert_null(error);
  assert_true(migrate_run(paper->store, NOON, NULL, &error));
  paper->newsroom = (Newsroom){.store = paper->store, .clock = {clock_fixed_now, &paper->now}};
  paper->press.asset = g_bytes_new_static("body{}", 6);
  paper->website = (Website){.newsroom = &paper->newsroom,
                             .press = &paper->press,
                             .front_size = 64,
                             .page_size = 5,
                             .feed_size = 10};
  g_mutex_init(&paper->website.lock);
  StoreTransaction *transaction = paper_write(paper);
  paper_add_section(transaction, "world", 1);
  paper_add_section(transaction, "politics", 2);
  assert_true(site_rows_put_setting(transaction, "base_url", "https://daily.example", &error));
  paper_commit(paper, transaction);
  return paper;
}

static inline void paper_close(Paper *paper) {
  store_close(paper->store);
  site_unref(paper->website.site);
  g_mutex_clear(&paper->website.lock);
  g_bytes_unref(paper->press.asset);
  static const char *const FILES[] = {"paper.db", "paper.db-wal", "paper.db-shm",
                                      "paper.db.writer"};
  for (gsize i = 0; i < G_N_ELEMENTS(FILES); i++) {
    g_autofree char *path = g_build_filename(paper->folder, FILES[i], NULL);
    (void)g_unlink(path);
  }
  (void)g_rmdir(paper->folder);
  g_free(paper->folder);
  g_free(paper);
}

static inline void paper_set(char **field, const char *text) {
  g_free(*field);
  *field = g_strdup(text);
}

// Adds a story to a section (1 world, 2 politics), by author and on topic "ada" and "bridges" when
// `tagged`.
static inline gint64 paper_add_story(StoreTransaction *transaction, gint64 section_id,
                                     gint64 published_at, StoryStatus status, gboolean tagged) {
  GError *error = NULL;
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
  g_autoptr(Story) story = story_new();
  paper_set(&story->headline, "Bridge opens");
  paper_set(&story->slug, "bridge-opens");
  paper_set(&story->body, "The bridge is open.");
  story->status = status;
  story->published_at = published_at;
  story->created_at = published_at;
  story->section = g_new0(Section, 1);
  story->section->id = section_id;
  if (tagged) {
    Author author = {.slug = (char[]){"ada"},
                     .name = (char[]){"Ada"},
                     .role = (char[]){""},
                     .bio = (char[]){""}};
    Topic topic = {
        .slug = (char[]){"bridges"}, .name = (char[]){"Bridges"}, .description = (char[]){""}};
    Byline *byline = g_new0(Byline, 1);
    byline->author = author_copy(&author);
    byline->author->id = author_rows_put(transaction, &author, &error);
    byline->role = g_strdup("");
    g_ptr_array_add(story->bylines, byline);
    Topic *copy = topic_copy(&topic);
    copy->id = topic_rows_put(transaction, &topic, &error);
    g_ptr_array_add(story->topics, copy);
  }
  gint64 id = story_rows_insert(transaction, story, "test", NOON, utc, &error);
  if (error != NULL) {
    fail_msg("%s", error->message);
  }
  return id;
}

// `count` published stories of a section, one a minute before `until`, the newest first in the
// list.
static inline void paper_add_stories(Paper *paper, gint64 section_id, guint count, gint64 until) {
  StoreTransaction *transaction = paper_write(paper);
  for (guint i = count; i > 0; i--) {
    paper_add_story(transaction, section_id, until - (gint64)i * 60 * CLOCK_SECOND, STORY_PUBLISHED,
                    FALSE);
  }
  paper_commit(paper, transaction);
}

// Asks a handler for an address; the route's parameters are the path's segments from `skip` on.
static inline Response *paper_ask(Paper *paper, RouteHandler handler, guint skip,
                                  const char *address, GError **error) {
  g_auto(GStrv) parts = g_strsplit(address, "?", 2);
  g_autofree char *decoded = g_uri_unescape_string(parts[0], NULL);
  g_auto(GStrv) segments = g_strsplit(decoded + 1, "/", -1);
  const char *query = parts[1] != NULL ? parts[1] : "";
  g_autoptr(GHashTable) table = g_uri_parse_params(query, -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
  Request request = {.path = decoded,
                     .raw_path = parts[0],
                     .raw_query = (char *)query,
                     .query = table,
                     .parameters = segments + skip,
                     .parameter_count = g_strv_length(segments) - skip};
  return handler(&request, &paper->website, error);
}

// Fails unless it is a page; caller frees its text.
static inline char *paper_page(Paper *paper, RouteHandler handler, guint skip,
                               const char *address) {
  GError *error = NULL;
  g_autoptr(Response) response = paper_ask(paper, handler, skip, address, &error);
  if (response == NULL) {
    fail_msg("%s: %s", address, error->message);
  }
  if (response->location != NULL) {
    fail_msg("%s: redirected to %s", address, response->location);
  }
  assert_int_equal(response->status, 200);
  return g_strdup(response->body->str);
}

static inline void assert_page(Paper *paper, RouteHandler handler, guint skip, const char *address,
                               const char *expected) {
  g_autofree char *page = paper_page(paper, handler, skip, address);
  assert_string_equal(page, expected);
}

static inline void assert_redirect(Paper *paper, RouteHandler handler, guint skip,
                                   const char *address, const char *target) {
  GError *error = NULL;
  g_autoptr(Response) response = paper_ask(paper, handler, skip, address, &error);
  if (response == NULL) {
    fail_msg("%s: %s", address, error->message);
  }
  assert_non_null(response->location);
  assert_string_equal(response->location, target);
  assert_int_equal(response->cache, CACHE_NONE);
}

static inline void assert_error(Paper *paper, RouteHandler handler, guint skip, const char *address,
                                WebError code) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Response) response = paper_ask(paper, handler, skip, address, &error);
  if (response != NULL || !g_error_matches(error, WEB_ERROR, (int)code)) {
    fail_msg("%s: %s", address, error != NULL ? error->message : "answered");
  }
}
