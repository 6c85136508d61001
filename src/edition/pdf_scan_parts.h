// SPDX-License-Identifier: Apache-2.0
//
// Inside of a PdfScan, for edition/pdf_scan*.c only.
#pragma once

#include "edition/pdf_reader.h"
#include "edition/pdf_scan.h"

typedef struct Scanning {
  PdfReader *reader;
  PdfScan *scan;
  GPtrArray *page_values;   // PdfValue *: dictionaries
  GHashTable *page_numbers; // object -> page + 1
  GHashTable *fonts;        // dictionary -> ScanFont
  guint glyphs;             // so far
} Scanning;

guint pdf_scan_page_of(const Scanning *scanning, const PdfValue *reference); // G_MAXUINT: none
// Fills a page from its content streams.
void pdf_scan_content(Scanning *scanning, ScanPage *page, const PdfValue *value);
// Fills elements, the pages' owners and links.
void pdf_scan_structure(Scanning *scanning);
void pdf_scan_font_free(gpointer font);
