// SPDX-License-Identifier: Apache-2.0
//
// Implements furniture_phrases.h.
#include "exchange/furniture_phrases.h"

#include "base/text.h"
#include "exchange/furniture_patterns.h"

#include <string.h>

// A sentence with one of these is reporting, whatever else it says.
#define REPORTING_PATTERN                                                                                                                    \
  "\\b(said|says|saying|told|tells|warned|warns|announced|argued|argues|wrote|writes|admitted|"                                              \
  "claimed|claims|ruled|accused|alleged|recalled|asked|added|explained|insisted|according to|"                                               \
  "spokes(man|woman|person)|court|judge|regulators?|watchdog|lawsuit|sued|fined|officials|police|"                                           \
  "sagte|sagt|teilte|laut|erklärte|zufolge|kritisierte|urteilte|so (der|die) sprecher(in)?|"                                                \
  "a déclaré|a dit|selon|affirme|a affirmé|a jugé|a expliqué|dit-(il|elle)|"                                                            \
  "dijo|dice|afirmó|según|declaró|explicó|ha detto|secondo|disse|segundo|afirmou|"                                                       \
  "قال|قالت|وقال|وقالت|أضاف|وأضاف|صرح|أعلن|"                                                                 \
  "powiedział|powiedziała|poinformował|według|řekl|uvedl|podle|сказал|сказала|заявил|заявила|"                \
  "сообщил|"                                                                                                                          \
  "сообщила|по словам|"                                                                                                      \
  "сказав|сказала|заявив|dedi|söyledi|açıkladı|είπε|δήλωσε)\\b|と述べ|と話し|と語っ|によると|" \
  "表示，|指出|称，|말했다|밝혔다"
#define REPORTING_ALWAYS_PATTERN                                                                     \
  "\\b(said|says|told|warned|ruled|court|judge|regulators?|sagte|urteilte|a déclaré|a jugé|dijo|" \
  "قال|قالت)\\b"

// Telling what was: furniture asks and offers. Not for the kinds whose own words have these.
#define NARRATIVE_PATTERN                                                                          \
  "\\b(was|were|had|went|came|became|he(?! leído)|she|his|her|him|mr|mrs|ms|dr|"                  \
  "war|waren|hatte|hatten|wurde|wurden|wollte|konnte|kam|ging|gab|"                                \
  "était|étaient|avait|avaient|fut|il a|elle a|ils ont|"                                         \
  "era|eran|fue|fueron|había|habían|estaba|aveva|erano|stato|foi|foram|tinha)\\b"

// Three kinds of weak signs; two of them make a sentence likely.
#define SIGN_PERSON_PATTERN                                                                        \
  "\\b(you|your|yours|you're|you'll|our|us|ihre?n?|ihnen|unsere?n?|vous|votre|vos|notre|nos|tu|"   \
  "tus|nuestr[oa]s?)\\b"
#define SIGN_IMPERATIVE_PATTERN                                                                    \
  "^(get|sign|subscribe|join|start|enter|receive|stay|don't|become|support|try|download|follow|"   \
  "unlock|tap|click|discover|never|"                                                               \
  "keep|be|choose|pick|add|wake|want|looking|interested|erhalten|bleiben|entdecken|verpassen|"     \
  "recevez|restez|découvrez|recibe|"                                                              \
  "descubre|mantente)\\b"
#define SIGN_NOUN_PATTERN                                                                          \
  "\\b(newsletters?|inbox|subscribers?|subscriptions?|e-?mails?|alerts?|headlines|breaking "       \
  "news|briefing|digital newspaper|"                                                               \
  "digest|updates|our app|sign up|top "                                                            \
  "stories|postfach|schlagzeilen|boîte|boletín|titulares|infolettre)\\b"

typedef struct Phrases {
  GRegex *patterns[FURNITURE_KINDS]; // all of a kind in one
  GRegex *reporting, *reporting_always, *narrative, *person, *imperative, *noun;
} Phrases;

static GRegex *compile(const char *pattern) {
  GError *error = NULL;
  GRegex *regex = g_regex_new(pattern, G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, &error);
  if (regex == NULL) {
    g_error("furniture pattern: %s", error->message); // a bug of ours: the tests compile them all
  }
  return regex;
}

static GRegex *compile_kind(FurnitureKind kind) {
  static const FurniturePattern *const TABLES[] = {FURNITURE_ENGLISH, FURNITURE_GERMANIC,
                                                   FURNITURE_ROMANCE, FURNITURE_ARABIC,
                                                   FURNITURE_FURTHER};
  g_autoptr(GString) joined = g_string_new("^(?:");
  for (gsize table = 0; table < G_N_ELEMENTS(TABLES); table++) {
    for (const FurniturePattern *row = TABLES[table]; row->pattern != NULL; row++) {
      if (row->kind == kind) {
        g_string_append_printf(joined, "%s(?:%s)", joined->len > 4 ? "|" : "", row->pattern);
      }
    }
  }
  g_string_append_c(joined, ')');
  return compile(joined->str);
}

static Phrases *compile_phrases(void) {
  Phrases *phrases = g_new0(Phrases, 1);
  for (guint kind = 0; kind < FURNITURE_KINDS; kind++) {
    phrases->patterns[kind] = compile_kind(kind);
  }
  phrases->reporting = compile(REPORTING_PATTERN);
  phrases->reporting_always = compile(REPORTING_ALWAYS_PATTERN);
  phrases->narrative = compile(NARRATIVE_PATTERN);
  phrases->person = compile(SIGN_PERSON_PATTERN);
  phrases->imperative = compile(SIGN_IMPERATIVE_PATTERN);
  phrases->noun = compile(SIGN_NOUN_PATTERN);
  return phrases;
}

// A constant that takes a while to spell out: written once, whoever comes first, then only read.
static const Phrases *compiled_phrases(void) {
  static gsize phrases = 0;
  if (g_once_init_enter(&phrases)) {
    g_once_init_leave(&phrases, (gsize)compile_phrases());
  }
  return (const Phrases *)phrases;
}

// Plain text of a sentence: "[Sign up](https://…)" -> "Sign up", "**Read more:**" -> "Read more:".
char *furniture_plain(Slice sentence) {
  GString *out = g_string_sized_new(sentence.length);
  for (gsize i = 0; i < sentence.length; i++) {
    char letter = sentence.data[i];
    if (letter == ']' && i + 1 < sentence.length && sentence.data[i + 1] == '(') {
      gssize end = slice_find_char(slice_from(sentence, i), ')');
      i = end > 0 ? i + (gsize)end : sentence.length;
      if (i + 1 < sentence.length && sentence.data[i + 1] == '[') {
        g_string_append_c(out, ' '); // a row of links
      }
    } else if (letter == '\\' || letter == '*' || letter == '[' || letter == '`' ||
               (letter == '_' &&
                !(i > 0 && g_ascii_isalnum(sentence.data[i - 1]) && i + 1 < sentence.length &&
                  g_ascii_isalnum(sentence.data[i + 1])))) {
      continue;
    } else {
      g_string_append_c(out, letter);
    }
  }
  g_autofree char *raw = g_string_free(out, FALSE);
  if (!g_utf8_validate(raw, -1, NULL)) {
    return g_strdup("");
  }
  GString *plain = g_string_new(NULL);
  gboolean begun = FALSE;
  for (const char *at = raw; *at != '\0'; at = g_utf8_next_char(at)) {
    gunichar letter = g_utf8_get_char(at);
    gboolean opens = letter == 0x201C || letter == '"' || letter == 0x201E || letter == 0xAB ||
                     letter == 0x2018 || letter == '\'';
    begun = begun || g_unichar_isalnum(letter) || opens || letter == 0xA9 || letter == '(' ||
            g_unichar_type(letter) == G_UNICODE_CURRENCY_SYMBOL;
    if (begun) { // bullets, arrows, pictograms and ¿ before the first word fall away
      g_string_append_unichar(plain, letter == 0x2019 || letter == 0x2018 ? '\'' : letter);
    }
  }
  g_autofree char *text = g_string_free(plain, FALSE);
  return text_collapse_space(slice_of(text));
}

static gboolean matches(const GRegex *regex, const char *text) {
  return g_regex_match(regex, text, 0, NULL);
}

// What forbids to take a sentence for furniture of this kind though its words fit.
static gboolean is_vetoed(const Phrases *phrases, FurnitureKind kind, const char *plain) {
  switch (kind) {
  case FURNITURE_CONSENT:
    return matches(phrases->reporting_always, plain) || matches(phrases->narrative, plain);
  case FURNITURE_SIGN_UP:
  case FURNITURE_COOKIES:
  case FURNITURE_SHARE:
  case FURNITURE_LOG_IN:
    return matches(phrases->reporting, plain) || matches(phrases->narrative, plain);
  case FURNITURE_RELATED: // other stories' headlines report too
  case FURNITURE_COPYRIGHT:
  case FURNITURE_PICTURE:
    return FALSE;
  default:
    return matches(phrases->reporting, plain);
  }
}

static gboolean opens_with_quote(const char *plain) {
  return plain[0] == '"' || g_str_has_prefix(plain, "“") || g_str_has_prefix(plain, "„") ||
         g_str_has_prefix(plain, "«") || g_str_has_prefix(plain, "「") ||
         g_str_has_prefix(plain, "『");
}

Judgement furniture_judge(const char *plain, FurnitureKind *ret_kind) {
  const Phrases *phrases = compiled_phrases();
  *ret_kind = FURNITURE_LABEL;
  if (plain[0] == '\0') {
    return LIKELY; // a lone dot or dash
  }
  if (opens_with_quote(plain)) {
    return KEEP;
  }
  for (guint kind = 0; kind < FURNITURE_LIKELY; kind++) {
    if (matches(phrases->patterns[kind], plain) && !is_vetoed(phrases, kind, plain)) {
      *ret_kind = kind;
      return SURE;
    }
  }
  if (matches(phrases->patterns[FURNITURE_LABEL], plain)) {
    return LIKELY;
  }
  *ret_kind = FURNITURE_LIKELY;
  if (strlen(plain) > 200 || furniture_is_reporting(plain)) {
    return KEEP;
  }
  for (guint kind = FURNITURE_LIKELY; kind < FURNITURE_LABEL; kind++) {
    if (matches(phrases->patterns[kind], plain)) {
      *ret_kind = kind;
      return LIKELY;
    }
  }
  *ret_kind = FURNITURE_KINDS; // by its signs, not by its words
  return furniture_signs(plain) >= 2 ? LIKELY : KEEP;
}

guint furniture_signs(const char *plain) {
  const Phrases *phrases = compiled_phrases();
  return (guint)matches(phrases->person, plain) + (guint)matches(phrases->imperative, plain) +
         (guint)matches(phrases->noun, plain);
}

gboolean furniture_is_reporting(const char *plain) {
  const Phrases *phrases = compiled_phrases();
  return opens_with_quote(plain) || matches(phrases->reporting, plain) ||
         matches(phrases->narrative, plain);
}
