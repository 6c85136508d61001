// SPDX-License-Identifier: Apache-2.0
//
// Compares the words of the stories with those that a PDF's elements give out (score.h): each word
// of a story must be found in the story's own element as often as it was written, and the words of
// its text in the order in which they were written.
#include <string.h>

#include "edition/score_parts.h"
#include "press/markup.h"

#define FAR 200 // words: what is found farther on was found in something that stands apart

// The letters of a text without white space, soft hyphens and directions, word by word.
static char **words_of(const char *text) {
  g_autoptr(GString) clean = g_string_new(NULL);
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
    gunichar letter = g_utf8_get_char(at);
    GUnicodeType type = g_unichar_type(letter);
    if (type == G_UNICODE_FORMAT || (type == G_UNICODE_CONTROL && !g_unichar_isspace(letter))) {
      continue; // nobody reads them
    }
    g_string_append_unichar(clean, g_unichar_isspace(letter) ? ' ' : letter);
  }
  return g_strsplit(clean->str, " ", -1);
}

typedef struct Drawn {
  GHashTable *places; // word -> GArray of guint: where it stands, not yet taken
} Drawn;

static Drawn drawn_of(const char *text) {
  g_auto(GStrv) words = words_of(text);
  Drawn drawn = {
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref)};
  for (guint i = 0; words[i] != NULL; i++) {
    if (*words[i] == '\0') {
      continue;
    }
    GArray *places = g_hash_table_lookup(drawn.places, words[i]);
    if (places == NULL) {
      places = g_array_new(FALSE, FALSE, sizeof(guint));
      g_hash_table_insert(drawn.places, g_strdup(words[i]), places);
    }
    g_array_append_val(places, i);
  }
  return drawn;
}

// Takes each of the text's words: the first one after the word before it, else any that is left.
static void take_words(const char *text, Drawn *drawn, EditionScore *score) {
  g_auto(GStrv) words = words_of(text != NULL ? text : "");
  guint after = 0;
  for (guint i = 0; words[i] != NULL; i++) {
    if (*words[i] == '\0') {
      continue;
    }
    score->words++;
    GArray *places = g_hash_table_lookup(drawn->places, words[i]);
    if (places == NULL || places->len == 0) {
      score->words_missing++;
      continue;
    }
    guint taken = 0;
    while (taken < places->len && g_array_index(places, guint, taken) < after) {
      taken++;
    }
    if (taken == places->len) {
      score->words_astray++;
      taken = 0;
    } else if (g_array_index(places, guint, taken) < after + FAR) {
      after = g_array_index(places, guint, taken);
    }
    g_array_remove_index(places, taken);
  }
}

static guint find_article(const PdfScan *scan, guint story) {
  g_autofree char *id = g_strdup_printf("story%u", story + 1);
  for (guint i = 0; i < scan->elements->len; i++) {
    const ScanElement *element = scan->elements->pdata[i];
    if (strcmp(element->tag, "Art") == 0 && strcmp(element->id, id) == 0) {
      return i;
    }
  }
  return SCORE_NONE;
}

void score_words(const ScoreKit *kit, EditionScore *score) {
  for (guint i = 0; i < kit->content->stories->len; i++) {
    const Story *story = ((const EditionStory *)kit->content->stories->pdata[i])->story;
    guint article = find_article(kit->scan, i);
    g_autofree char *text = pdf_scan_text(kit->scan, article);
    g_autoptr(Document) document = markup_parse(slice_of(story->body), NULL);
    g_autofree char *body = document != NULL ? document_text(document) : NULL;
    Drawn drawn = drawn_of(text);
    take_words(story->headline, &drawn, score);
    take_words(story->standfirst, &drawn, score);
    take_words(body, &drawn, score);
    g_hash_table_unref(drawn.places);
  }
}
