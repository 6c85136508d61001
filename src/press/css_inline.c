// SPDX-License-Identifier: Apache-2.0
//
// Implements css_inline.h: reads the style sheet into rules, then walks the document's tags once
// with a stack of the elements that are open.
#include "press/css_inline.h"

#include <string.h>

#include "base/html_writer.h"
#include "base/slice.h"

G_DEFINE_QUARK(broadsheet - css - inline - error, css_inline_error)

#define NESTING 256
#define PARTS 8 // of one selector

// "td.lead#x": what one element must be.
typedef struct Simple {
  char *element, *id; // NULL: any
  char **classes;     // NULL-terminated
  gboolean child;     // the next one out must be the parent, not any ancestor
} Simple;

typedef struct Selector {
  Simple parts[PARTS]; // innermost first
  guint count, weight;
} Selector;

typedef struct Declaration {
  char *name, *value;
  gboolean important;
} Declaration;

typedef struct Rule {
  Selector selector;
  GPtrArray *declarations; // Declaration *, shared between a rule's selectors
} Rule;

typedef struct Sheet {
  GArray *rules; // Rule
  GString *kept; // what can't be inlined
} Sheet;

static void declaration_free(gpointer data) {
  Declaration *declaration = data;
  g_free(declaration->name);
  g_free(declaration->value);
  g_free(declaration);
}

static void rule_clear(gpointer data) {
  Rule *rule = data;
  for (guint i = 0; i < rule->selector.count; i++) {
    g_free(rule->selector.parts[i].element);
    g_free(rule->selector.parts[i].id);
    g_strfreev(rule->selector.parts[i].classes);
  }
  g_ptr_array_unref(rule->declarations);
}

static void sheet_clear(Sheet *sheet) {
  g_clear_pointer(&sheet->rules, g_array_unref);
  if (sheet->kept != NULL) {
    g_string_free(sheet->kept, TRUE);
  }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sheet, sheet_clear)

// ---- the style sheet --------------------------------------------------------------------------

static gboolean fail_at(const char *css, const char *at, const char *what, GError **error) {
  guint line = 1;
  for (; css < at; css++) {
    line += *css == '\n' ? 1 : 0;
  }
  g_set_error(error, CSS_INLINE_ERROR, CSS_INLINE_ERROR_SYNTAX, "mail.css:%u: %s", line, what);
  return FALSE;
}

// Blanks and comments.
static const char *skip(const char *at) {
  for (;;) {
    at += strspn(at, " \t\r\n\f");
    if (strncmp(at, "/*", 2) != 0) {
      return at;
    }
    const char *end = strstr(at + 2, "*/");
    at = end != NULL ? end + 2 : at + strlen(at);
  }
}

static gboolean is_name_char(char letter) {
  return g_ascii_isalnum(letter) || letter == '-' || letter == '_';
}

static gsize name_length(const char *at) {
  gsize length = 0;
  while (is_name_char(at[length])) {
    length++;
  }
  return length;
}

// One compound; gives what follows it, or NULL where it is of a kind that is not inlined.
static const char *read_simple(const char *at, Simple *simple, guint *weight) {
  g_autoptr(GStrvBuilder) classes = g_strv_builder_new();
  const char *begin = at;
  if (*at == '*') {
    at++;
  } else if (is_name_char(*at)) {
    simple->element = g_ascii_strdown(at, (gssize)name_length(at));
    at += name_length(at);
    *weight += 1;
  }
  while (*at == '.' || *at == '#') {
    gsize length = name_length(at + 1);
    if (length == 0) {
      break;
    }
    g_autofree char *name = g_strndup(at + 1, length);
    if (*at == '.') {
      g_strv_builder_add(classes, name);
      *weight += 100;
    } else {
      g_free(simple->id);
      simple->id = g_steal_pointer(&name);
      *weight += 10000;
    }
    at += 1 + length;
  }
  simple->classes = g_strv_builder_end(classes);
  return at == begin || (*at != '\0' && strchr(" \t\r\n>", *at) == NULL) ? NULL : at;
}

static void reverse(Selector *selector) {
  // "a > b c" was read outermost first, with `child` on the inner one of a pair.
  for (guint i = 0; i < selector->count / 2; i++) {
    Simple held = selector->parts[i];
    selector->parts[i] = selector->parts[selector->count - 1 - i];
    selector->parts[selector->count - 1 - i] = held;
  }
}

static gboolean read_selector(const char *text, Selector *selector) {
  gboolean child = FALSE;
  for (const char *at = skip(text); *at != '\0'; at = skip(at)) {
    if (*at == '>') {
      child = TRUE;
      at++;
      continue;
    }
    if (selector->count == PARTS) {
      return FALSE;
    }
    Simple *simple = &selector->parts[selector->count++];
    simple->child = child;
    child = FALSE;
    at = read_simple(at, simple, &selector->weight);
    if (at == NULL) {
      return FALSE;
    }
  }
  reverse(selector);
  return selector->count > 0;
}

static GPtrArray *read_declarations(const char *from, const char *until) {
  GPtrArray *declarations = g_ptr_array_new_with_free_func(declaration_free);
  g_autofree char *body = g_strndup(from, (gsize)(until - from));
  g_auto(GStrv) parts = g_strsplit(body, ";", -1);
  for (guint i = 0; parts[i] != NULL; i++) {
    char *colon = strchr(parts[i], ':');
    if (colon == NULL) {
      continue;
    }
    *colon = '\0';
    Declaration *declaration = g_new0(Declaration, 1);
    declaration->name = g_ascii_strdown(skip(g_strstrip(parts[i])), -1);
    char *important = strstr(colon + 1, "!important");
    if (important != NULL) {
      *important = '\0';
      declaration->important = TRUE;
    }
    declaration->value = g_strdup(g_strstrip(colon + 1));
    g_ptr_array_add(declarations, declaration);
  }
  return declarations;
}

static void add_rule(Sheet *sheet, const char *from, const char *brace, const char *end) {
  g_autofree char *prelude = g_strndup(from, (gsize)(brace - from));
  g_auto(GStrv) selectors = g_strsplit(prelude, ",", -1);
  g_autoptr(GPtrArray) declarations = read_declarations(brace + 1, end);
  for (guint i = 0; selectors[i] != NULL; i++) {
    Rule rule = {.declarations = g_ptr_array_ref(declarations)};
    if (read_selector(selectors[i], &rule.selector)) {
      g_array_append_val(sheet->rules, rule);
      continue;
    }
    rule_clear(&rule);
    g_string_append(sheet->kept, g_strstrip(selectors[i]));
    g_string_append_len(sheet->kept, brace, end + 1 - brace);
    g_string_append_c(sheet->kept, '\n');
  }
}

// The end of the block that begins at `brace`; NULL if it has none.
static const char *block_end(const char *brace) {
  int depth = 0;
  for (const char *at = brace; *at != '\0'; at++) {
    depth += *at == '{' ? 1 : *at == '}' ? -1 : 0;
    if (depth == 0) {
      return at;
    }
  }
  return NULL;
}

static gboolean read_sheet(const char *css, Sheet *sheet, GError **error) {
  sheet->rules = g_array_new(FALSE, FALSE, sizeof(Rule));
  g_array_set_clear_func(sheet->rules, rule_clear);
  sheet->kept = g_string_new(NULL);
  for (const char *at = skip(css); *at != '\0'; at = skip(at)) {
    const char *brace = strchr(at, '{');
    const char *end = brace != NULL ? block_end(brace) : NULL;
    if (end == NULL) {
      return fail_at(css, at, brace == NULL ? "a rule has no {block}" : "a block has no '}'",
                     error);
    }
    if (*at == '@') {
      g_string_append_len(sheet->kept, at, end + 1 - at);
      g_string_append_c(sheet->kept, '\n');
    } else {
      add_rule(sheet, at, brace, end);
    }
    at = end + 1;
  }
  return TRUE;
}

// ---- the document -----------------------------------------------------------------------------

typedef struct Element {
  char name[16];
  char *id;
  char **classes;
} Element;

static gboolean simple_matches(const Simple *simple, const Element *element) {
  if ((simple->element != NULL && strcmp(simple->element, element->name) != 0) ||
      (simple->id != NULL && g_strcmp0(simple->id, element->id) != 0)) {
    return FALSE;
  }
  for (guint i = 0; simple->classes[i] != NULL; i++) {
    if (element->classes == NULL ||
        !g_strv_contains((const char *const *)element->classes, simple->classes[i])) {
      return FALSE;
    }
  }
  return TRUE;
}

// `depth`: of the element that the innermost part is held against.
static gboolean selector_matches(const Selector *selector, guint part, const Element *stack,
                                 guint depth) {
  if (!simple_matches(&selector->parts[part], &stack[depth])) {
    return FALSE;
  }
  if (part + 1 == selector->count) {
    return TRUE;
  }
  for (guint outer = depth; outer > 0; outer--) {
    if (selector_matches(selector, part + 1, stack, outer - 1)) {
      return TRUE;
    }
    if (selector->parts[part].child) {
      return FALSE;
    }
  }
  return FALSE;
}

typedef struct Match {
  const Rule *rule;
  guint order;
} Match;

static gint by_weight(gconstpointer a, gconstpointer b) {
  const Match *one = a;
  const Match *two = b;
  if (one->rule->selector.weight != two->rule->selector.weight) {
    return one->rule->selector.weight < two->rule->selector.weight ? -1 : 1;
  }
  return one->order < two->order ? -1 : 1;
}

// What comes later wins, and stands later, so that "margin" and "margin-top" keep their meaning.
static void set_declaration(GPtrArray *list, const char *name, const char *value) {
  for (guint i = 0; i < list->len; i += 2) {
    if (strcmp(list->pdata[i], name) == 0) {
      g_ptr_array_remove_range(list, i, 2);
      break;
    }
  }
  g_ptr_array_add(list, (gpointer)name);
  g_ptr_array_add(list, (gpointer)value);
}

static void apply(GPtrArray *list, const GPtrArray *declarations, gboolean important) {
  for (guint i = 0; i < declarations->len; i++) {
    const Declaration *one = declarations->pdata[i];
    if (one->important == important) {
      set_declaration(list, one->name, one->value);
    }
  }
}

// The style of the innermost open element; "" if nothing applies. `own`: its style attribute or
// NULL.
static char *style_of(const Sheet *sheet, const Element *stack, guint depth, const char *own) {
  g_autoptr(GArray) matches = g_array_new(FALSE, FALSE, sizeof(Match));
  for (guint i = 0; i < sheet->rules->len; i++) {
    const Rule *rule = &g_array_index(sheet->rules, Rule, i);
    if (selector_matches(&rule->selector, 0, stack, depth)) {
      Match match = {rule, i};
      g_array_append_val(matches, match);
    }
  }
  g_array_sort(matches, by_weight);
  g_autoptr(GPtrArray) list = g_ptr_array_new();
  g_autoptr(GPtrArray) inner = own != NULL ? read_declarations(own, own + strlen(own)) : NULL;
  for (guint i = 0; i < matches->len; i++) {
    apply(list, g_array_index(matches, Match, i).rule->declarations, FALSE);
  }
  if (inner != NULL) {
    apply(list, inner, FALSE);
  }
  for (guint i = 0; i < matches->len; i++) {
    apply(list, g_array_index(matches, Match, i).rule->declarations, TRUE);
  }
  if (inner != NULL) {
    apply(list, inner, TRUE);
  }
  GString *style = g_string_new(NULL);
  for (guint i = 0; i < list->len; i += 2) {
    g_string_append_printf(style, "%s%s:%s", i > 0 ? ";" : "", (char *)list->pdata[i],
                           (char *)list->pdata[i + 1]);
  }
  return g_string_free(style, FALSE);
}

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

typedef struct Inliner {
  const Sheet *sheet;
  Element stack[NESTING];
  guint depth; // elements that are open
  GString *out;
} Inliner;

static void element_clear(Element *element) {
  g_clear_pointer(&element->id, g_free);
  g_clear_pointer(&element->classes, g_strfreev);
}

static gboolean is_void(const char *name) {
  static const char *const VOID[] = {"area", "base",  "br",   "col",    "hr",    "img",
                                     "link", "input", "meta", "source", "track", NULL};
  return g_strv_contains(VOID, name);
}

// Writes the tag with its style attribute in place of the one that it had.
static void write_tag(Inliner *inliner, const char *tag, const char *end, const char *style) {
  const char *old = NULL;
  for (const char *at = tag; at + 8 < end && old == NULL; at++) {
    old = g_ascii_isspace(*at) && strncmp(at + 1, "style=\"", 7) == 0 ? at : NULL;
  }
  const char *close = end[-1] == '/' ? end - 1 : end;
  const char *after = old != NULL ? memchr(old + 8, '"', (gsize)(end - old - 8)) : NULL;
  if (after != NULL) {
    g_string_append_len(inliner->out, tag, old - tag);
    g_string_append_len(inliner->out, after + 1, close - after - 1);
  } else {
    g_string_append_len(inliner->out, tag, close - tag);
  }
  if (*style != '\0') {
    html_write_attribute(inliner->out, "style", style);
  }
  g_string_append_len(inliner->out, close, end + 1 - close);
}

static void open_tag(Inliner *inliner, const char *name, const char *tag, const char *end) {
  Element *element = &inliner->stack[inliner->depth];
  g_strlcpy(element->name, name, sizeof element->name);
  g_autofree char *classes = attribute(tag, end, "class");
  g_autofree char *own = attribute(tag, end, "style");
  element->id = attribute(tag, end, "id");
  element->classes = classes != NULL ? g_strsplit_set(classes, " \t\r\n", -1) : NULL;
  g_autofree char *style = style_of(inliner->sheet, inliner->stack, inliner->depth, own);
  write_tag(inliner, tag, end, style);
  if (is_void(name) || end[-1] == '/' || inliner->depth + 1 == NESTING) {
    element_clear(element);
  } else {
    inliner->depth++;
  }
}

static void close_tag(Inliner *inliner, const char *name, const char *tag, const char *end) {
  if (strcmp(name, "head") == 0 && inliner->sheet->kept->len > 0) {
    g_string_append(inliner->out, "<style>\n");
    g_string_append_len(inliner->out, inliner->sheet->kept->str, (gssize)inliner->sheet->kept->len);
    g_string_append(inliner->out, "</style>\n");
  }
  g_string_append_len(inliner->out, tag, end + 1 - tag);
  for (guint at = inliner->depth; at > 0; at--) {
    if (strcmp(inliner->stack[at - 1].name, name) == 0) {
      while (inliner->depth >= at) {
        element_clear(&inliner->stack[--inliner->depth]);
      }
      return;
    }
  }
}

// What begins with '<'; gives what follows it.
static const char *copy_markup(Inliner *inliner, const char *at) {
  const char *end = g_str_has_prefix(at, "<!--") ? strstr(at, "-->") : NULL;
  if (end != NULL) {
    g_string_append_len(inliner->out, at, end + 3 - at);
    return end + 3;
  }
  end = strchr(at, '>');
  if (end == NULL || at[1] == '!' || !(g_ascii_isalpha(at[1]) || at[1] == '/')) {
    const char *until = end != NULL ? end + 1 : at + strlen(at);
    g_string_append_len(inliner->out, at, until - at);
    return until;
  }
  const char *word = at + (at[1] == '/' ? 2 : 1);
  char name[16];
  g_strlcpy(name, word, MIN(name_length(word) + 1, sizeof name));
  for (char *letter = name; *letter != '\0'; letter++) {
    *letter = g_ascii_tolower(*letter);
  }
  if (at[1] == '/') {
    close_tag(inliner, name, at, end);
  } else {
    open_tag(inliner, name, at, end);
  }
  return end + 1;
}

char *css_inline(const char *html, const char *css, GError **error) {
  g_auto(Sheet) sheet = {0};
  if (!read_sheet(css != NULL ? css : "", &sheet, error)) {
    return NULL;
  }
  Inliner *inliner = g_new0(Inliner, 1);
  inliner->sheet = &sheet;
  inliner->out = g_string_sized_new(strlen(html) * 2);
  for (const char *at = html; *at != '\0';) {
    if (*at == '<') {
      at = copy_markup(inliner, at);
      continue;
    }
    gsize length = strcspn(at, "<");
    g_string_append_len(inliner->out, at, (gssize)length);
    at += length;
  }
  while (inliner->depth > 0) {
    element_clear(&inliner->stack[--inliner->depth]);
  }
  char *inlined = g_string_free(inliner->out, FALSE);
  g_free(inliner);
  return inlined;
}
