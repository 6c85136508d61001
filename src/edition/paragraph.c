// SPDX-License-Identifier: Apache-2.0
//
// Implements the text side of paragraph.h: gathers styled text, finds direction and break
// opportunities (Pango: UAX #9, UAX #14 with its languages' tailoring), cuts it into atoms of one
// style, script, face and level, shapes them and lists where lines may end. What is decided from it
// is in paragraph_break.c, what is made of it in paragraph_lines.c.
#include "edition/paragraph.h"

#include <pango/pango.h>
#include <string.h>

#include "edition/hyphenation.h"
#include "edition/paragraph_parts.h"
#include "model/story.h"

#define LINE_SEPARATOR 0x2028
#define SMALL_CAPS_PERCENT 80
#define MINIMUM_HYPHENATED 5 // letters
#define COMPOUND_HYPHENATED 8

#define PENALTY_HYPHEN 50
#define PENALTY_NAME 40  // more for a word that begins with a capital
#define PENALTY_SHORT 20 // more for two letters alone
#define PENALTY_DASH 20
#define PENALTY_SOFT_HYPHEN 40

static void style_clear(gpointer data) {
  g_free(((ParagraphStyle *)data)->link);
}

static void fit_free(gpointer data) {
  Fit *fit = data;
  for (guint i = 0; i < FIT_VARIANTS; i++) {
    g_free(fit->chains[i]);
  }
  g_free(fit);
}

Paragraph *paragraph_new(Typesetter *typesetter, const char *language) {
  Paragraph *paragraph = g_new0(Paragraph, 1);
  paragraph->typesetter = typesetter;
  paragraph->language = g_strdup(language);
  paragraph->text = g_string_new(NULL);
  paragraph->styles = g_array_new(FALSE, TRUE, sizeof(ParagraphStyle));
  g_array_set_clear_func(paragraph->styles, style_clear);
  paragraph->soft = g_array_new(FALSE, FALSE, sizeof(guint));
  paragraph->atoms = g_array_new(FALSE, TRUE, sizeof(Atom));
  paragraph->breaks = g_array_new(FALSE, TRUE, sizeof(Break));
  paragraph->split_above = G_MAXINT32;
  paragraph->fits = g_ptr_array_new_with_free_func(fit_free);
  return paragraph;
}

void paragraph_free(Paragraph *paragraph) {
  if (paragraph != NULL) {
    g_free(paragraph->language);
    g_string_free(paragraph->text, TRUE);
    g_array_unref(paragraph->styles);
    g_array_unref(paragraph->soft);
    g_array_unref(paragraph->atoms);
    g_array_unref(paragraph->breaks);
    g_ptr_array_unref(paragraph->fits);
    g_free(paragraph);
  }
}

// ---- text -------------------------------------------------------------------------------------

static gboolean is_space(gunichar letter) {
  return letter == ' ' || (letter >= 9 && letter <= 13) || letter == 0x85 || letter == 0x1680 ||
         letter == 0x2028 || letter == 0x2029 || letter == 0x205f;
}

static gboolean ends_with_space(const GString *text) {
  return text->len == 0 || text->str[text->len - 1] == ' ' ||
         g_str_has_suffix(text->str, "\xe2\x80\xa8");
}

static void add_letter(Paragraph *paragraph, gunichar letter) {
  GString *text = paragraph->text;
  if (is_space(letter)) {
    if (!ends_with_space(text)) {
      g_string_append_c(text, ' ');
    }
  } else if (letter == 0xad) {
    guint at = (guint)text->len;
    g_array_append_val(paragraph->soft, at);
  } else if (letter >= ' ' && (letter < 0x7f || letter > 0x9f) && letter != 0xfeff) {
    g_string_append_unichar(text, letter);
  }
}

void paragraph_add(Paragraph *paragraph, Slice text, const TypeStyle *style, const char *link) {
  g_assert(!paragraph->prepared);
  ParagraphStyle entry = {
      .style = *style, .link = g_strdup(link), .start = (guint)paragraph->text->len};
  entry.style.size = CLAMP(style->size, POINT / 2, 2000 * POINT);
  g_array_append_val(paragraph->styles, entry);
  const char *at = text.data;
  const char *end = text.data + text.length;
  while (at < end) {
    gunichar letter = g_utf8_get_char_validated(at, end - at);
    if (letter == (gunichar)-1 || letter == (gunichar)-2) {
      letter = 0xfffd;
      at++;
    } else {
      at = g_utf8_next_char(at);
    }
    add_letter(paragraph, letter);
  }
}

void paragraph_add_break(Paragraph *paragraph) {
  g_assert(!paragraph->prepared);
  GString *text = paragraph->text;
  if (text->len > 0 && text->str[text->len - 1] == ' ') {
    g_string_truncate(text, text->len - 1);
  }
  if (text->len > 0 && !ends_with_space(text)) {
    g_string_append_unichar(text, LINE_SEPARATOR);
  }
}

static void trim_end(GString *text) {
  while (text->len > 0 && ends_with_space(text)) {
    g_string_truncate(text, text->len - (text->str[text->len - 1] == ' ' ? 1 : 3));
  }
}

const char *paragraph_text(const Paragraph *paragraph) {
  return paragraph->text->str;
}

gboolean paragraph_is_empty(const Paragraph *paragraph) {
  return paragraph->text->len == 0 || strspn(paragraph->text->str, " ") == paragraph->text->len;
}

// ---- letters ----------------------------------------------------------------------------------

typedef struct Letters { // the text, letter by letter
  glong count;
  gunichar *letters;
  guint *starts; // bytes; starts[count] is the end
  guint8 *levels;
  PangoLogAttr *marks;
  const Face **faces;
  hb_script_t *scripts;
} Letters;

static void letters_clear(Letters *letters) {
  g_free(letters->letters);
  g_free(letters->starts);
  g_free(letters->levels);
  g_free(letters->marks);
  g_free(letters->faces);
  g_free(letters->scripts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Letters, letters_clear)

static gboolean has_right_to_left(const gunichar *letters, glong count) {
  for (glong i = 0; i < count; i++) {
    if (letters[i] >= 0x590 &&
        hb_script_get_horizontal_direction(shaper_script(letters[i])) == HB_DIRECTION_RTL) {
      return TRUE;
    }
  }
  return FALSE;
}

static PangoDirection base_direction(const Paragraph *paragraph, const Letters *letters) {
  if (!has_right_to_left(letters->letters, letters->count)) {
    return PANGO_DIRECTION_LTR;
  }
  return language_is_right_to_left(paragraph->language) ? PANGO_DIRECTION_RTL
                                                        : PANGO_DIRECTION_WEAK_LTR;
}

static gboolean is_ignorable(gunichar letter) {
  return (letter >= 0x200b && letter <= 0x200f) || (letter >= 0x202a && letter <= 0x202e) ||
         (letter >= 0x2060 && letter <= 0x206f) || (letter >= 0xfe00 && letter <= 0xfe0f) ||
         letter == 0x61c || letter == 0x34f || (letter >= 0xe0000 && letter <= 0xe0fff);
}

// A letter and the marks on it are drawn from one face: the first that has them all, if any.
static const Face *face_for_cluster(Paragraph *paragraph, const Face *wanted,
                                    const gunichar *letters, glong count) {
  Typefaces *typefaces = typesetter_typefaces(paragraph->typesetter);
  const Face *face = typefaces_face_for(typefaces, wanted, letters[0], paragraph->language);
  for (glong i = 1; face != NULL && i < count; i++) {
    if (is_ignorable(letters[i]) || face_has(face, letters[i])) {
      continue;
    }
    const Face *other = typefaces_face_for(typefaces, face, letters[i], paragraph->language);
    if (other != NULL && face_has(other, letters[0])) {
      face = other;
    }
  }
  return face != NULL ? face : wanted;
}

static const Face *wanted_face(const Paragraph *paragraph, guint style) {
  const TypeStyle *look = &g_array_index(paragraph->styles, ParagraphStyle, style).style;
  return typefaces_face(typesetter_typefaces(paragraph->typesetter), look->family, look->bold,
                        look->italic);
}

static void find_faces(Paragraph *paragraph, Letters *letters) {
  guint style = 0;
  const Face *wanted = wanted_face(paragraph, 0);
  hb_script_t script = HB_SCRIPT_COMMON;
  for (glong i = 0; i < letters->count;) {
    while (style + 1 < paragraph->styles->len &&
           g_array_index(paragraph->styles, ParagraphStyle, style + 1).start <=
               letters->starts[i]) {
      wanted = wanted_face(paragraph, ++style);
    }
    glong end = i + 1;
    while (end < letters->count && !letters->marks[end].is_cursor_position &&
           letters->letters[end] != ' ') {
      end++;
    }
    const Face *face = wanted;
    if (letters->letters[i] >= 0x80 && !is_ignorable(letters->letters[i])) {
      face = face_for_cluster(paragraph, wanted, letters->letters + i, end - i);
    } else if (end - i > 1) {
      face = face_for_cluster(paragraph, wanted, letters->letters + i, end - i);
    }
    for (; i < end; i++) {
      hb_script_t own = shaper_script(letters->letters[i]);
      if (own != HB_SCRIPT_COMMON && own != HB_SCRIPT_INHERITED && own != HB_SCRIPT_UNKNOWN) {
        script = own;
      }
      letters->faces[i] = face;
      letters->scripts[i] = script;
    }
  }
  // What comes before the first letter of a script is set with it.
  for (glong i = letters->count - 1; i > 0; i--) {
    if (letters->scripts[i - 1] == HB_SCRIPT_COMMON) {
      letters->scripts[i - 1] = letters->scripts[i];
    }
  }
}

static Letters find_letters(Paragraph *paragraph) {
  const GString *text = paragraph->text;
  Letters letters = {0};
  letters.letters = g_utf8_to_ucs4_fast(text->str, (glong)text->len, &letters.count);
  glong count = letters.count;
  letters.starts = g_new(guint, (gsize)count + 1);
  letters.marks = g_new0(PangoLogAttr, (gsize)count + 1);
  letters.faces = g_new0(const Face *, (gsize)count + 1);
  letters.scripts = g_new0(hb_script_t, (gsize)count + 1);
  const char *at = text->str;
  for (glong i = 0; i <= count; i++) {
    letters.starts[i] = (guint)(at - text->str);
    at = i < count ? g_utf8_next_char(at) : at;
  }
  PangoDirection direction = base_direction(paragraph, &letters);
  letters.levels = pango_log2vis_get_embedding_levels(text->str, (int)text->len, &direction);
  paragraph->right_to_left = direction == PANGO_DIRECTION_RTL;
  pango_get_log_attrs(text->str, (int)text->len, -1,
                      pango_language_from_string(paragraph->language), letters.marks,
                      (int)count + 1);
  find_faces(paragraph, &letters);
  return letters;
}

// ---- atoms ------------------------------------------------------------------------------------

static gboolean is_gap(gunichar letter) {
  return letter == ' ' || letter == 0xa0 || letter == LINE_SEPARATOR;
}

static gboolean may_be_spaced(hb_script_t script) {
  switch (script) {
  case HB_SCRIPT_LATIN:
  case HB_SCRIPT_GREEK:
  case HB_SCRIPT_CYRILLIC:
  case HB_SCRIPT_ARMENIAN:
  case HB_SCRIPT_GEORGIAN:
  case HB_SCRIPT_HEBREW:
  case HB_SCRIPT_COMMON:
    return TRUE;
  default:
    return FALSE; // joined letters, and those that stretch between words or squares
  }
}

static gboolean is_cjk(hb_script_t script) {
  return script == HB_SCRIPT_HAN || script == HB_SCRIPT_HIRAGANA || script == HB_SCRIPT_KATAKANA ||
         script == HB_SCRIPT_HANGUL || script == HB_SCRIPT_BOPOMOFO;
}

// The parts of a word that are drawn as small capitals are atoms of their own where the font has
// none.
static WordCase case_of(const TypeStyle *style, const Face *face, gunichar letter,
                        gboolean *ret_small) {
  *ret_small = FALSE;
  if (style->upper_case) {
    return WORD_UPPER;
  }
  if (!style->small_caps) {
    return WORD_AS_IS;
  }
  if (face->small_caps) {
    return WORD_SMALL_CAPS;
  }
  *ret_small = g_unichar_islower(letter);
  return *ret_small ? WORD_UPPER : WORD_AS_IS;
}

static void measure_space(const Paragraph *paragraph, Atom *atom, gunichar letter) {
  const TypeStyle *style = &g_array_index(paragraph->styles, ParagraphStyle, atom->style).style;
  atom->space = TRUE;
  atom->width =
      letter == LINE_SEPARATOR
          ? 0
          : face_scale(atom->face, atom->face->space_advance, atom->size) + style->tracking;
}

static char *copy_atom(const Paragraph *paragraph, const Atom *atom) {
  return g_strndup(paragraph->text->str + atom->start, atom->bytes);
}

static void measure_word(const Paragraph *paragraph, Atom *atom, const char *before,
                         const char *after) {
  const TypeStyle *style = &g_array_index(paragraph->styles, ParagraphStyle, atom->style).style;
  WordRequest request = {.face = atom->face,
                         .text = paragraph->text->str + atom->start,
                         .length = atom->bytes,
                         .before = before,
                         .after = after,
                         .script = atom->script,
                         .language = paragraph->language,
                         .right_to_left = (atom->level & 1) != 0,
                         .letter_case = atom->letter_case};
  atom->word = shaper_word(paragraph->typesetter, &request);
  atom->width = face_scale(atom->face, atom->word->advance, atom->size) +
                style->tracking * (gint32)atom->word->letters;
  atom->stretch = may_be_spaced(atom->script) ? atom->size * (gint32)atom->word->letters : 0;
}

// Scripts that join: a change of style inside a word must not cut the letters' connection.
static gboolean joins(hb_script_t script) {
  return script == HB_SCRIPT_ARABIC || script == HB_SCRIPT_SYRIAC || script == HB_SCRIPT_NKO ||
         script == HB_SCRIPT_MONGOLIAN;
}

static void measure_atoms(Paragraph *paragraph) {
  for (guint i = 0; i < paragraph->atoms->len; i++) {
    Atom *atom = &g_array_index(paragraph->atoms, Atom, i);
    if (atom->space) {
      continue;
    }
    const Atom *last = i > 0 ? atom - 1 : NULL;
    const Atom *next = i + 1 < paragraph->atoms->len ? atom + 1 : NULL;
    gboolean before =
        last != NULL && !last->space && joins(atom->script) && last->script == atom->script;
    gboolean after =
        next != NULL && !next->space && joins(atom->script) && next->script == atom->script;
    g_autofree char *left = before ? copy_atom(paragraph, last) : NULL;
    g_autofree char *right = after ? copy_atom(paragraph, next) : NULL;
    measure_word(paragraph, atom, before ? left : "", after ? right : "");
  }
}

static void add_atom(Paragraph *paragraph, const Letters *letters, glong from, glong to,
                     guint style_index, gboolean small, WordCase letter_case, gboolean glued) {
  const TypeStyle *style = &g_array_index(paragraph->styles, ParagraphStyle, style_index).style;
  const Face *face = letters->faces[from];
  Atom atom = {.start = letters->starts[from],
               .bytes = letters->starts[to] - letters->starts[from],
               .style = style_index,
               .glued = glued,
               .level = letters->levels[from],
               .letter_case = letter_case,
               .face = small ? face->caps : face,
               .size = small ? style->size * SMALL_CAPS_PERCENT / 100 : style->size,
               .script = letters->scripts[from]};
  if (is_gap(letters->letters[from])) {
    measure_space(paragraph, &atom, letters->letters[from]);
  }
  g_array_append_val(paragraph->atoms, atom);
}

static void make_atoms(Paragraph *paragraph, const Letters *letters) {
  guint style = 0;
  for (glong from = 0; from < letters->count;) {
    while (style + 1 < paragraph->styles->len &&
           g_array_index(paragraph->styles, ParagraphStyle, style + 1).start <=
               letters->starts[from]) {
      style++;
    }
    guint style_end = style + 1 < paragraph->styles->len
                          ? g_array_index(paragraph->styles, ParagraphStyle, style + 1).start
                          : G_MAXUINT;
    const TypeStyle *look = &g_array_index(paragraph->styles, ParagraphStyle, style).style;
    gboolean small = FALSE;
    gboolean next_small = FALSE;
    WordCase letter_case = case_of(look, letters->faces[from], letters->letters[from], &small);
    glong to = from + 1;
    while (!is_gap(letters->letters[from]) && to < letters->count &&
           !is_gap(letters->letters[to]) && letters->starts[to] < style_end &&
           (!letters->marks[to].is_cursor_position ||
            (!letters->marks[to].is_line_break && letters->levels[to] == letters->levels[from] &&
             letters->faces[to] == letters->faces[from] &&
             letters->scripts[to] == letters->scripts[from] &&
             case_of(look, letters->faces[to], letters->letters[to], &next_small) == letter_case &&
             next_small == small))) {
      to++;
    }
    gboolean glued = from > 0 && !letters->marks[from].is_line_break;
    add_atom(paragraph, letters, from, to, style, small, letter_case, glued);
    from = to;
  }
}

void paragraph_prepare(Paragraph *paragraph) {
  if (paragraph->prepared) {
    return;
  }
  trim_end(paragraph->text);
  paragraph->prepared = TRUE;
  if (paragraph->text->len > 0) {
    g_auto(Letters) letters = find_letters(paragraph);
    make_atoms(paragraph, &letters);
    measure_atoms(paragraph);
  }
  paragraph_make_breaks(paragraph, G_MAXINT32);
}

// ---- breaks -----------------------------------------------------------------------------------

typedef struct BreakMaker {
  Paragraph *paragraph;
  Sums sums; // up to the atom looked at
  gint32 split_above;
  guint soft;    // the next soft hyphen to come
  GArray *inner; // Inner: of the atom looked at
} BreakMaker;

typedef struct Inner { // a place inside of a word
  guint byte;          // of the atom
  gint32 penalty;
  gboolean hyphen, emergency;
} Inner;

static gunichar letter_before(const char *text, guint at) {
  return at > 0 ? g_utf8_get_char(g_utf8_find_prev_char(text, text + at)) : 0;
}

static const Atom *atom_at(const Paragraph *paragraph, guint index) {
  return &g_array_index(paragraph->atoms, Atom, index);
}

static gint32 letter_hang(const Atom *atom, gunichar letter, gboolean at_end) {
  gint32 permille = hanging_permille(letter, at_end);
  hb_codepoint_t glyph = 0;
  if (permille == 0 || !hb_font_get_nominal_glyph(atom->face->font, letter, &glyph)) {
    return 0;
  }
  gint32 advance = hb_font_get_glyph_h_advance(atom->face->font, glyph);
  return (gint32)((gint64)face_scale(atom->face, advance, atom->size) * permille / 1000);
}

static gboolean is_url_like(const char *word, guint bytes) {
  for (guint i = 0; i < bytes; i++) {
    if (strchr("@/_=&#%\\", word[i]) != NULL ||
        (word[i] == '.' && i > 0 && i + 1 < bytes && g_ascii_isalnum(word[i - 1]) &&
         g_ascii_isalnum(word[i + 1]))) {
      return TRUE;
    }
  }
  return FALSE;
}

static void add_hyphens_of_run(BreakMaker *maker, const Atom *atom, guint from, guint to,
                               guint letters, gboolean compound) {
  const char *word = maker->paragraph->text->str + atom->start + from;
  if (letters < (compound ? COMPOUND_HYPHENATED : MINIMUM_HYPHENATED)) {
    return;
  }
  const WordPoints *points =
      shaper_points(maker->paragraph->typesetter, maker->paragraph->language, word, to - from);
  gboolean name = g_unichar_isupper(g_utf8_get_char(word)) &&
                  !g_str_has_prefix(maker->paragraph->language, "de");
  for (guint i = 0; i < points->count; i++) {
    guint byte = points->bytes[i];
    gboolean is_short = g_utf8_strlen(word, byte) <= 2;
    Inner inner = {.byte = from + byte,
                   .penalty =
                       PENALTY_HYPHEN + (name ? PENALTY_NAME : 0) + (is_short ? PENALTY_SHORT : 0),
                   .hyphen = TRUE};
    g_array_append_val(maker->inner, inner);
  }
}

static void add_pattern_hyphens(BreakMaker *maker, guint index) {
  const Atom *atom = atom_at(maker->paragraph, index);
  const char *text = maker->paragraph->text->str + atom->start;
  gboolean opens_glued = atom->glued && index > 0 && !(atom - 1)->space;
  const Atom *next = index + 1 < maker->paragraph->atoms->len ? atom + 1 : NULL;
  gboolean ends_glued = next != NULL && next->glued && !next->space;
  gboolean compound = (index > 0 && !(atom - 1)->space) || (next != NULL && !next->space);
  if (is_url_like(text, atom->bytes)) {
    return;
  }
  guint from = 0;
  guint letters = 0;
  for (guint at = 0; at <= atom->bytes;) {
    gunichar letter = at < atom->bytes ? g_utf8_get_char(text + at) : 0;
    if (letter != 0 && (g_unichar_isalpha(letter) || g_unichar_ismark(letter))) {
      letters++;
    } else {
      gboolean cut = (opens_glued && from == 0) || (ends_glued && at == atom->bytes) ||
                     g_unichar_isdigit(letter) || g_unichar_isdigit(letter_before(text, from));
      if (!cut && letters > 0) {
        add_hyphens_of_run(maker, atom, from, at, letters, compound);
      }
      letters = 0;
      from = at + (letter != 0 ? (guint)(g_utf8_next_char(text + at) - (text + at)) : 1);
    }
    at = letter != 0 ? (guint)(g_utf8_next_char(text + at) - text) : at + 1;
  }
}

static void add_soft_hyphens(BreakMaker *maker, const Atom *atom) {
  const GArray *soft = maker->paragraph->soft;
  for (; maker->soft < soft->len; maker->soft++) {
    guint at = g_array_index(soft, guint, maker->soft);
    if (at >= atom->start + atom->bytes) {
      return;
    }
    if (at > atom->start) {
      Inner inner = {.byte = at - atom->start, .penalty = PENALTY_SOFT_HYPHEN, .hyphen = TRUE};
      g_array_append_val(maker->inner, inner);
    }
  }
}

// Between all letters of a word that is too wide for the line.
static void add_emergency(BreakMaker *maker, const Atom *atom) {
  const char *text = maker->paragraph->text->str + atom->start;
  for (guint i = 0; i < atom->word->glyph_count; i++) {
    guint byte = atom->word->glyphs[i].text;
    if (byte == 0 || (i > 0 && byte == atom->word->glyphs[i - 1].text)) {
      continue;
    }
    gboolean hyphen = g_unichar_isalpha(letter_before(text, byte)) &&
                      g_unichar_isalpha(g_utf8_get_char(text + byte)) &&
                      may_be_spaced(atom->script);
    Inner inner = {.byte = byte, .hyphen = hyphen, .emergency = TRUE};
    g_array_append_val(maker->inner, inner);
  }
}

static gint compare_inner(gconstpointer a, gconstpointer b) {
  const Inner *one = a;
  const Inner *other = b;
  return one->byte != other->byte ? (one->byte < other->byte ? -1 : 1)
                                  : (gint)one->emergency - (gint)other->emergency;
}

typedef struct Halves { // of a word that is broken; 1/1000 pt, with tracking
  gint32 before, after;
  gint32 hyphen; // with the kerning to the letter before it
  guint letters; // of the first half
} Halves;

// Glyphs are in visual order. FALSE: shaping the halves apart would change them (ligatures,
// kerning).
static gboolean cut_glyphs(const Word *word, guint byte, gint32 *ret_before, guint *ret_letters) {
  gboolean safe = FALSE;
  guint last = G_MAXUINT;
  *ret_before = 0;
  *ret_letters = 0;
  for (guint i = 0; i < word->glyph_count; i++) {
    const WordGlyph *glyph = &word->glyphs[i];
    safe |= glyph->text == byte && glyph->safe;
    if (glyph->text < byte) {
      *ret_before += glyph->advance;
      *ret_letters += glyph->text != last;
      last = glyph->text;
    }
  }
  return safe;
}

static const Word *shape_text(const Paragraph *paragraph, const Atom *atom, const char *text,
                              gsize length) {
  WordRequest request = {.face = atom->face,
                         .text = text,
                         .length = length,
                         .before = "",
                         .after = "",
                         .script = atom->script,
                         .language = paragraph->language,
                         .right_to_left = (atom->level & 1) != 0,
                         .letter_case = atom->letter_case};
  return shaper_word(paragraph->typesetter, &request);
}

static gint32 hyphen_advance(const Paragraph *paragraph, const Atom *atom, guint byte) {
  const char *text = paragraph->text->str + atom->start;
  char pair[8] = {0};
  gint length = g_unichar_to_utf8(letter_before(text, byte), pair);
  const Word *letter = shape_text(paragraph, atom, pair, (gsize)length);
  pair[length] = '-';
  const Word *both = shape_text(paragraph, atom, pair, (gsize)length + 1);
  return both->advance - letter->advance;
}

static Halves cut_word(const Paragraph *paragraph, const Atom *atom, const Inner *inner) {
  const TypeStyle *style = &g_array_index(paragraph->styles, ParagraphStyle, atom->style).style;
  const char *text = paragraph->text->str + atom->start;
  Halves halves = {0};
  gint32 units = 0;
  if (cut_glyphs(atom->word, inner->byte, &units, &halves.letters)) {
    halves.before =
        face_scale(atom->face, units, atom->size) + style->tracking * (gint32)halves.letters;
    halves.after = atom->width - halves.before;
  } else {
    const Word *first = shape_text(paragraph, atom, text, inner->byte);
    const Word *second = shape_text(paragraph, atom, text + inner->byte, atom->bytes - inner->byte);
    halves.letters = first->letters;
    halves.before = face_scale(atom->face, first->advance, atom->size) +
                    style->tracking * (gint32)first->letters;
    halves.after = face_scale(atom->face, second->advance, atom->size) +
                   style->tracking * (gint32)second->letters;
  }
  if (inner->hyphen) {
    halves.hyphen =
        face_scale(atom->face, hyphen_advance(paragraph, atom, inner->byte), atom->size) +
        style->tracking;
  }
  return halves;
}

static void add_inner_break(BreakMaker *maker, guint index, const Inner *inner) {
  const Paragraph *paragraph = maker->paragraph;
  const Atom *atom = atom_at(paragraph, index);
  Halves halves = cut_word(paragraph, atom, inner);
  gint32 stretch = may_be_spaced(atom->script) ? atom->size * (gint32)halves.letters : 0;
  Break at = {.kind = inner->hyphen ? LINE_END_HYPHEN : LINE_END_BREAK,
              .emergency = inner->emergency,
              .atom = index,
              .end = atom->start + inner->byte,
              .next = atom->start + inner->byte,
              .next_atom = index,
              .before = maker->sums,
              .after = maker->sums,
              .penalty = inner->penalty,
              .hang_before = inner->hyphen ? letter_hang(atom, '-', TRUE) : 0};
  at.before.width += halves.before + halves.hyphen;
  at.before.letters += stretch + (inner->hyphen && stretch > 0 ? atom->size : 0);
  at.after.width += atom->width - halves.after;
  at.after.letters += stretch;
  g_array_append_val(paragraph->breaks, at);
}

static void add_inner_breaks(BreakMaker *maker, guint index) {
  const Atom *atom = atom_at(maker->paragraph, index);
  g_array_set_size(maker->inner, 0);
  add_soft_hyphens(maker, atom);
  add_pattern_hyphens(maker, index);
  if (atom->width > maker->split_above) {
    add_emergency(maker, atom);
  }
  g_array_sort(maker->inner, compare_inner);
  guint last = 0;
  for (guint i = 0; i < maker->inner->len; i++) {
    const Inner *inner = &g_array_index(maker->inner, Inner, i);
    if (inner->byte != last && inner->byte < atom->bytes) {
      add_inner_break(maker, index, inner);
      last = inner->byte;
    }
  }
}

// After atom `index`, which is no space, or at the space that it is.
static void add_break_after(BreakMaker *maker, guint index) {
  const Paragraph *paragraph = maker->paragraph;
  const Atom *atom = atom_at(paragraph, index);
  const Atom *next = atom + 1;
  const char *text = paragraph->text->str;
  gboolean forced = atom->space && atom->bytes == 3;
  const Atom *word = atom->space && index > 0 ? atom - 1 : atom;
  gunichar last = letter_before(text, atom->space ? atom->start : atom->start + atom->bytes);
  Break at = {.kind = atom->space ? LINE_END_SPACE : LINE_END_BREAK,
              .forced = forced,
              .atom = atom->space ? index : index + 1,
              .end = atom->space ? atom->start : atom->start + atom->bytes,
              .next = next->start,
              .next_atom = index + 1,
              .before = maker->sums,
              .after = maker->sums,
              .penalty = !atom->space && (last == '-' || last == 0x2013) ? PENALTY_DASH : 0,
              .hang_before = letter_hang(word, last, TRUE),
              .hang_after = letter_hang(next, g_utf8_get_char(text + next->start), FALSE)};
  if (atom->space) {
    at.before.width -= atom->width;
    at.before.gaps -= atom->width;
  } else if (is_cjk(atom->script)) {
    at.before.soft -= (gint64)atom->size * CJK_STRETCH_PERCENT / 100;
  }
  g_array_append_val(paragraph->breaks, at);
}

static void pass_atom(BreakMaker *maker, guint index) {
  const Paragraph *paragraph = maker->paragraph;
  const Atom *atom = atom_at(paragraph, index);
  gboolean last = index + 1 == paragraph->atoms->len;
  if (!atom->space) {
    add_inner_breaks(maker, index);
  }
  maker->sums.width += atom->width;
  maker->sums.gaps += atom->space ? atom->width : 0;
  maker->sums.letters += atom->stretch;
  gboolean may_end = !last && !(atom + 1)->glued;
  if (may_end && !atom->space && is_cjk(atom->script)) {
    maker->sums.soft += (gint64)atom->size * CJK_STRETCH_PERCENT / 100;
  }
  if (may_end && !(atom + 1)->space) {
    add_break_after(maker, index);
  }
}

void paragraph_make_breaks(Paragraph *paragraph, gint32 measure) {
  paragraph->split_above = MIN(measure, paragraph->split_above);
  g_array_set_size(paragraph->breaks, 0);
  Break begin = {0};
  if (paragraph->atoms->len > 0) {
    begin.hang_after =
        letter_hang(atom_at(paragraph, 0), g_utf8_get_char(paragraph->text->str), FALSE);
  }
  g_array_append_val(paragraph->breaks, begin);
  g_autoptr(GArray) inner = g_array_new(FALSE, FALSE, sizeof(Inner));
  BreakMaker maker = {
      .paragraph = paragraph, .split_above = paragraph->split_above, .inner = inner};
  paragraph->widest = 0;
  for (guint i = 0; i < paragraph->atoms->len; i++) {
    paragraph->widest = MAX(paragraph->widest, atom_at(paragraph, i)->width);
    pass_atom(&maker, i);
  }
  Break end = {.kind = LINE_END_TEXT,
               .forced = TRUE,
               .atom = paragraph->atoms->len,
               .end = (guint)paragraph->text->len,
               .next = (guint)paragraph->text->len,
               .next_atom = paragraph->atoms->len,
               .before = maker.sums,
               .after = maker.sums};
  if (paragraph->atoms->len > 0) {
    const Atom *last = atom_at(paragraph, paragraph->atoms->len - 1);
    end.hang_before = letter_hang(last, letter_before(paragraph->text->str, end.end), TRUE);
  }
  g_array_append_val(paragraph->breaks, end);
}

// ---- answers ----------------------------------------------------------------------------------

gboolean paragraph_is_right_to_left(const Paragraph *paragraph) {
  paragraph_prepare((Paragraph *)paragraph);
  return paragraph->right_to_left;
}

gint32 paragraph_widest_word(Paragraph *paragraph) {
  paragraph_prepare(paragraph);
  return paragraph->widest;
}

gint32 paragraph_natural_width(Paragraph *paragraph) {
  paragraph_prepare(paragraph);
  const Break *end = &g_array_index(paragraph->breaks, Break, paragraph->breaks->len - 1);
  return (gint32)MIN(end->after.width, G_MAXINT32);
}
