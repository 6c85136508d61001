// SPDX-License-Identifier: Apache-2.0
//
// Draws on a page (pdf.h): runs of glyphs, boxes, pictures, each inside of marked content. Glyphs
// are shown by one array a run, whose numbers move the pen only where the font's own widths and the
// letter-spacing don't bring it to where the glyph was set. Called by edition/setting_draw and
// edition/page.
#include <string.h>

#include "edition/pdf_parts.h"

#define NOTHING "\u200b" // what a glyph stands for that stands for nothing: a space without width
#define TOLERANCE 4      // 1/1000 pt that the pen may be off before it is moved

// ---- marked content ---------------------------------------------------------------------------

void pdf_begin(PdfPage *page, PdfElement *element) {
  g_assert(!page->open);
  page->open = TRUE;
  guint number = page->contents->len;
  g_ptr_array_add(page->contents, element);
  PdfKid kid = {.page = page, .number = number};
  g_array_append_val(element->kids, kid);
  g_string_append_printf(page->content, "/%s<</MCID %u>>BDC\n", PDF_TAG_NAMES[element->tag],
                         number);
}

void pdf_begin_artifact(PdfPage *page, gboolean pagination) {
  g_assert(!page->open);
  page->open = TRUE;
  g_string_append(page->content, pagination ? "/Artifact<</Type/Pagination>>BDC\n"
                                            : "/Artifact<</Type/Layout>>BDC\n");
}

void pdf_end(PdfPage *page) {
  g_assert(page->open);
  page->open = FALSE;
  g_string_append(page->content, "EMC\n");
}

// ---- colours, boxes ---------------------------------------------------------------------------

static void write_color(GString *out, guint32 color, const char *operators[2]) {
  guint red = color >> 16 & 0xff;
  guint green = color >> 8 & 0xff;
  guint blue = color & 0xff;
  const guint parts[3] = {red, green, blue};
  guint count = red == green && green == blue ? 1 : 3;
  for (guint i = 0; i < count; i++) {
    pdf_write_length(out, (parts[i] * 1000 + 127) / 255);
    g_string_append_c(out, ' ');
  }
  g_string_append_printf(out, "%s\n", operators[count == 1 ? 0 : 1]);
}

static void set_color(PdfPage *page, guint32 color) {
  if (page->color != color) {
    write_color(page->content, color, (const char *[2]){"g", "rg"});
    page->color = color;
  }
}

static void write_numbers(GString *out, const gint64 *numbers, guint count) {
  for (guint i = 0; i < count; i++) {
    pdf_write_length(out, numbers[i]);
    g_string_append_c(out, ' ');
  }
}

void pdf_draw_box(PdfPage *page, gint32 x, gint32 y, gint32 width, gint32 height, guint32 color) {
  g_assert(page->open);
  set_color(page, color);
  gint64 numbers[] = {x, (gint64)page->height - y - height, width, height};
  write_numbers(page->content, numbers, 4);
  g_string_append(page->content, "re f\n");
}

void pdf_draw_frame(PdfPage *page, gint32 x, gint32 y, gint32 width, gint32 height,
                    gint32 line_width, guint32 color) {
  pdf_draw_box(page, x, y, width, line_width, color);
  pdf_draw_box(page, x, y + height - line_width, width, line_width, color);
  pdf_draw_box(page, x, y, line_width, height, color);
  pdf_draw_box(page, x + width - line_width, y, line_width, height, color);
}

void pdf_draw_image(PdfPage *page, PdfImage *image, gint32 x, gint32 y, gint32 width,
                    gint32 height) {
  g_assert(page->open);
  g_hash_table_add(page->images, image);
  gint64 numbers[] = {width, 0, 0, height, x, (gint64)page->height - y - height};
  g_string_append(page->content, "q ");
  write_numbers(page->content, numbers, 6);
  g_string_append_printf(page->content, "cm /I%u Do Q\n", image->number);
}

// ---- text -------------------------------------------------------------------------------------

typedef struct Pen {
  PdfPage *page;
  const SetLine *line;
  const SetRun *run;
  PdfFont *font;
  GString *out;
  gint64 at;   // where showing the next glyph would begin, from the run's x, 1/1000000 pt
  gint32 rise; // of the glyphs being shown
  gboolean in_array, in_string;
} Pen;

static void close_string(Pen *pen) {
  if (pen->in_string) {
    g_string_append_c(pen->out, '>');
    pen->in_string = FALSE;
  }
}

static void close_array(Pen *pen) {
  close_string(pen);
  if (pen->in_array) {
    g_string_append(pen->out, "]TJ\n");
    pen->in_array = FALSE;
  }
}

static void open_string(Pen *pen) {
  if (!pen->in_array) {
    g_string_append_c(pen->out, '[');
    pen->in_array = TRUE;
  }
  if (!pen->in_string) {
    g_string_append_c(pen->out, '<');
    pen->in_string = TRUE;
  }
}

// Moves the pen to where the glyph is, if it isn't there.
static void move_pen(Pen *pen, gint32 x) {
  gint64 off = (gint64)x * 1000 - pen->at;
  if (ABS(off) < TOLERANCE * 1000) {
    return;
  }
  gint64 thousandths =
      (off >= 0 ? off + pen->run->size / 2 : off - pen->run->size / 2) / pen->run->size;
  if (thousandths == 0) {
    return;
  }
  close_string(pen);
  if (!pen->in_array) {
    g_string_append_c(pen->out, '[');
    pen->in_array = TRUE;
  }
  g_string_append_printf(pen->out, "%" G_GINT64_FORMAT, -thousandths);
  pen->at += thousandths * pen->run->size;
}

static void raise_pen(Pen *pen, gint32 rise) {
  if (rise != pen->rise) {
    close_array(pen);
    pdf_write_length(pen->out, rise);
    g_string_append(pen->out, " Ts\n");
    pen->rise = rise;
  }
}

static void show_glyph(Pen *pen, const SetGlyph *glyph, const char *text, gsize length) {
  gboolean exact = TRUE;
  guint16 code = pdf_font_code(pen->font, glyph->glyph, text, length, &exact);
  raise_pen(pen, pen->run->rise + glyph->y);
  move_pen(pen, glyph->x);
  if (!exact && length > 0) {
    close_array(pen);
    g_string_append(pen->out, "/Span<</ActualText<FEFF");
    pdf_write_utf16_hex(pen->out, text, length);
    g_string_append(pen->out, ">>>BDC\n");
  }
  open_string(pen);
  static const char DIGITS[] = "0123456789ABCDEF";
  const char hex[4] = {DIGITS[code >> 12], DIGITS[code >> 8 & 15], DIGITS[code >> 4 & 15],
                       DIGITS[code & 15]};
  g_string_append_len(pen->out, hex, sizeof hex);
  pen->at += (gint64)pdf_font_width(pen->font, glyph->glyph) * pen->run->size / 10 +
             (gint64)pen->run->spacing * 1000;
  if (!exact && length > 0) {
    close_array(pen);
    g_string_append(pen->out, "EMC\n");
  }
}

#define CLUSTER_MOST 32 // glyphs and letters looked at one by one

typedef struct Share { // what a glyph of a cluster stands for
  const SetGlyph *glyph;
  char text[8 * CLUSTER_MOST];
} Share;

// Marks stand for themselves, the first letter that takes room for all the rest. Letters first,
// then their marks: so they are drawn, whichever way the text runs. FALSE: a glyph is left over.
static gboolean share_cluster(const Pen *pen, const SetGlyph *glyphs, guint count, Share *shares) {
  gunichar marks[CLUSTER_MOST];
  guint mark_count = 0;
  guint used = 0;
  const char *text = pen->line->text + glyphs[0].text;
  const char *end = text + glyphs[0].text_bytes;
  GString *rest = g_string_new(NULL);
  for (const char *at = text; at < end; at = g_utf8_next_char(at)) {
    gunichar letter = g_utf8_get_char(at);
    if (g_unichar_ismark(letter) && mark_count < CLUSTER_MOST) {
      marks[mark_count++] = letter;
    } else {
      g_string_append_unichar(rest, letter);
    }
  }
  guint next_share = 1;
  gboolean whole = TRUE;
  for (guint i = 0; i < count; i++) {
    const SetGlyph *glyph = &glyphs[pen->run->right_to_left ? count - 1 - i : i];
    if (glyph->advance != 0 && shares[0].glyph == NULL) {
      shares[0].glyph = glyph;
      g_strlcpy(shares[0].text, rest->str, sizeof shares[0].text);
    } else if (next_share < count) {
      Share *share = &shares[next_share++];
      share->glyph = glyph;
      if (glyph->advance == 0 && used < mark_count) {
        share->text[g_unichar_to_utf8(marks[used++], share->text)] = '\0';
      } else {
        whole = FALSE;
      }
    } else {
      whole = FALSE;
    }
  }
  gsize letters = rest->len;
  for (guint i = 0; i < mark_count; i++) {
    g_string_append_unichar(rest, marks[i]);
  }
  // Letters that stand after a mark can't be told in this way.
  whole = whole && used == mark_count && shares[0].glyph != NULL && letters > 0 &&
          rest->len == glyphs[0].text_bytes && memcmp(rest->str, text, rest->len) == 0;
  g_string_free(rest, TRUE);
  return whole;
}

static void show_replaced(Pen *pen, const SetGlyph *glyphs, guint count) {
  close_array(pen);
  g_string_append(pen->out, "/Span<</ActualText<FEFF");
  pdf_write_utf16_hex(pen->out, pen->line->text + glyphs[0].text, glyphs[0].text_bytes);
  g_string_append(pen->out, ">>>BDC\n");
  const char *text = pen->line->text + glyphs[0].text;
  gsize first = glyphs[0].text_bytes > 0 ? (gsize)(g_utf8_next_char(text) - text) : 0;
  for (guint i = 0; i < count; i++) { // for those who don't know ActualText, nothing is doubled
    show_glyph(pen, &glyphs[i], i == 0 && first > 0 ? text : NOTHING,
               i == 0 && first > 0 ? first : strlen(NOTHING));
  }
  close_array(pen);
  g_string_append(pen->out, "EMC\n");
}

static void show_cluster(Pen *pen, const SetGlyph *glyphs, guint count) {
  if (count == 1 && glyphs[0].text_bytes > 0) {
    show_glyph(pen, glyphs, pen->line->text + glyphs[0].text, glyphs[0].text_bytes);
    return;
  }
  g_autofree Share *shares = count > 1 && count <= CLUSTER_MOST ? g_new0(Share, count) : NULL;
  if (shares == NULL || !share_cluster(pen, glyphs, count, shares)) {
    show_replaced(pen, glyphs, count);
    return;
  }
  for (guint i = 0; i < count; i++) {
    show_glyph(pen, shares[i].glyph, shares[i].text, strlen(shares[i].text));
  }
}

static void set_font(PdfPage *page, PdfFont *font, const SetRun *run) {
  GString *out = page->content;
  if (page->font != font || page->size != run->size) {
    g_string_append_printf(out, "/F%u ", pdf_font_number(font));
    pdf_write_length(out, run->size);
    g_string_append(out, " Tf\n");
    page->font = font;
    page->size = run->size;
    g_hash_table_add(page->fonts, font);
  }
  if (page->spacing != run->spacing) {
    pdf_write_length(out, run->spacing);
    g_string_append(out, " Tc\n");
    page->spacing = run->spacing;
  }
}

// A run that a sign in the text turned round, though its letters go from left to right: whoever
// copies the text can't know it and gets it in the order in which it is shown.
static gboolean is_turned_round(const SetLine *line, const SetRun *run) {
  for (guint i = 0; i < run->glyph_count && run->right_to_left; i++) {
    const char *text = line->text + run->glyphs[i].text;
    gunichar letter = run->glyphs[i].text_bytes > 0 ? g_utf8_get_char(text) : 0;
    if (g_unichar_isalpha(letter)) {
      return g_unichar_get_script(letter) == G_UNICODE_SCRIPT_LATIN;
    }
  }
  return FALSE;
}

static void show_run(Pen *pen) {
  const SetRun *run = pen->run;
  for (guint i = 0; i < run->glyph_count;) {
    guint end = i + 1;
    while (end < run->glyph_count && run->glyphs[end].text_bytes == 0) {
      end++;
    }
    show_cluster(pen, &run->glyphs[i], end - i);
    i = end;
  }
}

static void show_run_backwards(Pen *pen) {
  const SetRun *run = pen->run;
  for (guint end = run->glyph_count; end > 0;) {
    guint i = end - 1;
    while (i > 0 && run->glyphs[i].text_bytes == 0) {
      i--;
    }
    show_cluster(pen, &run->glyphs[i], end - i);
    end = i;
  }
}

static void draw_run(PdfPage *page, const SetLine *line, const SetRun *run, gint32 x, gint32 y) {
  if (run->glyph_count == 0) {
    return;
  }
  Pen pen = {.page = page,
             .line = line,
             .run = run,
             .font = pdf_font_of(page->pdf, run->face),
             .out = page->content,
             .rise = page->rise};
  set_color(page, run->color);
  set_font(page, pen.font, run);
  g_string_append(pen.out, "1 0 0 1 ");
  gint64 numbers[] = {(gint64)x + line->x + run->x, (gint64)page->height - y - line->baseline};
  write_numbers(pen.out, numbers, 2);
  g_string_append(pen.out, "Tm\n");
  if (is_turned_round(line, run)) {
    show_run_backwards(&pen);
  } else {
    show_run(&pen);
  }
  close_array(&pen);
  page->rise = pen.rise;
}

void pdf_draw_runs(PdfPage *page, const SetLine *line, guint first_run, guint run_count, gint32 x,
                   gint32 y) {
  g_assert(page->open && first_run + run_count <= line->run_count);
  g_string_append(page->content, "BT\n");
  for (guint i = first_run; i < first_run + run_count; i++) {
    draw_run(page, line, &line->runs[i], x, y);
  }
  g_string_append(page->content, "ET\n");
}
