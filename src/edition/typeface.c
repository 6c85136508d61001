// SPDX-License-Identifier: Apache-2.0
//
// Implements typeface.h: opens the theme's fonts when they are first asked for by the key file, and
// the system's when a letter needs one. Faces are numbered in the order of opening, which depends
// on the text alone, so that the PDF's bytes do, too.
#include "edition/typeface.h"

#include <hb-ot.h>
#include <string.h>

#include "edition/edition.h"
#include "edition/face.h"
#include "edition/theme_file.h"

#define BOLD 1u
#define ITALIC 2u
#define STYLES 4u
// After so many letters that no font has, the system isn't asked any more: that text is no text.
#define MAXIMUM_ASKED 64

struct Typefaces {
  GPtrArray *faces;    // Face, owned, by number
  GHashTable *by_file; // "file#index" -> Face
  GHashTable *by_need; // "letter style language" -> Face or NULL
  GHashTable *opened;  // "style language" -> GPtrArray of the system's faces in use for it
  guint asked;         // letters that the system has no font for
  GKeyFile *keys;      // typefaces.ini
  const Face *theme[FAMILY_COUNT][STYLES];
  GPtrArray *remarks;
};

static const char *const FAMILY_NAMES[FAMILY_COUNT] = {"text", "display", "sans"};
static const char *const STYLE_NAMES[STYLES] = {"regular", "bold", "italic", "bold-italic"};

static gboolean has_feature(hb_face_t *face, hb_tag_t wanted) {
  guint count = hb_ot_layout_table_get_feature_tags(face, HB_OT_TAG_GSUB, 0, NULL, NULL);
  g_autofree hb_tag_t *tags = g_new0(hb_tag_t, count + 1);
  hb_ot_layout_table_get_feature_tags(face, HB_OT_TAG_GSUB, 0, &count, tags);
  for (guint i = 0; i < count; i++) {
    if (tags[i] == wanted) {
      return TRUE;
    }
  }
  return FALSE;
}

static char *postscript_name(hb_face_t *face, const char *file) {
  char text[128] = "";
  guint size = sizeof text;
  hb_ot_name_get_utf8(face, HB_OT_NAME_ID_POSTSCRIPT_NAME, HB_LANGUAGE_INVALID, &size, text);
  g_autofree char *base = g_path_get_basename(file);
  char *name = g_strdup(text[0] != '\0' ? text : base);
  for (char *at = name; *at != '\0'; at++) {
    if (!g_ascii_isalnum(*at) && *at != '-' && *at != '_') {
      *at = '-';
    }
  }
  return name;
}

static hb_codepoint_t first_glyph(hb_font_t *font, const gunichar *letters) {
  hb_codepoint_t glyph = 0;
  while (*letters != 0 && !hb_font_get_nominal_glyph(font, *letters, &glyph)) {
    letters++;
  }
  return glyph;
}

Face *face_new(GBytes *bytes, guint index, const char *file, GError **error) {
  gsize length = 0;
  const char *data = g_bytes_get_data(bytes, &length);
  hb_blob_t *blob = hb_blob_create(data, (guint)MIN(length, G_MAXUINT / 2), HB_MEMORY_MODE_READONLY,
                                   g_bytes_ref(bytes), (hb_destroy_func_t)g_bytes_unref);
  hb_face_t *hb = hb_face_create(blob, index);
  hb_blob_destroy(blob);
  hb_face_make_immutable(hb);
  if (hb_face_get_glyph_count(hb) == 0 || hb_face_get_upem(hb) == 0) {
    hb_face_destroy(hb);
    g_set_error(error, EDITION_ERROR, EDITION_ERROR_FONT,
                "%s: this is no TrueType or OpenType font; put one there or name another file in "
                "edition/typefaces.ini",
                file);
    return NULL;
  }
  Face *face = g_new0(Face, 1);
  face->face = hb;
  face->upem = hb_face_get_upem(hb);
  face->font = hb_font_create(hb);
  hb_font_set_scale(face->font, (int)face->upem, (int)face->upem);
  hb_font_make_immutable(face->font);
  face->name = postscript_name(hb, file);
  face->small_caps = has_feature(hb, HB_TAG('s', 'm', 'c', 'p'));
  face->old_figures = has_feature(hb, HB_TAG('o', 'n', 'u', 'm'));
  face->space = first_glyph(face->font, (const gunichar[]){' ', 0xa0, 0});
  face->hyphen = first_glyph(face->font, (const gunichar[]){'-', 0x2010, 0});
  face->missing =
      first_glyph(face->font, (const gunichar[]){0xfffd, 0x25a1, 0x25a0, '?', 0x2022, 0});
  face->space_advance = face->space != 0 ? hb_font_get_glyph_h_advance(face->font, face->space)
                                         : (gint32)face->upem / 4;
  face->hyphen_advance = hb_font_get_glyph_h_advance(face->font, face->hyphen);
  face->caps = face;
  return face;
}

void face_free(gpointer data) {
  Face *face = data;
  hb_font_destroy(face->font);
  hb_face_destroy(face->face);
  g_free(face->name);
  g_free(face);
}

gboolean face_has(const Face *face, gunichar letter) {
  hb_codepoint_t glyph = 0;
  return hb_font_get_nominal_glyph(face->font, letter, &glyph) && glyph != 0;
}

const char *face_name(const Face *face) {
  return face->name;
}

static gint32 metric(const Face *face, hb_ot_metrics_tag_t tag, gint32 otherwise_permille) {
  hb_position_t value = 0;
  return hb_ot_metrics_get_position(face->font, tag, &value) && value != 0
             ? value
             : (gint32)((gint64)face->upem * otherwise_permille / 1000);
}

FaceMetrics face_metrics(const Face *face, gint32 size) {
  gint32 ascent = metric(face, HB_OT_METRICS_TAG_HORIZONTAL_ASCENDER, 800);
  gint32 descent = metric(face, HB_OT_METRICS_TAG_HORIZONTAL_DESCENDER, -200);
  gint32 underline = metric(face, HB_OT_METRICS_TAG_UNDERLINE_OFFSET, -100);
  return (FaceMetrics){
      .ascent = face_scale(face, ascent, size),
      .descent = face_scale(face, ABS(descent), size),
      .cap_height = face_scale(face, metric(face, HB_OT_METRICS_TAG_CAP_HEIGHT, 700), size),
      .x_height = face_scale(face, metric(face, HB_OT_METRICS_TAG_X_HEIGHT, 480), size),
      .underline_offset = face_scale(face, ABS(underline), size),
      .underline_width =
          face_scale(face, ABS(metric(face, HB_OT_METRICS_TAG_UNDERLINE_SIZE, 50)), size),
  };
}

// ---- the theme's ------------------------------------------------------------------------------

static Face *keep(Typefaces *typefaces, const char *key, Face *face) {
  face->number = typefaces->faces->len;
  g_ptr_array_add(typefaces->faces, face);
  g_hash_table_insert(typefaces->by_file, g_strdup(key), face);
  return face;
}

static Face *open_theme_font(Typefaces *typefaces, const char *theme, const char *group,
                             const char *key, GError **error) {
  g_autofree char *file = g_key_file_get_string(typefaces->keys, group, key, NULL);
  if (file == NULL) {
    return NULL;
  }
  Face *face = g_hash_table_lookup(typefaces->by_file, file);
  if (face != NULL) {
    return face;
  }
  g_autofree char *name = g_strconcat("fonts/", g_strstrip(file), NULL);
  g_autoptr(GBytes) bytes = theme_file_read(theme, name, error);
  face = bytes != NULL ? face_new(bytes, 0, name, error) : NULL;
  if (face == NULL) {
    g_prefix_error(error, "edition/typefaces.ini, [%s] %s: ", group, key);
    return NULL;
  }
  return keep(typefaces, file, face);
}

static gboolean open_family(Typefaces *typefaces, const char *theme, TypeFamily family,
                            GError **error) {
  const char *group = FAMILY_NAMES[family];
  g_autoptr(GError) cause = NULL;
  for (guint style = 0; style < STYLES; style++) {
    const Face *face = open_theme_font(typefaces, theme, group, STYLE_NAMES[style], &cause);
    if (cause != NULL) {
      g_propagate_error(error, g_steal_pointer(&cause));
      return FALSE;
    }
    if (face == NULL && style == 0) {
      g_set_error(error, EDITION_ERROR, EDITION_ERROR_THEME,
                  "edition/typefaces.ini: [%s] needs a line regular = FILE", group);
      return FALSE;
    }
    typefaces->theme[family][style] = face != NULL ? face : typefaces->theme[family][style & BOLD];
    if (typefaces->theme[family][style] == NULL) {
      typefaces->theme[family][style] = typefaces->theme[family][0];
    }
  }
  const Face *caps = open_theme_font(typefaces, theme, group, "caps", &cause);
  if (cause != NULL) {
    g_propagate_error(error, g_steal_pointer(&cause));
    return FALSE;
  }
  if (caps != NULL) {
    ((Face *)typefaces->theme[family][0])->caps = caps;
  }
  return TRUE;
}

Typefaces *typefaces_new(const char *theme, GError **error) {
  g_autoptr(Typefaces) typefaces = g_new0(Typefaces, 1);
  typefaces->faces = g_ptr_array_new_with_free_func(face_free);
  typefaces->by_file = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  typefaces->by_need = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  typefaces->opened =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
  typefaces->remarks = g_ptr_array_new_with_free_func(g_free);
  typefaces->keys = theme_file_keys(theme, "typefaces.ini", FALSE, error);
  if (typefaces->keys == NULL) {
    return NULL;
  }
  for (guint family = 0; family < FAMILY_COUNT; family++) {
    if (!open_family(typefaces, theme, (TypeFamily)family, error)) {
      return NULL;
    }
  }
  return g_steal_pointer(&typefaces);
}

void typefaces_free(Typefaces *typefaces) {
  if (typefaces != NULL) {
    g_ptr_array_unref(typefaces->faces);
    g_hash_table_unref(typefaces->by_file);
    g_hash_table_unref(typefaces->by_need);
    g_hash_table_unref(typefaces->opened);
    g_ptr_array_unref(typefaces->remarks);
    g_clear_pointer(&typefaces->keys, g_key_file_unref);
    g_free(typefaces);
  }
}

const Face *typefaces_face(const Typefaces *typefaces, TypeFamily family, gboolean bold,
                           gboolean italic) {
  return typefaces->theme[family][(bold ? BOLD : 0) | (italic ? ITALIC : 0)];
}

// ---- the system's -----------------------------------------------------------------------------

static void add_families(GPtrArray *families, GKeyFile *keys, const char *key) {
  g_auto(GStrv) names = g_key_file_get_string_list(keys, "fallback", key, NULL, NULL);
  for (gsize i = 0; names != NULL && names[i] != NULL; i++) {
    g_ptr_array_add(families, g_strdup(g_strstrip(names[i])));
  }
}

// The families for "zh-tw", then those for "zh", then those for all.
static GPtrArray *fallback_families(GKeyFile *keys, const char *language) {
  GPtrArray *families = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *tag = g_ascii_strdown(language, -1);
  while (tag[0] != '\0') {
    add_families(families, keys, tag);
    char *dash = strrchr(tag, '-');
    *(dash != NULL ? dash : tag) = '\0';
  }
  add_families(families, keys, "all");
  g_ptr_array_add(families, NULL);
  return families;
}

static const Face *open_system_font(Typefaces *typefaces, const SystemFont *font) {
  g_autofree char *key = g_strdup_printf("%s#%u", font->file, font->index);
  Face *face = g_hash_table_lookup(typefaces->by_file, key);
  if (face != NULL) {
    return face;
  }
  g_autoptr(GMappedFile) map = g_mapped_file_new(font->file, FALSE, NULL);
  g_autoptr(GBytes) bytes = map != NULL ? g_mapped_file_get_bytes(map) : NULL;
  face = bytes != NULL ? face_new(bytes, font->index, font->file, NULL) : NULL;
  return face != NULL ? keep(typefaces, key, face) : NULL;
}

static const Face *ask_system(Typefaces *typefaces, gunichar letter, const char *language,
                              guint style) {
  g_autoptr(GPtrArray) families = fallback_families(typefaces->keys, language);
  SystemFont font = {0};
  const Face *face = NULL;
  if (system_font_find(letter, language, (const char *const *)families->pdata, (style & BOLD) != 0,
                       (style & ITALIC) != 0, &font)) {
    face = open_system_font(typefaces, &font);
    g_free(font.file);
  }
  return face != NULL && face_has(face, letter) ? face : NULL;
}

static void remark_missing(Typefaces *typefaces, gunichar letter) {
  g_autofree char *remark =
      typefaces->asked < MAXIMUM_ASKED
          ? g_strdup_printf("No font has the letter U+%04X (a box stands for it); install one that "
                            "has, e.g. the package fonts-noto-core or fonts-noto-cjk",
                            letter)
          : g_strdup("Many more letters are in no font; boxes stand for them");
  typefaces_add_remark(typefaces, remark);
}

// Of the theme's families, those that go with the wanted one: a serif isn't helped out by a sans.
static const Face *find_theme_face(const Typefaces *typefaces, gunichar letter, gboolean sans,
                                   guint style) {
  for (guint family = 0; family < FAMILY_COUNT; family++) {
    if ((family == FAMILY_SANS) == sans && face_has(typefaces->theme[family][style], letter)) {
      return typefaces->theme[family][style];
    }
  }
  return NULL;
}

static const Face *find_face(Typefaces *typefaces, gunichar letter, const char *language,
                             gboolean sans, guint style) {
  const Face *of_theme = find_theme_face(typefaces, letter, sans, style);
  if (of_theme != NULL) {
    return of_theme;
  }
  g_autofree char *key = g_strdup_printf("%u %s", style, language);
  GPtrArray *opened = g_hash_table_lookup(typefaces->opened, key);
  for (guint i = 0; opened != NULL && i < opened->len; i++) {
    if (face_has(g_ptr_array_index(opened, i), letter)) {
      return g_ptr_array_index(opened, i);
    }
  }
  const Face *face =
      typefaces->asked < MAXIMUM_ASKED ? ask_system(typefaces, letter, language, style) : NULL;
  face = face != NULL ? face : find_theme_face(typefaces, letter, !sans, style);
  if (face == NULL) {
    remark_missing(typefaces, letter);
    typefaces->asked++;
    return NULL;
  }
  if (opened == NULL) {
    opened = g_ptr_array_new();
    g_hash_table_insert(typefaces->opened, g_steal_pointer(&key), opened);
  }
  g_ptr_array_add(opened, (gpointer)face);
  return face;
}

static guint style_of(const Typefaces *typefaces, const Face *face, gboolean *ret_sans) {
  for (guint family = 0; family < FAMILY_COUNT; family++) {
    for (guint style = 0; style < STYLES; style++) {
      if (typefaces->theme[family][style] == face) {
        *ret_sans = family == FAMILY_SANS;
        return style;
      }
    }
  }
  return 0;
}

const Face *typefaces_face_for(Typefaces *typefaces, const Face *wanted, gunichar letter,
                               const char *language) {
  if (face_has(wanted, letter)) {
    return wanted;
  }
  gboolean sans = FALSE;
  guint style = style_of(typefaces, wanted, &sans);
  g_autofree char *need = g_strdup_printf("%x %u %d %s", letter, style, sans, language);
  gpointer face = NULL;
  if (!g_hash_table_lookup_extended(typefaces->by_need, need, NULL, &face)) {
    face = (gpointer)find_face(typefaces, letter, language, sans, style);
    g_hash_table_insert(typefaces->by_need, g_steal_pointer(&need), face);
  }
  return face;
}

const GPtrArray *typefaces_remarks(const Typefaces *typefaces) {
  return typefaces->remarks;
}

void typefaces_add_remark(Typefaces *typefaces, const char *remark) {
  if (!g_ptr_array_find_with_equal_func(typefaces->remarks, remark, g_str_equal, NULL)) {
    g_ptr_array_add(typefaces->remarks, g_strdup(remark));
  }
}
