// SPDX-License-Identifier: Apache-2.0
//
// Implements epub.h: which document stands where, the pages around the stories, and the archive.
#include "edition/epub.h"

#include <string.h>

#include "base/clock.h"
#include "base/html_writer.h"
#include "edition/epub_parts.h"

#define CONTAINER                                                                                  \
  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                                                   \
  "<container version=\"1.0\" xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\">\n"        \
  "<rootfiles>\n<rootfile full-path=\"EPUB/package.opf\" "                                         \
  "media-type=\"application/oebps-package+xml\"/>\n</rootfiles>\n</container>\n"

static void document_clear(gpointer data) {
  EpubDocument *document = data;
  g_free(document->name);
  g_free(document->title);
  g_free(document->group);
}

static void picture_free(gpointer data) {
  EpubPicture *picture = data;
  if (picture != NULL) {
    g_free(picture->name);
    g_free(picture);
  }
}

static void book_clear(EpubBook *book) {
  g_clear_pointer(&book->zip, zip_free);
  g_clear_pointer(&book->documents, g_array_unref);
  g_clear_pointer(&book->names, g_ptr_array_unref);
  g_clear_pointer(&book->pictures, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(EpubBook, book_clear)

char *epub_date(const EpubBook *book) {
  const EditionContent *content = book->job->content;
  gint64 noon = clock_day_start(content->day, content->site->zone) + CLOCK_DAY / 2;
  return locale_date_long(book->job->locale, noon, content->site->zone);
}

// ---- the order --------------------------------------------------------------------------------

typedef struct Rank {
  guint story, group, page;
} Rank;

#define GROUP_FRONT 0

static guint group_of(const EpubJob *job, guint index) {
  const EditionStory *entry = job->content->stories->pdata[index];
  const GPtrArray *sections = job->content->site->sections;
  if (job->pages != NULL ? job->pages[index] == 1 : entry->on_front) {
    return GROUP_FRONT;
  }
  for (guint i = 0; i < sections->len; i++) {
    const Section *section = sections->pdata[i];
    if (entry->story->section != NULL && section->id == entry->story->section->id) {
      return GROUP_FRONT + 1 + i;
    }
  }
  return GROUP_FRONT + 1 + sections->len;
}

static int compare_ranks(gconstpointer a, gconstpointer b) {
  const Rank *left = a;
  const Rank *right = b;
  if (left->group != right->group) {
    return left->group < right->group ? -1 : 1;
  }
  if (left->page != right->page) {
    return left->page < right->page ? -1 : 1;
  }
  return left->story < right->story ? -1 : left->story > right->story;
}

static const char *group_name(const EpubJob *job, guint group) {
  const GPtrArray *sections = job->content->site->sections;
  if (group == GROUP_FRONT) {
    return locale_word(job->locale, "front_page");
  }
  return group <= sections->len ? ((const Section *)sections->pdata[group - 1])->name
                                : locale_word(job->locale, "edition_more");
}

static void add_document(EpubBook *book, const char *name, const char *title, guint story) {
  EpubDocument document = {.name = g_strdup(name), .title = g_strdup(title), .story = story};
  g_array_append_val(book->documents, document);
}

static void order_stories(EpubBook *book) {
  const EpubJob *job = book->job;
  guint count = job->content->stories->len;
  g_autofree Rank *ranks = g_new0(Rank, count + 1);
  for (guint i = 0; i < count; i++) {
    ranks[i] = (Rank){i, group_of(job, i), job->pages != NULL ? job->pages[i] : 0};
  }
  if (count > 0) {
    qsort(ranks, count, sizeof *ranks, compare_ranks);
  }
  guint reached = 0; // pages are told in ascending order, each once
  for (guint i = 0; i < count; i++) {
    const EditionStory *entry = job->content->stories->pdata[ranks[i].story];
    g_autofree char *name = g_strdup_printf("story-%" G_GINT64_FORMAT ".xhtml", entry->story->id);
    add_document(book, name,
                 *entry->story->headline != '\0' ? entry->story->headline : entry->story->slug,
                 ranks[i].story);
    EpubDocument *document = &g_array_index(book->documents, EpubDocument, i);
    document->group = g_strdup(group_name(job, ranks[i].group));
    if (ranks[i].page > reached) {
      document->page = reached = ranks[i].page;
    }
  }
}

// ---- the pages around the stories -------------------------------------------------------------

static void put(EpubBook *book, const char *name, const GString *text) {
  zip_add(book->zip, name, (Slice){text->str, text->len});
}

static void write_cover(EpubBook *book) {
  const EditionContent *content = book->job->content;
  g_autoptr(GString) out = g_string_sized_new(2048);
  g_autofree char *date = epub_date(book);
  g_autofree char *name =
      locale_fill(book->job->locale, "edition_cover", "name", content->site->name);
  epub_begin(book, out, content->site->name, "", 0);
  html_write_raw(out, "<section epub:type=\"cover\" class=\"cover\">\n");
  if (book->job->cover != NULL) {
    g_autofree char *alt = g_strdup_printf("%s, %s", name, date);
    html_write_raw(out, "<img src=\"pictures/cover.jpg\" role=\"doc-cover\"");
    html_write_attribute(out, "alt", alt);
    html_write_raw(out, "/>\n");
    zip_store(book->zip, "EPUB/pictures/cover.jpg", slice_of_bytes(book->job->cover));
  } else {
    html_write_element(out, "h1", content->site->name);
    html_write_raw(out, "\n");
    html_write_element(out, "p", date);
    html_write_raw(out, "\n");
  }
  html_write_raw(out, "</section>\n");
  epub_end(out);
  put(book, "EPUB/cover.xhtml", out);
}

static void write_notes(EpubBook *book) {
  const EditionContent *content = book->job->content;
  const Locale *locale = book->job->locale;
  if (content->notes->len == 0) {
    return;
  }
  g_autoptr(GString) out = g_string_sized_new(4096);
  epub_begin(book, out, locale_word(locale, "corrections"), "", 1);
  html_write_raw(out, "<section>\n");
  html_write_element(out, "h1", locale_word(locale, "corrections"));
  for (guint i = 0; i < content->notes->len; i++) {
    const EditionNote *note = content->notes->pdata[i];
    html_write_raw(out, "\n<h2><a");
    html_write_attribute(out, "href", note->url);
    html_write_raw(out, ">");
    html_write_text(out, note->headline);
    html_write_raw(out, "</a></h2>\n<p><strong>");
    html_write_text(out, locale_word(locale, "corrected_wrong"));
    html_write_raw(out, "</strong> ");
    html_write_text(out, note->correction->wrong);
    html_write_raw(out, "</p>\n<p><strong>");
    html_write_text(out, locale_word(locale, "corrected_right"));
    html_write_raw(out, "</strong> ");
    html_write_text(out, note->correction->right);
    html_write_raw(out, "</p>");
  }
  html_write_raw(out, "\n</section>\n");
  epub_end(out);
  put(book, "EPUB/text/corrections.xhtml", out);
  add_document(book, "corrections.xhtml", locale_word(locale, "corrections"), EPUB_NO_STORY);
}

// Who made it, which edition it is, and where it stands on the web.
static void write_colophon(EpubBook *book) {
  const Site *site = book->job->content->site;
  const Locale *locale = book->job->locale;
  gint32 day = book->job->content->day;
  g_autofree char *date = epub_date(book);
  g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, book->job->content->number);
  g_autofree char *numbered = locale_fill(locale, "edition_number", "number", number);
  g_autofree char *url = g_strdup_printf("%s/edition/%04d-%02d-%02d", site->base_url, day / 10000,
                                         day / 100 % 100, day % 100);
  g_autoptr(GString) out = g_string_sized_new(2048);
  epub_begin(book, out, locale_word(locale, "edition_about"), "", 1);
  html_write_raw(out, "<section epub:type=\"colophon\" role=\"doc-colophon\">\n");
  html_write_element(out, "h1", locale_word(locale, "edition_about"));
  html_write_raw(out, "\n<p>");
  html_write_text(out, site->name);
  html_write_raw(out, "<br/>\n");
  html_write_text(out, date);
  html_write_raw(out, "<br/>\n");
  html_write_text(out, numbered);
  html_write_raw(out, "</p>\n");
  if (*site->tagline != '\0') {
    html_write_element(out, "p", site->tagline);
  }
  html_write_raw(out, "\n<p>");
  html_write_text(out, *site->publisher != '\0' ? site->publisher : site->name);
  if (*site->contact != '\0') {
    g_autofree char *mail = g_strconcat("mailto:", site->contact, NULL);
    html_write_raw(out, "<br/>\n<a");
    html_write_attribute(out, "href", mail);
    html_write_raw(out, ">");
    html_write_text(out, site->contact);
    html_write_raw(out, "</a>");
  }
  html_write_raw(out, "</p>\n<p><a");
  html_write_attribute(out, "href", url);
  html_write_raw(out, ">");
  html_write_text(out, locale_word(locale, "edition_on_web"));
  html_write_raw(out, "</a></p>\n</section>\n");
  epub_end(out);
  put(book, "EPUB/text/about.xhtml", out);
  add_document(book, "about.xhtml", locale_word(locale, "edition_about"), EPUB_NO_STORY);
}

static gboolean write_stories(EpubBook *book, GError **error) {
  for (guint i = 0; i < book->documents->len; i++) {
    EpubDocument *document = &g_array_index(book->documents, EpubDocument, i);
    if (!epub_write_story(book, document, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

GBytes *epub_make(const EpubJob *job, GError **error) {
  const Site *site = job->content->site;
  g_auto(EpubBook) book = {
      .job = job,
      .zip = zip_new(job->content->made_at),
      .documents = g_array_new(FALSE, TRUE, sizeof(EpubDocument)),
      .names = g_ptr_array_new(),
      .pictures = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, picture_free),
      .described = TRUE,
      .language = site->language,
      .direction = language_is_right_to_left(site->language) ? "rtl" : "ltr",
  };
  g_array_set_clear_func(book.documents, document_clear);
  zip_store(book.zip, "mimetype", SLICE_LITERAL("application/epub+zip"));
  zip_add(book.zip, "META-INF/container.xml", slice_of(CONTAINER));
  order_stories(&book);
  if (!write_stories(&book, error)) {
    return NULL;
  }
  write_notes(&book);
  write_colophon(&book);
  write_cover(&book);
  zip_add(book.zip, "EPUB/style.css", slice_of(job->style));
  g_autoptr(GString) navigation = g_string_sized_new(65536);
  epub_write_navigation(&book, navigation);
  put(&book, "EPUB/nav.xhtml", navigation);
  g_autoptr(GString) package = g_string_sized_new(65536);
  epub_write_package(&book, package);
  put(&book, "EPUB/package.opf", package);
  return zip_finish(book.zip, error);
}
