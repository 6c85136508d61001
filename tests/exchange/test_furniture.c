// SPDX-License-Identifier: Apache-2.0
//
// How much furniture is left out and how much reporting is kept: every file in fixtures/marked is
// an article in which ⟦furniture⟧ is marked (all of it must go, each with a note of its line) and
// ⟨what becomes a field of the story, or may stay or go⟩ too; all other words must come out in the
// story. The marks are taken off, the rest is imported, and letters and digits are compared.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "exchange/importer.h"

typedef enum PieceKind { REPORTING, FURNITURE, EITHER } PieceKind;

typedef struct Piece { // part of one line, all of one kind
  PieceKind kind;
  char *words; // letters and digits only
  char *text;
  guint line;
} Piece;

typedef struct Marked {
  GArray *pieces;
  GString *plain; // without the marks
} Marked;

typedef struct Score {
  guint reporting, lost, furniture, left, unnoted;
} Score;

static char *letters_of(const char *text) {
  GString *out = g_string_new(NULL);
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
    gunichar letter = g_utf8_get_char(at);
    if (g_unichar_isalnum(letter)) {
      g_string_append_unichar(out, letter);
    }
  }
  return g_string_free(out, FALSE);
}

static void add_piece(Marked *marked, PieceKind kind, GString *text, guint line) {
  Piece piece = {kind, letters_of(text->str), g_strdup(text->str), line};
  if (piece.words[0] != '\0') {
    g_array_append_val(marked->pieces, piece);
  } else {
    g_free(piece.words);
    g_free(piece.text);
  }
  g_string_truncate(text, 0);
}

static PieceKind kind_behind(gunichar mark) {
  return mark == 0x27E6 ? FURNITURE : (mark == 0x27E8 ? EITHER : REPORTING);
}

static Marked read_marked(const char *path) {
  g_autofree char *bytes = NULL;
  assert_true(g_file_get_contents(path, &bytes, NULL, NULL));
  Marked marked = {g_array_new(FALSE, FALSE, sizeof(Piece)), g_string_new(NULL)};
  GString *text = g_string_new(NULL);
  PieceKind kind = REPORTING;
  guint line = 1;
  for (const char *at = bytes; *at != '\0'; at = g_utf8_next_char(at)) {
    gunichar letter = g_utf8_get_char(at);
    gboolean mark = letter >= 0x27E6 && letter <= 0x27E9;
    if (mark || letter == '\n') {
      add_piece(&marked, kind, text, line);
    } else {
      g_string_append_unichar(text, letter);
    }
    kind = mark ? kind_behind(letter) : kind;
    line += letter == '\n';
    if (!mark) {
      g_string_append_unichar(marked.plain, letter);
    }
  }
  add_piece(&marked, kind, text, line);
  g_string_free(text, TRUE);
  return marked;
}

static void clear_marked(Marked *marked) {
  for (guint i = 0; i < marked->pieces->len; i++) {
    g_free(g_array_index(marked->pieces, Piece, i).words);
    g_free(g_array_index(marked->pieces, Piece, i).text);
  }
  g_array_unref(marked->pieces);
  g_string_free(marked->plain, TRUE);
}

static gboolean take_out(char *words, const char *piece) {
  char *found = strstr(words, piece);
  if (found != NULL) {
    memset(found, ' ', strlen(piece));
  }
  return found != NULL;
}

static char *story_letters(const Story *story) {
  g_autofree char *headline = letters_of(story->headline);
  g_autofree char *standfirst = letters_of(story->standfirst);
  g_autofree char *body = letters_of(story->body);
  return g_strjoin(" ", headline, standfirst, body, NULL);
}

static gboolean is_noted(const GPtrArray *notes, guint line) {
  for (guint i = 0; i < notes->len; i++) {
    const ImportNote *note = g_ptr_array_index(notes, i);
    if (note->line == line && g_str_has_prefix(note->message, "left out: ")) {
      return TRUE;
    }
  }
  return FALSE;
}

static void compare(const char *name, const Marked *marked, const Story *story,
                    const GPtrArray *notes, Score *score) {
  g_autofree char *words = story_letters(story);
  for (guint i = 0; i < marked->pieces->len; i++) {
    const Piece *piece = &g_array_index(marked->pieces, Piece, i);
    if (piece->kind == REPORTING) {
      score->reporting++;
      if (!take_out(words, piece->words)) {
        print_error("%s:%u: lost: %s\n", name, piece->line, piece->text);
        score->lost++;
      }
    }
  }
  for (guint i = 0; i < marked->pieces->len; i++) {
    const Piece *piece = &g_array_index(marked->pieces, Piece, i);
    if (piece->kind == REPORTING) {
      continue;
    }
    gboolean there = take_out(words, piece->words);
    if (piece->kind == FURNITURE) {
      score->furniture++;
      if (there) {
        print_error("%s:%u: left in: %s\n", name, piece->line, piece->text);
        score->left++;
      } else if (!is_noted(notes, piece->line)) {
        print_error("%s:%u: not told: %s\n", name, piece->line, piece->text);
        score->unnoted++;
      }
    }
  }
  const char *rest = words + strspn(words, " ");
  if (*rest != '\0') {
    print_error("%s: neither nor: %s\n", name, rest);
    score->lost++;
  }
}

static void measure_file(const char *folder, const char *name, Score *score) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  Marked marked = read_marked(path);
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc();
  const ImportSource source = {
      .path = name, .key = name, .bytes = {marked.plain->str, marked.plain->len}, .zone = zone};
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func((GDestroyNotify)import_item_free);
  g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func((GDestroyNotify)import_note_free);
  g_autoptr(GError) error = NULL;
  const Importer *importer = importer_for(&source);
  assert_non_null(importer);
  if (!importer->read(&source, items, notes, &error)) {
    fail_msg("%s: %s", name, error->message);
  }
  assert_int_equal(items->len, 1);
  compare(name, &marked, ((const ImportItem *)g_ptr_array_index(items, 0))->story, notes, score);
  clear_marked(&marked);
}

static gint compare_names(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void test_marked(void **state) {
  const char *other = g_getenv("BROADSHEET_MARKED"); // a folder of one's own, to measure with
  const char *folder = other != NULL ? other : FIXTURES "/marked";
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  GDir *listing = g_dir_open(folder, 0, NULL);
  assert_non_null(listing);
  for (const char *name = g_dir_read_name(listing); name != NULL; name = g_dir_read_name(listing)) {
    g_ptr_array_add(names, g_strdup(name));
  }
  g_dir_close(listing);
  g_ptr_array_sort(names, compare_names);
  assert_true(names->len > 0);
  Score score = {0};
  for (guint i = 0; i < names->len; i++) {
    measure_file(folder, g_ptr_array_index(names, i), &score);
  }
  print_message("%u files: %u of %u pieces of furniture left in, %u not told; %u of %u lines of "
                "reporting lost\n",
                names->len, score.left, score.furniture, score.unnoted, score.lost,
                score.reporting);
  assert_int_equal(score.lost + score.left + score.unnoted, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_marked)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
