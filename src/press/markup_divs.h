// SPDX-License-Identifier: Apache-2.0
//
// The newspaper's own blocks in Markdown: "::: name words" … ":::". Each such line is
// replaced by a heading that no text can contain ("# \x02N"), so that one run of the
// CommonMark parser sees the whole text (reference links work across blocks) and every
// list, quote and table ends where the block begins. Used by the markup parser only; pure.
#pragma once

#include "press/markup.h"

#define MARKUP_MAX_NESTING 32
#define MARKUP_DIV_MARK '\x02'

typedef enum MarkupDivKind { DIV_PULL_QUOTE, DIV_FACT_BOX, DIV_CARD, DIV_CLOSE } MarkupDivKind;
typedef struct MarkupDiv {
  MarkupDivKind kind;
  Slice words; // after the name; of the Markdown
  guint line;
} MarkupDiv;

typedef struct MarkupSource {
  Slice text;      // what to parse; has as many '\n' before a piece of text as the Markdown
  GString *buffer; // NULL: `text` is the Markdown itself
  GArray *divs;    // MarkupDiv, in the order of their markers
  GArray *pieces;  // of the Markdown in `buffer`, ascending
} MarkupSource;

gboolean markup_divs_any(Slice markdown); // TRUE if a line begins with ":::"
// `code_offsets` (gsize, ascending; may be NULL): where text of code blocks begins; such a line is
// left alone. Errors: SYNTAX (unknown name, unclosed, closes nothing, card without address),
// TOO_DEEP.
gboolean markup_source_init(MarkupSource *source, Slice markdown, const GArray *code_offsets,
                            GError **error);
void markup_source_clear(MarkupSource *source);
char *markup_div_url(
    const MarkupDiv *div); // a card's address, clean; NULL if it may not stand; caller frees
// Where in the Markdown the byte at `offset` of source->text stands.
gsize markup_source_origin(const MarkupSource *source, gsize offset);
