// SPDX-License-Identifier: Apache-2.0
//
// Writes one of every kind of page from the sample stories, with the theme's assets beside
// them, so that a theme can be looked at without a server: preview SAMPLE OUT LANGUAGE [COUNT
// [pictures|none]]. For theme makers and tests/browser; not installed. Reads just enough of the
// front matter.
#include <glib/gstdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/text.h"
#include "model/address.h"
#include "press/press.h"
#include "press/structured_data.h"

typedef struct Preview {
  const char *sample, *out, *language;
  gboolean pictures;
  Press *press;
  Site *site;
  GPtrArray *stories; // Story *
  GPtrArray *teasers; // Teaser *
  GString *map;       // "id file" a line, for whoever serves the pictures
} Preview;

static const gint64 NOW = G_GINT64_CONSTANT(1795435200) * G_USEC_PER_SEC; // 2026-11-23T12:00:00Z

static void set_text(char **field, const char *text) {
  g_free(*field);
  *field = g_strdup(text);
}

// What stands between `open` and `close`, or NULL. Caller frees.
static char *between(const char *text, const char *open, const char *close) {
  const char *at = text != NULL ? strstr(text, open) : NULL;
  const char *end = at != NULL ? strstr(at + strlen(open), close) : NULL;
  return end != NULL ? g_strndup(at + strlen(open), (gsize)(end - at) - strlen(open)) : NULL;
}

static char *front_matter(const char *text, const char *key) {
  g_autofree char *open = g_strdup_printf("\n%s: ", key);
  char *value = between(text, open, "\n");
  return value != NULL ? g_strdelimit(value, "\"[]", ' ') : NULL;
}

static Image *picture_of(Preview *preview, const char *line) {
  g_autofree char *file = between(line, "file: ", ",");
  if (file == NULL || !preview->pictures) {
    return NULL;
  }
  Image *image = image_new();
  image->id = 1 + (gint64)g_str_hash(file) % 100000;
  image->hash = g_compute_checksum_for_string(G_CHECKSUM_SHA1, file, -1);
  image->format = FORMAT_JPEG;
  image->width = 1800;
  image->height = g_str_has_prefix(file, "portrait") ? 1800 : 1200;
  g_autofree char *alt = between(line, "alt: \"", "\"");
  g_autofree char *caption = between(line, "caption: \"", "\"");
  g_autofree char *credit = between(line, "credit: \"", "\"");
  set_text(&image->alt, alt != NULL ? alt : "");
  set_text(&image->caption, caption != NULL ? caption : "");
  set_text(&image->credit, credit != NULL ? credit : "");
  g_string_append_printf(preview->map, "%" G_GINT64_FORMAT " %s\n", image->id, file);
  return image;
}

static void add_names(Story *story, const char *authors, const char *topics) {
  g_auto(GStrv) names = g_strsplit(authors != NULL ? authors : "Staff", ",", -1);
  for (gsize i = 0; names[i] != NULL; i++) {
    Byline *byline = g_new0(Byline, 1);
    byline->author = g_new0(Author, 1);
    byline->author->id = 1 + (gint64)i;
    byline->author->name = g_strdup(g_strstrip(names[i]));
    byline->author->slug = text_slug(names[i], 60);
    byline->author->role = g_strdup("Correspondent");
    byline->author->bio = g_strdup("Writes about the *port*, the ferries and the weather.");
    byline->role = g_strdup("");
    g_ptr_array_add(story->bylines, byline);
  }
  g_auto(GStrv) subjects = g_strsplit(topics != NULL ? topics : "", ",", -1);
  for (gsize i = 0; subjects[i] != NULL; i++) {
    Topic *topic = g_new0(Topic, 1);
    topic->id = 1 + (gint64)i;
    topic->name = g_strdup(g_strstrip(subjects[i]));
    topic->slug = text_slug(subjects[i], 60);
    topic->description = g_strdup("");
    g_ptr_array_add(story->topics, topic);
  }
}

static const Section *section_named(Preview *preview, const char *name) {
  for (guint i = 0; i < preview->site->sections->len; i++) {
    const Section *section = preview->site->sections->pdata[i];
    if (name != NULL && strcmp(section->name, name) == 0) {
      return section;
    }
  }
  Section *section = g_new0(Section, 1);
  section->id = 1 + preview->site->sections->len;
  section->name = g_strdup(name != NULL ? name : "News");
  section->slug = text_slug(section->name, 40);
  section->description = g_strdup("What happened, and what it means.");
  g_ptr_array_add(preview->site->sections, section);
  return section;
}

static void set_correction(Story *story, const char *text) {
  g_autofree char *wrong = between(text, "wrong: \"", "\"");
  g_autofree char *right = between(text, "right: \"", "\"");
  if (wrong != NULL && right != NULL) {
    Correction *correction = g_new0(Correction, 1);
    correction->story_id = story->id;
    correction->corrected_at = NOW - 3 * G_TIME_SPAN_HOUR;
    correction->wrong = g_strdup(wrong);
    correction->right = g_strdup(right);
    g_ptr_array_add(story->corrections, correction);
  }
}

static Story *read_story(Preview *preview, const char *name, guint number) {
  g_autofree char *path = g_build_filename(preview->sample, "stories", name, NULL);
  g_autofree char *text = NULL;
  if (!g_file_get_contents(path, &text, NULL, NULL)) {
    return NULL;
  }
  g_autofree char *head = between(text, "---", "\n---\n");
  static const char *const KEYS[] = {"headline", "standfirst", "kicker", "dateline", "language"};
  Story *story = story_new();
  char **const fields[] = {&story->headline, &story->standfirst, &story->kicker, &story->dateline,
                           &story->language};
  for (gsize i = 0; i < G_N_ELEMENTS(KEYS); i++) {
    g_autofree char *value = front_matter(head, KEYS[i]);
    set_text(fields[i], value != NULL ? g_strstrip(value) : "");
  }
  g_autofree char *section = front_matter(head, "section");
  g_autofree char *authors = front_matter(head, "author");
  g_autofree char *topics = front_matter(head, "topics");
  g_autofree char *date = front_matter(head, "date");
  g_autofree char *picture = between(head, "\nimage: {", "}");
  story->id = 17667000 + number;
  story->slug = text_slug(story->headline, 60);
  story->section = section_copy(section_named(preview, section));
  story->published_at = NOW - number * G_TIME_SPAN_HOUR;
  clock_parse(date != NULL ? g_strstrip(date) : "", preview->site->zone, &story->published_at);
  story->updated_at = number % 3 == 0 ? story->published_at + G_TIME_SPAN_HOUR : 0;
  story->hero = picture_of(preview, picture);
  const char *body = strstr(text + 3, "\n---\n");
  set_text(&story->body, body != NULL ? body + strlen("\n---\n") : "");
  story->word_count = (gint32)text_count_words(story->body);
  add_names(story, authors, topics);
  set_correction(story, head);
  return story;
}

static gint newest_first(gconstpointer a, gconstpointer b) {
  const Story *first = *(Story *const *)a;
  const Story *second = *(Story *const *)b;
  return first->published_at < second->published_at   ? 1
         : first->published_at > second->published_at ? -1
                                                      : 0;
}

static void write_page(Preview *preview, const char *name, GString *page) {
  g_autofree char *path = g_build_filename(preview->out, name, NULL);
  g_autoptr(GError) error = NULL;
  if (!g_file_set_contents(path, page->str, (gssize)page->len, &error)) {
    g_error("%s", error->message);
  }
  g_print("%s %" G_GSIZE_FORMAT "\n", name, page->len);
  g_string_truncate(page, 0);
}

static GPtrArray *some_teasers(Preview *preview, guint from, guint count) {
  GPtrArray *list = g_ptr_array_new();
  for (guint i = from; i < preview->teasers->len && list->len < count; i++) {
    g_ptr_array_add(list, preview->teasers->pdata[i]);
  }
  return list;
}

static Front *make_front(Preview *preview, guint count) {
  Front *front = g_new0(Front, 1);
  front->slots = g_ptr_array_new();
  for (guint i = 0; i < MIN(count, MIN(13, preview->teasers->len)); i++) {
    FrontSlot *slot = g_new0(FrontSlot, 1);
    slot->weight = i == 0 ? WEIGHT_LEAD : i < 7 ? WEIGHT_SECOND : WEIGHT_BRIEF;
    slot->story = preview->teasers->pdata[i];
    g_ptr_array_add(front->slots, slot);
  }
  return front;
}

static GPtrArray *make_blocks(Preview *preview, guint from, guint count) {
  GPtrArray *blocks = g_ptr_array_new();
  for (guint s = 0; s < preview->site->sections->len; s++) {
    SectionBlock *block = g_new0(SectionBlock, 1);
    block->section = preview->site->sections->pdata[s];
    block->stories = g_ptr_array_new();
    for (guint i = from; i < MIN(count, preview->teasers->len) && block->stories->len < 7; i++) {
      Teaser *teaser = preview->teasers->pdata[i];
      if (teaser->section_id == block->section->id) {
        g_ptr_array_add(block->stories, teaser);
      }
    }
    g_ptr_array_add(blocks, block);
  }
  return blocks;
}

static void write_front_page(Preview *preview, guint count, GString *out) {
  FrontPage page = {.context = {preview->site, NOW, "/"},
                    .front = make_front(preview, count),
                    .blocks = make_blocks(preview, 13, count),
                    .latest = some_teasers(preview, 0, MIN(count, 9))};
  page_front(preview->press, &page, out, NULL);
  clock_t begin = clock();
  GString *again = g_string_new(NULL);
  for (int i = 0; i < 200; i++) {
    g_string_truncate(again, 0);
    page_front(preview->press, &page, again, NULL);
  }
  g_print("front page: %.1f us of CPU\n", (double)(clock() - begin) * 1e6 / CLOCKS_PER_SEC / 200);
  g_string_free(again, TRUE);
  write_page(preview, "index.html", out);
}

// Headlines that no one should write: 300 letters without a space, one letter, none of the usual.
static void write_extremes(Preview *preview, GString *out) {
  static const char *const HEADLINES[] = {
      NULL, "A",  "Donaudampfschifffahrtsgesellschaftskapitän tritt ab",
      "!?", NULL, "Rindfleischetikettierungsüberwachungsaufgabenübertragung"};
  Front *front = make_front(preview, 13);
  g_autofree char *wide = g_strnfill(300, 'W');
  for (guint i = 0; i < front->slots->len; i++) {
    FrontSlot *slot = front->slots->pdata[i];
    const char *headline = HEADLINES[i % G_N_ELEMENTS(HEADLINES)];
    set_text(&slot->story->headline, headline != NULL ? headline : wide);
    set_text(&slot->story->kicker, headline != NULL ? "" : wide);
    set_text(&slot->story->standfirst, wide);
  }
  FrontPage page = {
      .context = {preview->site, NOW, "/"}, .front = front, .latest = some_teasers(preview, 0, 6)};
  page_front(preview->press, &page, out, NULL);
  write_page(preview, "extreme.html", out);
  if (preview->stories->len > 0) {
    Story *story = preview->stories->pdata[0];
    set_text(&story->headline, wide);
    set_text(&story->standfirst, wide);
    set_text(&story->dateline, wide);
    StoryPage whole = {.context = {preview->site, NOW, "/"}, .story = story};
    page_story(preview->press, &whole, out, NULL);
    write_page(preview, "extreme-story.html", out);
  }
}

static void write_stories(Preview *preview, GString *out) {
  for (guint i = 0; i < preview->stories->len; i++) {
    const Story *story = preview->stories->pdata[i];
    g_autofree char *path = address_story(story->section->slug, story->slug, story->id);
    g_autofree char *data = structured_data_story(preview->site, story, "/logo.png");
    StoryPage page = {.context = {preview->site, NOW, path},
                      .story = story,
                      .related = some_teasers(preview, i + 1, 4),
                      .structured_data = data};
    page_story(preview->press, &page, out, NULL);
    g_autofree char *name = g_strdup_printf("story-%02u.html", i);
    if (i == 0) {
      clock_t begin = clock();
      GString *again = g_string_new(NULL);
      for (int n = 0; n < 1000; n++) {
        g_string_truncate(again, 0);
        page_story(preview->press, &page, again, NULL);
      }
      g_print("story page: %.1f us of CPU\n",
              (double)(clock() - begin) * 1e6 / CLOCKS_PER_SEC / 1000);
      g_string_free(again, TRUE);
    }
    write_page(preview, name, out);
    if (i == 0) {
      page.printable = TRUE;
      page_story(preview->press, &page, out, NULL);
      write_page(preview, "print.html", out);
    }
  }
}

static void write_listings(Preview *preview, GString *out) {
  Story *story = preview->stories->pdata[0];
  Byline *byline = story->bylines->pdata[0];
  byline->author->portrait = picture_of(preview, "file: portrait-mara-lindqvist.jpg,");
  const Section *section = preview->site->sections->pdata[0];
  ListingPage pages[] = {{.listing = {LISTING_SECTION, section->id},
                          .section = section,
                          .front = make_front(preview, 9)},
                         {.listing = {LISTING_TOPIC, 1}, .topic = story->topics->pdata[0]},
                         {.listing = {LISTING_AUTHOR, 1}, .author = byline->author},
                         {.listing = {LISTING_ALL, 0}}};
  static const char *const NAMES[] = {"section.html", "topic.html", "author.html", "latest.html"};
  for (gsize i = 0; i < G_N_ELEMENTS(pages); i++) {
    pages[i].context = (PageContext){preview->site, NOW, "/"};
    pages[i].stories = some_teasers(preview, 8, 12);
    pages[i].page = i == 3 ? 5000 : 1;
    pages[i].page_count = 12345;
    pages[i].total = 246900;
    page_listing(preview->press, &pages[i], out, NULL);
    write_page(preview, NAMES[i], out);
  }
}

static void write_small_pages(Preview *preview, GString *out) {
  SearchPage search = {
      {preview->site, NOW, "/search?q=tram"}, "tram", some_teasers(preview, 3, 8), 1, 9, 81};
  page_search(preview->press, &search, out, NULL);
  write_page(preview, "search.html", out);
  CorrectionsPage corrections = {
      {preview->site, NOW, "/corrections"}, g_ptr_array_new(), preview->teasers, 1, 1};
  GArray *days = g_array_new(FALSE, FALSE, sizeof(DayCount));
  for (guint i = 0; i < preview->stories->len; i++) {
    const Story *story = preview->stories->pdata[i];
    for (guint n = 0; n < story->corrections->len; n++) {
      g_ptr_array_add(corrections.corrections, story->corrections->pdata[n]);
    }
    DayCount day = {clock_day(story->published_at, preview->site->zone), 1 + i % 5};
    if (days->len == 0 || g_array_index(days, DayCount, days->len - 1).day != day.day) {
      g_array_append_val(days, day);
    }
  }
  page_corrections(preview->press, &corrections, out, NULL);
  write_page(preview, "corrections.html", out);
  static const gint32 DATES[][3] = {{0, 0, 0}, {2026, 11, 0}, {2026, 11, 23}};
  static const char *const NAMES[] = {"archive.html", "month.html", "day.html"};
  for (gsize i = 0; i < G_N_ELEMENTS(DATES); i++) {
    ArchivePage archive = {{preview->site, NOW, "/archive"},
                           DATES[i][0],
                           DATES[i][1],
                           DATES[i][2],
                           days,
                           i == 2 ? some_teasers(preview, 0, 6) : NULL,
                           1,
                           1};
    page_archive(preview->press, &archive, out, NULL);
    write_page(preview, NAMES[i], out);
  }
  MessagePage message = {{preview->site, NOW, "/nowhere"}, 404, some_teasers(preview, 0, 4)};
  page_message(preview->press, &message, out, NULL);
  write_page(preview, "404.html", out);
  message.status = 503;
  message.suggestions = NULL;
  page_message(preview->press, &message, out, NULL);
  write_page(preview, "503.html", out);
}

static void read_stories(Preview *preview, guint count) {
  g_autofree char *folder = g_build_filename(preview->sample, "stories", NULL);
  g_autoptr(GDir) directory = g_dir_open(folder, 0, NULL);
  g_assert(directory != NULL);
  guint number = 0;
  for (const char *name; (name = g_dir_read_name(directory)) != NULL;) {
    Story *story = read_story(preview, name, ++number);
    g_assert(story != NULL);
    g_ptr_array_add(preview->stories, story);
  }
  g_ptr_array_sort(preview->stories, newest_first);
  for (guint i = 0; i < count && preview->stories->len > 0; i++) {
    Teaser *teaser = teaser_of(preview->stories->pdata[i % preview->stories->len]);
    g_ptr_array_add(preview->teasers, teaser);
  }
}

int main(int argc, char **argv) {
  if (argc < 4) {
    g_printerr("usage: preview SAMPLE OUT LANGUAGE [COUNT [none]]\n");
    return 2;
  }
  Preview preview = {.sample = argv[1],
                     .out = argv[2],
                     .language = argv[3],
                     .pictures = argc < 6,
                     .press = press_new(NULL, NULL),
                     .site = site_new(),
                     .stories = g_ptr_array_new(),
                     .teasers = g_ptr_array_new(),
                     .map = g_string_new(NULL)};
  guint count = argc > 4 ? (guint)g_ascii_strtoull(argv[4], NULL, 10) : 64;
  set_text(&preview.site->name, "The Kestrel Bay Courier");
  set_text(&preview.site->tagline, "News from the water’s edge since 1871");
  set_text(&preview.site->description, "The independent daily of Kestrel Bay and the islands.");
  set_text(&preview.site->contact, "newsdesk@kestrelbay.example");
  set_text(&preview.site->language, preview.language);
  g_time_zone_unref(preview.site->zone);
  preview.site->zone = g_time_zone_new_identifier("Europe/London");
  read_stories(&preview, count);
  g_autoptr(GString) out = g_string_new(NULL);
  write_front_page(&preview, count, out);
  write_stories(&preview, out);
  write_listings(&preview, out);
  write_small_pages(&preview, out);
  write_extremes(&preview, out);
  write_page(&preview, "pictures.txt", preview.map);
  return 0;
}
