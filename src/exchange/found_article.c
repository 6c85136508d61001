// SPDX-License-Identifier: Apache-2.0
//
// An article as it is found: the text that some extractor saved from a web page. First line the
// headline; then what stands under a headline (picture, byline, date, address); then paragraphs,
// one a line, parted by blank lines or hard-wrapped, with site furniture in between. Called
// through the table in importer.c. The reporter's words are never touched.
#include "exchange/found_head.h"
#include "exchange/furniture.h"
#include "exchange/import_story.h"
#include "exchange/importers.h"

#include "base/text.h"
#include "press/markup.h"

#include <string.h>

// ---- the body --------------------------------------------------------------------------------

static void append_block(GString *body, const char *text, gsize length) {
  if (body->len > 0) {
    g_string_append(body, "\n\n");
  }
  g_string_append_len(body, text, (gssize)length);
}

static void append_picture(GString *body, const FoundPicture *picture) {
  GString *line = g_string_new("![");
  import_escape_label(line, picture->alt);
  g_string_append_printf(line, "](<%s>", picture->url);
  if (picture->caption[0] != '\0' || picture->credit[0] != '\0') {
    g_string_append(line, " \"");
    import_escape_label(line, picture->caption);
    if (picture->credit[0] != '\0') {
      g_string_append(line, " | ");
      import_escape_label(line, picture->credit);
    }
    g_string_append_c(line, '"');
  }
  g_string_append_c(line, ')');
  append_block(body, line->str, line->len);
  g_string_free(line, TRUE);
}

static void append_paragraph(const Found *found, GString *body, const FoundParagraph *paragraph) {
  FoundPicture picture = {0};
  if (found_picture_parse(slice_of(paragraph->text), &picture)) {
    append_picture(body, &picture);
    if (picture.rest.length > 0) {
      g_autofree char *rest = slice_dup(picture.rest);
      g_autoptr(GString) escaped = g_string_new(NULL);
      import_escape_markdown(escaped, picture.rest, TRUE);
      append_block(body, found->text->markdown ? rest : escaped->str,
                   found->text->markdown ? strlen(rest) : escaped->len);
    }
  } else if (found->text->markdown || paragraph->fixed) {
    append_block(body, paragraph->text, strlen(paragraph->text));
  } else {
    g_autoptr(GString) escaped = g_string_new(NULL);
    import_escape_markdown(escaped, slice_of(paragraph->text), TRUE);
    append_block(body, escaped->str, escaped->len);
  }
  found_picture_clear(&picture);
}

// A picture's line in the file: for the notes that the seal makes without one.
static gboolean note_pictures(Found *found, const GPtrArray *paragraphs, GError **error) {
  for (guint i = 0; i < paragraphs->len; i++) {
    const FoundParagraph *paragraph = g_ptr_array_index(paragraphs, i);
    FoundPicture picture = {0};
    if (!found_picture_parse(slice_of(paragraph->text), &picture)) {
      continue;
    }
    guint before = found->item->pictures->len;
    if (before < 400) {
      ImportedPicture *added = import_add_picture(found->item, picture.url);
      added->alt = added->alt[0] != '\0' ? added->alt : import_keep_text(found->item, picture.alt);
      added->caption = added->caption[0] != '\0' ? added->caption
                                                 : import_keep_text(found->item, picture.caption);
      added->credit =
          added->credit[0] != '\0' ? added->credit : import_keep_text(found->item, picture.credit);
    }
    found_picture_clear(&picture);
    if (found->item->pictures->len > before &&
        !import_load_picture(found->item, before, found->source, found_paragraph_line(paragraph, 0),
                             found->notes, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

static gint by_line(gconstpointer a, gconstpointer b) {
  guint left = (*(const ImportNote *const *)a)->line;
  guint right = (*(const ImportNote *const *)b)->line;
  return left < right ? -1 : left > right;
}

static gboolean read_body(Found *found, GError **error) {
  g_autoptr(GPtrArray) paragraphs = found_text_paragraphs(found->text, found->next);
  furniture_filter(paragraphs, found->notes);
  if (found->hero_line != 0 &&
      !import_load_picture(found->item, 0, found->source, found->hero_line, found->notes, error)) {
    return FALSE;
  }
  if (!note_pictures(found, paragraphs, error)) {
    return FALSE;
  }
  if (paragraphs->len == 0 && found->item->pictures->len == 0) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_EMPTY,
                "a headline and nothing under it; there is no story in this file");
    return FALSE;
  }
  GString *body = g_string_new(NULL);
  for (guint i = 0; i < paragraphs->len; i++) {
    append_paragraph(found, body, g_ptr_array_index(paragraphs, i));
  }
  g_string_append_c(body, '\n');
  g_free(found->item->story->body);
  found->item->story->body = g_string_free(body, FALSE);
  return TRUE;
}

static gboolean read_article(Found *found, const char *text, GError **error) {
  if (!found_headline_take(found)) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_EMPTY,
                "there is no text in this file; the first line must be the headline");
    return FALSE;
  }
  if (strlen(found->item->story->headline) > 400) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX,
                "line %u: the first line is too long for a headline (%zu bytes); put the headline "
                "on a line of its own",
                g_array_index(found->text->lines, TextLine, found->next - 1).number,
                strlen(found->item->story->headline));
    return FALSE;
  }
  if (found->text->markdown) { // the file as it is names the line of what can't be taken
    GError *cause = NULL;
    g_autoptr(Document) document = markup_parse(slice_of(text), &cause);
    if (document == NULL) {
      g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX, "%s", cause->message);
      g_error_free(cause);
      return FALSE;
    }
  }
  found_head_read(found);
  if (!read_body(found, error)) {
    return FALSE;
  }
  Story *story = found->item->story;
  if (story->source_key == NULL) {
    story->source_key = g_strdup(found->source->key);
  }
  if (!import_seal(found->item, found->source, 0, found->notes, error)) {
    return FALSE;
  }
  g_ptr_array_sort(found->notes, by_line);
  return TRUE;
}

static gboolean recognise_found(const ImportSource *source) {
  static const char *const ENDS[] = {".txt", ".text", ".md", ".markdown", ".mdown", ".mkd", ""};
  const char *base = source->path != NULL ? strrchr(source->path, '/') : NULL;
  base = base != NULL ? base + 1 : source->path;
  const char *dot = base != NULL ? strrchr(base, '.') : NULL;
  for (gsize i = 0; i < G_N_ELEMENTS(ENDS); i++) {
    if (g_ascii_strcasecmp(dot != NULL ? dot : "", ENDS[i]) == 0) {
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean read_found(const ImportSource *source, GPtrArray *items, GPtrArray *notes,
                           GError **error) {
  g_autofree char *text = import_decode(source->bytes, error);
  if (text == NULL) {
    return FALSE;
  }
  g_autoptr(ImportItem) item = import_item_new();
  g_autoptr(FoundText) lines = found_text_new(text);
  g_autoptr(GPtrArray) own_notes = g_ptr_array_new_with_free_func((GDestroyNotify)import_note_free);
  item->line = 1;
  Found found = {.item = item, .source = source, .notes = own_notes, .text = lines};
  if (!read_article(&found, text, error)) {
    return FALSE;
  }
  while (own_notes->len > 0) {
    g_ptr_array_add(notes, g_ptr_array_steal_index(own_notes, 0));
  }
  g_ptr_array_add(items, g_steal_pointer(&item));
  return TRUE;
}

const Importer importer_found_article = {"found article", recognise_found, read_found};
