// SPDX-License-Identifier: Apache-2.0
//
// The document tree (press/markup) as a row of blocks to set: inlines become styled text, lists
// become items with labels, quotes insets, boxes blocks with children. Called by galley_new().
#include <string.h>

#include "base/text.h"
#include "edition/galley_parts.h"

#define MAX_LEVEL 4 // of lists in lists; deeper ones stand at that level

typedef struct Maker {
  Galley *galley;
  GPtrArray *blocks; // where they go
  LookText body;     // the look of plain paragraphs here
  guint level;       // of lists
  gboolean quote;
  gboolean fresh; // the next paragraph has no indent
} Maker;

void body_block_free(gpointer data) {
  BodyBlock *block = data;
  paragraph_free(block->paragraph);
  paragraph_free(block->second);
  paragraph_free(block->dropped);
  g_clear_pointer(&block->children, g_ptr_array_unref);
  g_free(block->drop);
  g_free(block);
}

static BodyBlock *add_block(Maker *maker, BodyKind kind, LookText look) {
  BodyBlock *block = g_new0(BodyBlock, 1);
  block->kind = kind;
  block->look = look;
  block->id = maker->galley->next_id++;
  block->inset = maker->quote ? maker->galley->look->indent : 0;
  g_ptr_array_add(maker->blocks, block);
  return block;
}

static const TypeStyle *style_of(const Galley *galley, LookText look) {
  return &galley->look->texts[look].style;
}

Paragraph *galley_words(Galley *galley, LookText look, const char *words) {
  if (words == NULL || words[0] == '\0') {
    return NULL;
  }
  Paragraph *paragraph = paragraph_new(galley->typesetter, galley->language);
  paragraph_add(paragraph, slice_of(words), style_of(galley, look), NULL);
  if (paragraph_is_empty(paragraph)) {
    g_clear_pointer(&paragraph, paragraph_free);
  }
  return paragraph;
}

// ---- inlines ----------------------------------------------------------------------------------

// `skip`: bytes of text still to be left out (a drop cap).
static void add_inlines(Paragraph *paragraph, const Node *parent, TypeStyle style, const char *link,
                        gsize *skip);

static void add_text(Paragraph *paragraph, const char *text, const TypeStyle *style,
                     const char *link, gsize *skip) {
  gsize length = strlen(text);
  gsize left_out = MIN(*skip, length);
  *skip -= left_out;
  paragraph_add(paragraph, (Slice){text + left_out, length - left_out}, style, link);
}

static void add_inline(Paragraph *paragraph, const Node *node, TypeStyle style, const char *link,
                       gsize *skip) {
  switch (node->type) {
  case NODE_TEXT:
  case NODE_CODE:
    add_text(paragraph, node->text, &style, link, skip);
    return;
  case NODE_SOFT_BREAK:
    paragraph_add(paragraph, SLICE_LITERAL(" "), &style, link);
    return;
  case NODE_LINE_BREAK:
    paragraph_add_break(paragraph);
    return;
  case NODE_IMAGE:
    return;
  case NODE_EMPHASIS:
    style.italic = !style.italic;
    break;
  case NODE_STRONG:
    style.bold = TRUE;
    break;
  case NODE_LINK:
    link = node->url != NULL && strstr(node->url, "://") != NULL ? node->url : link;
    break;
  default:
    break;
  }
  add_inlines(paragraph, node, style, link, skip);
}

static void add_inlines(Paragraph *paragraph, const Node *parent, TypeStyle style, const char *link,
                        gsize *skip) {
  for (const Node *node = parent->first_child; node != NULL; node = node->next) {
    if (node->type >= NODE_TEXT) {
      add_inline(paragraph, node, style, link, skip);
    }
  }
}

static Paragraph *words_of(const Maker *maker, const Node *parent, LookText look) {
  gsize skip = 0;
  Paragraph *paragraph = paragraph_new(maker->galley->typesetter, maker->galley->language);
  add_inlines(paragraph, parent, *style_of(maker->galley, look), NULL, &skip);
  if (paragraph_is_empty(paragraph)) {
    g_clear_pointer(&paragraph, paragraph_free);
  }
  return paragraph;
}

// ---- paragraphs -------------------------------------------------------------------------------

static const char *first_text(const Node *parent) {
  const Node *node = parent->first_child;
  return node != NULL && node->type == NODE_TEXT ? node->text : NULL;
}

// The letter that becomes a drop cap, with a quotation mark before it; NULL: this text has none.
static char *drop_letters(const char *text) {
  if (text == NULL) {
    return NULL;
  }
  const char *at = text;
  gunichar letter = g_utf8_get_char(at);
  if (letter == 0x201c || letter == 0x2018 || letter == 0xab || letter == 0x201e || letter == '"') {
    at = g_utf8_next_char(at);
    letter = g_utf8_get_char(at);
  }
  GUnicodeScript script = g_unichar_get_script(letter);
  gboolean has_cases = script == G_UNICODE_SCRIPT_LATIN || script == G_UNICODE_SCRIPT_GREEK ||
                       script == G_UNICODE_SCRIPT_CYRILLIC;
  const char *next = has_cases ? g_utf8_next_char(at) : at;
  if (!has_cases || !g_unichar_isupper(letter) || *next == '\0' || *next == ' ' ||
      g_unichar_ismark(g_utf8_get_char(next))) {
    return NULL;
  }
  return g_strndup(text, (gsize)(next - text));
}

static void add_drop(Maker *maker, BodyBlock *block, const Node *node) {
  char *drop = drop_letters(first_text(node));
  if (drop == NULL) {
    return;
  }
  gsize skip = strlen(drop);
  block->drop = drop;
  block->dropped = paragraph_new(maker->galley->typesetter, maker->galley->language);
  add_inlines(block->dropped, node, *style_of(maker->galley, block->look), NULL, &skip);
}

static void add_dateline(Maker *maker, Paragraph *paragraph) {
  const char *place = maker->galley->story->dateline;
  if (place != NULL && place[0] != '\0') {
    paragraph_add(paragraph, slice_of(place), style_of(maker->galley, LOOK_DATELINE), NULL);
    paragraph_add(paragraph, SLICE_LITERAL(" — "), style_of(maker->galley, LOOK_BODY), NULL);
  }
}

static void make_paragraph(Maker *maker, const Node *node) {
  Galley *galley = maker->galley;
  gboolean first = maker->blocks == galley->blocks && maker->blocks->len == 0;
  Paragraph *paragraph = paragraph_new(galley->typesetter, galley->language);
  gsize skip = 0;
  gboolean dated = first && galley->story->dateline != NULL && galley->story->dateline[0] != '\0';
  if (dated) {
    add_dateline(maker, paragraph);
  }
  add_inlines(paragraph, node, *style_of(galley, maker->body), NULL, &skip);
  if (paragraph_is_empty(paragraph)) {
    paragraph_free(paragraph);
    return;
  }
  BodyBlock *block = add_block(maker, maker->quote ? BODY_QUOTE : BODY_PARAGRAPH, maker->body);
  block->paragraph = paragraph;
  block->indent = !maker->fresh && galley->look->texts[maker->body].alignment == ALIGN_JUSTIFIED;
  maker->fresh = FALSE;
  if (first && !dated && maker->body == LOOK_BODY) {
    add_drop(maker, block, node);
  }
}

// ---- other blocks -----------------------------------------------------------------------------

static void make_blocks(Maker *maker, const Node *parent);

static void make_subhead(Maker *maker, const Node *node) {
  Paragraph *words = words_of(maker, node, LOOK_SUBHEAD);
  if (words != NULL) {
    BodyBlock *block = add_block(maker, BODY_SUBHEAD, LOOK_SUBHEAD);
    block->paragraph = words;
    block->level = node->level;
    maker->fresh = TRUE;
  }
}

static void make_code(Maker *maker, const Node *node) {
  Paragraph *paragraph = paragraph_new(maker->galley->typesetter, maker->galley->language);
  g_auto(GStrv) lines = g_strsplit(node->text, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++) {
    if (i > 0) {
      paragraph_add_break(paragraph);
    }
    gsize indent = strspn(lines[i], " \t");
    for (gsize j = 0; j < indent; j++) { // no-break spaces, which don't collapse
      paragraph_add(paragraph, SLICE_LITERAL("\u00a0"), style_of(maker->galley, LOOK_CODE), NULL);
    }
    paragraph_add(paragraph, slice_of(lines[i] + indent), style_of(maker->galley, LOOK_CODE), NULL);
  }
  if (paragraph_is_empty(paragraph)) {
    paragraph_free(paragraph);
    return;
  }
  BodyBlock *block = add_block(maker, BODY_CODE, LOOK_CODE);
  block->paragraph = paragraph;
  maker->fresh = TRUE;
}

// The first paragraph of an item gets the label; what follows stands under it.
static void make_item(Maker *maker, const Node *item, const char *label) {
  Maker inner = *maker;
  guint begin = maker->blocks->len;
  inner.fresh = TRUE;
  inner.level = MIN(maker->level + 1, MAX_LEVEL);
  make_blocks(&inner, item);
  for (guint i = begin; i < maker->blocks->len; i++) {
    BodyBlock *block = g_ptr_array_index(maker->blocks, i);
    if (block->kind != BODY_PARAGRAPH) {
      continue;
    }
    gint32 indent = maker->galley->look->indent;
    block->kind = BODY_ITEM;
    block->level = inner.level;
    block->indent = FALSE;
    block->inset += indent + (gint32)(inner.level - 1) * indent;
    block->second = i == begin ? galley_words(maker->galley, maker->body, label) : NULL;
  }
}

static void make_list(Maker *maker, const Node *list) {
  gint32 number = list->start;
  for (const Node *item = list->first_child; item != NULL; item = item->next) {
    g_autofree char *label = list->ordered ? g_strdup_printf("%d.", number++) : g_strdup("•");
    make_item(maker, item, label);
  }
  maker->fresh = TRUE;
}

static void make_quote(Maker *maker, const Node *node) {
  Maker inner = *maker;
  inner.quote = TRUE;
  inner.fresh = TRUE;
  inner.body = maker->body == LOOK_BODY ? LOOK_QUOTE : maker->body;
  make_blocks(&inner, node);
  maker->fresh = TRUE;
}

static void gather_inlines(Paragraph *paragraph, const Node *parent, const TypeStyle *style) {
  gsize skip = 0;
  add_inlines(paragraph, parent, *style, NULL, &skip);
  for (const Node *node = parent->first_child; node != NULL; node = node->next) {
    if (node->type < NODE_TEXT) {
      paragraph_add(paragraph, SLICE_LITERAL(" "), style, NULL);
      gather_inlines(paragraph, node, style);
    }
  }
}

static void make_pull_quote(Maker *maker, const Node *node) {
  Paragraph *words = paragraph_new(maker->galley->typesetter, maker->galley->language);
  gather_inlines(words, node, style_of(maker->galley, LOOK_PULL_QUOTE));
  if (paragraph_is_empty(words)) {
    paragraph_free(words);
    return;
  }
  BodyBlock *block = add_block(maker, BODY_PULL_QUOTE, LOOK_PULL_QUOTE);
  block->paragraph = words;
  block->inset = 0;
  block->second = galley_words(maker->galley, LOOK_PULL_CREDIT, node->credit);
}

static BodyBlock *make_box(Maker *maker, const char *title, const char *link) {
  BodyBlock *box = add_block(maker, BODY_BOX, LOOK_BOX_BODY);
  box->inset = 0;
  box->children = g_ptr_array_new_with_free_func(body_block_free);
  if (title != NULL && title[0] != '\0') {
    Maker inner = *maker;
    inner.blocks = box->children;
    inner.quote = FALSE;
    BodyBlock *head = add_block(&inner, BODY_SUBHEAD, LOOK_BOX_TITLE);
    head->level = 3;
    head->paragraph = paragraph_new(maker->galley->typesetter, maker->galley->language);
    paragraph_add(head->paragraph, slice_of(title), style_of(maker->galley, LOOK_BOX_TITLE), link);
  }
  maker->fresh = TRUE;
  return box;
}

static void make_fact_box(Maker *maker, const Node *node) {
  if (maker->blocks != maker->galley->blocks) { // a box in a box: its text
    make_blocks(maker, node);
    return;
  }
  BodyBlock *box = make_box(maker, node->title, NULL);
  Maker inner = {
      .galley = maker->galley, .blocks = box->children, .body = LOOK_BOX_BODY, .fresh = TRUE};
  make_blocks(&inner, node);
}

static void make_card(Maker *maker, const Node *node) {
  const char *title = node->title != NULL && node->title[0] != '\0' ? node->title : node->url;
  BodyBlock *box = make_box(maker, title, node->url);
  Paragraph *words = galley_words(maker->galley, LOOK_BOX_BODY, node->text);
  if (words != NULL) {
    Maker inner = {.galley = maker->galley, .blocks = box->children};
    add_block(&inner, BODY_PARAGRAPH, LOOK_BOX_BODY)->paragraph = words;
  }
}

static const Image *image_of(const Galley *galley, const char *url) {
  const GPtrArray *images = galley->story->images;
  for (guint i = 0; url != NULL && images != NULL && i < images->len; i++) {
    const Image *image = g_ptr_array_index(images, i);
    if (image->hash != NULL && g_str_has_prefix(url, "image:") &&
        strcmp(url + strlen("image:"), image->hash) == 0) {
      return image;
    }
  }
  return NULL;
}

static void make_figure(Maker *maker, const Node *node) {
  const Image *image = image_of(maker->galley, node->url);
  const char *caption = node->caption;
  const char *credit = node->credit;
  if (image != NULL) {
    caption = caption != NULL && caption[0] != '\0' ? caption : image->caption;
    credit = credit != NULL && credit[0] != '\0' ? credit : image->credit;
  }
  Paragraph *words = galley_words(maker->galley, LOOK_CAPTION, caption);
  if (credit != NULL && credit[0] != '\0') {
    if (words == NULL) {
      words = paragraph_new(maker->galley->typesetter, maker->galley->language);
    } else {
      paragraph_add(words, SLICE_LITERAL(" "), style_of(maker->galley, LOOK_CAPTION), NULL);
    }
    paragraph_add(words, slice_of(credit), style_of(maker->galley, LOOK_CREDIT), NULL);
  }
  gboolean has_picture = image != NULL && image->width > 0 && image->height > 0;
  if (words == NULL && !has_picture) {
    return;
  }
  BodyBlock *block = add_block(maker, BODY_FIGURE, LOOK_CAPTION);
  block->inset = 0;
  block->paragraph = words;
  block->image = has_picture ? image : NULL;
}

static void make_table(Maker *maker, const Node *table) {
  for (const Node *row = table->first_child; row != NULL; row = row->next) {
    BodyBlock *block = add_block(maker, BODY_ROW, LOOK_TABLE);
    block->heads = row->header;
    block->children = g_ptr_array_new_with_free_func((GDestroyNotify)paragraph_free);
    for (const Node *cell = row->first_child; cell != NULL; cell = cell->next) {
      Paragraph *words = paragraph_new(maker->galley->typesetter, maker->galley->language);
      TypeStyle style = *style_of(maker->galley, LOOK_TABLE);
      gsize skip = 0;
      style.bold |= row->header;
      add_inlines(words, cell, style, NULL, &skip);
      g_ptr_array_add(block->children, words);
    }
  }
  maker->fresh = TRUE;
}

static void make_block(Maker *maker, const Node *node) {
  switch (node->type) {
  case NODE_PARAGRAPH:
    make_paragraph(maker, node);
    return;
  case NODE_HEADING:
    make_subhead(maker, node);
    return;
  case NODE_LIST:
    make_list(maker, node);
    return;
  case NODE_QUOTE:
    make_quote(maker, node);
    return;
  case NODE_CODE_BLOCK:
    make_code(maker, node);
    return;
  case NODE_RULE:
    add_block(maker, BODY_RULE, LOOK_BODY);
    maker->fresh = TRUE;
    return;
  case NODE_TABLE:
    make_table(maker, node);
    return;
  case NODE_FIGURE:
    make_figure(maker, node);
    return;
  case NODE_PULL_QUOTE:
    make_pull_quote(maker, node);
    return;
  case NODE_FACT_BOX:
    make_fact_box(maker, node);
    return;
  case NODE_CARD:
    make_card(maker, node);
    return;
  default:
    make_blocks(maker, node);
  }
}

static void make_blocks(Maker *maker, const Node *parent) {
  gboolean in_words = FALSE;
  for (const Node *node = parent->first_child; node != NULL; node = node->next) {
    if (node->type < NODE_TEXT) {
      make_block(maker, node);
    } else if (!in_words) { // the words of a tight list's item, all at once
      in_words = TRUE;
      make_paragraph(maker, parent);
    }
  }
}

void galley_make_blocks(Galley *galley) {
  Maker maker = {.galley = galley, .blocks = galley->blocks, .body = LOOK_BODY, .fresh = TRUE};
  make_blocks(&maker, document_root(galley->document));
}
