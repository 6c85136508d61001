// SPDX-License-Identifier: Apache-2.0
//
// Document tree -> plain text (search index, word count, mail's text part) and the list of its
// pictures. Declared in markup.h. Recursion is bounded by the tree's own limit.
#include "press/markup.h"

#include "base/text.h"

static void begin_block(GString *out) {
  if (out->len > 0) {
    g_string_append(out, "\n\n");
  }
}

static void write_inlines(GString *out, const Node *parent);

static void write_inline(GString *out, const Node *node) {
  switch (node->type) {
  case NODE_TEXT:
  case NODE_CODE:
    g_string_append(out, node->text);
    break;
  case NODE_SOFT_BREAK:
    g_string_append_c(out, ' ');
    break;
  case NODE_LINE_BREAK:
    g_string_append_c(out, '\n');
    break;
  case NODE_IMAGE:
    break;
  default:
    write_inlines(out, node);
  }
}

static void write_inlines(GString *out, const Node *parent) {
  for (const Node *node = parent->first_child; node != NULL; node = node->next) {
    write_inline(out, node);
  }
}

static void write_line(GString *out, const char *text) {
  if (text != NULL && text[0] != '\0') {
    begin_block(out);
    g_string_append(out, text);
  }
}

static void write_row(GString *out, const Node *row) {
  for (const Node *cell = row->first_child; cell != NULL; cell = cell->next) {
    if (cell != row->first_child) {
      g_string_append_c(out, '\t');
    }
    write_inlines(out, cell);
  }
}

static void write_table(GString *out, const Node *table) {
  begin_block(out);
  for (const Node *row = table->first_child; row != NULL; row = row->next) {
    if (row != table->first_child) {
      g_string_append_c(out, '\n');
    }
    write_row(out, row);
  }
}

// The words that stand directly in a tight list's item, or in a paragraph.
static gboolean is_inline(const Node *node) {
  return node->type >= NODE_TEXT;
}

static void write_blocks(GString *out, const Node *parent);

static void write_block(GString *out, const Node *node) {
  switch (node->type) {
  case NODE_PARAGRAPH:
  case NODE_HEADING:
    begin_block(out);
    write_inlines(out, node);
    break;
  case NODE_CODE_BLOCK:
    write_line(out, node->text);
    break;
  case NODE_TABLE:
    write_table(out, node);
    break;
  case NODE_CARD:
    write_line(out, node->title);
    write_line(out, node->text);
    break;
  case NODE_FACT_BOX:
    write_line(out, node->title);
    write_blocks(out, node);
    break;
  case NODE_PULL_QUOTE:
    write_blocks(out, node);
    write_line(out, node->credit);
    break;
  case NODE_FIGURE:
  case NODE_RULE:
    break;
  default:
    write_blocks(out, node);
  }
}

static void write_blocks(GString *out, const Node *parent) {
  gboolean in_words = FALSE;
  for (const Node *node = parent->first_child; node != NULL; node = node->next) {
    if (!is_inline(node)) {
      in_words = FALSE;
      write_block(out, node);
      continue;
    }
    if (!in_words) {
      begin_block(out);
      in_words = TRUE;
    }
    write_inline(out, node);
  }
}

char *document_text(const Document *document) {
  GString *out = g_string_new(NULL);
  write_blocks(out, document_root(document));
  return g_string_free(out, FALSE);
}

guint document_word_count(const Document *document) {
  g_autofree char *text = document_text(document);
  return text_count_words(text);
}

static void collect_urls(const Node *parent, GHashTable *seen, GPtrArray *urls) {
  for (const Node *node = parent->first_child; node != NULL; node = node->next) {
    if ((node->type == NODE_FIGURE || node->type == NODE_IMAGE) &&
        g_hash_table_add(seen, (gpointer)node->url)) {
      g_ptr_array_add(urls, (gpointer)node->url);
    }
    collect_urls(node, seen, urls);
  }
}

GPtrArray *document_image_urls(const Document *document) {
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  GPtrArray *urls = g_ptr_array_new();
  collect_urls(document_root(document), seen, urls);
  return urls;
}
