// SPDX-License-Identifier: Apache-2.0
//
// edition/paragraph and edition/hyphenation: any bytes as a paragraph, in any language and to any
// measure. The first bytes choose language, measure and alignment; a 0x1e changes the style. No
// word is lost, no gap leaves its bounds, every glyph stands for text of its line, and a piece goes
// on where the one before ended.
#include <stdint.h>
#include <string.h>

#include "edition/paragraph.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const LANGUAGES[] = {"en", "de", "fr", "ar",    "he",    "zh", "th",
                                        "hi", "xx", "",   "en-GB", "pt-BR", "ru", "not a language"};

static void check_line(const SetLine *line) {
  gsize length = strlen(line->text);
  g_assert(g_utf8_validate(line->text, -1, NULL));
  for (guint i = 0; i < line->run_count; i++) {
    for (guint j = 0; j < line->runs[i].glyph_count; j++) {
      const SetGlyph *glyph = &line->runs[i].glyphs[j];
      g_assert(glyph->text + glyph->text_bytes <= length);
    }
  }
  if (line->justified && line->gap_count > 0) {
    g_assert(line->gap_permille >= 750 && line->gap_permille <= 2060);
  }
}

static void check_lines(Paragraph *paragraph, const ParagraphShape *shape, guint wanted,
                        guint *ret_middle) {
  g_autoptr(ParagraphLines) lines = paragraph_set(paragraph, shape, wanted, 0, 1000);
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < lines->count; i++) {
    check_line(&lines->lines[i]);
    g_string_append(text, lines->lines[i].text);
    if (lines->lines[i].end == LINE_END_HYPHEN) {
      g_assert(g_str_has_suffix(text->str, "\xc2\xad"));
      g_string_truncate(text, text->len - 2);
    }
  }
  g_autofree char *all = g_strdup(paragraph_text(paragraph));
  g_autoptr(GString) plain = g_string_new(all + shape->start);
  g_string_replace(plain, "\xe2\x80\xa8", " ", 0); // forced breaks copy out as spaces
  g_assert(strcmp(text->str, plain->str) == 0);
  *ret_middle = lines->count > 1 ? lines->starts[lines->count / 2] : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static Typefaces *typefaces = NULL; // made once: the fonts are the same for all inputs
  static Typesetter *typesetter = NULL;
  static guint turns = 0;
  if (size < 4 || size > 4096) {
    return 0;
  }
  if (typesetter == NULL || ++turns % 2000 == 0) { // what it remembers is let go now and then
    g_clear_pointer(&typesetter, typesetter_free);
    g_clear_pointer(&typefaces, typefaces_free);
    typefaces = typefaces_new(NULL, NULL);
    typesetter = typesetter_new(typefaces);
  }
  g_autoptr(Paragraph) paragraph =
      paragraph_new(typesetter, LANGUAGES[data[0] % G_N_ELEMENTS(LANGUAGES)]);
  ParagraphShape shape = {.measure = 1 + data[1] * 2000,
                          .alignment = (Alignment)(data[2] % (ALIGN_BALANCED + 1)),
                          .indent = (data[2] & 0x20) != 0 ? 9000 : 0,
                          .inset_lines = (data[2] & 0x40) != 0 ? 3 : 0,
                          .inset = 20000,
                          .no_hyphens = (data[2] & 0x80) != 0};
  TypeStyle style = {.family = FAMILY_TEXT, .size = 4000 + data[3] * 100};
  Slice rest = {(const char *)data + 4, size - 4};
  for (guint piece = 0; rest.length > 0; piece++) {
    gssize end = slice_find_char(rest, 0x1e);
    gsize length = end < 0 ? rest.length : (gsize)end;
    style.bold = (piece & 1) != 0;
    style.small_caps = (piece & 2) != 0;
    style.upper_case = (piece & 4) != 0;
    paragraph_add(paragraph, slice_range(rest, 0, length), &style, (piece & 1) != 0 ? "x:y" : NULL);
    if ((piece & 3) == 3) {
      paragraph_add_break(paragraph);
    }
    rest = slice_from(rest, length + 1);
  }
  ParagraphFit fit = paragraph_fit(paragraph, &shape);
  guint middle = 0;
  check_lines(paragraph, &shape, 0, &middle);
  check_lines(paragraph, &shape, fit.most, &middle);
  shape.start = middle;
  shape.measure = MAX(shape.measure / 2, 1);
  check_lines(paragraph, &shape, 0, &middle);
  return 0;
}
