// SPDX-License-Identifier: Apache-2.0
//
// Implements page_edition.h. A page is its picture with links over it, drawn as SVG so that they
// grow with the picture and work without scripts; below stand the same links as a list of
// headlines.
#include "press/page_edition.h"

#include "model/address.h"
#include "press/page_parts.h"

static const gint32 PICTURE_WIDTHS[] = {480, 810, 1280, 1600};
#define USUAL_WIDTH 810
#define COVER_WIDTH 320
#define UNITS 100 // model units (1/1000 point) of one unit in the SVG

static char *date_of(PageMaker *maker, gint32 day) {
  Civil civil = civil_of_day(day);
  locale_write(maker->locale, LOCALE_DATE_LONG, &civil, page_scratch(maker));
  return g_strdup(maker->scratch->str);
}

static const EditionFile *picture_of(const GPtrArray *files, EditionFormat format, gint32 page) {
  for (guint i = 0; i < files->len; i++) {
    const EditionFile *file = files->pdata[i];
    if (file->kind == EDITION_FILE_PAGE && file->format == format && file->page == page) {
      return file;
    }
  }
  return NULL;
}

static void set_picture(PageMaker *maker, TemplateValue *value, const EditionFile *file,
                        gint32 usual) {
  if (file == NULL || file->width <= 0) {
    template_set_boolean(value, "picture", FALSE);
    return;
  }
  TemplateValue *picture = template_set_object(value, "picture");
  GString *set = page_scratch(maker);
  for (gsize i = 0; i < G_N_ELEMENTS(PICTURE_WIDTHS); i++) {
    g_autofree char *one = address_edition_picture(file, FORMAT_UNKNOWN, PICTURE_WIDTHS[i]);
    g_string_append_printf(set, "%s%s %dw", i > 0 ? ", " : "", one, PICTURE_WIDTHS[i]);
  }
  template_set_slice(picture, "srcset", (Slice){set->str, set->len});
  g_autofree char *source = address_edition_picture(file, FORMAT_UNKNOWN, usual);
  g_autofree char *whole = address_edition_picture(file, FORMAT_UNKNOWN, PICTURE_WIDTHS[3]);
  template_set_text(picture, "src", source);
  template_set_text(picture, "whole", whole);
  template_set_integer(picture, "width", usual);
  template_set_integer(picture, "height", MAX((gint64)usual * file->height / file->width, 1));
}

static const Teaser *published_story(const GPtrArray *stories, gint64 id) {
  for (guint i = 0; i < stories->len; i++) {
    const Teaser *story = stories->pdata[i];
    if (story->id == id) {
      return story;
    }
  }
  return NULL;
}

static void set_link(PageMaker *maker, TemplateValue *value, const Teaser *story) {
  g_autofree char *path = address_teaser(story);
  template_set_text(value, "path", path);
  template_set_text(value, "headline", story->headline);
  page_set_language(maker, value, story->language);
}

// The rectangles over the picture, and each story's headline once.
static void set_boxes(PageMaker *maker, TemplateValue *value, const EditionPage *page,
                      const EditionPagesPage *model) {
  g_autoptr(GHashTable) listed = g_hash_table_new(g_int64_hash, g_int64_equal);
  TemplateValue *boxes = template_set_list(value, "boxes");
  TemplateValue *stories = template_set_list(value, "stories");
  guint links = 0;
  for (guint i = 0; i < model->boxes->len; i++) {
    const EditionPagesBox *box = &g_array_index(model->boxes, EditionPagesBox, i);
    const Teaser *story = published_story(page->stories, box->story_id);
    if (story == NULL) { // withdrawn meanwhile
      continue;
    }
    TemplateValue *one = template_append_object(boxes);
    set_link(maker, one, story);
    template_set_integer(one, "x", box->x / UNITS);
    template_set_integer(one, "y", box->y / UNITS);
    template_set_integer(one, "width", MAX(box->width / UNITS, 1));
    template_set_integer(one, "height", MAX(box->height / UNITS, 1));
    if (g_hash_table_add(listed, (gpointer)&story->id)) {
      set_link(maker, template_append_object(stories), story);
      links++;
    }
  }
  template_set_boolean(value, "has_stories", links > 0);
}

static void set_sheet(PageMaker *maker, TemplateValue *list, const EditionPage *page, guint index,
                      guint count, const char *date) {
  const EditionPagesPage *model = page->model->pages->pdata[index];
  TemplateValue *value = template_append_object(list);
  g_autofree char *number = g_strdup_printf("%u", index + 1);
  g_autofree char *name = locale_fill(maker->locale, "edition_page", "number", model->label);
  g_autofree char *with_date = locale_fill(maker->locale, "edition_page_alt", "date", date);
  g_autoptr(GString) alt = g_string_new(with_date);
  g_string_replace(alt, "{number}", model->label, 0);
  template_set_text(value, "number", number);
  template_set_text(value, "name", name);
  template_set_text(value, "alt", alt->str);
  template_set_text(value, "section", model->section);
  template_set_boolean(value, "eager", index < 2);
  template_set_integer(value, "box_width", page->model->width / UNITS);
  template_set_integer(value, "box_height", page->model->height / UNITS);
  template_set_integer(value, "previous", index); // 0: none
  template_set_boolean(value, "has_previous", index > 0);
  template_set_integer(value, "next", index + 2);
  template_set_boolean(value, "has_next", index + 1 < count);
  set_picture(
      maker, value,
      picture_of(page->files, edition_first_format(page->edition->formats), (gint32)index + 1),
      USUAL_WIDTH);
  set_boxes(maker, value, page, model);
}

static void set_size(PageMaker *maker, TemplateValue *value, gint64 bytes) {
  g_autofree char *size = g_format_size((guint64)bytes);
  template_set_text(value, "size", size);
}

static void set_downloads(PageMaker *maker, const EditionPage *page) {
  static const char *const WORDS[EDITION_FORMATS] = {[EDITION_TABLOID] = "edition_tabloid",
                                                     [EDITION_BERLINER] = "edition_berliner",
                                                     [EDITION_A4] = "edition_a4",
                                                     [EDITION_PHONE] = "edition_phone"};
  TemplateValue *list = template_set_list(maker->root, "downloads");
  for (guint i = 0; i < page->files->len; i++) {
    const EditionFile *file = page->files->pdata[i];
    if (file->kind == EDITION_FILE_PAGE) {
      continue;
    }
    g_autofree char *path = address_edition_file(maker->site, file);
    g_autofree char *name = file->kind == EDITION_FILE_PDF
                                ? locale_fill(maker->locale, "edition_pdf", "format",
                                              locale_word(maker->locale, WORDS[file->format]))
                                : g_strdup(locale_word(maker->locale, "edition_epub"));
    TemplateValue *value = template_append_object(list);
    template_set_text(value, "path", path);
    template_set_text(value, "name", name);
    template_set_text(value, "type", file->media_type);
    set_size(maker, value, file->byte_count);
  }
}

static void set_neighbour(PageMaker *maker, const char *name, gint32 day) {
  if (day == 0) {
    template_set_boolean(maker->root, name, FALSE);
    return;
  }
  g_autofree char *path = address_edition(day);
  g_autofree char *date = date_of(maker, day);
  TemplateValue *value = template_set_object(maker->root, name);
  template_set_text(value, "path", path);
  template_set_text(value, "date", date);
}

static void set_style(PageMaker *maker) {
  template_set_text(maker->root, "style", assets_address(maker->press->assets, "edition.css"));
}

gboolean page_edition(const Press *press, const EditionPage *page, GString *out, GError **error) {
  PageMaker maker;
  page_begin(&maker, press, &page->context);
  g_autofree char *date = date_of(&maker, page->edition->day);
  g_autofree char *title = locale_fill(maker.locale, "edition_title", "date", date);
  g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, page->edition->number);
  g_autofree char *numbered = locale_fill(maker.locale, "edition_number", "number", number);
  page_set_head(&maker, &(PageHead){.title = title, .unlisted = page->is_first_look});
  set_style(&maker);
  template_set_text(maker.root, "heading", title);
  template_set_text(maker.root, "number", numbered);
  template_set_boolean(maker.root, "is_first_look", page->is_first_look);
  template_set_text(maker.root, "script", assets_address(maker.press->assets, "edition.js"));
  TemplateValue *sheets = template_set_list(maker.root, "sheets");
  guint count = page->model != NULL ? page->model->pages->len : 0;
  for (guint i = 0; i < count; i++) {
    set_sheet(&maker, sheets, page, i, count, date);
  }
  gboolean pictures =
      picture_of(page->files, edition_first_format(page->edition->formats), 1) != NULL;
  template_set_boolean(maker.root, "has_pictures", pictures);
  set_downloads(&maker, page);
  set_neighbour(&maker, "earlier", page->earlier);
  set_neighbour(&maker, "later", page->later);
  return page_end(&maker, "edition", out, error);
}

gboolean page_editions(const Press *press, const EditionsPage *page, GString *out, GError **error) {
  PageMaker maker;
  page_begin(&maker, press, &page->context);
  const char *title = locale_word(maker.locale, "edition_archive");
  page_set_head(&maker,
                &(PageHead){.title = title,
                            .description = locale_word(maker.locale, "edition_archive_intro")});
  set_style(&maker);
  template_set_text(maker.root, "heading", title);
  template_set_boolean(maker.root, "is_empty", page->editions->len == 0);
  TemplateValue *months = template_set_list(maker.root, "months");
  TemplateValue *list = NULL;
  gint32 month = 0;
  for (guint i = 0; i < page->editions->len; i++) {
    const Edition *edition = page->editions->pdata[i];
    if (edition->day / 100 != month || list == NULL) {
      month = edition->day / 100;
      g_autofree char *name = locale_month(maker.locale, month / 100, month % 100);
      TemplateValue *value = template_append_object(months);
      template_set_text(value, "name", name);
      list = template_set_list(value, "editions");
    }
    TemplateValue *value = template_append_object(list);
    g_autofree char *path = address_edition(edition->day);
    g_autofree char *date = date_of(&maker, edition->day);
    g_autofree char *iso = edition_day_text(edition->day);
    template_set_text(value, "path", path);
    template_set_text(value, "date", date);
    template_set_text(value, "iso", iso);
    const EditionFile *cover = NULL;
    for (guint n = 0; n < page->covers->len; n++) {
      const EditionFile *file = page->covers->pdata[n];
      if (file->day == edition->day && file->format == edition_first_format(edition->formats)) {
        cover = file;
      }
    }
    set_picture(&maker, value, cover, COVER_WIDTH);
    template_set_boolean(value, "eager", i < 8);
  }
  page_set_pager(&maker, "/edition", page->page, page->page_count);
  return page_end(&maker, "editions", out, error);
}
