// SPDX-License-Identifier: Apache-2.0
//
// What is published, for anyone (docs/api/openapi.json): the same for everybody, kept with the
// site's revision. Lists are asked for by what readers see; nothing that readers don't see can be
// filtered by, sorted by or asked for.
#include <string.h>

#include "model/address.h"
#include "newsroom/fronts.h"
#include "press/markup_html.h"
#include "store/image_rows.h"
#include "store/people_rows.h"
#include "store/story_rows.h"
#include "web/api_handlers.h"
#include "web/api_nouns.h"

typedef struct Wanted {
  char **fields; // NULL: all
} Wanted;
static void wanted_clear(Wanted *wanted) {
  g_clear_pointer(&wanted->fields, g_strfreev);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Wanted, wanted_clear)

static void read_fields(ApiCall *call, Wanted *wanted, const char *const *known) {
  const char *text = request_query(call->request, "fields");
  if (text == NULL || *text == '\0') {
    return;
  }
  wanted->fields = g_strsplit(text, ",", 50);
  for (guint i = 0; wanted->fields[i] != NULL; i++) {
    if (!g_strv_contains(known, wanted->fields[i])) {
      api_fault(call, "fields: there is no field %.50s", wanted->fields[i]);
    }
  }
}

static gboolean wants(const Wanted *wanted, const char *name) {
  return wanted->fields == NULL || g_strv_contains((const char *const *)wanted->fields, name);
}

static Response *shared(ApiAnswer *answer) {
  Response *response = api_respond(answer, 200);
  response_set_cache(response, CACHE_PAGE);
  response_add_header(response, "Access-Control-Allow-Origin", "*");
  return response;
}

// ---- nouns ------------------------------------------------------------------------------------

static void put_picture(JsonWriter *json, const char *name, const Image *image, const Site *site) {
  if (image == NULL || image->hash == NULL) {
    put_null(json, name);
    return;
  }
  if (name != NULL) {
    put_object(json, name);
  }
  put_integer(json, "id", image->id);
  put_text(json, "alt", image->alt);
  put_text(json, "caption", image->caption);
  put_text(json, "credit", image->credit);
  put_integer(json, "width", image->width);
  put_integer(json, "height", image->height);
  put_object(json, "urls");
  for (guint i = 0; i <= ASPECT_COUNT; i++) {
    ImageAddress address = {
        .image = image, .aspect = (ImageAspect)i, .format = image->format, .width = 1200};
    g_autofree char *path = address_image(&address, site->image_key);
    g_autofree char *url = g_strconcat(site->base_url, path, NULL);
    put_text(json, image_aspect_name((ImageAspect)i), url);
  }
  json_end_object(json);
  if (name != NULL) {
    json_end_object(json);
  }
}

static void put_address(JsonWriter *json, const char *path, const Site *site) {
  g_autofree char *url = g_strconcat(site->base_url, path, NULL);
  put_text(json, "url", url);
}

static const char *const SECTION_FIELDS[] = {"id", "slug", "name", "description", "url", NULL};
static void write_public_section(JsonWriter *json, const Section *section, const Site *site,
                                 const Wanted *wanted) {
  g_autofree char *path =
      address_listing((Listing){LISTING_SECTION, section->id}, section->slug, 1);
  if (wants(wanted, "id")) {
    put_integer(json, "id", section->id);
  }
  if (wants(wanted, "slug")) {
    put_text(json, "slug", section->slug);
  }
  if (wants(wanted, "name")) {
    put_text(json, "name", section->name);
  }
  if (wants(wanted, "description")) {
    put_text(json, "description", section->description);
  }
  if (wants(wanted, "url")) {
    put_address(json, path, site);
  }
}

static const char *const TOPIC_FIELDS[] = {"id", "slug", "name", "url", NULL};
static void write_public_topic(JsonWriter *json, const Topic *topic, const Site *site,
                               const Wanted *wanted) {
  g_autofree char *path = address_listing((Listing){LISTING_TOPIC, topic->id}, topic->slug, 1);
  if (wants(wanted, "id")) {
    put_integer(json, "id", topic->id);
  }
  if (wants(wanted, "slug")) {
    put_text(json, "slug", topic->slug);
  }
  if (wants(wanted, "name")) {
    put_text(json, "name", topic->name);
  }
  if (wants(wanted, "url")) {
    put_address(json, path, site);
  }
}

static const char *const AUTHOR_FIELDS[] = {"id",  "slug",     "name", "role",
                                            "bio", "portrait", "url",  NULL};
static void write_public_author(JsonWriter *json, const Author *author, const Site *site,
                                const Wanted *wanted) {
  g_autofree char *path = address_listing((Listing){LISTING_AUTHOR, author->id}, author->slug, 1);
  if (wants(wanted, "id")) {
    put_integer(json, "id", author->id);
  }
  if (wants(wanted, "slug")) {
    put_text(json, "slug", author->slug);
  }
  if (wants(wanted, "name")) {
    put_text(json, "name", author->name);
  }
  if (wants(wanted, "role")) {
    put_text(json, "role", author->role);
  }
  if (wants(wanted, "bio")) {
    put_text(json, "bio", author->bio);
  }
  if (wants(wanted, "portrait")) {
    put_picture(json, "portrait", author->portrait, site);
  }
  if (wants(wanted, "url")) {
    put_address(json, path, site);
  }
}

static const char *const STORY_FIELDS[] = {
    "id",         "slug",    "url",     "headline",    "standfirst", "kicker",       "dateline",
    "language",   "section", "bylines", "topics",      "hero",       "published_at", "updated_at",
    "word_count", "body",    "html",    "corrections", NULL};
static const char *const SHORT_FIELDS[] = {"id",           "slug",       "url",        "headline",
                                           "standfirst",   "kicker",     "dateline",   "language",
                                           "section",      "bylines",    "topics",     "hero",
                                           "published_at", "updated_at", "word_count", NULL};

static void put_hangers(JsonWriter *json, const Story *story, const Site *site,
                        const Wanted *wanted) {
  Wanted all = {NULL};
  if (wants(wanted, "section")) {
    if (story->section == NULL) {
      put_null(json, "section");
    } else {
      put_object(json, "section");
      write_public_section(json, story->section, site, &all);
      json_end_object(json);
    }
  }
  if (wants(wanted, "bylines")) {
    put_list(json, "bylines");
    for (guint i = 0; i < story->bylines->len; i++) {
      const Byline *byline = g_ptr_array_index(story->bylines, i);
      json_object(json);
      put_object(json, "author");
      write_public_author(json, byline->author, site, &all);
      json_end_object(json);
      put_text(json, "role", byline->role);
      json_end_object(json);
    }
    json_end_array(json);
  }
  if (wants(wanted, "topics")) {
    put_list(json, "topics");
    for (guint i = 0; i < story->topics->len; i++) {
      json_object(json);
      write_public_topic(json, g_ptr_array_index(story->topics, i), site, &all);
      json_end_object(json);
    }
    json_end_array(json);
  }
  if (wants(wanted, "hero")) {
    put_picture(json, "hero", story->hero, site);
  }
}

static void put_words(JsonWriter *json, const Story *story, const Wanted *wanted) {
  const char *const texts[][2] = {{"headline", story->headline},
                                  {"standfirst", story->standfirst},
                                  {"kicker", story->kicker},
                                  {"dateline", story->dateline},
                                  {"language", story->language}};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    if (wants(wanted, texts[i][0])) {
      put_text(json, texts[i][0], texts[i][1]);
    }
  }
}

static void put_whole(JsonWriter *json, const Story *story, const Site *site,
                      const Wanted *wanted) {
  if (wants(wanted, "body")) {
    put_text(json, "body", story->body);
  }
  if (wants(wanted, "html")) {
    g_autoptr(Document) document = markup_parse(slice_of(story->body), NULL);
    g_autoptr(GString) html = g_string_new(NULL);
    MarkupHtmlOptions options = {.heading_shift = 1, .base_url = site->base_url};
    if (document != NULL) {
      markup_write_html(html, document, &options, NULL);
    }
    put_text(json, "html", html->str);
  }
  if (wants(wanted, "corrections")) {
    put_list(json, "corrections");
    for (guint i = 0; i < story->corrections->len; i++) {
      const Correction *one = g_ptr_array_index(story->corrections, i);
      json_object(json);
      put_instant(json, "corrected_at", one->corrected_at);
      put_text(json, "wrong", one->wrong);
      put_text(json, "right", one->right);
      json_end_object(json);
    }
    json_end_array(json);
  }
}

static void write_public_story(JsonWriter *json, const Story *story, const Site *site,
                               const Wanted *wanted, gboolean whole) {
  g_autofree char *path =
      address_story(story->section != NULL ? story->section->slug : NULL, story->slug, story->id);
  if (wants(wanted, "id")) {
    put_integer(json, "id", story->id);
  }
  if (wants(wanted, "slug")) {
    put_text(json, "slug", story->slug);
  }
  if (wants(wanted, "url")) {
    put_address(json, path, site);
  }
  put_words(json, story, wanted);
  put_hangers(json, story, site, wanted);
  if (wants(wanted, "published_at")) {
    put_instant(json, "published_at", story->published_at);
  }
  if (wants(wanted, "updated_at")) {
    put_instant(json, "updated_at", story->updated_at);
  }
  if (wants(wanted, "word_count")) {
    put_integer(json, "word_count", story->word_count);
  }
  if (whole) {
    put_whole(json, story, site, wanted);
  }
}

// ---- stories ----------------------------------------------------------------------------------

// At most one of section, topic and author. NOT_FOUND.
static gboolean read_listing(ApiCall *call, const ApiRead *read, Listing *ret_listing,
                             GError **error) {
  const char *section = request_query(call->request, "section");
  const char *topic = request_query(call->request, "topic");
  const char *author = request_query(call->request, "author");
  *ret_listing = (Listing){LISTING_ALL, 0};
  if ((section != NULL) + (topic != NULL) + (author != NULL) > 1) {
    api_fault(call, "section: one of section, topic and author at a time");
    return TRUE;
  }
  if (section != NULL) {
    const Section *found = site_section_by_slug(read->site, section);
    if (found == NULL) {
      g_set_error(error, WEB_ERROR, WEB_ERROR_NOT_FOUND, "section: there is none of that address");
      return FALSE;
    }
    *ret_listing = (Listing){LISTING_SECTION, found->id};
  } else if (topic != NULL) {
    g_autoptr(Topic) found = topic_rows_get_by_slug(read->transaction, topic, error);
    *ret_listing = (Listing){LISTING_TOPIC, found != NULL ? found->id : 0};
    return found != NULL;
  } else if (author != NULL) {
    g_autoptr(Author) found = author_rows_get_by_slug(read->transaction, author, error);
    *ret_listing = (Listing){LISTING_AUTHOR, found != NULL ? found->id : 0};
    return found != NULL;
  }
  return TRUE;
}

static gboolean put_stories(JsonWriter *json, const ApiRead *read, const GPtrArray *teasers,
                            guint limit, const Wanted *wanted, GError **error) {
  for (guint i = 0; i < MIN(teasers->len, limit); i++) {
    const Teaser *teaser = g_ptr_array_index(teasers, i);
    g_autoptr(Story) story = story_rows_get(read->transaction, teaser->id, error);
    if (story == NULL) {
      return FALSE;
    }
    json_object(json);
    write_public_story(json, story, read->site, wanted, FALSE);
    json_end_object(json);
  }
  return TRUE;
}

Response *api_content_stories(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  g_auto(Wanted) wanted = {0};
  Listing listing;
  gint64 total = 0;
  api_begin(&call, request, website);
  read_fields(&call, &wanted, SHORT_FIELDS);
  guint limit = MIN(api_limit(&call, 20), 100);
  gint64 offset = api_query_integer(&call, "after", 0);
  const char *words = request_query(request, "q");
  if (!api_read_begin(&read, website, error) || !read_listing(&call, &read, &listing, error) ||
      !api_query_accept(&call, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) teasers =
      words != NULL && *words != '\0'
          ? story_rows_search(read.transaction, words, (guint)MIN(offset, 10000), limit + 1, &total,
                              error)
          : story_rows_list(read.transaction, listing, (guint64)offset, limit + 1, error);
  if (teasers == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  if (!put_stories(json, &read, teasers, limit, &wanted, error)) {
    return NULL;
  }
  put_next_id(json, teasers->len > limit ? offset + limit : 0);
  return shared(&answer);
}

Response *api_content_story(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  g_auto(Wanted) wanted = {0};
  api_begin(&call, request, website);
  read_fields(&call, &wanted, STORY_FIELDS);
  if (!api_query_accept(&call, error) || !api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(Story) story = story_rows_get(read.transaction, api_path_id(&call, 0), error);
  if (story == NULL) {
    return NULL;
  }
  if (story->status != STORY_PUBLISHED) {
    g_set_error(error, WEB_ERROR,
                story->status == STORY_WITHDRAWN ? WEB_ERROR_GONE : WEB_ERROR_NOT_FOUND,
                "there is no such story");
    return NULL;
  }
  write_public_story(api_answer(&answer), story, read.site, &wanted, TRUE);
  return shared(&answer);
}

// ---- the rest ---------------------------------------------------------------------------------

Response *api_content_sections(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  g_auto(Wanted) wanted = {0};
  api_begin(&call, request, website);
  read_fields(&call, &wanted, SECTION_FIELDS);
  if (!api_query_accept(&call, error) || !api_read_begin(&read, website, error)) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < read.site->sections->len; i++) {
    json_object(json);
    write_public_section(json, g_ptr_array_index(read.site->sections, i), read.site, &wanted);
    json_end_object(json);
  }
  put_next(json, NULL);
  return shared(&answer);
}

Response *api_content_authors(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  g_auto(Wanted) wanted = {0};
  api_begin(&call, request, website);
  read_fields(&call, &wanted, AUTHOR_FIELDS);
  guint limit = api_limit(&call, 100);
  const char *after = request_query(request, "after");
  if (!api_query_accept(&call, error) || !api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) all = author_rows_page(read.transaction, after != NULL ? after : "",
                                              after != NULL ? G_MAXINT64 : 0, "", limit + 1, error);
  if (all == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  const char *next = NULL;
  put_list(json, "items");
  for (guint i = 0; i < MIN(all->len, limit); i++) {
    const Author *author = g_ptr_array_index(all, i);
    json_object(json);
    write_public_author(json, author, read.site, &wanted);
    json_end_object(json);
    next = author->name;
  }
  put_next(json, all->len > limit ? next : NULL);
  return shared(&answer);
}

Response *api_content_author(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  g_auto(Wanted) wanted = {0};
  api_begin(&call, request, website);
  read_fields(&call, &wanted, AUTHOR_FIELDS);
  if (!api_query_accept(&call, error) || !api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(Author) author =
      author_rows_get_by_slug(read.transaction, request_parameter(request, 0), error);
  if (author == NULL) {
    return NULL;
  }
  write_public_author(api_answer(&answer), author, read.site, &wanted);
  return shared(&answer);
}

Response *api_content_topics(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  g_auto(Wanted) wanted = {0};
  api_begin(&call, request, website);
  read_fields(&call, &wanted, TOPIC_FIELDS);
  guint limit = api_limit(&call, 100);
  const char *after = request_query(request, "after");
  if (!api_query_accept(&call, error) || !api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) all = topic_rows_page(read.transaction, after != NULL ? after : "",
                                             after != NULL ? G_MAXINT64 : 0, "", limit + 1, error);
  if (all == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  const char *next = NULL;
  put_list(json, "items");
  for (guint i = 0; i < MIN(all->len, limit); i++) {
    const Topic *topic = g_ptr_array_index(all, i);
    json_object(json);
    write_public_topic(json, topic, read.site, &wanted);
    json_end_object(json);
    next = topic->name;
  }
  put_next(json, all->len > limit ? next : NULL);
  return shared(&answer);
}

Response *api_content_front(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  g_auto(Wanted) wanted = {0};
  api_begin(&call, request, website);
  const char *slug = request_parameter(request, 0);
  read_fields(&call, &wanted, SHORT_FIELDS);
  if (!api_query_accept(&call, error) || !api_read_begin(&read, website, error)) {
    return NULL;
  }
  const Section *section = site_section_by_slug(read.site, slug);
  if (section == NULL && strcmp(slug, "front") != 0) {
    g_set_error(error, WEB_ERROR, WEB_ERROR_NOT_FOUND, "there is no section %s", slug);
    return NULL;
  }
  g_autoptr(Front) front = fronts_compose(read.transaction, section != NULL ? section->id : 0,
                                          (guint)CLAMP(website->front_size, 1, 100), error);
  if (front == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_text(json, "section", slug);
  put_list(json, "slots");
  for (guint i = 0; i < front->slots->len; i++) {
    const FrontSlot *slot = g_ptr_array_index(front->slots, i);
    g_autoptr(Story) story = story_rows_get(read.transaction, slot->story->id, error);
    if (story == NULL) {
      return NULL;
    }
    json_object(json);
    put_text(json, "weight", front_weight_name(slot->weight));
    put_object(json, "story");
    write_public_story(json, story, read.site, &wanted, FALSE);
    json_end_object(json);
    json_end_object(json);
  }
  json_end_array(json);
  return shared(&answer);
}
