// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a PDF: read as far as they go, never a crash, every element's text is UTF-8.
#include <stddef.h>
#include <stdint.h>

#include "edition/pdf_scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  g_autoptr(GBytes) bytes = g_bytes_new(data, size);
  g_autoptr(PdfScan) scan = pdf_scan_new(bytes, NULL);
  for (guint i = 0; scan != NULL && i < scan->elements->len && i < 100; i++) {
    g_autofree char *text = pdf_scan_text(scan, i);
    g_assert(g_utf8_validate(text, -1, NULL));
  }
  return 0;
}
