// SPDX-License-Identifier: Apache-2.0
//
// Implements setting_draw.h. A block's element is made when its first piece is drawn and found
// again by the block's id for the others; lists and quotes gather blocks that follow one another.
#include "edition/setting_draw.h"

#include <string.h>

struct SettingDraw {
  PdfElement *article;
  PdfTag heading;
  char *language;
  SettingPicture picture;
  gpointer data;
  GHashTable *by_id; // block id + 1 -> PdfElement
  PdfElement *group; // the list, quote or table that is open; NULL
  SetRole group_role;
  PdfElement *figure; // the last one: a caption's
};

SettingDraw *setting_draw_new(PdfElement *article, PdfTag heading, const char *language,
                              SettingPicture picture, gpointer data) {
  SettingDraw *draw = g_new0(SettingDraw, 1);
  draw->article = article;
  draw->heading = heading;
  draw->language = g_strdup(language);
  draw->picture = picture;
  draw->data = data;
  draw->by_id = g_hash_table_new(NULL, NULL);
  return draw;
}

void setting_draw_free(SettingDraw *draw) {
  if (draw != NULL) {
    g_hash_table_unref(draw->by_id);
    g_free(draw->language);
    g_free(draw);
  }
}

// ---- lines ------------------------------------------------------------------------------------

// The words of a link's runs, for its annotation.
static char *run_words(const SetLine *line, guint first, guint end) {
  gsize from = G_MAXSIZE;
  gsize to = 0;
  for (guint i = first; i < end; i++) {
    for (guint j = 0; j < line->runs[i].glyph_count; j++) {
      const SetGlyph *glyph = &line->runs[i].glyphs[j];
      from = MIN(from, glyph->text);
      to = MAX(to, glyph->text + glyph->text_bytes);
    }
  }
  char *words = to > from ? g_strndup(line->text + from, to - from) : g_strdup("");
  if (g_str_has_suffix(words, "\xc2\xad")) {
    words[strlen(words) - 2] = '\0';
  }
  return g_strstrip(words);
}

static void draw_link(PdfPage *page, PdfElement *parent, const SetLine *line, guint first,
                      guint end, gint32 x, gint32 y) {
  const SetRun *runs = line->runs;
  PdfElement *link = pdf_add_element(parent, PDF_LINK);
  pdf_begin(page, link);
  pdf_draw_runs(page, line, first, end - first, x, y);
  pdf_end(page);
  gint32 left = G_MAXINT32;
  gint32 right = G_MININT32;
  gint32 size = 0;
  for (guint i = first; i < end; i++) {
    left = MIN(left, runs[i].x);
    right = MAX(right, runs[i].x + runs[i].width);
    size = MAX(size, runs[i].size);
  }
  g_autofree char *words = run_words(line, first, end);
  g_autofree char *contents = words[0] != '\0' ? g_strdup_printf("%s (%s)", words, runs[first].link)
                                               : g_strdup(runs[first].link);
  pdf_link_to_url(page, link, x + line->x + left, y + line->baseline - size * 4 / 5, right - left,
                  size * 11 / 10, runs[first].link, contents);
}

// Lines without links go into one marked content; each link gets one of its own.
static void draw_lines(PdfPage *page, PdfElement *element, const SetLine *lines, guint count,
                       gint32 x, gint32 y) {
  gboolean open = FALSE;
  for (guint i = 0; i < count; i++) {
    const SetLine *line = &lines[i];
    for (guint first = 0; first < line->run_count;) {
      const char *link = line->runs[first].link;
      guint end = first + 1;
      while (end < line->run_count && g_strcmp0(line->runs[end].link, link) == 0) {
        end++;
      }
      if (link != NULL && open) {
        pdf_end(page);
        open = FALSE;
      }
      if (link != NULL) {
        draw_link(page, element, line, first, end, x, y);
      } else {
        if (!open) {
          pdf_begin(page, element);
          open = TRUE;
        }
        pdf_draw_runs(page, line, first, end - first, x, y);
      }
      first = end;
    }
  }
  if (open) {
    pdf_end(page);
  }
}

static void draw_rules(PdfPage *page, const SetBlock *block, gint32 x, gint32 y) {
  if (block->rule_count == 0) {
    return;
  }
  pdf_begin_artifact(page, FALSE);
  for (guint i = 0; i < block->rule_count; i++) {
    const SetRule *rule = &block->rules[i];
    pdf_draw_box(page, x + rule->x, y + rule->y, rule->width, rule->height, rule->color);
  }
  pdf_end(page);
}

// ---- elements ---------------------------------------------------------------------------------

static PdfTag heading_below(PdfTag heading, guint levels) {
  return (PdfTag)MIN((guint)heading + levels, (guint)PDF_H4);
}

static PdfTag tag_of(const SettingDraw *draw, const SetBlock *block) {
  switch (block->role) {
  case ROLE_HEADLINE:
    return draw->heading;
  case ROLE_SUBHEAD:
    return heading_below(draw->heading, 1);
  case ROLE_PULL_QUOTE:
    return PDF_BLOCK_QUOTE;
  case ROLE_CAPTION:
    return PDF_CAPTION;
  case ROLE_FIGURE:
    return PDF_FIGURE;
  case ROLE_BOX:
    return PDF_SECT;
  default:
    return PDF_P;
  }
}

// The list, quote or table that a block belongs to: the open one, or a new one.
static PdfElement *group_for(SettingDraw *draw, PdfElement *parent, SetRole role) {
  static const PdfTag TAGS[] = {
      [ROLE_ITEM] = PDF_LIST, [ROLE_QUOTE] = PDF_BLOCK_QUOTE, [ROLE_TABLE] = PDF_TABLE};
  if (role != ROLE_ITEM && role != ROLE_QUOTE && role != ROLE_TABLE) {
    draw->group = NULL;
    return parent;
  }
  if (draw->group == NULL || draw->group_role != role) {
    draw->group = pdf_add_element(parent, TAGS[role]);
    draw->group_role = role;
  }
  return draw->group;
}

static PdfElement *element_for(SettingDraw *draw, PdfElement *parent, const SetBlock *block) {
  gpointer key = GUINT_TO_POINTER(block->id + 1);
  gboolean can_continue = block->id + 1 != 0 && (block->continues || block->continued);
  PdfElement *element = can_continue ? g_hash_table_lookup(draw->by_id, key) : NULL;
  if (element != NULL) {
    return element;
  }
  if (block->role == ROLE_CAPTION && draw->figure != NULL) {
    element = pdf_add_element(draw->figure, PDF_CAPTION);
    draw->figure = NULL;
  } else if (block->role == ROLE_CAPTION) {
    element = pdf_add_element(parent, PDF_P);
  } else {
    element = pdf_add_element(group_for(draw, parent, block->role), tag_of(draw, block));
  }
  if (block->language != NULL && g_strcmp0(block->language, draw->language) != 0) {
    pdf_element_set_language(element, block->language);
  }
  if (can_continue) {
    g_hash_table_insert(draw->by_id, key, element);
  }
  return element;
}

// An item: LI with its label and its body; what goes on elsewhere is the body's.
static void draw_item(SettingDraw *draw, PdfPage *page, PdfElement *parent, const SetBlock *block,
                      gint32 x, gint32 y) {
  gpointer key = GUINT_TO_POINTER(block->id + 1);
  PdfElement *body = block->continues ? g_hash_table_lookup(draw->by_id, key) : NULL;
  guint first = 0;
  if (body == NULL) {
    PdfElement *list = group_for(draw, parent, ROLE_ITEM);
    PdfElement *item = pdf_add_element(list, PDF_LIST_ITEM);
    if (block->labelled) {
      PdfElement *label = pdf_add_element(item, PDF_LABEL);
      draw_lines(page, label, block->lines, 1, x, y);
      first = 1;
    }
    body = pdf_add_element(item, PDF_LIST_BODY);
    g_hash_table_insert(draw->by_id, key, body);
  }
  draw_lines(page, body, block->lines + first, block->line_count - first, x, y);
}

// What the picture shows; where nobody said, its caption or at least the story that it belongs to.
static void set_alt(PdfElement *figure, const Image *image) {
  const char *title = pdf_element_title(figure);
  const char *const words[] = {image->alt, image->caption, title, image->credit, "-"};
  guint i = 0;
  while (words[i] == NULL || words[i][strspn(words[i], " ")] == '\0') {
    i++;
  }
  pdf_element_set_alt(figure, words[i]);
}

static void draw_figure(SettingDraw *draw, PdfPage *page, PdfElement *parent, const SetBlock *block,
                        gint32 x, gint32 y) {
  const SetPicture *picture = block->picture;
  draw->group = NULL;
  if (picture == NULL) { // its words are left, as a paragraph
    draw_lines(page, pdf_add_element(parent, PDF_P), block->lines, block->line_count, x, y);
    return;
  }
  PdfElement *figure = pdf_add_element(parent, PDF_FIGURE);
  set_alt(figure, picture->image);
  if (picture->image->hash != NULL) { // for the scorecard, and whoever archives: where it is from
    g_autofree char *crop = image_crop_format(picture->crop);
    pdf_element_set_property(figure, "Original", picture->image->hash);
    pdf_element_set_property(figure, "Crop", crop);
  }
  pdf_element_set_bounds(figure, page, x + picture->x, y + picture->y, picture->width,
                         picture->height);
  PdfImage *image = draw->picture != NULL ? draw->picture(picture, draw->data) : NULL;
  pdf_begin(page, figure);
  if (image != NULL) {
    pdf_draw_image(page, image, x + picture->x, y + picture->y, picture->width, picture->height);
  } else {
    pdf_draw_box(page, x + picture->x, y + picture->y, picture->width, picture->height, 0xd9d9d9);
  }
  pdf_end(page);
  draw->figure = figure;
  if (block->line_count > 0) {
    draw_lines(page, pdf_add_element(figure, PDF_CAPTION), block->lines, block->line_count, x, y);
    draw->figure = NULL;
  }
}

static void draw_row(SettingDraw *draw, PdfPage *page, PdfElement *parent, const SetBlock *block,
                     gint32 x, gint32 y) {
  PdfElement *row = pdf_add_element(group_for(draw, parent, ROLE_TABLE), PDF_TABLE_ROW);
  guint first = 0;
  for (guint i = 0; i < block->cell_count; i++) {
    PdfElement *cell = pdf_add_element(row, block->heads ? PDF_TABLE_HEAD : PDF_TABLE_CELL);
    draw_lines(page, cell, block->lines + first, block->cells[i], x, y);
    first += block->cells[i];
  }
}

// What is said, and who said it: a paragraph each.
static void draw_pull_quote(SettingDraw *draw, PdfPage *page, PdfElement *parent,
                            const SetBlock *block, gint32 x, gint32 y) {
  PdfElement *quote = element_for(draw, parent, block);
  for (guint first = 0; first < block->line_count;) {
    guint end = first + 1;
    while (end < block->line_count && block->lines[end - 1].end != LINE_END_TEXT) {
      end++;
    }
    draw_lines(page, pdf_add_element(quote, PDF_P), block->lines + first, end - first, x, y);
    first = end;
  }
}

static void draw_in(SettingDraw *draw, PdfPage *page, PdfElement *parent, const SetBlock *block,
                    gint32 x, gint32 y) {
  draw_rules(page, block, x, y);
  if (block->role == ROLE_RULE) {
    return;
  }
  if (block->role == ROLE_FIGURE || block->picture != NULL) {
    draw_figure(draw, page, parent, block, x, y);
    return;
  }
  if (block->role == ROLE_ITEM) {
    draw_item(draw, page, parent, block, x, y);
    return;
  }
  if (block->role == ROLE_TABLE && block->cell_count > 0) {
    draw_row(draw, page, parent, block, x, y);
    return;
  }
  if (block->role == ROLE_PULL_QUOTE && block->child_count == 0) {
    draw_pull_quote(draw, page, parent, block, x, y);
    return;
  }
  PdfElement *element = element_for(draw, parent, block);
  draw_lines(page, element, block->lines, block->line_count, x, y);
  for (guint i = 0; i < block->child_count; i++) {
    const SetBlock *child = block->children[i];
    draw_in(draw, page, element, child, x + child->x, y + child->y);
  }
  if (block->child_count > 0) {
    draw->group = NULL;
  }
}

void setting_draw_block(SettingDraw *draw, PdfPage *page, const SetBlock *block, gint32 x,
                        gint32 y) {
  draw_in(draw, page, draw->article, block, x, y);
}

void setting_draw_artifact(PdfPage *page, const SetBlock *block, gint32 x, gint32 y) {
  pdf_begin_artifact(page, TRUE);
  for (guint i = 0; i < block->rule_count; i++) {
    const SetRule *rule = &block->rules[i];
    pdf_draw_box(page, x + rule->x, y + rule->y, rule->width, rule->height, rule->color);
  }
  for (guint i = 0; i < block->line_count; i++) {
    pdf_draw_runs(page, &block->lines[i], 0, block->lines[i].run_count, x, y);
  }
  pdf_end(page);
  for (guint i = 0; i < block->child_count; i++) {
    const SetBlock *child = block->children[i];
    setting_draw_artifact(page, child, x + child->x, y + child->y);
  }
}
