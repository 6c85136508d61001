// SPDX-License-Identifier: Apache-2.0
//
// Implements html_markdown.h. Blocks are written with the prefix of the quotes and lists they stand
// in; the tree is at most XML_TREE_DEPTH deep, so that recursion is bounded.
#include "exchange/html_markdown.h"

#include "base/text.h"
#include "exchange/html_embed.h"
#include "exchange/html_picture.h"
#include "exchange/import_story.h"

#include <string.h>

#define MAX_NESTING 24 // of quotes and lists; Markdown of ours takes 32

typedef struct Writer {
  GPtrArray *paragraphs;
  const char *base_url;
  GString *line; // inline text of the block that is being written
  guint line_number;
  guint emphasis; // open ones: they may not nest for ever
  GError *error;
} Writer;

static void write_blocks(Writer *writer, const XmlNode *parent, const char *first, const char *rest,
                         guint nesting);

static gboolean is_one_of(const XmlNode *node, const char *const *names) {
  for (; node->name != NULL && *names != NULL; names++) {
    if (strcmp(node->name, *names) == 0) {
      return TRUE;
    }
  }
  return FALSE;
}

// The small number of a footnote, which leads nowhere but down the page.
static gboolean is_note_mark(const XmlNode *node) {
  const XmlNode *link = xml_node_is(node, "sup") ? xml_node_child(node, NULL, "a") : NULL;
  const char *target = link != NULL ? xml_node_attribute(link, "href") : NULL;
  return target != NULL && target[0] == '#';
}

static gboolean is_unseen(const XmlNode *node) {
  static const char *const NAMES[] = {
      "script",   "style",  "noscript", "template", "form",   "button",      "input", "select",
      "textarea", "object", "embed",    "svg",      "canvas", "nav",         "head",  "meta",
      "link",     "dialog", "map",      "math",     "amp-ad", "amp-sidebar", NULL};
  return node->dropped || is_one_of(node, NAMES) || is_note_mark(node);
}

static gboolean is_block(const XmlNode *node) {
  static const char *const NAMES[] = {
      "p",     "div",    "section", "article",    "main",    "header",     "footer",
      "aside", "h1",     "h2",      "h3",         "h4",      "h5",         "h6",
      "ul",    "ol",     "li",      "blockquote", "pre",     "table",      "thead",
      "tbody", "tr",     "td",      "th",         "figure",  "figcaption", "hr",
      "dl",    "dt",     "dd",      "address",    "details", "summary",    "body",
      "html",  "center", "picture", "img",        "amp-img", NULL};
  return is_one_of(node, NAMES);
}

// ---- inline text -----------------------------------------------------------------------------

static void append_text(Writer *writer, const char *text) {
  GString *line = writer->line;
  g_autoptr(GString) flat = g_string_new(NULL);
  gboolean gap = line->len == 0 || g_ascii_isspace(line->str[line->len - 1]);
  for (const char *at = text; *at != '\0'; at++) {
    if (g_ascii_isspace(*at)) {
      if (!gap) {
        g_string_append_c(flat, ' ');
      }
      gap = TRUE;
    } else {
      g_string_append_c(flat, *at);
      gap = FALSE;
    }
  }
  import_escape_markdown(line, (Slice){flat->str, flat->len}, line->len == 0);
}

static void write_inline(Writer *writer, const XmlNode *parent);

// Marks stand close to the words: "** bold**" would not be bold.
static void write_marked(Writer *writer, const XmlNode *node, const char *mark) {
  GString *outer = writer->line;
  writer->line = g_string_new(NULL);
  writer->emphasis++;
  write_inline(writer, node);
  writer->emphasis--;
  GString *inner = writer->line;
  writer->line = outer;
  Slice whole = {inner->str, inner->len};
  Slice text = slice_trim(whole);
  gboolean led = text.length > 0 && text.data > inner->str;
  gboolean trailed = text.length > 0 && text.data + text.length < inner->str + inner->len;
  gboolean begins = outer->len == 0 || g_ascii_isspace(outer->str[outer->len - 1]);
  if (led && !begins) {
    g_string_append_c(outer, ' ');
  }
  if (text.length > 0) {
    g_string_append(outer, writer->emphasis < 4 ? mark : "");
    g_string_append_len(outer, text.data, (gssize)text.length);
    g_string_append(outer, writer->emphasis < 4 ? mark : "");
  }
  if (trailed) {
    g_string_append_c(outer, ' ');
  }
  g_string_free(inner, TRUE);
}

static void write_link(Writer *writer, const XmlNode *node) {
  g_autofree char *url = html_absolute_url(xml_node_attribute(node, "href"), writer->base_url);
  GString *outer = writer->line;
  writer->line = g_string_new(NULL);
  write_inline(writer, node);
  GString *inner = writer->line;
  writer->line = outer;
  Slice text = slice_trim((Slice){inner->str, inner->len});
  gboolean begins = outer->len == 0 || g_ascii_isspace(outer->str[outer->len - 1]);
  if (inner->len > 0 && text.data > inner->str && !begins) {
    g_string_append_c(outer, ' ');
  }
  if (text.length > 0 && url != NULL && slice_find(text, SLICE_LITERAL("](")) < 0) {
    g_string_append_c(outer, '[');
    g_string_append_len(outer, text.data, (gssize)text.length);
    g_string_append_printf(outer, "](<%s>)", url);
  } else {
    g_string_append_len(outer, text.data, (gssize)text.length);
  }
  if (text.length > 0 && text.data + text.length < inner->str + inner->len) {
    g_string_append_c(outer, ' ');
  }
  g_string_free(inner, TRUE);
}

static void write_code(Writer *writer, const XmlNode *node) {
  g_autofree char *raw = xml_node_text(node);
  g_autofree char *text = text_collapse_space(slice_of(raw));
  if (text[0] != '\0' && strchr(text, '`') == NULL) {
    g_string_append_printf(writer->line, "`%s`", text);
  } else {
    append_text(writer, text);
  }
}

static void write_inline_node(Writer *writer, const XmlNode *node) {
  static const char *const STRONG[] = {"strong", "b", NULL};
  static const char *const EMPHASIS[] = {"em", "i", "cite", "dfn", NULL};
  static const char *const STRIKE[] = {"s", "del", "strike", NULL};
  static const char *const CODE[] = {"code", "kbd", "samp", "tt", NULL};
  if (node->text != NULL) {
    append_text(writer, node->text);
  } else if (xml_node_is(node, "br")) {
    g_string_append_c(writer->line, ' ');
  } else if (xml_node_is(node, "a")) {
    write_link(writer, node);
  } else if (is_one_of(node, STRONG)) {
    write_marked(writer, node, "**");
  } else if (is_one_of(node, EMPHASIS)) {
    write_marked(writer, node, "*");
  } else if (is_one_of(node, STRIKE)) {
    write_marked(writer, node, "~~");
  } else if (is_one_of(node, CODE)) {
    write_code(writer, node);
  } else {
    write_inline(writer, node);
  }
}

static void write_inline(Writer *writer, const XmlNode *parent) {
  for (const XmlNode *node = parent->first_child; node != NULL; node = node->next) {
    if (!is_unseen(node)) {
      write_inline_node(writer, node);
    }
  }
}

// ---- blocks ----------------------------------------------------------------------------------

static void add_paragraph(Writer *writer, const char *first, const char *rest, Slice text,
                          guint line, gboolean fixed) {
  g_autoptr(GString) out = g_string_new(first);
  for (gsize i = 0; i < text.length; i++) {
    g_string_append_c(out, text.data[i]);
    if (text.data[i] == '\n') {
      g_string_append(out, rest);
    }
  }
  FoundParagraph *paragraph = found_paragraph_new(out->str, line);
  paragraph->fixed = fixed;
  g_ptr_array_add(writer->paragraphs, paragraph);
}

static Slice trim_spaces(Slice text) { // no-break ones too
  text = slice_trim(text);
  while (slice_starts_with(text, "\xC2\xA0")) {
    text = slice_trim(slice_from(text, 2));
  }
  while (slice_ends_with(text, "\xC2\xA0")) {
    text = slice_trim(slice_range(text, 0, text.length - 2));
  }
  return text;
}

static void flush_line(Writer *writer, const char *first, const char *rest) {
  Slice text = trim_spaces((Slice){writer->line->str, writer->line->len});
  if (text.length > 0) {
    add_paragraph(writer, first, rest, text, writer->line_number, FALSE);
  }
  g_string_truncate(writer->line, 0);
}

static void write_picture(Writer *writer, const XmlNode *image, const HtmlCaption *caption,
                          const char *first, const char *rest) {
  g_autofree char *url = html_image_url(image, writer->base_url);
  if (url == NULL) {
    return;
  }
  const char *alt = xml_node_attribute(image, "alt");
  g_autoptr(GString) out = g_string_new("![");
  import_escape_label(out, alt != NULL ? alt : "");
  g_string_append_printf(out, "](<%s>", url);
  if (caption != NULL && (caption->words[0] != '\0' || caption->credit[0] != '\0')) {
    g_string_append(out, " \"");
    import_escape_label(out, caption->words);
    g_string_append(out, caption->credit[0] != '\0' ? " | " : "");
    import_escape_label(out, caption->credit);
    g_string_append_c(out, '"');
  }
  g_string_append_c(out, ')');
  add_paragraph(writer, first, rest, (Slice){out->str, out->len}, image->line, TRUE);
}

static gboolean is_image(const XmlNode *node) {
  return xml_node_is(node, "img") || xml_node_is(node, "amp-img");
}

// All of a gallery's, the caption with the last.
static gboolean write_images(Writer *writer, const XmlNode *figure, const char *first,
                             const char *rest) {
  const XmlNode *last = NULL;
  g_autofree char *last_url = NULL;
  for (const XmlNode *node = figure->first_child; node != NULL;) {
    g_autofree char *url =
        is_image(node) && !node->dropped ? html_image_url(node, writer->base_url) : NULL;
    if (url != NULL && g_strcmp0(url, last_url) != 0) {
      if (last != NULL) {
        write_picture(writer, last, NULL, first, rest);
        first = rest;
      }
      last = node;
      g_free(last_url);
      last_url = g_steal_pointer(&url);
    }
    node = xml_node_is(node, "noscript") ? xml_node_skip(node, figure)
                                         : xml_node_following(node, figure);
  }
  if (last != NULL) {
    HtmlCaption caption = html_caption_read(figure);
    write_picture(writer, last, &caption, first, rest);
    html_caption_clear(&caption);
  }
  return last != NULL;
}

static void write_figure(Writer *writer, const XmlNode *figure, const char *first, const char *rest,
                         guint nesting) {
  const XmlNode *link = html_embed_card(figure);
  if (link != NULL) {
    write_link(writer, link);
    flush_line(writer, first, rest);
  } else if (!write_images(writer, figure, first, rest)) {
    write_blocks(writer, figure, first, rest, nesting); // a quote, a table or a film in a figure
  }
}

// A film, a post, a map that the page shows in a frame: a link to it.
static void write_embed(Writer *writer, const XmlNode *node, const char *first, const char *rest) {
  g_autofree char *label = NULL;
  g_autofree char *url = html_embed_url(node, writer->base_url, &label);
  if (url == NULL) {
    return;
  }
  g_autoptr(GString) out = g_string_new("[");
  import_escape_markdown(out, slice_of(label), FALSE);
  g_string_append_printf(out, "](<%s>)", url);
  add_paragraph(writer, first, rest, (Slice){out->str, out->len}, node->line, TRUE);
}

static gboolean may_nest(Writer *writer, const XmlNode *node, guint nesting) {
  if (nesting < MAX_NESTING) {
    return TRUE;
  }
  if (writer->error == NULL) {
    g_set_error(&writer->error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX,
                "line %u: quotes or lists are nested more than %d deep: take some of them out",
                node->line, MAX_NESTING);
  }
  return FALSE;
}

static void write_list(Writer *writer, const XmlNode *list, const char *first, const char *rest,
                       guint nesting) {
  const char *start = xml_node_attribute(list, "start");
  guint number = start != NULL ? (guint)CLAMP(g_ascii_strtoll(start, NULL, 10), 0, 9999) : 1;
  const guint first_number = number;
  if (!may_nest(writer, list, nesting)) {
    return;
  }
  for (const XmlNode *item = list->first_child; item != NULL; item = item->next) {
    if (!xml_node_is(item, "li") || item->dropped) {
      continue;
    }
    g_autofree char *marker =
        xml_node_is(list, "ol") ? g_strdup_printf("%u. ", number) : g_strdup("- ");
    g_autofree char *indent = g_strnfill(strlen(marker), ' ');
    g_autofree char *item_first = g_strconcat(number == first_number ? first : rest, marker, NULL);
    g_autofree char *item_rest = g_strconcat(rest, indent, NULL);
    write_blocks(writer, item, item_first, item_rest, nesting + 1);
    number++;
  }
}

static void write_preformatted(Writer *writer, const XmlNode *node, const char *first,
                               const char *rest) {
  g_autofree char *text = xml_node_text(node);
  g_autofree char *fenced = g_strdup_printf(
      "%s\n%s%s%s", strstr(text, "```") != NULL ? "~~~~" : "```", text,
      g_str_has_suffix(text, "\n") ? "" : "\n", strstr(text, "```") != NULL ? "~~~~" : "```");
  add_paragraph(writer, first, rest, slice_of(fenced), node->line, TRUE);
}

static guint write_row(Writer *writer, const XmlNode *row, GString *out) {
  guint cells = 0;
  g_string_append_c(out, '|');
  for (const XmlNode *cell = row->first_child; cell != NULL; cell = cell->next) {
    if (!xml_node_is(cell, "td") && !xml_node_is(cell, "th")) {
      continue;
    }
    GString *outer = writer->line;
    writer->line = g_string_new(NULL);
    write_inline(writer, cell);
    Slice text = slice_trim((Slice){writer->line->str, writer->line->len});
    g_string_append_c(out, ' ');
    for (gsize i = 0; i < text.length; i++) {
      g_string_append(out, text.data[i] == '|' ? "\\" : "");
      g_string_append_c(out, text.data[i]);
    }
    g_string_append(out, " |");
    g_string_free(writer->line, TRUE);
    writer->line = outer;
    cells++;
  }
  g_string_append_c(out, '\n');
  return cells;
}

static void write_table(Writer *writer, const XmlNode *table, const char *first, const char *rest) {
  g_autoptr(GString) out = g_string_new(NULL);
  guint rows = 0;
  for (const XmlNode *node = table->first_child; node != NULL;
       node = xml_node_following(node, table)) {
    if (!xml_node_is(node, "tr") || node->dropped) {
      continue;
    }
    guint cells = write_row(writer, node, out);
    if (rows++ == 0) {
      for (guint i = 0; i < cells; i++) {
        g_string_append(out, i == 0 ? "| --- |" : " --- |");
      }
      g_string_append_c(out, '\n');
    }
  }
  Slice text = slice_trim((Slice){out->str, out->len});
  if (rows > 0 && text.length > 2) {
    add_paragraph(writer, first, rest, text, table->line, TRUE);
  }
}

static void write_heading(Writer *writer, const XmlNode *node, const char *first) {
  GString *outer = writer->line;
  writer->line = g_string_new(NULL);
  write_inline(writer, node);
  Slice text = slice_trim((Slice){writer->line->str, writer->line->len});
  if (text.length > 0) {
    guint level = MAX((guint)(node->name[1] - '0'), 2); // the headline is the only first one
    g_autofree char *marked =
        g_strdup_printf("%.*s %.*s", (int)level, "######", (int)text.length, text.data);
    add_paragraph(writer, first, "", slice_of(marked), node->line, FALSE);
  }
  g_string_free(writer->line, TRUE);
  writer->line = outer;
}

static void write_quote(Writer *writer, const XmlNode *node, const char *first, const char *rest,
                        guint nesting) {
  if (!may_nest(writer, node, nesting)) {
    return;
  }
  guint from = writer->paragraphs->len;
  g_autofree char *quote_first = g_strconcat(first, "> ", NULL);
  g_autofree char *quote_rest = g_strconcat(rest, "> ", NULL);
  write_blocks(writer, node, quote_first, quote_rest, nesting + 1);
  // One paragraph of several lines, or the blank line between would end the quote.
  g_autofree char *gap = g_strdup_printf("\n%s\n", g_strchomp(quote_rest));
  while (writer->paragraphs->len > from + 1) {
    FoundParagraph *quote = g_ptr_array_index(writer->paragraphs, from);
    g_autoptr(GString) joined = g_string_new(quote->text);
    for (guint i = from + 1; i < writer->paragraphs->len; i++) {
      g_string_append(joined, gap);
      g_string_append(joined,
                      ((const FoundParagraph *)g_ptr_array_index(writer->paragraphs, i))->text);
    }
    g_free(quote->text);
    quote->text = g_strndup(joined->str, joined->len);
    g_ptr_array_set_size(writer->paragraphs, (gint)from + 1);
  }
}

static void write_block(Writer *writer, const XmlNode *node, const char *first, const char *rest,
                        guint nesting) {
  if (xml_node_is(node, "blockquote")) {
    write_quote(writer, node, first, rest, nesting);
  } else if (xml_node_is(node, "ul") || xml_node_is(node, "ol")) {
    write_list(writer, node, first, rest, nesting);
  } else if (xml_node_is(node, "pre")) {
    write_preformatted(writer, node, first, rest);
  } else if (xml_node_is(node, "table")) {
    write_table(writer, node, first, rest);
  } else if (xml_node_is(node, "figure")) {
    write_figure(writer, node, first, rest, nesting);
  } else if (is_image(node)) {
    write_picture(writer, node, NULL, first, rest);
  } else if (xml_node_is(node, "hr")) {
    add_paragraph(writer, first, rest, SLICE_LITERAL("* * *"), node->line, TRUE);
  } else if (node->name[0] == 'h' && node->name[1] >= '1' && node->name[1] <= '6' &&
             node->name[2] == '\0') {
    write_heading(writer, node, first);
  } else {
    write_blocks(writer, node, first, rest, nesting);
  }
}

static gboolean holds_block(const XmlNode *root) {
  for (const XmlNode *node = root->first_child; node != NULL;
       node = xml_node_following(node, root)) {
    if ((is_block(node) && !is_unseen(node)) || html_is_embed(node)) {
      return TRUE;
    }
  }
  return FALSE;
}

// Twice <br> is how some write the end of a paragraph.
static gboolean is_double_break(const XmlNode *node) {
  const XmlNode *next = node->next;
  while (next != NULL && next->text != NULL && next->text[strspn(next->text, " \t\n\r")] == '\0') {
    next = next->next;
  }
  return xml_node_is(node, "br") && next != NULL && xml_node_is(next, "br");
}

static void write_blocks(Writer *writer, const XmlNode *parent, const char *first, const char *rest,
                         guint nesting) {
  const char *prefix = first;
  GString *outer = writer->line;
  writer->line = g_string_new(NULL);
  for (const XmlNode *node = parent->first_child; node != NULL && writer->error == NULL;
       node = node->next) {
    if (is_unseen(node)) {
      continue;
    }
    guint before = writer->paragraphs->len;
    gboolean block =
        node->name != NULL && (is_block(node) || (!xml_node_is(node, "br") && holds_block(node)));
    gboolean embed = html_is_embed(node);
    if (block || embed || is_double_break(node)) {
      flush_line(writer, prefix, rest);
      prefix = writer->paragraphs->len > before ? rest : prefix;
      before = writer->paragraphs->len;
    }
    if (embed) {
      write_embed(writer, node, prefix, rest);
      prefix = writer->paragraphs->len > before ? rest : prefix;
    } else if (block) {
      write_block(writer, node, prefix, rest, nesting);
      prefix = writer->paragraphs->len > before ? rest : prefix;
    } else {
      writer->line_number = writer->line->len == 0 ? node->line : writer->line_number;
      write_inline_node(writer, node);
    }
  }
  flush_line(writer, prefix, rest);
  g_string_free(writer->line, TRUE);
  writer->line = outer;
}

GPtrArray *html_markdown_paragraphs(const XmlNode *root, const char *base_url, GError **error) {
  Writer writer = {.base_url = base_url};
  writer.paragraphs = g_ptr_array_new_with_free_func((GDestroyNotify)found_paragraph_free);
  if (!is_unseen(root)) {
    write_blocks(&writer, root, "", "", 0);
  }
  if (writer.error != NULL) {
    g_propagate_error(error, writer.error);
    g_ptr_array_unref(writer.paragraphs);
    return NULL;
  }
  return writer.paragraphs;
}

static gboolean is_item(const char *text) {
  return g_str_has_prefix(text, "- ") ||
         (g_ascii_isdigit(text[0]) && strstr(text, ". ") != NULL &&
          strspn(text, "0123456789") == (gsize)(strstr(text, ". ") - text));
}

char *html_markdown_join(const GPtrArray *paragraphs) {
  GString *out = g_string_new(NULL);
  const char *before = "";
  for (guint i = 0; i < paragraphs->len; i++) {
    const char *text = ((const FoundParagraph *)g_ptr_array_index(paragraphs, i))->text;
    gboolean tight = is_item(before) && is_item(text);
    g_string_append(out, out->len == 0 ? "" : (tight ? "\n" : "\n\n"));
    g_string_append(out, text);
    before = text;
  }
  g_string_append_c(out, '\n');
  return g_string_free(out, FALSE);
}
