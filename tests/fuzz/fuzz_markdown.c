// SPDX-License-Identifier: Apache-2.0
//
// press/markup: any bytes as Markdown. The HTML has only the writer's own tags, balanced, also at
// the split; no '<', '>' or '"' of the text's gets through; no address has a scheme that runs; and
// replacing no picture's address gives back the same bytes.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "press/markup_html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_OPEN 512

static const char *const TAGS[] = {
    "p",    "h2",    "h3",    "h4",    "h5", "h6", "em",         "strong", "s",
    "code", "pre",   "a",     "ul",    "ol", "li", "blockquote", "aside",  "footer",
    "div",  "table", "thead", "tbody", "tr", "th", "td",         "span",   "figure"};

static guint tag_number(Slice name) {
  for (guint i = 0; i < G_N_ELEMENTS(TAGS); i++) {
    if (slice_equal_text(name, TAGS[i])) {
      return i;
    }
  }
  g_error("a tag that the writer doesn't write: %.*s", (int)name.length, name.data);
}

static void check_address(Slice tag, const char *attribute) {
  gssize at = slice_find(tag, slice_of(attribute));
  if (at < 0) {
    return;
  }
  Slice url = slice_from(tag, (gsize)at + strlen(attribute));
  url = slice_range(url, 0, (gsize)slice_find_char(url, '"'));
  gsize stop = 0;
  while (stop < url.length && strchr(":/?#", url.data[stop]) == NULL) {
    stop++;
  }
  if (stop < url.length && url.data[stop] == ':') {
    Slice scheme = slice_range(url, 0, stop);
    g_assert(slice_equal_text_nocase(scheme, "http") || slice_equal_text_nocase(scheme, "https") ||
             slice_equal_text_nocase(scheme, "mailto") || slice_equal_text_nocase(scheme, "tel") ||
             slice_equal_text_nocase(scheme, "image"));
  }
}

static void check_html(Slice html) {
  guint open[MAX_OPEN], depth = 0;
  for (gsize i = 0; i < html.length; i++) {
    char letter = html.data[i];
    g_assert(letter != '>' && letter != '"' && letter != '\0');
    if (letter != '<') {
      continue;
    }
    gssize end = slice_find_char(slice_from(html, i), '>');
    g_assert(end > 1);
    Slice tag = slice_range(html, i + 1, (gsize)end - 1);
    gboolean closes = tag.data[0] == '/';
    gsize name_end = closes ? 1 : 0;
    while (name_end < tag.length && tag.data[name_end] != ' ') {
      name_end++;
    }
    Slice name = slice_range(tag, closes ? 1 : 0, name_end - (closes ? 1 : 0));
    check_address(tag, " href=\"");
    if (closes) {
      g_assert(depth > 0 && open[--depth] == tag_number(name));
    } else if (!slice_equal_text(name, "br") && !slice_equal_text(name, "hr")) {
      g_assert(depth < MAX_OPEN);
      open[depth++] = tag_number(name);
    }
    i += (gsize)end;
  }
  g_assert(depth == 0);
}

static void write_figure(GString *out, const Node *figure, gpointer data) {
  g_assert(figure->url != NULL && figure->alt != NULL && figure->url[0] != '\0');
  g_string_append(out, "<figure></figure>");
}

static char *keep(const char *url, gpointer data) {
  return NULL;
}

static char *replace(const char *url, gpointer data) {
  return g_strdup("image:0123456789abcdef");
}

static void check_replaced(Slice text) {
  g_autofree char *same = markup_replace_image_urls(text, keep, NULL, NULL);
  g_assert(same == NULL || slice_equal_text(text, same));
  g_autofree char *replaced = markup_replace_image_urls(text, replace, NULL, NULL);
  g_assert((same == NULL) == (replaced == NULL));
  g_assert(replaced == NULL || g_utf8_validate(replaced, -1, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Slice text = {(const char *)data, size};
  g_autoptr(GError) error = NULL;
  g_autoptr(Document) document = markup_parse(text, &error);
  g_assert((document == NULL) == (error != NULL));
  if (document == NULL) {
    g_assert(g_str_has_prefix(error->message, "line "));
    return 0;
  }
  MarkupHtmlOptions options = {.write_figure = write_figure,
                               .site_host = "example.org",
                               .heading_shift = 1,
                               .split_after_paragraph = 3};
  g_autoptr(GString) html = g_string_new(NULL);
  gsize split = 0;
  markup_write_html(html, document, &options, &split);
  g_assert(split <= html->len);
  check_html((Slice){html->str, split});
  check_html((Slice){html->str + split, html->len - split});
  g_autofree char *words = document_text(document);
  g_assert(g_utf8_validate(words, -1, NULL));
  g_autoptr(GPtrArray) urls = document_image_urls(document);
  for (guint i = 0; i < urls->len; i++) {
    g_assert(((const char *)g_ptr_array_index(urls, i))[0] != '\0');
  }
  check_replaced(text);
  return 0;
}
