// SPDX-License-Identifier: Apache-2.0
//
// set_edition STORIES PICTURES WORDS JPEG OUT.pdf [OUT.html [PAGES]]: lays out made-up stories of
// so many words, some with a picture, and prints CPU milliseconds, pages and bytes. The HTML has
// the same text for others to set. The picture's bytes are taken as they are: nothing is decoded or
// encoded. Called by bench/edition/run.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "edition/edition.h"
#include "press/page.h"

static const char TEXT[] =
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

static guint32 next_random(guint32 *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  return *seed >> 8;
}

// Runs of a few words, each word now and then another one's beginning with a number: 10,000 kinds.
static char *make_body(char **words, guint count, guint wanted, guint32 seed) {
  GString *body = g_string_new(NULL);
  guint at = next_random(&seed) % count;
  guint left = 40 + next_random(&seed) % 40;
  for (guint i = 0; i < wanted; i++, at++) {
    at = next_random(&seed) % 8 == 0 ? next_random(&seed) : at;
    g_string_append(body, words[at % count]);
    gboolean ends = --left == 0 || i + 1 == wanted;
    g_string_append(body, ends ? ".\n\n" : " ");
    left = ends ? 40 + next_random(&seed) % 40 : left;
  }
  return g_string_free(body, FALSE);
}

static void replace(char **field, char *text) {
  g_free(*field);
  *field = text;
}

static EditionStory *make_story(char **words, guint count, guint wanted, guint number,
                                gboolean picture, const Section *section) {
  EditionStory *entry = g_new0(EditionStory, 1);
  Story *story = story_new();
  story->id = number + 1;
  replace(&story->slug, g_strdup_printf("story-%u", number));
  replace(&story->headline,
          g_strdup_printf("Harbour bridge number %u to close for a year", number));
  replace(&story->standfirst,
          g_strdup("Engineers found cracks in two of its piers; a ferry is to run instead"));
  replace(&story->body, make_body(words, count, wanted, number * 7919 + 1));
  story->section = section_copy(section);
  if (picture) {
    story->hero = image_new();
    story->hero->id = number + 1;
    story->hero->hash = g_strdup_printf("%040u", number);
    story->hero->format = FORMAT_JPEG;
    story->hero->width = 1600;
    story->hero->height = 1067;
    replace(&story->hero->alt, g_strdup("A bridge"));
    replace(&story->hero->caption, g_strdup("The bridge at dawn, before the closing"));
  }
  entry->story = story;
  entry->weight = number == 0 ? WEIGHT_LEAD : number < 8 ? WEIGHT_SECOND : WEIGHT_BRIEF;
  entry->on_front = number < 8;
  return entry;
}

static EditionContent *make_content(guint stories, guint pictures, guint wanted) {
  static const char *const SECTIONS[] = {"News", "World", "Business", "Culture", "Sport"};
  EditionContent *content = edition_content_new();
  g_auto(GStrv) words = g_strsplit(TEXT, " ", -1);
  Section section = {.id = 1};
  replace(&content->identifier, g_strdup("urn:uuid:00000000-0000-4000-8000-000000000000"));
  content->day = 20261123;
  content->number = 1;
  content->made_at = G_GINT64_CONSTANT(1795500000) * CLOCK_SECOND;
  content->site = site_new();
  replace(&content->site->name, g_strdup("The Bench"));
  replace(&content->site->language, g_strdup("en"));
  replace(&content->site->base_url, g_strdup("https://bench.example"));
  for (guint i = 0; i < stories; i++) {
    guint part = i * G_N_ELEMENTS(SECTIONS) / MAX(stories, 1);
    section.id = part + 1;
    section.slug = section.name = (char *)SECTIONS[part];
    section.description = (char *)"";
    section.position = (gint32)part;
    gboolean picture =
        (guint64)i * pictures / MAX(stories, 1) != (guint64)(i + 1) * pictures / MAX(stories, 1);
    g_ptr_array_add(content->stories,
                    make_story(words, g_strv_length(words), wanted, i, picture, &section));
  }
  return content;
}

static GBytes *picture_of(const Image *image, CropRectangle crop, gint32 width, gpointer data,
                          GError **error) {
  return g_bytes_ref(data);
}

static void write_html(const EditionContent *content, const char *jpeg, const char *path) {
  g_autoptr(GString) out = g_string_new(
      "<!doctype html><html lang=en><meta charset=utf-8><title>Bench</title><style>"
      "@page{size:280mm 430mm;margin:14mm 12mm}body{font:8.9pt/10.5pt 'Noto Serif',serif;margin:0}"
      "article{columns:5;column-gap:4mm;column-rule:.25pt solid;text-align:justify;hyphens:auto}"
      "h2{column-span:all;font-size:24pt;line-height:1.05;margin:10pt 0 4pt}img{width:100%}"
      "p{margin:0;text-indent:9pt;orphans:2;widows:2}</style>");
  for (guint i = 0; i < content->stories->len; i++) {
    const Story *story = ((const EditionStory *)content->stories->pdata[i])->story;
    g_string_append_printf(out, "<article><h2>%s</h2>", story->headline);
    if (story->hero != NULL) {
      g_string_append_printf(out, "<img src='file://%s'>", jpeg);
    }
    g_auto(GStrv) paragraphs = g_strsplit(story->body, "\n\n", -1);
    for (gsize j = 0; paragraphs[j] != NULL; j++) {
      g_string_append_printf(out, "<p>%s</p>", paragraphs[j]);
    }
    g_string_append(out, "</article>");
  }
  g_file_set_contents(path, out->str, (gssize)out->len, NULL);
}

int main(int argc, char **argv) {
  if (argc < 6) {
    fprintf(stderr, "usage: set_edition STORIES PICTURES WORDS JPEG OUT.pdf [OUT.html [PAGES]]\n");
    return 2;
  }
  g_autoptr(GError) error = NULL;
  char *bytes = NULL;
  gsize length = 0;
  g_autoptr(Press) press = press_new(NULL, &error);
  if (press == NULL || !g_file_get_contents(argv[4], &bytes, &length, &error)) {
    fprintf(stderr, "%s\n", error->message);
    return 1;
  }
  g_autoptr(GBytes) jpeg = g_bytes_new_take(bytes, length);
  g_autoptr(EditionContent) content =
      make_content((guint)atoi(argv[1]), (guint)atoi(argv[2]), (guint)atoi(argv[3]));
  if (argc > 6 && *argv[6] != 0) {
    write_html(content, argv[4], argv[6]);
  }
  EditionJob job = {.content = content,
                    .format = EDITION_TABLOID,
                    .pages = argc > 7 ? atoi(argv[7]) : 0,
                    .locale = press_locale(press, "en"),
                    .picture = picture_of,
                    .data = jpeg};
  clock_t begun = clock();
  g_autoptr(EditionPrint) print = edition_print(&job, &error);
  clock_t ended = clock();
  if (print == NULL || !g_file_set_contents(argv[5], g_bytes_get_data(print->pdf, NULL),
                                            (gssize)g_bytes_get_size(print->pdf), &error)) {
    fprintf(stderr, "%s\n", error->message);
    return 1;
  }
  printf("%.0f %u %" G_GSIZE_FORMAT "\n", (double)(ended - begun) * 1000 / CLOCKS_PER_SEC,
         print->sheets->len, g_bytes_get_size(print->pdf));
  return 0;
}
