// SPDX-License-Identifier: Apache-2.0
//
// Galleys: whatever the columns, every word of a story is poured exactly once and in order, blocks
// stay inside their columns and off each other, no line stands alone at a column's head or foot
// where it could be helped, and no subhead without its text. Stories and columns are made from
// seeds.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "edition/galley.h"

typedef struct Room {
  Typefaces *typefaces;
  Typesetter *typesetter;
  Look *look;
} Room;

static int open_room(void **state) {
  Room *room = g_new0(Room, 1);
  g_autoptr(GError) error = NULL;
  room->typefaces = typefaces_new(NULL, &error);
  room->look = room->typefaces != NULL ? look_new(NULL, EDITION_TABLOID, &error) : NULL;
  if (room->look == NULL) {
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
  look_free(room->look);
  g_free(room);
  return 0;
}

static guint32 next_random(guint32 *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  return *seed >> 8;
}

static void add_words(GString *out, guint32 *seed, guint count) {
  static const char *const WORDS[] = {
      "the",     "council",   "voted", "to",   "close", "bridge", "and",     "people", "of",
      "harbour", "engineers", "a",     "said", "never", "works",  "“again”", "for",    "traffic"};
  for (guint i = 0; i < count; i++) {
    const char *word = WORDS[next_random(seed) % G_N_ELEMENTS(WORDS)];
    g_string_append_printf(out, "%s%s", i > 0 ? " " : "The ", word);
  }
  g_string_append_c(out, '.');
}

static void add_block(GString *out, guint32 *seed) {
  switch (next_random(seed) % 14) {
  case 0:
    g_string_append(out, "## ");
    add_words(out, seed, 4);
    break;
  case 1:
    g_string_append(out, "- ");
    add_words(out, seed, 12);
    g_string_append(out, "\n- ");
    add_words(out, seed, 3);
    break;
  case 2:
    g_string_append(out, "::: pullquote\n");
    add_words(out, seed, 9);
    g_string_append(out, "\n-- Somebody\n:::");
    break;
  case 3:
    g_string_append(out, "::: factbox In brief\n");
    add_words(out, seed, 25);
    g_string_append(out, "\n:::");
    break;
  case 4:
    g_string_append(out, "![A picture](image:abcd \"What it shows | Who made it\")");
    break;
  case 5:
    g_string_append(out, "> ");
    add_words(out, seed, 20);
    break;
  case 6:
    g_string_append(out, "| One | Two |\n|---|---|\n| three | four |");
    break;
  default:
    add_words(out, seed, 5 + next_random(seed) % 90);
  }
  g_string_append(out, "\n\n");
}

static Story *story_of(guint32 seed, guint blocks) {
  Story *story = story_new();
  g_autoptr(GString) body = g_string_new(NULL);
  add_words(body, &seed, 40);
  g_string_append(body, "\n\n");
  for (guint i = 0; i < blocks; i++) {
    add_block(body, &seed);
  }
  g_free(story->body);
  story->body = g_strdup(body->str);
  g_free(story->headline);
  story->headline = g_strdup("Harbour bridge to close for a year");
  Image *image = image_new();
  image->hash = g_strdup("abcd");
  image->width = 1200;
  image->height = 1 + (gint32)(next_random(&seed) % 2400);
  if (story->images == NULL) {
    story->images = g_ptr_array_new_with_free_func((GDestroyNotify)image_free);
  }
  g_ptr_array_add(story->images, image);
  return story;
}

static void gather(GString *text, const SetBlock *block) {
  for (guint i = 0; i < block->line_count; i++) {
    const SetLine *line = &block->lines[i];
    if (block->labelled && i == 0) {
      continue;
    }
    g_string_append(text, line->text);
    if (g_str_has_suffix(text->str, "\xc2\xad")) {
      g_string_truncate(text, text->len - 2);
    } else if (line->end == LINE_END_TEXT && (line->body || block->role != ROLE_PARAGRAPH)) {
      g_string_append_c(text, ' '); // not after a drop cap
    }
  }
  for (guint i = 0; i < block->child_count; i++) {
    gather(text, block->children[i]);
  }
}

static gint compare_strings(gconstpointer a, gconstpointer b, gpointer data) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// Words in any order: floats may have changed places with paragraphs.
static char *sorted_words(const char *text) {
  g_auto(GStrv) words = g_strsplit_set(text, " \n", -1);
  g_autoptr(GPtrArray) kept = g_ptr_array_new();
  for (gsize i = 0; words[i] != NULL; i++) {
    if (words[i][0] != '\0') {
      g_ptr_array_add(kept, words[i]);
    }
  }
  g_ptr_array_sort_with_data(kept, compare_strings, NULL);
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < kept->len; i++) {
    g_string_append_printf(out, "%s ", (const char *)g_ptr_array_index(kept, i));
  }
  return g_string_free(out, FALSE);
}

typedef struct Tally {
  guint pours, widows, orphans, splits;
} Tally;

static void check_poured(const Room *room, const GalleyPour *order, const GalleyPoured *poured,
                         Tally *tally) {
  g_autofree gint *used = g_new0(gint, order->column_count + 1);
  for (guint i = 0; i < poured->placed->len; i++) {
    const GalleyPlaced *placed = &g_array_index(poured->placed, GalleyPlaced, i);
    const GalleyColumn *column = &order->columns[placed->column];
    gint row = (placed->y - column->y) / room->look->baseline;
    assert_int_equal((placed->y - column->y) % room->look->baseline, 0);
    assert_true(row >= used[placed->column]);
    used[placed->column] = row + placed->block->baselines;
    assert_true(used[placed->column] <= (gint)column->baselines);
    assert_int_equal(placed->x, column->x);
    if (placed->block->role == ROLE_PARAGRAPH) {
      tally->splits += placed->block->continued;
      tally->orphans += placed->block->continued && placed->block->baselines < 2;
      tally->widows += i > 0 && placed->block->continues && placed->block->baselines < 2;
    }
  }
  for (guint i = 0; i < order->column_count; i++) {
    assert_int_equal(poured->spare[i], (gint)order->columns[i].baselines - used[i]);
  }
}

static void pour_story(Room *room, guint32 seed, Tally *tally) {
  guint32 random = seed;
  g_autoptr(Story) story = story_of(seed, 1 + next_random(&random) % 25);
  g_autoptr(GError) error = NULL;
  g_autoptr(Galley) galley = galley_new(room->typesetter, room->look, story, "en", &error);
  assert_non_null(galley);
  g_autoptr(GString) text = g_string_new(NULL);
  GalleyPlace place = GALLEY_START;
  for (guint turn = 0; !galley_is_end(galley, place); turn++) {
    GalleyColumn columns[6] = {0};
    guint count = 1 + next_random(&random) % 6;
    for (guint i = 0; i < count; i++) {
      columns[i].baselines = 8 + next_random(&random) % 60;
      columns[i].x = (gint32)i * 120000;
      columns[i].y = 50000;
    }
    GalleyPour order = {.from = place,
                        .measure = 108000 + (gint32)(next_random(&random) % 4) * 20000,
                        .columns = columns,
                        .column_count = count,
                        .drop_cap = TRUE,
                        .continues = TRUE};
    g_autoptr(GalleyPoured) poured = galley_pour(galley, &order);
    check_poured(room, &order, poured, tally);
    for (guint i = 0; i < poured->placed->len; i++) {
      gather(text, g_array_index(poured->placed, GalleyPlaced, i).block);
    }
    gboolean moved = poured->end.block > place.block || poured->end.offset > place.offset ||
                     poured->placed->len > 0;
    assert_true(moved && turn < 400);
    place = poured->end;
    tally->pours++;
  }
  GalleyColumn tall = {.baselines = 5000};
  GalleyPour whole = {.measure = 300000, .columns = &tall, .column_count = 1, .all = TRUE};
  g_autoptr(Galley) again = galley_new(room->typesetter, room->look, story, "en", NULL);
  g_autoptr(GalleyPoured) all = galley_pour(again, &whole);
  assert_true(galley_is_end(again, all->end));
  g_autoptr(GString) wanted = g_string_new(NULL);
  for (guint i = 0; i < all->placed->len; i++) {
    gather(wanted, g_array_index(all->placed, GalleyPlaced, i).block);
  }
  g_autofree char *have = sorted_words(text->str);
  g_autofree char *want = sorted_words(wanted->str);
  assert_string_equal(have, want);
}

static void test_pours(void **state) {
  Tally tally = {0};
  for (guint32 seed = 1; seed <= 60; seed++) {
    pour_story(*state, seed * 7919, &tally);
  }
  print_message("%u pours, %u splits, %u widows, %u orphans\n", tally.pours, tally.splits,
                tally.widows, tally.orphans);
  assert_true(tally.splits > 50);
  assert_int_equal(tally.widows + tally.orphans, 0);
}

// A text that needs about as much room as there is ends within a line or two of the last column's
// foot, without holes before it.
static void test_exact(void **state) {
  Room *room = *state;
  guint exact = 0;
  for (guint32 seed = 1; seed <= 30; seed++) {
    g_autoptr(Story) story = story_new();
    g_autoptr(GString) body = g_string_new(NULL);
    guint32 random = seed * 104729;
    for (guint i = 0; i < 12; i++) {
      add_words(body, &random, 45);
      g_string_append(body, "\n\n");
    }
    g_free(story->body);
    story->body = g_strdup(body->str);
    g_autoptr(Galley) galley = galley_new(room->typesetter, room->look, story, "en", NULL);
    GalleyExtent extent = galley_body_extent(galley, GALLEY_START, 126000, FALSE);
    assert_true(extent.least <= extent.natural && extent.natural <= extent.most);
    GalleyColumn columns[3] = {0};
    for (guint i = 0; i < 3; i++) {
      columns[i].baselines = (extent.natural + 2 + i) / 3;
    }
    GalleyPour order = {.measure = 126000, .columns = columns, .column_count = 3, .all = TRUE};
    g_autoptr(GalleyPoured) poured = galley_pour(galley, &order);
    assert_true(galley_is_end(galley, poured->end));
    exact += poured->spare[0] + poured->spare[1] + poured->spare[2] <= 2;
  }
  print_message("%u of 30 fill their columns to the last lines\n", exact);
  assert_true(exact >= 24);
}

static void test_heads(void **state) {
  Room *room = *state;
  g_autoptr(Story) story = story_of(5, 2);
  g_free(story->kicker);
  story->kicker = g_strdup("Transport");
  g_autoptr(Galley) galley = galley_new(room->typesetter, room->look, story, "en", NULL);
  guint last = 0;
  for (guint size = 0; size < room->look->headline_count; size++) {
    GalleyFit fit = galley_fit_head(galley, GALLEY_HEADLINE, size, 400000);
    g_autoptr(SetBlock) block = galley_set_head(galley, GALLEY_HEADLINE, size, 400000);
    assert_int_equal(block->baselines, fit.baselines);
    assert_int_equal(block->line_count, fit.lines);
    assert_true(fit.widest <= 400000 || fit.breaks_word);
    assert_true(fit.baselines >= last);
    last = fit.baselines;
  }
  g_autoptr(SetBlock) kicker = galley_set_head(galley, GALLEY_KICKER, 0, 200000);
  assert_string_equal(kicker->lines[0].text, "Transport");
  assert_null(galley_set_head(galley, GALLEY_BYLINE, 0, 200000));
  g_autoptr(SetBlock) caption = galley_set_caption(room->typesetter, room->look, "What it shows",
                                                   "Who made it", "en", 100000);
  assert_string_equal(caption->lines[0].text, "What it shows Who made it");
  assert_null(galley_set_caption(room->typesetter, room->look, "", NULL, "en", 100000));
}

static void test_bad_text(void **state) {
  Room *room = *state;
  g_autoptr(Story) story = story_new();
  g_free(story->body);
  story->body = g_strdup("::: nosuchthing\n\xff");
  g_free(story->headline);
  story->headline = g_strdup("Broken");
  g_autoptr(GError) error = NULL;
  assert_null(galley_new(room->typesetter, room->look, story, "en", &error));
  assert_non_null(strstr(error->message, "Broken"));
  g_free(story->body);
  story->body = g_strdup("");
  g_autoptr(Galley) empty = galley_new(room->typesetter, room->look, story, "en", NULL);
  assert_true(galley_is_end(empty, GALLEY_START));
  GalleyColumn column = {.baselines = 10};
  GalleyPour order = {.measure = 100000, .columns = &column, .column_count = 1, .all = TRUE};
  g_autoptr(GalleyPoured) poured = galley_pour(empty, &order);
  assert_int_equal(poured->spare[0], 10);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_pours),
      cmocka_unit_test(test_exact),
      cmocka_unit_test(test_heads),
      cmocka_unit_test(test_bad_text),
  };
  return cmocka_run_group_tests(tests, open_room, close_room);
}
