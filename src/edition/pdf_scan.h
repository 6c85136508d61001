// SPDX-License-Identifier: Apache-2.0
//
// What a finished PDF shows and says, read back from its bytes: every glyph with its place, size
// and text, pictures and boxes, links, and the structure tree over them. The scorecard measures
// this and nothing else. Follows the operators that edition/pdf_page writes, with any matrix that
// moves and scales; what it does not know it leaves out. Uses edition/pdf_reader. One thread.
//
// Lengths: 1/1000 pt from the page's top left.
#pragma once

#include <glib.h>

typedef struct ScanGlyph {
  gint32 x, y;    // of the pen; y of the baseline, without the glyph's rise
  gint32 advance; // as the font says, scaled; without spacing
  gint32 size;
  gint32 content;    // number of its marked content (MCID); -1: an artifact's; -2: nobody's
  guint32 run;       // glyphs with the same number were shown from one text matrix
  const char *text;  // what it stands for, by the font's Unicode map or ActualText; "" nothing
  gboolean replaced; // it begins ActualText
} ScanGlyph;

typedef struct ScanArea { // a filled box, or a picture
  gint32 x, y, width, height;
  gint32 content;                    // as above
  guint32 color;                     // of a box: 0xRRGGBB
  gint32 pixels_across, pixels_down; // of a picture; 0: a box
} ScanArea;

typedef struct ScanLink {
  gint32 x, y, width, height;
  guint element;     // of the structure; G_MAXUINT: none
  char *url;         // NULL: to a page
  gboolean resolves; // there is such a page
} ScanLink;

typedef struct ScanRange {
  guint first, end;
} ScanRange;

typedef struct ScanPage {
  gint32 width, height;
  GArray *glyphs; // ScanGlyph, as shown
  GArray *areas;  // ScanArea
  GArray *links;  // ScanLink
  GArray *owners; // guint: the element of each marked content; G_MAXUINT: none
  GArray *ranges; // ScanRange: the glyphs of each marked content
  guint faults;   // operators that make no sense, fonts that aren't there
} ScanPage;

typedef struct ScanKid {
  guint element;       // or G_MAXUINT:
  guint page, content; // marked content of a page
} ScanKid;

typedef struct ScanElement {
  char *tag, *title, *id, *alt;
  guint parent;  // G_MAXUINT: none
  GArray *kids;  // ScanKid, in reading order
  char *subject; // of a figure: what its user properties say of the picture ("" nothing)
} ScanElement;

typedef struct PdfScan {
  GPtrArray *pages;    // ScanPage *
  GPtrArray *elements; // ScanElement *; a parent before its children
  GStringChunk *texts;
} PdfScan;

PdfScan *pdf_scan_new(GBytes *pdf, GError **error); // EDITION_ERROR_PDF
void pdf_scan_free(PdfScan *scan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdfScan, pdf_scan_free)

const ScanElement *pdf_scan_element(const PdfScan *scan, guint element); // NULL: G_MAXUINT
// The nearest of the element and its ancestors with that tag; G_MAXUINT: none.
guint pdf_scan_ancestor(const PdfScan *scan, guint element, const char *tag);
// The text of an element in reading order, as a program that reads it aloud would have it: soft
// hyphens at lines' ends join, elements are parted by spaces. Caller frees.
char *pdf_scan_text(const PdfScan *scan, guint element);
