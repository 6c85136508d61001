// SPDX-License-Identifier: Apache-2.0
//
// Implements markup_divs.h, line by line. All that can be wrong with the blocks is found
// here, where the line is known; the tree builder only opens and closes.
#include "press/markup_divs.h"

#include <string.h>

#include "press/markup_entity.h"
#include "press/markup_url.h"

typedef struct Piece {
  gsize at, origin; // offsets in the buffer and in the Markdown
} Piece;

typedef struct DivName {
  const char *name;
  MarkupDivKind kind;
} DivName;
static const DivName NAMES[] = {
    {"pullquote", DIV_PULL_QUOTE},
    {"pull-quote", DIV_PULL_QUOTE},
    {"factbox", DIV_FACT_BOX},
    {"fact-box", DIV_FACT_BOX},
    {"card", DIV_CARD},
};

// The line without its (up to three) leading spaces, if it begins with ":::"; else empty.
static Slice div_line(Slice line) {
  gsize indent = 0;
  while (indent < 3 && indent < line.length && line.data[indent] == ' ') {
    indent++;
  }
  Slice rest = slice_from(line, indent);
  return slice_starts_with(rest, ":::") ? rest : (Slice){NULL, 0};
}

gboolean markup_divs_any(Slice markdown) {
  Slice rest = markdown;
  for (gssize at; (at = slice_find_char(rest, ':')) >= 0; rest = slice_from(rest, (gsize)at + 1)) {
    const char *mark = rest.data + at;
    if (!slice_starts_with(slice_from(rest, (gsize)at), ":::")) {
      continue;
    }
    while (mark > markdown.data && mark[-1] == ' ') {
      mark--;
    }
    if (mark == markdown.data || mark[-1] == '\n' || mark[-1] == '\r') {
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean syntax_error(GError **error, guint line, const char *what, const char *mend) {
  g_set_error(error, MARKUP_ERROR, MARKUP_ERROR_SYNTAX, "line %u: %s: %s", line, what, mend);
  return FALSE;
}

static gboolean parse_name(Slice name, MarkupDivKind *ret_kind) {
  for (gsize i = 0; i < G_N_ELEMENTS(NAMES); i++) {
    if (slice_equal_text_nocase(name, NAMES[i].name)) {
      *ret_kind = NAMES[i].kind;
      return TRUE;
    }
  }
  return FALSE;
}

char *markup_div_url(const MarkupDiv *div) {
  g_autoptr(GString) plain = g_string_new(NULL);
  markup_unescape(plain, div->words);
  return markup_url_clean(plain->str, MARKUP_URL_LINK);
}

static gboolean card_is_usable(const MarkupDiv *div, GError **error) {
  g_autofree char *clean = markup_div_url(div);
  if (clean == NULL || clean[0] == '\0') {
    return syntax_error(error, div->line, "the card has no address that readers can follow",
                        "write \"::: card https://…\"");
  }
  return TRUE;
}

// Reads "::: name words" or ":::" (`line` begins with the colons).
static gboolean parse_div(Slice line, guint number, MarkupDiv *ret_div, GError **error) {
  while (line.length > 0 && line.data[0] == ':') {
    line = slice_from(line, 1);
  }
  line = slice_trim(line);
  MarkupDiv div = {DIV_CLOSE, line, number};
  if (line.length > 0) {
    gsize end = 0;
    while (end < line.length && !g_ascii_isspace(line.data[end])) {
      end++;
    }
    Slice name = slice_range(line, 0, end);
    div.words = slice_trim(slice_from(line, end));
    if (slice_starts_with(name, "{.") && slice_ends_with(name, "}")) { // as Pandoc writes it
      name = slice_range(name, 2, name.length - 3);
    }
    if (!parse_name(name, &div.kind)) {
      g_autofree char *shown = slice_dup(slice_range(name, 0, 40));
      g_autofree char *valid = g_utf8_make_valid(shown, -1);
      g_autofree char *what = g_strdup_printf("there is no block named \"%s\"", valid);
      return syntax_error(
          error, number, what,
          "use pullquote, factbox or card, or write \\::: for the three colons themselves");
    }
    if (div.kind == DIV_CARD && !card_is_usable(&div, error)) {
      return FALSE;
    }
  }
  *ret_div = div;
  return TRUE;
}

static gboolean follow_nesting(const MarkupDiv *div, GArray *open, GError **error) {
  if (div->kind == DIV_CLOSE) {
    if (open->len == 0) {
      return syntax_error(
          error, div->line, "\":::\" closes a block, and none is open",
          "remove it, or open one above with \"::: pullquote\", \"::: factbox\" or \"::: card\"");
    }
    g_array_set_size(open, open->len - 1);
    return TRUE;
  }
  if (open->len >= MARKUP_MAX_NESTING) {
    g_set_error(error, MARKUP_ERROR, MARKUP_ERROR_TOO_DEEP,
                "line %u: blocks are nested more than %d deep: take some of them out", div->line,
                MARKUP_MAX_NESTING);
    return FALSE;
  }
  g_array_append_val(open, div->line);
  return TRUE;
}

static void write_piece(MarkupSource *source, Slice markdown, gsize start, gsize end) {
  if (end <= start) {
    return;
  }
  Piece piece = {source->buffer->len, start};
  g_array_append_val(source->pieces, piece);
  g_string_append_len(source->buffer, markdown.data + start, (gssize)(end - start));
  for (char *at = source->buffer->str + piece.at; (at = strchr(at, MARKUP_DIV_MARK)) != NULL;
       at++) {
    *at = '\x03'; // a text can't forge a marker; both are shown as U+FFFD
  }
}

// The '\r' is an empty line that ends a table, and no '\n', so that lines count as before.
static void write_marker(MarkupSource *source, const MarkupDiv *div) {
  g_string_append_printf(source->buffer, "\r# %c%u\n", MARKUP_DIV_MARK, source->divs->len);
  g_array_append_val(source->divs, *div);
}

static gboolean is_code(const GArray *code_offsets, guint *next, gsize start, gsize end) {
  if (code_offsets == NULL) {
    return FALSE;
  }
  while (*next < code_offsets->len && g_array_index(code_offsets, gsize, *next) < start) {
    (*next)++;
  }
  return *next < code_offsets->len && g_array_index(code_offsets, gsize, *next) < end;
}

static gboolean split(MarkupSource *source, Slice markdown, const GArray *code_offsets,
                      GError **error) {
  g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(guint)); // lines of the open blocks
  Slice rest = markdown, line;
  gsize kept = 0; // all before this is written
  guint number = 0, next_code = 0;
  while (rest.length > 0) {
    gsize start = markdown.length - rest.length;
    slice_next_line(&rest, &line);
    number++;
    Slice colons = div_line(line);
    if (colons.length == 0 || is_code(code_offsets, &next_code, start, start + line.length)) {
      continue;
    }
    MarkupDiv div;
    if (!parse_div(colons, number, &div, error) || !follow_nesting(&div, open, error)) {
      return FALSE;
    }
    write_piece(source, markdown, kept, start);
    write_marker(source, &div);
    kept = markdown.length - rest.length;
  }
  write_piece(source, markdown, kept, markdown.length);
  if (open->len > 0) {
    return syntax_error(error, g_array_index(open, guint, open->len - 1),
                        "the block is never closed",
                        "write \":::\" on a line of its own where it ends");
  }
  return TRUE;
}

gboolean markup_source_init(MarkupSource *source, Slice markdown, const GArray *code_offsets,
                            GError **error) {
  *source = (MarkupSource){.text = markdown};
  if (!markup_divs_any(markdown)) {
    return TRUE;
  }
  source->buffer = g_string_sized_new(markdown.length + 64);
  source->divs = g_array_new(FALSE, FALSE, sizeof(MarkupDiv));
  source->pieces = g_array_new(FALSE, FALSE, sizeof(Piece));
  if (!split(source, markdown, code_offsets, error)) {
    markup_source_clear(source);
    return FALSE;
  }
  source->text = (Slice){source->buffer->str, source->buffer->len};
  return TRUE;
}

void markup_source_clear(MarkupSource *source) {
  if (source->buffer != NULL) {
    g_string_free(source->buffer, TRUE);
    g_array_unref(source->divs);
    g_array_unref(source->pieces);
  }
  *source = (MarkupSource){0};
}

gsize markup_source_origin(const MarkupSource *source, gsize offset) {
  if (source->pieces == NULL || source->pieces->len == 0) {
    return offset;
  }
  guint low = 0, high = source->pieces->len;
  while (high - low > 1) {
    guint middle = low + (high - low) / 2;
    if (g_array_index(source->pieces, Piece, middle).at <= offset) {
      low = middle;
    } else {
      high = middle;
    }
  }
  Piece piece = g_array_index(source->pieces, Piece, low);
  return piece.origin + (offset - piece.at);
}
