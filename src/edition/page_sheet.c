// SPDX-License-Identifier: Apache-2.0
//
// Keeps what stands on a page. Used by edition/page_*; decides nothing.
#include "edition/page_sheet.h"

typedef struct Figure {
  SetBlock block;
  SetPicture picture;
} Figure;

Sheet *sheet_new(guint page, gint32 section, const char *section_name) {
  Sheet *sheet = g_new0(Sheet, 1);
  sheet->page = page;
  sheet->section = section;
  sheet->label = g_strdup_printf("%u", page + 1);
  sheet->section_name = g_strdup(section_name);
  sheet->placements = g_array_new(FALSE, TRUE, sizeof(Placement));
  sheet->rules = g_array_new(FALSE, TRUE, sizeof(SheetRule));
  sheet->boxes = g_array_new(FALSE, TRUE, sizeof(EditionBox));
  sheet->heads = g_array_new(FALSE, TRUE, sizeof(SheetHead));
  sheet->blocks = g_ptr_array_new_with_free_func((GDestroyNotify)set_block_free);
  sheet->poured = g_ptr_array_new_with_free_func((GDestroyNotify)galley_poured_free);
  sheet->figures = g_ptr_array_new_with_free_func(g_free);
  return sheet;
}

void sheet_free(Sheet *sheet) {
  if (sheet == NULL) {
    return;
  }
  g_free(sheet->label);
  g_free(sheet->section_name);
  g_array_unref(sheet->placements);
  g_array_unref(sheet->rules);
  g_array_unref(sheet->boxes);
  g_array_unref(sheet->heads);
  g_ptr_array_unref(sheet->blocks);
  g_ptr_array_unref(sheet->poured);
  g_ptr_array_unref(sheet->figures);
  g_free(sheet);
}

static Placement *put(Sheet *sheet, const SetBlock *block, gint32 x, gint32 y, guint story) {
  Placement placement = {
      .block = block, .x = x, .y = y, .story = story, .target = -1, .measure = block->width};
  g_array_append_val(sheet->placements, placement);
  return &g_array_index(sheet->placements, Placement, sheet->placements->len - 1);
}

Placement *sheet_put(Sheet *sheet, SetBlock *block, gint32 x, gint32 y, guint story) {
  if (block == NULL) {
    return NULL;
  }
  g_ptr_array_add(sheet->blocks, block);
  return put(sheet, block, x, y, story);
}

void sheet_put_poured(Sheet *sheet, GalleyPoured *poured, guint story, gint32 measure) {
  g_ptr_array_add(sheet->poured, poured);
  for (guint i = 0; i < poured->placed->len; i++) {
    const GalleyPlaced *placed = &g_array_index(poured->placed, GalleyPlaced, i);
    put(sheet, placed->block, placed->x, placed->y, story)->measure = measure;
  }
}

void sheet_put_picture(Sheet *sheet, const SetPicture *picture, const char *language, guint story) {
  Figure *figure = g_new0(Figure, 1);
  figure->picture = *picture;
  figure->picture.x = figure->picture.y = 0;
  figure->block.role = ROLE_FIGURE;
  figure->block.width = picture->width;
  figure->block.language = language;
  figure->block.picture = &figure->picture;
  g_ptr_array_add(sheet->figures, figure);
  put(sheet, &figure->block, picture->x, picture->y, story);
}

void sheet_put_rule(Sheet *sheet, gint32 x, gint32 y, gint32 width, gint32 height, guint32 color) {
  SheetRule rule = {x, y, width, height, color, FALSE};
  g_array_append_val(sheet->rules, rule);
}

void sheet_put_tint(Sheet *sheet, gint32 x, gint32 y, gint32 width, gint32 height, guint32 color) {
  SheetRule rule = {x, y, width, height, color, TRUE};
  g_array_append_val(sheet->rules, rule);
}

void sheet_prepend(Sheet *sheet, Sheet *top) {
  g_array_prepend_vals(sheet->placements, top->placements->data, top->placements->len);
  g_array_append_vals(sheet->rules, top->rules->data, top->rules->len);
  g_ptr_array_extend_and_steal(sheet->blocks, g_steal_pointer(&top->blocks));
  top->blocks = g_ptr_array_new();
}
