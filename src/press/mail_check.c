// SPDX-License-Identifier: Apache-2.0
//
// Implements mail_check.h: one walk over the tags with a stack of what is inherited.
#include "press/mail_check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"

#define NESTING 200
#define EACH_KIND 5
#define LARGE_TYPE 24 // CSS pixels: 18 points

enum { FAULT_LINK, FAULT_PICTURE, FAULT_CONTRAST, FAULT_FORBIDDEN, FAULT_KINDS };

typedef struct Level {
  char name[12];
  guint32 front, back;
  guint size;
  gboolean hidden;
} Level;

typedef struct Walk {
  GPtrArray *faults;
  guint counts[FAULT_KINDS];
  Level levels[NESTING];
  guint depth;
} Walk;

void mail_fault_free(MailFault *fault) {
  if (fault != NULL) {
    g_free(fault->text);
    g_free(fault);
  }
}

static void add(Walk *walk, guint kind, gboolean is_error, char *text) {
  if (walk->counts[kind]++ >= EACH_KIND) {
    g_free(text);
    return;
  }
  MailFault *fault = g_new(MailFault, 1);
  *fault = (MailFault){is_error, text};
  g_ptr_array_add(walk->faults, fault);
}

static gdouble channel(guint32 colour, guint shift) {
  gdouble value = ((colour >> shift) & 0xFF) / 255.0;
  return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static gdouble luminance(guint32 colour) {
  return 0.2126 * channel(colour, 16) + 0.7152 * channel(colour, 8) + 0.0722 * channel(colour, 0);
}

gdouble mail_contrast(guint32 front, guint32 back) {
  gdouble a = luminance(front);
  gdouble b = luminance(back);
  return (MAX(a, b) + 0.05) / (MIN(a, b) + 0.05);
}

// "#rgb" or "#rrggbb". FALSE: another kind of value, which is left as it was.
static gboolean read_colour(const char *text, guint32 *colour) {
  gsize digits = 0;
  if (*text++ != '#') {
    return FALSE;
  }
  while (g_ascii_isxdigit(text[digits])) {
    digits++;
  }
  guint32 value = (guint32)strtoul(text, NULL, 16);
  if (digits == 3) {
    value = ((value & 0xF00) * 0x1100) | ((value & 0x0F0) * 0x110) | ((value & 0x00F) * 0x11);
  }
  if (digits == 3 || digits == 6) {
    *colour = value;
  }
  return digits == 3 || digits == 6;
}

static void apply_declaration(Level *level, const char *name, const char *value) {
  if (strcmp(name, "color") == 0) {
    read_colour(value, &level->front);
  } else if (strcmp(name, "background-color") == 0 || strcmp(name, "background") == 0) {
    read_colour(value, &level->back);
  } else if (strcmp(name, "font-size") == 0) {
    level->size = (guint)strtoul(value, NULL, 10);
  } else if (strcmp(name, "font") == 0) {
    const char *slash = strchr(value, '/'); // "500 32px/37px Georgia"
    const char *at = slash != NULL ? slash : value;
    while (at > value && at[-1] != ' ') {
      at--;
    }
    level->size = (guint)strtoul(at, NULL, 10);
  } else if (strcmp(name, "display") == 0 && g_str_has_prefix(value, "none")) {
    level->hidden = TRUE;
  }
}

static void apply_style(Level *level, const char *style) {
  g_auto(GStrv) declarations = g_strsplit(style, ";", -1);
  for (guint i = 0; declarations[i] != NULL; i++) {
    char *colon = strchr(declarations[i], ':');
    if (colon != NULL) {
      *colon = '\0';
      apply_declaration(level, g_strstrip(declarations[i]), g_strstrip(colon + 1));
    }
  }
}

// The value of an attribute inside a tag's text; NULL if it has none. Caller frees.
static char *attribute(const char *tag, const char *end, const char *name) {
  gsize length = strlen(name);
  for (const char *at = tag; at + length + 2 < end; at++) {
    if (g_ascii_isspace(at[0]) && strncmp(at + 1, name, length) == 0 && at[1 + length] == '=' &&
        at[2 + length] == '"') {
      const char *from = at + 3 + length;
      const char *quote = memchr(from, '"', (gsize)(end - from));
      return quote != NULL ? g_strndup(from, (gsize)(quote - from)) : NULL;
    }
  }
  return NULL;
}

static void check_link(Walk *walk, const char *href) {
  static const char *const GOOD[] = {"https://", "http://", "mailto:", "tel:"};
  for (gsize i = 0; href != NULL && i < G_N_ELEMENTS(GOOD); i++) {
    if (g_str_has_prefix(href, GOOD[i]) && strlen(href) > strlen(GOOD[i])) {
      return;
    }
  }
  add(walk, FAULT_LINK, TRUE,
      g_strdup_printf("a link leads nowhere (%s): give it a whole address",
                      href != NULL && *href != '\0' ? href : "no address"));
}

static void check_picture(Walk *walk, const char *tag, const char *end) {
  g_autofree char *alt = attribute(tag, end, "alt");
  g_autofree char *source = attribute(tag, end, "src");
  g_autofree char *width = attribute(tag, end, "width");
  gboolean counter = g_strcmp0(width, "1") == 0;
  if (!counter && (alt == NULL || *alt == '\0')) {
    add(walk, FAULT_PICTURE, FALSE,
        g_strdup_printf("a picture has no alternative text (%s): readers whose program shows no "
                        "pictures see nothing",
                        source != NULL ? source : "without an address"));
  }
  if (source == NULL || !g_str_has_prefix(source, "http")) {
    add(walk, FAULT_PICTURE, TRUE,
        g_strdup_printf("a picture has no whole address (%s)", source != NULL ? source : "none"));
  }
}

static void check_text(Walk *walk, const char *from, const char *until) {
  const Level *level = &walk->levels[walk->depth];
  while (from < until && g_ascii_isspace(*from)) {
    from++;
  }
  if (from == until || level->hidden) {
    return;
  }
  gdouble ratio = mail_contrast(level->front, level->back);
  if (ratio < (level->size >= LARGE_TYPE ? 3.0 : 4.5)) {
    g_autofree char *words = g_utf8_make_valid(from, MIN(until - from, 40));
    add(walk, FAULT_CONTRAST, TRUE,
        g_strdup_printf("text is hard to read, its contrast is %.1f to 1 (“%s”): choose colours "
                        "further apart",
                        ratio, words));
  }
}

static gboolean is_void(const char *name) {
  static const char *const VOID[] = {"area", "base", "br",    "col",    "hr", "img",
                                     "link", "meta", "input", "source", NULL};
  return g_strv_contains(VOID, name);
}

static void open_tag(Walk *walk, const char *name, const char *tag, const char *end) {
  static const char *const FORBIDDEN[] = {"script", "iframe", "object", "embed", "form", NULL};
  if (g_strv_contains(FORBIDDEN, name)) {
    add(walk, FAULT_FORBIDDEN, TRUE,
        g_strdup_printf("<%s>: mail programs refuse it, take it out of the template", name));
  }
  if (strcmp(name, "a") == 0) {
    g_autofree char *href = attribute(tag, end, "href");
    check_link(walk, href);
  } else if (strcmp(name, "img") == 0) {
    check_picture(walk, tag, end);
  }
  if (is_void(name) || end[-1] == '/' || walk->depth + 1 >= NESTING) {
    return;
  }
  Level level = walk->levels[walk->depth];
  g_strlcpy(level.name, name, sizeof level.name);
  g_autofree char *style = attribute(tag, end, "style");
  if (style != NULL) {
    apply_style(&level, style);
  }
  level.hidden |= g_str_equal(name, "style") || g_str_equal(name, "title");
  walk->levels[++walk->depth] = level;
}

static void close_tag(Walk *walk, const char *name) {
  for (guint at = walk->depth; at > 0; at--) {
    if (strcmp(walk->levels[at].name, name) == 0) {
      walk->depth = at - 1;
      return;
    }
  }
}

// Handles what begins with '<' at `at`; gives what follows it.
static const char *handle_tag(Walk *walk, const char *at) {
  if (g_str_has_prefix(at, "<!--")) {
    const char *end = strstr(at, "-->");
    return end != NULL ? end + 3 : at + strlen(at);
  }
  const char *end = strchr(at, '>');
  if (end == NULL) {
    return at + strlen(at);
  }
  const char *word = at + (at[1] == '/' ? 2 : 1);
  gsize length = strcspn(word, " \t\r\n/>");
  char name[12];
  g_strlcpy(name, word, MIN(length + 1, sizeof name));
  if (at[1] == '/') {
    close_tag(walk, name);
  } else if (at[1] != '!') {
    open_tag(walk, name, at, end);
  }
  return end + 1;
}

GPtrArray *mail_check(const char *html) {
  Walk walk = {.faults = g_ptr_array_new_with_free_func((GDestroyNotify)mail_fault_free)};
  walk.levels[0] = (Level){.front = 0x000000, .back = 0xFFFFFF, .size = 16};
  for (const char *at = html; *at != '\0';) {
    if (*at == '<') {
      at = handle_tag(&walk, at);
      continue;
    }
    const char *end = at + strcspn(at, "<");
    check_text(&walk, at, end);
    at = end;
  }
  return walk.faults;
}
