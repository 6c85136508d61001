// SPDX-License-Identifier: Apache-2.0
//
// Implements edition_pages.h. A line each: "edition 1 WIDTH HEIGHT", "page LABEL<tab>SECTION",
// "box STORY PART X Y WIDTH HEIGHT" of the page before it.
#include "model/edition_pages.h"

#include <string.h>

#define MOST_PAGES 1000
#define MOST_BOXES 100000

static void page_free(gpointer data) {
  EditionPagesPage *page = data;
  g_free(page->label);
  g_free(page->section);
  g_array_unref(page->boxes);
  g_free(page);
}

EditionPages *edition_pages_new(gint32 width, gint32 height) {
  EditionPages *pages = g_new0(EditionPages, 1);
  pages->width = width;
  pages->height = height;
  pages->pages = g_ptr_array_new_with_free_func(page_free);
  return pages;
}

void edition_pages_free(EditionPages *pages) {
  if (pages != NULL) {
    g_ptr_array_unref(pages->pages);
    g_free(pages);
  }
}

EditionPagesPage *edition_pages_add(EditionPages *pages, const char *label, const char *section) {
  EditionPagesPage *page = g_new0(EditionPagesPage, 1);
  page->label = g_strdelimit(g_strdup(label), "\t\r\n", ' ');
  page->section = g_strdelimit(g_strdup(section), "\t\r\n", ' ');
  page->boxes = g_array_new(FALSE, FALSE, sizeof(EditionPagesBox));
  g_ptr_array_add(pages->pages, page);
  return page;
}

char *edition_pages_write(const EditionPages *pages) {
  GString *out = g_string_new(NULL);
  g_string_append_printf(out, "edition 1 %d %d\n", pages->width, pages->height);
  for (guint i = 0; i < pages->pages->len; i++) {
    const EditionPagesPage *page = pages->pages->pdata[i];
    g_string_append_printf(out, "page %s\t%s\n", page->label, page->section);
    for (guint n = 0; n < page->boxes->len; n++) {
      const EditionPagesBox *box = &g_array_index(page->boxes, EditionPagesBox, n);
      g_string_append_printf(out, "box %" G_GINT64_FORMAT " %u %d %d %d %d\n", box->story_id,
                             box->part, box->x, box->y, box->width, box->height);
    }
  }
  return g_string_free(out, FALSE);
}

// `count` numbers parted by single blanks, and nothing after them.
static gboolean read_numbers(Slice text, gint64 *numbers, guint count) {
  for (guint i = 0; i < count; i++) {
    gssize end = i + 1 < count ? slice_find_char(text, ' ') : (gssize)text.length;
    guint64 number = 0;
    if (end <= 0 || !slice_parse_uint(slice_range(text, 0, (gsize)end), G_MAXINT64, &number)) {
      return FALSE;
    }
    numbers[i] = (gint64)number;
    text = slice_from(text, (gsize)end + 1);
  }
  return TRUE;
}

static gboolean read_page(EditionPages *pages, Slice line) {
  gssize tab = slice_find_char(line, '\t');
  if (tab < 0 || pages->pages->len >= MOST_PAGES) {
    return FALSE;
  }
  g_autofree char *label = slice_dup(slice_range(line, 0, (gsize)tab));
  g_autofree char *section = slice_dup(slice_from(line, (gsize)tab + 1));
  edition_pages_add(pages, label, section);
  return TRUE;
}

static gboolean read_box(EditionPages *pages, Slice line, guint *count) {
  gint64 numbers[6];
  if (pages->pages->len == 0 || ++*count > MOST_BOXES ||
      !read_numbers(line, numbers, G_N_ELEMENTS(numbers))) {
    return FALSE;
  }
  for (guint i = 1; i < G_N_ELEMENTS(numbers); i++) {
    if (numbers[i] > G_MAXINT32) {
      return FALSE;
    }
  }
  EditionPagesBox box = {numbers[0],         (guint)numbers[1],  (gint32)numbers[2],
                         (gint32)numbers[3], (gint32)numbers[4], (gint32)numbers[5]};
  EditionPagesPage *page = pages->pages->pdata[pages->pages->len - 1];
  g_array_append_val(page->boxes, box);
  return TRUE;
}

EditionPages *edition_pages_read(Slice text) {
  Slice line;
  gint64 numbers[3];
  guint boxes = 0;
  if (!slice_next_line(&text, &line) || !slice_starts_with(line, "edition ") ||
      !read_numbers(slice_from(line, strlen("edition ")), numbers, 3) || numbers[0] != 1 ||
      numbers[1] < 1 || numbers[1] > G_MAXINT32 || numbers[2] < 1 || numbers[2] > G_MAXINT32) {
    return NULL;
  }
  g_autoptr(EditionPages) pages = edition_pages_new((gint32)numbers[1], (gint32)numbers[2]);
  while (slice_next_line(&text, &line)) {
    gboolean good = slice_starts_with(line, "page ")
                        ? read_page(pages, slice_from(line, strlen("page ")))
                    : slice_starts_with(line, "box ")
                        ? read_box(pages, slice_from(line, strlen("box ")), &boxes)
                        : FALSE;
    if (!good) {
      return NULL;
    }
  }
  return g_steal_pointer(&pages);
}
