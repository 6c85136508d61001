// SPDX-License-Identifier: Apache-2.0
//
// Linked into every program of a build with AddressSanitizer: what a library never frees, once a
// process. fontconfig keeps its configuration.
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void) {
  return "leak:libfontconfig\n";
}
