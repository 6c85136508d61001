// SPDX-License-Identifier: Apache-2.0
//
// Implements markup_parse and markup_replace_image_urls on md4c, the only file that knows it.
// md4c calls back for each block, span and text; here each becomes a step of markup_tree.h.
// Called by importers, the newsroom and every page. Must never recurse with the input's depth.
// Longer than 600 lines because nobody else may know md4c.
#include "press/markup.h"

#include <md4c.h>
#include <string.h>

#include "base/text.h"
#include "press/markup_entity.h"
#include "press/markup_tree.h"
#include "press/markup_url.h"

#define MARKUP_MAX_BYTES (4u << 20)
#define MAX_ATTRIBUTE_BYTES (8u << 20) // what reference links may be expanded to
#define MAX_PARAGRAPH_LINES 2000
#define MD4C_FLAGS (MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_NOHTML)

typedef struct Builder {
  Tree tree;
  const MarkupSource *source;
  const char *counted_to; // lines are counted up to here
  guint line;
  guint next_div;
  guint blocks, spans; // open quotes, lists and divs; open spans
  guint images;        // open image spans
  gboolean too_deep;   // stop at the next text, which has a line
  gboolean in_header;  // of a table
  GString *code;       // of the open code block or span
  gboolean in_code;
  gsize attribute_bytes;
  GError *error;
} Builder;

// ---- positions and limits ----------------------------------------------------------------

static gboolean is_of_source(const Builder *builder, const char *text) {
  return text >= builder->source->text.data &&
         text < builder->source->text.data + builder->source->text.length;
}

static void count_lines(Builder *builder, const char *text) {
  if (!is_of_source(builder, text) || text < builder->counted_to) {
    return;
  }
  const char *at = builder->counted_to;
  while ((at = memchr(at, '\n', (gsize)(text - at))) != NULL) {
    builder->line++;
    at++;
  }
  builder->counted_to = text;
  tree_set_line(&builder->tree, builder->line);
}

static int fail(Builder *builder, MarkupError code, const char *what) {
  if (builder->error == NULL) {
    g_set_error(&builder->error, MARKUP_ERROR, code, "line %u: %s", builder->line, what);
  }
  return -1; // md4c goes on after a positive number in places
}

static int fail_deep(Builder *builder) {
  return fail(builder, MARKUP_ERROR_TOO_DEEP,
              "quotes, lists or emphasis are nested more than 32 deep: take some of them out");
}

// A node may be added. md4c fills up short table rows, so that few bytes can ask for many nodes.
static gboolean may_grow(Builder *builder) {
  if (builder->tree.node_count < TREE_MAX_NODES) {
    return TRUE;
  }
  fail(builder, MARKUP_ERROR_TOO_LARGE,
       "the text has more than 1,000,000 pieces: part it into several stories");
  return FALSE;
}

// ---- attributes --------------------------------------------------------------------------

static void append_piece(GString *out, MD_TEXTTYPE type, Slice piece) {
  char decoded[MARKUP_ENTITY_BYTES];
  if (type == MD_TEXT_ENTITY && markup_entity_decode(piece, decoded)) {
    g_string_append(out, decoded);
  } else if (type == MD_TEXT_NULLCHAR) {
    g_string_append(out, "\xEF\xBF\xBD");
  } else {
    g_string_append_len(out, piece.data, (gssize)piece.length);
  }
}

// NULL with builder->error set when references expand to too much.
static char *attribute_text(Builder *builder, const MD_ATTRIBUTE *attribute) {
  builder->attribute_bytes += attribute->size;
  if (builder->attribute_bytes > MAX_ATTRIBUTE_BYTES) {
    fail(builder, MARKUP_ERROR_TOO_LARGE,
         "reference links repeat a very long address or title: shorten it");
    return NULL;
  }
  GString *text = g_string_sized_new(attribute->size + 1);
  for (guint i = 0; attribute->text != NULL && attribute->substr_offsets[i] < attribute->size;
       i++) {
    MD_OFFSET start = attribute->substr_offsets[i], end = attribute->substr_offsets[i + 1];
    append_piece(text, attribute->substr_types[i], (Slice){attribute->text + start, end - start});
  }
  return g_string_free(text, FALSE);
}

static int set_attributes(Builder *builder, Node *node, const MD_ATTRIBUTE *url,
                          const MD_ATTRIBUTE *title) {
  g_autofree char *address = attribute_text(builder, url);
  g_autofree char *words = address != NULL ? attribute_text(builder, title) : NULL;
  if (words == NULL) {
    return -1;
  }
  if (url->size > 0) {
    count_lines(builder, url->text);
  }
  node->url = tree_copy(&builder->tree, slice_of(address));
  node->title = words[0] != '\0' ? tree_copy(&builder->tree, slice_of(words)) : NULL;
  return 0;
}

// ---- blocks ------------------------------------------------------------------------------

static gboolean is_level(MD_BLOCKTYPE type) {
  return type == MD_BLOCK_QUOTE || type == MD_BLOCK_UL || type == MD_BLOCK_OL;
}

static void open_cell(Builder *builder, const MD_BLOCK_TD_DETAIL *detail) {
  static const char ALIGN[] = {0, 'l', 'c', 'r'};
  Node *cell = tree_open(&builder->tree, NODE_TABLE_CELL);
  cell->header = builder->in_header;
  cell->align = (guint)detail->align < sizeof(ALIGN) ? ALIGN[detail->align] : 0;
}

static void open_list(Builder *builder, gboolean is_tight, const MD_BLOCK_OL_DETAIL *numbers) {
  Node *list = tree_open(&builder->tree, NODE_LIST);
  list->ordered = numbers != NULL;
  list->tight = is_tight;
  list->start = numbers != NULL ? (gint32)MIN(numbers->start, 999999999u) : 0;
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *data) {
  Builder *builder = data;
  Tree *tree = &builder->tree;
  builder->too_deep =
      builder->too_deep || (is_level(type) && builder->blocks >= MARKUP_MAX_NESTING);
  if (builder->too_deep || !may_grow(builder)) {
    return builder->error != NULL ? -1 : 0;
  }
  builder->blocks += is_level(type);
  switch (type) {
  case MD_BLOCK_QUOTE:
    tree_open(tree, NODE_QUOTE);
    break;
  case MD_BLOCK_UL:
    open_list(builder, ((const MD_BLOCK_UL_DETAIL *)detail)->is_tight != 0, NULL);
    break;
  case MD_BLOCK_OL:
    open_list(builder, ((const MD_BLOCK_OL_DETAIL *)detail)->is_tight != 0, detail);
    break;
  case MD_BLOCK_LI:
    tree_open(tree, NODE_ITEM);
    break;
  case MD_BLOCK_HR:
    tree_open(tree, NODE_RULE);
    break;
  case MD_BLOCK_H:
    tree_open(tree, NODE_HEADING)->level = (guint8)((const MD_BLOCK_H_DETAIL *)detail)->level;
    break;
  case MD_BLOCK_CODE:
    tree_open(tree, NODE_CODE_BLOCK);
    builder->in_code = TRUE;
    break;
  case MD_BLOCK_P:
    tree_open(tree, NODE_PARAGRAPH);
    break;
  case MD_BLOCK_TABLE:
    tree_open(tree, NODE_TABLE);
    break;
  case MD_BLOCK_THEAD:
    builder->in_header = TRUE;
    break;
  case MD_BLOCK_TR:
    tree_open(tree, NODE_TABLE_ROW)->header = builder->in_header;
    break;
  case MD_BLOCK_TH:
  case MD_BLOCK_TD:
    open_cell(builder, detail);
    break;
  default: // the document, a table's body; raw HTML is switched off
    break;
  }
  return 0;
}

static int follow_marker(Builder *builder, guint number) {
  const GArray *divs = builder->source->divs;
  if (number != builder->next_div || number >= divs->len) {
    return fail(builder, MARKUP_ERROR_SYNTAX,
                "a \":::\" stands inside another block: put an empty line before it");
  }
  const MarkupDiv *div = &g_array_index(divs, MarkupDiv, number);
  builder->next_div++;
  builder->line = MAX(builder->line, div->line);
  if (div->kind == DIV_CLOSE) {
    builder->blocks--;
    return tree_close_div(&builder->tree)
               ? 0
               : fail(builder, MARKUP_ERROR_SYNTAX,
                      "\":::\" closes a block that began inside a list or quote");
  }
  if (builder->blocks >= MARKUP_MAX_NESTING) {
    return fail_deep(builder);
  }
  builder->blocks++;
  g_autofree char *url = div->kind == DIV_CARD ? markup_div_url(div) : NULL;
  tree_open_div(&builder->tree, div, url);
  return 0;
}

static void close_code(Builder *builder) {
  Tree *tree = &builder->tree;
  tree_top(tree)->text = tree_copy(tree, (Slice){builder->code->str, builder->code->len});
  g_string_truncate(builder->code, 0);
  builder->in_code = FALSE;
  tree_close(tree);
}

// Finishes the open span at the top by what it is.
static void close_span(Builder *builder) {
  Tree *tree = &builder->tree;
  builder->spans--;
  switch (tree_top(tree)->type) {
  case NODE_CODE:
    close_code(builder);
    break;
  case NODE_LINK: {
    g_autofree char *url = markup_url_clean(tree_top(tree)->url, MARKUP_URL_LINK);
    tree_close_link(tree, url);
    break;
  }
  case NODE_IMAGE: {
    g_autofree char *url = markup_url_clean(tree_top(tree)->url, MARKUP_URL_IMAGE);
    tree_close_image(tree, url != NULL && url[0] != '\0' ? url : NULL);
    break;
  }
  default:
    tree_close(tree);
  }
}

// md4c may leave emphasis that it never entered, or enter some that it never leaves, where a link's
// title has its marks. So a span is closed with all that is open in it, and a block with its spans.
static void close_spans_to(Builder *builder, guint depth) {
  while (builder->tree.depth > depth && tree_top(&builder->tree)->type >= NODE_TEXT) {
    close_span(builder);
  }
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *data) {
  Builder *builder = data;
  guint number = 0;
  if (builder->too_deep || builder->error != NULL) {
    return fail_deep(builder);
  }
  builder->blocks -= is_level(type);
  close_spans_to(builder, 1);
  switch (type) {
  case MD_BLOCK_DOC:
  case MD_BLOCK_TBODY:
  case MD_BLOCK_HTML:
    break;
  case MD_BLOCK_THEAD:
    builder->in_header = FALSE;
    break;
  case MD_BLOCK_CODE:
    close_code(builder);
    break;
  case MD_BLOCK_P:
    tree_close_paragraph(&builder->tree);
    break;
  case MD_BLOCK_H:
    if (builder->source->divs == NULL) {
      tree_close(&builder->tree);
      break;
    }
    return tree_close_heading(&builder->tree, &number) ? follow_marker(builder, number) : 0;
  default:
    tree_close(&builder->tree);
  }
  return 0;
}

// ---- spans and text ----------------------------------------------------------------------

static NodeType type_of_span(MD_SPANTYPE type) {
  switch (type) {
  case MD_SPAN_STRONG:
    return NODE_STRONG;
  case MD_SPAN_DEL:
    return NODE_STRIKE;
  case MD_SPAN_CODE:
    return NODE_CODE;
  case MD_SPAN_A:
    return NODE_LINK;
  case MD_SPAN_IMG:
    return NODE_IMAGE;
  default:
    return NODE_EMPHASIS;
  }
}

static int enter_span(MD_SPANTYPE type, void *detail, void *data) {
  Builder *builder = data;
  Tree *tree = &builder->tree;
  builder->too_deep = builder->too_deep || builder->spans >= MARKUP_MAX_NESTING;
  if (builder->too_deep || !may_grow(builder)) {
    return builder->error != NULL ? -1 : 0;
  }
  builder->spans++;
  Node *span = tree_open(tree, type_of_span(type));
  if (type == MD_SPAN_A) {
    const MD_SPAN_A_DETAIL *link = detail;
    return set_attributes(builder, span, &link->href, &link->title);
  }
  if (type == MD_SPAN_IMG) {
    const MD_SPAN_IMG_DETAIL *image = detail;
    return set_attributes(builder, span, &image->src, &image->title);
  }
  builder->in_code = builder->in_code || type == MD_SPAN_CODE;
  return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *data) {
  Builder *builder = data;
  const Tree *tree = &builder->tree;
  if (builder->too_deep || builder->error != NULL) {
    return fail_deep(builder);
  }
  for (guint depth = tree->depth; depth > 1 && tree->frames[depth - 1].node->type >= NODE_TEXT;
       depth--) {
    if (tree->frames[depth - 1].node->type == type_of_span(type)) {
      close_spans_to(builder, depth - 1);
      break;
    }
  }
  return 0;
}

// md4c 0.4.8 gives a length below zero where emphasis crosses a link: never follow it.
static gboolean is_sane(const Builder *builder, const char *text, MD_SIZE size) {
  Slice source = builder->source->text;
  return is_of_source(builder, text) ? size <= (gsize)(source.data + source.length - text)
                                     : size <= 64;
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *data) {
  Builder *builder = data;
  Slice piece = {text, size};
  char decoded[MARKUP_ENTITY_BYTES];
  count_lines(builder, text);
  if (!is_sane(builder, text, size)) {
    return fail(builder, MARKUP_ERROR_SYNTAX,
                "emphasis begins or ends inside a link here: write \\ before a * or _ that is "
                "meant as text");
  }
  if (builder->too_deep || !may_grow(builder)) {
    return fail_deep(builder);
  }
  if (builder->in_code) {
    g_string_append_len(builder->code, text, (gssize)size);
    return 0;
  }
  switch (type) {
  case MD_TEXT_BR:
  case MD_TEXT_SOFTBR:
    tree_append(&builder->tree, type == MD_TEXT_BR ? NODE_LINE_BREAK : NODE_SOFT_BREAK);
    return 0;
  case MD_TEXT_ENTITY:
    piece = markup_entity_decode(piece, decoded) ? slice_of(decoded) : piece;
    break;
  case MD_TEXT_NULLCHAR:
    piece = SLICE_LITERAL("\xEF\xBF\xBD");
    break;
  default:
    break;
  }
  tree_append_text(&builder->tree, NODE_TEXT, piece);
  return 0;
}

// ---- the source --------------------------------------------------------------------------

typedef struct CodeScan {
  GArray *offsets; // gsize
  const char *start;
  guint events;
  gboolean in_block;
} CodeScan;

static int scan_enter(MD_BLOCKTYPE type, void *detail, void *data) {
  CodeScan *scan = data;
  scan->in_block = type == MD_BLOCK_CODE;
  return ++scan->events > 4 * TREE_MAX_NODES ? -1 : 0; // the run that builds the tree says why
}

static int scan_leave(MD_BLOCKTYPE type, void *detail, void *data) {
  ((CodeScan *)data)->in_block = FALSE;
  return 0;
}

static int scan_span(MD_SPANTYPE type, void *detail, void *data) {
  return 0;
}

static int scan_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *data) {
  CodeScan *scan = data;
  if (scan->in_block && size > 0 && text[0] == ':') {
    gsize offset = (gsize)(text - scan->start);
    g_array_append_val(scan->offsets, offset);
  }
  return 0;
}

// Where lines that begin with ':' stand in code blocks. Only md4c knows for sure what is code.
static GArray *find_code(Slice markdown) {
  static const MD_PARSER PARSER = {0,         MD4C_FLAGS, scan_enter, scan_leave, scan_span,
                                   scan_span, scan_text,  NULL,       NULL};
  CodeScan scan = {g_array_new(FALSE, FALSE, sizeof(gsize)), markdown.data, 0, FALSE};
  md_parse(markdown.data, (MD_SIZE)markdown.length, &PARSER, &scan);
  return scan.offsets;
}

static gboolean check_bytes(Slice markdown, GError **error) {
  guint line = 0;
  if (markdown.length > MARKUP_MAX_BYTES) {
    g_set_error(error, MARKUP_ERROR, MARKUP_ERROR_TOO_LARGE,
                "line 1: the text has %" G_GSIZE_FORMAT
                " bytes, and 4 MB are the most: part it into several stories",
                markdown.length);
    return FALSE;
  }
  if (!text_validate_utf8(markdown, &line)) {
    g_set_error(error, MARKUP_ERROR, MARKUP_ERROR_ENCODING,
                "line %u: the text is not UTF-8: save it again as UTF-8", line);
    return FALSE;
  }
  return TRUE;
}

static gboolean is_blank(Slice line) {
  for (gsize i = 0; i < line.length; i++) {
    if (strchr(" \t>", line.data[i]) == NULL) {
      return FALSE;
    }
  }
  return TRUE;
}

// md4c walks a paragraph's lines for each of its links: many lines with links would take it
// quadratic time. Tables and code of any length pass, as long as no link is among them.
static gboolean check_paragraphs(Slice markdown, GError **error) {
  Slice rest = markdown, line;
  guint lines = 0, number = 0;
  gboolean has_link = FALSE;
  while (slice_next_line(&rest, &line)) {
    number++;
    if (is_blank(line)) {
      lines = 0;
      has_link = FALSE;
      continue;
    }
    lines++;
    has_link = has_link || slice_find_char(line, '[') >= 0;
    if (has_link && lines > MAX_PARAGRAPH_LINES) {
      g_set_error(error, MARKUP_ERROR, MARKUP_ERROR_TOO_LARGE,
                  "line %u: more than %d lines with links stand together: put an empty line "
                  "between paragraphs",
                  number, MAX_PARAGRAPH_LINES);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean prepare_source(MarkupSource *source, Slice markdown, GError **error) {
  if (!check_bytes(markdown, error) || !check_paragraphs(markdown, error)) {
    return FALSE;
  }
  g_autoptr(GArray) code = NULL;
  if (markup_divs_any(markdown) && (slice_find(markdown, SLICE_LITERAL("```")) >= 0 ||
                                    slice_find(markdown, SLICE_LITERAL("~~~")) >= 0)) {
    code = find_code(markdown);
  }
  return markup_source_init(source, markdown, code, error);
}

// ---- parsing -----------------------------------------------------------------------------

static gboolean build(Builder *builder) {
  static const MD_PARSER PARSER = {0,          MD4C_FLAGS, enter_block, leave_block, enter_span,
                                   leave_span, on_text,    NULL,        NULL};
  Slice text = builder->source->text;
  int result = md_parse(text.data != NULL ? text.data : "", (MD_SIZE)text.length, &PARSER, builder);
  if (result < 0) {
    fail(builder, MARKUP_ERROR_TOO_LARGE, "the text can't be held in memory");
  } else if (result == 0 && builder->source->divs != NULL &&
             builder->next_div != builder->source->divs->len) {
    fail(builder, MARKUP_ERROR_SYNTAX,
         "a \":::\" stands inside a code block: put an empty line before it");
  }
  return builder->error == NULL;
}

Document *markup_parse(Slice markdown, GError **error) {
  MarkupSource source;
  if (!prepare_source(&source, markdown, error)) {
    return NULL;
  }
  Builder builder = {.source = &source, .counted_to = source.text.data, .line = 1};
  builder.code = g_string_new(NULL);
  tree_init(&builder.tree);
  Document *document = build(&builder) ? tree_steal(&builder.tree) : NULL;
  if (builder.error != NULL) {
    g_propagate_error(error, builder.error);
  }
  tree_clear(&builder.tree);
  g_string_free(builder.code, TRUE);
  markup_source_clear(&source);
  return document;
}

// ---- replacing pictures' addresses -------------------------------------------------------

typedef struct Destination {
  gsize start, end; // in the source's text
  gboolean is_image;
} Destination;

typedef struct DestinationScan {
  Slice text;
  GArray *destinations;
  guint events;
  gsize copied_bytes;
} DestinationScan;

static int count_event(DestinationScan *scan) {
  return ++scan->events > 4 * TREE_MAX_NODES || scan->copied_bytes > MAX_ATTRIBUTE_BYTES ? -1 : 0;
}

static int destination_block(MD_BLOCKTYPE type, void *detail, void *data) {
  return count_event(data);
}

static int destination_span(MD_SPANTYPE type, void *detail, void *data) {
  DestinationScan *scan = data;
  const MD_ATTRIBUTE *url = NULL;
  if (type == MD_SPAN_IMG) {
    url = &((const MD_SPAN_IMG_DETAIL *)detail)->src;
  } else if (type == MD_SPAN_A) {
    url = &((const MD_SPAN_A_DETAIL *)detail)->href;
  }
  if (url != NULL && url->size > 0 && url->text >= scan->text.data &&
      url->text + url->size <= scan->text.data + scan->text.length) {
    gsize start = (gsize)(url->text - scan->text.data);
    Destination destination = {start, start + url->size, type == MD_SPAN_IMG};
    g_array_append_val(scan->destinations, destination);
  } else if (url != NULL) {
    scan->copied_bytes += url->size;
  }
  return count_event(scan);
}

static int destination_leave_span(MD_SPANTYPE type, void *detail, void *data) {
  return 0;
}

static int destination_leave_block(MD_BLOCKTYPE type, void *detail, void *data) {
  return 0;
}

static int destination_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *data) {
  return count_event(data);
}

// A copy of the same length and structure without escapes and entities, so that md4c gives every
// destination as a pointer into it: neither of them ever opens or closes anything in CommonMark,
// and a comma doesn't either. An escaped backtick stays (inside code it does close), so a
// destination that has one is not found and stays as it is.
static char *mask_escapes(Slice text) {
  char *masked = g_memdup2(text.data, text.length);
  for (gsize i = 0; i < text.length; i++) {
    if (masked[i] == '&') {
      masked[i] = ',';
    } else if (masked[i] == '\\' && i + 1 < text.length && g_ascii_ispunct(masked[i + 1])) {
      if (masked[i + 1] != '`') {
        masked[i] = masked[i + 1] = ',';
      }
      i++;
    }
  }
  return masked;
}

static gint compare_destinations(gconstpointer a, gconstpointer b) {
  const Destination *left = a, *right = b;
  return left->start != right->start ? (left->start < right->start ? -1 : 1)
                                     : left->is_image - right->is_image;
}

// An address in a Markdown destination, with or without angle brackets, in a table or not.
static void write_destination(GString *out, const char *url) {
  for (const char *at = url; *at != '\0'; at++) {
    if ((guchar)*at <= 0x20 || *at == 0x7F || strchr("<>()\\|`", *at) != NULL) {
      g_string_append_printf(out, "%%%02X", (guint)(guchar)*at);
    } else if (*at == '&') {
      g_string_append(out, "&amp;");
    } else {
      g_string_append_c(out, *at);
    }
  }
}

static char *replacement_of(Slice raw, MarkupReplaceUrl replace, gpointer data) {
  g_autoptr(GString) plain = g_string_sized_new(raw.length + 1);
  markup_unescape(plain, raw);
  g_autofree char *url = markup_url_clean(plain->str, MARKUP_URL_IMAGE);
  return url != NULL && url[0] != '\0' ? replace(url, data) : NULL;
}

// Destinations sorted; one that a link shares (a reference definition) is the link's and stays.
static char *write_replaced(const MarkupSource *source, Slice markdown, GArray *destinations,
                            MarkupReplaceUrl replace, gpointer data) {
  GString *out = g_string_sized_new(markdown.length + 256);
  gsize kept = 0;
  for (guint i = 0; i < destinations->len; i++) {
    Destination found = g_array_index(destinations, Destination, i);
    if (i > 0 && g_array_index(destinations, Destination, i - 1).start == found.start) {
      continue; // seen; links sort first
    }
    gsize start = markup_source_origin(source, found.start), length = found.end - found.start;
    Slice raw = slice_range(source->text, found.start, length);
    if (!found.is_image || start < kept || start + length > markdown.length ||
        !slice_equal(raw, slice_range(markdown, start, length))) {
      continue;
    }
    g_autofree char *url = replacement_of(raw, replace, data);
    if (url != NULL) {
      g_string_append_len(out, markdown.data + kept, (gssize)(start - kept));
      write_destination(out, url);
      kept = start + length;
    }
  }
  if (markdown.length > kept) {
    g_string_append_len(out, markdown.data + kept, (gssize)(markdown.length - kept));
  }
  return g_string_free(out, FALSE);
}

char *markup_replace_image_urls(Slice markdown, MarkupReplaceUrl replace, gpointer data,
                                GError **error) {
  static const MD_PARSER PARSER = {0,
                                   MD4C_FLAGS,
                                   destination_block,
                                   destination_leave_block,
                                   destination_span,
                                   destination_leave_span,
                                   destination_text,
                                   NULL,
                                   NULL};
  MarkupSource source;
  if (!prepare_source(&source, markdown, error)) {
    return NULL;
  }
  g_autofree char *masked = mask_escapes(source.text);
  g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(Destination));
  DestinationScan scan = {{masked, source.text.length}, found, 0, 0};
  char *replaced = NULL;
  if (source.text.length == 0) {
    replaced = g_strdup("");
  } else if (md_parse(masked, (MD_SIZE)source.text.length, &PARSER, &scan) == 0) {
    g_array_sort(found, compare_destinations);
    replaced = write_replaced(&source, markdown, found, replace, data);
  } else {
    g_set_error(error, MARKUP_ERROR, MARKUP_ERROR_TOO_LARGE,
                "line 1: the text has more than 1,000,000 pieces: part it into several stories");
  }
  markup_source_clear(&source);
  return replaced;
}
