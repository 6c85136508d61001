// SPDX-License-Identifier: Apache-2.0
//
// The lines of a found article: what a picture line says, whether the text is Markdown, and how
// lines make paragraphs (one a line, blank lines between, or hard-wrapped). For found_article.c
// and its tests. Pure; any thread.
#pragma once

#include "exchange/furniture.h"

typedef struct TextLine {
  Slice text;   // trimmed
  guint indent; // bytes of white space before it
  guint number; // in the file, from 1
} TextLine;

typedef struct FoundText {
  GArray *lines;     // TextLine
  gboolean markdown; // has links, emphasis, headings or lists
  guint wrap;        // hard-wrapped at about so many characters; 0: not
} FoundText;
FoundText *found_text_new(const char *text); // borrows `text`
void found_text_free(FoundText *text);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FoundText, found_text_free)

// FoundParagraph * of the lines from index `first` on. Caller unrefs.
GPtrArray *found_text_paragraphs(const FoundText *text, guint first);

// ![alt](url "caption | credit"), also as a link's text: [![alt](url)](https://…)
typedef struct FoundPicture {
  char *url, *alt, *caption, *credit;
  Slice rest; // what stands after it on the line
} FoundPicture;
gboolean found_picture_parse(Slice line, FoundPicture *ret_picture);
void found_picture_clear(FoundPicture *picture);

// "# **A [headline](https://…)**" -> "A headline". Caller frees.
char *found_plain_line(const char *line);
