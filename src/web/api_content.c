// SPDX-License-Identifier: Apache-2.0
//
// What is published, for programs (docs/api/openapi.json, /api/content/…): stories, sections,
// topics, authors, fronts, pictures. The same for everyone and of one site revision, so that the
// page cache keeps it, with an ETag. Filters go over public columns only; what is not published
// does not exist here.
#include <string.h>

#include "model/address.h"
#include "newsroom/fronts.h"
#include "press/feed.h"
#include "store/front_rows.h"
#include "store/image_rows.h"
#include "store/people_rows.h"
#include "store/story_rows.h"
#include "web/api_handlers.h"

#define PAGE 20
#define PICTURE_WIDTH 1280
#define FRONT_STORIES 12

static const char *const STORY_FIELDS[] = {
    "id",         "slug",    "url",     "headline",    "standfirst", "kicker",       "dateline",
    "language",   "section", "bylines", "topics",      "hero",       "published_at", "updated_at",
    "word_count", "body",    "html",    "corrections", NULL};

// ---- sparse fields ----------------------------------------------------------------------------

typedef struct Fields {
  char **names; // NULL: all that the answer usually has
  gboolean with_text;
} Fields;
static void fields_clear(Fields *fields) {
  g_clear_pointer(&fields->names, g_strfreev);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fields, fields_clear)

static void fields_read(ApiCall *call, const char *const *known, Fields *fields) {
  const char *text = request_query(call->request, "fields");
  if (text == NULL || *text == '\0') {
    return;
  }
  fields->names = g_strsplit(text, ",", -1);
  for (guint i = 0; fields->names[i] != NULL; i++) {
    if (!g_strv_contains(known, g_strstrip(fields->names[i]))) {
      g_autofree char *all = g_strjoinv(", ", (char **)known);
      api_fault(call, "fields: %.50s is none; there are %s", fields->names[i], all);
    }
  }
}

static gboolean wants(const Fields *fields, const char *name) {
  return fields->names != NULL ? g_strv_contains((const char *const *)fields->names, name) : TRUE;
}

// body and html only where they are asked for, or the answer is one story.
static gboolean wants_text(const Fields *fields, const char *name) {
  return fields->names != NULL ? wants(fields, name) : fields->with_text;
}

static void put_url(JsonWriter *json, const char *name, const Site *site, const char *path) {
  g_autofree char *url = g_strconcat(site->base_url, path, NULL);
  put_text(json, name, url);
}

// ---- pictures, people, places -----------------------------------------------------------------

static void put_picture_fields(JsonWriter *json, const Site *site, const Image *image,
                               const char *caption, const char *credit) {
  put_integer(json, "id", image->id);
  put_text(json, "alt", image->alt);
  put_text(json, "caption", caption != NULL && *caption != '\0' ? caption : image->caption);
  put_text(json, "credit", credit != NULL && *credit != '\0' ? credit : image->credit);
  put_integer(json, "width", image->width);
  put_integer(json, "height", image->height);
  put_object(json, "urls");
  for (guint aspect = 0; image->hash != NULL && aspect < ASPECT_COUNT; aspect++) {
    ImageAddress address = {
        .image = image, .aspect = (ImageAspect)aspect, .width = image_width_snap(PICTURE_WIDTH)};
    g_autofree char *path = address_image(&address, site->image_key);
    put_url(json, image_aspect_name((ImageAspect)aspect), site, path);
  }
  json_end_object(json);
}

static void put_picture(JsonWriter *json, const char *name, const Site *site, const Image *image,
                        const char *caption, const char *credit) {
  if (image == NULL || image->hash == NULL) {
    put_null(json, name);
    return;
  }
  put_object(json, name);
  put_picture_fields(json, site, image, caption, credit);
  json_end_object(json);
}

static void put_section_of(JsonWriter *json, const Site *site, const Section *section,
                           const Fields *fields) {
  static const Fields ALL = {0};
  const Fields *wanted = fields != NULL ? fields : &ALL;
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
    put_url(json, "url", site, path);
  }
}

static void put_topic_of(JsonWriter *json, const Site *site, const Topic *topic,
                         const Fields *fields) {
  static const Fields ALL = {0};
  const Fields *wanted = fields != NULL ? fields : &ALL;
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
    put_url(json, "url", site, path);
  }
}

static void put_author_of(JsonWriter *json, const Site *site, const Author *author,
                          const Fields *fields) {
  static const Fields ALL = {0};
  const Fields *wanted = fields != NULL ? fields : &ALL;
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
    put_picture(json, "portrait", site, author->portrait, NULL, NULL);
  }
  if (wants(wanted, "url")) {
    put_url(json, "url", site, path);
  }
}

// ---- stories ----------------------------------------------------------------------------------

static void put_words(JsonWriter *json, const Site *site, const Story *story,
                      const Fields *fields) {
  g_autofree char *path =
      address_story(story->section != NULL ? story->section->slug : NULL, story->slug, story->id);
  const struct {
    const char *name, *value;
  } TEXTS[] = {{"slug", story->slug},
               {"headline", story->headline},
               {"standfirst", story->standfirst},
               {"kicker", story->kicker},
               {"dateline", story->dateline},
               {"language", *story->language != '\0' ? story->language : site->language}};
  if (wants(fields, "id")) {
    put_integer(json, "id", story->id);
  }
  if (wants(fields, "url")) {
    put_url(json, "url", site, path);
  }
  for (gsize i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
    if (wants(fields, TEXTS[i].name)) {
      put_text(json, TEXTS[i].name, TEXTS[i].value);
    }
  }
}

static void put_bylines(JsonWriter *json, const Site *site, const Story *story) {
  put_list(json, "bylines");
  for (guint i = 0; i < story->bylines->len; i++) {
    const Byline *byline = g_ptr_array_index(story->bylines, i);
    json_object(json);
    put_object(json, "author");
    put_author_of(json, site, byline->author, NULL);
    json_end_object(json);
    put_text(json, "role", byline->role);
    json_end_object(json);
  }
  json_end_array(json);
}

static void put_topics(JsonWriter *json, const Site *site, const Story *story) {
  put_list(json, "topics");
  for (guint i = 0; i < story->topics->len; i++) {
    json_object(json);
    put_topic_of(json, site, g_ptr_array_index(story->topics, i), NULL);
    json_end_object(json);
  }
  json_end_array(json);
}

static void put_corrections(JsonWriter *json, const Story *story) {
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

static void put_story_of(JsonWriter *json, const Site *site, const Story *story,
                         const Fields *fields) {
  put_words(json, site, story, fields);
  if (wants(fields, "section") && story->section == NULL) {
    put_null(json, "section");
  } else if (wants(fields, "section")) {
    put_object(json, "section");
    put_section_of(json, site, story->section, NULL);
    json_end_object(json);
  }
  if (wants(fields, "bylines")) {
    put_bylines(json, site, story);
  }
  if (wants(fields, "topics")) {
    put_topics(json, site, story);
  }
  if (wants(fields, "hero")) {
    put_picture(json, "hero", site, story->hero, story->hero_caption, story->hero_credit);
  }
  if (wants(fields, "published_at")) {
    put_instant(json, "published_at", story->published_at);
  }
  if (wants(fields, "updated_at")) {
    put_instant(json, "updated_at", story->updated_at);
  }
  if (wants(fields, "word_count")) {
    put_integer(json, "word_count", story->word_count);
  }
  if (wants(fields, "corrections")) {
    put_corrections(json, story);
  }
  if (wants_text(fields, "body")) {
    put_text(json, "body", story->body);
  }
  if (wants_text(fields, "html")) {
    g_autofree char *html = feed_story_html(site, story);
    put_text(json, "html", html);
  }
}

// ---- the list of stories ----------------------------------------------------------------------

typedef struct Wanted {
  Listing listing;
  gint64 from, until; // 0: not asked
  const char *words;  // NULL: not asked
  gboolean oldest_first;
  guint offset, limit;
} Wanted;

static gint64 query_instant(ApiCall *call, const char *name) {
  const char *text = request_query(call->request, name);
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
  gint64 instant = 0;
  if (text != NULL && *text != '\0' && (strlen(text) < 20 || !clock_parse(text, utc, &instant))) {
    api_fault(call, "%s: an instant such as 2026-11-25T16:00:00Z is wanted", name);
  }
  return instant;
}

// One of section, topic, author; no such one: an empty list, as the filter says.
static gboolean find_listing(ApiCall *call, const ApiRead *read, Wanted *wanted,
                             gboolean *ret_nobody, GError **error) {
  const char *section = request_query(call->request, "section");
  const char *topic = request_query(call->request, "topic");
  const char *author = request_query(call->request, "author");
  GError *failure = NULL;
  wanted->listing = (Listing){LISTING_ALL, 0};
  if ((section != NULL) + (topic != NULL) + (author != NULL) > 1) {
    g_set_error(error, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID,
                "section, topic and author: one of them at a time");
    return FALSE;
  }
  if (section != NULL) {
    const Section *found = site_section_by_slug(read->site, section);
    *ret_nobody = found == NULL;
    wanted->listing = (Listing){LISTING_SECTION, found != NULL ? found->id : 0};
  } else if (topic != NULL) {
    g_autoptr(Topic) found = topic_rows_get_by_slug(read->transaction, topic, &failure);
    *ret_nobody = found == NULL;
    wanted->listing = (Listing){LISTING_TOPIC, found != NULL ? found->id : 0};
  } else if (author != NULL) {
    g_autoptr(Author) found = author_rows_get_by_slug(read->transaction, author, &failure);
    *ret_nobody = found == NULL;
    wanted->listing = (Listing){LISTING_AUTHOR, found != NULL ? found->id : 0};
  }
  if (failure != NULL && !g_error_matches(failure, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  g_clear_error(&failure);
  return TRUE;
}

static void turn_around(GPtrArray *array) {
  for (guint i = 0; i < array->len / 2; i++) {
    gpointer other = array->pdata[array->len - 1 - i];
    array->pdata[array->len - 1 - i] = array->pdata[i];
    array->pdata[i] = other;
  }
}

// Teaser *, and whether there are more.
static GPtrArray *find_stories(StoreTransaction *transaction, const Wanted *wanted,
                               gboolean *ret_more, GError **error) {
  gint64 total = 0;
  if (wanted->words != NULL) {
    g_autoptr(GPtrArray) found =
        story_rows_search(transaction, wanted->words, wanted->offset, wanted->limit, &total, error);
    *ret_more = found != NULL && wanted->offset + found->len < total;
    return g_steal_pointer(&found);
  }
  if (wanted->from != 0 || wanted->until != 0) {
    guint most = wanted->offset + wanted->limit + 1;
    g_autoptr(GPtrArray) found =
        story_rows_list_between(transaction, wanted->listing, wanted->from,
                                wanted->until != 0 ? wanted->until : G_MAXINT64, most, error);
    if (found == NULL) {
      return NULL;
    }
    *ret_more = found->len == most;
    g_ptr_array_set_size(found, (gint)MIN(found->len, wanted->offset + wanted->limit));
    if (wanted->offset > 0) {
      g_ptr_array_remove_range(found, 0, MIN(wanted->offset, found->len));
    }
    return g_steal_pointer(&found);
  }
  total = story_rows_count(transaction, wanted->listing, error);
  if (total < 0) {
    return NULL;
  }
  guint64 left = wanted->offset < total ? (guint64)total - wanted->offset : 0;
  guint limit = (guint)MIN(left, wanted->limit);
  *ret_more = left > wanted->limit;
  if (!wanted->oldest_first) {
    return story_rows_list(transaction, wanted->listing, wanted->offset, limit, error);
  }
  GPtrArray *found = story_rows_list(transaction, wanted->listing, left - limit, limit, error);
  if (found != NULL) {
    turn_around(found);
  }
  return found;
}

static gboolean put_stories(JsonWriter *json, const ApiRead *read, const GPtrArray *teasers,
                            const Fields *fields, GError **error) {
  put_list(json, "items");
  for (guint i = 0; i < teasers->len; i++) {
    const Teaser *teaser = g_ptr_array_index(teasers, i);
    g_autoptr(Story) story = story_rows_get(read->transaction, teaser->id, error);
    if (story == NULL) {
      return FALSE;
    }
    json_object(json);
    put_story_of(json, read->site, story, fields);
    json_end_object(json);
  }
  return TRUE;
}

static Response *share(Response *response) {
  if (response != NULL) {
    response_set_cache(response, CACHE_PAGE);
  }
  return response;
}

static void read_wanted(ApiCall *call, Wanted *wanted) {
  static const char *const SORTS[] = {"-published_at", "published_at", NULL};
  const char *words = request_query(call->request, "q");
  gint64 after = api_query_integer(call, "after", 0);
  wanted->limit = api_limit(call, PAGE);
  wanted->oldest_first = api_query_choice(call, "sort", SORTS) == 1;
  wanted->from = query_instant(call, "from");
  wanted->until = query_instant(call, "until");
  wanted->words = words != NULL && *words != '\0' ? words : NULL;
  wanted->offset = (guint)CLAMP(after, 0, 10000000);
  if ((wanted->from != 0 || wanted->until != 0) && wanted->offset > 10000) {
    api_fault(call, "after: go on by a later `until` beyond ten thousand");
  }
  if ((wanted->from != 0 || wanted->until != 0) && wanted->oldest_first) {
    api_fault(call, "sort: from and until go with newest first");
  }
}

Response *api_content_stories(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  g_auto(Fields) fields = {0};
  Wanted wanted = {0};
  gboolean nobody = FALSE, more = FALSE;
  api_begin(&call, request, website);
  fields_read(&call, STORY_FIELDS, &fields);
  read_wanted(&call, &wanted);
  if (!api_query_accept(&call, error) || !api_read_begin(&read, website, error) ||
      !find_listing(&call, &read, &wanted, &nobody, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) teasers =
      nobody ? g_ptr_array_new() : find_stories(read.transaction, &wanted, &more, error);
  JsonWriter *json = api_answer(&answer);
  if (teasers == NULL || !put_stories(json, &read, teasers, &fields, error)) {
    return NULL;
  }
  put_next_id(json, more ? (gint64)wanted.offset + teasers->len : 0);
  return share(api_respond(&answer, 200));
}

static gboolean missing(GError **error, const char *what) {
  g_set_error(error, WEB_ERROR, WEB_ERROR_NOT_FOUND, "there is no such %s", what);
  return FALSE;
}

Response *api_content_story(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  g_auto(Fields) fields = {.with_text = TRUE};
  api_begin(&call, request, website);
  fields_read(&call, STORY_FIELDS, &fields);
  if (!api_query_accept(&call, error) || !api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(Story) story = story_rows_get(read.transaction, api_path_id(&call, 0), error);
  if (story == NULL || (story->status != STORY_PUBLISHED && !missing(error, "story"))) {
    return NULL;
  }
  put_story_of(api_answer(&answer), read.site, story, &fields);
  return share(api_respond(&answer, 200));
}

// ---- sections, topics, authors ----------------------------------------------------------------

Response *api_content_sections(const Request *request, Website *website, GError **error) {
  static const char *const FIELDS[] = {"id", "slug", "name", "description", "url", NULL};
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  g_auto(Fields) fields = {0};
  api_begin(&call, request, website);
  fields_read(&call, FIELDS, &fields);
  if (!api_query_accept(&call, error) || !api_read_begin(&read, website, error)) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < read.site->sections->len; i++) {
    json_object(json);
    put_section_of(json, read.site, g_ptr_array_index(read.site->sections, i), &fields);
    json_end_object(json);
  }
  put_next_id(json, 0);
  return share(api_respond(&answer, 200));
}

typedef void (*PutItem)(JsonWriter *json, const Site *site, gconstpointer item,
                        const Fields *fields);

static void put_topic_item(JsonWriter *json, const Site *site, gconstpointer item,
                           const Fields *fields) {
  put_topic_of(json, site, item, fields);
}

static void put_author_item(JsonWriter *json, const Site *site, gconstpointer item,
                            const Fields *fields) {
  put_author_of(json, site, item, fields);
}

// A part of an array that has one more item than the part where there is more.
static Response *answer_part(const ApiRead *read, const GPtrArray *all, guint offset, guint limit,
                             const Fields *fields, PutItem put) {
  g_auto(ApiAnswer) answer = {0};
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  guint end = MIN(all->len, offset + limit);
  for (guint i = offset; i < end; i++) {
    json_object(json);
    put(json, read->site, g_ptr_array_index(all, i), fields);
    json_end_object(json);
  }
  put_next_id(json, end < all->len ? end : 0);
  return share(api_respond(&answer, 200));
}

Response *api_content_topics(const Request *request, Website *website, GError **error) {
  static const char *const FIELDS[] = {"id", "slug", "name", "url", NULL};
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(Fields) fields = {0};
  api_begin(&call, request, website);
  fields_read(&call, FIELDS, &fields);
  guint limit = api_limit(&call, PAGE);
  gint64 offset = CLAMP(api_query_integer(&call, "after", 0), 0, 100000);
  if (!api_query_accept(&call, error) || !api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) all = topic_rows_list(read.transaction, (guint)offset + limit + 1, error);
  return all != NULL ? answer_part(&read, all, (guint)offset, limit, &fields, put_topic_item)
                     : NULL;
}

static const char *const AUTHOR_FIELDS[] = {"id",  "slug",     "name", "role",
                                            "bio", "portrait", "url",  NULL};

Response *api_content_authors(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(Fields) fields = {0};
  api_begin(&call, request, website);
  fields_read(&call, AUTHOR_FIELDS, &fields);
  guint limit = api_limit(&call, PAGE);
  gint64 offset = CLAMP(api_query_integer(&call, "after", 0), 0, 1000000);
  if (!api_query_accept(&call, error) || !api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) all = author_rows_list(read.transaction, error);
  return all != NULL ? answer_part(&read, all, (guint)offset, limit, &fields, put_author_item)
                     : NULL;
}

Response *api_content_author(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  g_auto(Fields) fields = {0};
  api_begin(&call, request, website);
  fields_read(&call, AUTHOR_FIELDS, &fields);
  if (!api_query_accept(&call, error) || !api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(Author) author =
      author_rows_get_by_slug(read.transaction, request_parameter(request, 0), error);
  if (author == NULL) {
    return NULL;
  }
  put_author_of(api_answer(&answer), read.site, author, &fields);
  return share(api_respond(&answer, 200));
}

// ---- fronts and pictures ----------------------------------------------------------------------

Response *api_content_front(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  g_auto(Fields) fields = {0};
  api_begin(&call, request, website);
  fields_read(&call, STORY_FIELDS, &fields);
  if (!api_query_accept(&call, error) || !api_read_begin(&read, website, error)) {
    return NULL;
  }
  const char *slug = request_parameter(request, 0);
  const Section *section = site_section_by_slug(read.site, slug);
  if (strcmp(slug, "front") != 0 && section == NULL && !missing(error, "front")) {
    return NULL;
  }
  gint64 section_id = strcmp(slug, "front") == 0 ? 0 : section->id;
  g_autoptr(Front) front = fronts_compose(read.transaction, section_id, FRONT_STORIES, error);
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
    put_story_of(json, read.site, story, &fields);
    json_end_object(json);
    json_end_object(json);
  }
  json_end_array(json);
  return share(api_respond(&answer, 200));
}

Response *api_content_image(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  gboolean shown = FALSE;
  api_begin(&call, request, website);
  gint64 id = api_path_id(&call, 0);
  if (!api_read_begin(&read, website, error) ||
      !image_rows_is_shown(read.transaction, id, &shown, error)) {
    return NULL;
  }
  g_autoptr(Image) image = shown ? image_rows_get(read.transaction, id, error) : NULL;
  if (image == NULL) {
    if (!shown) {
      missing(error, "picture");
    }
    return NULL;
  }
  put_picture_fields(api_answer(&answer), read.site, image, NULL, NULL);
  return share(api_respond(&answer, 200));
}
