// SPDX-License-Identifier: Apache-2.0
//
// Implements pdf_font.h. TrueType: CIDFontType2 with a CIDToGIDMap of ours, codes count from 1 in
// the order of first use. CFF: CIDFontType0C; there the font itself maps codes to glyphs, so a code
// is the CID that the subset's charset gives the glyph, known only once it is subset: codes are
// written as the original glyph's number, which the subset keeps (RETAIN_GIDS).
#include "edition/pdf_font.h"

#include <hb-ot.h>
#include <hb-subset.h>
#include <string.h>

#include "edition/edition.h"

#define PER_BLOCK 100 // entries of a Unicode map's block

// What a glyph was last asked for: nearly always the same letter.
typedef struct Recent {
  char text[5];
  guint8 length;
  guint16 code;
} Recent;

typedef struct Code {
  guint32 glyph;
  char *text;
} Code;

struct PdfFont {
  const Face *face;
  guint number;
  gboolean is_cff;
  GArray *codes;  // Code; TrueType: by code - 1; CFF: in order of first use
  Recent *recent; // by glyph
  guint glyphs;
  GHashTable *by_use;   // "glyph\ntext" -> code
  GHashTable *by_glyph; // CFF: glyph -> text
};

static void code_clear(gpointer data) {
  g_free(((Code *)data)->text);
}

static gboolean has_table(hb_face_t *face, hb_tag_t tag) {
  hb_blob_t *blob = hb_face_reference_table(face, tag);
  gboolean has = hb_blob_get_length(blob) > 0;
  hb_blob_destroy(blob);
  return has;
}

PdfFont *pdf_font_new(const Face *face, guint number) {
  PdfFont *font = g_new0(PdfFont, 1);
  font->face = face;
  font->number = number;
  font->is_cff = has_table(face->face, HB_TAG('C', 'F', 'F', ' '));
  font->codes = g_array_new(FALSE, TRUE, sizeof(Code));
  font->glyphs = hb_face_get_glyph_count(face->face);
  font->recent = g_new0(Recent, font->glyphs + 1);
  g_array_set_clear_func(font->codes, code_clear);
  font->by_use = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  font->by_glyph = g_hash_table_new(NULL, NULL);
  return font;
}

void pdf_font_free(gpointer data) {
  PdfFont *font = data;
  g_array_unref(font->codes);
  g_free(font->recent);
  g_hash_table_unref(font->by_use);
  g_hash_table_unref(font->by_glyph);
  g_free(font);
}

guint pdf_font_number(const PdfFont *font) {
  return font->number;
}

static guint16 find_code(PdfFont *font, guint32 glyph, const char *text, gsize length,
                         gboolean *ret_exact) {
  char key[96];
  *ret_exact = length < sizeof key - 16;
  length = *ret_exact ? length : 0;
  g_snprintf(key, sizeof key, "%u\n%.*s", glyph, (int)length, text);
  gpointer found = g_hash_table_lookup(font->by_use, key);
  if (found != NULL) {
    return (guint16)GPOINTER_TO_UINT(found);
  }
  if (font->is_cff && g_hash_table_contains(font->by_glyph, GUINT_TO_POINTER(glyph))) {
    *ret_exact = FALSE;
    return (guint16)glyph;
  }
  if (!font->is_cff && font->codes->len >= G_MAXUINT16 - 1) {
    *ret_exact = FALSE; // all codes are taken: any of the glyph's would do, the first is blank
    return 0;
  }
  Code code = {.glyph = glyph, .text = g_strndup(text, length)};
  g_array_append_val(font->codes, code);
  guint number = font->is_cff ? glyph : font->codes->len;
  g_hash_table_insert(font->by_use, g_strdup(key), GUINT_TO_POINTER(number));
  g_hash_table_add(font->by_glyph, GUINT_TO_POINTER(glyph));
  return (guint16)number;
}

guint16 pdf_font_code(PdfFont *font, guint32 glyph, const char *text, gsize length,
                      gboolean *ret_exact) {
  Recent *recent = &font->recent[MIN(glyph, font->glyphs)];
  if (recent->code != 0 && recent->length == length && memcmp(recent->text, text, length) == 0) {
    *ret_exact = TRUE;
    return recent->code;
  }
  guint16 code = find_code(font, glyph, text, length, ret_exact);
  if (*ret_exact && length < sizeof recent->text && glyph < font->glyphs) {
    memcpy(recent->text, text, length);
    recent->length = (guint8)length;
    recent->code = code;
  }
  return code;
}

gint32 pdf_font_width(const PdfFont *font, guint32 glyph) {
  gint64 advance = hb_font_get_glyph_h_advance(font->face->font, glyph);
  return (gint32)((advance * 10000 + font->face->upem / 2) / font->face->upem);
}

// ---- the subset -------------------------------------------------------------------------------

typedef struct Subset {
  hb_face_t *face;
  hb_subset_plan_t *plan;
} Subset;

static void subset_clear(Subset *subset) {
  hb_face_destroy(subset->face);
  hb_subset_plan_destroy(subset->plan);
}

static gboolean make_subset(const PdfFont *font, Subset *ret_subset, GError **error) {
  static const hb_tag_t DROPPED[] = {
      HB_TAG('G', 'S', 'U', 'B'), HB_TAG('G', 'P', 'O', 'S'), HB_TAG('G', 'D', 'E', 'F'),
      HB_TAG('n', 'a', 'm', 'e'), HB_TAG('p', 'o', 's', 't'), HB_TAG('B', 'A', 'S', 'E'),
      HB_TAG('S', 'T', 'A', 'T'), HB_TAG('V', 'O', 'R', 'G'), HB_TAG('v', 'h', 'e', 'a'),
      HB_TAG('v', 'm', 't', 'x'), HB_TAG('O', 'S', '/', '2'), HB_TAG('c', 'm', 'a', 'p')};
  hb_subset_input_t *input = hb_subset_input_create_or_fail();
  g_assert(input != NULL);
  hb_set_t *glyphs = hb_subset_input_glyph_set(input);
  for (guint i = 0; i < font->codes->len; i++) {
    hb_set_add(glyphs, g_array_index(font->codes, Code, i).glyph);
  }
  hb_set_t *dropped = hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG);
  for (guint i = 0; i < G_N_ELEMENTS(DROPPED); i++) {
    hb_set_add(dropped, DROPPED[i]);
  }
  guint flags = HB_SUBSET_FLAGS_NO_HINTING;
  if (font->is_cff) {
    flags |= HB_SUBSET_FLAGS_RETAIN_GIDS | HB_SUBSET_FLAGS_DESUBROUTINIZE;
  }
  hb_subset_input_set_flags(input, flags);
  ret_subset->plan = hb_subset_plan_create_or_fail(font->face->face, input);
  hb_subset_input_destroy(input);
  ret_subset->face =
      ret_subset->plan != NULL ? hb_subset_plan_execute_or_fail(ret_subset->plan) : NULL;
  if (ret_subset->face == NULL) {
    hb_subset_plan_destroy(ret_subset->plan);
    g_set_error(error, EDITION_ERROR, EDITION_ERROR_FONT,
                "The font %s can't be embedded (its tables are damaged); put another one into the "
                "theme or remove it from the system",
                font->face->name);
    return FALSE;
  }
  return TRUE;
}

// ---- its objects ------------------------------------------------------------------------------

static guint put_file(const PdfFont *font, const Subset *subset, PdfWriter *writer,
                      char ret_tag[8]) {
  hb_blob_t *blob = font->is_cff ? hb_face_reference_table(subset->face, HB_TAG('C', 'F', 'F', ' '))
                                 : hb_face_reference_blob(subset->face);
  guint length = 0;
  const char *data = hb_blob_get_data(blob, &length);
  g_autofree char *hash = g_compute_checksum_for_data(G_CHECKSUM_MD5, (const guchar *)data, length);
  for (guint i = 0; i < 6; i++) {
    ret_tag[i] = (char)('A' + g_ascii_xdigit_value(hash[i * 2]) +
                        (g_ascii_xdigit_value(hash[i * 2 + 1]) & 7));
  }
  ret_tag[6] = '\0';
  g_autofree char *entries =
      font->is_cff ? g_strdup("/Subtype/CIDFontType0C") : g_strdup_printf("/Length1 %u", length);
  guint number = pdf_reserve(writer);
  pdf_put_stream(writer, number, entries, data, length, TRUE);
  hb_blob_destroy(blob);
  return number;
}

static gint32 per_thousand(const PdfFont *font, gint64 units) {
  return (gint32)(units * 1000 / (gint64)font->face->upem);
}

static guint put_descriptor(const PdfFont *font, const char *name, guint file, PdfWriter *writer) {
  FaceMetrics metrics = face_metrics(font->face, 1000);
  hb_position_t angle =
      (hb_position_t)hb_style_get_value(font->face->font, HB_STYLE_TAG_SLANT_ANGLE);
  gint32 upem = (gint32)font->face->upem;
  GString *text = g_string_new("<</Type/FontDescriptor/FontName");
  pdf_write_name(text, name);
  g_string_append_printf(
      text,
      "/Flags %d/FontBBox[%d %d %d %d]/ItalicAngle %d/Ascent %d/Descent %d/CapHeight %d/StemV 80"
      "/FontFile%d %u 0 R>>",
      4 | (angle != 0 ? 64 : 0), per_thousand(font, -upem / 2), -metrics.descent * 2,
      per_thousand(font, upem * 2), metrics.ascent * 2, angle, metrics.ascent, -metrics.descent,
      metrics.cap_height, font->is_cff ? 3 : 2, file);
  return pdf_add(writer, text);
}

static guint code_of(const PdfFont *font, guint index) {
  return font->is_cff ? g_array_index(font->codes, Code, index).glyph : index + 1;
}

static void write_widths(const PdfFont *font, GString *text) {
  g_string_append(text, "/W[");
  if (!font->is_cff) {
    g_string_append(text, "1[");
  }
  for (guint i = 0; i < font->codes->len; i++) {
    gint32 width = pdf_font_width(font, g_array_index(font->codes, Code, i).glyph);
    if (font->is_cff) {
      g_string_append_printf(text, "%u[", code_of(font, i));
    }
    pdf_write_length(text, (gint64)width * 100);
    g_string_append_c(text, font->is_cff ? ']' : ' ');
  }
  g_string_append(text, font->is_cff ? "]" : "]]");
}

static guint put_glyph_map(const PdfFont *font, const Subset *subset, PdfWriter *writer) {
  const hb_map_t *mapping = hb_subset_plan_old_to_new_glyph_mapping(subset->plan);
  GByteArray *map = g_byte_array_new();
  guint8 none[2] = {0, 0};
  g_byte_array_append(map, none, 2);
  for (guint i = 0; i < font->codes->len; i++) {
    guint glyph = hb_map_get(mapping, g_array_index(font->codes, Code, i).glyph);
    guint8 bytes[2] = {(guint8)(glyph >> 8), (guint8)glyph};
    g_byte_array_append(map, bytes, 2);
  }
  guint number = pdf_reserve(writer);
  pdf_put_stream(writer, number, "", map->data, map->len, TRUE);
  g_byte_array_unref(map);
  return number;
}

static guint put_unicode_map(const PdfFont *font, PdfWriter *writer) {
  g_autoptr(GString) map = g_string_new(
      "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo "
      "<</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def\n/CMapName /Adobe-Identity-UCS "
      "def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n");
  for (guint i = 0; i < font->codes->len; i++) {
    if (i % PER_BLOCK == 0) {
      g_string_append_printf(map, "%s%u beginbfchar\n", i > 0 ? "endbfchar\n" : "",
                             MIN(PER_BLOCK, font->codes->len - i));
    }
    const char *words = g_array_index(font->codes, Code, i).text;
    g_string_append_printf(map, "<%04X> <", code_of(font, i));
    pdf_write_utf16_hex(map, words, strlen(words));
    g_string_append(map, ">\n");
  }
  g_string_append(map,
                  "endbfchar\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
  guint number = pdf_reserve(writer);
  pdf_put_stream(writer, number, "/Type/CMap/CMapName/Adobe-Identity-UCS", map->str, map->len,
                 TRUE);
  return number;
}

// ---- CFF --------------------------------------------------------------------------------------

// A CID-keyed font's own numbers must be those of its glyphs (as in Noto's CJK fonts), for codes
// are written as glyphs. Reads the Top DICT and the charset (Adobe Technical Note 5176).
typedef struct Cff {
  const guint8 *data;
  gsize length;
} Cff;

static guint32 cff_number(Cff cff, gsize at, guint size) {
  guint32 number = 0;
  for (guint i = 0; i < size; i++) {
    number = number << 8 | (at + i < cff.length ? cff.data[at + i] : 0);
  }
  return number;
}

// Where the index ends; *ret_first: where its first object begins.
static gsize cff_skip_index(Cff cff, gsize at, gsize *ret_first, guint *ret_count) {
  guint count = cff_number(cff, at, 2);
  guint size = cff_number(cff, at + 2, 1);
  *ret_count = count;
  *ret_first = at + 3 + (gsize)(count + 1) * size;
  if (count == 0) {
    return at + 2;
  }
  return *ret_first + cff_number(cff, at + 3 + (gsize)count * size, size) - 1;
}

static gsize cff_operand(Cff cff, gsize at, gint32 *ret_value) {
  guint8 first = (guint8)cff_number(cff, at, 1);
  if (first == 28) {
    *ret_value = (gint16)cff_number(cff, at + 1, 2);
    return at + 3;
  }
  if (first == 29) {
    *ret_value = (gint32)cff_number(cff, at + 1, 4);
    return at + 5;
  }
  if (first == 30) { // a real number: up to the nibble 0xf
    for (at++; at < cff.length && (cff.data[at] & 0xf) != 0xf && cff.data[at] >> 4 != 0xf; at++) {
    }
    *ret_value = 0;
    return at + 1;
  }
  if (first <= 246) {
    *ret_value = first - 139;
    return at + 1;
  }
  gint32 second = (gint32)cff_number(cff, at + 1, 1);
  *ret_value =
      first <= 250 ? (first - 247) * 256 + second + 108 : -(first - 251) * 256 - second - 108;
  return at + 2;
}

static gboolean charset_is_identity(Cff cff, gsize at, guint glyphs) {
  guint format = cff_number(cff, at++, 1);
  for (guint glyph = 1; glyph < glyphs && at < cff.length;) {
    guint first = cff_number(cff, at, 2);
    guint left = format == 0 ? 0 : cff_number(cff, at + 2, format);
    if (first != glyph) {
      return FALSE;
    }
    at += 2 + (format == 0 ? 0 : format);
    glyph += left + 1;
  }
  return TRUE;
}

static gboolean cff_codes_are_glyphs(Cff cff) {
  gsize first = 0;
  guint count = 0;
  gsize at = cff_skip_index(cff, cff_number(cff, 2, 1), &first, &count);
  gsize end = cff_skip_index(cff, at, &first, &count);
  gboolean keyed = FALSE;
  gint32 charset = 0;
  gint32 charstrings = 0;
  gint32 value = 0;
  for (gsize i = first; i < end && i < cff.length;) {
    guint8 byte = cff.data[i];
    if (byte > 21) {
      i = cff_operand(cff, i, &value);
      continue;
    }
    if (byte == 12) {
      keyed |= cff_number(cff, i + 1, 1) == 30;
      i++;
    }
    charset = byte == 15 ? value : charset;
    charstrings = byte == 17 ? value : charstrings;
    i++;
  }
  if (!keyed || charset <= 2) {
    return TRUE; // the codes of fonts that aren't keyed are glyphs
  }
  cff_skip_index(cff, (gsize)charstrings, &first, &count);
  return charset_is_identity(cff, (gsize)charset, count);
}

static gboolean check_cff(const PdfFont *font, const Subset *subset, GError **error) {
  hb_blob_t *blob = hb_face_reference_table(subset->face, HB_TAG('C', 'F', 'F', ' '));
  guint length = 0;
  const char *data = hb_blob_get_data(blob, &length);
  gboolean fits = cff_codes_are_glyphs((Cff){(const guint8 *)data, length});
  hb_blob_destroy(blob);
  if (!fits) {
    g_set_error(
        error, EDITION_ERROR, EDITION_ERROR_FONT,
        "The font %s numbers its glyphs in a way that can't be embedded; remove it from the "
        "system or put a TrueType font in its place",
        font->face->name);
  }
  return fits;
}

guint pdf_font_finish(PdfFont *font, PdfWriter *writer, GError **error) {
  Subset subset = {0};
  if (!make_subset(font, &subset, error)) {
    return 0;
  }
  if (font->is_cff && !check_cff(font, &subset, error)) {
    subset_clear(&subset);
    return 0;
  }
  char tag[8];
  guint file = put_file(font, &subset, writer, tag);
  g_autofree char *name = g_strdup_printf("%s+%s", tag, font->face->name);
  guint descriptor = put_descriptor(font, name, file, writer);
  GString *descendant = g_string_new("<</Type/Font/Subtype");
  g_string_append(descendant, font->is_cff ? "/CIDFontType0/BaseFont" : "/CIDFontType2/BaseFont");
  pdf_write_name(descendant, name);
  g_string_append_printf(descendant,
                         "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
                         "/FontDescriptor %u 0 R/DW 0",
                         descriptor);
  write_widths(font, descendant);
  if (!font->is_cff) {
    g_string_append_printf(descendant, "/CIDToGIDMap %u 0 R", put_glyph_map(font, &subset, writer));
  }
  g_string_append(descendant, ">>");
  guint child = pdf_add(writer, descendant);
  GString *text = g_string_new("<</Type/Font/Subtype/Type0/BaseFont");
  pdf_write_name(text, name);
  g_string_append_printf(text, "/Encoding/Identity-H/DescendantFonts[%u 0 R]/ToUnicode %u 0 R>>",
                         child, put_unicode_map(font, writer));
  subset_clear(&subset);
  return pdf_add(writer, text);
}
