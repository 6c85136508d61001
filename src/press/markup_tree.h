// SPDX-License-Identifier: Apache-2.0
//
// Builds the document tree: an arena for its nodes and texts, a stack of the open nodes, and
// the rules that make figures, pull quotes, fact boxes and cards of plain blocks. Fed by
// markup.c with the CommonMark parser's events; knows nothing of that parser. One thread.
#pragma once

#include "press/markup_divs.h"

// Levels, blocks and spans counted apart; a list level is two nodes (list, item), and a
// table three more.
#define TREE_MAX_FRAMES (MARKUP_MAX_NESTING * 4 + 8)
#define TREE_MAX_NODES 1000000

typedef struct TreeFrame {
  Node *node;
  Node *before; // the parent's last child before `node`, to take `node` out again
} TreeFrame;

typedef struct Tree {
  Document *document; // owned until tree_steal
  TreeFrame frames[TREE_MAX_FRAMES];
  guint depth; // frames in use; frames[0] is the document
  guint node_count;
  guint line; // of the text last seen
} Tree;

void tree_init(Tree *tree);
void tree_clear(Tree *tree);
Document *tree_steal(Tree *tree);

Node *tree_top(Tree *tree);
Node *tree_open(Tree *tree, NodeType type);   // appended to the top, and now the top; never NULL
Node *tree_append(Tree *tree, NodeType type); // appended to the top, without children
void tree_close(Tree *tree);                  // the top is finished
void tree_append_text(Tree *tree, NodeType type, Slice text); // joins text to text
const char *tree_copy(Tree *tree, Slice text);                // into the arena
void tree_set_line(Tree *tree, guint line); // also to the open nodes that have none

// What tree_close does for a node that is more than its children:
void tree_close_paragraph(Tree *tree);              // figures, when it is pictures only
void tree_close_link(Tree *tree, const char *url);  // NULL: becomes its own words
void tree_close_image(Tree *tree, const char *url); // NULL: becomes its alt text
// TRUE if the heading was a marker of markup_divs.h: then it is gone and *ret_number is its number.
gboolean tree_close_heading(Tree *tree, guint *ret_number);
void tree_open_div(Tree *tree, const MarkupDiv *div, const char *url); // url: of a card, clean
gboolean tree_close_div(Tree *tree);                                   // FALSE: the top is no div
