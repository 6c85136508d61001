// SPDX-License-Identifier: Apache-2.0
//
// Sections, topics, authors, the newspaper's settings and policies (docs/api/openapi.json).
#include <string.h>

#include "base/text.h"
#include "newsroom/policies.h"
#include "newsroom/settings.h"
#include "newsroom/taxonomy.h"
#include "store/image_rows.h"
#include "store/people_rows.h"
#include "store/site_rows.h"
#include "store/subscriber_rows.h"
#include "web/api_stories.h"

// ---- sections ---------------------------------------------------------------------------------

Response *api_section_list(const Request *request, Website *website, GError **error) {
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  if (!api_read_begin(&read, website, error)) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < read.site->sections->len; i++) {
    json_object(json);
    write_section(json, g_ptr_array_index(read.site->sections, i));
    json_end_object(json);
  }
  json_end_array(json);
  return api_respond(&answer, 200);
}

static Response *answer_section(Website *website, gint64 id, guint status, GError **error) {
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  if (!api_read_begin(&read, website, error)) {
    return NULL;
  }
  for (guint i = 0; i < read.site->sections->len; i++) {
    const Section *section = g_ptr_array_index(read.site->sections, i);
    if (section->id == id) {
      write_section(api_answer(&answer), section);
      return api_respond(&answer, status);
    }
  }
  g_set_error(error, NEWSROOM_ERROR, NEWSROOM_ERROR_NOT_FOUND, "there is no such section");
  return NULL;
}

Response *api_section_add(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  const char *description = NULL;
  Section section = {.slug = (char *)api_need_text(&call, "slug"),
                     .name = (char *)api_need_text(&call, "name")};
  description = api_text(&call, "description");
  section.description = (char *)(description != NULL ? description : "");
  section.position = (gint32)CLAMP(api_integer(&call, "position", 1000), 0, 10000);
  gint64 id = api_accept(&call, error) ? taxonomy_add_section(&call.newsroom, &section, error) : 0;
  return id != 0 ? answer_section(website, id, 201, error) : NULL;
}

Response *api_section_change(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  gint64 id = api_path_id(&call, 0);
  const char *name = api_text(&call, "name");
  const char *description = api_text(&call, "description");
  gint32 position = (gint32)CLAMP(api_integer(&call, "position", -1), -1, 10000);
  return api_accept(&call, error) &&
                 taxonomy_change_section(&call.newsroom, id, name, description, position, error)
             ? answer_section(website, id, 200, error)
             : NULL;
}

Response *api_section_remove(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  return taxonomy_remove_section(&call.newsroom, api_path_id(&call, 0), error) ? api_done() : NULL;
}

// ---- topics and authors -----------------------------------------------------------------------

// A list by name: "<id>.<name>" says where it goes on.
typedef struct NamePage {
  const char *name;
  gint64 id;
  guint limit;
} NamePage;

static void read_name_page(ApiCall *call, NamePage *page) {
  const char *after = request_query(call->request, "after");
  const char *dot = after != NULL ? strchr(after, '.') : NULL;
  guint64 id = 0;
  *page = (NamePage){.name = "", .limit = api_limit(call, 100)};
  if (after == NULL || *after == '\0') {
    return;
  }
  if (dot == NULL || !slice_parse_uint((Slice){after, (gsize)(dot - after)}, G_MAXINT64, &id)) {
    api_fault(call, "after: hand on `next` as it was given");
    return;
  }
  page->id = (gint64)id;
  page->name = dot + 1;
}

static char *next_name(gint64 id, const char *name) {
  return g_strdup_printf("%" G_GINT64_FORMAT ".%s", id, name);
}

Response *api_topic_list(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  NamePage page;
  api_begin(&call, request, website);
  read_name_page(&call, &page);
  if (!api_query_accept(&call, error) || !api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) topics = topic_rows_page(read.transaction, page.name, page.id,
                                                request_query(request, "q"), page.limit + 1, error);
  if (topics == NULL) {
    return NULL;
  }
  g_autofree char *next = NULL;
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < MIN(topics->len, page.limit); i++) {
    const Topic *topic = g_ptr_array_index(topics, i);
    json_object(json);
    write_topic(json, topic);
    json_end_object(json);
    if (i + 1 == page.limit && topics->len > page.limit) {
      next = next_name(topic->id, topic->name);
    }
  }
  put_next(json, next);
  return api_respond(&answer, 200);
}

static Response *answer_topic(Website *website, gint64 id, guint status, GError **error) {
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  g_autoptr(Topic) topic =
      api_read_begin(&read, website, error) ? topic_rows_get(read.transaction, id, error) : NULL;
  if (topic == NULL) {
    return NULL;
  }
  write_topic(api_answer(&answer), topic);
  return api_respond(&answer, status);
}

Response *api_topic_add(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  const char *slug = api_text(&call, "slug");
  const char *name = api_need_text(&call, "name");
  const char *description = api_text(&call, "description");
  gint64 id = api_accept(&call, error)
                  ? taxonomy_add_topic(&call.newsroom, slug, name, description, error)
                  : 0;
  return id != 0 ? answer_topic(website, id, 201, error) : NULL;
}

Response *api_topic_change(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  gint64 id = api_path_id(&call, 0);
  const char *name = api_text(&call, "name");
  const char *description = api_text(&call, "description");
  return api_accept(&call, error) &&
                 taxonomy_change_topic(&call.newsroom, id, name, description, error)
             ? answer_topic(website, id, 200, error)
             : NULL;
}

Response *api_author_list(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  NamePage page;
  api_begin(&call, request, website);
  read_name_page(&call, &page);
  if (!api_query_accept(&call, error) || !api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) authors = author_rows_page(
      read.transaction, page.name, page.id, request_query(request, "q"), page.limit + 1, error);
  if (authors == NULL) {
    return NULL;
  }
  g_autofree char *next = NULL;
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < MIN(authors->len, page.limit); i++) {
    const Author *author = g_ptr_array_index(authors, i);
    json_object(json);
    write_author(json, author, read.site);
    json_end_object(json);
    if (i + 1 == page.limit && authors->len > page.limit) {
      next = next_name(author->id, author->name);
    }
  }
  put_next(json, next);
  return api_respond(&answer, 200);
}

static Response *answer_author(Website *website, gint64 id, guint status, GError **error) {
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  g_autoptr(Author) author =
      api_read_begin(&read, website, error) ? author_rows_get(read.transaction, id, error) : NULL;
  if (author == NULL) {
    return NULL;
  }
  write_author(api_answer(&answer), author, read.site);
  return api_respond(&answer, status);
}

static AuthorChange read_author(ApiCall *call, gboolean is_new) {
  AuthorChange author = {.slug = is_new ? api_text(call, "slug") : NULL,
                         .name = is_new ? api_need_text(call, "name") : api_text(call, "name"),
                         .role = api_text(call, "role"),
                         .bio = api_text(call, "bio"),
                         .portrait_id = api_integer(call, "portrait_id", -1)};
  return author;
}

Response *api_author_add(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  AuthorChange author = read_author(&call, TRUE);
  gint64 id = api_accept(&call, error) ? taxonomy_add_author(&call.newsroom, &author, error) : 0;
  return id != 0 ? answer_author(website, id, 201, error) : NULL;
}

Response *api_author_change(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  gint64 id = api_path_id(&call, 0);
  AuthorChange author = read_author(&call, FALSE);
  return api_accept(&call, error) && taxonomy_change_author(&call.newsroom, id, &author, error)
             ? answer_author(website, id, 200, error)
             : NULL;
}

// ---- for the palette --------------------------------------------------------------------------

Response *api_find(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiSummaries) with = {0};
  g_auto(ApiAnswer) answer = {0};
  api_begin(&call, request, website);
  const char *words = request_query(request, "q");
  WorkFilter filter = {.stage = -1, .status = -1, .limit = 8};
  if (!actor_may(call.newsroom.actor, PERMISSION_STORY_READ_ANY)) {
    filter.own_staff_id = call.newsroom.actor->staff_id;
  }
  if (!api_summaries_begin(&with, &call, error)) {
    return NULL;
  }
  words = words != NULL ? words : "";
  StoreTransaction *transaction = with.read.transaction;
  ImageFilter pictures = {.words = words, .limit = 6};
  g_autoptr(GPtrArray) stories = *words != '\0'
                                     ? api_find_stories(&call, transaction, words, &filter, error)
                                     : work_rows_list(transaction, &filter, error);
  g_autoptr(GPtrArray) images =
      stories != NULL ? image_rows_list(transaction, &pictures, error) : NULL;
  g_autoptr(GPtrArray) authors =
      images != NULL ? author_rows_page(transaction, "", 0, words, 6, error) : NULL;
  g_autoptr(GPtrArray) topics =
      authors != NULL ? topic_rows_page(transaction, "", 0, words, 6, error) : NULL;
  if (topics == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "stories");
  api_put_summaries(json, stories, 8, &with.context);
  json_end_array(json);
  put_list(json, "images");
  for (guint i = 0; i < images->len; i++) {
    json_object(json);
    write_image(json, g_ptr_array_index(images, i), with.read.site);
    json_end_object(json);
  }
  json_end_array(json);
  put_list(json, "authors");
  for (guint i = 0; i < authors->len; i++) {
    json_object(json);
    write_author(json, g_ptr_array_index(authors, i), with.read.site);
    json_end_object(json);
  }
  json_end_array(json);
  put_list(json, "topics");
  for (guint i = 0; i < topics->len; i++) {
    json_object(json);
    write_topic(json, g_ptr_array_index(topics, i));
    json_end_object(json);
  }
  json_end_array(json);
  return api_respond(&answer, 200);
}

// ---- settings and policies --------------------------------------------------------------------

static const char *const SETTINGS[] = {"name",        "tagline",        "description",   "base_url",
                                       "language",    "time_zone",      "publisher",     "contact",
                                       "mail_sender", "bounce_address", "postal_address"};

Response *api_settings_get(const Request *request, Website *website, GError **error) {
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  if (!api_read_begin(&read, website, error)) {
    return NULL;
  }
  const Site *site = read.site;
  const char *const values[] = {site->name,           site->tagline,       site->description,
                                site->base_url,       site->language,      site->zone_name,
                                site->publisher,      site->contact,       site->mail_sender,
                                site->bounce_address, site->postal_address};
  JsonWriter *json = api_answer(&answer);
  for (guint i = 0; i < G_N_ELEMENTS(SETTINGS); i++) {
    put_text(json, SETTINGS[i], values[i] != NULL ? values[i] : "");
  }
  return api_respond(&answer, 200);
}

Response *api_settings_change(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  const char *values[G_N_ELEMENTS(SETTINGS)];
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  for (guint i = 0; i < G_N_ELEMENTS(SETTINGS); i++) {
    values[i] = api_text(&call, SETTINGS[i]);
  }
  if (!api_accept(&call, error) ||
      !settings_put_all(&call.newsroom, SETTINGS, values, G_N_ELEMENTS(SETTINGS), error)) {
    return NULL;
  }
  return api_settings_get(request, website, error);
}

static void write_policy(JsonWriter *json, const Policy *policy) {
  put_text(json, "kind", policy->kind == POLICY_TERMS ? "terms" : "privacy");
  put_integer(json, "version", policy->version);
  put_text(json, "title", policy->title);
  put_text(json, "body", policy->body);
  put_instant(json, "published_at", policy->published_at);
}

Response *api_policy_list(const Request *request, Website *website, GError **error) {
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  if (!api_read_begin(&read, website, error)) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint kind = 0; kind < POLICY_KINDS; kind++) {
    g_autoptr(GPtrArray) policies = policy_rows_list(read.transaction, (PolicyKind)kind, error);
    if (policies == NULL) {
      return NULL;
    }
    for (guint i = 0; i < policies->len; i++) {
      json_object(json);
      write_policy(json, g_ptr_array_index(policies, i));
      json_end_object(json);
    }
  }
  json_end_array(json);
  return api_respond(&answer, 200);
}

Response *api_policy_add(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  const char *kind = api_need_text(&call, "kind");
  const char *title = api_need_text(&call, "title");
  const char *body = api_need_text(&call, "body");
  if (strcmp(kind, "terms") != 0 && strcmp(kind, "privacy") != 0) {
    api_fault(&call, "kind: terms or privacy");
  }
  PolicyKind wanted = strcmp(kind, "terms") == 0 ? POLICY_TERMS : POLICY_PRIVACY;
  gint32 version =
      api_accept(&call, error) ? policies_publish(&call.newsroom, wanted, title, body, error) : 0;
  if (version == 0 || !api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(Policy) policy = policy_rows_get(read.transaction, wanted, version, error);
  if (policy == NULL) {
    return NULL;
  }
  write_policy(api_answer(&answer), policy);
  return api_respond(&answer, 201);
}
