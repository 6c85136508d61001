// SPDX-License-Identifier: Apache-2.0
//
// Implements paragraph_set(): the chosen breaks to lines of positioned glyphs. Each line's pieces
// are shaped as they stand in it (with its hyphen), put into visual order (UAX #9, L1 and L2), and
// what the measure lacks is shared out between gaps and letters so that the line ends exactly where
// it should.
#include <string.h>

#include "edition/paragraph_parts.h"

typedef struct Piece { // an atom, or the part of it that stands in the line
  const Atom *atom;
  const Word *word;  // NULL: a space
  guint text;        // byte of the line's text
  guint bytes;       // of text
  gboolean hyphen;   // its last glyph is the line's hyphen
  gboolean trailing; // the space at the line's end: drawn, takes no room
  guint8 level;
  gint32 x, width;
} Piece;

typedef struct LineMaker {
  Paragraph *paragraph;
  const ParagraphShape *shape;
  GArray *pieces; // Piece
  GArray *order;  // guint: pieces left to right
  GArray *runs;   // SetRun: of the line
  GArray *glyphs; // SetGlyph: of the run
} LineMaker;

static const TypeStyle *style_of(const Paragraph *paragraph, const Atom *atom) {
  return &g_array_index(paragraph->styles, ParagraphStyle, atom->style).style;
}

// ---- the line's pieces ------------------------------------------------------------------------

static const Word *shape_part(const LineMaker *maker, const Atom *atom, guint from, guint to,
                              gboolean hyphen) {
  const char *text = maker->paragraph->text->str;
  g_autofree char *with_hyphen =
      hyphen ? g_strdup_printf("%.*s-", (int)(to - from), text + from) : NULL;
  WordRequest request = {.face = atom->face,
                         .text = hyphen ? with_hyphen : text + from,
                         .length = to - from + (hyphen ? 1 : 0),
                         .before = "",
                         .after = "",
                         .script = atom->script,
                         .language = maker->paragraph->language,
                         .right_to_left = (atom->level & 1) != 0,
                         .letter_case = atom->letter_case};
  return shaper_word(maker->paragraph->typesetter, &request);
}

static void add_piece(LineMaker *maker, const Atom *atom, guint from, guint to, guint line_start,
                      gboolean hyphen) {
  Piece piece = {.atom = atom,
                 .text = from - line_start,
                 .bytes = to - from + (hyphen ? 2 : 0),
                 .hyphen = hyphen,
                 .level = atom->level,
                 .width = atom->width};
  if (!atom->space) {
    gboolean whole = from == atom->start && to == atom->start + atom->bytes && !hyphen;
    piece.word = whole ? atom->word : shape_part(maker, atom, from, to, hyphen);
    piece.width = face_scale(atom->face, piece.word->advance, atom->size) +
                  style_of(maker->paragraph, atom)->tracking * (gint32)piece.word->letters;
  }
  g_array_append_val(maker->pieces, piece);
}

static void gather_pieces(LineMaker *maker, const Break *from, const Break *to) {
  const Paragraph *paragraph = maker->paragraph;
  g_array_set_size(maker->pieces, 0);
  for (guint i = from->next_atom; i < paragraph->atoms->len; i++) {
    const Atom *atom = &g_array_index(paragraph->atoms, Atom, i);
    guint start = MAX(atom->start, from->next);
    guint end = MIN(atom->start + atom->bytes, to->end);
    if (start >= to->end || atom->start >= to->end) {
      break;
    }
    add_piece(maker, atom, start, end, from->next, to->kind == LINE_END_HYPHEN && end == to->end);
  }
  if (to->kind == LINE_END_SPACE || (to->kind == LINE_END_BREAK && to->next > to->end)) {
    const Atom *space = &g_array_index(paragraph->atoms, Atom, to->atom);
    add_piece(maker, space, to->end, to->next, from->next, FALSE);
    Piece *piece = &g_array_index(maker->pieces, Piece, maker->pieces->len - 1);
    piece->trailing = TRUE;
    piece->bytes = 1;
    piece->level = paragraph->right_to_left ? 1 : 0;
  }
}

static Sums measure_pieces(const LineMaker *maker) {
  Sums sums = {0};
  for (guint i = 0; i < maker->pieces->len; i++) {
    const Piece *piece = &g_array_index(maker->pieces, Piece, i);
    if (piece->trailing) {
      continue;
    }
    sums.width += piece->width;
    if (piece->word == NULL) {
      sums.gaps += piece->width;
    } else if (piece->atom->stretch > 0) {
      sums.letters += (gint64)piece->atom->size * piece->word->letters;
    }
  }
  return sums;
}

// ---- order ------------------------------------------------------------------------------------

static void reverse(GArray *order, guint from, guint to) {
  for (; from + 1 < to; from++, to--) {
    guint kept = g_array_index(order, guint, from);
    g_array_index(order, guint, from) = g_array_index(order, guint, to - 1);
    g_array_index(order, guint, to - 1) = kept;
  }
}

// UAX #9, L2: from the highest level down to the lowest odd one, reverse what is at least so high.
static void order_pieces(LineMaker *maker) {
  guint8 highest = 0;
  g_array_set_size(maker->order, 0);
  for (guint i = 0; i < maker->pieces->len; i++) {
    highest = MAX(highest, g_array_index(maker->pieces, Piece, i).level);
    g_array_append_val(maker->order, i);
  }
  for (guint8 level = highest; level > 0; level--) {
    for (guint i = 0; i < maker->pieces->len; i++) {
      guint from = i;
      while (i < maker->pieces->len &&
             g_array_index(maker->pieces, Piece, g_array_index(maker->order, guint, i)).level >=
                 level) {
        i++;
      }
      reverse(maker->order, from, i);
    }
  }
}

// ---- widths -----------------------------------------------------------------------------------

typedef struct Spread { // what is added in a line
  gint32 letters;       // of a letter's size, millionths
  gint64 gaps;          // in all
  gint64 gap_width;     // natural, in all
  gint64 soft;          // between squares, in all
  guint soft_count;
} Spread;

static gboolean is_square(const Piece *piece) {
  return piece->word != NULL &&
         (piece->atom->script == HB_SCRIPT_HAN || piece->atom->script == HB_SCRIPT_HIRAGANA ||
          piece->atom->script == HB_SCRIPT_KATAKANA || piece->atom->script == HB_SCRIPT_HANGUL ||
          piece->atom->script == HB_SCRIPT_BOPOMOFO);
}

// Room after the piece that may be stretched: it is a square and a word follows.
static gboolean has_soft(const LineMaker *maker, guint index) {
  const Piece *piece = &g_array_index(maker->pieces, Piece, index);
  return is_square(piece) && index + 1 < maker->pieces->len && (piece + 1)->word != NULL &&
         !(piece + 1)->atom->glued;
}

static gint32 soft_after(const LineMaker *maker, guint index) {
  gint32 size = g_array_index(maker->pieces, Piece, index).atom->size;
  return has_soft(maker, index) ? size * CJK_STRETCH_PERCENT / 100 : 0;
}

static gint32 letter_spacing(const Piece *piece, gint32 millionths) {
  return piece->atom->stretch > 0 ? (gint32)((gint64)piece->atom->size * millionths / 1000000) : 0;
}

static gint32 piece_spacing(const LineMaker *maker, const Piece *piece, gint32 millionths) {
  return style_of(maker->paragraph, piece->atom)->tracking + letter_spacing(piece, millionths);
}

// Shares out; the rounding that is left goes into the last gap.
static void spread_pieces(LineMaker *maker, Spread spread) {
  gint64 gap_seen = 0;
  gint64 gap_given = 0;
  guint soft_seen = 0;
  gint64 soft_given = 0;
  for (guint i = 0; i < maker->pieces->len; i++) {
    Piece *piece = &g_array_index(maker->pieces, Piece, i);
    if (piece->trailing) {
      continue;
    }
    if (piece->word == NULL && spread.gap_width > 0) {
      gap_seen += piece->width;
      gint64 due = spread.gaps * gap_seen / spread.gap_width - gap_given;
      gap_given += due;
      piece->width += (gint32)due;
    } else if (piece->word != NULL) {
      piece->width += letter_spacing(piece, spread.letters) * (gint32)piece->word->letters;
    }
    if (spread.soft_count > 0 && has_soft(maker, i)) {
      soft_seen++;
      gint64 due = spread.soft * soft_seen / spread.soft_count - soft_given;
      soft_given += due;
      piece->width += (gint32)due;
    }
  }
}

static gint64 letters_added(const LineMaker *maker, gint32 millionths) {
  gint64 added = 0;
  for (guint i = 0; i < maker->pieces->len; i++) {
    const Piece *piece = &g_array_index(maker->pieces, Piece, i);
    if (piece->word != NULL) {
      added += (gint64)letter_spacing(piece, millionths) * piece->word->letters;
    }
  }
  return added;
}

static void justify(LineMaker *maker, SetLine *line, Sums sums, gint64 lack) {
  guint soft_count = 0;
  for (guint i = 0; i < maker->pieces->len; i++) {
    soft_count += has_soft(maker, i);
    sums.soft += soft_after(maker, i);
  }
  LineFill fill = line_fill(lack, sums, G_MAXINT32);
  gint32 millionths = sums.letters > 0 ? (gint32)(fill.letters * 1000000 / sums.letters) : 0;
  gint64 letters = letters_added(maker, millionths);
  if (sums.gaps == 0 && soft_count == 0) { // a single word: spaced at most as far as letters may be
    spread_pieces(maker, (Spread){.letters = millionths});
    line->letter_millionths = millionths;
    return;
  }
  Spread spread = {.letters = millionths,
                   .gap_width = sums.gaps,
                   .soft_count = soft_count,
                   .soft = fill.soft,
                   .gaps = lack - letters - fill.soft};
  if (sums.gaps == 0) {
    spread.soft += spread.gaps;
    spread.gaps = 0;
  }
  spread_pieces(maker, spread);
  line->letter_millionths = millionths;
  line->gap_permille = sums.gaps > 0 ? (gint32)((sums.gaps + spread.gaps) * 1000 / sums.gaps) : 0;
}

// ---- glyphs -----------------------------------------------------------------------------------

static guint cluster_bytes(const Piece *piece, guint index) {
  const Word *word = piece->word;
  guint text = word->glyphs[index].text;
  if (index > 0 && word->glyphs[index - 1].text == text) {
    return 0; // the cluster's first glyph has its text
  }
  guint next = piece->bytes;
  for (guint i = 0; i < word->glyph_count; i++) {
    if (word->glyphs[i].text > text) {
      next = MIN(next, word->glyphs[i].text);
    }
  }
  return next - text;
}

static void add_space(LineMaker *maker, const Piece *piece, gint32 x) {
  SetGlyph glyph = {
      .glyph = piece->atom->face->space,
      .x = x,
      .advance = face_scale(piece->atom->face, piece->atom->face->space_advance, piece->atom->size),
      .text = piece->text,
      .text_bytes = (guint16)piece->bytes};
  if (glyph.glyph != 0) {
    g_array_append_val(maker->glyphs, glyph);
  }
}

static void add_word(LineMaker *maker, const Piece *piece, gint32 x, gint32 spacing) {
  gint64 units = 0;
  gint32 letters = 0;
  const Atom *atom = piece->atom;
  for (guint i = 0; i < piece->word->glyph_count; i++) {
    const WordGlyph *glyph = &piece->word->glyphs[i];
    letters += i > 0 && glyph->text != piece->word->glyphs[i - 1].text;
    guint bytes = cluster_bytes(piece, i);
    SetGlyph set = {.glyph = glyph->glyph,
                    .x = x + face_scale(atom->face, (gint32)units + glyph->x, atom->size) +
                         spacing * letters,
                    .y = face_scale(atom->face, glyph->y, atom->size),
                    .advance = face_scale(atom->face, glyph->advance, atom->size),
                    .text = piece->text + glyph->text,
                    .text_bytes = (guint16)MIN(bytes, G_MAXUINT16)};
    g_array_append_val(maker->glyphs, set);
    units += glyph->advance;
  }
}

static gboolean same_run(const LineMaker *maker, const Piece *one, const Piece *other) {
  const ParagraphStyle *a =
      &g_array_index(maker->paragraph->styles, ParagraphStyle, one->atom->style);
  const ParagraphStyle *b =
      &g_array_index(maker->paragraph->styles, ParagraphStyle, other->atom->style);
  return one->atom->face == other->atom->face && one->atom->size == other->atom->size &&
         one->level == other->level &&
         (one->trailing == other->trailing || (one->level & 1) == 0) &&
         a->style.color == b->style.color && a->style.rise == b->style.rise &&
         a->style.tracking == b->style.tracking && g_strcmp0(a->link, b->link) == 0 &&
         is_square(one) == is_square(other) &&
         (one->atom->stretch > 0 || one->word == NULL) ==
             (other->atom->stretch > 0 || other->word == NULL);
}

static gint compare_x(gconstpointer a, gconstpointer b, gpointer pieces) {
  const Piece *one = &g_array_index((GArray *)pieces, Piece, *(const guint *)a);
  const Piece *other = &g_array_index((GArray *)pieces, Piece, *(const guint *)b);
  return one->x - other->x;
}

// The pieces from..to (logical) of one look, which stand side by side, as one run.
static void make_run(LineMaker *maker, guint from, guint to, gint32 letters) {
  const Piece *first = &g_array_index(maker->pieces, Piece, from);
  const ParagraphStyle *style =
      &g_array_index(maker->paragraph->styles, ParagraphStyle, first->atom->style);
  gint32 left = G_MAXINT32;
  gint32 right = G_MININT32;
  g_autoptr(GArray) order = g_array_new(FALSE, FALSE, sizeof(guint));
  gint32 spacing = style->style.tracking;
  for (guint i = from; i < to; i++) {
    const Piece *piece = &g_array_index(maker->pieces, Piece, i);
    left = MIN(left, piece->x);
    right = MAX(right, piece->x + (piece->trailing ? 0 : piece->width));
    g_array_append_val(order, i);
    spacing = piece->word != NULL ? piece_spacing(maker, piece, letters) : spacing;
  }
  if ((first->level & 1) != 0) {
    g_array_sort_with_data(order, compare_x, maker->pieces);
  }
  g_array_set_size(maker->glyphs, 0);
  for (guint i = 0; i < order->len; i++) {
    const Piece *piece = &g_array_index(maker->pieces, Piece, g_array_index(order, guint, i));
    if (piece->word == NULL) {
      add_space(maker, piece, piece->x - left);
    } else {
      add_word(maker, piece, piece->x - left, piece_spacing(maker, piece, letters));
    }
  }
  SetRun run = {.face = first->atom->face,
                .size = first->atom->size,
                .x = left,
                .rise = style->style.rise,
                .width = right - left,
                .spacing = spacing,
                .color = style->style.color,
                .link = style->link,
                .right_to_left = (first->level & 1) != 0,
                .glyphs = g_memdup2(maker->glyphs->data, maker->glyphs->len * sizeof(SetGlyph)),
                .glyph_count = maker->glyphs->len};
  g_array_append_val(maker->runs, run);
}

static void make_runs(LineMaker *maker, SetLine *line, gint32 letters) {
  g_array_set_size(maker->runs, 0);
  for (guint from = 0; from < maker->pieces->len;) {
    guint to = from + 1;
    while (to < maker->pieces->len && same_run(maker, &g_array_index(maker->pieces, Piece, from),
                                               &g_array_index(maker->pieces, Piece, to))) {
      to++;
    }
    make_run(maker, from, to, letters);
    from = to;
  }
  line->runs = g_memdup2(maker->runs->data, maker->runs->len * sizeof(SetRun));
  line->run_count = maker->runs->len;
}

// ---- the line ---------------------------------------------------------------------------------

static gint32 drawn_width(const LineMaker *maker) {
  gint32 width = 0;
  for (guint i = 0; i < maker->pieces->len; i++) {
    const Piece *piece = &g_array_index(maker->pieces, Piece, i);
    width += piece->trailing ? 0 : piece->width;
  }
  return width;
}

static void place_pieces(LineMaker *maker, gint32 x) {
  gint32 end = x + drawn_width(maker);
  for (guint i = 0; i < maker->order->len; i++) {
    Piece *piece = &g_array_index(maker->pieces, Piece, g_array_index(maker->order, guint, i));
    if (piece->trailing) {
      piece->x = maker->paragraph->right_to_left ? x - piece->width : end;
      continue;
    }
    piece->x = x;
    x += piece->width;
  }
}

static char *line_text(const Paragraph *paragraph, const Break *from, const Break *to) {
  const char *text = paragraph->text->str + from->next;
  const char *end = to->kind == LINE_END_HYPHEN ? "\xc2\xad"
                    : to->kind == LINE_END_TEXT ? ""
                    : to->next > to->end        ? " "
                                                : "";
  return g_strdup_printf("%.*s%s", (int)(to->end - from->next), text, end);
}

// Where the line's left edge is: after the indent and the inset, which stand at the start side.
static gint32 line_left(const LineMaker *maker, guint number) {
  gint32 taken = maker->shape->measure - paragraph_line_measure(maker->shape, number);
  return maker->paragraph->right_to_left ? 0 : taken;
}

static gint32 aligned_left(const LineMaker *maker, gint64 lack) {
  gboolean from_right = maker->paragraph->right_to_left;
  switch (maker->shape->alignment) {
  case ALIGN_CENTER:
    return (gint32)(lack / 2);
  case ALIGN_END:
    return from_right ? 0 : (gint32)lack;
  default:
    return from_right ? (gint32)lack : 0;
  }
}

static gboolean fills(const LineMaker *maker, const Break *to, gint64 lack, Sums sums) {
  if (maker->shape->alignment != ALIGN_JUSTIFIED) {
    return FALSE;
  }
  if (to->forced && lack >= 0) {
    return FALSE;
  }
  gint32 most = maker->shape->max_gap_permille > 0 ? maker->shape->max_gap_permille : 2000;
  for (guint i = 0; i < maker->pieces->len; i++) {
    sums.soft += soft_after(maker, i);
  }
  // Rounding may have changed its width a little: allow for that.
  gint64 allowance = lack < 0 ? -MIN(-lack, POINT / 50) : MIN(lack, POINT / 50);
  return line_fill(lack - allowance, sums, most).feasible;
}

static void make_line(LineMaker *maker, SetLine *line, guint number, const Break *from,
                      const Break *to) {
  gboolean hangs = !maker->shape->no_hanging;
  gint32 before = hangs ? from->hang_after : 0;
  gint32 after = hangs ? to->hang_before : 0;
  gather_pieces(maker, from, to);
  Sums sums = measure_pieces(maker);
  gint32 measure = paragraph_line_measure(maker->shape, number);
  gint64 lack = measure - (sums.width - before - after);
  line->width = measure;
  line->natural = (gint32)MIN(sums.width, G_MAXINT32);
  line->end = to->kind;
  line->right_to_left = maker->paragraph->right_to_left;
  line->text = line_text(maker->paragraph, from, to);
  for (guint i = 0; i < maker->pieces->len; i++) {
    const Piece *piece = &g_array_index(maker->pieces, Piece, i);
    line->gap_count += piece->word == NULL && !piece->trailing;
  }
  gint32 shift = 0;
  if (fills(maker, to, lack, sums)) {
    line->justified = !to->forced;
    justify(maker, line, sums, lack);
  } else {
    if (maker->shape->alignment == ALIGN_JUSTIFIED && !to->forced && lack > 0) {
      // What can't be filled within the bounds is filled as far as is good.
      gint64 good = sums.gaps / 2 + sums.letters / 50;
      lack -= MIN(good, lack);
      justify(maker, line, sums, good);
    }
    shift = aligned_left(maker, lack);
  }
  line->x = line_left(maker, number);
  order_pieces(maker);
  place_pieces(maker, shift - (maker->paragraph->right_to_left ? after : before));
  make_runs(maker, line, line->letter_millionths);
}

ParagraphLines *paragraph_set(Paragraph *paragraph, const ParagraphShape *shape, guint lines,
                              gint32 first_baseline, gint32 leading) {
  const Fit *fit = paragraph_find_fit(paragraph, shape);
  gint variant = lines == 0 ? FIT_VARIANTS / 2 : PARAGRAPH_VARIANT(&fit->fit, lines);
  variant = CLAMP(variant, 0, FIT_VARIANTS - 1);
  if (fit->chains[variant] == NULL) {
    variant = FIT_VARIANTS / 2;
  }
  ParagraphLines *set = g_new0(ParagraphLines, 1);
  set->count = fit->chains[variant] != NULL ? fit->counts[variant] : 0;
  set->lines = g_new0(SetLine, set->count + 1);
  set->starts = g_new0(guint, set->count + 1);
  LineMaker maker = {.paragraph = paragraph,
                     .shape = &fit->shape,
                     .pieces = g_array_new(FALSE, FALSE, sizeof(Piece)),
                     .order = g_array_new(FALSE, FALSE, sizeof(guint)),
                     .runs = g_array_new(FALSE, FALSE, sizeof(SetRun)),
                     .glyphs = g_array_new(FALSE, FALSE, sizeof(SetGlyph))};
  const Break *breaks = (const Break *)(gpointer)paragraph->breaks->data;
  for (guint i = 0; i < set->count; i++) {
    const Break *from = &breaks[fit->chains[variant][i]];
    const Break *to = &breaks[fit->chains[variant][i + 1]];
    make_line(&maker, &set->lines[i], i, from, to);
    set->lines[i].baseline = first_baseline + (gint32)i * leading;
    set->starts[i] = from->next;
    set->starts[i + 1] = to->next;
  }
  g_array_unref(maker.pieces);
  g_array_unref(maker.order);
  g_array_unref(maker.runs);
  g_array_unref(maker.glyphs);
  return set;
}

void paragraph_lines_free(ParagraphLines *lines) {
  if (lines != NULL) {
    for (guint i = 0; i < lines->count; i++) {
      set_line_clear(&lines->lines[i]);
    }
    g_free(lines->lines);
    g_free(lines->starts);
    g_free(lines);
  }
}
