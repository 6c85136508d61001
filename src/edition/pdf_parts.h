// SPDX-License-Identifier: Apache-2.0
//
// Inside of a Pdf, for edition/pdf*.c only.
#pragma once

#include "edition/pdf.h"
#include "edition/pdf_font.h"
#include "edition/pdf_writer.h"

typedef struct PdfKid { // a child of an element, in reading order
  PdfElement *element;  // or
  PdfPage *page;        // content `number` of that page, or, with is_link, the annotation's object
  guint number;
  gboolean is_link;
} PdfKid;

struct PdfElement {
  Pdf *pdf;
  PdfElement *parent;
  PdfTag tag;
  guint object;
  GArray *kids; // PdfKid
  char *language, *alt, *title, *id;
  GString *properties; // user properties, as PDF writes them; NULL: none
  PdfPage *bounds_page;
  gint32 bounds[4]; // x, y, width, height
};

typedef struct PdfLink {
  PdfElement *element;
  guint object;
  gint32 x, y, width, height;
  char *url; // NULL: to a page
  char *words;
  guint target_page;
  gint32 target_y;
} PdfLink;

struct PdfPage {
  Pdf *pdf;
  guint index, object;
  gint32 width, height;
  char *label;
  GString *content;
  GPtrArray *contents;        // PdfElement: by the number of the marked content
  GArray *links;              // PdfLink
  GHashTable *fonts, *images; // that it uses
  gboolean open;
  // what the content's graphics state has
  const PdfFont *font;
  gint32 size, spacing, rise;
  guint32 color;
};

struct PdfImage {
  guint number, object;
  guint width, height, components;
  GBytes *jpeg; // to know it again
};

struct PdfOutline {
  guint object;
  char *title;
  guint target_page;
  gint32 target_y;
  GPtrArray *children; // PdfOutline
};

struct Pdf {
  PdfWriter *writer;
  char *title, *author, *subject, *language, *identifier;
  gint64 made_at;
  GPtrArray *pages, *elements, *images, *fonts; // owned; fonts: PdfFont in order of first use
  GHashTable *by_face;                          // Face -> PdfFont
  GHashTable *by_bytes;                         // a picture's bytes -> PdfImage
  PdfElement *root;
  PdfOutline *outlines;
  gboolean has_properties, finished;
};

extern const char *const PDF_TAG_NAMES[]; // by PdfTag
PdfFont *pdf_font_of(Pdf *pdf, const Face *face);
guint pdf_image_hash(gconstpointer data);
void pdf_image_free(gpointer image);

// Each writes its objects; numbers of those that the catalogue names.
guint pdf_finish_structure(Pdf *pdf);
guint pdf_finish_outline(Pdf *pdf); // 0: there is none
guint pdf_finish_metadata(Pdf *pdf);
guint pdf_finish_intent(Pdf *pdf);
guint pdf_finish_info(Pdf *pdf);
guint pdf_page_object(const Pdf *pdf, guint page); // the nearest there is
void pdf_write_target(GString *out, const Pdf *pdf, guint page, gint32 y);
