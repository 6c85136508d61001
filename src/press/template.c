// SPDX-License-Identifier: Apache-2.0
//
// Compiles Mustache into a flat list of instructions. Called by press_new for every file of a
// theme; a theme is somebody's input, so every error names template and line.
#include "press/template.h"

#include <string.h>

#include "press/template_program.h"

G_DEFINE_QUARK(broadsheet - template - error, template_error)

static void op_clear(gpointer data) {
  TemplateOp *op = data;
  g_free(op->path);
  g_free(op->partial);
  g_free(op->indent);
}

static void program_free(gpointer data) {
  TemplateProgram *program = data;
  g_free(program->name);
  g_free(program->source);
  g_array_unref(program->ops);
  g_free(program);
}

TemplateSet *template_set_new(void) {
  TemplateSet *set = g_new0(TemplateSet, 1);
  set->programs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, program_free);
  return set;
}

void template_set_free(TemplateSet *set) {
  if (set != NULL) {
    g_hash_table_unref(set->programs);
    g_free(set);
  }
}

// ---- the compiler -----------------------------------------------------------------------------

typedef struct Compiler {
  TemplateProgram *program;
  Slice source;
  gsize at;
  char open[16], close[16];     // delimiters
  guint nested[TEMPLATE_DEPTH]; // indices of open sections
  Slice nested_names[TEMPLATE_DEPTH];
  guint depth;
} Compiler;

typedef struct Tag {
  char kind;        // 0 variable, or one of & { # ^ / ! > = < $
  Slice content;    // trimmed
  gsize begin, end; // of the whole tag in the source
} Tag;

static gboolean fail(const Compiler *compiler, gsize at, GError **error, const char *what) {
  guint line = 1;
  for (gsize i = 0; i < at && i < compiler->source.length; i++) {
    line += compiler->source.data[i] == '\n';
  }
  g_set_error(error, TEMPLATE_ERROR, TEMPLATE_ERROR_SYNTAX, "template %s, line %u: %s",
              compiler->program->name, line, what);
  return FALSE;
}

static TemplateOp *add_op(Compiler *compiler, OpCode code) {
  TemplateOp op = {.code = code};
  g_array_append_val(compiler->program->ops, op);
  return &g_array_index(compiler->program->ops, TemplateOp, compiler->program->ops->len - 1);
}

static void add_text(Compiler *compiler, gsize begin, gsize end) {
  if (end > begin) {
    add_op(compiler, OP_TEXT)->text = slice_range(compiler->source, begin, end - begin);
  }
}

static gboolean set_path(Compiler *compiler, TemplateOp *op, const Tag *tag, GError **error) {
  if (slice_equal_text(tag->content, ".")) {
    return TRUE;
  }
  guint parts = 1;
  for (gsize i = 0; i < tag->content.length; i++) {
    char letter = tag->content.data[i];
    if (g_ascii_isspace(letter)) {
      return fail(compiler, tag->begin, error, "a name has a space in it");
    }
    parts += letter == '.';
  }
  op->path = g_new0(TemplateKey, parts);
  Slice rest = tag->content;
  for (guint i = 0; i < parts; i++) {
    gssize dot = slice_find_char(rest, '.');
    Slice part = slice_range(rest, 0, dot < 0 ? rest.length : (gsize)dot);
    if (part.length == 0) {
      return fail(compiler, tag->begin, error, "an empty name in a tag");
    }
    op->path[i] = template_key(part);
    rest = slice_from(rest, part.length + 1);
  }
  op->path_length = parts;
  return TRUE;
}

static gboolean read_tag(Compiler *compiler, gsize begin, Tag *tag, GError **error) {
  gsize at = begin + strlen(compiler->open);
  const char *close = compiler->close;
  char triple[18];
  tag->kind = 0;
  if (at < compiler->source.length && strchr("&{#^/!>=<$", compiler->source.data[at]) != NULL &&
      compiler->source.data[at] != '\0') {
    tag->kind = compiler->source.data[at++];
  }
  if (tag->kind == '{' || tag->kind == '=') {
    g_snprintf(triple, sizeof triple, "%c%s", tag->kind == '{' ? '}' : '=', compiler->close);
    close = triple;
  }
  gssize end = slice_find(slice_from(compiler->source, at), slice_of(close));
  if (end < 0) {
    return fail(compiler, begin, error, "a tag is not closed");
  }
  tag->content = slice_trim(slice_range(compiler->source, at, (gsize)end));
  tag->begin = begin;
  tag->end = at + (gsize)end + strlen(close);
  if (tag->content.length == 0 && tag->kind != '!') {
    return fail(compiler, begin, error, "a tag is empty");
  }
  return TRUE;
}

// A tag that writes nothing and stands alone on its line takes the whole line with it.
static gboolean is_standalone(const Compiler *compiler, const Tag *tag, gsize *ret_begin,
                              gsize *ret_end) {
  if (tag->kind == 0 || tag->kind == '&' || tag->kind == '{') {
    return FALSE;
  }
  gsize begin = tag->begin;
  while (begin > 0 &&
         (compiler->source.data[begin - 1] == ' ' || compiler->source.data[begin - 1] == '\t')) {
    begin--;
  }
  if (begin > 0 && compiler->source.data[begin - 1] != '\n') {
    return FALSE;
  }
  gsize end = tag->end;
  while (end < compiler->source.length && strchr(" \t\r", compiler->source.data[end]) != NULL) {
    end++;
  }
  if (end < compiler->source.length && compiler->source.data[end] != '\n') {
    return FALSE;
  }
  *ret_begin = begin;
  *ret_end = MIN(end + 1, compiler->source.length);
  return TRUE;
}

static gboolean open_section(Compiler *compiler, const Tag *tag, OpCode code, GError **error) {
  if (compiler->depth == TEMPLATE_DEPTH) {
    return fail(compiler, tag->begin, error, "sections are nested more than 32 deep");
  }
  compiler->nested[compiler->depth] = compiler->program->ops->len;
  compiler->nested_names[compiler->depth++] = tag->content;
  TemplateOp *op = add_op(compiler, code);
  if (code == OP_PARENT) {
    op->partial = slice_dup(tag->content);
    return TRUE;
  }
  if (!set_path(compiler, op, tag, error)) {
    return FALSE;
  }
  return code != OP_BLOCK || op->path_length == 1 ||
         fail(compiler, tag->begin, error, "a block's name has no dots");
}

static gboolean close_section(Compiler *compiler, const Tag *tag, GError **error) {
  if (compiler->depth == 0) {
    return fail(compiler, tag->begin, error, "a section is closed that was never opened");
  }
  compiler->depth--;
  if (!slice_equal(compiler->nested_names[compiler->depth], tag->content)) {
    g_autofree char *opened = slice_dup(compiler->nested_names[compiler->depth]);
    g_autofree char *closed = slice_dup(tag->content);
    g_autofree char *what = g_strdup_printf("{{/%s}} stands where {{/%s}} should", closed, opened);
    return fail(compiler, tag->begin, error, what);
  }
  g_array_index(compiler->program->ops, TemplateOp, compiler->nested[compiler->depth]).end =
      compiler->program->ops->len;
  return TRUE;
}

static gboolean set_delimiters(Compiler *compiler, const Tag *tag, GError **error) {
  gsize gap = 0;
  while (gap < tag->content.length && !g_ascii_isspace(tag->content.data[gap])) {
    gap++;
  }
  Slice open = slice_range(tag->content, 0, gap);
  Slice close = slice_trim(slice_from(tag->content, gap));
  if (open.length == 0 || close.length == 0 || open.length > 15 || close.length > 15 ||
      slice_find_char(close, ' ') >= 0 || slice_find_char(open, '=') >= 0 ||
      slice_find_char(close, '=') >= 0) {
    return fail(compiler, tag->begin, error,
                "delimiters are two words of at most 15 characters, without =");
  }
  g_snprintf(compiler->open, sizeof compiler->open, "%.*s", (int)open.length, open.data);
  g_snprintf(compiler->close, sizeof compiler->close, "%.*s", (int)close.length, close.data);
  return TRUE;
}

static gboolean compile_tag(Compiler *compiler, const Tag *tag, Slice indent, GError **error) {
  switch (tag->kind) {
  case '!':
    return TRUE;
  case '=':
    return set_delimiters(compiler, tag, error);
  case '#':
    return open_section(compiler, tag, OP_SECTION, error);
  case '^':
    return open_section(compiler, tag, OP_INVERTED, error);
  case '<':
    return open_section(compiler, tag, OP_PARENT, error);
  case '$':
    return open_section(compiler, tag, OP_BLOCK, error);
  case '/':
    return close_section(compiler, tag, error);
  case '>': {
    TemplateOp *op = add_op(compiler, OP_PARTIAL);
    op->partial = slice_dup(tag->content);
    op->indent = indent.length > 0 ? slice_dup(indent) : NULL;
    return TRUE;
  }
  default:
    return set_path(compiler, add_op(compiler, tag->kind == 0 ? OP_VARIABLE : OP_RAW), tag, error);
  }
}

static gboolean compile(Compiler *compiler, GError **error) {
  while (compiler->at < compiler->source.length) {
    gssize found = slice_find(slice_from(compiler->source, compiler->at), slice_of(compiler->open));
    if (found < 0) {
      break;
    }
    Tag tag;
    gsize line_begin = 0;
    gsize line_end = 0;
    if (!read_tag(compiler, compiler->at + (gsize)found, &tag, error)) {
      return FALSE;
    }
    Slice indent = {NULL, 0};
    gsize text_end = tag.begin;
    gsize next = tag.end;
    if (is_standalone(compiler, &tag, &line_begin, &line_end) && line_begin >= compiler->at) {
      indent = slice_range(compiler->source, line_begin, tag.begin - line_begin);
      text_end = line_begin;
      next = line_end;
    }
    add_text(compiler, compiler->at, text_end);
    if (!compile_tag(compiler, &tag, indent, error)) {
      return FALSE;
    }
    compiler->at = next;
  }
  add_text(compiler, compiler->at, compiler->source.length);
  if (compiler->depth > 0) {
    g_autofree char *name = slice_dup(compiler->nested_names[compiler->depth - 1]);
    g_autofree char *what = g_strdup_printf("the section “%s” is not closed", name);
    return fail(compiler, compiler->source.length, error, what);
  }
  return TRUE;
}

static gboolean add_program(TemplateSet *set, const char *key, const char *name, Slice source,
                            GError **error) {
  TemplateProgram *program = g_new0(TemplateProgram, 1);
  program->name = g_strdup(name);
  program->source = slice_dup(source);
  program->source_length = source.length;
  program->ops = g_array_new(FALSE, FALSE, sizeof(TemplateOp));
  g_array_set_clear_func(program->ops, op_clear);
  Compiler compiler = {
      .program = program, .source = {program->source, source.length}, .open = "{{", .close = "}}"};
  if (!compile(&compiler, error)) {
    program_free(program);
    return FALSE;
  }
  g_hash_table_insert(set->programs, g_strdup(key), program);
  return TRUE;
}

gboolean template_set_add(TemplateSet *set, const char *name, Slice source, GError **error) {
  return add_program(set, name, name, source, error);
}

// ---- linking ----------------------------------------------------------------------------------

static char *indented(const TemplateProgram *program, const char *indent) {
  GString *text = g_string_sized_new(program->source_length + 64);
  Slice rest = {program->source, program->source_length};
  while (rest.length > 0) {
    gssize end = slice_find_char(rest, '\n');
    gsize length = end < 0 ? rest.length : (gsize)end + 1;
    g_string_append(text, indent);
    g_string_append_len(text, rest.data, (gssize)length);
    rest = slice_from(rest, length);
  }
  return g_string_free(text, FALSE);
}

// The program a partial or parent names; with an indent, a copy of it whose lines are indented.
static const TemplateProgram *find_program(TemplateSet *set, const TemplateOp *op, GQueue *added,
                                           GError **error) {
  const TemplateProgram *program = g_hash_table_lookup(set->programs, op->partial);
  if (program == NULL || op->indent == NULL) {
    return program;
  }
  g_autofree char *key = g_strconcat(op->partial, "\n", op->indent, NULL);
  if (strlen(key) > 256) {
    return program; // a partial that includes itself, indented ever deeper
  }
  const TemplateProgram *copy = g_hash_table_lookup(set->programs, key);
  if (copy == NULL) {
    g_autofree char *source = indented(program, op->indent);
    if (!add_program(set, key, op->partial, slice_of(source), error)) {
      return NULL;
    }
    copy = g_hash_table_lookup(set->programs, key);
    g_queue_push_tail(added, (gpointer)copy);
  }
  return copy;
}

static gboolean link_program(TemplateSet *set, TemplateProgram *program, GQueue *added,
                             GError **error) {
  for (guint i = 0; i < program->ops->len; i++) {
    TemplateOp *op = &g_array_index(program->ops, TemplateOp, i);
    if (op->partial == NULL) {
      continue;
    }
    GError *inner = NULL;
    op->program = find_program(set, op, added, &inner);
    if (inner != NULL) {
      g_propagate_error(error, inner);
      return FALSE;
    }
    if (op->program == NULL) {
      g_set_error(error, TEMPLATE_ERROR, TEMPLATE_ERROR_MISSING,
                  "template %s includes “%s”, which the theme does not have", program->name,
                  op->partial);
      return FALSE;
    }
  }
  return TRUE;
}

gboolean template_set_check(TemplateSet *set, GError **error) {
  g_autoptr(GQueue) waiting = g_queue_new();
  GHashTableIter iterator;
  gpointer program = NULL;
  g_hash_table_iter_init(&iterator, set->programs);
  while (g_hash_table_iter_next(&iterator, NULL, &program)) {
    g_queue_push_tail(waiting, program);
  }
  while ((program = g_queue_pop_head(waiting)) != NULL) {
    if (!link_program(set, program, waiting, error)) {
      return FALSE;
    }
  }
  return TRUE;
}
