// SPDX-License-Identifier: Apache-2.0
//
// Paragraphs: no word is lost, gaps and ladders stay within their bounds, looseness gives what it
// promises, words without spaces are broken and not lost, five scripts stand in one paragraph, and
// the same text gives the same lines. Texts are made from seeds and from the sample newspaper.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "edition/paragraph.h"

typedef struct Room {
  Typefaces *typefaces;
  Typesetter *typesetter;
} Room;

static const TypeStyle BODY = {.family = FAMILY_TEXT, .size = 8900};

static int open_room(void **state) {
  Room *room = g_new0(Room, 1);
  g_autoptr(GError) error = NULL;
  room->typefaces = typefaces_new(NULL, &error);
  if (room->typefaces == NULL) {
    g_printerr("%s\n", error->message);
    return 1;
  }
  room->typesetter = typesetter_new(room->typefaces);
  *state = room;
  return 0;
}

static int close_room(void **state) {
  Room *room = *state;
  typesetter_free(room->typesetter);
  typefaces_free(room->typefaces);
  g_free(room);
  return 0;
}

static Paragraph *paragraph_of(Room *room, const char *language, const char *text) {
  Paragraph *paragraph = paragraph_new(room->typesetter, language);
  paragraph_add(paragraph, slice_of(text), &BODY, NULL);
  return paragraph;
}

// The lines' texts joined, without the hyphens that setting put in.
static char *text_of_lines(const ParagraphLines *lines) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < lines->count; i++) {
    g_string_append(text, lines->lines[i].text);
    if (g_str_has_suffix(text->str, "\xc2\xad")) {
      g_string_truncate(text, text->len - 2);
    }
  }
  return g_string_free(text, FALSE);
}

// The text that glyphs stand for covers the line's text, each byte once.
static void check_glyphs(const SetLine *line) {
  gsize length = strlen(line->text);
  g_autofree guint8 *seen = g_new0(guint8, length + 1);
  for (guint i = 0; i < line->run_count; i++) {
    const SetRun *run = &line->runs[i];
    gint32 last = 0;
    for (guint j = 0; j < run->glyph_count; j++) {
      const SetGlyph *glyph = &run->glyphs[j];
      assert_true(glyph->text + glyph->text_bytes <= length);
      for (guint k = 0; k < glyph->text_bytes; k++) {
        assert_int_equal(seen[glyph->text + k]++, 0);
      }
      assert_true(glyph->x >= last - run->size); // marks stand over their letters
      last = MAX(last, glyph->x);
    }
  }
  for (gsize i = 0; i < length; i++) {
    assert_int_equal(seen[i], 1);
  }
}

typedef struct Tally {
  guint lines, hyphens, ladder, most_ladder, ragged, over;
  GArray *gaps; // gint32
} Tally;

static void tally_line(Tally *tally, const SetLine *line) {
  tally->lines++;
  gboolean hyphen = line->end == LINE_END_HYPHEN;
  tally->hyphens += hyphen;
  tally->ladder = hyphen ? tally->ladder + 1 : 0;
  tally->most_ladder = MAX(tally->most_ladder, tally->ladder);
  if (line->gap_count > 0 && line->justified) {
    g_array_append_val(tally->gaps, line->gap_permille);
  }
  tally->ragged += !line->justified && line->end != LINE_END_TEXT;
  assert_true(ABS(line->letter_millionths) <= 20000);
}

static gint compare_numbers(gconstpointer a, gconstpointer b) {
  return *(const gint32 *)a - *(const gint32 *)b;
}

static void check_lines(Paragraph *paragraph, const ParagraphShape *shape, guint wanted,
                        Tally *tally) {
  g_autoptr(ParagraphLines) lines = paragraph_set(paragraph, shape, wanted, 10000, 10500);
  g_autofree char *text = text_of_lines(lines);
  assert_string_equal(text, paragraph_text(paragraph) + shape->start);
  for (guint i = 0; i < lines->count; i++) {
    const SetLine *line = &lines->lines[i];
    check_glyphs(line);
    tally_line(tally, line);
    assert_int_equal(line->baseline, 10000 + (gint32)i * 10500);
    if (line->justified && line->gap_count > 0) { // it ends where it should, hanging aside
      gint32 right = 0;
      for (guint j = 0; j < line->run_count; j++) {
        right = MAX(right, line->runs[j].x + line->runs[j].width);
      }
      assert_true(right >= line->width - 5 && right <= line->width + shape->measure / 20);
    }
  }
  tally->ladder = 0;
}

static guint32 next_random(guint32 *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  return *seed >> 8;
}

static const char ENGLISH[] =
    "The council voted on Monday night to close the old harbour bridge for a year, after engineers "
    "found cracks in two of its steel piers. Traffic will be led over the northern crossing, which "
    "already carries more cars than it was built for. “We looked at every way to keep one lane "
    "open,” said the head of the works department, “and there was none that I would send my own "
    "family across.” Shopkeepers on both sides of the water fear for the summer trade. A ferry is "
    "to "
    "run every ten minutes from seven in the morning until midnight, but nobody at the meeting "
    "could "
    "say what it would cost or who would pay. The minister for transport has promised a grant of "
    "twelve million, about a third of what the repair is expected to take. Opposition members "
    "asked "
    "why the inspection, which is due every five years, had been put off twice; the mayor answered "
    "that the money had gone to the flood defences, and that he would do the same again. The "
    "bridge, "
    "opened in 1931, was the longest of its kind in the southern half of the country, and for many "
    "years the only road to the islands. Work begins on the first of March. Until then lorries of "
    "more than seven tonnes may not use it, and all others must keep to thirty kilometres an hour. "
    "Residents can read the engineers’ report at the library and on the council’s website, and "
    "comment until the end of January; a public meeting will be held at the town hall next week.";

// English of a newspaper, in another order for each seed.
static char *random_text(guint32 seed, guint words) {
  g_auto(GStrv) all = g_strsplit(ENGLISH, " ", -1);
  guint count = g_strv_length(all);
  GString *text = g_string_new(NULL);
  guint at = next_random(&seed) % count;
  for (guint i = 0; i < words; i++, at++) { // a few words in a row, then another place
    at = next_random(&seed) % 8 == 0 ? next_random(&seed) : at;
    g_string_append_printf(text, "%s%s", i > 0 ? " " : "", all[at % count]);
  }
  return g_string_free(text, FALSE);
}

static void test_bounds(void **state) {
  // Narrow columns have three or four gaps a line: there, no breaking can keep 95 % within 1.5.
  static const gint32 MEASURES[] = {108000, 126000, 150000, 222000};
  static const gint32 P95[] = {1700, 1600, 1500, 1400};
  for (guint m = 0; m < G_N_ELEMENTS(MEASURES); m++) {
    Tally tally = {.gaps = g_array_new(FALSE, FALSE, sizeof(gint32))};
    for (guint32 seed = 1; seed <= 60; seed++) {
      g_autofree char *text = random_text(seed * 7919, 20 + seed * 2);
      g_autoptr(Paragraph) paragraph = paragraph_of(*state, "en", text);
      ParagraphShape shape = {.measure = MEASURES[m], .indent = 9000};
      check_lines(paragraph, &shape, 0, &tally);
    }
    g_array_sort(tally.gaps, compare_numbers);
    gint32 p95 = g_array_index(tally.gaps, gint32, tally.gaps->len * 95 / 100);
    gint32 most = g_array_index(tally.gaps, gint32, tally.gaps->len - 1);
    gint32 least = g_array_index(tally.gaps, gint32, 0);
    print_message("%d pt: %u lines, %u hyphens, gaps %d to %d, p95 %d, %u ragged\n",
                  MEASURES[m] / 1000, tally.lines, tally.hyphens, least, most, p95, tally.ragged);
    assert_true(least >= 795 && most <= 2005);
    assert_true(p95 <= P95[m]);
    assert_true(tally.most_ladder <= 2);
    assert_true(tally.ragged * 20 <= tally.lines);
    g_array_unref(tally.gaps);
  }
}

static void test_looseness(void **state) {
  Tally tally = {.gaps = g_array_new(FALSE, FALSE, sizeof(gint32))};
  guint looser = 0;
  guint tighter = 0;
  for (guint32 seed = 1; seed <= 40; seed++) {
    g_autofree char *text = random_text(seed * 104729, 60);
    g_autoptr(Paragraph) paragraph = paragraph_of(*state, "en", text);
    ParagraphShape shape = {.measure = 150000, .indent = 9000};
    ParagraphFit fit = paragraph_fit(paragraph, &shape);
    assert_true(fit.least <= fit.lines && fit.lines <= fit.most);
    for (guint lines = fit.least; lines <= fit.most; lines++) {
      if (fit.cost[PARAGRAPH_VARIANT(&fit, lines)] == G_MAXINT64) {
        continue;
      }
      assert_true(fit.cost[PARAGRAPH_VARIANT(&fit, lines)] >= fit.cost[FIT_VARIANTS / 2]);
      g_autoptr(ParagraphLines) set = paragraph_set(paragraph, &shape, lines, 0, 1);
      assert_int_equal(set->count, lines);
      check_lines(paragraph, &shape, lines, &tally);
    }
    looser += fit.most > fit.lines;
    tighter += fit.least < fit.lines;
  }
  print_message("of 40 paragraphs, %u can be looser, %u tighter\n", looser, tighter);
  assert_true(looser >= 20 && tighter >= 2);
  assert_true(tally.most_ladder <= 2);
  g_array_unref(tally.gaps);
}

// What an earlier piece left over is set from there, and nothing is lost between.
static void test_pieces(void **state) {
  g_autofree char *text = random_text(77, 200);
  g_autoptr(Paragraph) paragraph = paragraph_of(*state, "en", text);
  ParagraphShape wide = {.measure = 150000, .indent = 9000};
  g_autoptr(ParagraphLines) lines = paragraph_set(paragraph, &wide, 0, 0, 10500);
  for (guint i = 0; i < lines->count; i++) {
    ParagraphShape rest = {.measure = 110000, .start = lines->starts[i]};
    Tally tally = {.gaps = g_array_new(FALSE, FALSE, sizeof(gint32))};
    check_lines(paragraph, &rest, 0, &tally);
    g_array_unref(tally.gaps);
  }
}

static void test_insets(void **state) {
  g_autofree char *text = random_text(78, 80);
  g_autoptr(Paragraph) paragraph = paragraph_of(*state, "en", text);
  ParagraphShape shape = {.measure = 126000, .inset_lines = 3, .inset = 24000};
  g_autoptr(ParagraphLines) lines = paragraph_set(paragraph, &shape, 0, 0, 10500);
  for (guint i = 0; i < lines->count; i++) {
    assert_int_equal(lines->lines[i].width, i < 3 ? 102000 : 126000);
    assert_int_equal(lines->lines[i].x, i < 3 ? 24000 : 0);
  }
}

typedef struct Hard {
  const char *name, *language, *text;
} Hard;

static void check_hard(Room *room, const char *language, const char *text) {
  static const gint32 MEASURES[] = {1000, 5000, 40000, 108000, 400000};
  for (guint m = 0; m < G_N_ELEMENTS(MEASURES); m++) {
    g_autoptr(Paragraph) paragraph = paragraph_of(room, language, text);
    for (guint alignment = ALIGN_JUSTIFIED; alignment <= ALIGN_BALANCED; alignment++) {
      ParagraphShape shape = {.measure = MEASURES[m], .alignment = (Alignment)alignment};
      Tally tally = {.gaps = g_array_new(FALSE, FALSE, sizeof(gint32))};
      check_lines(paragraph, &shape, 0, &tally);
      for (guint i = 0; i < tally.gaps->len; i++) {
        gint32 gap = g_array_index(tally.gaps, gint32, i);
        assert_true(gap >= 795 && gap <= 2005);
      }
      g_array_unref(tally.gaps);
      shape.no_hyphens = TRUE;
      g_autoptr(ParagraphLines) lines = paragraph_set(paragraph, &shape, 0, 0, 1);
      for (guint i = 0; m >= 3 && i < lines->count; i++) { // never wider than the measure
        assert_true(lines->lines[i].justified || lines->lines[i].natural <= MEASURES[m] * 21 / 20);
      }
    }
  }
}

static void test_hard(void **state) {
  static const Hard HARD[] = {
      {"empty", "en", ""},
      {"space", "en", "   \n "},
      {"letter", "en", "a"},
      {"no-break spaces", "en", "10\u00a0000\u00a0000\u00a0km and a\u00a0b\u00a0c\u00a0d"},
      {"dashes", "en", "one—two—three – four -- five-six-seven-eight"},
      {"address", "en",
       "See https://www.example.org/a/very/long/path/that/goes/on?and=on&and=on#and-on for more"},
      {"five scripts", "en",
       "The word peace is السلام in Arabic, שלום in Hebrew, мир in Russian, 平和 in Japanese, "
       "शांति in Hindi and ειρήνη in Greek (all in one paragraph, with 123 numbers: ١٢٣)."},
      {"arabic", "ar",
       "قالت الوزيرة إن المشروع الجديد سيبدأ في العام 2027 وإن الشركة (Siemens AG) ستتولى البناء، "
       "مضيفة أن التكلفة تبلغ 45 مليون يورو."},
      {"hebrew", "he", "הממשלה אישרה אמש את התקציב לשנת 2027, לאחר דיון של 14 שעות (BBC)."},
      {"chinese", "zh",
       "新华社北京电：经过三年的建设，这座跨海大桥于周一正式通车，全长约55公里，"
       "将两岸之间的行车时间缩短至40分钟。“这是一个历史性的时刻”，市长说。"},
      {"japanese", "ja",
       "東京都は23日、新しい図書館を開館した。コンピューターやインターネットも自由に使える。"},
      {"thai", "th", "รัฐบาลประกาศเมื่อวานนี้ว่าจะสร้างสะพานใหม่ข้ามแม่น้ำเจ้าพระยาในปีหน้า"},
      {"german", "de",
       "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen und "
       "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz sind lange Wörter."},
      {"soft hyphens", "en",
       "un\u00adbe\u00adliev\u00ada\u00adbly in\u00adter\u00adna\u00adtion\u00adal"},
      {"marks", "en", "e\u0301a\u0300o\u0308n\u0303 z\u0351\u0352\u0353 \u0301alone"},
      {"controls", "en",
       "a\x01"
       "b\x7f"
       "c\u200bd\u200ee\u202ef\u202cg"},
      {"private", "en", "a letter \ue000 that no font has \U000f0000"},
      {"emoji", "en", "flags 🇳🇿 and families 👨‍👩‍👧 and ☀️"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(HARD); i++) {
    check_hard(*state, HARD[i].language, HARD[i].text);
  }
  g_autofree char *endless = g_strnfill(300, 'w');
  check_hard(*state, "en", endless);
}

static void test_missing(void **state) {
  Room *room = *state;
  g_autoptr(Paragraph) paragraph = paragraph_of(room, "en", "no font has \ue123, surely");
  ParagraphShape shape = {.measure = 100000};
  g_autoptr(ParagraphLines) lines = paragraph_set(paragraph, &shape, 0, 0, 1);
  for (guint i = 0; i < lines->count; i++) {
    for (guint j = 0; j < lines->lines[i].run_count; j++) {
      for (guint k = 0; k < lines->lines[i].runs[j].glyph_count; k++) {
        assert_int_not_equal(lines->lines[i].runs[j].glyphs[k].glyph, 0); // .notdef is forbidden
      }
    }
  }
  gboolean told = FALSE;
  const GPtrArray *remarks = typefaces_remarks(room->typefaces);
  for (guint i = 0; i < remarks->len; i++) {
    told |= strstr(g_ptr_array_index(remarks, i), "U+E123") != NULL;
  }
  assert_true(told);
  g_autoptr(Paragraph) zulu =
      paragraph_of(room, "xh", "amanzi amaninzi kakhulu namhlanje ngaphandle");
  shape.measure = 60000;
  paragraph_fit(zulu, &shape);
  told = FALSE;
  for (guint i = 0; i < remarks->len; i++) {
    told |= strstr(g_ptr_array_index(remarks, i), "hyphen-xh") != NULL;
  }
  assert_true(told);
}

static void test_styles(void **state) {
  Room *room = *state;
  g_autoptr(Paragraph) paragraph = paragraph_new(room->typesetter, "en");
  TypeStyle bold = BODY;
  TypeStyle caps = BODY;
  bold.bold = TRUE;
  caps.small_caps = TRUE;
  paragraph_add(paragraph, slice_of("Canberra "), &caps, NULL);
  paragraph_add(paragraph, slice_of("half a wo"), &BODY, NULL);
  paragraph_add(paragraph, slice_of("rd is bold "), &bold, "https://example.org/");
  paragraph_add(paragraph, slice_of("\n and   spaces "), &BODY, NULL);
  paragraph_add(paragraph, slice_of(" collapse \xff"), &BODY, NULL);
  ParagraphShape shape = {.measure = 400000};
  g_autoptr(ParagraphLines) lines = paragraph_set(paragraph, &shape, 0, 0, 1);
  assert_int_equal(lines->count, 1);
  assert_string_equal(lines->lines[0].text,
                      "Canberra half a word is bold and spaces collapse \xef\xbf\xbd");
  check_glyphs(&lines->lines[0]);
  guint links = 0;
  for (guint i = 0; i < lines->lines[0].run_count; i++) {
    links += lines->lines[0].runs[i].link != NULL;
  }
  assert_int_equal(links, 1);
}

static void test_balance(void **state) {
  Room *room = *state;
  g_autoptr(Paragraph) paragraph = paragraph_new(room->typesetter, "en");
  TypeStyle display = {.family = FAMILY_DISPLAY, .bold = TRUE, .size = 34000};
  paragraph_add(paragraph, slice_of("Harbour bridge to close for a year as engineers find cracks"),
                &display, NULL);
  ParagraphShape shape = {.measure = 460000, .alignment = ALIGN_BALANCED, .no_hyphens = TRUE};
  g_autoptr(ParagraphLines) lines = paragraph_set(paragraph, &shape, 0, 0, 1);
  gint32 least = G_MAXINT32;
  gint32 most = 0;
  for (guint i = 0; i < lines->count; i++) {
    least = MIN(least, lines->lines[i].natural);
    most = MAX(most, lines->lines[i].natural);
  }
  assert_true(lines->count >= 2 && most <= shape.measure);
  assert_true(least * 10 >= most * 7);
}

// A story of 20,000 words in one paragraph takes time in proportion.
static void test_long(void **state) {
  g_autofree char *text = random_text(4711, 20000);
  g_autoptr(Paragraph) paragraph = paragraph_of(*state, "en", text);
  Tally tally = {.gaps = g_array_new(FALSE, FALSE, sizeof(gint32))};
  ParagraphShape shape = {.measure = 150000};
  gint64 begin = g_get_monotonic_time();
  check_lines(paragraph, &shape, 0, &tally);
  print_message("20,000 words: %" G_GINT64_FORMAT " ms\n", (g_get_monotonic_time() - begin) / 1000);
  assert_true(tally.lines > 2000);
  g_array_unref(tally.gaps);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_bounds), cmocka_unit_test(test_looseness),
      cmocka_unit_test(test_pieces), cmocka_unit_test(test_insets),
      cmocka_unit_test(test_hard),   cmocka_unit_test(test_missing),
      cmocka_unit_test(test_styles), cmocka_unit_test(test_balance),
      cmocka_unit_test(test_long),
  };
  return cmocka_run_group_tests(tests, open_room, close_room);
}
