// SPDX-License-Identifier: Apache-2.0
//
// Asks fontconfig for a font of the system that has a letter. Called by edition/typeface for
// letters that the theme's fonts haven't got, once a letter and style. Only fonts with outlines are
// taken: bitmaps and coloured pictures can't go into the PDF.
#include <fontconfig/fontconfig.h>

#include "edition/face.h"

static FcPattern *pattern_for(gunichar letter, const char *language, const char *const *families,
                              gboolean bold, gboolean italic) {
  FcPattern *pattern = FcPatternCreate();
  for (; *families != NULL; families++) {
    FcPatternAddString(pattern, FC_FAMILY, (const FcChar8 *)*families);
  }
  FcCharSet *letters = FcCharSetCreate();
  FcCharSetAddChar(letters, letter);
  FcPatternAddCharSet(pattern, FC_CHARSET, letters);
  FcCharSetDestroy(letters);
  if (language != NULL && language[0] != '\0') {
    FcPatternAddString(pattern, FC_LANG, (const FcChar8 *)language);
  }
  FcPatternAddInteger(pattern, FC_WEIGHT, bold ? FC_WEIGHT_BOLD : FC_WEIGHT_REGULAR);
  FcPatternAddInteger(pattern, FC_SLANT, italic ? FC_SLANT_ITALIC : FC_SLANT_ROMAN);
  FcPatternAddBool(pattern, FC_OUTLINE, FcTrue);
  FcPatternAddBool(pattern, FC_COLOR, FcFalse);
  FcPatternAddBool(pattern, FC_VARIABLE, FcFalse);
  FcConfigSubstitute(NULL, pattern, FcMatchPattern);
  FcDefaultSubstitute(pattern);
  return pattern;
}

static gboolean is_usable(FcPattern *font, gunichar letter) {
  FcCharSet *letters = NULL;
  FcBool outline = FcFalse;
  FcBool color = FcFalse;
  FcPatternGetBool(font, FC_OUTLINE, 0, &outline);
  FcPatternGetBool(font, FC_COLOR, 0, &color);
  return FcPatternGetCharSet(font, FC_CHARSET, 0, &letters) == FcResultMatch &&
         FcCharSetHasChar(letters, letter) && outline && !color;
}

gboolean system_font_find(gunichar letter, const char *language, const char *const *families,
                          gboolean bold, gboolean italic, SystemFont *ret_font) {
  FcPattern *pattern = pattern_for(letter, language, families, bold, italic);
  FcResult result = FcResultNoMatch;
  FcPattern *font = FcFontMatch(NULL, pattern, &result);
  gboolean found = FALSE;
  FcChar8 *file = NULL;
  int index = 0;
  if (font != NULL && is_usable(font, letter) &&
      FcPatternGetString(font, FC_FILE, 0, &file) == FcResultMatch) {
    FcPatternGetInteger(font, FC_INDEX, 0, &index);
    // The upper half of the index names an instance of a variable font.
    *ret_font = (SystemFont){g_strdup((const char *)file), (guint)index & 0xffff};
    found = TRUE;
  }
  if (font != NULL) {
    FcPatternDestroy(font);
  }
  FcPatternDestroy(pattern);
  return found;
}
