// SPDX-License-Identifier: Apache-2.0
//
// Reads the theme's page.ini and works out the grid: as many whole baselines as the margins leave.
// Used by edition_print(); writes nothing.
#include "edition/page_theme.h"

#include <string.h>

#include "edition/edition.h"
#include "edition/theme_file.h"

typedef struct Reader {
  GKeyFile *base, *format; // format may be NULL
  const char *format_name;
  GError *error; // the first
} Reader;

static void fail(Reader *reader, const char *key, const char *why) {
  if (reader->error == NULL) {
    reader->error = g_error_new(EDITION_ERROR, EDITION_ERROR_THEME,
                                "edition/page.ini (or page-%s.ini), [page] %s: %s",
                                reader->format_name, key, why);
  }
}

static char *word(Reader *reader, const char *group, const char *key) {
  char *value = NULL;
  if (reader->format != NULL) {
    value = g_key_file_get_string(reader->format, group, key, NULL);
  }
  if (value == NULL) {
    value = g_key_file_get_string(reader->base, group, key, NULL);
  }
  return value;
}

// Millimetres with up to two decimals, as 1/1000 pt; or plain numbers with `scale` 1.
static gint32 number(Reader *reader, const char *key, gint32 least, gint32 most, gboolean length) {
  g_autofree char *text = word(reader, "page", key);
  if (text == NULL) {
    fail(reader, key, "is missing; give it a number");
    return least;
  }
  char *end = NULL;
  double value = g_ascii_strtod(text, &end);
  if (end == text || *g_strstrip(end) != '\0' || !(value >= least && value <= most)) {
    g_autofree char *why = g_strdup_printf("“%s” is not a number from %d to %d", text, least, most);
    fail(reader, key, why);
    return least;
  }
  return length ? (gint32)(value * 2834.6457 + 0.5) : (gint32)value;
}

static gboolean yes(Reader *reader, const char *key) {
  g_autofree char *text = word(reader, "page", key);
  return text != NULL && strcmp(g_strstrip(text), "yes") == 0;
}

static void read_ear(Reader *reader, PageTheme *theme, guint index, const char *key) {
  g_autofree char *text = word(reader, "page", key);
  theme->ears[index] = text == NULL || *text == '\0'  ? EAR_NONE
                       : strcmp(text, "tagline") == 0 ? EAR_TAGLINE
                       : strcmp(text, "edition") == 0 ? EAR_EDITION
                       : strcmp(text, "web") == 0     ? EAR_WEB
                                                      : EAR_WORDS;
  theme->ear_words[index] = g_strdup(text != NULL ? text : "");
}

static void read_page(Reader *reader, PageTheme *theme) {
  theme->width = number(reader, "width", 50, 1000, TRUE);
  theme->height = number(reader, "height", 50, 1000, TRUE);
  theme->left = number(reader, "margin-side", 0, 100, TRUE);
  theme->top = number(reader, "margin-top", 0, 100, TRUE);
  gint32 bottom = number(reader, "margin-bottom", 0, 100, TRUE);
  theme->columns = (gint16)number(reader, "columns", 1, LAYOUT_COLUMNS, FALSE);
  theme->gutter = number(reader, "gutter", 0, 30, TRUE);
  theme->head_rows = (gint16)number(reader, "head-rows", 0, 30, FALSE);
  theme->masthead_rows = (gint16)number(reader, "masthead-rows", 0, 60, FALSE);
  theme->picture_ppi = (guint)number(reader, "picture-ppi", 72, 600, FALSE);
  theme->contents = yes(reader, "contents");
  theme->column_rules = yes(reader, "column-rules");
  read_ear(reader, theme, 0, "ear-start");
  read_ear(reader, theme, 1, "ear-end");
  gint32 inner = theme->width - 2 * theme->left;
  theme->column = (inner - (theme->columns - 1) * theme->gutter) / theme->columns;
  gint32 rows = (theme->height - theme->top - bottom) / theme->baseline;
  theme->rows = (gint16)CLAMP(rows, 0, LAYOUT_ROWS);
  if (theme->column < 30 * POINT) {
    fail(reader, "columns", "they are narrower than 30 points; take fewer, or a wider page");
  }
  if (theme->rows - MAX(theme->head_rows, theme->masthead_rows) < 20) {
    fail(reader, "height", "fewer than 20 lines are left for text; take a higher page");
  }
}

PageTheme *page_theme_new(const char *folder, EditionFormat format, const Look *look,
                          GError **error) {
  g_autofree char *over = g_strdup_printf("page-%s.ini", edition_format_name(format));
  g_autoptr(GKeyFile) base = theme_file_keys(folder, "page.ini", FALSE, error);
  if (base == NULL) {
    return NULL;
  }
  g_autoptr(GError) problem = NULL;
  g_autoptr(GKeyFile) special = theme_file_keys(folder, over, TRUE, &problem);
  if (problem != NULL) {
    g_propagate_error(error, g_steal_pointer(&problem));
    return NULL;
  }
  g_autoptr(PageTheme) theme = g_new0(PageTheme, 1);
  theme->baseline = look->baseline;
  Reader reader = {base, special, edition_format_name(format), NULL};
  read_page(&reader, theme);
  if (reader.error != NULL) {
    g_propagate_error(error, reader.error);
    return NULL;
  }
  return g_steal_pointer(&theme);
}

void page_theme_free(PageTheme *theme) {
  if (theme != NULL) {
    g_free(theme->ear_words[0]);
    g_free(theme->ear_words[1]);
    g_free(theme);
  }
}

gint32 page_measure(const PageTheme *theme, gint columns) {
  return columns * theme->column + (columns - 1) * theme->gutter;
}

gint32 page_x(const PageTheme *theme, gint column) {
  return theme->left + column * (theme->column + theme->gutter);
}

gint32 page_y(const PageTheme *theme, gint row) {
  return theme->top + row * theme->baseline;
}
