// SPDX-License-Identifier: Apache-2.0
//
// Site furniture in the middle of an article's text: sign-up boxes, consent sentences, cookie
// banners, "read more" lines, share buttons, copyright lines; in English, German, French and
// Spanish. Judged sentence by sentence, so that a consent sentence glued to the next sentence is
// cut out alone. Careful by design: what somebody said, what stands in quotes and what merely
// mentions a newsletter stays; a sentence that could be either goes only in the company of sure
// ones. Pure; any thread.
#pragma once

#include "base/slice.h"

typedef struct FoundLine { // where in a paragraph's text a line of the file begins
  gsize offset;
  guint line;
} FoundLine;

typedef struct FoundParagraph {
  char *text;     // one line, or several that must stay as they are (lists, quotes, code)
  GArray *lines;  // FoundLine, ascending, at least one
  gboolean fixed; // code, tables, pictures: never looked into
} FoundParagraph;
FoundParagraph *found_paragraph_new(const char *text, guint line);
void found_paragraph_free(FoundParagraph *paragraph);
guint found_paragraph_line(const FoundParagraph *paragraph, gsize offset);

// Takes furniture out of `paragraphs` (FoundParagraph *, owned by the array), in place, with an
// ImportNote "left out: …" for each run of sentences that stood together.
void furniture_filter(GPtrArray *paragraphs, GPtrArray *notes);

// A line that is furniture by itself, whatever stands around it.
gboolean furniture_is_sure_line(Slice line);

// A button's or menu's word: furniture where nothing but furniture can be, as in an article's head.
gboolean furniture_is_label(Slice line);

// Whether a text, taken line by line, holds any.
gboolean furniture_is_in(const char *text);
