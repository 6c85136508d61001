// SPDX-License-Identifier: Apache-2.0
//
// Implements the pager of page_parts.h: first, the pages around this one, last; the same
// size for 3 pages as for 30,000.
#include "press/page_parts.h"

#include <string.h>

#define AROUND 2

char *page_path_of(const char *base, guint page) {
  if (page <= 1) {
    return g_strdup(base);
  }
  return g_strdup_printf("%s%cpage=%u", base, strchr(base, '?') != NULL ? '&' : '?', page);
}

static void append_page(PageMaker *maker, TemplateValue *list, const char *base, guint page,
                        guint current) {
  g_autofree char *path = page_path_of(base, page);
  TemplateValue *value = template_append_object(list);
  page_set_number(maker, value, "number", page);
  g_autofree char *number = locale_number(maker->locale, page);
  g_autofree char *label = locale_fill(maker->locale, "page_number", "number", number);
  template_set_text(value, "label", label);
  template_set_text(value, "path", path);
  template_set_boolean(value, "current", page == current);
  template_set_boolean(value, "gap", FALSE);
}

static void append_gap(TemplateValue *list) {
  TemplateValue *value = template_append_object(list);
  template_set_boolean(value, "gap", TRUE);
  template_set_boolean(value, "current", FALSE);
}

static void append_pages(PageMaker *maker, TemplateValue *list, const char *base, guint page,
                         guint page_count) {
  guint low = page > AROUND + 2 ? page - AROUND : 1;
  guint high = page_count - page > AROUND + 1 ? page + AROUND : page_count;
  if (low > 1) {
    append_page(maker, list, base, 1, page);
    append_gap(list);
  }
  for (guint at = low; at <= high; at++) {
    append_page(maker, list, base, at, page);
  }
  if (high < page_count) {
    append_gap(list);
    append_page(maker, list, base, page_count, page);
  }
}

static void set_neighbour(PageMaker *maker, TemplateValue *pager, const char *name,
                          const char *link_name, const char *base, guint page, gboolean exists) {
  g_autofree char *path = exists ? page_path_of(base, page) : NULL;
  template_set_text(pager, name, path);
  g_autofree char *url = exists ? g_strconcat(maker->site->base_url, path, NULL) : NULL;
  template_set_text(maker->root, link_name, url);
}

void page_set_pager(PageMaker *maker, const char *base, guint page, guint page_count) {
  if (page_count < 2) {
    template_set_boolean(maker->root, "pager", FALSE);
    return;
  }
  page = CLAMP(page, 1, page_count);
  TemplateValue *pager = template_set_object(maker->root, "pager");
  set_neighbour(maker, pager, "previous", "link_previous", base, page - 1, page > 1);
  set_neighbour(maker, pager, "next", "link_next", base, page + 1, page < page_count);
  append_pages(maker, template_set_list(pager, "pages"), base, page, page_count);
  g_autofree char *number = locale_number(maker->locale, page);
  g_autofree char *total = locale_number(maker->locale, page_count);
  g_autofree char *half = locale_fill(maker->locale, "page_of", "number", number);
  char *gap = strstr(half, "{total}");
  g_autofree char *summary = gap == NULL ? g_strdup(half)
                                         : g_strdup_printf("%.*s%s%s", (int)(gap - half), half,
                                                           total, gap + strlen("{total}"));
  template_set_text(pager, "summary", summary);
}
