// SPDX-License-Identifier: Apache-2.0
//
// Implements page_draw.h: hands every placement to edition/setting_draw under the element that it
// belongs to. Headlines and notes with links are drawn here, line by line, inside a Link element.
#include "edition/page_draw.h"

#include "edition/page_furniture.h"
#include "edition/setting_draw.h"
#include "model/address.h"

typedef struct Drawing {
  const PageKit *kit;
  Pdf *pdf;
  GHashTable *pictures;  // SetPicture -> GBytes
  GPtrArray *pages;      // PdfPage *
  PdfElement **articles; // by story
  SettingDraw **draws;
} Drawing;

// ---- pictures ---------------------------------------------------------------------------------

typedef struct Fetching {
  const PageKit *kit;
  const EditionJob *job;
  GHashTable *found, *failed;
  GPtrArray *remarks;
} Fetching;

static void fetch_picture(const Fetching *fetching, const SetPicture *picture) {
  if (g_hash_table_contains(fetching->failed, picture->image->hash)) {
    return;
  }
  gint64 wanted = (gint64)picture->width * fetching->kit->theme->picture_ppi / 72000;
  gint32 width = image_width_snap((gint32)MAX(wanted, 1));
  width = MAX(1, MIN(width, picture->crop.width));
  g_autoptr(GError) error = NULL;
  GBytes *jpeg =
      fetching->job->picture(picture->image, picture->crop, width, fetching->job->data, &error);
  if (jpeg != NULL) {
    g_hash_table_insert(fetching->found, (gpointer)picture, jpeg);
    return;
  }
  g_hash_table_add(fetching->failed, picture->image->hash);
  g_ptr_array_add(fetching->remarks,
                  g_strdup_printf("picture %s is left out: %s", picture->image->hash,
                                  error != NULL ? error->message : "it can't be had"));
}

static void fetch_block(const Fetching *fetching, const SetBlock *block) {
  if (block->picture != NULL && block->picture->image->hash != NULL) {
    fetch_picture(fetching, block->picture);
  }
  for (guint i = 0; i < block->child_count; i++) {
    fetch_block(fetching, block->children[i]);
  }
}

GHashTable *page_pictures_fetch(const PageKit *kit, const EditionJob *job, GPtrArray *sheets,
                                GHashTable *failed, GPtrArray *remarks) {
  GHashTable *found = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_bytes_unref);
  Fetching fetching = {kit, job, found, failed, remarks};
  for (guint i = 0; i < sheets->len && job->picture != NULL; i++) {
    const Sheet *sheet = sheets->pdata[i];
    for (guint j = 0; j < sheet->placements->len; j++) {
      fetch_block(&fetching, g_array_index(sheet->placements, Placement, j).block);
    }
  }
  return found;
}

static PdfImage *picture_of(const SetPicture *picture, gpointer data) {
  const Drawing *drawing = data;
  GBytes *jpeg = g_hash_table_lookup(drawing->pictures, picture);
  return jpeg != NULL ? pdf_add_jpeg(drawing->pdf, jpeg, NULL) : NULL;
}

// ---- stories ----------------------------------------------------------------------------------

// The newspaper's name is the first heading, where there is a masthead.
static PdfTag heading_of(const Drawing *drawing) {
  return drawing->kit->theme->masthead_rows > 0 ? PDF_H2 : PDF_H1;
}

static SettingDraw *draw_of(Drawing *drawing, const PageStory *story) {
  guint index = story->plan.whole.id;
  if (drawing->draws[index] == NULL) {
    const char *language = galley_language(story->galley);
    PdfElement *article = pdf_add_element(pdf_root(drawing->pdf), PDF_ART);
    g_autofree char *id = g_strdup_printf("story%u", index + 1);
    pdf_element_set_id(article, id);
    pdf_element_set_title(article, story->story->story->headline);
    pdf_element_set_language(article, language);
    drawing->articles[index] = article;
    drawing->draws[index] =
        setting_draw_new(article, heading_of(drawing), language, picture_of, drawing);
  }
  return drawing->draws[index];
}

static void draw_lines(PdfPage *page, PdfElement *element, const Placement *placement) {
  pdf_begin(page, element);
  for (guint i = 0; i < placement->block->line_count; i++) {
    const SetLine *line = &placement->block->lines[i];
    pdf_draw_runs(page, line, 0, line->run_count, placement->x, placement->y);
  }
  pdf_end(page);
}

static char *words_of(const SetBlock *block) {
  g_autoptr(GString) words = g_string_new(NULL);
  for (guint i = 0; i < block->line_count; i++) {
    g_string_append(words, block->lines[i].text);
  }
  return g_string_free(g_steal_pointer(&words), FALSE);
}

static gint32 height_of(const Drawing *drawing, const SetBlock *block) {
  return MAX(block->baselines, 1) * drawing->kit->theme->baseline;
}

// A headline leads to the story on the web.
static void draw_headline(Drawing *drawing, PdfPage *page, const PageStory *story,
                          const Placement *placement) {
  const Story *model = story->story->story;
  draw_of(drawing, story);
  PdfElement *heading =
      pdf_add_element(drawing->articles[story->plan.whole.id], heading_of(drawing));
  PdfElement *link = pdf_add_element(heading, PDF_LINK);
  draw_lines(page, link, placement);
  g_autofree char *path =
      address_story(model->section != NULL ? model->section->slug : "", model->slug, model->id);
  g_autofree char *url = g_strconcat(drawing->kit->content->site->base_url, path, NULL);
  pdf_link_to_url(page, link, placement->x, placement->y, placement->block->width,
                  height_of(drawing, placement->block), url, model->headline);
}

static void draw_note(Drawing *drawing, PdfPage *page, PdfElement *parent,
                      const Placement *placement) {
  PdfElement *paragraph = pdf_add_element(parent, PDF_P);
  PdfElement *link = pdf_add_element(paragraph, PDF_LINK);
  draw_lines(page, link, placement);
  g_autofree char *words = words_of(placement->block);
  pdf_link_to_page(page, link, placement->x, placement->y, placement->block->width,
                   height_of(drawing, placement->block), (guint)placement->target,
                   placement->target_y, words);
}

// ---- a sheet ----------------------------------------------------------------------------------

static void draw_rules(PdfPage *page, const Sheet *sheet) {
  if (sheet->rules->len == 0) {
    return;
  }
  pdf_begin_artifact(page, FALSE);
  for (guint pass = 0; pass < 2; pass++) {
    for (guint i = 0; i < sheet->rules->len; i++) {
      const SheetRule *rule = &g_array_index(sheet->rules, SheetRule, i);
      if (rule->under == (pass == 0)) {
        pdf_draw_box(page, rule->x, rule->y, rule->width, rule->height, rule->color);
      }
    }
  }
  pdf_end(page);
}

typedef struct Furniture { // the box that is being drawn
  gint32 box;
  PdfElement *section;
  SettingDraw *draw;
} Furniture;

static void draw_furniture(Drawing *drawing, PdfPage *page, const Placement *placement,
                           Furniture *furniture) {
  if (placement->artifact) {
    setting_draw_artifact(page, placement->block, placement->x, placement->y);
    return;
  }
  if (furniture->section == NULL || furniture->box != placement->box) {
    g_clear_pointer(&furniture->draw, setting_draw_free);
    furniture->box = placement->box;
    furniture->section = pdf_add_element(pdf_root(drawing->pdf), PDF_SECT);
    furniture->draw = setting_draw_new(furniture->section, PDF_H1,
                                       drawing->kit->content->site->language, picture_of, drawing);
  }
  if (placement->target >= 0) {
    draw_note(drawing, page, furniture->section, placement);
  } else {
    setting_draw_block(furniture->draw, page, placement->block, placement->x, placement->y);
  }
}

static void draw_sheet(Drawing *drawing, const Sheet *sheet, GPtrArray *stories) {
  PdfPage *page = drawing->pages->pdata[sheet->page];
  draw_rules(page, sheet);
  Furniture furniture = {0};
  for (guint i = 0; i < sheet->placements->len; i++) {
    const Placement *placement = &g_array_index(sheet->placements, Placement, i);
    if (placement->story == PLAN_NONE) {
      draw_furniture(drawing, page, placement, &furniture);
      continue;
    }
    const PageStory *story = stories->pdata[placement->story];
    SettingDraw *draw = draw_of(drawing, story);
    if (placement->artifact) {
      setting_draw_artifact(page, placement->block, placement->x, placement->y);
    } else if (placement->target >= 0) {
      draw_note(drawing, page, drawing->articles[placement->story], placement);
    } else if (placement->block->role == ROLE_HEADLINE) {
      draw_headline(drawing, page, story, placement);
    } else {
      setting_draw_block(draw, page, placement->block, placement->x, placement->y);
    }
  }
  g_clear_pointer(&furniture.draw, setting_draw_free);
}

static void add_outline(Drawing *drawing, GPtrArray *sheets, GPtrArray *stories) {
  PdfOutline *parent = NULL;
  const char *name = NULL;
  for (guint i = 0; i < sheets->len; i++) {
    const Sheet *sheet = sheets->pdata[i];
    const char *here =
        sheet->section < 0 ? locale_word(drawing->kit->locale, "front_page") : sheet->section_name;
    for (guint j = 0; j < sheet->boxes->len; j++) {
      const EditionBox *box = &g_array_index(sheet->boxes, EditionBox, j);
      const PageStory *story = stories->pdata[box->story];
      if (box->part > 0) {
        continue;
      }
      const char *section =
          sheet->section < 0 ? here : page_section_name(drawing->kit, story->plan.whole.section);
      if (parent == NULL || g_strcmp0(section, name) != 0) {
        name = section;
        parent = pdf_add_outline(drawing->pdf, NULL, *section != '\0' ? section : here, i, 0);
      }
      pdf_add_outline(drawing->pdf, parent, story->story->story->headline, i, box->y);
    }
  }
}

GBytes *page_draw(const PageKit *kit, GPtrArray *sheets, GPtrArray *stories, GHashTable *pictures,
                  GError **error) {
  Civil day = civil_of_day(kit->content->day);
  g_autoptr(GString) title = g_string_new(kit->content->site->name);
  g_string_append(title, ", ");
  locale_write(kit->locale, LOCALE_DATE_LONG, &day, title);
  const Site *site = kit->content->site;
  PdfInfo info = {.title = title->str,
                  .author = *site->publisher != '\0' ? site->publisher : site->name,
                  .subject = *site->tagline != '\0' ? site->tagline : NULL,
                  .language = site->language,
                  .identifier = kit->content->identifier,
                  .made_at = kit->content->made_at};
  g_autoptr(Pdf) pdf = pdf_new(&info);
  g_autoptr(GPtrArray) pages = g_ptr_array_new();
  Drawing drawing = {.kit = kit, .pdf = pdf, .pictures = pictures, .pages = pages};
  drawing.articles = g_new0(PdfElement *, stories->len + 1);
  drawing.draws = g_new0(SettingDraw *, stories->len + 1);
  for (guint i = 0; i < sheets->len; i++) {
    const Sheet *sheet = sheets->pdata[i];
    g_ptr_array_add(pages, pdf_add_page(pdf, kit->theme->width, kit->theme->height, sheet->label));
  }
  for (guint i = 0; i < sheets->len; i++) {
    draw_sheet(&drawing, sheets->pdata[i], stories);
  }
  add_outline(&drawing, sheets, stories);
  for (guint i = 0; i < stories->len; i++) {
    setting_draw_free(drawing.draws[i]);
  }
  g_free(drawing.draws);
  g_free(drawing.articles);
  return pdf_finish(pdf, error);
}
