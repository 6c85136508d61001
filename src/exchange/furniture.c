// SPDX-License-Identifier: Apache-2.0
//
// Implements furniture.h in four steps: paragraphs into sentences (also where two are glued
// together), a judgement of each sentence, a decision for each run of judged sentences, and the
// cutting out. The phrases stand in furniture_patterns.h.
#include "exchange/furniture.h"

#include "base/text.h"
#include "exchange/furniture_patterns.h"
#include "exchange/import_story.h"

#include <string.h>

#define LONGEST_SENTENCE 460 // bytes; furniture is short
#define NOTE_CHARACTERS 80

typedef enum Judgement { KEEP, LIKELY, SURE } Judgement;

typedef struct Unit { // one sentence
  guint paragraph;
  gsize start, end; // in the paragraph's text
  gboolean glued;   // no white space before it, though a sentence ends there
  gboolean quoted;  // begins inside a quotation
  Judgement judgement;
  FurnitureKind kind;
  gboolean removed;
} Unit;

struct Furniture {
  GRegex *patterns[FURNITURE_KINDS]; // all of a kind in one
  GRegex *reporting, *reporting_always, *person, *imperative, *noun;
};

FoundParagraph *found_paragraph_new(const char *text, guint line) {
  FoundParagraph *paragraph = g_new0(FoundParagraph, 1);
  paragraph->text = g_strdup(text);
  paragraph->lines = g_array_new(FALSE, FALSE, sizeof(FoundLine));
  FoundLine first = {0, line};
  g_array_append_val(paragraph->lines, first);
  return paragraph;
}

void found_paragraph_free(FoundParagraph *paragraph) {
  if (paragraph == NULL) {
    return;
  }
  g_free(paragraph->text);
  g_array_unref(paragraph->lines);
  g_free(paragraph);
}

guint found_paragraph_line(const FoundParagraph *paragraph, gsize offset) {
  guint line = 0;
  for (guint i = 0; i < paragraph->lines->len; i++) {
    const FoundLine *mark = &g_array_index(paragraph->lines, FoundLine, i);
    if (mark->offset > offset) {
      break;
    }
    line = mark->line;
  }
  return line;
}

static GRegex *compile(const char *pattern) {
  GError *error = NULL;
  GRegex *regex = g_regex_new(pattern, G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, &error);
  if (regex == NULL) {
    g_error("furniture pattern: %s", error->message); // a bug of ours: the tests compile them all
  }
  return regex;
}

Furniture *furniture_new(void) {
  Furniture *furniture = g_new0(Furniture, 1);
  for (guint kind = 0; kind < FURNITURE_KINDS; kind++) {
    GString *joined = g_string_new("^(?:");
    for (gsize i = 0; i < G_N_ELEMENTS(PATTERNS); i++) {
      if (PATTERNS[i].kind == kind) {
        g_string_append_printf(joined, "%s(?:%s)", joined->len > 4 ? "|" : "", PATTERNS[i].pattern);
      }
    }
    g_string_append_c(joined, ')');
    furniture->patterns[kind] = compile(joined->str);
    g_string_free(joined, TRUE);
  }
  furniture->reporting = compile(REPORTING_PATTERN);
  furniture->reporting_always = compile(REPORTING_ALWAYS_PATTERN);
  furniture->person = compile(SIGN_PERSON_PATTERN);
  furniture->imperative = compile(SIGN_IMPERATIVE_PATTERN);
  furniture->noun = compile(SIGN_NOUN_PATTERN);
  return furniture;
}

void furniture_free(Furniture *furniture) {
  if (furniture == NULL) {
    return;
  }
  for (guint kind = 0; kind < FURNITURE_KINDS; kind++) {
    g_regex_unref(furniture->patterns[kind]);
  }
  g_regex_unref(furniture->reporting);
  g_regex_unref(furniture->reporting_always);
  g_regex_unref(furniture->person);
  g_regex_unref(furniture->imperative);
  g_regex_unref(furniture->noun);
  g_free(furniture);
}

// ---- sentences -------------------------------------------------------------------------------

static gboolean ends_with_word(const char *text, gsize start, gsize end, const char *word) {
  gsize length = strlen(word);
  return end - start >= length && g_ascii_strncasecmp(text + end - length, word, length) == 0 &&
         (end - start == length || !g_ascii_isalpha(text[end - length - 1]));
}

// Words that consent sentences and sign-up lines end in: glue is believed after these even without
// a full stop.
static gboolean ends_with_closing_noun(const char *text, gsize start, gsize end) {
  static const char *const NOUNS[] = {"Policy",
                                      "Terms",
                                      "Conditions",
                                      "Use",
                                      "Service",
                                      "Notice",
                                      "Statement",
                                      "newsletters",
                                      "newsletter",
                                      "inbox",
                                      "time",
                                      "apply",
                                      "Datenschutzerklärung",
                                      "Datenschutzbestimmungen",
                                      "Nutzungsbedingungen",
                                      "confidentialité",
                                      "utilisation",
                                      "privacidad",
                                      "Advertisement"};
  for (gsize i = 0; i < G_N_ELEMENTS(NOUNS); i++) {
    if (ends_with_word(text, start, end, NOUNS[i])) {
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean is_abbreviation(const char *text, gsize start, gsize dot) {
  static const char *const WORDS[] = {"Mr",  "Mrs", "Ms",  "Dr", "St",  "Sen", "Rep", "Gov", "Prof",
                                      "Gen", "Lt",  "Col", "No", "vs",  "Jr",  "Sr",  "Inc", "Co",
                                      "Ltd", "bzw", "ca",  "Nr", "Str", "M",   "Mme", "Sra"};
  for (gsize i = 0; i < G_N_ELEMENTS(WORDS); i++) {
    if (ends_with_word(text, start, dot, WORDS[i])) {
      return TRUE;
    }
  }
  return dot > start && g_ascii_isupper(text[dot - 1]) &&
         (dot - start == 1 || !g_ascii_isalpha(text[dot - 2])); // "J."
}

static gboolean is_opening(gunichar letter) {
  return letter == 0x201C || letter == 0x2018 || letter == 0x201E || letter == 0xAB ||
         letter == '(' || letter == '[' || letter == 0xBF || letter == 0xA1;
}

static gboolean is_closing(gunichar letter) {
  return letter == 0x201D || letter == 0x2019 || letter == 0xBB || letter == ')' || letter == ']' ||
         letter == '"' || letter == '\'' || letter == 0x2018 || letter == '*' || letter == '_';
}

static gboolean is_terminator(gunichar letter) {
  return letter == '.' || letter == '!' || letter == '?' || letter == 0x2026;
}

static gboolean begins_sentence(const char *at) {
  gunichar letter = g_utf8_get_char(at);
  return g_unichar_isupper(letter) || g_unichar_isdigit(letter) || is_opening(letter) ||
         letter == '"' || letter == '*' || letter == '_' ||
         (g_unichar_isalpha(letter) && !g_unichar_islower(letter));
}

static void add_unit(GArray *units, guint paragraph, gsize start, gsize end, gboolean glued) {
  Unit unit = {.paragraph = paragraph, .start = start, .end = end, .glued = glued};
  g_array_append_val(units, unit);
}

// Where the sentence that begins at `start` ends; *ret_next is where the next begins.
static gsize find_sentence_end(const char *text, gsize start, gsize length, gsize *ret_next,
                               gboolean *ret_glued) {
  gsize i = start;
  while (i < length) {
    gunichar letter = g_utf8_get_char(text + i);
    gsize after = i + (gsize)(g_utf8_next_char(text + i) - (text + i));
    *ret_glued = FALSE;
    if (letter == '\n') {
      *ret_next = after;
      return i;
    }
    if (i > start && g_unichar_isupper(letter) && g_ascii_islower(text[i - 1]) &&
        ends_with_closing_noun(text, start, i)) {
      *ret_next = i; // "PolicyThe minister"
      *ret_glued = TRUE;
      return i;
    }
    if (!is_terminator(letter)) {
      i = after;
      continue;
    }
    gsize end = after;
    while (end < length && (is_terminator(g_utf8_get_char(text + end)) ||
                            is_closing(g_utf8_get_char(text + end)))) {
      // ASCII quotes both open and close: one that a letter follows opens the next sentence, unless
      // it closes ours
      gsize next = end + (gsize)(g_utf8_next_char(text + end) - (text + end));
      if (text[end] == '"' && next < length && g_unichar_isalpha(g_utf8_get_char(text + next)) &&
          memchr(text + start, '"', end - start) == NULL) {
        break;
      }
      end = next;
    }
    gsize next = end;
    while (next < length && g_unichar_isspace(g_utf8_get_char(text + next)) && text[next] != '\n') {
      next += (gsize)(g_utf8_next_char(text + next) - (text + next));
    }
    gboolean spaced = next > end;
    gboolean glue = !spaced && next < length && i >= start + 2 &&
                    g_unichar_islower(g_utf8_get_char(g_utf8_prev_char(text + i))) &&
                    (begins_sentence(text + next)) &&
                    (!g_ascii_isdigit(text[next]) || ends_with_closing_noun(text, start, i));
    if (next >= length || text[next] == '\n' || glue ||
        (spaced && begins_sentence(text + next) &&
         !(letter == '.' && is_abbreviation(text, start, i)))) {
      *ret_next = next < length && text[next] == '\n' ? next + 1 : next;
      *ret_glued = glue;
      return end;
    }
    i = end;
  }
  *ret_next = length;
  return length;
}

// +1 opens, -1 closes, 0 neither. “ closes after „ (German).
static int quote_step(gunichar letter, const char *at, guint open) {
  switch (letter) {
  case 0x201E:
    return 1;
  case 0x201C:
    return open > 0 ? -1 : 1;
  case 0x201D:
    return open > 0 ? -1 : 0;
  case 0xAB:
  case 0xBB:
  case '"':
    return open > 0 ? -1 : 1;
  case 0x2019: // ’’ and ’‘ stand for ”
    return open > 0 && (g_str_has_prefix(at, "’’") || g_str_has_prefix(at, "’‘")) ? -1 : 0;
  default:
    return 0;
  }
}

// Marks the units that begin inside a quotation which is closed later in the same paragraph.
static void mark_quoted(const char *text, GArray *units, guint first) {
  guint unit = first;
  guint pending = first; // first unit that began inside the open quotation
  guint open = 0;
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
    while (unit < units->len && g_array_index(units, Unit, unit).start <= (gsize)(at - text)) {
      unit++;
    }
    int step = quote_step(g_utf8_get_char(at), at, open);
    if (step > 0) {
      open = 1;
      pending = unit; // units that begin after here
    } else if (step < 0) {
      open = 0;
      for (guint i = pending; i < unit; i++) {
        g_array_index(units, Unit, i).quoted = TRUE;
      }
    }
  }
}

static void split_paragraph(const FoundParagraph *paragraph, guint index, GArray *units) {
  gsize length = strlen(paragraph->text);
  guint first = units->len;
  if (paragraph->fixed) {
    add_unit(units, index, 0, length, FALSE);
    return;
  }
  gboolean glued = FALSE;
  for (gsize start = 0; start < length;) {
    gsize next = length;
    gboolean next_glued = FALSE;
    gsize end = find_sentence_end(paragraph->text, start, length, &next, &next_glued);
    if (end > start) {
      add_unit(units, index, start, end, glued);
    }
    glued = next_glued;
    start = next;
  }
  mark_quoted(paragraph->text, units, first);
}

// ---- judgement -------------------------------------------------------------------------------

// Plain text of a sentence: "[Sign up](https://…)" -> "Sign up", "**Read more:**" -> "Read more:".
static char *plain_sentence(Slice sentence) {
  GString *out = g_string_sized_new(sentence.length);
  for (gsize i = 0; i < sentence.length; i++) {
    char letter = sentence.data[i];
    if (letter == ']' && i + 1 < sentence.length && sentence.data[i + 1] == '(') {
      gssize end = slice_find_char(slice_from(sentence, i), ')');
      i = end > 0 ? i + (gsize)end : sentence.length;
    } else if (letter == '\\' || letter == '*' || letter == '[' || letter == '`') {
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
    begun = begun || g_unichar_isalnum(letter) || opens || letter == 0xA9 || letter == '(';
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

static Judgement judge_text(const Furniture *furniture, const char *plain,
                            FurnitureKind *ret_kind) {
  *ret_kind = FURNITURE_LIKELY;
  if (plain[0] == '\0' || plain[0] == '"' || g_str_has_prefix(plain, "“") ||
      g_str_has_prefix(plain, "„") || g_str_has_prefix(plain, "«")) {
    return KEEP;
  }
  gboolean reporting = matches(furniture->reporting, plain);
  for (guint kind = 0; kind < FURNITURE_LIKELY; kind++) {
    gboolean strict =
        kind == FURNITURE_CONSENT || kind == FURNITURE_COPYRIGHT || kind == FURNITURE_RELATED;
    gboolean veto = strict
                        ? kind == FURNITURE_CONSENT && matches(furniture->reporting_always, plain)
                        : reporting;
    if (!veto && matches(furniture->patterns[kind], plain)) {
      *ret_kind = kind;
      return SURE;
    }
  }
  if (reporting || strlen(plain) > 200) {
    return KEEP;
  }
  int signs = matches(furniture->person, plain) + matches(furniture->imperative, plain) +
              matches(furniture->noun, plain);
  if (matches(furniture->patterns[FURNITURE_LIKELY], plain)) {
    return LIKELY;
  }
  *ret_kind = FURNITURE_KINDS; // by its signs, not by its words
  return signs >= 2 ? LIKELY : KEEP;
}

static Slice unit_text(const GPtrArray *paragraphs, const Unit *unit) {
  const FoundParagraph *paragraph = g_ptr_array_index(paragraphs, unit->paragraph);
  return (Slice){paragraph->text + unit->start, unit->end - unit->start};
}

static void judge_all(const Furniture *furniture, const GPtrArray *paragraphs, GArray *units) {
  for (guint i = 0; i < units->len; i++) {
    Unit *unit = &g_array_index(units, Unit, i);
    Slice text = unit_text(paragraphs, unit);
    const FoundParagraph *paragraph = g_ptr_array_index(paragraphs, unit->paragraph);
    if (paragraph->fixed || unit->quoted || text.length > LONGEST_SENTENCE) {
      continue;
    }
    g_autofree char *plain = plain_sentence(text);
    unit->judgement = judge_text(furniture, plain, &unit->kind);
  }
}

// ---- decision --------------------------------------------------------------------------------

static Unit *unit_at(GArray *units, guint index) {
  return &g_array_index(units, Unit, index);
}

static gboolean is_box_kind(FurnitureKind kind) {
  return kind == FURNITURE_SIGN_UP || kind == FURNITURE_CONSENT || kind == FURNITURE_LOG_IN ||
         kind == FURNITURE_COOKIES;
}

// A short sentence between a sign-up and a consent belongs to the box, whatever it says.
static void judge_sandwiched(const Furniture *furniture, const GPtrArray *paragraphs,
                             GArray *units) {
  for (guint i = 1; i + 1 < units->len; i++) {
    Unit *unit = unit_at(units, i);
    const Unit *before = unit_at(units, i - 1);
    const Unit *after = unit_at(units, i + 1);
    const FoundParagraph *paragraph = g_ptr_array_index(paragraphs, unit->paragraph);
    if (unit->judgement != KEEP || unit->quoted || paragraph->fixed || before->judgement != SURE ||
        after->judgement != SURE || before->kind != FURNITURE_SIGN_UP ||
        (after->kind != FURNITURE_CONSENT && after->kind != FURNITURE_SIGN_UP)) {
      continue;
    }
    g_autofree char *plain = plain_sentence(unit_text(paragraphs, unit));
    if (strlen(plain) <= 120 && plain[0] != '"' && !g_str_has_prefix(plain, "“") &&
        !matches(furniture->reporting, plain)) {
      unit->judgement = LIKELY;
    }
  }
}

static gboolean is_whole_paragraph(GArray *units, guint from, guint to, guint paragraph) {
  return (from == 0 || unit_at(units, from - 1)->paragraph != paragraph) &&
         (to + 1 == units->len || unit_at(units, to + 1)->paragraph != paragraph);
}

// The units [from, to] of one paragraph that also holds reporting: may they go?
static gboolean may_cut(GArray *units, guint from, guint to, gboolean company) {
  guint sure = 0;
  gboolean consent = FALSE;
  for (guint i = from; i <= to; i++) {
    sure += unit_at(units, i)->judgement == SURE;
    consent |= unit_at(units, i)->judgement == SURE && unit_at(units, i)->kind == FURNITURE_CONSENT;
  }
  if (sure == 0) {
    return FALSE;
  }
  guint paragraph = unit_at(units, from)->paragraph;
  gboolean starts = from == 0 || unit_at(units, from - 1)->paragraph != paragraph;
  gboolean ends = to + 1 == units->len || unit_at(units, to + 1)->paragraph != paragraph;
  gboolean glued =
      (!starts && unit_at(units, from)->glued) || (!ends && unit_at(units, to + 1)->glued);
  return glued || sure >= 2 || ((starts || ends) && (company || consent));
}

typedef struct Run { // neighbouring units that are not KEEP
  guint from, to;
  guint first_sure, last_sure;
  guint sure;
  gboolean box; // holds a sign-up, consent or log-in
} Run;

static Run measure_run(GArray *units, guint from) {
  Run run = {.from = from, .to = from};
  for (guint i = from; i < units->len && unit_at(units, i)->judgement != KEEP; i++) {
    run.to = i;
    if (unit_at(units, i)->judgement == SURE) {
      run.first_sure = run.sure == 0 ? i : run.first_sure;
      run.last_sure = i;
      run.sure++;
      run.box |= is_box_kind(unit_at(units, i)->kind);
    }
  }
  return run;
}

static void decide_paragraph(GArray *units, guint from, guint to, gboolean company) {
  guint paragraph = unit_at(units, from)->paragraph;
  if (!is_whole_paragraph(units, from, to, paragraph) && !may_cut(units, from, to, company)) {
    return;
  }
  for (guint i = from; i <= to; i++) {
    unit_at(units, i)->removed = TRUE;
  }
}

// One more after the last sure one: "You can unsubscribe at any time." behind a consent.
static gboolean may_follow(GArray *units, guint last_sure) {
  const Unit *sure = unit_at(units, last_sure);
  const Unit *next = unit_at(units, last_sure + 1);
  if (next->paragraph == sure->paragraph) {
    gboolean ends =
        last_sure + 2 == units->len || unit_at(units, last_sure + 2)->paragraph != sure->paragraph;
    return next->kind == FURNITURE_LIKELY && (ends || unit_at(units, last_sure + 2)->glued);
  }
  return next->kind == FURNITURE_LIKELY ||
         (sure->kind != FURNITURE_CONSENT && next->end - next->start < 120);
}

static void decide_run(GArray *units, const Run *run) {
  if (run->sure == 0) {
    return;
  }
  // Likely ones go between sure ones, and at most two before and one after, if it is a box.
  guint from = run->first_sure;
  guint to = run->last_sure;
  guint before = run->box ? 2 : 0;
  while (before-- > 0 && from > run->from &&
         unit_at(units, from - 1)->paragraph != unit_at(units, run->first_sure)->paragraph) {
    from--;
  }
  if (run->box && to < run->to && may_follow(units, to)) {
    to++;
  }
  for (guint i = from; i <= to;) {
    guint end = i;
    while (end < to && unit_at(units, end + 1)->paragraph == unit_at(units, i)->paragraph) {
      end++;
    }
    decide_paragraph(units, i, end, run->sure > 1);
    i = end + 1;
  }
}

static gboolean looks_like_link_line(Slice text);

static gboolean looks_like_link_list(Slice text) { // Markdown: a list of nothing but links
  Slice line = {0};
  while (slice_next_line(&text, &line)) {
    if (slice_find(line, SLICE_LITERAL("](")) < 0 || !looks_like_link_line(line)) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean looks_like_link_line(Slice text) {
  Slice line = slice_trim(text);
  if (line.length == 0 || line.length > 400 || slice_find_char(line, '\n') >= 0) {
    return FALSE;
  }
  while (line.length > 0 && strchr("-*+> ", line.data[0]) != NULL) {
    line = slice_from(line, 1);
  }
  if (slice_starts_with(line, "[") && slice_ends_with(line, ")")) {
    return slice_find(line, SLICE_LITERAL("](")) > 0;
  }
  char last = line.length > 0 ? line.data[line.length - 1] : '.';
  return line.length <= 130 && strchr(".!?:;,\"", last) == NULL && !slice_ends_with(line, "”") &&
         !slice_starts_with(line, "#") && !slice_starts_with(line, "!");
}

// "Related stories" alone on its line: the bare titles or links under it are its own.
static void decide_related_lists(const GPtrArray *paragraphs, GArray *units) {
  for (guint i = 0; i < units->len; i++) {
    const Unit *label = unit_at(units, i);
    Slice text = unit_text(paragraphs, label);
    if (!label->removed || label->kind != FURNITURE_RELATED || label->judgement != SURE ||
        text.length > 45) {
      continue;
    }
    guint last = MIN(i + 6, units->len - 1);
    for (guint next = i + 1; next <= last; next++) {
      Unit *line = unit_at(units, next);
      const FoundParagraph *paragraph = g_ptr_array_index(paragraphs, line->paragraph);
      if (line->removed) {
        continue;
      }
      if (paragraph->fixed || line->paragraph == label->paragraph ||
          !(looks_like_link_line(slice_of(paragraph->text)) ||
            looks_like_link_list(slice_of(paragraph->text)))) {
        break;
      }
      line->removed = TRUE;
    }
  }
}

static void decide_all(const GPtrArray *paragraphs, GArray *units) {
  for (guint i = 0; i < units->len; i++) {
    if (unit_at(units, i)->judgement != KEEP) {
      Run run = measure_run(units, i);
      decide_run(units, &run);
      i = run.to;
    }
  }
  decide_related_lists(paragraphs, units);
}

// ---- cutting ---------------------------------------------------------------------------------

static FoundParagraph *piece_of(const FoundParagraph *paragraph, gsize start, gsize end) {
  g_autofree char *text = g_strndup(paragraph->text + start, end - start);
  FoundParagraph *piece = found_paragraph_new(text, found_paragraph_line(paragraph, start));
  for (guint i = 0; i < paragraph->lines->len; i++) {
    FoundLine mark = g_array_index(paragraph->lines, FoundLine, i);
    if (mark.offset > start && mark.offset < end) {
      mark.offset -= start;
      g_array_append_val(piece->lines, mark);
    }
  }
  piece->fixed = paragraph->fixed;
  return piece;
}

static void note_removed(const GPtrArray *paragraphs, const Unit *unit, GPtrArray *notes) {
  g_autofree char *text = slice_dup(unit_text(paragraphs, unit));
  g_autofree char *line = text_collapse_space(slice_of(text));
  g_autofree char *cut = text_cut_at_word(line, NOTE_CHARACTERS);
  import_note(notes,
              found_paragraph_line(g_ptr_array_index(paragraphs, unit->paragraph), unit->start),
              "left out: %s", cut);
}

static void cut_out(GPtrArray *paragraphs, GArray *units, GPtrArray *notes) {
  g_autoptr(GPtrArray) kept = g_ptr_array_new();
  for (guint i = 0; i < units->len;) {
    Unit *first = unit_at(units, i);
    if (first->removed) {
      note_removed(paragraphs, first, notes);
      i++;
      continue;
    }
    guint last = i;
    while (last + 1 < units->len && !unit_at(units, last + 1)->removed &&
           unit_at(units, last + 1)->paragraph == first->paragraph) {
      last++;
    }
    const FoundParagraph *paragraph = g_ptr_array_index(paragraphs, first->paragraph);
    g_ptr_array_add(kept, piece_of(paragraph, first->start, unit_at(units, last)->end));
    i = last + 1;
  }
  g_ptr_array_set_size(paragraphs, 0);
  for (guint i = 0; i < kept->len; i++) {
    g_ptr_array_add(paragraphs, g_ptr_array_index(kept, i));
  }
}

void furniture_filter(const Furniture *furniture, GPtrArray *paragraphs, GPtrArray *notes) {
  g_autoptr(GArray) units = g_array_new(FALSE, TRUE, sizeof(Unit));
  for (guint i = 0; i < paragraphs->len; i++) {
    split_paragraph(g_ptr_array_index(paragraphs, i), i, units);
  }
  judge_all(furniture, paragraphs, units);
  judge_sandwiched(furniture, paragraphs, units);
  decide_all(paragraphs, units);
  cut_out(paragraphs, units, notes);
}

gboolean furniture_is_sure_line(const Furniture *furniture, Slice line) {
  if (line.length > LONGEST_SENTENCE) {
    return FALSE;
  }
  g_autofree char *plain = plain_sentence(line);
  FurnitureKind kind = FURNITURE_LIKELY;
  return judge_text(furniture, plain, &kind) == SURE;
}

gboolean furniture_is_in(const char *text) {
  g_autoptr(Furniture) furniture = furniture_new();
  g_autoptr(GPtrArray) paragraphs =
      g_ptr_array_new_with_free_func((GDestroyNotify)found_paragraph_free);
  g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func((GDestroyNotify)import_note_free);
  Slice rest = slice_of(text);
  Slice line = {0};
  for (guint number = 1; slice_next_line(&rest, &line); number++) {
    g_autofree char *copy = slice_dup(slice_trim(line));
    if (copy[0] != '\0') {
      g_ptr_array_add(paragraphs, found_paragraph_new(copy, number));
    }
  }
  furniture_filter(furniture, paragraphs, notes);
  return notes->len > 0;
}
