// SPDX-License-Identifier: Apache-2.0
//
// Implements pdf.h: the document, its pages and its end, when what all pages share is written. What
// a page holds is pdf_page.c's, the structure pdf_structure.c's, the rest of the catalogue
// pdf_metadata.c's.
#include "edition/pdf.h"

#include <string.h>

#include "edition/edition.h"
#include "edition/pdf_parts.h"

// ---- life -------------------------------------------------------------------------------------

static void element_free(gpointer data) {
  PdfElement *element = data;
  g_array_unref(element->kids);
  g_free(element->language);
  g_free(element->alt);
  g_free(element->title);
  g_free(element->id);
  if (element->properties != NULL) {
    g_string_free(element->properties, TRUE);
  }
  g_free(element);
}

static void link_clear(gpointer data) {
  PdfLink *link = data;
  g_free(link->url);
  g_free(link->words);
}

static void page_free(gpointer data) {
  PdfPage *page = data;
  g_free(page->label);
  g_string_free(page->content, TRUE);
  g_ptr_array_unref(page->contents);
  g_array_unref(page->links);
  g_hash_table_unref(page->fonts);
  g_hash_table_unref(page->images);
  g_free(page);
}

static void outline_free(gpointer data) {
  PdfOutline *outline = data;
  g_ptr_array_set_free_func(outline->children, outline_free);
  g_ptr_array_unref(outline->children);
  g_free(outline->title);
  g_free(outline);
}

Pdf *pdf_new(const PdfInfo *info) {
  Pdf *pdf = g_new0(Pdf, 1);
  pdf->writer = pdf_writer_new();
  pdf->title = g_strdup(info->title);
  pdf->author = g_strdup(info->author);
  pdf->subject = g_strdup(info->subject);
  pdf->language = g_strdup(info->language);
  pdf->identifier = g_strdup(info->identifier);
  pdf->made_at = info->made_at;
  pdf->pages = g_ptr_array_new_with_free_func(page_free);
  pdf->elements = g_ptr_array_new_with_free_func(element_free);
  pdf->images = g_ptr_array_new_with_free_func(pdf_image_free);
  pdf->fonts = g_ptr_array_new_with_free_func(pdf_font_free);
  pdf->by_face = g_hash_table_new(NULL, NULL);
  pdf->by_bytes = g_hash_table_new(pdf_image_hash, g_bytes_equal);
  pdf->outlines = g_new0(PdfOutline, 1);
  pdf->outlines->children = g_ptr_array_new();
  pdf->root = g_new0(PdfElement, 1);
  pdf->root->pdf = pdf;
  pdf->root->tag = PDF_DOCUMENT;
  pdf->root->object = pdf_reserve(pdf->writer);
  pdf->root->kids = g_array_new(FALSE, TRUE, sizeof(PdfKid));
  g_ptr_array_add(pdf->elements, pdf->root);
  return pdf;
}

void pdf_free(Pdf *pdf) {
  if (pdf == NULL) {
    return;
  }
  g_hash_table_unref(pdf->by_face);
  g_hash_table_unref(pdf->by_bytes);
  g_ptr_array_unref(pdf->pages);
  g_ptr_array_unref(pdf->elements);
  g_ptr_array_unref(pdf->images);
  g_ptr_array_unref(pdf->fonts);
  outline_free(pdf->outlines);
  pdf_writer_free(pdf->writer);
  g_free(pdf->title);
  g_free(pdf->author);
  g_free(pdf->subject);
  g_free(pdf->language);
  g_free(pdf->identifier);
  g_free(pdf);
}

PdfPage *pdf_add_page(Pdf *pdf, gint32 width, gint32 height, const char *label) {
  PdfPage *page = g_new0(PdfPage, 1);
  page->pdf = pdf;
  page->index = pdf->pages->len;
  page->object = pdf_reserve(pdf->writer);
  page->width = width;
  page->height = height;
  page->label = g_strdup(label);
  page->content = g_string_new(NULL);
  page->contents = g_ptr_array_new();
  page->links = g_array_new(FALSE, TRUE, sizeof(PdfLink));
  g_array_set_clear_func(page->links, link_clear);
  page->fonts = g_hash_table_new(NULL, NULL);
  page->images = g_hash_table_new(NULL, NULL);
  g_ptr_array_add(pdf->pages, page);
  return page;
}

guint pdf_page_count(const Pdf *pdf) {
  return pdf->pages->len;
}

PdfFont *pdf_font_of(Pdf *pdf, const Face *face) {
  PdfFont *font = g_hash_table_lookup(pdf->by_face, face);
  if (font == NULL) {
    font = pdf_font_new(face, pdf->fonts->len + 1);
    g_ptr_array_add(pdf->fonts, font);
    g_hash_table_insert(pdf->by_face, (gpointer)face, font);
  }
  return font;
}

// ---- the end ----------------------------------------------------------------------------------

guint pdf_page_object(const Pdf *pdf, guint page) {
  const PdfPage *found = g_ptr_array_index(pdf->pages, MIN(page, pdf->pages->len - 1));
  return found->object;
}

void pdf_write_target(GString *out, const Pdf *pdf, guint page, gint32 y) {
  const PdfPage *found = g_ptr_array_index(pdf->pages, MIN(page, pdf->pages->len - 1));
  g_string_append_printf(out, "/Dest[%u 0 R/XYZ null ", found->object);
  pdf_write_length(out, (gint64)found->height - y);
  g_string_append(out, " null]");
}

static void put_link(Pdf *pdf, const PdfPage *page, const PdfLink *link, guint parent_key) {
  GString *out = g_string_new("<</Type/Annot/Subtype/Link/F 4/Border[0 0 0]/Rect[");
  const gint64 corners[] = {link->x, (gint64)page->height - link->y - link->height,
                            (gint64)link->x + link->width, (gint64)page->height - link->y};
  for (guint i = 0; i < G_N_ELEMENTS(corners); i++) {
    pdf_write_length(out, corners[i]);
    g_string_append_c(out, ' ');
  }
  g_string_append_printf(out, "]/StructParent %u/Contents", parent_key);
  pdf_write_text(out, link->words);
  if (link->url != NULL) {
    g_autofree char *escaped = g_uri_escape_string(link->url, ":/?#[]@!$&'()*+,;=%", FALSE);
    g_string_append(out, "/A<</Type/Action/S/URI/URI");
    pdf_write_ascii(out, escaped);
    g_string_append(out, ">>");
  } else {
    pdf_write_target(out, pdf, link->target_page, link->target_y);
  }
  g_string_append(out, ">>");
  pdf_put(pdf->writer, link->object, out);
}

static void write_resources(GString *out, const Pdf *pdf, const PdfPage *page,
                            const guint *font_objects) {
  g_string_append(out, "/Resources<<");
  if (g_hash_table_size(page->fonts) > 0) {
    g_string_append(out, "/Font<<");
    for (guint i = 0; i < pdf->fonts->len; i++) {
      if (g_hash_table_contains(page->fonts, g_ptr_array_index(pdf->fonts, i))) {
        g_string_append_printf(out, "/F%u %u 0 R", i + 1, font_objects[i]);
      }
    }
    g_string_append(out, ">>");
  }
  if (g_hash_table_size(page->images) > 0) {
    g_string_append(out, "/XObject<<");
    for (guint i = 0; i < pdf->images->len; i++) {
      const PdfImage *image = g_ptr_array_index(pdf->images, i);
      if (g_hash_table_contains(page->images, image)) {
        g_string_append_printf(out, "/I%u %u 0 R", image->number, image->object);
      }
    }
    g_string_append(out, ">>");
  }
  g_string_append(out, ">>");
}

static void put_page(Pdf *pdf, const PdfPage *page, guint parent, const guint *font_objects) {
  g_assert(!page->open);
  guint content = pdf_reserve(pdf->writer);
  pdf_put_stream(pdf->writer, content, "", page->content->str, page->content->len, TRUE);
  GString *out = g_string_new("<</Type/Page");
  g_string_append_printf(out, "/Parent %u 0 R/MediaBox[0 0 ", parent);
  pdf_write_length(out, page->width);
  g_string_append_c(out, ' ');
  pdf_write_length(out, page->height);
  g_string_append_printf(out, "]/Contents %u 0 R/StructParents %u/Tabs/S", content, page->index);
  write_resources(out, pdf, page, font_objects);
  if (page->links->len > 0) {
    g_string_append(out, "/Annots[");
    for (guint i = 0; i < page->links->len; i++) {
      g_string_append_printf(out, "%u 0 R ", g_array_index(page->links, PdfLink, i).object);
    }
    g_string_append_c(out, ']');
  }
  g_string_append(out, ">>");
  pdf_put(pdf->writer, page->object, out);
}

static guint put_pages(Pdf *pdf, const guint *font_objects) {
  guint parent = pdf_reserve(pdf->writer);
  guint parent_key = pdf->pages->len;
  GString *out = g_string_new("<</Type/Pages/Kids[");
  for (guint i = 0; i < pdf->pages->len; i++) {
    const PdfPage *page = g_ptr_array_index(pdf->pages, i);
    put_page(pdf, page, parent, font_objects);
    g_string_append_printf(out, "%u 0 R ", page->object);
    for (guint j = 0; j < page->links->len; j++) {
      put_link(pdf, page, &g_array_index(page->links, PdfLink, j), parent_key++);
    }
  }
  g_string_append_printf(out, "]/Count %u>>", pdf->pages->len);
  pdf_put(pdf->writer, parent, out);
  return parent;
}

static void write_labels(GString *out, const Pdf *pdf) {
  g_string_append(out, "/PageLabels<</Nums[");
  for (guint i = 0; i < pdf->pages->len; i++) {
    const PdfPage *page = g_ptr_array_index(pdf->pages, i);
    g_string_append_printf(out, "%u<</P", i);
    pdf_write_text(out, page->label != NULL ? page->label : "");
    g_string_append(out, ">>");
  }
  g_string_append(out, "]>>");
}

static guint put_catalogue(Pdf *pdf, guint pages) {
  guint outline = pdf_finish_outline(pdf);
  GString *out = g_string_new("<</Type/Catalog/ViewerPreferences<</DisplayDocTitle true>>");
  g_string_append_printf(out, "/MarkInfo<</Marked true%s>>/Lang",
                         pdf->has_properties ? "/UserProperties true" : "");
  pdf_write_text(out, pdf->language);
  g_string_append_printf(out,
                         "/Pages %u 0 R/StructTreeRoot %u 0 R/Metadata %u 0 R"
                         "/OutputIntents[%u 0 R]",
                         pages, pdf_finish_structure(pdf), pdf_finish_metadata(pdf),
                         pdf_finish_intent(pdf));
  if (outline != 0) {
    g_string_append_printf(out, "/Outlines %u 0 R", outline);
  }
  write_labels(out, pdf);
  g_string_append(out, ">>");
  return pdf_add(pdf->writer, out);
}

GBytes *pdf_finish(Pdf *pdf, GError **error) {
  g_assert(!pdf->finished && pdf->pages->len > 0);
  pdf->finished = TRUE;
  g_autofree guint *font_objects = g_new0(guint, pdf->fonts->len + 1);
  for (guint i = 0; i < pdf->fonts->len; i++) {
    font_objects[i] = pdf_font_finish(g_ptr_array_index(pdf->fonts, i), pdf->writer, error);
    if (font_objects[i] == 0) {
      return NULL;
    }
  }
  guint pages = put_pages(pdf, font_objects);
  guint root = put_catalogue(pdf, pages);
  return pdf_writer_finish(pdf->writer, root, pdf_finish_info(pdf));
}
