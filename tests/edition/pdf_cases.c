// SPDX-License-Identifier: Apache-2.0
//
// Not a test itself: sets stories in columns and writes the PDFs that tests/system/test_pdf.py
// looks into. Usage: pdf_cases FOLDER [STORY.md …]. Without stories: cases of its own (scripts,
// links, lists, boxes, a continuation, a picture), a PDF each.
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "edition/galley.h"
#include "edition/setting_draw.h"

#define PAGE_WIDTH (595 * POINT)
#define PAGE_HEIGHT (842 * POINT)
#define MARGIN (40 * POINT)
#define COLUMN (160 * POINT)
#define GUTTER (16 * POINT)
#define ROWS 60

typedef struct Case {
  const char *name, *language, *headline, *body;
} Case;

static const Case CASES[] = {
    {"english", "en", "Harbour bridge to close for a year as engineers find cracks",
     "The council voted on *Monday night* to close the old harbour bridge for a year, after "
     "engineers found **cracks** in two of its steel piers. See [the report](https://example.org/"
     "report?a=1&b=2) for the difficult, official findings about the efficiency of the office.\n\n"
     "## What happens next\n\nTraffic will be led over the northern crossing, which already "
     "carries more cars than it was built for. “We looked at every way to keep one lane open,” "
     "said "
     "the head of the works department, “and there was none that I would send my own family "
     "across.”\n\n- A ferry every ten minutes\n- Buses over the northern crossing, from seven in "
     "the "
     "morning until midnight\n  1. by day\n  2. by night\n\n> It was the longest bridge of its "
     "kind "
     "in the southern half of the country.\n\n::: pullquote\nThere was none that I would send my "
     "own "
     "family across.\n-- The head of works\n:::\n\n::: factbox In brief\nThe bridge opened in "
     "1931.\n\n"
     "- Length: 1,200 m\n- Cost: 12 million\n:::\n\n| Lane | Cars |\n|---|---|\n| North | 12,000 "
     "|\n| "
     "South | 9,000 |\n\n![The bridge](image:cafe \"The bridge at dawn | A. "
     "Photographer\")\n\nWork "
     "begins on the first of March. Until then lorries of more than seven tonnes may not use it, "
     "and "
     "all others must keep to thirty kilometres an hour. Residents can read the engineers’ report "
     "at "
     "the library and on the council’s website, and comment until the end of January; a public "
     "meeting will be held at the town hall next week."},
    {"german", "de", "Hafenbrücke für ein Jahr gesperrt",
     "Der Stadtrat hat am Montagabend beschlossen, die alte Hafenbrücke für ein Jahr zu sperren, "
     "nachdem Fachleute Risse in zwei Stahlpfeilern gefunden hatten. Die "
     "Donaudampfschifffahrtsgesellschaft verlangt Entschädigung. „Wir haben alles geprüft“, sagte "
     "die Leiterin des Bauamtes, „und nichts davon hätte ich verantworten können.“ Größere Straßen "
     "außerhalb müssen den Verkehr aufnehmen; Überraschungen seien nicht ausgeschlossen."},
    {"arabic", "ar", "إغلاق جسر الميناء لمدة عام",
     "صوّت المجلس مساء الاثنين على إغلاق جسر الميناء القديم لمدة عام بعد أن عثر المهندسون على شقوق "
     "في اثنتين من دعائمه الفولاذية (Siemens AG). ستحوَّل حركة المرور إلى المعبر الشمالي الذي يحمل "
     "أصلًا سيارات أكثر مما صُمم له، وتبلغ التكلفة 45 مليون يورو.\n\nقالت رئيسة قسم الأشغال إن "
     "المهندسين نظروا في كل السبل لإبقاء مسار واحد مفتوحًا."},
    {"hebrew", "he", "גשר הנמל ייסגר לשנה",
     "המועצה הצביעה ביום שני בערב לסגור את גשר הנמל הישן לשנה, לאחר שמהנדסים מצאו סדקים בשניים "
     "מעמודי הפלדה שלו (BBC). התנועה תופנה למעבר הצפוני."},
    {"chinese", "zh", "跨海大桥正式通车",
     "新华社北京电：经过三年的建设，这座跨海大桥于周一正式通车，全长约55公里，将两岸之间的行车时间"
     "缩短至"
     "40分钟。“这是一个历史性的时刻”，市长说。工程师们在两根钢墩上发现裂缝之后，市议会周一晚上投票"
     "决定关闭"
     "旧港大桥一年。"},
    {"scripts", "en", "Peace in five scripts",
     "The word peace is السلام in Arabic, שלום in Hebrew, мир in Russian, 平和 in Japanese, शांति "
     "in "
     "Hindi and ειρήνη in Greek, all in one paragraph, with efficient offices and e\u0301 marks."},
};

typedef struct Bench {
  Typesetter *typesetter;
  const Look *look;
  Pdf *pdf;
  const char *picture; // a JPEG's path; NULL: none
} Bench;

static PdfImage *picture_of(const SetPicture *picture, gpointer data) {
  const Bench *bench = data;
  char *bytes = NULL;
  gsize length = 0;
  if (bench->picture == NULL || !g_file_get_contents(bench->picture, &bytes, &length, NULL)) {
    return NULL;
  }
  g_autoptr(GBytes) jpeg = g_bytes_new_take(bytes, length);
  return pdf_add_jpeg(bench->pdf, jpeg, NULL);
}

static PdfPage *new_page(Bench *bench) {
  g_autofree char *label = g_strdup_printf("%u", pdf_page_count(bench->pdf) + 1);
  PdfPage *page = pdf_add_page(bench->pdf, PAGE_WIDTH, PAGE_HEIGHT, label);
  g_autoptr(SetBlock) folio = galley_set_text(bench->typesetter, bench->look, LOOK_FOLIO, label,
                                              NULL, "en", COLUMN, ROLE_NOTE);
  setting_draw_artifact(page, folio, MARGIN, MARGIN / 2);
  return page;
}

static void draw_story(Bench *bench, const Story *story, const char *language) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Galley) galley = galley_new(bench->typesetter, bench->look, story, language, &error);
  if (galley == NULL) {
    g_error("%s", error->message);
  }
  gint32 wide = 3 * COLUMN + 2 * GUTTER;
  PdfElement *article = pdf_add_element(pdf_root(bench->pdf), PDF_ART);
  pdf_element_set_title(article, story->headline);
  g_autoptr(SettingDraw) draw = setting_draw_new(
      article, pdf_page_count(bench->pdf) == 0 ? PDF_H1 : PDF_H2, language, picture_of, bench);
  PdfPage *page = new_page(bench);
  pdf_add_outline(bench->pdf, NULL, story->headline, pdf_page_count(bench->pdf) - 1, MARGIN);
  g_autoptr(SetBlock) head = galley_set_head(galley, GALLEY_HEADLINE, 5, wide);
  setting_draw_block(draw, page, head, MARGIN, MARGIN);
  gint32 top = head->baselines;
  GalleyPlace place = GALLEY_START;
  for (gint32 begun = top; !galley_is_end(galley, place); begun = 0) {
    GalleyColumn columns[3];
    for (gint32 i = 0; i < 3; i++) {
      gint32 rows = begun > 0 ? 30 : ROWS - 2; // short, so that stories go on on a second page
      columns[i] = (GalleyColumn){.baselines = (guint)rows,
                                  .x = MARGIN + i * (COLUMN + GUTTER),
                                  .y = MARGIN + begun * bench->look->baseline};
    }
    GalleyPour order = {.from = place,
                        .measure = COLUMN,
                        .columns = columns,
                        .column_count = 3,
                        .drop_cap = TRUE,
                        .continues = TRUE};
    g_autoptr(GalleyPoured) poured = galley_pour(galley, &order);
    for (guint i = 0; i < poured->placed->len; i++) {
      const GalleyPlaced *placed = &g_array_index(poured->placed, GalleyPlaced, i);
      setting_draw_block(draw, page, placed->block, placed->x, placed->y);
    }
    place = poured->end;
    if (!galley_is_end(galley, place)) {
      PdfElement *note = pdf_add_element(article, PDF_P);
      PdfElement *link = pdf_add_element(note, PDF_LINK);
      g_autoptr(SetBlock) words =
          galley_set_text(bench->typesetter, bench->look, LOOK_NOTE, "Continued overleaf", NULL,
                          "en", COLUMN, ROLE_NOTE);
      gint32 y = PAGE_HEIGHT - MARGIN;
      pdf_begin(page, link);
      pdf_draw_runs(page, &words->lines[0], 0, words->lines[0].run_count, MARGIN, y);
      pdf_end(page);
      pdf_link_to_page(page, link, MARGIN, y, COLUMN, bench->look->baseline,
                       pdf_page_count(bench->pdf), MARGIN, "Continued overleaf");
      page = new_page(bench);
    }
  }
}

static Story *story_of(const char *headline, const char *language, const char *body) {
  Story *story = story_new();
  g_free(story->headline);
  g_free(story->language);
  g_free(story->body);
  story->headline = g_strdup(headline);
  story->language = g_strdup(language);
  story->body = g_strdup(body);
  Image *image = image_new();
  image->hash = g_strdup("cafe");
  image->width = 1600;
  image->height = 1067;
  g_free(image->alt);
  image->alt = g_strdup("A steel bridge over a harbour");
  if (story->images == NULL) {
    story->images = g_ptr_array_new_with_free_func((GDestroyNotify)image_free);
  }
  g_ptr_array_add(story->images, image);
  return story;
}

static void write_pdf(Bench *bench, const char *folder, const char *name) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = pdf_finish(bench->pdf, &error);
  g_autofree char *path = g_strdup_printf("%s/%s.pdf", folder, name);
  if (bytes == NULL || !g_file_set_contents(path, g_bytes_get_data(bytes, NULL),
                                            (gssize)g_bytes_get_size(bytes), &error)) {
    g_error("%s: %s", path, error->message);
  }
}

static void begin_pdf(Bench *bench, const char *title, const char *language) {
  PdfInfo info = {.title = title,
                  .author = "The Harbour Post",
                  .language = language,
                  .identifier = "urn:uuid:00000000-0000-4000-8000-000000000000",
                  .made_at = G_GINT64_CONSTANT(1795500000) * CLOCK_SECOND};
  bench->pdf = pdf_new(&info);
}

int main(int argc, char **argv) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Typefaces) typefaces = typefaces_new(NULL, &error);
  g_autoptr(Look) look = look_new(NULL, EDITION_A4, &error);
  if (typefaces == NULL || look == NULL || argc < 2) {
    g_error("%s", error != NULL ? error->message : "usage: pdf_cases FOLDER [STORY…]");
  }
  g_autoptr(Typesetter) typesetter = typesetter_new(typefaces);
  Bench bench = {.typesetter = typesetter, .look = look, .picture = g_getenv("PICTURE")};
  for (guint i = 0; argc == 2 && i < G_N_ELEMENTS(CASES); i++) {
    g_autoptr(Story) story = story_of(CASES[i].headline, CASES[i].language, CASES[i].body);
    begin_pdf(&bench, CASES[i].headline, CASES[i].language);
    draw_story(&bench, story, CASES[i].language);
    write_pdf(&bench, argv[1], CASES[i].name);
    g_clear_pointer(&bench.pdf, pdf_free);
  }
  if (argc > 2) {
    begin_pdf(&bench, "Stories", "en");
    for (int i = 2; i < argc; i++) {
      g_autofree char *text = NULL;
      if (!g_file_get_contents(argv[i], &text, NULL, &error)) {
        g_error("%s", error->message);
      }
      const char *body = strstr(text, "\n---\n");
      g_autoptr(Story) story = story_of(argv[i], "en", body != NULL ? body + 5 : text);
      draw_story(&bench, story, "en");
    }
    write_pdf(&bench, argv[1], "stories");
    g_clear_pointer(&bench.pdf, pdf_free);
  }
  for (guint i = 0; i < typefaces_remarks(typefaces)->len; i++) {
    printf("%s\n", (const char *)g_ptr_array_index(typefaces_remarks(typefaces), i));
  }
  return 0;
}
