// SPDX-License-Identifier: Apache-2.0
//
// The structure tree (pdf.h; ISO 32000-1, 14.7 and 14.8): elements, the marked content and links
// that they hold, and the tree that leads back from a page's content to its element.
#include <string.h>

#include "base/text.h"
#include "edition/pdf_parts.h"

const char *const PDF_TAG_NAMES[] = {
    "Document",   "Part",    "Art",    "Sect", "H1",    "H2",  "H3",    "H4",   "P",
    "BlockQuote", "Caption", "Figure", "L",    "LI",    "Lbl", "LBody", "Link", "Code",
    "Span",       "TOC",     "TOCI",   "Note", "Table", "TR",  "TH",    "TD"};

PdfElement *pdf_root(Pdf *pdf) {
  return pdf->root;
}

PdfElement *pdf_add_element(PdfElement *parent, PdfTag tag) {
  PdfElement *element = g_new0(PdfElement, 1);
  element->pdf = parent->pdf;
  element->parent = parent;
  element->tag = tag;
  element->object = pdf_reserve(parent->pdf->writer);
  element->kids = g_array_new(FALSE, TRUE, sizeof(PdfKid));
  g_ptr_array_add(parent->pdf->elements, element);
  PdfKid kid = {.element = element};
  g_array_append_val(parent->kids, kid);
  return element;
}

void pdf_element_set_language(PdfElement *element, const char *language) {
  text_replace(&element->language, language);
}

void pdf_element_set_alt(PdfElement *element, const char *alt) {
  text_replace(&element->alt, alt);
}

void pdf_element_set_id(PdfElement *element, const char *id) {
  text_replace(&element->id, id);
}

void pdf_element_set_property(PdfElement *element, const char *name, const char *value) {
  if (element->properties == NULL) {
    element->properties = g_string_new(NULL);
  }
  element->pdf->has_properties = TRUE;
  g_string_append(element->properties, "<</N");
  pdf_write_text(element->properties, name);
  g_string_append(element->properties, "/V");
  pdf_write_text(element->properties, value);
  g_string_append(element->properties, ">>");
}

void pdf_element_set_title(PdfElement *element, const char *title) {
  text_replace(&element->title, title);
}

const char *pdf_element_title(const PdfElement *element) {
  while (element != NULL && (element->title == NULL || element->title[0] == '\0')) {
    element = element->parent;
  }
  return element != NULL ? element->title : NULL;
}

void pdf_element_set_bounds(PdfElement *element, PdfPage *page, gint32 x, gint32 y, gint32 width,
                            gint32 height) {
  element->bounds_page = page;
  element->bounds[0] = x;
  element->bounds[1] = y;
  element->bounds[2] = width;
  element->bounds[3] = height;
}

// ---- links ------------------------------------------------------------------------------------

static PdfLink *add_link(PdfPage *page, PdfElement *element, gint32 x, gint32 y, gint32 width,
                         gint32 height, const char *words) {
  PdfLink link = {.element = element,
                  .object = pdf_reserve(page->pdf->writer),
                  .x = x,
                  .y = y,
                  .width = width,
                  .height = height,
                  .words = g_strdup(words != NULL && words[0] != '\0' ? words : "Link")};
  g_array_append_val(page->links, link);
  PdfKid kid = {.page = page, .number = link.object, .is_link = TRUE};
  g_array_append_val(element->kids, kid);
  return &g_array_index(page->links, PdfLink, page->links->len - 1);
}

void pdf_link_to_url(PdfPage *page, PdfElement *link, gint32 x, gint32 y, gint32 width,
                     gint32 height, const char *url, const char *words) {
  add_link(page, link, x, y, width, height, words)->url = g_strdup(url);
}

void pdf_link_to_page(PdfPage *page, PdfElement *link, gint32 x, gint32 y, gint32 width,
                      gint32 height, guint target_page, gint32 target_y, const char *words) {
  PdfLink *added = add_link(page, link, x, y, width, height, words);
  added->target_page = target_page;
  added->target_y = target_y;
}

// ---- writing ----------------------------------------------------------------------------------

static void write_entry(GString *out, const char *key, const char *text) {
  if (text != NULL) {
    g_string_append_printf(out, "/%s", key);
    pdf_write_text(out, text);
  }
}

static void write_bounds(GString *out, const PdfElement *element) {
  const gint32 *bounds = element->bounds;
  gint64 height = element->bounds_page->height;
  const gint64 corners[] = {bounds[0], height - bounds[1] - bounds[3],
                            (gint64)bounds[0] + bounds[2], height - bounds[1]};
  g_string_append(out, "<</O/Layout/BBox[");
  for (guint i = 0; i < G_N_ELEMENTS(corners); i++) {
    pdf_write_length(out, corners[i]);
    g_string_append_c(out, ' ');
  }
  g_string_append(out, "]>>");
}

static void write_kid(GString *out, const PdfKid *kid, const PdfPage *page) {
  if (kid->element != NULL) {
    g_string_append_printf(out, "%u 0 R ", kid->element->object);
  } else if (kid->is_link) {
    g_string_append_printf(out, "<</Type/OBJR/Obj %u 0 R/Pg %u 0 R>>", kid->number,
                           kid->page->object);
  } else if (kid->page == page) {
    g_string_append_printf(out, "%u ", kid->number);
  } else {
    g_string_append_printf(out, "<</Type/MCR/Pg %u 0 R/MCID %u>>", kid->page->object, kid->number);
  }
}

static const PdfPage *first_page(const PdfElement *element) {
  for (guint i = 0; i < element->kids->len; i++) {
    const PdfKid *kid = &g_array_index(element->kids, PdfKid, i);
    if (kid->page != NULL && !kid->is_link) {
      return kid->page;
    }
  }
  return NULL;
}

static void put_element(Pdf *pdf, const PdfElement *element, guint root) {
  GString *out = g_string_new("<</Type/StructElem/S");
  const PdfPage *page = first_page(element);
  pdf_write_name(out, PDF_TAG_NAMES[element->tag]);
  g_string_append_printf(out, "/P %u 0 R",
                         element->parent != NULL ? element->parent->object : root);
  if (page != NULL) {
    g_string_append_printf(out, "/Pg %u 0 R", page->object);
  }
  write_entry(out, "Lang", element->language);
  write_entry(out, "T", element->title);
  write_entry(out, "Alt", element->alt);
  if (element->bounds_page != NULL || element->properties != NULL) {
    g_string_append(out, "/A[");
    if (element->bounds_page != NULL) {
      write_bounds(out, element);
    }
    if (element->properties != NULL) {
      g_string_append_printf(out, "<</O/UserProperties/P[%s]>>", element->properties->str);
    }
    g_string_append_c(out, ']');
  } else if (element->tag == PDF_TABLE_HEAD) {
    g_string_append(out, "/A<</O/Table/Scope/Column>>");
  } else if (element->tag == PDF_LIST) {
    g_string_append(out, "/A<</O/List/ListNumbering/None>>");
  }
  write_entry(out, "ID", element->id);
  g_string_append(out, "/K[");
  for (guint i = 0; i < element->kids->len; i++) {
    write_kid(out, &g_array_index(element->kids, PdfKid, i), page);
  }
  g_string_append(out, "]>>");
  pdf_put(pdf->writer, element->object, out);
}

static guint put_parents(Pdf *pdf) {
  GString *out = g_string_new("<</Nums[");
  guint next = pdf->pages->len;
  for (guint i = 0; i < pdf->pages->len; i++) {
    const PdfPage *page = g_ptr_array_index(pdf->pages, i);
    g_string_append_printf(out, "%u[", i);
    for (guint j = 0; j < page->contents->len; j++) {
      const PdfElement *element = g_ptr_array_index(page->contents, j);
      g_string_append_printf(out, "%u 0 R ", element->object);
    }
    g_string_append(out, "]");
  }
  for (guint i = 0; i < pdf->pages->len; i++) {
    const PdfPage *page = g_ptr_array_index(pdf->pages, i);
    for (guint j = 0; j < page->links->len; j++) {
      const PdfLink *link = &g_array_index(page->links, PdfLink, j);
      g_string_append_printf(out, "%u %u 0 R ", next++, link->element->object);
    }
  }
  g_string_append(out, "]>>");
  return pdf_add(pdf->writer, out);
}

static gint compare_ids(gconstpointer a, gconstpointer b) {
  const PdfElement *one = *(const PdfElement *const *)a, *two = *(const PdfElement *const *)b;
  return strcmp(one->id, two->id);
}

// Elements with an ID are found by it (ISO 32000-1, 7.9.6: sorted). 0: there are none.
static guint put_ids(Pdf *pdf) {
  g_autoptr(GPtrArray) named = g_ptr_array_new();
  for (guint i = 0; i < pdf->elements->len; i++) {
    PdfElement *element = g_ptr_array_index(pdf->elements, i);
    if (element->id != NULL) {
      g_ptr_array_add(named, element);
    }
  }
  g_ptr_array_sort(named, compare_ids);
  if (named->len == 0) {
    return 0;
  }
  GString *out = g_string_new("<</Names[");
  for (guint i = 0; i < named->len; i++) {
    const PdfElement *element = g_ptr_array_index(named, i);
    pdf_write_text(out, element->id);
    g_string_append_printf(out, " %u 0 R ", element->object);
  }
  g_string_append(out, "]>>");
  return pdf_add(pdf->writer, out);
}

guint pdf_finish_structure(Pdf *pdf) {
  guint root = pdf_reserve(pdf->writer);
  for (guint i = 0; i < pdf->elements->len; i++) {
    put_element(pdf, g_ptr_array_index(pdf->elements, i), root);
  }
  guint links = 0;
  for (guint i = 0; i < pdf->pages->len; i++) {
    links += ((const PdfPage *)g_ptr_array_index(pdf->pages, i))->links->len;
  }
  GString *out = g_string_new(NULL);
  g_string_append_printf(out,
                         "<</Type/StructTreeRoot/K[%u 0 R]/ParentTree %u 0 R"
                         "/ParentTreeNextKey %u",
                         pdf->root->object, put_parents(pdf), pdf->pages->len + links);
  guint ids = put_ids(pdf);
  if (ids != 0) {
    g_string_append_printf(out, "/IDTree %u 0 R", ids);
  }
  g_string_append(out, ">>");
  pdf_put(pdf->writer, root, out);
  return root;
}
