// SPDX-License-Identifier: Apache-2.0
//
// A PDF writer for the edition: PDF 1.7, tagged, as PDF/UA-1 (ISO 14289-1) and PDF/A-2a (ISO
// 19005-2) want it. Pages of glyphs, rules and JPEGs; a structure tree with real reading order;
// furniture as artifacts; links, outline, page labels, XMP. Fonts are subset by HarfBuzz and carry
// Unicode maps (edition/pdf_font). Used by edition/setting_draw and edition/page; knows nothing of
// stories. The same calls give the same bytes: no clock, no randomness; the file's ID is a hash of
// its content.
//
// Lengths: 1/1000 pt, y downwards from the page's top (turned to PDF's on writing). One thread.
// Misuse (drawing outside marked content) is our own bug and asserts; what the world can get wrong
// (a picture that is no JPEG, a font that can't be embedded) is a GError, EDITION_ERROR_*.
#pragma once

#include "edition/setting.h"

typedef struct Pdf Pdf;
typedef struct PdfPage PdfPage;       // owned by the Pdf, as all below
typedef struct PdfElement PdfElement; // of the structure tree
typedef struct PdfImage PdfImage;
typedef struct PdfOutline PdfOutline;

typedef struct PdfInfo {
  const char *title, *author, *subject; // title: shown by viewers; author, subject may be NULL
  const char *language;                 // BCP 47, of the document
  const char *identifier;               // urn:uuid:…, for XMP; may be NULL
  gint64 made_at;                       // instant; its only date
} PdfInfo;

Pdf *pdf_new(const PdfInfo *info);
void pdf_free(Pdf *pdf);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pdf, pdf_free)

// Pages may be drawn on in any order until pdf_finish. label: "1", "A4" (page labels).
PdfPage *pdf_add_page(Pdf *pdf, gint32 width, gint32 height, const char *label);
guint pdf_page_count(const Pdf *pdf);

// ---- structure --------------------------------------------------------------------------------

typedef enum PdfTag {
  PDF_DOCUMENT, // made by pdf_new; pdf_root
  PDF_PART,
  PDF_ART,
  PDF_SECT,
  PDF_H1,
  PDF_H2,
  PDF_H3,
  PDF_H4,
  PDF_P,
  PDF_BLOCK_QUOTE,
  PDF_CAPTION,
  PDF_FIGURE,
  PDF_LIST,
  PDF_LIST_ITEM,
  PDF_LABEL,
  PDF_LIST_BODY,
  PDF_LINK,
  PDF_CODE,
  PDF_SPAN,
  PDF_TOC,
  PDF_TOC_ITEM,
  PDF_NOTE,
  PDF_TABLE,
  PDF_TABLE_ROW,
  PDF_TABLE_HEAD,
  PDF_TABLE_CELL
} PdfTag;

PdfElement *pdf_root(Pdf *pdf);
// Appended to the parent's children: the order of these calls is the reading order.
PdfElement *pdf_add_element(PdfElement *parent, PdfTag tag);
void pdf_element_set_language(PdfElement *element, const char *language); // where it differs
void pdf_element_set_alt(PdfElement *element, const char *alt);           // figures need one
// Unique in the document. Notes need one.
void pdf_element_set_id(PdfElement *element, const char *id);
// A user property (ISO 32000-1, 14.7.5.4): what a program may want to know of the element.
void pdf_element_set_property(PdfElement *element, const char *name, const char *value);
void pdf_element_set_title(PdfElement *element, const char *title);
const char *pdf_element_title(const PdfElement *element); // its own or an ancestor's; NULL: none
void pdf_element_set_bounds(PdfElement *element, PdfPage *page, gint32 x, gint32 y, gint32 width,
                            gint32 height); // figures need one

// All drawing stands between begin and end; no nesting. An element may be begun as often as it has
// pieces, on any page.
void pdf_begin(PdfPage *page, PdfElement *element);
void pdf_begin_artifact(PdfPage *page, gboolean pagination); // pagination: folios, running heads
void pdf_end(PdfPage *page);

// ---- drawing ----------------------------------------------------------------------------------

// The line's runs from `first_run`, `run_count` of them; (x, y) is the block's top left.
void pdf_draw_runs(PdfPage *page, const SetLine *line, guint first_run, guint run_count, gint32 x,
                   gint32 y);
void pdf_draw_box(PdfPage *page, gint32 x, gint32 y, gint32 width, gint32 height, guint32 color);
void pdf_draw_frame(PdfPage *page, gint32 x, gint32 y, gint32 width, gint32 height,
                    gint32 line_width, guint32 color);

// Baseline or progressive JPEG, grey or sRGB; kept as it is. The same bytes are kept once.
PdfImage *pdf_add_jpeg(Pdf *pdf, GBytes *jpeg, GError **error);
void pdf_draw_image(PdfPage *page, PdfImage *image, gint32 x, gint32 y, gint32 width,
                    gint32 height);

// ---- links, outline ---------------------------------------------------------------------------

// Annotations of a Link element, which must have content of its own by pdf_begin. `words`: what the
// link says, for those who can't see it.
void pdf_link_to_url(PdfPage *page, PdfElement *link, gint32 x, gint32 y, gint32 width,
                     gint32 height, const char *url, const char *words);
void pdf_link_to_page(PdfPage *page, PdfElement *link, gint32 x, gint32 y, gint32 width,
                      gint32 height, guint target_page, gint32 target_y, const char *words);
// target_page: from 0; it may be added later. parent NULL: at the top.
PdfOutline *pdf_add_outline(Pdf *pdf, PdfOutline *parent, const char *title, guint target_page,
                            gint32 target_y);

// The file. Called once; the Pdf is only good for pdf_free afterwards.
GBytes *pdf_finish(Pdf *pdf, GError **error);
