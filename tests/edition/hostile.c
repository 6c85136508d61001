// SPDX-License-Identifier: Apache-2.0
//
// Implements hostile.h.
#include "tests/edition/hostile.h"

#include "base/clock.h"

#define NOW (G_GINT64_CONSTANT(1795413600) * CLOCK_SECOND) // 2026-11-23T06:00:00Z
#define HASH "c478eb1d3eccd07838bdf3fa794433a69e8b21f9"

static void set(char **field, const char *text) {
  g_free(*field);
  *field = g_strdup(text);
}

static Section *section_of(gint64 id) {
  static const char *const NAMES[] = {"Politics & <Power>", "Sport", "Kultur"};
  static const char *const SLUGS[] = {"politics", "sport", "kultur"};
  Section *section = g_new0(Section, 1);
  section->id = id;
  section->slug = g_strdup(SLUGS[id - 1]);
  section->name = g_strdup(NAMES[id - 1]);
  section->description = g_strdup("");
  return section;
}

static Image *image_of(const char *alt) {
  Image *image = image_new();
  image->id = 7;
  image->hash = g_strdup(HASH);
  image->format = FORMAT_JPEG;
  image->width = 4000;
  image->height = 3000;
  set(&image->alt, alt);
  set(&image->caption, "The \"bridge\" at dawn & dusk");
  set(&image->credit, "Ada Lens <ada@example.org>");
  return image;
}

static EditionContent *content_new(const char *language) {
  EditionContent *content = edition_content_new();
  content->site = site_new();
  set(&content->site->name, "The Daily <Test> & Co");
  set(&content->site->language, language);
  set(&content->site->base_url, "https://daily.example");
  set(&content->site->contact, "desk@daily.example");
  for (gint64 id = 1; id <= 3; id++) {
    g_ptr_array_add(content->site->sections, section_of(id));
  }
  content->day = 20261123;
  content->number = 17;
  content->made_at = NOW;
  g_free(content->identifier);
  content->identifier = edition_identifier(content->site->base_url, content->day);
  return content;
}

static Story *add(EditionContent *content, const char *headline, const char *body,
                  const char *language) {
  EditionStory *entry = g_new0(EditionStory, 1);
  Story *story = entry->story = story_new();
  guint number = content->stories->len + 1;
  story->id = number;
  g_free(story->slug);
  story->slug = g_strdup_printf("story-%u", number);
  set(&story->headline, headline);
  set(&story->body, body);
  set(&story->language, language);
  story->section = section_of(1 + number % 3);
  story->published_at = NOW - number * CLOCK_SECOND;
  entry->weight = number == 1 ? WEIGHT_LEAD : number < 6 ? WEIGHT_SECOND : WEIGHT_BRIEF;
  entry->on_front = number < 6;
  g_ptr_array_add(content->stories, entry);
  return story;
}

static void add_author(Story *story, const char *name) {
  Byline *byline = g_new0(Byline, 1);
  byline->author = g_new0(Author, 1);
  byline->author->slug = g_strdup("someone");
  byline->author->name = g_strdup(name);
  byline->author->role = g_strdup("");
  byline->author->bio = g_strdup("");
  byline->role = g_strdup("");
  g_ptr_array_add(story->bylines, byline);
}

static EditionContent *make_empty(void) {
  return content_new("en");
}

static EditionContent *make_one(void) {
  EditionContent *content = content_new("en");
  add(content, "A", "One word.", "");
  return content;
}

static const char EVERYTHING[] =
    "First paragraph with *emphasis*, **strength**, ~~strikes~~, `code < & >` and a  \nbreak.\n\n"
    "# Deep\n\n#### Deeper\n\n## Up again\n\n> A quotation\n> of two lines\n\n"
    "- one\n- two\n  - three\n    1. four\n\n7. seven\n8. eight\n\n"
    "| Club | Points |\n|:-----|-------:|\n| North & South | 3 |\n| <script> | 1 |\n\n"
    "---\n\n```\ncode <block> & more\n```\n\n"
    "[ours](/politics/x-c-1) [theirs](https://example.org/a?b=1&c=\"2\") "
    "[mail](mailto:a@example.org) [odd](http://[bad/) [schemeless](//example.org/x) "
    "[relative](page.html#top) [brackets](https://example.org/[1]) "
    "[percent](https://example.org/%zz)"
    "\n\n![A picture](image:" HASH " \"Its caption | Its credit\")\n\n"
    "Words and ![inline](image:" HASH ") words.\n\n"
    "![missing](image:0000000000000000000000000000000000000000)\n\n"
    "::: pullquote\nQuoted & pulled.\n-- Somebody <else>\n:::\n\n"
    "::: factbox Facts & figures\n- one\n- two\n:::\n\n"
    "::: card https://example.org/card\nThe card\nand its line\n:::\n\n<b>no html</b>\n";

static EditionContent *make_everything(void) {
  EditionContent *content = content_new("en-GB");
  Story *story = add(content, "Everything & \"more\" <than> that", EVERYTHING, "");
  set(&story->kicker, "Kicker & co");
  set(&story->standfirst, "A standfirst <with> marks");
  set(&story->dateline, "CANBERRA");
  add_author(story, "Ada & Bea");
  add_author(story, "Çağla Ö.");
  story->hero = image_of("A bridge");
  g_ptr_array_add(story->images, image_of("A bridge"));
  Correction *correction = g_new0(Correction, 1);
  *correction = (Correction){.id = 1,
                             .story_id = story->id,
                             .corrected_at = NOW,
                             .wrong = g_strdup("five <5>"),
                             .right = g_strdup("six & 6")};
  g_ptr_array_add(story->corrections, correction);
  EditionNote *note = g_new0(EditionNote, 1);
  note->correction = g_new0(Correction, 1);
  note->correction->wrong = g_strdup("a < b");
  note->correction->right = g_strdup("a & b");
  note->headline = g_strdup("Yesterday's <story>");
  note->url = g_strdup("https://daily.example/sport/x-c-9");
  g_ptr_array_add(content->notes, note);
  add(content, "A second", EVERYTHING, "de"); // without the picture in its list
  return content;
}

static EditionContent *make_scripts(void) {
  EditionContent *content = content_new("ar");
  static const struct {
    const char *headline, *body, *language;
  } STORIES[] = {
      {"العنوان الرئيسي للصحيفة", "نص عربي مع كلمة English و رقم 123.\n\n> اقتباس\n", "ar"},
      {"כותרת ראשית", "טקסט עברי (עם סוגריים) ועוד.", "he"},
      {"日本の新聞の見出し", "本文は日本語です。「引用」もあります。", "ja"},
      {"Заголовок новости", "Текст по-русски — с тире и «кавычками».", "ru"},
      {"हिन्दी का शीर्षक", "यह हिन्दी का पाठ है।", "hi"},
      {"All five: عربي עברית 日本 русский हिन्दी", "عربي עברית 日本 русский हिन्दी in one line.", ""},
      {"Emoji \xF0\x9F\xA6\x9C and \xE2\x80\xAE marks", "Nothing \xEF\xBF\xBE and \x01 control.",
       "en"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(STORIES); i++) {
    add(content, STORIES[i].headline, STORIES[i].body, STORIES[i].language);
  }
  return content;
}

static EditionContent *make_long(void) {
  EditionContent *content = content_new("en");
  g_autoptr(GString) headline = g_string_new(NULL);
  for (guint i = 0; i < 300; i++) {
    g_string_append_c(headline, (char)('a' + i % 26));
  }
  add(content, headline->str, "Twelve words.", "");
  g_autoptr(GString) body = g_string_new(NULL);
  for (guint i = 0; i < 20000; i++) {
    g_string_append(body, i % 80 == 79 ? "word.\n\n" : "word ");
  }
  add(content, "Twenty thousand words", body->str, "");
  return content;
}

static EditionContent *make_many(void) {
  EditionContent *content = content_new("en");
  for (guint i = 0; i < 500; i++) {
    g_autofree char *headline = g_strdup_printf("Story number %u", i + 1);
    Story *story = add(content, headline, "A few words of text.\n\nAnd a few more.", "");
    if (i % 10 == 0) {
      story->hero = image_of(i % 20 == 0 ? "A bridge" : "");
    }
  }
  return content;
}

static EditionContent *make_undescribed(void) {
  EditionContent *content = content_new("de");
  Story *story = add(content, "Ein Bild ohne Worte", "Text.", "");
  story->hero = image_of("");
  set(&story->hero->caption, "");
  return content;
}

const HostileEdition HOSTILE_EDITIONS[] = {
    {"empty", make_empty},
    {"one", make_one},
    {"everything", make_everything},
    {"scripts", make_scripts},
    {"long", make_long},
    {"many", make_many},
    {"undescribed", make_undescribed},
    {NULL, NULL},
};

// The smallest baseline JPEG: one grey block.
static const guint8 JPEG[] = {
    0xFF, 0xD8, 0xFF, 0xE0, 0x00, 0x10, 0x4A, 0x46, 0x49, 0x46, 0x00, 0x01, 0x01, 0x00, 0x00, 0x01,
    0x00, 0x01, 0x00, 0x00, 0xFF, 0xDB, 0x00, 0x43, 0x00, 0x03, 0x02, 0x02, 0x02, 0x02, 0x02, 0x03,
    0x02, 0x02, 0x02, 0x03, 0x03, 0x03, 0x03, 0x04, 0x06, 0x04, 0x04, 0x04, 0x04, 0x04, 0x08, 0x06,
    0x06, 0x05, 0x06, 0x09, 0x08, 0x0A, 0x0A, 0x09, 0x08, 0x09, 0x09, 0x0A, 0x0C, 0x0F, 0x0C, 0x0A,
    0x0B, 0x0E, 0x0B, 0x09, 0x09, 0x0D, 0x11, 0x0D, 0x0E, 0x0F, 0x10, 0x10, 0x11, 0x10, 0x0A, 0x0C,
    0x12, 0x13, 0x12, 0x10, 0x13, 0x0F, 0x10, 0x10, 0x10, 0xFF, 0xC9, 0x00, 0x0B, 0x08, 0x00, 0x01,
    0x00, 0x01, 0x01, 0x01, 0x11, 0x00, 0xFF, 0xCC, 0x00, 0x06, 0x00, 0x10, 0x10, 0x05, 0xFF, 0xDA,
    0x00, 0x08, 0x01, 0x01, 0x00, 0x00, 0x3F, 0x00, 0xD2, 0xCF, 0x20, 0xFF, 0xD9};

GBytes *hostile_picture(const Image *image, CropRectangle crop, gint32 width, gpointer data,
                        GError **error) {
  return g_bytes_new_static(JPEG, sizeof JPEG);
}
