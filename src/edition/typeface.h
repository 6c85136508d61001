// SPDX-License-Identifier: Apache-2.0
//
// The edition's typefaces: the fonts that the theme names in edition/typefaces.ini, and the
// system's (fontconfig) for characters that none of them has. Used by edition/shaper (glyphs and
// widths), edition/paragraph and edition/pdf_font (what is embedded). Never hints and never rounds
// to pixels.
//
// THE UNIT OF THIS FLOOR: every length is a gint32 in thousandths of a point (1/72000 inch),
// positions count from the page's (or block's) top left, y downwards. Decisions are made in
// integers only, so that the same text gives the same lines on every machine.
//
// A Typefaces is made for one edition and used by one thread at a time. Faces belong to it.
#pragma once

#include <glib.h>

#define POINT 1000               // one point
#define MILLIMETRE_X_10000 28346 // lengths in mm: mm * MILLIMETRE_X_10000 / 10

typedef enum TypeFamily {
  FAMILY_TEXT,    // reading: a serif of low contrast
  FAMILY_DISPLAY, // headlines: the display cut of the same serif
  FAMILY_SANS,    // captions, bylines, furniture
  FAMILY_COUNT
} TypeFamily;

typedef struct TypeStyle {
  TypeFamily family;
  gboolean bold, italic;
  gboolean
      small_caps; // the font's own; where it has none, capitals of a heavier weight at 4/5 size
  gboolean upper_case; // drawn as capitals; copies out as written
  gint32 size;         // 1/1000 pt
  gint32 tracking;     // added after each letter, 1/1000 pt
  gint32 rise;         // above the baseline (superscripts), 1/1000 pt
  guint32 color;       // 0xRRGGBB
} TypeStyle;

typedef struct Face Face; // one font: a file or a member of a collection

typedef struct FaceMetrics { // at a size; 1/1000 pt
  gint32 ascent, descent;    // both positive
  gint32 cap_height, x_height;
  gint32 underline_offset, underline_width; // offset: below the baseline, positive
} FaceMetrics;

typedef struct Typefaces Typefaces;

// `theme`: a theme's folder, whose edition/typefaces.ini and fonts lie over those in the binary;
// NULL: only the binary's. EDITION_ERROR_THEME or EDITION_ERROR_FONT name the file and the mend.
Typefaces *typefaces_new(const char *theme, GError **error);
void typefaces_free(Typefaces *typefaces);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Typefaces, typefaces_free)

// The theme's face for a style; never NULL (a missing italic is the upright).
const Face *typefaces_face(const Typefaces *typefaces, TypeFamily family, gboolean bold,
                           gboolean italic);
// A face that has the character: the wanted one, the theme's others, then the system's for that
// language. NULL: nobody has it; it is then drawn as the wanted face's missing-glyph box, and a
// remark is kept that names the character and the Debian package that helps.
const Face *typefaces_face_for(Typefaces *typefaces, const Face *wanted, gunichar letter,
                               const char *language);
// What a person should know (characters without a font, languages without hyphenation), each once;
// char *, owned by the Typefaces.
const GPtrArray *typefaces_remarks(const Typefaces *typefaces);
void typefaces_add_remark(Typefaces *typefaces, const char *remark); // kept once

FaceMetrics face_metrics(const Face *face, gint32 size);
const char *face_name(const Face *face); // PostScript name
