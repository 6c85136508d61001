// SPDX-License-Identifier: Apache-2.0
//
// Lists of stories: the latest, a section, a topic, an author. A section's first page
// begins with its curated front.
#include "press/page_parts.h"

#include "model/address.h"
#include "press/markup_html.h"

typedef struct Subject {
  const char *title, *slug, *description, *kind;
} Subject;

static Subject subject_of(const PageMaker *maker, const ListingPage *page) {
  if (page->section != NULL) {
    return (Subject){page->section->name, page->section->slug, page->section->description, NULL};
  }
  if (page->topic != NULL) {
    return (Subject){page->topic->name, page->topic->slug, page->topic->description, "topic"};
  }
  if (page->author != NULL) {
    return (Subject){page->author->name, page->author->slug, page->author->role, "author"};
  }
  return (Subject){locale_word(maker->locale, "latest_title"), NULL, "", NULL};
}

static void set_author(PageMaker *maker, const Author *author) {
  TemplateValue *value = template_set_object(maker->root, "author");
  template_set_text(value, "name", author->name);
  template_set_text(value, "role", author->role);
  page_set_picture(maker, value, "portrait", author->portrait, &SLOT_PORTRAIT);
  g_autoptr(Document) bio = markup_parse(slice_of(author->bio), NULL);
  GString *html = page_scratch(maker);
  if (bio != NULL) {
    MarkupHtmlOptions options = {.heading_shift = 1};
    markup_write_html(html, bio, &options, NULL);
  }
  template_set_markup(value, "bio", (Slice){html->str, html->len});
}

static void set_heading(PageMaker *maker, const ListingPage *page, const Subject *subject) {
  TemplateValue *root = maker->root;
  template_set_text(root, "heading", subject->title);
  template_set_text(root, "intro", page->author == NULL ? subject->description : "");
  template_set_text(root, "kind",
                    subject->kind != NULL ? locale_word(maker->locale, subject->kind) : "");
  template_set_boolean(root, "is_section", page->section != NULL);
  if (page->author != NULL) {
    set_author(maker, page->author);
  } else {
    template_set_boolean(root, "author", FALSE);
  }
}

static void set_page_title(PageMaker *maker, const ListingPage *page, const Subject *subject,
                           PageHead *head, char **ret_title) {
  if (page->page > 1) {
    g_autofree char *number = locale_number(maker->locale, page->page);
    g_autofree char *label = locale_fill(maker->locale, "page_number", "number", number);
    *ret_title = g_strdup_printf("%s (%s)", subject->title, label);
  } else {
    *ret_title = g_strdup(subject->title);
  }
  head->title = *ret_title;
}

gboolean page_listing(const Press *press, const ListingPage *page, GString *out, GError **error) {
  PageMaker maker;
  page_begin(&maker, press, &page->context);
  Subject subject = subject_of(&maker, page);
  g_autofree char *base = address_listing(page->listing, subject.slug, 1);
  g_autofree char *path = address_listing(page->listing, subject.slug, page->page);
  g_autofree char *title = NULL;
  PageHead head = {.description = subject.description,
                   .path = path,
                   .kind = page->author != NULL ? "profile" : NULL,
                   .image = page->author != NULL ? page->author->portrait : NULL,
                   .feeds = &page->listing,
                   .feed_slug = subject.slug,
                   .section = page->section};
  set_page_title(&maker, page, &subject, &head, &title);
  page_set_head(&maker, &head);
  set_heading(&maker, page, &subject);
  page_set_front(&maker, page->page <= 1 ? page->front : NULL);
  page_set_teasers(&maker, maker.root, "stories", page->stories, &SLOT_CARD);
  gboolean has_stories = page->stories != NULL && page->stories->len > 0;
  gboolean has_front = page->page <= 1 && page->front != NULL && page->front->slots->len > 0;
  template_set_boolean(maker.root, "has_stories", has_stories);
  template_set_boolean(maker.root, "is_empty", !has_stories && !has_front);
  page_set_count(&maker, maker.root, "count", "stories", page->total);
  page_set_pager(&maker, base, page->page, page->page_count);
  return page_end(&maker, "listing", out, error);
}
