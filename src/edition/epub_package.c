// SPDX-License-Identifier: Apache-2.0
//
// The EPUB's own tables: the navigation document and the package document, with what EPUB
// Accessibility 1.1 asks to be said. See epub.h.
#include <string.h>

#include "base/clock.h"
#include "base/html_writer.h"
#include "edition/epub_parts.h"

// ---- navigation -------------------------------------------------------------------------------

static void write_item(GString *out, const EpubDocument *document) {
  g_autofree char *href = g_strconcat("text/", document->name, NULL);
  html_write_raw(out, "<li><a");
  html_write_attribute(out, "href", href);
  html_write_raw(out, ">");
  html_write_text(out, document->title);
  html_write_raw(out, "</a></li>\n");
}

static void write_contents(const EpubBook *book, GString *out) {
  const char *group = NULL;
  html_write_raw(out, "<nav epub:type=\"toc\" role=\"doc-toc\" id=\"toc\">\n");
  html_write_element(out, "h1", locale_word(book->job->locale, "edition_contents"));
  html_write_raw(out, "\n<ol>\n");
  for (guint i = 0; i < book->documents->len; i++) {
    const EpubDocument *document = &g_array_index(book->documents, EpubDocument, i);
    if (g_strcmp0(group, document->group) != 0) {
      html_write_raw(out, group != NULL ? "</ol></li>\n" : "");
      if (document->group != NULL) {
        html_write_raw(out, "<li><span>");
        html_write_text(out, document->group);
        html_write_raw(out, "</span>\n<ol>\n");
      }
      group = document->group;
    }
    write_item(out, document);
  }
  html_write_raw(out, group != NULL ? "</ol></li>\n" : "");
  html_write_raw(out, "</ol>\n</nav>\n");
}

static gboolean has_pages(const EpubBook *book) {
  for (guint i = 0; i < book->documents->len; i++) {
    if (g_array_index(book->documents, EpubDocument, i).page != 0) {
      return TRUE;
    }
  }
  return FALSE;
}

static void write_pages(const EpubBook *book, GString *out) {
  html_write_raw(out, "<nav epub:type=\"page-list\" role=\"doc-pagelist\" hidden=\"hidden\">\n");
  html_write_element(out, "h2", locale_word(book->job->locale, "pages"));
  html_write_raw(out, "\n<ol>\n");
  for (guint i = 0; i < book->documents->len; i++) {
    const EpubDocument *document = &g_array_index(book->documents, EpubDocument, i);
    if (document->page == 0) {
      continue;
    }
    g_autofree char *number = g_strdup_printf("%u", document->page);
    g_autofree char *href = g_strconcat("text/", document->name, "#page-", number, NULL);
    html_write_raw(out, "<li><a");
    html_write_attribute(out, "href", href);
    html_write_raw(out, ">");
    html_write_text(out, number);
    html_write_raw(out, "</a></li>\n");
  }
  html_write_raw(out, "</ol>\n</nav>\n");
}

static void write_landmark(GString *out, const char *type, const char *href, const char *words) {
  html_write_raw(out, "<li><a");
  html_write_attribute(out, "epub:type", type);
  html_write_attribute(out, "href", href);
  html_write_raw(out, ">");
  html_write_text(out, words);
  html_write_raw(out, "</a></li>\n");
}

static void write_landmarks(const EpubBook *book, GString *out) {
  const Locale *locale = book->job->locale;
  const EpubDocument *first = &g_array_index(book->documents, EpubDocument, 0);
  g_autofree char *start = g_strconcat("text/", first->name, NULL);
  html_write_raw(out, "<nav epub:type=\"landmarks\" hidden=\"hidden\">\n");
  html_write_element(out, "h2", locale_word(locale, "edition_landmarks"));
  html_write_raw(out, "\n<ol>\n");
  write_landmark(out, "cover", "cover.xhtml", locale_word(locale, "front_page"));
  write_landmark(out, "toc", "nav.xhtml#toc", locale_word(locale, "edition_contents"));
  write_landmark(out, "bodymatter", start, locale_word(locale, "latest_title"));
  html_write_raw(out, "</ol>\n</nav>\n");
}

void epub_write_navigation(const EpubBook *book, GString *out) {
  epub_begin(book, out, locale_word(book->job->locale, "edition_contents"), "", 0);
  write_contents(book, out);
  if (has_pages(book)) {
    write_pages(book, out);
  }
  write_landmarks(book, out);
  epub_end(out);
}

// ---- the package ------------------------------------------------------------------------------

static void write_meta(GString *out, const char *property, const char *value) {
  html_write_raw(out, "<meta");
  html_write_attribute(out, "property", property);
  html_write_raw(out, ">");
  html_write_text(out, value);
  html_write_raw(out, "</meta>\n");
}

static void write_refined(GString *out, const char *of, const char *property, const char *value) {
  html_write_raw(out, "<meta");
  html_write_attribute(out, "refines", of);
  html_write_attribute(out, "property", property);
  html_write_raw(out, ">");
  html_write_text(out, value);
  html_write_raw(out, "</meta>\n");
}

// "2026-11-23T05:30:00Z".
static char *modified(const EpubBook *book) {
  g_autoptr(GDateTime) moment =
      g_date_time_new_from_unix_utc(book->job->content->made_at / CLOCK_SECOND);
  return moment != NULL ? g_date_time_format(moment, "%Y-%m-%dT%H:%M:%SZ")
                        : g_strdup("1970-01-01T00:00:00Z");
}

// The newspaper's language, and those of its stories, each once, as they come.
static void write_languages(const EpubBook *book, GString *out) {
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  html_write_element(out, "dc:language", book->language);
  html_write_raw(out, "\n");
  g_hash_table_add(seen, (gpointer)book->language);
  for (guint i = 0; i < book->documents->len; i++) {
    const EpubDocument *document = &g_array_index(book->documents, EpubDocument, i);
    if (document->story == EPUB_NO_STORY) {
      continue;
    }
    const EditionStory *entry = book->job->content->stories->pdata[document->story];
    if (*entry->story->language != '\0' && g_hash_table_add(seen, entry->story->language)) {
      html_write_element(out, "dc:language", entry->story->language);
      html_write_raw(out, "\n");
    }
  }
}

static void write_accessibility(const EpubBook *book, GString *out) {
  const EditionContent *content = book->job->content;
  gboolean visual = book->names->len > 0 || book->job->cover != NULL;
  write_meta(out, "schema:accessMode", "textual");
  if (visual) {
    write_meta(out, "schema:accessMode", "visual");
  }
  if (book->described) {
    write_meta(out, "schema:accessModeSufficient", "textual");
  } else {
    write_meta(out, "schema:accessModeSufficient", "textual,visual");
  }
  static const char *const FEATURES[] = {"tableOfContents", "readingOrder", "structuralNavigation",
                                         "displayTransformability", "ARIA"};
  for (gsize i = 0; i < G_N_ELEMENTS(FEATURES); i++) {
    write_meta(out, "schema:accessibilityFeature", FEATURES[i]);
  }
  if (visual && book->described) {
    write_meta(out, "schema:accessibilityFeature", "alternativeText");
  }
  if (has_pages(book)) {
    write_meta(out, "schema:accessibilityFeature", "pageBreakMarkers");
    write_meta(out, "schema:accessibilityFeature", "pageNavigation");
    g_autofree char *date = epub_date(book);
    g_autofree char *source = g_strdup_printf("%s, %s, PDF", content->site->name, date);
    html_write_raw(out, "<dc:source id=\"print\">");
    html_write_text(out, source);
    html_write_raw(out, "</dc:source>\n");
    write_refined(out, "#print", "source-of", "pagination");
  }
  write_meta(out, "schema:accessibilityHazard", "none");
  write_meta(out, "schema:accessibilitySummary",
             locale_word(book->job->locale,
                         book->described ? "edition_access" : "edition_access_pictures"));
  if (book->described) { // pictures without words can't be promised to anybody
    html_write_raw(out, "<meta id=\"conformance\" property=\"dcterms:conformsTo\">"
                        "EPUB Accessibility 1.1 - WCAG 2.1 Level AA</meta>\n");
    write_refined(out, "#conformance", "a11y:certifiedBy",
                  *content->site->publisher != '\0' ? content->site->publisher
                                                    : content->site->name);
  }
}

static void write_metadata(const EpubBook *book, GString *out) {
  const EditionContent *content = book->job->content;
  const Site *site = content->site;
  const char *publisher = *site->publisher != '\0' ? site->publisher : site->name;
  g_autofree char *date = epub_date(book), *changed = modified(book);
  g_autofree char *title = g_strdup_printf("%s, %s", site->name, date);
  g_autofree char *day = g_strdup_printf("%04d-%02d-%02d", content->day / 10000,
                                         content->day / 100 % 100, content->day % 100);
  g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, content->number);
  html_write_raw(out, "<metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n"
                      "<dc:identifier id=\"identifier\">");
  html_write_text(out, content->identifier);
  html_write_raw(out, "</dc:identifier>\n<dc:title>");
  html_write_text(out, title);
  html_write_raw(out, "</dc:title>\n");
  write_languages(book, out);
  html_write_element(out, "dc:creator", site->name);
  html_write_raw(out, "\n");
  html_write_element(out, "dc:publisher", publisher);
  html_write_raw(out, "\n");
  html_write_element(out, "dc:date", day);
  html_write_raw(out, "\n");
  write_meta(out, "dcterms:modified", changed);
  html_write_raw(out, "<meta id=\"series\" property=\"belongs-to-collection\">");
  html_write_text(out, site->name);
  html_write_raw(out, "</meta>\n");
  write_refined(out, "#series", "collection-type", "series");
  if (content->number > 0) {
    write_refined(out, "#series", "group-position", number);
  }
  write_accessibility(book, out);
  html_write_raw(out, "</metadata>\n");
}

static void write_manifest_item(GString *out, const char *id, const char *href,
                                const char *media_type, const char *properties) {
  html_write_raw(out, "<item");
  html_write_attribute(out, "id", id);
  html_write_attribute(out, "href", href);
  html_write_attribute(out, "media-type", media_type);
  if (properties != NULL) {
    html_write_attribute(out, "properties", properties);
  }
  html_write_raw(out, "/>\n");
}

static void write_manifest(const EpubBook *book, GString *out) {
  static const char XHTML[] = "application/xhtml+xml";
  html_write_raw(out, "<manifest>\n");
  write_manifest_item(out, "nav", "nav.xhtml", XHTML, "nav");
  write_manifest_item(out, "cover", "cover.xhtml", XHTML, NULL);
  if (book->job->cover != NULL) {
    write_manifest_item(out, "cover-picture", "pictures/cover.jpg", "image/jpeg", "cover-image");
  }
  write_manifest_item(out, "style", "style.css", "text/css", NULL);
  for (guint i = 0; i < book->documents->len; i++) {
    const EpubDocument *document = &g_array_index(book->documents, EpubDocument, i);
    g_autofree char *id = g_strdup_printf("d%u", i + 1);
    g_autofree char *href = g_strconcat("text/", document->name, NULL);
    write_manifest_item(out, id, href, XHTML, NULL);
  }
  for (guint i = 0; i < book->names->len; i++) {
    g_autofree char *id = g_strdup_printf("p%u", i + 1);
    g_autofree char *href = g_strconcat("pictures/", book->names->pdata[i], NULL);
    write_manifest_item(out, id, href, "image/jpeg", NULL);
  }
  html_write_raw(out, "</manifest>\n");
}

static void write_spine(const EpubBook *book, GString *out) {
  html_write_raw(out, "<spine");
  html_write_attribute(out, "page-progression-direction", book->direction);
  html_write_raw(out, ">\n<itemref idref=\"cover\"/>\n<itemref idref=\"nav\"/>\n");
  for (guint i = 0; i < book->documents->len; i++) {
    g_autofree char *id = g_strdup_printf("d%u", i + 1);
    html_write_raw(out, "<itemref");
    html_write_attribute(out, "idref", id);
    html_write_raw(out, "/>\n");
  }
  html_write_raw(out, "</spine>\n");
}

void epub_write_package(const EpubBook *book, GString *out) {
  html_write_raw(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                      "<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" "
                      "unique-identifier=\"identifier\"");
  html_write_attribute(out, "xml:lang", book->language);
  html_write_attribute(out, "dir", book->direction);
  html_write_raw(out, ">\n");
  write_metadata(book, out);
  write_manifest(book, out);
  write_spine(book, out);
  html_write_raw(out, "</package>\n");
}
