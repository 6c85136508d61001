// SPDX-License-Identifier: Apache-2.0
//
// Implements markup_tree.h and the document's life. Texts are NUL-terminated in the arena;
// one that grows at the arena's end grows in place. Recursion is bounded by TREE_MAX_FRAMES.
#include "press/markup_tree.h"

#include <string.h>

typedef struct Chunk Chunk;
struct Chunk {
  Chunk *next;
  gsize used, size;
  char bytes[];
};

struct Document {
  Node *root;
  Chunk *chunks;           // newest first
  const char *newest_text; // that ends at the arena's end; NULL when something else does
};

G_DEFINE_QUARK(broadsheet - markup - error, markup_error)

// ---- the arena ---------------------------------------------------------------------------

static char *arena_take(Document *document, gsize size, gsize alignment) {
  Chunk *chunk = document->chunks;
  gsize start = chunk != NULL ? (chunk->used + alignment - 1) & ~(alignment - 1) : 0;
  if (chunk == NULL || start + size > chunk->size) {
    gsize grown = chunk != NULL ? MIN(chunk->size * 2, 1u << 20) : 16384 - sizeof(Chunk);
    gsize wanted = MAX(grown, size);
    chunk = g_malloc(sizeof(Chunk) + wanted);
    *chunk = (Chunk){.next = document->chunks, .size = wanted};
    document->chunks = chunk;
    start = 0;
  }
  chunk->used = start + size;
  document->newest_text = NULL;
  return chunk->bytes + start;
}

// Lengthens a text if it is the arena's newest and there is room behind it.
static gboolean arena_extend(Document *document, const char *text, Slice more) {
  Chunk *chunk = document->chunks;
  char *end = chunk->bytes + chunk->used;
  if (text != document->newest_text || chunk->size - chunk->used < more.length) {
    return FALSE;
  }
  memcpy(end - 1, more.data, more.length);
  end[more.length - 1] = '\0';
  chunk->used += more.length;
  return TRUE;
}

const char *tree_copy(Tree *tree, Slice text) {
  char *copy = arena_take(tree->document, text.length + 1, 1);
  if (text.length > 0) {
    memcpy(copy, text.data, text.length);
  }
  copy[text.length] = '\0';
  return copy;
}

// ---- the document ------------------------------------------------------------------------

void document_free(Document *document) {
  if (document == NULL) {
    return;
  }
  for (Chunk *chunk = document->chunks; chunk != NULL;) {
    Chunk *next = chunk->next;
    g_free(chunk);
    chunk = next;
  }
  g_free(document);
}

const Node *document_root(const Document *document) {
  return document->root;
}

// ---- the stack ---------------------------------------------------------------------------

static Node *node_new(Tree *tree, NodeType type) {
  Node *node = (Node *)(void *)arena_take(tree->document, sizeof(Node), _Alignof(Node));
  *node = (Node){.type = type};
  tree->node_count++;
  return node;
}

static void node_append(Node *parent, Node *child) {
  if (parent->last_child != NULL) {
    parent->last_child->next = child;
  } else {
    parent->first_child = child;
  }
  parent->last_child = child;
}

void tree_init(Tree *tree) {
  tree->document = g_new0(Document, 1);
  tree->node_count = 0;
  tree->line = 0;
  tree->document->root = node_new(tree, NODE_DOCUMENT);
  tree->frames[0] = (TreeFrame){.node = tree->document->root};
  tree->depth = 1;
}

void tree_clear(Tree *tree) {
  g_clear_pointer(&tree->document, document_free);
}

Document *tree_steal(Tree *tree) {
  return g_steal_pointer(&tree->document);
}

Node *tree_top(Tree *tree) {
  return tree->frames[tree->depth - 1].node;
}

Node *tree_append(Tree *tree, NodeType type) {
  Node *node = node_new(tree, type);
  node_append(tree_top(tree), node);
  return node;
}

Node *tree_open(Tree *tree, NodeType type) {
  g_assert(tree->depth < TREE_MAX_FRAMES);
  TreeFrame frame = {.before = tree_top(tree)->last_child};
  frame.node = tree_append(tree, type);
  tree->frames[tree->depth++] = frame;
  return frame.node;
}

void tree_close(Tree *tree) {
  g_assert(tree->depth > 1);
  tree->depth--;
}

void tree_append_text(Tree *tree, NodeType type, Slice text) {
  Node *last = tree_top(tree)->last_child;
  if (text.length == 0 ||
      (last != NULL && last->type == type && arena_extend(tree->document, last->text, text))) {
    return;
  }
  Node *node = tree_append(tree, type);
  node->line = tree->line;
  node->text = tree->document->newest_text = tree_copy(tree, text);
}

void tree_set_line(Tree *tree, guint line) {
  tree->line = line;
  for (guint i = tree->depth; i > 1 && tree->frames[i - 1].node->line == 0; i--) {
    tree->frames[i - 1].node->line = line;
  }
}

// Closes the top and takes it out of its parent.
static Node *take_out(Tree *tree) {
  TreeFrame frame = tree->frames[--tree->depth];
  Node *parent = tree_top(tree);
  parent->last_child = frame.before;
  if (frame.before != NULL) {
    frame.before->next = NULL;
  } else {
    parent->first_child = NULL;
  }
  return frame.node;
}

static void append_children(Node *parent, Node *from) {
  for (Node *child = from->first_child; child != NULL;) {
    Node *next = child->next;
    child->next = NULL;
    node_append(parent, child);
    child = next;
  }
  from->first_child = from->last_child = NULL;
}

// ---- words without markup ----------------------------------------------------------------

static gboolean is_block(const Node *node) {
  return node->type < NODE_TEXT;
}

// Blocks are parted by a line end, soft breaks become spaces. Pictures give their alt text if asked
// for.
static void write_words(GString *out, const Node *node, gboolean with_alt) {
  if (node->text != NULL) {
    g_string_append(out, node->text);
  } else if (node->type == NODE_SOFT_BREAK || node->type == NODE_LINE_BREAK) {
    g_string_append_c(out, ' ');
  } else if (node->type == NODE_IMAGE && with_alt && node->alt != NULL) {
    g_string_append(out, node->alt);
  }
  for (const Node *child = node->first_child; child != NULL; child = child->next) {
    if (is_block(child) && out->len > 0 && out->str[out->len - 1] != '\n') {
      g_string_append_c(out, '\n');
    }
    write_words(out, child, with_alt);
  }
}

static const char *copy_words(Tree *tree, const Node *node) {
  g_autoptr(GString) words = g_string_new(NULL);
  write_words(words, node, TRUE);
  return tree_copy(tree, slice_trim((Slice){words->str, words->len}));
}

// ---- spans -------------------------------------------------------------------------------

void tree_close_link(Tree *tree, const char *url) {
  if (url != NULL) {
    tree_top(tree)->url = tree_copy(tree, slice_of(url));
    tree_close(tree);
    return;
  }
  Node *link = take_out(tree);
  append_children(tree_top(tree), link);
}

// "Caption | Credit": parted at the last " | ".
static void split_title(Tree *tree, Node *image, const char *title) {
  Slice caption = slice_trim(slice_of(title));
  for (gsize i = caption.length; i-- > 0;) {
    if (caption.data[i] == '|' && (i == 0 || caption.data[i - 1] == ' ') &&
        (i + 1 == caption.length || caption.data[i + 1] == ' ')) {
      Slice credit = slice_trim(slice_from(caption, i + 1));
      caption = slice_trim(slice_range(caption, 0, i));
      image->credit = credit.length > 0 ? tree_copy(tree, credit) : NULL;
      break;
    }
  }
  image->caption = caption.length > 0 ? tree_copy(tree, caption) : NULL;
}

void tree_close_image(Tree *tree, const char *url) {
  Node *image = tree_top(tree);
  const char *alt = copy_words(tree, image);
  if (url == NULL) {
    take_out(tree);
    tree_append_text(tree, NODE_TEXT, slice_of(alt));
    return;
  }
  image->first_child = image->last_child = NULL;
  image->url = tree_copy(tree, slice_of(url));
  image->alt = alt;
  if (image->title != NULL) {
    split_title(tree, image, image->title);
  }
  tree_close(tree);
}

// ---- paragraphs and headings -------------------------------------------------------------

// The picture that `node` is: itself, or the only thing in a link.
static Node *lone_image(Node *node) {
  if (node->type == NODE_LINK && node->first_child != NULL &&
      node->first_child == node->last_child) {
    node = node->first_child;
  }
  return node->type == NODE_IMAGE ? node : NULL;
}

static gboolean is_pictures_only(Node *paragraph) {
  gboolean has_image = FALSE;
  for (Node *child = paragraph->first_child; child != NULL; child = child->next) {
    if (lone_image(child) != NULL) {
      has_image = TRUE;
    } else if (child->type != NODE_SOFT_BREAK && child->type != NODE_LINE_BREAK) {
      return FALSE;
    }
  }
  return has_image;
}

void tree_close_paragraph(Tree *tree) {
  if (!is_pictures_only(tree_top(tree))) {
    tree_close(tree);
    return;
  }
  Node *paragraph = take_out(tree);
  for (Node *child = paragraph->first_child; child != NULL;) {
    Node *next = child->next;
    Node *image = lone_image(child);
    if (image != NULL) {
      image->type = NODE_FIGURE;
      image->line = image->line != 0 ? image->line : paragraph->line;
      image->next = NULL;
      node_append(tree_top(tree), image);
    }
    child = next;
  }
}

gboolean tree_close_heading(Tree *tree, guint *ret_number) {
  const Node *child = tree_top(tree)->first_child;
  guint64 number = 0;
  if (child == NULL || child->type != NODE_TEXT || child->text[0] != MARKUP_DIV_MARK ||
      !slice_parse_uint(slice_of(child->text + 1), G_MAXUINT, &number)) {
    tree_close(tree);
    return FALSE;
  }
  take_out(tree);
  *ret_number = (guint)number;
  return TRUE;
}

// ---- the newspaper's blocks --------------------------------------------------------------

static gboolean is_div(const Node *node) {
  return node->type == NODE_PULL_QUOTE || node->type == NODE_FACT_BOX || node->type == NODE_CARD;
}

// The words without their markup would be the parser's work; a title is taken as it stands.
void tree_open_div(Tree *tree, const MarkupDiv *div, const char *url) {
  static const NodeType TYPES[] = {NODE_PULL_QUOTE, NODE_FACT_BOX, NODE_CARD};
  g_assert(div->kind < G_N_ELEMENTS(TYPES));
  Node *node = tree_open(tree, TYPES[div->kind]);
  node->line = div->line;
  const char *words = div->words.length > 0 ? tree_copy(tree, div->words) : NULL;
  switch (div->kind) {
  case DIV_PULL_QUOTE:
    node->credit = words;
    break;
  case DIV_FACT_BOX:
    node->title = words;
    break;
  default:
    node->url = tree_copy(tree, slice_of(url));
  }
}

static const char *after_dashes(const char *text) {
  static const char *const DASHES[] = {"-- ", "--- ", "— ", "– ", "― ", NULL};
  for (const char *const *dash = DASHES; *dash != NULL; dash++) {
    if (g_str_has_prefix(text, *dash)) {
      return text + strlen(*dash);
    }
  }
  return NULL;
}

// Takes away all that follows `before` in `paragraph` (all of it when NULL: then the paragraph goes
// too).
static void cut_after(Node *parent, Node *paragraph, Node *before) {
  if (before != NULL) {
    before->next = NULL;
    paragraph->last_child = before;
    return;
  }
  Node *previous = parent->first_child;
  while (previous != NULL && previous->next != paragraph) {
    previous = previous->next;
  }
  g_assert(previous != NULL); // a paragraph is among its parent's children
  previous->next = NULL;
  parent->last_child = previous;
}

// Where the last line of a paragraph begins; *ret_before is what stands before its line end.
static Node *last_line(const Node *paragraph, Node **ret_before) {
  Node *start = paragraph->first_child, *previous = NULL;
  *ret_before = NULL;
  for (Node *child = paragraph->first_child; child != NULL; previous = child, child = child->next) {
    if ((child->type == NODE_SOFT_BREAK || child->type == NODE_LINE_BREAK) && child->next != NULL) {
      *ret_before = previous;
      start = child->next;
    }
  }
  return start;
}

// The last line of the last paragraph, if it begins with a dash, says who said it.
static void finish_pull_quote(Tree *tree, Node *quote) {
  Node *only = quote->first_child;
  if (only != NULL && only == quote->last_child &&
      only->type == NODE_QUOTE) { // a quote inside the block
    quote->first_child = only->first_child;
    quote->last_child = only->last_child;
  }
  Node *paragraph = quote->last_child, *before;
  if (paragraph == NULL || paragraph->type != NODE_PARAGRAPH) {
    return;
  }
  Node *start = last_line(paragraph, &before);
  const char *credit = start != NULL && start->type == NODE_TEXT ? after_dashes(start->text) : NULL;
  if (credit == NULL || (before == NULL && paragraph == quote->first_child)) {
    return; // no dash, or nothing but that line
  }
  start->text = credit;
  Node line = {.type = NODE_PARAGRAPH, .first_child = start};
  quote->credit = copy_words(tree, &line);
  cut_after(quote, paragraph, before);
}

// Keeps of a node's descendants the pictures only, as figures among `keep`'s children.
static void collect_figures(Node *keep, Node *from) {
  for (Node *child = from->first_child; child != NULL;) {
    Node *next = child->next;
    if (child->type == NODE_IMAGE || child->type == NODE_FIGURE) {
      child->type = NODE_FIGURE;
      child->next = NULL;
      node_append(keep, child);
    } else {
      collect_figures(keep, child);
    }
    child = next;
  }
}

// The first line is the title, the others the text; pictures stay as children.
static void finish_card(Tree *tree, Node *card) {
  g_autoptr(GString) words = g_string_new(NULL);
  Node *first = card->first_child;
  while (first != NULL && first->type == NODE_FIGURE) {
    first = first->next;
  }
  if (first != NULL && first->type == NODE_PARAGRAPH) { // its first line end parts title and text
    for (Node *child = first->first_child; child != NULL; child = child->next) {
      if (child->type == NODE_SOFT_BREAK || child->type == NODE_LINE_BREAK) {
        *child = (Node){.type = NODE_TEXT, .text = "\n", .next = child->next};
        break;
      }
    }
  }
  write_words(words, card, FALSE);
  Slice rest = slice_trim((Slice){words->str, words->len}), title = {NULL, 0};
  slice_next_line(&rest, &title);
  rest = slice_trim(rest);
  card->title = title.length > 0 ? tree_copy(tree, slice_trim(title)) : card->url;
  card->text = rest.length > 0 ? tree_copy(tree, rest) : NULL;
  Node kept = {.type = NODE_CARD};
  collect_figures(&kept, card);
  card->first_child = kept.first_child;
  card->last_child = kept.last_child;
}

gboolean tree_close_div(Tree *tree) {
  Node *node = tree_top(tree);
  if (!is_div(node)) {
    return FALSE;
  }
  if (node->type == NODE_PULL_QUOTE) {
    finish_pull_quote(tree, node);
  } else if (node->type == NODE_CARD) {
    finish_card(tree, node);
  }
  tree_close(tree);
  return TRUE;
}
