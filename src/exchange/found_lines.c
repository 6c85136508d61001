// SPDX-License-Identifier: Apache-2.0
//
// Implements found_lines.h.
#include "exchange/found_lines.h"

#include "base/text.h"

#include <string.h>

// ---- a picture's line ------------------------------------------------------------------------

static char *unescape(Slice text) {
  GString *out = g_string_sized_new(text.length);
  for (gsize i = 0; i < text.length; i++) {
    if (text.data[i] == '\\' && i + 1 < text.length && g_ascii_ispunct(text.data[i + 1])) {
      i++;
    }
    g_string_append_c(out, text.data[i]);
  }
  g_autofree char *raw = g_string_free(out, FALSE);
  return text_collapse_space(slice_of(raw));
}

// The end of "(url "title")" that begins at `line[0] == '('`; 0 if it doesn't end.
static gsize find_target_end(Slice line) {
  guint depth = 0;
  gboolean quoted = FALSE;
  for (gsize i = 0; i < line.length; i++) {
    char letter = line.data[i];
    if (letter == '\\') {
      i++;
    } else if (letter == '"' && (quoted || (i > 0 && line.data[i - 1] == ' '))) {
      quoted = !quoted;
    } else if (!quoted && letter == '(') {
      depth++;
    } else if (!quoted && letter == ')' && --depth == 0) {
      return i + 1;
    }
  }
  return 0;
}

static void read_title(FoundPicture *picture, Slice title) {
  title = slice_trim(title);
  if (title.length >= 2 && (title.data[0] == '"' || title.data[0] == '\'')) {
    title = slice_range(title, 1, title.length - 2);
  }
  gssize bar = slice_find(title, SLICE_LITERAL(" | "));
  picture->caption = unescape(bar >= 0 ? slice_range(title, 0, (gsize)bar) : title);
  picture->credit = unescape(bar >= 0 ? slice_from(title, (gsize)bar + 3) : (Slice){0});
}

static gboolean parse_plain_picture(Slice line, FoundPicture *picture, gsize *ret_length) {
  if (!slice_starts_with(line, "![")) {
    return FALSE;
  }
  gssize middle = slice_find(line, SLICE_LITERAL("]("));
  if (middle < 0) {
    return FALSE;
  }
  gsize length = find_target_end(slice_from(line, (gsize)middle + 1));
  if (length < 3) {
    return FALSE;
  }
  Slice target = slice_trim(slice_range(line, (gsize)middle + 2, length - 2));
  gssize space =
      slice_starts_with(target, "<") ? slice_find_char(target, '>') : slice_find_char(target, ' ');
  Slice url = space >= 0 ? slice_range(target, 0, (gsize)space) : target;
  url = slice_starts_with(url, "<") ? slice_from(url, 1) : url;
  if (url.length == 0 || url.length > 4096 || slice_find_char(url, '<') >= 0 ||
      slice_find_char(url, '>') >= 0) {
    return FALSE;
  }
  picture->url = slice_dup(url);
  picture->alt = unescape(slice_range(line, 2, (gsize)middle - 2));
  read_title(picture, space >= 0 ? slice_from(target, (gsize)space + 1) : (Slice){0});
  *ret_length = (gsize)middle + 1 + length;
  return TRUE;
}

gboolean found_picture_parse(Slice line, FoundPicture *ret_picture) {
  line = slice_trim(line);
  FoundPicture picture = {0};
  gsize length = 0;
  gboolean linked = slice_starts_with(line, "[![");
  if (!parse_plain_picture(linked ? slice_from(line, 1) : line, &picture, &length)) {
    return FALSE;
  }
  if (linked) {
    Slice after = slice_from(line, 1 + length);
    gsize target = slice_starts_with(after, "](") ? find_target_end(slice_from(after, 1)) : 0;
    if (target == 0) {
      found_picture_clear(&picture);
      return FALSE;
    }
    length += 2 + target;
  }
  picture.rest = slice_trim(slice_from(line, length));
  *ret_picture = picture;
  return TRUE;
}

void found_picture_clear(FoundPicture *picture) {
  g_clear_pointer(&picture->url, g_free);
  g_clear_pointer(&picture->alt, g_free);
  g_clear_pointer(&picture->caption, g_free);
  g_clear_pointer(&picture->credit, g_free);
}

char *found_plain_line(const char *line) {
  Slice text = slice_trim(slice_of(line));
  gsize hashes = 0;
  while (hashes < text.length && text.data[hashes] == '#') {
    hashes++;
  }
  gboolean heading = hashes > 0 && hashes <= 6 && hashes < text.length && text.data[hashes] == ' ';
  text = slice_trim(heading ? slice_from(text, hashes) : text);
  while (heading && text.length > 0 && text.data[text.length - 1] == '#') {
    text.length--;
  }
  GString *out = g_string_sized_new(text.length);
  for (gsize i = 0; i < text.length; i++) {
    char letter = text.data[i];
    gssize middle = letter == '[' ? slice_find(slice_from(text, i), SLICE_LITERAL("](")) : -1;
    gsize target = middle > 0 ? find_target_end(slice_from(text, i + (gsize)middle + 1)) : 0;
    if (target > 0) { // keep the link's words
      g_string_append_len(out, text.data + i + 1, middle - 1);
      i += (gsize)middle + target;
    } else if (letter == '*' && i + 1 < text.length && text.data[i + 1] == '*') {
      i++;
    } else if ((letter == '*' || letter == '_') && (i == 0 || i + 1 == text.length)) {
      continue;
    } else if (letter == '\\' && i + 1 < text.length && g_ascii_ispunct(text.data[i + 1])) {
      g_string_append_c(out, text.data[++i]);
    } else {
      g_string_append_c(out, letter);
    }
  }
  g_autofree char *raw = g_string_free(out, FALSE);
  return text_collapse_space(slice_of(raw));
}

// ---- what kind of text -----------------------------------------------------------------------

static gboolean is_list_item(Slice line) {
  if (line.length > 2 && strchr("-*+", line.data[0]) != NULL && line.data[1] == ' ') {
    return TRUE;
  }
  gsize digits = 0;
  while (digits < line.length && digits < 4 && g_ascii_isdigit(line.data[digits])) {
    digits++;
  }
  return digits > 0 && digits + 1 < line.length &&
         (line.data[digits] == '.' || line.data[digits] == ')') && line.data[digits + 1] == ' ';
}

static gboolean is_heading(Slice line) {
  gsize hashes = 0;
  while (hashes < line.length && line.data[hashes] == '#') {
    hashes++;
  }
  return hashes > 0 && hashes <= 6 && hashes < line.length && line.data[hashes] == ' ';
}

static gboolean has_link(Slice line) { // [words](https://…) that is no picture
  for (Slice rest = line;;) {
    gssize at = slice_find(rest, SLICE_LITERAL("]("));
    if (at < 0) {
      return FALSE;
    }
    Slice target = slice_from(rest, (gsize)at + 2);
    gboolean address = slice_starts_with(target, "http") || slice_starts_with(target, "/") ||
                       slice_starts_with(target, "mailto:") || slice_starts_with(target, "<");
    gssize open = -1;
    for (gssize i = at - 1; i >= 0 && open < 0; i--) {
      open = rest.data[i] == '[' ? i : -1;
    }
    if (address && open >= 0 && (open == 0 || rest.data[open - 1] != '!')) {
      return TRUE;
    }
    rest = target;
  }
}

static gboolean has_strong(Slice line) { // **words**
  gssize open = slice_find(line, SLICE_LITERAL("**"));
  if (open < 0 || (gsize)open + 2 >= line.length || g_ascii_isspace(line.data[open + 2])) {
    return FALSE;
  }
  return slice_find(slice_from(line, (gsize)open + 3), SLICE_LITERAL("**")) >= 0;
}

static gboolean ends_sentence(Slice line) {
  static const char *const ENDS[] = {".",   "!",  "?",  "…", ".”", "!”", "?”", ".\"", "!\"",
                                     "?\"", ".’", ".)", ":", ".»", ".“", "’‘", "”"};
  for (gsize i = 0; i < G_N_ELEMENTS(ENDS); i++) {
    if (slice_ends_with(line, ENDS[i])) {
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean is_markdown(const GArray *lines) {
  guint items = 0;
  guint quotes = 0;
  char marker = '\0';
  for (guint i = 0; i < lines->len; i++) {
    Slice line = g_array_index(lines, TextLine, i).text;
    if (line.length == 0) {
      continue;
    }
    gboolean item = is_list_item(line) && !g_ascii_isdigit(line.data[0]);
    items = item ? (line.data[0] == marker ? items + 1 : 1) : 0;
    marker = line.data[0];
    quotes += slice_starts_with(line, "> ");
    gboolean heading = is_heading(line) && (i == 0 || line.data[1] == '#' || !ends_sentence(line));
    if (items >= 2 || quotes >= 2 || slice_starts_with(line, ">>") ||
        slice_starts_with(line, "> >") || heading || has_link(line) || has_strong(line) ||
        slice_starts_with(line, "```") || slice_starts_with(line, "::: ")) {
      return TRUE;
    }
  }
  return FALSE;
}

// ---- lines to paragraphs ---------------------------------------------------------------------

static gboolean is_block_line(Slice line) { // never joined with its neighbours
  return slice_starts_with(line, "![") || slice_starts_with(line, "[![") || is_heading(line);
}

static gsize first_word(Slice line) {
  gssize space = slice_find_char(line, ' ');
  return space >= 0 ? (gsize)space : line.length;
}

// Hard-wrapped: evenly short lines, most of which end in mid-sentence because the next word would
// not have fitted.
static guint find_wrap(const GArray *lines) {
  gsize longest = 0;
  guint pairs = 0;
  guint open = 0;
  guint full = 0;
  for (guint i = 1; i < lines->len; i++) { // the headline is as long as it is
    Slice line = g_array_index(lines, TextLine, i).text;
    if (!is_block_line(line) && line.length > 0) {
      longest = MAX(longest, line.length);
    }
  }
  if (longest < 40 || longest > 132) {
    return 0;
  }
  for (guint i = 1; i + 1 < lines->len; i++) {
    Slice line = g_array_index(lines, TextLine, i).text;
    Slice next = g_array_index(lines, TextLine, i + 1).text;
    if (line.length == 0 || next.length == 0 || is_block_line(line) || is_block_line(next)) {
      continue;
    }
    pairs++;
    open += !ends_sentence(line);
    full += line.length + 1 + first_word(next) + 4 > longest; // bytes, not letters: a little play
  }
  return pairs >= 3 && open * 10 >= pairs * 5 && full * 10 >= pairs * 6 ? (guint)longest : 0;
}

FoundText *found_text_new(const char *text) {
  FoundText *found = g_new0(FoundText, 1);
  found->lines = g_array_new(FALSE, FALSE, sizeof(TextLine));
  Slice rest = slice_of(text);
  Slice raw = {0};
  for (guint number = 1; slice_next_line(&rest, &raw); number++) {
    Slice trimmed = slice_trim(raw);
    while (slice_starts_with(trimmed, "\xC2\xA0")) { // no-break spaces
      trimmed = slice_trim(slice_from(trimmed, 2));
    }
    while (slice_ends_with(trimmed, "\xC2\xA0")) {
      trimmed = slice_trim(slice_range(trimmed, 0, trimmed.length - 2));
    }
    TextLine line = {trimmed, trimmed.length > 0 ? (guint)(trimmed.data - raw.data) : 0, number};
    g_array_append_val(found->lines, line);
  }
  found->markdown = is_markdown(found->lines);
  found->wrap = find_wrap(found->lines);
  return found;
}

void found_text_free(FoundText *text) {
  if (text == NULL) {
    return;
  }
  g_array_unref(text->lines);
  g_free(text);
}

typedef struct Joining {
  const FoundText *text;
  GPtrArray *paragraphs;
  FoundParagraph *open;    // lines may still be added; in `paragraphs`
  FoundParagraph *current; // whose text is in `buffer`
  GString *buffer;
  const char *fence; // inside a code block
  gsize last_length; // of the last line added to `open`
} Joining;

static void close_paragraph(Joining *joining) {
  if (joining->current != NULL) {
    g_free(joining->current->text);
    joining->current->text = g_strndup(joining->buffer->str, joining->buffer->len);
    joining->current = NULL;
  }
  g_string_truncate(joining->buffer, 0);
}

static void begin_paragraph(Joining *joining, const TextLine *line, gboolean fixed) {
  close_paragraph(joining);
  joining->open = found_paragraph_new("", line->number);
  joining->current = joining->open;
  joining->open->fixed = fixed;
  joining->last_length = line->text.length;
  g_string_append_len(joining->buffer, line->text.data, (gssize)line->text.length);
  g_ptr_array_add(joining->paragraphs, joining->open);
}

static void add_to_paragraph(Joining *joining, const TextLine *line, char joint) {
  g_assert(joining->open != NULL);
  FoundLine mark = {joining->buffer->len + 1, line->number};
  g_string_append_c(joining->buffer, joint);
  for (guint i = 0; joint == '\n' && i < MIN(line->indent, 16); i++) {
    g_string_append_c(joining->buffer, ' ');
  }
  g_string_append_len(joining->buffer, line->text.data, (gssize)line->text.length);
  g_array_append_val(joining->open->lines, mark);
  joining->last_length = line->text.length;
}

static Slice text_so_far(const Joining *joining) {
  return (Slice){joining->buffer->str, joining->buffer->len};
}

static gboolean keeps_lines(Slice line) { // lists, quotes, tables and fenced blocks of Markdown
  return is_list_item(line) || slice_starts_with(line, ">") || slice_starts_with(line, "|") ||
         slice_starts_with(line, ":::");
}

static gboolean joins_wrapped(const Joining *joining, const TextLine *line) {
  if (joining->text->wrap == 0 || joining->open == NULL || joining->open->fixed) {
    return FALSE;
  }
  gboolean next_would_fit =
      joining->last_length + 1 + first_word(line->text) + 4 <= joining->text->wrap;
  Slice so_far = text_so_far(joining);
  return !(next_would_fit && ends_sentence(so_far)) && !furniture_is_sure_line(line->text) &&
         !(furniture_is_sure_line(so_far) && next_would_fit);
}

static gboolean is_rule(Slice line) { // * * *, ---, ___
  gsize marks = 0;
  for (gsize i = 0; i < line.length; i++) {
    if (line.data[i] != ' ' &&
        (line.data[i] != line.data[0] || strchr("*-_", line.data[0]) == NULL)) {
      return FALSE;
    }
    marks += line.data[i] != ' ';
  }
  return marks >= 3;
}

static void take_line(Joining *joining, const TextLine *line) {
  Slice text = line->text;
  gboolean markdown = joining->text->markdown;
  if (joining->fence != NULL) {
    add_to_paragraph(joining, line, '\n');
    if (slice_starts_with(text, joining->fence)) {
      joining->fence = NULL;
      joining->open = NULL;
    }
    return;
  }
  if (text.length == 0) {
    joining->open = NULL;
    return;
  }
  if (markdown && (slice_starts_with(text, "```") || slice_starts_with(text, "~~~") ||
                   slice_starts_with(text, "::: "))) {
    begin_paragraph(joining, line, TRUE);
    joining->fence = text.data[0] == '`' ? "```" : (text.data[0] == '~' ? "~~~" : ":::");
    return;
  }
  if (is_block_line(text) || is_rule(text)) {
    begin_paragraph(joining, line, is_rule(text));
    joining->open = NULL;
  } else if (markdown && keeps_lines(text)) {
    gboolean same = joining->open != NULL && keeps_lines(text_so_far(joining));
    same ? add_to_paragraph(joining, line, '\n') : begin_paragraph(joining, line, FALSE);
  } else if (joins_wrapped(joining, line)) {
    add_to_paragraph(joining, line, ' ');
  } else if (markdown && joining->open != NULL && line->indent >= 2 &&
             keeps_lines(text_so_far(joining))) {
    add_to_paragraph(joining, line, '\n'); // a list item goes on
  } else {
    begin_paragraph(joining, line, FALSE);
  }
}

GPtrArray *found_text_paragraphs(const FoundText *text, guint first) {
  Joining joining = {.text = text};
  joining.paragraphs = g_ptr_array_new_with_free_func((GDestroyNotify)found_paragraph_free);
  joining.buffer = g_string_new(NULL);
  for (guint i = first; i < text->lines->len; i++) {
    take_line(&joining, &g_array_index(text->lines, TextLine, i));
  }
  close_paragraph(&joining);
  while (joining.paragraphs->len > 0) { // a rule with nothing under it
    const FoundParagraph *last = g_ptr_array_index(joining.paragraphs, joining.paragraphs->len - 1);
    if (!is_rule(slice_of(last->text))) {
      break;
    }
    g_ptr_array_remove_index(joining.paragraphs, joining.paragraphs->len - 1);
  }
  g_string_free(joining.buffer, TRUE);
  return joining.paragraphs;
}
