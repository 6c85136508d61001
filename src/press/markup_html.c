// SPDX-License-Identifier: Apache-2.0
//
// Implements markup_html.h. Called for every story page and feed. Pictures inside a paragraph are
// written after it, since a <figure> may not stand in a <p>. Recursion is bounded by the tree's
// own limit. Must never write a byte of the document's other than through html_write_*.
#include "press/markup_html.h"

#include <string.h>

#include "base/html_writer.h"

#define HEADING_LEVELS 6

typedef struct Writer {
  GString *out;
  const MarkupHtmlOptions *options;
  guint8 levels[HEADING_LEVELS]; // of the headings that the present place stands under, outermost
                                 // first
  guint level_count;
} Writer;

// ---- links -------------------------------------------------------------------------------

static gboolean has_scheme(const char *url) {
  gsize stop = strcspn(url, ":/?#");
  return url[stop] == ':';
}

// The host of an absolute (or scheme-relative) address; empty if there is none.
static Slice host_of(const char *url) {
  const char *at = url;
  if (has_scheme(url)) {
    at = strchr(url, ':') + 1;
  }
  if (strncmp(at, "//", 2) != 0) {
    return (Slice){NULL, 0};
  }
  at += 2;
  Slice host = {at, strcspn(at, "/?#\\")};
  gssize user = slice_find_char(host, '@');
  host = user >= 0 ? slice_from(host, (gsize)user + 1) : host;
  gssize port = slice_find_char(host, ':');
  return port >= 0 ? slice_range(host, 0, (gsize)port) : host;
}

static gboolean is_external(const Writer *writer, const char *url) {
  Slice host = host_of(url);
  const char *own = writer->options->site_host;
  return host.length > 0 && (own == NULL || !slice_equal_text_nocase(host, own));
}

// Percent-encodes what may not stand in a URL. Brackets are allowed in a host only (RFC
// 3986, 3.2.2).
static void encode_url(GString *out, const char *url) {
  static const char DIGITS[] = "0123456789ABCDEF";
  const char *slashes = strstr(url, "//");
  gsize host_end = slashes != NULL ? (gsize)(slashes - url) + 2 + strcspn(slashes + 2, "/?#") : 0;
  gsize start = 0, i = 0;
  for (; url[i] != '\0'; i++) {
    guchar byte = (guchar)url[i];
    gboolean bracket = i >= host_end && (byte == '[' || byte == ']');
    if (byte > 0x20 && byte < 0x7F && strchr("\"<>\\^`{|}", byte) == NULL && !bracket) {
      continue;
    }
    g_string_append_len(out, url + start, (gssize)(i - start));
    const char code[] = {'%', DIGITS[byte >> 4], DIGITS[byte & 15]};
    g_string_append_len(out, code, 3);
    start = i + 1;
  }
  g_string_append_len(out, url + start, (gssize)(i - start));
}

static void write_url(GString *out, const char *url) {
  g_autoptr(GString) encoded = g_string_sized_new(256);
  encode_url(encoded, url);
  html_write_slice(out, (Slice){encoded->str, encoded->len});
}

static void write_href(Writer *writer, const char *url) {
  const char *base = writer->options->base_url;
  html_write_raw(writer->out, " href=\"");
  if (base != NULL && !has_scheme(url) && strncmp(url, "//", 2) != 0) {
    write_url(writer->out, base);
    if (url[0] != '/') {
      g_string_append_c(writer->out, '/');
    }
  }
  write_url(writer->out, url);
  g_string_append_c(writer->out, '"');
  if (is_external(writer, url)) {
    html_write_raw(writer->out, " rel=\"noopener\"");
  }
}

// ---- spans -------------------------------------------------------------------------------

static void write_inlines(Writer *writer, const Node *parent);

static void write_wrapped(Writer *writer, const Node *node, const char *tag) {
  html_open(writer->out, tag);
  write_inlines(writer, node);
  html_close(writer->out, tag);
}

// What a reader of EPUBs may follow: absolute once the base is put before it, and well formed.
static gboolean is_followed(const Writer *writer, const char *url) {
  if (!writer->options->xml) {
    return TRUE;
  }
  g_autoptr(GString) encoded = g_string_new(has_scheme(url) ? "" : "https://host");
  if (!has_scheme(url) && url[0] != '/') {
    g_string_append_c(encoded, '/');
  }
  encode_url(encoded, url);
  return strncmp(url, "//", 2) != 0 && g_uri_is_valid(encoded->str, G_URI_FLAGS_NONE, NULL);
}

static void write_link(Writer *writer, const Node *link) {
  if (!is_followed(writer, link->url)) {
    write_inlines(writer, link);
    return;
  }
  html_write_raw(writer->out, "<a");
  write_href(writer, link->url);
  if (link->title != NULL) {
    html_write_attribute(writer->out, "title", link->title);
  }
  html_write_raw(writer->out, ">");
  write_inlines(writer, link);
  html_close(writer->out, "a");
}

static void write_inline(Writer *writer, const Node *node) {
  switch (node->type) {
  case NODE_TEXT:
    html_write_text(writer->out, node->text);
    break;
  case NODE_EMPHASIS:
    write_wrapped(writer, node, "em");
    break;
  case NODE_STRONG:
    write_wrapped(writer, node, "strong");
    break;
  case NODE_STRIKE:
    write_wrapped(writer, node, "s");
    break;
  case NODE_CODE:
    html_write_element(writer->out, "code", node->text);
    break;
  case NODE_LINK:
    write_link(writer, node);
    break;
  case NODE_LINE_BREAK:
    html_write_raw(writer->out, writer->options->xml ? "<br/>\n" : "<br>\n");
    break;
  case NODE_SOFT_BREAK:
    html_write_raw(writer->out, "\n");
    break;
  default: // a picture: written after the block
    break;
  }
}

static void write_inlines(Writer *writer, const Node *parent) {
  for (const Node *node = parent->first_child; node != NULL; node = node->next) {
    write_inline(writer, node);
  }
}

static void write_figure(Writer *writer, const Node *figure) {
  if (writer->options->write_figure != NULL) {
    writer->options->write_figure(writer->out, figure, writer->options->data);
    g_string_append_c(writer->out, '\n');
  }
}

static gboolean is_inline(const Node *node) {
  return node->type >= NODE_TEXT;
}

// The pictures among the spans of a block.
static void write_inline_pictures(Writer *writer, const Node *parent) {
  for (const Node *node = parent->first_child; node != NULL; node = node->next) {
    if (node->type == NODE_IMAGE) {
      write_figure(writer, node);
    } else if (is_inline(node)) {
      write_inline_pictures(writer, node);
    }
  }
}

// ---- blocks ------------------------------------------------------------------------------

static void write_blocks(Writer *writer, const Node *parent);

// How deep a heading stands under those before it, whatever signs its writer chose: "##" first of
// all is as good as "#", and "####" under "##" is one deeper. A page's outline has no gaps then.
static guint heading_depth(Writer *writer, const Node *heading) {
  while (writer->level_count > 0 && writer->levels[writer->level_count - 1] >= heading->level) {
    writer->level_count--;
  }
  writer->levels[writer->level_count++] = heading->level; // ascending, at most 1..6
  return writer->level_count;
}

static void write_heading(Writer *writer, const Node *heading) {
  guint level = CLAMP(heading_depth(writer, heading) + writer->options->heading_shift, 2u, 6u);
  const char tag[] = {'h', (char)('0' + level), '\0'};
  write_wrapped(writer, heading, tag);
  html_write_raw(writer->out, "\n");
  write_inline_pictures(writer, heading);
}

static void write_paragraph(Writer *writer, const Node *paragraph) {
  write_wrapped(writer, paragraph, "p");
  html_write_raw(writer->out, "\n");
  write_inline_pictures(writer, paragraph);
}

static void write_container(Writer *writer, const Node *node, const char *tag) {
  html_open(writer->out, tag);
  html_write_raw(writer->out, "\n");
  write_blocks(writer, node);
  html_close(writer->out, tag);
  html_write_raw(writer->out, "\n");
}

static void write_list(Writer *writer, const Node *list) {
  const char *tag = list->ordered ? "ol" : "ul";
  html_write_raw(writer->out, list->ordered ? "<ol" : "<ul");
  if (list->ordered && list->start != 1) {
    html_write_integer_attribute(writer->out, "start", list->start);
  }
  html_write_raw(writer->out, ">\n");
  for (const Node *item = list->first_child; item != NULL; item = item->next) {
    html_open(writer->out, "li");
    write_blocks(writer, item);
    write_inline_pictures(writer, item);
    html_write_raw(writer->out, "</li>\n");
  }
  html_close(writer->out, tag);
  html_write_raw(writer->out, "\n");
}

static void write_row(Writer *writer, const Node *row) {
  html_write_raw(writer->out, "<tr>");
  for (const Node *cell = row->first_child; cell != NULL; cell = cell->next) {
    html_write_raw(writer->out, cell->header ? "<th scope=\"col\"" : "<td");
    if (cell->align != 0) {
      html_write_attribute(writer->out, "class",
                           cell->align == 'l'   ? "align-left"
                           : cell->align == 'c' ? "align-center"
                                                : "align-right");
    }
    html_write_raw(writer->out, ">");
    write_inlines(writer, cell);
    write_inline_pictures(writer, cell);
    html_close(writer->out, cell->header ? "th" : "td");
  }
  html_write_raw(writer->out, "</tr>\n");
}

static void write_words(GString *out, const Node *parent) {
  for (const Node *node = parent->first_child; node != NULL; node = node->next) {
    if (node->text != NULL) {
      html_write_text(out, node->text);
    }
    write_words(out, node);
  }
}

// A wide table scrolls by itself; its name for screen readers is its column heads.
static void write_table_label(Writer *writer, const Node *table) {
  html_write_raw(writer->out,
                 "<div class=\"table-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
  const Node *head = table->first_child;
  for (const Node *cell = head != NULL ? head->first_child : NULL; cell != NULL;
       cell = cell->next) {
    if (cell != head->first_child) {
      html_write_raw(writer->out, ", ");
    }
    write_words(writer->out, cell);
  }
  html_write_raw(writer->out, "\">");
}

static void write_table(Writer *writer, const Node *table) {
  write_table_label(writer, table);
  html_write_raw(writer->out, "<table>\n");
  const Node *row = table->first_child;
  if (row != NULL && row->header) {
    html_write_raw(writer->out, "<thead>\n");
    write_row(writer, row);
    html_write_raw(writer->out, "</thead>\n");
    row = row->next;
  }
  if (row != NULL) {
    html_write_raw(writer->out, "<tbody>\n");
    for (; row != NULL; row = row->next) {
      write_row(writer, row);
    }
    html_write_raw(writer->out, "</tbody>\n");
  }
  html_write_raw(writer->out, "</table></div>\n");
}

static void write_pull_quote(Writer *writer, const Node *quote) {
  html_write_raw(writer->out, "<blockquote class=\"pull-quote\">\n");
  write_blocks(writer, quote);
  if (quote->credit != NULL) {
    html_write_element(writer->out, "footer", quote->credit);
    html_write_raw(writer->out, "\n");
  }
  html_write_raw(writer->out, "</blockquote>\n");
}

static void write_fact_box(Writer *writer, const Node *box) {
  html_write_raw(writer->out, "<aside class=\"fact-box\">\n");
  if (box->title != NULL) {
    html_write_element(writer->out, "h2", box->title);
    html_write_raw(writer->out, "\n");
  }
  write_blocks(writer, box);
  html_write_raw(writer->out, "</aside>\n");
}

static void write_card(Writer *writer, const Node *card) {
  html_write_raw(writer->out, "<aside class=\"card\">\n");
  write_blocks(writer, card); // pictures only
  html_write_raw(writer->out, "<a");
  write_href(writer, card->url);
  html_write_raw(writer->out, "><strong class=\"card-title\">");
  html_write_text(writer->out, card->title);
  html_write_raw(writer->out, "</strong>");
  if (card->text != NULL) {
    html_write_raw(writer->out, " <span class=\"card-text\">");
    html_write_text(writer->out, card->text);
    html_write_raw(writer->out, "</span>");
  }
  html_write_raw(writer->out, "</a>\n</aside>\n");
}

static void write_block(Writer *writer, const Node *node) {
  switch (node->type) {
  case NODE_PARAGRAPH:
    write_paragraph(writer, node);
    break;
  case NODE_HEADING:
    write_heading(writer, node);
    break;
  case NODE_QUOTE:
    write_container(writer, node, "blockquote");
    break;
  case NODE_LIST:
    write_list(writer, node);
    break;
  case NODE_CODE_BLOCK:
    html_write_raw(writer->out, "<pre><code>");
    html_write_text(writer->out, node->text);
    html_write_raw(writer->out, "</code></pre>\n");
    break;
  case NODE_RULE:
    html_write_raw(writer->out, writer->options->xml ? "<hr/>\n" : "<hr>\n");
    break;
  case NODE_TABLE:
    write_table(writer, node);
    break;
  case NODE_FIGURE:
    write_figure(writer, node);
    break;
  case NODE_PULL_QUOTE:
    write_pull_quote(writer, node);
    break;
  case NODE_FACT_BOX:
    write_fact_box(writer, node);
    break;
  case NODE_CARD:
    write_card(writer, node);
    break;
  default: // the words of a tight list's item
    write_inline(writer, node);
  }
}

static void write_blocks(Writer *writer, const Node *parent) {
  for (const Node *node = parent->first_child; node != NULL; node = node->next) {
    write_block(writer, node);
  }
}

void markup_write_html(GString *out, const Document *document, const MarkupHtmlOptions *options,
                       gsize *ret_split) {
  Writer writer = {.out = out, .options = options};
  guint paragraphs = 0;
  gsize split = 0;
  gboolean found = FALSE;
  for (const Node *node = document_root(document)->first_child; node != NULL; node = node->next) {
    write_block(&writer, node);
    paragraphs += node->type == NODE_PARAGRAPH;
    if (!found && options->split_after_paragraph > 0 &&
        paragraphs == options->split_after_paragraph) {
      split = out->len;
      found = TRUE;
    }
  }
  if (ret_split != NULL) {
    *ret_split = found ? split : out->len;
  }
}
