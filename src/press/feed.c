// SPDX-License-Identifier: Apache-2.0
//
// Implements feed.h: turns stories (or corrections) into feed entries, with their full text as HTML
// whose addresses are absolute, and hands them to the writer of the format. Called by
// web/site_feeds. Must never let a story's own markup through: all of it comes from markup_html or
// html_writer.
#include "press/feed.h"

#include <string.h>

#include "base/clock.h"
#include "base/html_writer.h"
#include "base/text.h"
#include "model/address.h"
#include "press/feed_entry.h"
#include "press/markup_html.h"

#define FIGURE_WIDTH 810
#define HERO_WIDTH 1280
#define SUMMARY_CHARACTERS 280

static void feed_author_free(FeedAuthor *author) {
  g_free(author->name);
  g_free(author->url);
  g_free(author);
}

static FeedEntry *feed_entry_new(void) {
  FeedEntry *entry = g_new0(FeedEntry, 1);
  entry->authors = g_ptr_array_new_with_free_func((GDestroyNotify)feed_author_free);
  entry->tags = g_ptr_array_new_with_free_func(g_free);
  return entry;
}

static void feed_entry_free(FeedEntry *entry) {
  char *texts[] = {entry->id,        entry->url,        entry->title,
                   entry->summary,   entry->html,       entry->language,
                   entry->image_url, entry->image_text, entry->image_credit};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_free(texts[i]);
  }
  g_ptr_array_unref(entry->authors);
  g_ptr_array_unref(entry->tags);
  g_free(entry);
}

static Slice host_of(const Site *site) {
  Slice rest = slice_of(site->base_url);
  gssize scheme = slice_find(rest, SLICE_LITERAL("://"));
  rest = scheme < 0 ? rest : slice_from(rest, (gsize)scheme + 3);
  gsize end = 0;
  while (end < rest.length && strchr("/:?#", rest.data[end]) == NULL) {
    end++;
  }
  return slice_range(rest, 0, end);
}

// RFC 4151. The day only has to be one on which the newspaper owned its name: that of the row's
// making.
static char *tag_of(const Site *site, const char *noun, gint64 made_at, gint64 id) {
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
  g_autofree char *host = slice_dup(host_of(site));
  gint32 day = clock_day(made_at, utc);
  return g_strdup_printf("tag:%s,%04d-%02d-%02d:%s/%" G_GINT64_FORMAT, host, day / 10000,
                         day / 100 % 100, day % 100, noun, id);
}

typedef struct FigureContext {
  const Site *site;
  const Story *story;
} FigureContext;

static const Image *image_named(const Story *story, const char *url) {
  static const char SCHEME[] = "image:";
  if (url == NULL || !g_str_has_prefix(url, SCHEME)) {
    return NULL;
  }
  const char *hash = url + strlen(SCHEME);
  for (guint i = 0; i < story->images->len; i++) {
    const Image *image = g_ptr_array_index(story->images, i);
    if (image->hash != NULL && strcmp(image->hash, hash) == 0) {
      return image;
    }
  }
  return story->hero != NULL && g_strcmp0(story->hero->hash, hash) == 0 ? story->hero : NULL;
}

// The address of a rendition at most `width` wide, and the size that it will have.
static char *rendition_url(const Site *site, const Image *image, ImageAspect aspect, gint32 width,
                           gint32 *ret_width, gint32 *ret_height) {
  CropRectangle crop = image_crop(image, aspect);
  g_autofree char *path = address_image(
      &(ImageAddress){.image = image, .aspect = aspect, .width = width}, site->image_key);
  *ret_width = MIN(width, crop.width);
  *ret_height = crop.width > 0
                    ? (gint32)(((gint64)*ret_width * crop.height + crop.width / 2) / crop.width)
                    : 0;
  return feed_absolute(site, path);
}

static const char *first_of(const char *a, const char *b) {
  return a != NULL && *a != '\0' ? a : (b != NULL ? b : "");
}

static void write_picture(GString *out, const Site *site, const Image *image, ImageAspect aspect,
                          const char *alt, const char *caption, const char *credit) {
  gint32 width = 0;
  gint32 height = 0;
  g_autofree char *url = rendition_url(site, image, aspect, FIGURE_WIDTH, &width, &height);
  html_write_raw(out, "<figure><img");
  html_write_attribute(out, "src", url);
  html_write_attribute(out, "alt", alt);
  html_write_integer_attribute(out, "width", width);
  html_write_integer_attribute(out, "height", height);
  html_write_raw(out, ">");
  if (*caption != '\0' || *credit != '\0') {
    html_open(out, "figcaption");
    html_write_text(out, caption);
    html_write_raw(out, *caption != '\0' && *credit != '\0' ? " " : "");
    if (*credit != '\0') {
      html_write_element(out, "small", credit);
    }
    html_close(out, "figcaption");
  }
  html_close(out, "figure");
}

// A picture that can't be had is left out: a feed has no place to say so.
static void write_figure(GString *out, const Node *figure, gpointer data) {
  const FigureContext *context = data;
  const Image *image = image_named(context->story, figure->url);
  if (image != NULL) {
    write_picture(out, context->site, image, ASPECT_ORIGINAL, first_of(figure->alt, image->alt),
                  first_of(figure->caption, image->caption),
                  first_of(figure->credit, image->credit));
  }
}

static void write_plain(GString *out, const char *text) {
  g_auto(GStrv) paragraphs = g_strsplit(text, "\n\n", -1);
  for (guint i = 0; paragraphs[i] != NULL; i++) {
    if (*g_strstrip(paragraphs[i]) != '\0') {
      html_write_element(out, "p", paragraphs[i]);
    }
  }
}

static void write_correction(GString *out, const Feed *feed, const Correction *correction) {
  g_autofree char *when = clock_format_rfc3339(correction->corrected_at, feed->site->zone);
  g_autofree char *day = g_strndup(when, 10);
  html_write_raw(out, "<p><strong>");
  html_write_text(out, feed->correction_word != NULL ? feed->correction_word : "Correction");
  html_write_raw(out, "</strong> <time");
  html_write_attribute(out, "datetime", when);
  html_write_raw(out, ">");
  html_write_text(out, day);
  html_write_raw(out, "</time></p>");
  write_plain(out, correction->wrong);
  write_plain(out, correction->right);
}

static void open_language(GString *out, const char *language) {
  html_write_raw(out, "<div");
  html_write_attribute(out, "lang", language);
  html_write_attribute(out, "dir", language_is_right_to_left(language) ? "rtl" : "ltr");
  html_write_raw(out, ">");
}

static gboolean body_names(const Story *story, const Image *image) {
  g_autofree char *name = g_strconcat("image:", image->hash, NULL);
  return strstr(story->body, name) != NULL;
}

static void write_story(GString *out, const Feed *feed, const Story *story,
                        const Document *document) {
  FigureContext context = {feed->site, story};
  if (*story->standfirst != '\0') {
    html_open(out, "p");
    html_write_element(out, "em", story->standfirst);
    html_close(out, "p");
  }
  const Image *hero = story->hero;
  if (hero != NULL && hero->hash != NULL && !body_names(story, hero)) {
    write_picture(out, feed->site, hero, ASPECT_16X9, hero->alt,
                  first_of(story->hero_caption, hero->caption),
                  first_of(story->hero_credit, hero->credit));
  }
  if (document != NULL) {
    MarkupHtmlOptions options = {.write_figure = write_figure,
                                 .data = &context,
                                 .base_url = feed->site->base_url,
                                 .heading_shift = 1};
    markup_write_html(out, document, &options, NULL);
  } else {
    g_autofree char *text = g_utf8_make_valid(story->body, -1);
    write_plain(out, text);
  }
  for (guint i = 0; i < story->corrections->len; i++) {
    write_correction(out, feed, g_ptr_array_index(story->corrections, i));
  }
}

static void add_authors(FeedEntry *entry, const Site *site, const Story *story) {
  for (guint i = 0; i < story->bylines->len; i++) {
    const Byline *byline = g_ptr_array_index(story->bylines, i);
    FeedAuthor *author = g_new0(FeedAuthor, 1);
    g_autofree char *path =
        address_listing((Listing){LISTING_AUTHOR, byline->author->id}, byline->author->slug, 1);
    author->name = g_strdup(byline->author->name);
    author->url = feed_absolute(site, path);
    g_ptr_array_add(entry->authors, author);
  }
}

static void add_tags(FeedEntry *entry, const Story *story) {
  if (story->section != NULL) {
    g_ptr_array_add(entry->tags, g_strdup(story->section->name));
  }
  for (guint i = 0; i < story->topics->len; i++) {
    const Topic *topic = g_ptr_array_index(story->topics, i);
    g_ptr_array_add(entry->tags, g_strdup(topic->name));
  }
}

static void add_image(FeedEntry *entry, const Site *site, const Story *story) {
  const Image *hero = story->hero;
  if (hero == NULL || hero->hash == NULL) {
    return;
  }
  entry->image_url =
      rendition_url(site, hero, ASPECT_16X9, HERO_WIDTH, &entry->image_width, &entry->image_height);
  entry->image_text = g_strdup(first_of(hero->alt, first_of(story->hero_caption, hero->caption)));
  entry->image_credit = g_strdup(first_of(story->hero_credit, hero->credit));
}

static char *summary_of(const Story *story, const Document *document) {
  if (*story->standfirst != '\0' || document == NULL) {
    return g_strdup(story->standfirst);
  }
  g_autofree char *text = document_text(document);
  g_autofree char *line = text_collapse_space(slice_of(text));
  return text_cut_at_word(line, SUMMARY_CHARACTERS);
}

static FeedEntry *entry_of_story(const Feed *feed, const Story *story) {
  const Site *site = feed->site;
  FeedEntry *entry = feed_entry_new();
  g_autofree char *path =
      address_story(story->section != NULL ? story->section->slug : NULL, story->slug, story->id);
  g_autoptr(Document) document = markup_parse(slice_of(story->body), NULL);
  entry->id = tag_of(site, "story", story->created_at, story->id);
  entry->url = feed_absolute(site, path);
  entry->title = g_strdup(story->headline);
  entry->summary = summary_of(story, document);
  entry->language = g_strdup(first_of(story->language, site->language));
  entry->published_at = story->published_at;
  entry->updated_at = story_changed_at(story);
  add_authors(entry, site, story);
  add_tags(entry, story);
  add_image(entry, site, story);
  GString *html = g_string_sized_new(4096);
  open_language(html, entry->language);
  write_story(html, feed, story, document);
  html_close(html, "div");
  entry->html = g_string_free(html, FALSE);
  return entry;
}

static FeedEntry *entry_of_correction(const Feed *feed, const Correction *correction,
                                      const Teaser *teaser) {
  FeedEntry *entry = feed_entry_new();
  g_autofree char *path = address_teaser(teaser);
  entry->id = tag_of(feed->site, "correction", correction->corrected_at, correction->id);
  entry->url = feed_absolute(feed->site, path);
  entry->title = g_strconcat(feed->correction_word != NULL ? feed->correction_word : "Correction",
                             ": ", teaser->headline, NULL);
  entry->summary = text_cut_at_word(correction->right, SUMMARY_CHARACTERS);
  entry->language = g_strdup(first_of(teaser->language, feed->site->language));
  entry->published_at = correction->corrected_at;
  entry->updated_at = correction->corrected_at;
  GString *html = g_string_new(NULL);
  open_language(html, entry->language);
  write_correction(html, feed, correction);
  html_close(html, "div");
  entry->html = g_string_free(html, FALSE);
  return entry;
}

GPtrArray *feed_entries(const Feed *feed) {
  GPtrArray *entries = g_ptr_array_new_with_free_func((GDestroyNotify)feed_entry_free);
  if (feed->corrections != NULL) {
    for (guint i = 0; i < feed->corrections->len; i++) {
      g_ptr_array_add(entries, entry_of_correction(feed, g_ptr_array_index(feed->corrections, i),
                                                   g_ptr_array_index(feed->corrected, i)));
    }
    return entries;
  }
  for (guint i = 0; i < feed->stories->len; i++) {
    g_ptr_array_add(entries, entry_of_story(feed, g_ptr_array_index(feed->stories, i)));
  }
  return entries;
}

void feed_write(const Feed *feed, FeedFormat format, GString *out) {
  g_autoptr(GPtrArray) entries = feed_entries(feed);
  switch (format) {
  case FEED_RSS:
    feed_write_rss(feed, entries, out);
    break;
  case FEED_ATOM:
    feed_write_atom(feed, entries, out);
    break;
  case FEED_JSON:
    feed_write_json(feed, entries, out);
    break;
  }
}

const char *feed_media_type(FeedFormat format) {
  static const char *const TYPES[] = {[FEED_RSS] = "application/rss+xml; charset=utf-8",
                                      [FEED_ATOM] = "application/atom+xml; charset=utf-8",
                                      [FEED_JSON] = "application/feed+json; charset=utf-8"};
  return TYPES[format];
}

char *feed_story_html(const Site *site, const Story *story) {
  Feed feed = {.site = site};
  g_autoptr(Document) document = markup_parse(slice_of(story->body), NULL);
  GString *out = g_string_sized_new(4096);
  write_story(out, &feed, story, document);
  return g_string_free(out, FALSE);
}
