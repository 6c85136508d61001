// SPDX-License-Identifier: Apache-2.0
//
// Implements furniture.h in four steps: paragraphs into sentences (sentences.h), a judgement of
// each sentence (furniture_phrases.h), a decision for each run of judged sentences, and the cutting
// out.
#include "exchange/furniture.h"

#include "base/text.h"
#include "exchange/furniture_phrases.h"
#include "exchange/import_story.h"
#include "exchange/sentences.h"

#include <string.h>

#define LONGEST_SENTENCE 460 // bytes; furniture is short
#define NOTE_CHARACTERS 80
#define BOX_SENTENCES 5
#define BUTTON_BYTES 24 // "Enter your email address"
#define SKIPPED_SENTENCES 14

typedef struct Unit { // one sentence
  guint paragraph;
  gsize start, end; // in the paragraph's text
  gboolean glued;   // no white space before it, though a sentence ends there
  gboolean quoted;  // begins inside a quotation
  gboolean whole;   // alone on its line
  Judgement judgement;
  FurnitureKind kind;
  gboolean removed;
} Unit;

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

// ---- sentences -------------------------------------------------------------------------------

static gboolean is_whole_line(const char *text, const Sentence *sentence) {
  gsize start = sentence->start;
  gsize end = sentence->end;
  while (start > 0 && strchr(" -*+>", text[start - 1]) != NULL) {
    start--;
  }
  while (text[end] == ' ') {
    end++;
  }
  return !sentence->glued && (start == 0 || text[start - 1] == '\n') &&
         (text[end] == '\0' || text[end] == '\n');
}

static void split_paragraph(const FoundParagraph *paragraph, guint index, GArray *units) {
  if (paragraph->fixed) {
    Unit whole = {.paragraph = index, .end = strlen(paragraph->text)};
    g_array_append_val(units, whole);
    return;
  }
  g_autoptr(GArray) sentences = sentences_split(paragraph->text);
  for (guint i = 0; i < sentences->len; i++) {
    const Sentence *sentence = &g_array_index(sentences, Sentence, i);
    Unit unit = {.paragraph = index,
                 .start = sentence->start,
                 .end = sentence->end,
                 .glued = sentence->glued,
                 .quoted = sentence->quoted,
                 .whole = is_whole_line(paragraph->text, sentence)};
    g_array_append_val(units, unit);
  }
}

// ---- judgement -------------------------------------------------------------------------------

static Slice unit_text(const GPtrArray *paragraphs, const Unit *unit) {
  const FoundParagraph *paragraph = g_ptr_array_index(paragraphs, unit->paragraph);
  return (Slice){paragraph->text + unit->start, unit->end - unit->start};
}

static void judge_all(const GPtrArray *paragraphs, GArray *units) {
  for (guint i = 0; i < units->len; i++) {
    Unit *unit = &g_array_index(units, Unit, i);
    Slice text = unit_text(paragraphs, unit);
    const FoundParagraph *paragraph = g_ptr_array_index(paragraphs, unit->paragraph);
    if (paragraph->fixed || unit->quoted || text.length > LONGEST_SENTENCE) {
      continue;
    }
    g_autofree char *plain = furniture_plain(text);
    unit->judgement = furniture_judge(plain, &unit->kind);
    gboolean button = unit->start == 0 && i + 1 < units->len &&
                      g_array_index(units, Unit, i + 1).glued; // "More infoThe minister said"
    if (!unit->whole && !button &&
        (unit->kind == FURNITURE_LABEL || unit->kind == FURNITURE_PICTURE)) {
      unit->judgement = KEEP;
    }
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

static gboolean ends_as_sentence(Slice text) {
  static const char *const ENDS[] = {".", "!", "?",  "…",  "”",  "\"", "»", ".)",
                                     "؟", "’", "。", "」", "！", "？", "।", "۔"};
  Slice line = slice_trim(text);
  for (gsize i = 0; i < G_N_ELEMENTS(ENDS); i++) {
    if (slice_ends_with(line, ENDS[i])) {
      return TRUE;
    }
  }
  return FALSE;
}

// "« La lettre des régions »": a title in quotes, nothing that somebody said.
static gboolean is_quoted_title(Slice text, const char *plain) {
  return g_str_has_prefix(plain, "«") && text.length <= 60 && strpbrk(plain, ".!?,") == NULL;
}

// What could stand inside a box that ends so (never the last unit): short, neither quotation nor
// reporting, an offer or no sentence.
static gboolean is_box_like(const GPtrArray *paragraphs, const Unit *unit, FurnitureKind end) {
  const FoundParagraph *paragraph = g_ptr_array_index(paragraphs, unit->paragraph);
  Slice text = unit_text(paragraphs, unit);
  if (unit->quoted || paragraph->fixed || text.length > 160) {
    return FALSE;
  }
  g_autofree char *plain = furniture_plain(text);
  return is_quoted_title(text, plain) ||
         (!furniture_is_reporting(plain) &&
          (!ends_as_sentence(text) || furniture_signs(plain) >= 1 ||
           (end == FURNITURE_CONSENT && !unit->glued && !(unit + 1)->glued)));
}

static gboolean opens_box(const Unit *unit) {
  return (unit->judgement == SURE && is_box_kind(unit->kind) && unit->kind != FURNITURE_CONSENT) ||
         (unit->judgement == LIKELY && unit->whole);
}

static void make_sure(GArray *units, guint from, guint to) {
  for (guint i = from; i < to; i++) {
    Unit *unit = unit_at(units, i);
    if (unit->judgement != SURE) {
      unit->judgement = SURE;
      unit->kind = FURNITURE_SIGN_UP;
    }
  }
}

static gboolean is_mute(const GPtrArray *paragraphs, const Unit *unit) {
  Slice text = unit_text(paragraphs, unit);
  g_autofree char *plain = furniture_plain(text);
  return unit->judgement == KEEP && ends_as_sentence(text) && furniture_signs(plain) == 0;
}

// The first sentence of the box that ends at `last`; `last` itself if none is seen. Between them
// may be one gap of sentences that say nothing by themselves.
static guint find_box(const GPtrArray *paragraphs, GArray *units, guint last) {
  const Unit *end = unit_at(units, last);
  gboolean consent = end->kind == FURNITURE_CONSENT;
  guint reach = consent ? BOX_SENTENCES : 2;
  guint opener = last;
  guint mute = 0;          // sentences that say nothing of a box
  gboolean button = FALSE; // "Subscribe": the box's beginning is further up, if it is sure
  gboolean sure = FALSE;   // its first line is
  for (guint j = last; j > 0 && last - j < reach; j--) {
    const Unit *unit = unit_at(units, j - 1);
    gboolean sign_up = unit->judgement == SURE && unit->kind == FURNITURE_SIGN_UP;
    gboolean likely = unit->judgement == LIKELY && consent && !button;
    if (opens_box(unit) &&
        (sign_up || likely || (mute == 0 && unit->judgement == SURE && !button))) {
      gboolean word = unit->end - unit->start <= BUTTON_BYTES;
      opener = j - 1;
      sure |= sign_up && !word;
      button |= unit->judgement == SURE && word;
      continue;
    }
    mute += is_mute(paragraphs, unit);
    if (sure || mute > 1 || !is_box_like(paragraphs, unit, end->kind) ||
        (unit->judgement == SURE && unit->kind == FURNITURE_CONSENT)) {
      break; // a gap behind the box's beginning, or where another box ends
    }
  }
  return opener;
}

// What stands between a box's first line and its consent sentence belongs to the box, whatever it
// says: "Get our briefing / The five stories that matter, at 7am. / By signing up you agree…".
static void judge_boxes(const GPtrArray *paragraphs, GArray *units) {
  for (guint i = 1; i < units->len; i++) {
    const Unit *last = unit_at(units, i);
    if (last->judgement != SURE ||
        (last->kind != FURNITURE_CONSENT && last->kind != FURNITURE_SIGN_UP)) {
      continue;
    }
    make_sure(units, find_box(paragraphs, units, i), i);
  }
}

// A paragraph that holds a box's sure sentence and else only likely ones is a box.
static void judge_mixed_paragraphs(GArray *units) {
  for (guint first = 0; first < units->len;) {
    guint next = first;
    gboolean box = FALSE;
    gboolean keep = FALSE;
    for (; next < units->len && unit_at(units, next)->paragraph == unit_at(units, first)->paragraph;
         next++) {
      const Unit *unit = unit_at(units, next);
      box |= unit->judgement == SURE && is_box_kind(unit->kind);
      keep |= unit->judgement == KEEP;
    }
    if (box && !keep) {
      make_sure(units, first, next);
    }
    first = next;
  }
}

// "skip past newsletter promotion" … "after newsletter promotion"
static void judge_skipped(GArray *units) {
  for (guint i = 0; i < units->len; i++) {
    if (unit_at(units, i)->judgement != SURE || unit_at(units, i)->kind != FURNITURE_BEGIN) {
      continue;
    }
    guint limit = MIN(i + SKIPPED_SENTENCES, units->len);
    for (guint end = i + 1; end < limit; end++) {
      const Unit *unit = unit_at(units, end);
      if (unit->kind == FURNITURE_END && unit->judgement == LIKELY) {
        make_sure(units, i, end + 1);
        break;
      }
    }
  }
}

static gboolean is_whole_paragraph(GArray *units, guint from, guint to, guint paragraph) {
  return (from == 0 || unit_at(units, from - 1)->paragraph != paragraph) &&
         (to + 1 == units->len || unit_at(units, to + 1)->paragraph != paragraph);
}

// "[Read: The winds that shaped a coast]", "READ MORE: Why rivers run low", "Advertisement"
static gboolean stands_apart(Slice text) {
  guint capitals = 0;
  while (capitals < text.length &&
         (g_ascii_isupper(text.data[capitals]) || text.data[capitals] == ' ')) {
    capitals++;
  }
  return slice_starts_with(text, "[") || slice_starts_with(text, "(") || capitals >= 4 ||
         !ends_as_sentence(text);
}

// The units [from, to] of one paragraph that also holds reporting: may they go?
static gboolean may_cut(const GPtrArray *paragraphs, GArray *units, guint from, guint to,
                        gboolean company) {
  guint sure = 0;
  gboolean consent = FALSE;
  gboolean labels = TRUE;
  for (guint i = from; i <= to; i++) {
    labels &= unit_at(units, i)->kind == FURNITURE_LABEL;
    sure += unit_at(units, i)->judgement == SURE;
    consent |= unit_at(units, i)->judgement == SURE && unit_at(units, i)->kind == FURNITURE_CONSENT;
  }
  guint paragraph = unit_at(units, from)->paragraph;
  gboolean starts = from == 0 || unit_at(units, from - 1)->paragraph != paragraph;
  gboolean ends = to + 1 == units->len || unit_at(units, to + 1)->paragraph != paragraph;
  gboolean glued =
      (!starts && unit_at(units, from)->glued) || (!ends && unit_at(units, to + 1)->glued);
  if (sure == 0) {
    return glued && labels && company;
  }
  return glued || sure >= 2 || ((starts || ends) && (company || consent)) ||
         (ends && from == to && stands_apart(unit_text(paragraphs, unit_at(units, from))));
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

static void decide_paragraph(const GPtrArray *paragraphs, GArray *units, guint from, guint to,
                             gboolean company) {
  guint paragraph = unit_at(units, from)->paragraph;
  if (!is_whole_paragraph(units, from, to, paragraph) &&
      !may_cut(paragraphs, units, from, to, company)) {
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

// Two buttons' words in a row, and nothing else in the run.
static gboolean is_button_row(GArray *units, const Run *run) {
  for (guint i = run->from; i <= run->to; i++) {
    if (unit_at(units, i)->kind != FURNITURE_LABEL) {
      return FALSE;
    }
  }
  return run->to > run->from;
}

// "Success! You're on the list.": the likely ones that begin a paragraph of nothing else.
static guint likely_before_in_paragraph(GArray *units, const Run *run, guint sure) {
  guint first = sure;
  while (first > run->from &&
         unit_at(units, first - 1)->paragraph == unit_at(units, sure)->paragraph) {
    first--;
  }
  gboolean begins =
      first == 0 || unit_at(units, first - 1)->paragraph != unit_at(units, sure)->paragraph;
  return begins ? sure - first : 0;
}

static void decide_run(const GPtrArray *paragraphs, GArray *units, const Run *run) {
  if (run->sure == 0) {
    for (guint i = run->from; is_button_row(units, run) && i <= run->to; i++) {
      unit_at(units, i)->removed = TRUE;
    }
    return;
  }
  // Likely ones go between sure ones, and at most two before and one after, if it is a box.
  guint from = run->first_sure;
  guint to = run->last_sure;
  from -= likely_before_in_paragraph(units, run, from);
  guint before = run->box ? 2 : 0;
  while (before-- > 0 && from > run->from &&
         unit_at(units, from - 1)->paragraph != unit_at(units, from)->paragraph) {
    from--;
  }
  if (run->box && to < run->to && may_follow(units, to)) {
    to++;
  }
  while (from > run->from && unit_at(units, from - 1)->kind == FURNITURE_LABEL) {
    from--;
  }
  while (to < run->to && unit_at(units, to + 1)->kind == FURNITURE_LABEL) {
    to++;
  }
  for (guint i = from; i <= to;) {
    guint end = i;
    while (end < to && unit_at(units, end + 1)->paragraph == unit_at(units, i)->paragraph) {
      end++;
    }
    decide_paragraph(paragraphs, units, i, end, run->sure > 1);
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
  return line.length <= 130 && strchr(".!?:;,\"", last) == NULL && !ends_as_sentence(line) &&
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

// Behind the last paragraph of the story, and once furniture has begun, what is no sentence is
// furniture too: the paywall's prices, the menus, the section names.
static void sweep_tail(const GPtrArray *paragraphs, GArray *units) {
  guint tail = units->len;
  while (tail > 0) {
    const Unit *unit = unit_at(units, tail - 1);
    const FoundParagraph *paragraph = g_ptr_array_index(paragraphs, unit->paragraph);
    Slice text = unit_text(paragraphs, unit);
    if (!unit->removed && (paragraph->fixed || !unit->whole || ends_as_sentence(text) ||
                           text.length > 90 || strchr(paragraph->text, '\n') != NULL)) {
      break;
    }
    tail--;
  }
  gboolean begun = FALSE;
  for (guint i = tail; i < units->len; i++) {
    Unit *unit = unit_at(units, i);
    begun |=
        unit->removed && unit->kind != FURNITURE_ADVERTISEMENT && unit->kind != FURNITURE_PICTURE;
    unit->removed |= begun;
  }
}

static void decide_all(const GPtrArray *paragraphs, GArray *units) {
  for (guint i = 0; i < units->len; i++) {
    if (unit_at(units, i)->judgement != KEEP) {
      Run run = measure_run(units, i);
      decide_run(paragraphs, units, &run);
      i = run.to;
    }
  }
  decide_related_lists(paragraphs, units);
  sweep_tail(paragraphs, units);
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

void furniture_filter(GPtrArray *paragraphs, GPtrArray *notes) {
  g_autoptr(GArray) units = g_array_new(FALSE, TRUE, sizeof(Unit));
  for (guint i = 0; i < paragraphs->len; i++) {
    split_paragraph(g_ptr_array_index(paragraphs, i), i, units);
  }
  judge_all(paragraphs, units);
  judge_skipped(units);
  judge_mixed_paragraphs(units);
  judge_boxes(paragraphs, units);
  decide_all(paragraphs, units);
  cut_out(paragraphs, units, notes);
}

gboolean furniture_is_sure_line(Slice line) {
  if (line.length > LONGEST_SENTENCE) {
    return FALSE;
  }
  g_autofree char *plain = furniture_plain(line);
  FurnitureKind kind = FURNITURE_LIKELY;
  return furniture_judge(plain, &kind) == SURE;
}

gboolean furniture_is_label(Slice line) {
  g_autofree char *plain = furniture_plain(line);
  FurnitureKind kind = FURNITURE_KINDS;
  return line.length <= 40 && furniture_judge(plain, &kind) == LIKELY && kind == FURNITURE_LABEL;
}

gboolean furniture_is_in(const char *text) {
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
  furniture_filter(paragraphs, notes);
  return notes->len > 0;
}
