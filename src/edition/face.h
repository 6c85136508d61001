// SPDX-License-Identifier: Apache-2.0
//
// Inside of a face and of the Typefaces, for edition/typeface*, edition/shaper and edition/pdf_font
// only. Advances and outlines in the font's own units (`upem` to the size); nothing is hinted.
#pragma once

#include <hb.h>

#include "edition/typeface.h"

struct Face {
  hb_face_t *face;
  hb_font_t *font; // scaled to upem; immutable
  guint number;    // of its Typefaces, in the order that faces were opened in
  guint upem;
  char *name;
  gboolean small_caps;                   // has them by 'smcp'
  gboolean old_figures;                  // has them by 'onum'
  hb_codepoint_t space, hyphen, missing; // glyphs; missing: drawn for what no font has
  gint32 space_advance, hyphen_advance;  // font units
  const Face *caps; // heavier face for drawn small capitals; itself where there is none
};

// A font's bytes to a face. NULL: EDITION_ERROR_FONT, names the file. bytes: a reference is kept.
Face *face_new(GBytes *bytes, guint index, const char *file, GError **error);
void face_free(gpointer face);
gboolean face_has(const Face *face, gunichar letter);

static inline gint32 face_scale(const Face *face, gint32 units, gint32 size) {
  gint64 product = (gint64)units * size;
  gint64 half = face->upem / 2;
  return (gint32)((product >= 0 ? product + half : product - half) / (gint64)face->upem);
}

typedef struct SystemFont {
  char *file;
  guint index;
} SystemFont;
// The system's best font that has the letter. `families`: preferred ones, best first, NULL at the
// end. FALSE: there is none. The caller frees ret_font->file.
gboolean system_font_find(gunichar letter, const char *language, const char *const *families,
                          gboolean bold, gboolean italic, SystemFont *ret_font);
