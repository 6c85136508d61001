// SPDX-License-Identifier: Apache-2.0
//
// Implements plural.h: the rules for whole numbers (CLDR's operands n and i; v = 0), one
// function a family of languages.
#include "press/plural.h"

#include <string.h>

static gboolean between(gint64 number, gint64 low, gint64 high) {
  return number >= low && number <= high;
}

static PluralForm rule_none(gint64 n) {
  return PLURAL_OTHER;
}

static PluralForm rule_one(gint64 n) {
  return n == 1 ? PLURAL_ONE : PLURAL_OTHER;
}

static PluralForm rule_french(gint64 n) {
  return n <= 1 ? PLURAL_ONE : n % 1000000 == 0 ? PLURAL_MANY : PLURAL_OTHER;
}

static PluralForm rule_zero_or_one(gint64 n) {
  return n <= 1 ? PLURAL_ONE : PLURAL_OTHER;
}

static PluralForm rule_spanish(gint64 n) {
  return n == 1 ? PLURAL_ONE : n != 0 && n % 1000000 == 0 ? PLURAL_MANY : PLURAL_OTHER;
}

static PluralForm rule_arabic(gint64 n) {
  if (n <= 2) {
    return n == 0 ? PLURAL_ZERO : n == 1 ? PLURAL_ONE : PLURAL_TWO;
  }
  return between(n % 100, 3, 10)    ? PLURAL_FEW
         : between(n % 100, 11, 99) ? PLURAL_MANY
                                    : PLURAL_OTHER;
}

static PluralForm rule_hebrew(gint64 n) {
  return n == 1 ? PLURAL_ONE : n == 2 ? PLURAL_TWO : PLURAL_OTHER;
}

static PluralForm rule_russian(gint64 n) {
  if (n % 10 == 1 && n % 100 != 11) {
    return PLURAL_ONE;
  }
  return between(n % 10, 2, 4) && !between(n % 100, 12, 14) ? PLURAL_FEW : PLURAL_MANY;
}

static PluralForm rule_serbian(gint64 n) {
  PluralForm form = rule_russian(n);
  return form == PLURAL_MANY ? PLURAL_OTHER : form;
}

static PluralForm rule_polish(gint64 n) {
  if (n == 1) {
    return PLURAL_ONE;
  }
  return between(n % 10, 2, 4) && !between(n % 100, 12, 14) ? PLURAL_FEW : PLURAL_MANY;
}

static PluralForm rule_czech(gint64 n) {
  return n == 1 ? PLURAL_ONE : between(n, 2, 4) ? PLURAL_FEW : PLURAL_OTHER;
}

static PluralForm rule_lithuanian(gint64 n) {
  if (between(n % 100, 11, 19) || n % 10 == 0) {
    return PLURAL_OTHER;
  }
  return n % 10 == 1 ? PLURAL_ONE : PLURAL_FEW;
}

static PluralForm rule_latvian(gint64 n) {
  if (n % 10 == 0 || between(n % 100, 11, 19)) {
    return PLURAL_ZERO;
  }
  return n % 10 == 1 ? PLURAL_ONE : PLURAL_OTHER;
}

static PluralForm rule_slovenian(gint64 n) {
  gint64 last = n % 100;
  return last == 1             ? PLURAL_ONE
         : last == 2           ? PLURAL_TWO
         : between(last, 3, 4) ? PLURAL_FEW
                               : PLURAL_OTHER;
}

static PluralForm rule_romanian(gint64 n) {
  return n == 1 ? PLURAL_ONE : n == 0 || between(n % 100, 1, 19) ? PLURAL_FEW : PLURAL_OTHER;
}

static const struct {
  const char *languages; // each with a space at both ends
  PluralForm (*rule)(gint64 number);
} RULES[] = {
    {" zh ja ko vi th id ms lo my km ", rule_none},
    {" fr ", rule_french},
    {" pt hi fa bn gu zu am hy ", rule_zero_or_one},
    {" es it ca ", rule_spanish},
    {" ar ", rule_arabic},
    {" he iw ", rule_hebrew},
    {" ru uk be ", rule_russian},
    {" sr hr bs sh ", rule_serbian},
    {" pl ", rule_polish},
    {" cs sk ", rule_czech},
    {" lt ", rule_lithuanian},
    {" lv ", rule_latvian},
    {" sl ", rule_slovenian},
    {" ro mo ", rule_romanian},
};

PluralForm plural_form(const char *language, gint64 number) {
  char name[16];
  gsize length = strcspn(language, "-_");
  number = number == G_MININT64 ? G_MAXINT64 : ABS(number);
  if (length + 3 > sizeof name) {
    return rule_one(number);
  }
  name[0] = ' ';
  memcpy(name + 1, language, length);
  name[length + 1] = ' ';
  name[length + 2] = '\0';
  for (gsize i = 0; i < G_N_ELEMENTS(RULES); i++) {
    if (strstr(RULES[i].languages, name) != NULL) {
      return RULES[i].rule(number);
    }
  }
  return rule_one(number);
}

const char *plural_form_name(PluralForm form) {
  static const char *const NAMES[] = {"zero", "one", "two", "few", "many", "other"};
  return NAMES[form];
}
