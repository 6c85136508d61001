// SPDX-License-Identifier: Apache-2.0
//
// A face in a PDF: which of its glyphs are used, for which text, and, at the end, its subset
// (HarfBuzz) as a composite font with Identity-H, widths and a Unicode map (ISO 32000-1, 9.7). A
// glyph that stands for different text in different places (a hyphen of the text's own, one that
// the setting put in) gets a code for each. Inside of edition/pdf*. One thread.
#pragma once

#include "edition/face.h"
#include "edition/pdf_writer.h"

typedef struct PdfFont PdfFont;
PdfFont *pdf_font_new(const Face *face, guint number);
void pdf_font_free(gpointer font);
guint pdf_font_number(const PdfFont *font);

// The code to show a glyph by. *ret_exact FALSE: the font can't tell this text from another one's
// that the same glyph stands for (CFF); the caller then writes ActualText.
guint16 pdf_font_code(PdfFont *font, guint32 glyph, const char *text, gsize length,
                      gboolean *ret_exact);
// Width that the PDF gives the glyph, 1/10000 of the size.
gint32 pdf_font_width(const PdfFont *font, guint32 glyph);
// Writes the font; its object's number, or 0 with EDITION_ERROR_FONT.
guint pdf_font_finish(PdfFont *font, PdfWriter *writer, GError **error);
