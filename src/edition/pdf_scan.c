// SPDX-License-Identifier: Apache-2.0
//
// Implements pdf_scan.h: the pages of a file, and the text of its elements.
#include "edition/pdf_scan.h"

#include <string.h>

#include "edition/edition.h"
#include "edition/pdf_scan_parts.h"

#define MOST_PAGES 4096
#define MOST_LEVELS 32 // of the page tree

static void link_clear(gpointer data) {
  g_free(((ScanLink *)data)->url);
}

static void page_free(gpointer data) {
  ScanPage *page = data;
  g_array_unref(page->glyphs);
  g_array_unref(page->areas);
  g_array_unref(page->links);
  g_array_unref(page->owners);
  g_array_unref(page->ranges);
  g_free(page);
}

static void element_free(gpointer data) {
  ScanElement *element = data;
  g_free(element->tag);
  g_free(element->title);
  g_free(element->id);
  g_free(element->alt);
  g_free(element->subject);
  g_array_unref(element->kids);
  g_free(element);
}

void pdf_scan_free(PdfScan *scan) {
  if (scan != NULL) {
    g_ptr_array_unref(scan->pages);
    g_ptr_array_unref(scan->elements);
    g_string_chunk_free(scan->texts);
    g_free(scan);
  }
}

// ---- pages ------------------------------------------------------------------------------------

static gint64 box_number(Scanning *scanning, const PdfValue *box, guint index) {
  return pdf_value_number(pdf_reader_item(scanning->reader, box, index));
}

static ScanPage *page_new(Scanning *scanning, const PdfValue *box) {
  ScanPage *page = g_new0(ScanPage, 1);
  page->width = (gint32)CLAMP(box_number(scanning, box, 2) - box_number(scanning, box, 0), 0, 1e9);
  page->height = (gint32)CLAMP(box_number(scanning, box, 3) - box_number(scanning, box, 1), 0, 1e9);
  page->glyphs = g_array_new(FALSE, TRUE, sizeof(ScanGlyph));
  page->areas = g_array_new(FALSE, TRUE, sizeof(ScanArea));
  page->links = g_array_new(FALSE, TRUE, sizeof(ScanLink));
  page->owners = g_array_new(FALSE, TRUE, sizeof(guint));
  page->ranges = g_array_new(FALSE, TRUE, sizeof(ScanRange));
  g_array_set_clear_func(page->links, link_clear);
  return page;
}

static void find_pages(Scanning *scanning, const PdfValue *reference, guint level) {
  const PdfValue *node = pdf_reader_resolve(scanning->reader, reference);
  const PdfValue *kids = pdf_reader_get(scanning->reader, node, "Kids");
  if (level > MOST_LEVELS || scanning->page_values->len >= MOST_PAGES) {
    return;
  }
  if (kids->kind == PDF_VALUE_ARRAY) {
    for (guint i = 0; i < kids->count; i++) {
      find_pages(scanning, &kids->items[i], level + 1);
    }
  } else if (node->kind == PDF_VALUE_DICTIONARY) {
    g_ptr_array_add(scanning->page_values, (gpointer)node);
    g_ptr_array_add(scanning->scan->pages,
                    page_new(scanning, pdf_reader_get(scanning->reader, node, "MediaBox")));
    if (reference->kind == PDF_VALUE_REFERENCE) {
      g_hash_table_insert(scanning->page_numbers, GSIZE_TO_POINTER((gsize)reference->number),
                          GUINT_TO_POINTER(scanning->page_values->len));
    }
  }
}

guint pdf_scan_page_of(const Scanning *scanning, const PdfValue *reference) {
  if (reference->kind != PDF_VALUE_REFERENCE) {
    return G_MAXUINT;
  }
  return GPOINTER_TO_UINT(g_hash_table_lookup(scanning->page_numbers,
                                              GSIZE_TO_POINTER((gsize)reference->number))) -
         1;
}

PdfScan *pdf_scan_new(GBytes *pdf, GError **error) {
  g_autoptr(PdfReader) reader = pdf_reader_new(pdf, error);
  if (reader == NULL) {
    return NULL;
  }
  g_autoptr(PdfScan) scan = g_new0(PdfScan, 1);
  scan->pages = g_ptr_array_new_with_free_func(page_free);
  scan->elements = g_ptr_array_new_with_free_func(element_free);
  scan->texts = g_string_chunk_new(4096);
  Scanning scanning = {.reader = reader, .scan = scan};
  scanning.page_values = g_ptr_array_new();
  scanning.page_numbers = g_hash_table_new(NULL, NULL);
  scanning.fonts = g_hash_table_new_full(NULL, NULL, NULL, pdf_scan_font_free);
  find_pages(&scanning, pdf_value_get(pdf_reader_root(reader), "Pages"), 0);
  for (guint i = 0; i < scan->pages->len; i++) {
    pdf_scan_content(&scanning, scan->pages->pdata[i], scanning.page_values->pdata[i]);
  }
  pdf_scan_structure(&scanning);
  g_ptr_array_unref(scanning.page_values);
  g_hash_table_unref(scanning.page_numbers);
  g_hash_table_unref(scanning.fonts);
  if (scan->pages->len == 0) {
    g_set_error_literal(error, EDITION_ERROR, EDITION_ERROR_PDF,
                        "the PDF has no pages; make the edition again");
    return NULL;
  }
  return g_steal_pointer(&scan);
}

// ---- elements ---------------------------------------------------------------------------------

const ScanElement *pdf_scan_element(const PdfScan *scan, guint element) {
  return element < scan->elements->len ? scan->elements->pdata[element] : NULL;
}

guint pdf_scan_ancestor(const PdfScan *scan, guint element, const char *tag) {
  const ScanElement *found = pdf_scan_element(scan, element);
  while (found != NULL && strcmp(found->tag, tag) != 0) {
    element = found->parent;
    found = pdf_scan_element(scan, element);
  }
  return found != NULL ? element : G_MAXUINT;
}

static gboolean begins_with_mark(const char *text) {
  return *text != '\0' && g_unichar_ismark(g_utf8_get_char(text));
}

static gboolean is_right_to_left(gunichar letter) {
  gboolean digit = (letter >= 0x660 && letter <= 0x669) || (letter >= 0x6f0 && letter <= 0x6f9);
  return !digit &&
         ((letter >= 0x590 && letter <= 0x8ff) || (letter >= 0xfb1d && letter <= 0xfdff) ||
          (letter >= 0xfe70 && letter <= 0xfefc));
}

// By its first letter or digit; signs alone go the way that the line has taken so far.
static gboolean runs_right_to_left(const ScanPage *page, guint from, guint first, guint end) {
  for (guint i = first; i < end; i++) {
    const char *text = g_array_index(page->glyphs, ScanGlyph, i).text;
    gunichar letter = *text != '\0' ? g_utf8_get_char(text) : 0;
    if (is_right_to_left(letter)) {
      return TRUE;
    }
    if (g_unichar_isalnum(letter)) {
      return FALSE;
    }
  }
  const ScanGlyph *own = &g_array_index(page->glyphs, ScanGlyph, first);
  const ScanGlyph *before = first > from ? own - 1 : own;
  return before->y == own->y && own->x < before->x;
}

// Glyphs of one run: drawn from left to right, read from right to left where that is so.
static void append_run(const ScanPage *page, guint from, guint first, guint end, GString *out) {
  if (!runs_right_to_left(page, from, first, end)) {
    for (guint i = first; i < end; i++) {
      g_string_append(out, g_array_index(page->glyphs, ScanGlyph, i).text);
    }
    return;
  }
  for (guint i = end; i > first;) {
    guint begins = i - 1; // a letter and the marks that follow it
    while (begins > first &&
           begins_with_mark(g_array_index(page->glyphs, ScanGlyph, begins).text)) {
      begins--;
    }
    for (guint j = begins; j < i; j++) {
      g_string_append(out, g_array_index(page->glyphs, ScanGlyph, j).text);
    }
    i = begins;
  }
}

// A hyphen that the setting put at a line's end, and its line's end, are not of the text.
static void join_lines(GString *out) {
  static const char HYPHEN[] = "\xc2\xad";
  while (g_str_has_suffix(out->str, HYPHEN)) {
    g_string_truncate(out, out->len - strlen(HYPHEN));
  }
}

static void append_content(const PdfScan *scan, guint page_number, guint content, GString *out) {
  const ScanPage *page = scan->pages->pdata[page_number];
  if (content >= page->ranges->len) {
    return;
  }
  ScanRange range = g_array_index(page->ranges, ScanRange, content);
  for (guint i = range.first; i < range.end;) {
    guint32 run = g_array_index(page->glyphs, ScanGlyph, i).run;
    guint end = i + 1;
    while (end < range.end && g_array_index(page->glyphs, ScanGlyph, end).run == run) {
      end++;
    }
    join_lines(out);
    append_run(page, range.first, i, end, out);
    i = end;
  }
}

static gboolean is_inline(const ScanElement *element) {
  return strcmp(element->tag, "Link") == 0 || strcmp(element->tag, "Span") == 0 ||
         strcmp(element->tag, "Code") == 0;
}

static void append_element(const PdfScan *scan, guint number, GString *out, guint depth) {
  const ScanElement *element = pdf_scan_element(scan, number);
  if (element == NULL || depth > 64) {
    return;
  }
  if (!is_inline(element)) {
    join_lines(out);
    g_string_append_c(out, ' ');
  }
  for (guint i = 0; i < element->kids->len; i++) {
    const ScanKid *kid = &g_array_index(element->kids, ScanKid, i);
    if (kid->element != G_MAXUINT) {
      append_element(scan, kid->element, out, depth + 1);
    } else {
      append_content(scan, kid->page, kid->content, out);
    }
  }
}

char *pdf_scan_text(const PdfScan *scan, guint element) {
  g_autoptr(GString) out = g_string_new(NULL);
  append_element(scan, element, out, 0);
  join_lines(out);
  return g_string_free(g_steal_pointer(&out), FALSE);
}
