// SPDX-License-Identifier: Apache-2.0
//
// Fills a newspaper (made by `broadsheet init`) with generated stories, the same ones every time:
//
//     generate_stories FOLDER COUNT
//
// Six sections, 500 topics (two a story), 100 authors, 150 to 250 words a story, published over
// twelve years, oldest first. For bench/scale; goes through store/story_rows, as everything does.
#include <stdio.h>
#include <string.h>

#include "app/paper.h"
#include "base/clock.h"
#include "store/people_rows.h"
#include "store/site_rows.h"
#include "store/story_rows.h"

#define SECTIONS 6
#define TOPICS 500
#define AUTHORS 100
#define BATCH 20000
#define WORDS 6000

typedef struct Generator {
  guint64 state;
  gint64 sections[SECTIONS], topics[TOPICS], authors[AUTHORS];
  char words[WORDS][12];
} Generator;

static guint64 next(Generator *generator) { // xorshift64*
  generator->state ^= generator->state >> 12;
  generator->state ^= generator->state << 25;
  generator->state ^= generator->state >> 27;
  return generator->state * G_GUINT64_CONSTANT(2685821657736338717);
}

// Some words are common and most are rare, as in any language.
static const char *word(Generator *generator) {
  guint64 random = next(generator) >> 11;
  guint64 range = (random & 3) == 0 ? WORDS : (random & 3) == 1 ? 600 : 60;
  return generator->words[(random >> 2) % range];
}

static void make_words(Generator *generator) {
  static const char *const SYLLABLES[] = {"ba", "re",  "to", "li",  "na", "ver",
                                          "mo", "sta", "ni", "ker", "du", "pol"};
  for (guint i = 0; i < WORDS; i++) {
    guint number = i * 7 + 11;
    for (guint part = 0; part < 2 + i % 2; part++) {
      g_strlcat(generator->words[i], SYLLABLES[number % G_N_ELEMENTS(SYLLABLES)],
                sizeof generator->words[i]);
      number /= (guint)G_N_ELEMENTS(SYLLABLES);
    }
    char tail[4] = {(char)('a' + i % 26), (char)('a' + i / 26 % 26), '\0', '\0'};
    g_strlcat(generator->words[i], tail, sizeof generator->words[i]);
  }
}

static gboolean make_lists(Generator *generator, StoreTransaction *transaction, GError **error) {
  char slug[32];
  char name[32];
  for (guint i = 0; i < SECTIONS; i++) {
    g_snprintf(slug, sizeof slug, "section-%u", i + 1);
    g_snprintf(name, sizeof name, "Section %u", i + 1);
    Section section = {
        .slug = slug, .name = name, .description = (char *)"", .position = (gint32)i};
    if ((generator->sections[i] = section_rows_put(transaction, &section, error)) == 0) {
      return FALSE;
    }
  }
  for (guint i = 0; i < TOPICS; i++) {
    g_snprintf(slug, sizeof slug, "topic-%u", i + 1);
    g_snprintf(name, sizeof name, "Topic %u", i + 1);
    Topic topic = {.slug = slug, .name = name, .description = (char *)""};
    if ((generator->topics[i] = topic_rows_put(transaction, &topic, error)) == 0) {
      return FALSE;
    }
  }
  for (guint i = 0; i < AUTHORS; i++) {
    g_snprintf(slug, sizeof slug, "author-%u", i + 1);
    g_snprintf(name, sizeof name, "Author %u", i + 1);
    Author author = {.slug = slug, .name = name, .role = (char *)"", .bio = (char *)""};
    if ((generator->authors[i] = author_rows_put(transaction, &author, error)) == 0) {
      return FALSE;
    }
  }
  return TRUE;
}

static char *sentence(Generator *generator, guint words) {
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < words; i++) {
    g_string_append_printf(out, "%s%s", i > 0 ? " " : "", word(generator));
  }
  out->str[0] = g_ascii_toupper(out->str[0]);
  return g_string_free(out, FALSE);
}

static void add_list(Generator *generator, Story *story) {
  Author *author = g_new0(Author, 1);
  guint which = (guint)(next(generator) >> 33) % AUTHORS;
  author->id = generator->authors[which];
  author->name = g_strdup_printf("Author %u", which + 1);
  Byline *byline = g_new0(Byline, 1);
  byline->author = author;
  byline->role = g_strdup("");
  g_ptr_array_add(story->bylines, byline);
  guint first = (guint)(next(generator) >> 33) % TOPICS;
  for (guint i = 0; i < 2; i++) {
    Topic *topic = g_new0(Topic, 1);
    topic->id = generator->topics[(first + i * 7) % TOPICS];
    g_ptr_array_add(story->topics, topic);
  }
}

static Story *make_story(Generator *generator, guint64 number, guint64 count) {
  Story *story = story_new();
  g_free(story->headline);
  g_free(story->standfirst);
  g_free(story->slug);
  g_free(story->body);
  g_autofree char *head = sentence(generator, 6);
  story->headline = g_strdup_printf("%s rare%" G_GUINT64_FORMAT, head, number);
  story->standfirst = sentence(generator, 14);
  story->slug = g_strdup_printf("story-%" G_GUINT64_FORMAT, number);
  GString *body = g_string_new(NULL);
  guint paragraphs = 4 + (guint)(next(generator) >> 60) % 3;
  for (guint i = 0; i < paragraphs; i++) {
    g_autofree char *text = sentence(generator, 40);
    g_string_append_printf(body, "%s%s.", i > 0 ? "\n\n" : "", text);
  }
  story->body = g_string_free(body, FALSE);
  story->word_count = (gint32)(paragraphs * 40);
  story->section = g_new0(Section, 1);
  // Two thirds of all stories stand in the first section, so that it has a page 10,000.
  guint64 random = next(generator) >> 33;
  story->section->id = generator->sections[random % 3 < 2 ? 0 : random % SECTIONS];
  story->status = STORY_PUBLISHED;
  gint64 years = 12 * 365 * CLOCK_DAY;
  gint64 end = G_GINT64_CONSTANT(1764000000) * CLOCK_SECOND;
  story->published_at = end - years + (gint64)((double)years * (double)number / (double)count);
  add_list(generator, story);
  return story;
}

static gboolean fill(Paper *paper, guint64 count, GError **error) {
  g_autofree Generator *generator = g_new0(Generator, 1);
  generator->state = 88172645463325252u;
  make_words(generator);
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc();
  StoreTransaction *transaction = store_begin_write(paper->store, error);
  gboolean good = transaction != NULL && make_lists(generator, transaction, error);
  for (guint64 number = 1; number <= count && good; number++) {
    g_autoptr(Story) story = make_story(generator, number, count);
    good =
        story_rows_insert(transaction, story, "generated", story->published_at, zone, error) != 0;
    if (good && (number % BATCH == 0 || number == count)) {
      good = site_rows_bump_revision(transaction, story->published_at, error) > 0 &&
             store_commit(&transaction, error);
      fprintf(stderr, "\r%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT, number, count);
      if (good && number < count) {
        transaction = store_begin_write(paper->store, error);
        good = transaction != NULL;
      }
    }
  }
  fprintf(stderr, "\n");
  if (transaction != NULL) {
    store_rollback(transaction);
  }
  return good;
}

int main(int argc, char **argv) {
  guint64 count = 0;
  if (argc != 3 || !slice_parse_uint(slice_of(argv[2]), 100000000, &count)) {
    fprintf(stderr, "usage: generate_stories FOLDER COUNT\n");
    return 2;
  }
  g_autoptr(GError) error = NULL;
  Paper *paper = paper_open(argv[1], PAPER_EXISTING, &error);
  gboolean good = paper != NULL && fill(paper, count, &error);
  if (!good) {
    fprintf(stderr, "generate_stories: %s\n", error->message);
  }
  paper_close(paper);
  return good ? 0 : 1;
}
