// SPDX-License-Identifier: Apache-2.0
//
// Implements galley.h but for the body: a story's head, captions and other words. Heads stand with
// the top of their capitals at the block's top and are rounded up to whole baselines below.
#include "edition/galley.h"

#include <string.h>

#include "edition/edition.h"
#include "edition/galley_parts.h"
#include "model/story.h"

static const LookText PART_LOOKS[GALLEY_PARTS] = {
    [GALLEY_KICKER] = LOOK_KICKER,
    [GALLEY_HEADLINE] = LOOK_HEADLINE,
    [GALLEY_STANDFIRST] = LOOK_STANDFIRST,
    [GALLEY_BYLINE] = LOOK_BYLINE,
    [GALLEY_BRIEF_HEADLINE] = LOOK_BRIEF_HEADLINE,
};
static const SetRole PART_ROLES[GALLEY_PARTS] = {
    [GALLEY_KICKER] = ROLE_KICKER,           [GALLEY_HEADLINE] = ROLE_HEADLINE,
    [GALLEY_STANDFIRST] = ROLE_STANDFIRST,   [GALLEY_BYLINE] = ROLE_BYLINE,
    [GALLEY_BRIEF_HEADLINE] = ROLE_HEADLINE,
};

// ---- the galley -------------------------------------------------------------------------------

static Paragraph *make_byline(Galley *galley) {
  const GPtrArray *bylines = galley->story->bylines;
  const TypeStyle *plain = &galley->look->texts[LOOK_BYLINE].style;
  Paragraph *paragraph = paragraph_new(galley->typesetter, galley->language);
  for (guint i = 0; bylines != NULL && i < bylines->len; i++) {
    const Byline *byline = g_ptr_array_index(bylines, i);
    TypeStyle name = *plain;
    name.bold = TRUE;
    const char *role =
        byline->role != NULL && byline->role[0] != '\0' ? byline->role : byline->author->role;
    paragraph_add(paragraph, i > 0 ? SLICE_LITERAL("; ") : SLICE_LITERAL(""), plain, NULL);
    paragraph_add(paragraph, slice_of(byline->author->name), &name, NULL);
    if (role != NULL && role[0] != '\0') {
      paragraph_add(paragraph, SLICE_LITERAL(", "), plain, NULL);
      paragraph_add(paragraph, slice_of(role), plain, NULL);
    }
  }
  if (paragraph_is_empty(paragraph)) {
    g_clear_pointer(&paragraph, paragraph_free);
  }
  return paragraph;
}

Galley *galley_new(Typesetter *typesetter, const Look *look, const Story *story,
                   const char *language, GError **error) {
  g_autoptr(Galley) galley = g_new0(Galley, 1);
  galley->typesetter = typesetter;
  galley->look = look;
  galley->story = story;
  galley->tallest = G_MAXUINT;
  gboolean own = story->language != NULL && story->language[0] != '\0';
  galley->language = g_strdup(own ? story->language : language);
  galley->blocks = g_ptr_array_new_with_free_func(body_block_free);
  g_autoptr(GError) cause = NULL;
  galley->document = markup_parse(slice_of(story->body), &cause);
  if (galley->document == NULL) {
    g_set_error(error, EDITION_ERROR, EDITION_ERROR_CONTENT,
                "The story '%s' can't be set: %s; mend its text, or leave it out of the edition",
                story->headline, cause->message);
    return NULL;
  }
  galley->words = document_word_count(galley->document);
  galley_make_blocks(galley);
  galley->parts[GALLEY_KICKER] = galley_words(galley, LOOK_KICKER, story->kicker);
  galley->parts[GALLEY_STANDFIRST] = galley_words(galley, LOOK_STANDFIRST, story->standfirst);
  galley->parts[GALLEY_BRIEF_HEADLINE] = galley_words(galley, LOOK_BRIEF_HEADLINE, story->headline);
  galley->parts[GALLEY_BYLINE] = make_byline(galley);
  return g_steal_pointer(&galley);
}

void galley_free(Galley *galley) {
  if (galley == NULL) {
    return;
  }
  g_ptr_array_unref(galley->blocks);
  for (guint i = 0; i < GALLEY_PARTS; i++) {
    paragraph_free(galley->parts[i]);
  }
  for (guint i = 0; i < LOOK_MAX_HEADLINES; i++) {
    paragraph_free(galley->headlines[i]);
  }
  document_free(galley->document);
  g_free(galley->language);
  g_free(galley);
}

const char *galley_language(const Galley *galley) {
  return galley->language;
}

gboolean galley_is_right_to_left(const Galley *galley) {
  return language_is_right_to_left(galley->language);
}

guint galley_word_count(const Galley *galley) {
  return galley->words;
}

guint galley_block_count(const Galley *galley) {
  return galley->blocks->len;
}

gboolean galley_is_end(const Galley *galley, GalleyPlace place) {
  return place.block >= galley->blocks->len;
}

// ---- words in their look ----------------------------------------------------------------------

static FaceMetrics metrics_of(Typesetter *typesetter, const TypeStyle *style) {
  const Face *face =
      typefaces_face(typesetter_typefaces(typesetter), style->family, style->bold, style->italic);
  return face_metrics(face, style->size);
}

typedef struct Words {
  Typesetter *typesetter;
  const Look *look;
  Paragraph *paragraph;
  TextLook text;
  gboolean no_hyphens;
} Words;

static ParagraphShape words_shape(const Words *words, gint32 measure) {
  return (ParagraphShape){.measure = MAX(measure, POINT),
                          .alignment = words->text.alignment,
                          .no_hyphens = words->no_hyphens};
}

// Lines of small type with the grid's own leading stand on the grid; others hang from the top.
static gint32 first_baseline(const Words *words) {
  if (words->text.leading == words->look->baseline) {
    return look_first_baseline(words->look, &words->text);
  }
  return metrics_of(words->typesetter, &words->text.style).cap_height + POINT;
}

static guint words_baselines(const Words *words, guint lines) {
  if (lines == 0) {
    return 0;
  }
  gint32 descent = metrics_of(words->typesetter, &words->text.style).descent;
  gint32 foot = MIN(descent, words->look->baseline) * 9 / 10;
  return look_baselines(words->look,
                        first_baseline(words) + (gint32)(lines - 1) * words->text.leading + foot);
}

static SetBlock *set_words(const Words *words, gint32 measure, SetRole role, const char *language) {
  ParagraphShape shape = words_shape(words, measure);
  g_autoptr(ParagraphLines) lines =
      paragraph_set(words->paragraph, &shape, 0, first_baseline(words), words->text.leading);
  SetBlock *block = g_new0(SetBlock, 1);
  block->role = role;
  block->baselines = (gint32)words_baselines(words, lines->count);
  block->width = measure;
  block->language = language;
  block->lines = lines->lines;
  block->line_count = lines->count;
  lines->lines = NULL;
  lines->count = 0;
  return block;
}

// ---- the head ---------------------------------------------------------------------------------

static Words part_words(Galley *galley, GalleyPart part, guint size) {
  const Look *look = galley->look;
  Words words = {
      .typesetter = galley->typesetter, .look = look, .text = look->texts[PART_LOOKS[part]]};
  words.no_hyphens = TRUE; // display type and names are read at a glance
  words.paragraph = galley->parts[part];
  if (part == GALLEY_HEADLINE) {
    size = MIN(size, look->headline_count - 1);
    words.text.style.size = look->headline_sizes[size];
    words.text.leading =
        (gint32)((gint64)words.text.style.size * look->headline_leading_permille / 1000);
    if (galley->headlines[size] == NULL && galley->story->headline[0] != '\0') {
      galley->headlines[size] = paragraph_new(galley->typesetter, galley->language);
      paragraph_add(galley->headlines[size], slice_of(galley->story->headline), &words.text.style,
                    NULL);
    }
    words.paragraph = galley->headlines[size];
  }
  return words;
}

GalleyFit galley_fit_head(Galley *galley, GalleyPart part, guint size, gint32 measure) {
  Words words = part_words(galley, part, size);
  GalleyFit fit = {0};
  if (words.paragraph == NULL || paragraph_is_empty(words.paragraph)) {
    return fit;
  }
  ParagraphShape shape = words_shape(&words, measure);
  g_autoptr(ParagraphLines) lines = paragraph_set(words.paragraph, &shape, 0, 0, 0);
  fit.lines = lines->count;
  fit.baselines = words_baselines(&words, lines->count);
  fit.breaks_word = words.no_hyphens && paragraph_widest_word(words.paragraph) > shape.measure;
  for (guint i = 0; i < lines->count; i++) {
    fit.widest = MAX(fit.widest, lines->lines[i].natural);
  }
  if (lines->count > 0 && fit.widest > 0) {
    fit.last_permille =
        (gint32)((gint64)lines->lines[lines->count - 1].natural * 1000 / fit.widest);
  }
  return fit;
}

SetBlock *galley_set_head(Galley *galley, GalleyPart part, guint size, gint32 measure) {
  Words words = part_words(galley, part, size);
  if (words.paragraph == NULL || paragraph_is_empty(words.paragraph)) {
    return NULL;
  }
  SetBlock *block = set_words(&words, measure, PART_ROLES[part], galley->language);
  block->id = G_MAXUINT - (guint)part; // apart from the body's
  return block;
}

// ---- furniture --------------------------------------------------------------------------------

// The lines borrow the paragraph's links and faces only; the links must live as long as the block.
static SetBlock *set_own_words(Typesetter *typesetter, const Look *look, LookText text,
                               Paragraph *paragraph, const char *language, gint32 measure,
                               SetRole role) {
  Words words = {
      .typesetter = typesetter, .look = look, .paragraph = paragraph, .text = look->texts[text]};
  SetBlock *block = set_words(&words, measure, role, typesetter_keep(typesetter, language));
  for (guint i = 0; i < block->line_count; i++) {
    for (guint j = 0; j < block->lines[i].run_count; j++) {
      SetRun *run = (SetRun *)&block->lines[i].runs[j];
      run->link = run->link != NULL ? typesetter_keep(typesetter, run->link) : NULL;
    }
  }
  return block;
}

static gboolean has_words(const char *words) {
  return words != NULL && words[0] != '\0';
}

SetBlock *galley_set_caption(Typesetter *typesetter, const Look *look, const char *caption,
                             const char *credit, const char *language, gint32 measure) {
  if (!has_words(caption) && !has_words(credit)) {
    return NULL;
  }
  g_autoptr(Paragraph) paragraph = paragraph_new(typesetter, language);
  const TypeStyle *style = &look->texts[LOOK_CAPTION].style;
  if (has_words(caption)) {
    paragraph_add(paragraph, slice_of(caption), style, NULL);
  }
  if (has_words(credit)) {
    paragraph_add(paragraph, SLICE_LITERAL(" "), style, NULL);
    paragraph_add(paragraph, slice_of(credit), &look->texts[LOOK_CREDIT].style, NULL);
  }
  return paragraph_is_empty(paragraph) ? NULL
                                       : set_own_words(typesetter, look, LOOK_CAPTION, paragraph,
                                                       language, measure, ROLE_CAPTION);
}

SetBlock *galley_set_text(Typesetter *typesetter, const Look *look, LookText text,
                          const char *words, const char *link, const char *language, gint32 measure,
                          SetRole role) {
  g_autoptr(Paragraph) paragraph = paragraph_new(typesetter, language);
  paragraph_add(paragraph, slice_of(words), &look->texts[text].style, link);
  return paragraph_is_empty(paragraph)
             ? NULL
             : set_own_words(typesetter, look, text, paragraph, language, measure, role);
}
