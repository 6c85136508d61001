// SPDX-License-Identifier: Apache-2.0
//
// Implements structured_data.h. Called by web/site_story and press/page. The writer escapes '<',
// '>' and
// '&', so the text may stand inside <script>.
// Fields: https://developers.google.com/search/docs/appearance/structured-data/article
#include "press/structured_data.h"

#include <string.h>

#include "base/clock.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "model/address.h"

#define HEADLINE_CHARACTERS 110
#define PICTURE_WIDTH 1280

static void write_url_member(JsonWriter *json, const char *name, const Site *site,
                             const char *path) {
  g_autofree char *url = g_strconcat(site->base_url, path, NULL);
  json_string_member(json, name, url);
}

static void write_date_member(JsonWriter *json, const char *name, gint64 instant,
                              const Site *site) {
  g_autofree char *date = clock_format_rfc3339(instant, site->zone);
  json_string_member(json, name, date);
}

static void write_reference(JsonWriter *json, const char *name, const Site *site,
                            const char *fragment) {
  json_name(json, name);
  json_object(json);
  write_url_member(json, "@id", site, fragment);
  json_end_object(json);
}

static void write_organization(JsonWriter *json, const Site *site, const char *logo_path) {
  json_object(json);
  json_string_member(json, "@type", "NewsMediaOrganization");
  write_url_member(json, "@id", site, "/#organization");
  json_string_member(json, "name", site->name);
  json_string_member(json, "legalName", site->publisher);
  write_url_member(json, "url", site, "/");
  if (logo_path != NULL) {
    json_name(json, "logo");
    json_object(json);
    json_string_member(json, "@type", "ImageObject");
    write_url_member(json, "url", site, logo_path);
    json_end_object(json);
  }
  write_url_member(json, "correctionsPolicy", site, "/corrections");
  json_string_member(json, "email", site->contact);
  json_end_object(json);
}

static void write_pictures(JsonWriter *json, const Site *site, const Image *hero) {
  if (hero == NULL || hero->hash == NULL) {
    return;
  }
  static const ImageAspect ASPECTS[] = {ASPECT_16X9, ASPECT_4X3, ASPECT_1X1};
  json_name(json, "image");
  json_array(json);
  for (gsize i = 0; i < G_N_ELEMENTS(ASPECTS); i++) {
    g_autofree char *path =
        address_image(&(ImageAddress){.image = hero, .aspect = ASPECTS[i], .width = PICTURE_WIDTH},
                      site->image_key);
    g_autofree char *url = g_strconcat(site->base_url, path, NULL);
    json_string(json, url);
  }
  json_end_array(json);
}

// Without a byline the newspaper is the author: the field is recommended, and never left out.
static void write_authors(JsonWriter *json, const Site *site, const Story *story) {
  json_name(json, "author");
  json_array(json);
  for (guint i = 0; i < story->bylines->len; i++) {
    const Byline *byline = g_ptr_array_index(story->bylines, i);
    const Author *author = byline->author;
    g_autofree char *path = address_listing((Listing){LISTING_AUTHOR, author->id}, author->slug, 1);
    json_object(json);
    json_string_member(json, "@type", "Person");
    json_string_member(json, "name", author->name);
    write_url_member(json, "url", site, path);
    json_string_member(json, "jobTitle", *byline->role != '\0' ? byline->role : author->role);
    json_end_object(json);
  }
  if (story->bylines->len == 0) {
    json_object(json);
    json_string_member(json, "@type", "NewsMediaOrganization");
    write_url_member(json, "@id", site, "/#organization");
    json_string_member(json, "name", site->name);
    write_url_member(json, "url", site, "/");
    json_end_object(json);
  }
  json_end_array(json);
}

static void write_corrections(JsonWriter *json, const Site *site, const Story *story) {
  if (story->corrections->len == 0) {
    return;
  }
  json_name(json, "correction");
  json_array(json);
  for (guint i = 0; i < story->corrections->len; i++) {
    const Correction *correction = g_ptr_array_index(story->corrections, i);
    g_autofree char *both = g_strjoin(" ", correction->wrong, correction->right, NULL);
    g_autofree char *text = text_collapse_space(slice_of(both));
    json_object(json);
    json_string_member(json, "@type", "CorrectionComment");
    json_string_member(json, "text", text);
    write_date_member(json, "datePublished", correction->corrected_at, site);
    json_end_object(json);
  }
  json_end_array(json);
}

static void write_keywords(JsonWriter *json, const Story *story) {
  if (story->topics->len == 0) {
    return;
  }
  json_name(json, "keywords");
  json_array(json);
  for (guint i = 0; i < story->topics->len; i++) {
    const Topic *topic = g_ptr_array_index(story->topics, i);
    json_string(json, topic->name);
  }
  json_end_array(json);
}

static void write_crumb(JsonWriter *json, const Site *site, guint position, const char *name,
                        const char *path) {
  json_object(json);
  json_string_member(json, "@type", "ListItem");
  json_integer_member(json, "position", position);
  json_string_member(json, "name", name);
  write_url_member(json, "item", site, path);
  json_end_object(json);
}

// The page that the article is on, with the way to it from the front page.
static void write_page(JsonWriter *json, const Site *site, const Story *story, const char *path) {
  guint position = 1;
  json_name(json, "mainEntityOfPage");
  json_object(json);
  json_string_member(json, "@type", "WebPage");
  write_url_member(json, "@id", site, path);
  json_name(json, "breadcrumb");
  json_object(json);
  json_string_member(json, "@type", "BreadcrumbList");
  json_name(json, "itemListElement");
  json_array(json);
  write_crumb(json, site, position++, site->name, "/");
  if (story->section != NULL) {
    g_autofree char *section =
        address_listing((Listing){LISTING_SECTION, story->section->id}, story->section->slug, 1);
    write_crumb(json, site, position++, story->section->name, section);
  }
  write_crumb(json, site, position, story->headline, path);
  json_end_array(json);
  json_end_object(json);
  json_end_object(json);
}

static void write_place(JsonWriter *json, const Story *story) {
  if (*story->dateline == '\0') {
    return;
  }
  json_string_member(json, "dateline", story->dateline);
  json_name(json, "locationCreated");
  json_object(json);
  json_string_member(json, "@type", "Place");
  json_string_member(json, "name", story->dateline);
  json_end_object(json);
}

static void write_article(JsonWriter *json, const Site *site, const Story *story,
                          const char *logo_path) {
  g_autofree char *path =
      address_story(story->section != NULL ? story->section->slug : NULL, story->slug, story->id);
  g_autofree char *headline = text_cut_at_word(story->headline, HEADLINE_CHARACTERS - 1);
  json_string_member(json, "@context", "https://schema.org");
  json_string_member(json, "@type", "NewsArticle");
  json_string_member(json, "headline", headline);
  json_string_member(json, "description",
                     *story->seo_description != '\0' ? story->seo_description : story->standfirst);
  write_url_member(json, "url", site, path);
  write_page(json, site, story, path);
  write_pictures(json, site, story->hero != NULL ? story->hero : story->share_image);
  write_date_member(json, "datePublished", story->published_at, site);
  write_date_member(json, "dateModified", story_changed_at(story), site);
  write_authors(json, site, story);
  json_name(json, "publisher");
  write_organization(json, site, logo_path);
  json_string_member(json, "articleSection", story->section != NULL ? story->section->name : NULL);
  write_keywords(json, story);
  json_string_member(json, "inLanguage",
                     *story->language != '\0' ? story->language : site->language);
  json_boolean_member(json, "isAccessibleForFree", TRUE);
  if (story->word_count > 0) {
    json_integer_member(json, "wordCount", story->word_count);
  }
  write_place(json, story);
  write_corrections(json, site, story);
}

char *structured_data_story(const Site *site, const Story *story, const char *logo_path) {
  JsonWriter json;
  GString *out = g_string_sized_new(4096);
  json_begin(&json, out);
  json_object(&json);
  write_article(&json, site, story, logo_path);
  json_end_object(&json);
  return g_string_free(out, FALSE);
}

static void write_search_action(JsonWriter *json, const Site *site) {
  json_name(json, "potentialAction");
  json_object(json);
  json_string_member(json, "@type", "SearchAction");
  json_name(json, "target");
  json_object(json);
  json_string_member(json, "@type", "EntryPoint");
  write_url_member(json, "urlTemplate", site, "/search?q={search_term_string}");
  json_end_object(json);
  json_string_member(json, "query-input", "required name=search_term_string");
  json_end_object(json);
}

char *structured_data_site(const Site *site, const char *logo_path) {
  JsonWriter json;
  GString *out = g_string_sized_new(1024);
  json_begin(&json, out);
  json_object(&json);
  json_string_member(&json, "@context", "https://schema.org");
  json_name(&json, "@graph");
  json_array(&json);
  json_object(&json);
  json_string_member(&json, "@type", "WebSite");
  write_url_member(&json, "@id", site, "/#website");
  json_string_member(&json, "name", site->name);
  json_string_member(&json, "description",
                     *site->description != '\0' ? site->description : site->tagline);
  write_url_member(&json, "url", site, "/");
  json_string_member(&json, "inLanguage", site->language);
  write_reference(&json, "publisher", site, "/#organization");
  write_search_action(&json, site);
  json_end_object(&json);
  write_organization(&json, site, logo_path);
  json_end_array(&json);
  json_end_object(&json);
  return g_string_free(out, FALSE);
}
