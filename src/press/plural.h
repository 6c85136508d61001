// SPDX-License-Identifier: Apache-2.0
//
// Which of a language's plural forms a whole number takes, by the cardinal rules of
// Unicode CLDR 44. Used by press/locale alone. Pure; any thread.
#pragma once

#include <glib.h>

typedef enum PluralForm {
  PLURAL_ZERO,
  PLURAL_ONE,
  PLURAL_TWO,
  PLURAL_FEW,
  PLURAL_MANY,
  PLURAL_OTHER
} PluralForm;

PluralForm plural_form(const char *language,
                       gint64 number);         // a language not known here: one (1) and other
const char *plural_form_name(PluralForm form); // "few"
