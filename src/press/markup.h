// SPDX-License-Identifier: Apache-2.0
//
// Markdown -> document tree: the one form of a story's text that every output (page, feed, mail,
// PDF, EPUB) is rendered from. CommonMark 0.30 through md4c with tables and strikethrough, no raw
// HTML (its text is kept as text), and fenced divs for a newspaper's own blocks:
//
//   ![alt](image:HASH "Caption | Credit")     alone in a paragraph: a figure
//   ::: pullquote          ::: factbox Title        ::: card https://example.org/x
//   The words.             - Markdown               Headline of the card
//   -- Who said it         :::                      A line about it
//   :::                                             :::
//
// Limits (bad input is an error that names the line, never a crash): 4 MB, nesting 32.
// Links keep only http, https, mailto, tel and relative addresses; others become text.
// Pure; any thread.
#pragma once

#include "base/slice.h"

#define MARKUP_ERROR markup_error_quark()
GQuark markup_error_quark(void);
typedef enum MarkupError {
  MARKUP_ERROR_ENCODING,
  MARKUP_ERROR_TOO_LARGE,
  MARKUP_ERROR_TOO_DEEP,
  MARKUP_ERROR_SYNTAX
} MarkupError;

typedef enum NodeType {
  // blocks
  NODE_DOCUMENT,
  NODE_PARAGRAPH,
  NODE_HEADING /* level */,
  NODE_QUOTE,
  NODE_LIST /* ordered, start, tight */,
  NODE_ITEM,
  NODE_CODE_BLOCK /* text */,
  NODE_RULE,
  NODE_TABLE,
  NODE_TABLE_ROW /* header */,
  NODE_TABLE_CELL /* align */,
  NODE_FIGURE /* url, alt, caption, credit */,
  NODE_PULL_QUOTE /* children; credit: who said it */,
  NODE_FACT_BOX /* title; children */,
  NODE_CARD /* url, title, text */,
  // inlines
  NODE_TEXT /* text */,
  NODE_EMPHASIS,
  NODE_STRONG,
  NODE_STRIKE,
  NODE_CODE /* text */,
  NODE_LINK /* url, title */,
  NODE_IMAGE /* inline picture: url, alt */,
  NODE_LINE_BREAK,
  NODE_SOFT_BREAK
} NodeType;

typedef struct Node Node;
struct Node {
  NodeType type;
  Node *first_child, *last_child, *next; // owned by the document
  guint8 level;                          // heading 1..6
  gboolean ordered, tight, header;
  gint32 start;     // ordered list
  char align;       // 'l' 'c' 'r' or 0
  const char *text; // of TEXT, CODE, CODE_BLOCK, CARD; UTF-8, NUL-terminated, entities resolved
  const char *url, *title, *alt, *caption, *credit; // NULL when absent
  guint line; // where it begins in the source, from 1; 0 unknown
};

typedef struct Document Document;
Document *markup_parse(Slice markdown, GError **error);
void document_free(Document *document);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Document, document_free)
const Node *document_root(const Document *document);

// All text, blocks parted by a blank line; no figures' captions. Caller frees.
char *document_text(const Document *document);
guint document_word_count(const Document *document);
// The urls of figures and inline pictures, in order, each once. const char * borrowed from the
// document.
GPtrArray *document_image_urls(const Document *document);
// The Markdown with every picture's url replaced by what `replace` gives (NULL keeps it). Caller
// frees.
typedef char *(*MarkupReplaceUrl)(const char *url, gpointer data);
char *markup_replace_image_urls(Slice markdown, MarkupReplaceUrl replace, gpointer data,
                                GError **error);
