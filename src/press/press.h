// SPDX-License-Identifier: Apache-2.0
//
// Inside of a Press, for press/page_* only: the compiled templates, the assets and, for
// each language, the locale with its words as a template value. Immutable once made.
#pragma once

#include "press/assets.h"
#include "press/locale.h"
#include "press/page.h"

typedef struct PressLanguage {
  Locale *locale;
  TemplateArena *arena; // keeps `words`
  TemplateValue *words; // every word by its key; shared by all pages, never written to again
} PressLanguage;

struct Press {
  TemplateSet *templates;
  Assets *assets;
  GHashTable *styles;    // "mail/mail.css", "policy/terms.md" -> its text
  GHashTable *languages; // "en" -> PressLanguage
};

// The best that there is for a BCP 47 tag: "de-AT" is served by "de", an unknown one by "en".
const PressLanguage *press_language(const Press *press, const char *tag);
