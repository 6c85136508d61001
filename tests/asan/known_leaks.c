// SPDX-License-Identifier: Apache-2.0
//
// Linked into every program of a build with AddressSanitizer: what two libraries never free, once a
// process. libhyphen forgets a pattern that its file names twice; fontconfig keeps its
// configuration.
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void) {
  return "leak:libhyphen\nleak:libfontconfig\n";
}
