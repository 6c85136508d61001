// SPDX-License-Identifier: Apache-2.0
//
// Implements subscriber_import.h.
#include "model/subscriber_import.h"

const char *subscriber_import_state_name(SubscriberImportState state) {
  static const char *const NAMES[] = {"uploaded", "waiting", "reading", "taking_over",
                                      "checked",  "done",    "failed",  "cancelled"};
  return NAMES[CLAMP((guint)state, 0, G_N_ELEMENTS(NAMES) - 1)];
}

void subscriber_import_free(SubscriberImport *import) {
  if (import != NULL) {
    g_free(import->file);
    g_free(import->newsletters);
    g_free(import->consent);
    g_free(import->columns);
    g_free(import->refusals);
    g_free(import->reason);
    g_free(import);
  }
}
