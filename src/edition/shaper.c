// SPDX-License-Identifier: Apache-2.0
//
// Implements shaper.h and the Typesetter. A word's key is its face, case, direction, script,
// language and bytes; words that join a neighbour (Arabic across a change of style) are shaped in
// its presence.
#include "edition/shaper.h"

#include <hb-ot.h>
#include <string.h>

#include "edition/hyphenation.h"

struct Typesetter {
  Typefaces *typefaces; // borrowed
  Hyphenation *hyphenation;
  GHashTable *words;  // WordKey -> Word (in one allocation with its glyphs)
  GHashTable *points; // "language\nword" -> WordPoints
  hb_buffer_t *buffer;
  GHashTable *remarked; // languages whose patterns are missing
  GStringChunk *kept;
  GString *key; // of a look-up, to be used again
};

typedef struct WordKey {
  const Face *face;
  const char *language; // interned
  hb_script_t script;
  guint flags;
  const char *text;
  gsize length;
} WordKey;

static guint word_key_hash(gconstpointer data) {
  const WordKey *key = data;
  guint32 hash = 2166136261u ^ key->face->number ^ (key->flags << 8) ^ (guint32)key->script;
  for (gsize i = 0; i < key->length; i++) {
    hash = (hash ^ (guint8)key->text[i]) * 16777619u;
  }
  return hash;
}

static gboolean word_key_equal(gconstpointer a, gconstpointer b) {
  const WordKey *one = a;
  const WordKey *other = b;
  return one->face == other->face && one->flags == other->flags && one->script == other->script &&
         one->language == other->language && one->length == other->length &&
         memcmp(one->text, other->text, one->length) == 0;
}

static void word_free(gpointer data) {
  Word *word = data;
  g_free((gpointer)word->glyphs);
  g_free(word);
}

Typesetter *typesetter_new(Typefaces *typefaces) {
  Typesetter *typesetter = g_new0(Typesetter, 1);
  typesetter->typefaces = typefaces;
  typesetter->hyphenation = hyphenation_new();
  typesetter->words = g_hash_table_new_full(word_key_hash, word_key_equal, g_free, word_free);
  typesetter->points = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  typesetter->remarked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  typesetter->buffer = hb_buffer_create();
  typesetter->kept = g_string_chunk_new(1024);
  typesetter->key = g_string_new(NULL);
  return typesetter;
}

void typesetter_free(Typesetter *typesetter) {
  if (typesetter != NULL) {
    hyphenation_free(typesetter->hyphenation);
    g_hash_table_unref(typesetter->words);
    g_hash_table_unref(typesetter->points);
    g_hash_table_unref(typesetter->remarked);
    hb_buffer_destroy(typesetter->buffer);
    g_string_chunk_free(typesetter->kept);
    g_string_free(typesetter->key, TRUE);
    g_free(typesetter);
  }
}

Typefaces *typesetter_typefaces(const Typesetter *typesetter) {
  return typesetter->typefaces;
}

const char *typesetter_keep(Typesetter *typesetter, const char *text) {
  return g_string_chunk_insert_const(typesetter->kept, text);
}

// ---- shaping ----------------------------------------------------------------------------------

static gboolean is_invisible(gunichar letter) {
  return letter == 0xad; // a soft hyphen that isn't at a line's end
}

static void add_letter(hb_buffer_t *buffer, const Face *face, gunichar letter, guint cluster,
                       WordCase letter_case) {
  gunichar upper = letter_case == WORD_UPPER ? g_unichar_toupper(letter) : letter;
  if (letter_case == WORD_UPPER && letter == 0xdf) {
    if (face_has(face, 0x1e9e)) {
      upper = 0x1e9e;
    } else {
      hb_buffer_add(buffer, 'S', cluster);
      upper = 'S';
    }
  }
  hb_buffer_add(buffer, face_has(face, upper) ? upper : letter, cluster);
}

static void fill_buffer(hb_buffer_t *buffer, const WordRequest *request) {
  hb_buffer_clear_contents(buffer);
  hb_buffer_add_utf8(buffer, request->before, (int)strlen(request->before),
                     (guint)strlen(request->before), 0);
  const char *end = request->text + request->length;
  for (const char *at = request->text; at < end; at = g_utf8_next_char(at)) {
    gunichar letter = g_utf8_get_char(at);
    if (!is_invisible(letter)) {
      add_letter(buffer, request->face, letter, (guint)(at - request->text), request->letter_case);
    }
  }
  hb_buffer_set_content_type(buffer, HB_BUFFER_CONTENT_TYPE_UNICODE);
  if (request->after[0] != '\0') {
    hb_buffer_add_utf8(buffer, request->after, (int)strlen(request->after), 0, 0);
  }
  hb_buffer_set_direction(buffer, request->right_to_left ? HB_DIRECTION_RTL : HB_DIRECTION_LTR);
  hb_buffer_set_script(buffer, request->script);
  hb_buffer_set_language(buffer, hb_language_from_string(request->language, -1));
  hb_buffer_set_cluster_level(buffer, HB_BUFFER_CLUSTER_LEVEL_MONOTONE_GRAPHEMES);
}

// What no font has is drawn as a box, not as .notdef, which PDF/UA forbids.
static void replace_missing(const Face *face, WordGlyph *glyph) {
  if (glyph->glyph == 0 && face->missing != 0) {
    glyph->glyph = face->missing;
    glyph->advance = hb_font_get_glyph_h_advance(face->font, face->missing);
    glyph->x = 0;
    glyph->y = 0;
  }
}

static Word *shape(Typesetter *typesetter, const WordRequest *request) {
  hb_buffer_t *buffer = typesetter->buffer;
  fill_buffer(buffer, request);
  const hb_feature_t features[] = {
      {HB_TAG('p', 'n', 'u', 'm'), 1, HB_FEATURE_GLOBAL_START, HB_FEATURE_GLOBAL_END},
      {HB_TAG('s', 'm', 'c', 'p'), request->letter_case == WORD_SMALL_CAPS, HB_FEATURE_GLOBAL_START,
       HB_FEATURE_GLOBAL_END}};
  hb_shape(request->face->font, buffer, features, G_N_ELEMENTS(features));
  guint count = 0;
  const hb_glyph_info_t *infos = hb_buffer_get_glyph_infos(buffer, &count);
  const hb_glyph_position_t *positions = hb_buffer_get_glyph_positions(buffer, &count);
  WordGlyph *glyphs = g_new0(WordGlyph, MAX(count, 1));
  Word *word = g_new0(Word, 1);
  for (guint i = 0; i < count; i++) {
    glyphs[i] = (WordGlyph){
        .glyph = infos[i].codepoint,
        .advance = positions[i].x_advance,
        .x = positions[i].x_offset,
        .y = positions[i].y_offset,
        .text = infos[i].cluster,
        .safe = (hb_glyph_info_get_glyph_flags(&infos[i]) & HB_GLYPH_FLAG_UNSAFE_TO_BREAK) == 0};
    replace_missing(request->face, &glyphs[i]);
    word->advance += glyphs[i].advance;
    word->letters += i == 0 || glyphs[i].text != glyphs[i - 1].text;
  }
  word->glyphs = glyphs;
  word->glyph_count = count;
  return word;
}

const Word *shaper_word(Typesetter *typesetter, const WordRequest *request) {
  gboolean alone = request->before[0] == '\0' && request->after[0] == '\0';
  WordKey key = {.face = request->face,
                 .language = g_intern_string(request->language),
                 .script = request->script,
                 .flags = (guint)request->letter_case << 1 | (request->right_to_left ? 1 : 0),
                 .text = request->text,
                 .length = request->length};
  g_autofree char *joined = NULL;
  if (!alone) { // its neighbours are part of the key
    joined = g_strdup_printf("%.*s\n%s\n%s", (int)request->length, request->text, request->before,
                             request->after);
    key.text = joined;
    key.length = strlen(joined);
  }
  const Word *word = g_hash_table_lookup(typesetter->words, &key);
  if (word == NULL) {
    WordKey *kept = g_malloc(sizeof *kept + key.length + 1);
    *kept = key;
    kept->text = memcpy((char *)(kept + 1), key.text, key.length);
    word = shape(typesetter, request);
    g_hash_table_insert(typesetter->words, kept, (gpointer)word);
  }
  return word;
}

hb_script_t shaper_script(gunichar letter) {
  return hb_unicode_script(hb_unicode_funcs_get_default(), letter);
}

// ---- hyphens ----------------------------------------------------------------------------------

static void remark_patterns(Typesetter *typesetter, const char *language) {
  if (!g_hash_table_add(typesetter->remarked, g_strdup(language)) ||
      hyphenation_has(typesetter->hyphenation, language)) {
    return;
  }
  g_autofree char *package = hyphenation_package(language);
  if (package != NULL) {
    g_autofree char *remark = g_strdup_printf(
        "There are no hyphenation patterns for the language '%s', its text is set without hyphens; "
        "install the package %s",
        language, package);
    typefaces_add_remark(typesetter->typefaces, remark);
  }
}

const WordPoints *shaper_points(Typesetter *typesetter, const char *language, const char *word,
                                gsize length) {
  g_string_assign(typesetter->key, language);
  g_string_append_c(typesetter->key, '\n');
  g_string_append_len(typesetter->key, word, (gssize)length);
  WordPoints *points = g_hash_table_lookup(typesetter->points, typesetter->key->str);
  if (points == NULL) {
    remark_patterns(typesetter, language);
    guint8 bytes[HYPHENATION_MAX_WORD + 1];
    guint count = hyphenation_points(typesetter->hyphenation, language, word, length, bytes);
    points = g_malloc(sizeof *points + count);
    points->count = count;
    memcpy(points->bytes, bytes, count);
    g_hash_table_insert(typesetter->points, g_strdup(typesetter->key->str), points);
  }
  return points;
}
