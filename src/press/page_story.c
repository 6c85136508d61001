// SPDX-License-Identifier: Apache-2.0
//
// The page of one story, for the screen and (printable) for paper. The body is parsed and
// written here, each picture of it by write_figure; what is only a matter of looks stands
// in the templates story and story_print.
#include "press/page_parts.h"

#include <string.h>

#include "base/html_writer.h"
#include "model/address.h"
#include "press/markup_html.h"

#define WORDS_A_MINUTE 220
#define SIGNUP_AFTER 3 // paragraphs
#define IMAGE_SCHEME "image:"
#define INLINE_SIZES "(min-width: 48rem) 45rem, calc(100vw - 2rem)"

// ---- the body ---------------------------------------------------------------------------------

typedef struct FigureWriter {
  const Story *story;
  const Node *hidden; // the figure that repeats the hero above the text, or NULL
} FigureWriter;

static const Image *image_of(const Story *story, const Node *node) {
  if (node->url == NULL || !g_str_has_prefix(node->url, IMAGE_SCHEME)) {
    return NULL;
  }
  const char *hash = node->url + strlen(IMAGE_SCHEME);
  for (guint i = 0; i < story->images->len; i++) {
    const Image *image = story->images->pdata[i];
    if (page_picture_exists(image) && strcmp(image->hash, hash) == 0) {
      return image;
    }
  }
  return NULL;
}

static const char *either(const char *first, const char *second) {
  return first != NULL && *first != '\0' ? first : second;
}

static void write_caption(GString *out, const char *caption, const char *credit) {
  if (*caption == '\0' && *credit == '\0') {
    return;
  }
  html_write_raw(out, "<figcaption>");
  html_write_text(out, caption);
  if (*credit != '\0') {
    html_write_raw(out, *caption != '\0' ? " <span class=\"credit\">" : "<span class=\"credit\">");
    html_write_text(out, credit);
    html_write_raw(out, "</span>");
  }
  html_write_raw(out, "</figcaption>");
}

static void write_figure(GString *out, const Node *figure, gpointer data) {
  const FigureWriter *writer = data;
  const Image *image = image_of(writer->story, figure);
  if (image == NULL || figure == writer->hidden) {
    return;
  }
  if (figure->type == NODE_IMAGE) { // in a line of text, where no figure may stand
    page_write_picture(out, image, &SLOT_INLINE, INLINE_SIZES, figure->alt);
    return;
  }
  gboolean upright = image->height > image->width;
  html_write_raw(out, upright ? "<figure class=\"upright\">" : "<figure>");
  page_write_picture(out, image, &SLOT_INLINE, INLINE_SIZES, figure->alt);
  write_caption(out, either(figure->caption, image->caption),
                either(figure->credit, image->credit));
  html_write_raw(out, "</figure>");
}

// A body often begins with the picture that is the hero already.
static const Node *repeated_hero(const Story *story, const Document *document) {
  const Node *first = document_root(document)->first_child;
  if (first == NULL || first->type != NODE_FIGURE || !page_picture_exists(story->hero)) {
    return NULL;
  }
  const Image *image = image_of(story, first);
  return image != NULL && strcmp(image->hash, story->hero->hash) == 0 ? first : NULL;
}

// "<p>" + the place + " — " when the text begins with a paragraph, else a line of its own.
static gsize write_dateline(GString *out, const char *dateline, const GString *body) {
  gboolean inside = strncmp(body->str, "<p>", 3) == 0;
  html_write_raw(out, inside ? "<p><span class=\"dateline\">" : "<p class=\"dateline\">");
  html_write_text(out, dateline);
  html_write_raw(out, inside ? "</span> \xE2\x80\x94 " : "</p>");
  return inside ? 3 : 0;
}

static gboolean set_body(PageMaker *maker, TemplateValue *value, const Story *story,
                         GError **error) {
  g_autoptr(Document) document = markup_parse(slice_of(story->body), error);
  if (document == NULL) {
    g_prefix_error(error, "story %" G_GINT64_FORMAT ": ", story->id);
    return FALSE;
  }
  FigureWriter writer = {story, repeated_hero(story, document)};
  const char *scheme = strstr(maker->site->base_url, "://");
  MarkupHtmlOptions options = {.write_figure = write_figure,
                               .data = &writer,
                               .site_host = scheme != NULL ? scheme + strlen("://") : NULL,
                               .heading_shift = 1,
                               .split_after_paragraph = SIGNUP_AFTER};
  g_autoptr(GString) body = g_string_sized_new(strlen(story->body) * 5 / 4 + 1024);
  gsize split = 0;
  markup_write_html(body, document, &options, &split);
  GString *start = page_scratch(maker);
  gsize from = *story->dateline != '\0' ? write_dateline(start, story->dateline, body) : 0;
  split = CLAMP(split, from, body->len);
  g_string_append_len(start, body->str + from, (gssize)(split - from));
  template_set_markup(value, "body_start", (Slice){start->str, start->len});
  template_set_markup(value, "body_end", (Slice){body->str + split, body->len - split});
  return TRUE;
}

// ---- what stands around it --------------------------------------------------------------------

static void set_bylines(PageMaker *maker, TemplateValue *value, const Story *story) {
  const char *by = locale_word(maker->locale, "by");
  const char *names = strstr(by, "{names}");
  template_set_slice(value, "by_before", (Slice){by, names != NULL ? (gsize)(names - by) : 0});
  template_set_text(value, "by_after", names != NULL ? names + strlen("{names}") : "");
  template_set_boolean(value, "has_bylines", story->bylines->len > 0);
  TemplateValue *list = template_set_list(value, "bylines");
  for (guint i = 0; i < story->bylines->len; i++) {
    const Byline *byline = story->bylines->pdata[i];
    g_autofree char *path =
        address_listing((Listing){LISTING_AUTHOR, byline->author->id}, byline->author->slug, 1);
    TemplateValue *item = template_append_object(list);
    template_set_text(item, "before", locale_separator(maker->locale, i, story->bylines->len));
    template_set_text(item, "name", byline->author->name);
    template_set_text(item, "path", path);
    template_set_text(item, "role", byline->role);
    template_set_text(item, "title", story->bylines->len == 1 ? byline->author->role : "");
  }
}

static void set_topics(TemplateValue *value, const Story *story) {
  TemplateValue *list = template_set_list(value, "topics");
  for (guint i = 0; i < story->topics->len; i++) {
    const Topic *topic = story->topics->pdata[i];
    g_autofree char *path = address_listing((Listing){LISTING_TOPIC, topic->id}, topic->slug, 1);
    TemplateValue *item = template_append_object(list);
    template_set_text(item, "name", topic->name);
    template_set_text(item, "path", path);
  }
  template_set_boolean(value, "has_topics", story->topics->len > 0);
}

static void set_corrections(PageMaker *maker, TemplateValue *value, const Story *story) {
  TemplateValue *list = template_set_list(value, "corrections");
  for (guint i = 0; i < story->corrections->len; i++) {
    const Correction *correction = story->corrections->pdata[i];
    TemplateValue *item = template_append_object(list);
    template_set_text(item, "wrong", correction->wrong);
    template_set_text(item, "right", correction->right);
    page_set_moment_full(maker, item, "moment", correction->corrected_at);
  }
  template_set_boolean(value, "has_corrections", story->corrections->len > 0);
}

static void set_section(TemplateValue *value, const Section *section) {
  if (section == NULL) {
    template_set_boolean(value, "section", FALSE);
    return;
  }
  g_autofree char *path =
      address_listing((Listing){LISTING_SECTION, section->id}, section->slug, 1);
  TemplateValue *object = template_set_object(value, "section");
  template_set_text(object, "name", section->name);
  template_set_text(object, "path", path);
}

static void set_share(PageMaker *maker, TemplateValue *value, const Story *story,
                      const char *path) {
  g_autofree char *url = g_strconcat(maker->site->base_url, path, NULL);
  g_autofree char *subject = g_uri_escape_string(story->headline, NULL, FALSE);
  g_autofree char *body = g_uri_escape_string(url, NULL, FALSE);
  GString *mail = page_scratch(maker);
  g_string_append_printf(mail, "mailto:?subject=%s&body=%s", subject, body);
  template_set_slice(value, "share_mail", (Slice){mail->str, mail->len});
  template_set_text(value, "path", path);
  template_set_text(value, "url", url);
  g_autofree char *print = g_strconcat(path, "?print=1", NULL);
  template_set_text(value, "print_path", print);
}

static void set_hero(PageMaker *maker, TemplateValue *value, const Story *story) {
  page_set_picture(maker, value, "hero", story->hero, &SLOT_HERO);
  gboolean exists = page_picture_exists(story->hero);
  template_set_text(value, "hero_caption",
                    exists ? either(story->hero_caption, story->hero->caption) : "");
  template_set_text(value, "hero_credit",
                    exists ? either(story->hero_credit, story->hero->credit) : "");
}

static gboolean set_story(PageMaker *maker, const StoryPage *page, const char *path,
                          GError **error) {
  const Story *story = page->story;
  TemplateValue *value = template_set_object(maker->root, "story");
  template_set_text(value, "headline", story->headline);
  template_set_text(value, "size", page_headline_size(story->headline));
  template_set_text(value, "standfirst", story->standfirst);
  template_set_text(value, "kicker", story->kicker);
  page_set_language(maker, value, story->language);
  page_set_moment_full(maker, value, "published", story->published_at);
  gboolean updated = story->updated_at > story->published_at;
  page_set_moment_full(maker, value, "updated", updated ? story->updated_at : 0);
  gint64 minutes = (story->word_count + WORDS_A_MINUTE / 2) / WORDS_A_MINUTE;
  page_set_count(maker, value, "reading_time", "minutes_read", MAX(minutes, 1));
  set_section(value, story->section);
  set_bylines(maker, value, story);
  set_topics(value, story);
  set_corrections(maker, value, story);
  set_hero(maker, value, story);
  set_share(maker, value, story, path);
  return set_body(maker, value, story, error);
}

gboolean page_story(const Press *press, const StoryPage *page, GString *out, GError **error) {
  const Story *story = page->story;
  PageMaker maker;
  page_begin(&maker, press, &page->context);
  g_autofree char *path =
      address_story(story->section != NULL ? story->section->slug : NULL, story->slug, story->id);
  page_set_head(&maker,
                &(PageHead){.title = either(story->seo_title, story->headline),
                            .description = either(story->seo_description, story->standfirst),
                            .share_title = story->share_title,
                            .share_description = story->share_description,
                            .path = path,
                            .kind = "article",
                            .image = page_picture_exists(story->share_image) ? story->share_image
                                                                             : story->hero,
                            .section = story->section,
                            .unlisted = page->printable});
  template_set_boolean(maker.root, "is_article", TRUE);
  if (!set_story(&maker, page, path, error)) {
    page_discard(&maker);
    return FALSE;
  }
  page_set_teasers(&maker, maker.root, "related", page->related, &SLOT_CARD);
  guint related = page->related != NULL ? page->related->len : 0;
  template_set_boolean(maker.root, "has_related", related > 0);
  page_set_columns(maker.root, "related_grid", related, 4);
  template_set_markup(maker.root, "structured_data", slice_of(page->structured_data));
  if (maker.site->offers_newsletters && !page->printable) {
    template_set_text(template_set_object(maker.root, "signup"), "path", path);
  }
  return page_end(&maker, page->printable ? "story_print" : "story", out, error);
}
