// SPDX-License-Identifier: Apache-2.0
//
// Reads what a page shows (pdf_scan.h; ISO 32000-1, 8 and 9): follows the operators of its content
// streams and notes each glyph, box and picture where it comes to stand.
#include <string.h>

#include "edition/pdf_scan_parts.h"

#define MOST_SAVED 64        // graphics states
#define MOST_NESTED 64       // marked contents
#define MOST_CONTENT 1000000 // its highest number
#define MOST_GLYPHS 8000000  // of a file
#define MOST_FONTS 400
#define MOST_LENGTH 1000000000 // 1/1000 pt: what is farther away is nowhere
#define CODES 65536

// ---- fonts ------------------------------------------------------------------------------------

typedef struct ScanFont {
  gint32 widths[CODES]; // 1/1000 of 1/1000 of the size; -1: not said
  char *texts[CODES];   // NULL: none
  gint64 other_width;
} ScanFont;

void pdf_scan_font_free(gpointer data) {
  ScanFont *font = data;
  for (guint i = 0; i < CODES; i++) {
    g_free(font->texts[i]);
  }
  g_free(font);
}

static void read_widths(const Scanning *scanning, const PdfValue *descendant, ScanFont *font) {
  const PdfValue *widths = pdf_reader_get(scanning->reader, descendant, "W");
  font->other_width = pdf_value_number(pdf_reader_get(scanning->reader, descendant, "DW"));
  for (guint i = 0; i < CODES; i++) {
    font->widths[i] = -1;
  }
  for (guint i = 0; i + 1 < widths->count;) {
    gint64 first = pdf_value_number(&widths->items[i]) / 1000;
    const PdfValue *list = pdf_reader_item(scanning->reader, widths, i + 1);
    if (list->kind == PDF_VALUE_ARRAY) {
      for (guint j = 0; j < list->count && first >= 0 && first + j < CODES; j++) {
        font->widths[first + j] = (gint32)pdf_value_number(&list->items[j]);
      }
      i += 2;
      continue;
    }
    gint64 last = pdf_value_number(list) / 1000;
    gint64 width = pdf_value_number(pdf_reader_item(scanning->reader, widths, i + 2));
    for (gint64 code = MAX(first, 0); code <= last && code < CODES; code++) {
      font->widths[code] = (gint32)width;
    }
    i += 3;
  }
}

static gint64 code_of(const PdfValue *string) {
  return string->kind == PDF_VALUE_STRING && string->length == 2
             ? (guint8)string->bytes[0] << 8 | (guint8)string->bytes[1]
             : -1;
}

static void read_unicode(const Scanning *scanning, const PdfValue *value, ScanFont *font) {
  g_autoptr(GBytes) bytes =
      pdf_reader_stream(scanning->reader, pdf_reader_get(scanning->reader, value, "ToUnicode"));
  gsize length = 0;
  const guint8 *data = g_bytes_get_data(bytes, &length);
  gboolean inside = FALSE;
  gint64 code = -1;
  gsize at = 0;
  PdfValue word;
  while (pdf_value_parse(data, length, &at, &word)) {
    if (word.kind == PDF_VALUE_OPERATOR) {
      inside = strcmp(word.bytes, "beginbfchar") == 0;
      code = -1;
    } else if (inside && code < 0) {
      code = code_of(&word);
    } else if (inside) {
      g_autofree char *text = g_convert(word.bytes != NULL ? word.bytes : "", (gssize)word.length,
                                        "UTF-8", "UTF-16BE", NULL, NULL, NULL);
      g_free(font->texts[code]);
      font->texts[code] = g_steal_pointer(&text);
      code = -1;
    }
    pdf_value_clear(&word);
  }
  pdf_value_clear(&word);
}

static ScanFont *find_font(Scanning *scanning, const PdfValue *page, const char *name) {
  PdfReader *reader = scanning->reader;
  const PdfValue *fonts = pdf_reader_get(reader, pdf_reader_get(reader, page, "Resources"), "Font");
  const PdfValue *value = pdf_reader_get(reader, fonts, name);
  if (value->kind != PDF_VALUE_DICTIONARY) {
    return NULL;
  }
  ScanFont *font = g_hash_table_lookup(scanning->fonts, value);
  if (font == NULL && g_hash_table_size(scanning->fonts) < MOST_FONTS) {
    font = g_new0(ScanFont, 1);
    const PdfValue *descendants = pdf_reader_get(reader, value, "DescendantFonts");
    read_widths(scanning, pdf_reader_item(reader, descendants, 0), font);
    read_unicode(scanning, value, font);
    g_hash_table_insert(scanning->fonts, (gpointer)value, font);
  }
  return font;
}

// ---- state ------------------------------------------------------------------------------------

typedef struct Matrix { // moves and scales; parts x 1000
  gint64 across, down, x, y;
} Matrix;

typedef struct Graphics {
  Matrix at;
  const ScanFont *font;
  gint64 size, spacing, word_spacing, rise;
  guint32 color;
} Graphics;

typedef struct Marked {
  gint32 content;
  const char *actual; // text of ActualText that no glyph has yet; NULL: none
  gboolean replaces;  // glyphs in it stand for nothing but the first
} Marked;

typedef struct Content {
  Scanning *scanning;
  ScanPage *page;
  const PdfValue *value;
  Graphics now, saved[MOST_SAVED];
  guint saved_count;
  Matrix text, line;
  gint64 pen;                     // from the text matrix's origin, 1/1000000 pt
  Marked marked[MOST_NESTED + 1]; // the first: outside of all
  guint nested;
  guint32 run;
  GArray *boxes; // ScanArea: of the path that is being made
} Content;

static Matrix multiply(const Matrix *inner, const Matrix *outer) {
  return (Matrix){inner->across * outer->across / 1000, inner->down * outer->down / 1000,
                  outer->x + inner->x * outer->across / 1000,
                  outer->y + inner->y * outer->down / 1000};
}

static gint64 bounded(gint64 length) {
  return CLAMP(length, -MOST_LENGTH, MOST_LENGTH);
}

static gint64 operand(const GArray *operands, guint index) {
  return index < operands->len
             ? bounded(pdf_value_number(&g_array_index(operands, PdfValue, index)))
             : 0;
}

static Matrix matrix_of(const GArray *operands) {
  return (Matrix){operand(operands, 0), operand(operands, 3), operand(operands, 4),
                  operand(operands, 5)};
}

static Matrix clamped(Matrix matrix) {
  return (Matrix){bounded(matrix.across), bounded(matrix.down), bounded(matrix.x),
                  bounded(matrix.y)};
}

static gint32 content_of(const Content *content) {
  return content->marked[MIN(content->nested, MOST_NESTED)].content;
}

// ---- text -------------------------------------------------------------------------------------

static const char *text_of_glyph(Content *content, const char *text, gboolean *ret_replaced) {
  for (guint i = 1; i <= MIN(content->nested, MOST_NESTED); i++) {
    Marked *marked = &content->marked[i];
    if (marked->replaces) {
      const char *actual = marked->actual != NULL ? marked->actual : "";
      *ret_replaced = marked->actual != NULL;
      marked->actual = NULL;
      return actual;
    }
  }
  return text != NULL ? g_string_chunk_insert_const(content->scanning->scan->texts, text) : "";
}

static void show_code(Content *content, guint code) {
  const Graphics *now = &content->now;
  ScanPage *page = content->page;
  if (now->font == NULL || ++content->scanning->glyphs > MOST_GLYPHS) {
    page->faults++;
    return;
  }
  gint64 width = now->font->widths[code] >= 0 ? now->font->widths[code] : now->font->other_width;
  gint64 advance = width * now->size / 1000; // 1/1000000 pt
  Matrix at = multiply(&content->text, &now->at);
  ScanGlyph glyph = {.content = content_of(content), .run = content->run};
  glyph.x = (gint32)bounded(at.x + content->pen * at.across / 1000000);
  glyph.y = (gint32)bounded(page->height - at.y);
  glyph.advance = (gint32)bounded(advance * at.across / 1000000);
  glyph.size = (gint32)bounded(now->size * at.down / 1000);
  glyph.text = text_of_glyph(content, now->font->texts[code], &glyph.replaced);
  g_array_append_val(page->glyphs, glyph);
  content->pen += advance + now->spacing * 1000;
}

static void show_string(Content *content, const PdfValue *string) {
  for (gsize i = 0; string->kind == PDF_VALUE_STRING && i + 1 < string->length; i += 2) {
    show_code(content, (guint)((guint8)string->bytes[i] << 8 | (guint8)string->bytes[i + 1]));
  }
}

static void show_array(Content *content, const PdfValue *array) {
  for (guint i = 0; i < array->count; i++) {
    const PdfValue *item = &array->items[i];
    if (item->kind == PDF_VALUE_NUMBER) {
      content->pen -= bounded(item->number) * content->now.size / 1000;
    } else {
      show_string(content, item);
    }
  }
}

static void set_text(Content *content, Matrix matrix) {
  content->text = content->line = clamped(matrix);
  content->pen = 0;
  content->run++;
}

static void move_text(Content *content, gint64 x, gint64 y) {
  Matrix move = {1000, 1000, x, y};
  set_text(content, multiply(&move, &content->line));
}

// ---- areas ------------------------------------------------------------------------------------

static ScanArea area_of(const Content *content, gint64 x, gint64 y, gint64 width, gint64 height) {
  Matrix box = {width, height, x, y};
  Matrix at = clamped(multiply(&box, &content->now.at));
  ScanArea area = {.content = content_of(content), .color = content->now.color};
  area.width = (gint32)ABS(at.across);
  area.height = (gint32)ABS(at.down);
  area.x = (gint32)MIN(at.x, at.x + at.across);
  area.y = (gint32)(content->page->height - MAX(at.y, at.y + at.down));
  return area;
}

static void add_box(Content *content, const GArray *operands) {
  ScanArea area = area_of(content, operand(operands, 0), operand(operands, 1), operand(operands, 2),
                          operand(operands, 3));
  g_array_append_val(content->boxes, area);
}

static void fill(Content *content) {
  for (guint i = 0; i < content->boxes->len; i++) {
    g_array_index(content->boxes, ScanArea, i).color = content->now.color;
  }
  g_array_append_vals(content->page->areas, content->boxes->data, content->boxes->len);
  g_array_set_size(content->boxes, 0);
}

static void show_picture(Content *content, const PdfValue *name) {
  PdfReader *reader = content->scanning->reader;
  const PdfValue *resources = pdf_reader_get(reader, content->value, "Resources");
  const PdfValue *picture = pdf_reader_get(reader, pdf_reader_get(reader, resources, "XObject"),
                                           name->kind == PDF_VALUE_NAME ? name->bytes : "");
  if (picture->kind != PDF_VALUE_DICTIONARY) {
    content->page->faults++;
    return;
  }
  ScanArea area = area_of(content, 0, 0, 1000, 1000);
  gint64 across = pdf_value_number(pdf_reader_get(reader, picture, "Width")) / 1000;
  gint64 down = pdf_value_number(pdf_reader_get(reader, picture, "Height")) / 1000;
  area.pixels_across = (gint32)CLAMP(across, 1, G_MAXINT32);
  area.pixels_down = (gint32)CLAMP(down, 1, G_MAXINT32);
  g_array_append_val(content->page->areas, area);
}

static void set_color(Content *content, const GArray *operands, guint count) {
  guint32 color = 0;
  for (guint i = 0; i < 3; i++) {
    gint64 part = operand(operands, count == 1 ? 0 : i);
    color = color << 8 | (guint32)(CLAMP(part, 0, 1000) * 255 / 1000);
  }
  content->now.color = color;
}

// ---- marked content ---------------------------------------------------------------------------

static void end_range(Content *content, gint32 number) {
  if (number >= 0) {
    g_array_index(content->page->ranges, ScanRange, number).end = content->page->glyphs->len;
  }
}

static void begin_range(Content *content, gint32 number) {
  GArray *ranges = content->page->ranges;
  if ((guint)number >= ranges->len) {
    g_array_set_size(ranges, (guint)number + 1);
  }
  ScanRange *range = &g_array_index(ranges, ScanRange, number);
  content->page->faults += range->end > 0 ? 1 : 0; // twice the same number
  range->first = content->page->glyphs->len;
}

static void begin_marked(Content *content, const GArray *operands) {
  if (content->nested >= MOST_NESTED) {
    content->nested++;
    return;
  }
  Marked marked = {.content = content_of(content)};
  const PdfValue *tag = operands->len > 0 ? &g_array_index(operands, PdfValue, 0) : NULL;
  if (tag != NULL && pdf_value_is_name(tag, "Artifact")) {
    marked.content = -1;
  }
  if (operands->len > 1) {
    const PdfValue *entries = &g_array_index(operands, PdfValue, 1);
    const PdfValue *number = pdf_value_get(entries, "MCID");
    const PdfValue *actual = pdf_value_get(entries, "ActualText");
    if (number->kind == PDF_VALUE_NUMBER) {
      marked.content = (gint32)CLAMP(number->number / 1000, 0, MOST_CONTENT);
      begin_range(content, marked.content);
    }
    if (actual->kind == PDF_VALUE_STRING) {
      g_autofree char *text = pdf_value_text(actual);
      marked.replaces = TRUE;
      marked.actual = g_string_chunk_insert_const(content->scanning->scan->texts, text);
    }
  }
  content->marked[++content->nested] = marked;
}

static void end_marked(Content *content) {
  if (content->nested == 0) {
    content->page->faults++;
    return;
  }
  content->nested--;
  if (content->nested < MOST_NESTED) {
    gint32 number = content->marked[content->nested + 1].content;
    if (number != content_of(content)) {
      end_range(content, number);
    }
  }
}

// ---- operators --------------------------------------------------------------------------------

static void save(Content *content) {
  if (content->saved_count < MOST_SAVED) {
    content->saved[content->saved_count] = content->now;
  }
  content->saved_count++;
}

static void restore(Content *content) {
  content->saved_count -= content->saved_count > 0 ? 1 : 0;
  if (content->saved_count < MOST_SAVED) {
    content->now = content->saved[content->saved_count];
  }
}

static gboolean do_text(Content *content, const char *name, const GArray *operands) {
  const PdfValue *first = operands->len > 0 ? &g_array_index(operands, PdfValue, 0) : NULL;
  static const Matrix SAME = {1000, 1000, 0, 0};
  if (strcmp(name, "BT") == 0) {
    set_text(content, SAME);
  } else if (strcmp(name, "Tm") == 0) {
    set_text(content, matrix_of(operands));
  } else if (strcmp(name, "Td") == 0 || strcmp(name, "TD") == 0) {
    move_text(content, operand(operands, 0), operand(operands, 1));
  } else if (strcmp(name, "Tf") == 0) {
    const char *font = first != NULL && first->kind == PDF_VALUE_NAME ? first->bytes : "";
    content->now.font = find_font(content->scanning, content->value, font);
    content->now.size = operand(operands, 1);
  } else if (strcmp(name, "Tc") == 0) {
    content->now.spacing = operand(operands, 0);
  } else if (strcmp(name, "TJ") == 0 && first != NULL) {
    show_array(content, first);
  } else if (strcmp(name, "Tj") == 0 && first != NULL) {
    show_string(content, first);
  } else {
    return strcmp(name, "ET") == 0 || strcmp(name, "Ts") == 0;
  }
  return TRUE;
}

static gboolean do_graphics(Content *content, const char *name, const GArray *operands) {
  if (strcmp(name, "q") == 0) {
    save(content);
  } else if (strcmp(name, "Q") == 0) {
    restore(content);
  } else if (strcmp(name, "cm") == 0) {
    Matrix matrix = matrix_of(operands);
    content->now.at = clamped(multiply(&matrix, &content->now.at));
  } else if (strcmp(name, "re") == 0) {
    add_box(content, operands);
  } else if (strcmp(name, "f") == 0) {
    fill(content);
  } else if (strcmp(name, "Do") == 0 && operands->len > 0) {
    show_picture(content, &g_array_index(operands, PdfValue, 0));
  } else if (strcmp(name, "g") == 0 || strcmp(name, "rg") == 0) {
    set_color(content, operands, name[0] == 'g' ? 1 : 3);
  } else if (strcmp(name, "BDC") == 0 || strcmp(name, "BMC") == 0) {
    begin_marked(content, operands);
  } else if (strcmp(name, "EMC") == 0) {
    end_marked(content);
  } else {
    return FALSE;
  }
  return TRUE;
}

static void value_clear(gpointer data) {
  pdf_value_clear(data);
}

static void read_content(Content *content, GBytes *bytes) {
  gsize length = 0;
  gsize at = 0;
  const guint8 *data = g_bytes_get_data(bytes, &length);
  g_autoptr(GArray) operands = g_array_new(FALSE, TRUE, sizeof(PdfValue));
  g_array_set_clear_func(operands, value_clear);
  while (at < length) {
    PdfValue word;
    if (!pdf_value_parse(data, length, &at, &word)) {
      content->page->faults += at < length ? 1 : 0;
      pdf_value_clear(&word);
      at++; // a bracket that nothing opened
      continue;
    }
    if (word.kind != PDF_VALUE_OPERATOR) {
      g_array_append_val(operands, word);
      continue;
    }
    if (!do_text(content, word.bytes, operands) && !do_graphics(content, word.bytes, operands)) {
      content->page->faults++;
    }
    pdf_value_clear(&word);
    g_array_set_size(operands, 0);
  }
}

void pdf_scan_content(Scanning *scanning, ScanPage *page, const PdfValue *value) {
  g_autofree Content *content = g_new0(Content, 1);
  content->scanning = scanning;
  content->page = page;
  content->value = value;
  content->marked[0].content = -2;
  content->now.at = (Matrix){1000, 1000, 0, 0};
  content->boxes = g_array_new(FALSE, TRUE, sizeof(ScanArea));
  const PdfValue *streams = pdf_reader_get(scanning->reader, value, "Contents");
  guint count = streams->kind == PDF_VALUE_ARRAY ? streams->count : 1;
  for (guint i = 0; i < count; i++) {
    const PdfValue *stream =
        streams->kind == PDF_VALUE_ARRAY ? pdf_reader_item(scanning->reader, streams, i) : streams;
    g_autoptr(GBytes) bytes = pdf_reader_stream(scanning->reader, stream);
    read_content(content, bytes);
  }
  page->faults += content->nested > 0 ? 1 : 0;
  for (guint i = 1; i <= MIN(content->nested, MOST_NESTED); i++) {
    end_range(content, content->marked[i].content);
  }
  g_array_unref(content->boxes);
}
