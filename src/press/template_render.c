// SPDX-License-Identifier: Apache-2.0
//
// Runs a compiled template over a value tree. Called by press/page_*; reads only, so many
// threads may run the same set. Must never write an unescaped plain string.
#include "base/html_writer.h"
#include "press/template_program.h"

typedef struct Overrides { // the blocks that one {{<parent}} replaces
  const TemplateOp *ops;
  guint begin, end;
} Overrides;

typedef struct Rendering {
  GString *out;
  const TemplateValue *stack[TEMPLATE_DEPTH * 2];
  guint depth; // of `stack`
  Overrides parents[TEMPLATE_DEPTH];
  guint parent_base, parent_depth;
  guint nesting; // of partials, parents, blocks and sections
  guint steps;   // instructions left: lists in lists in lists must end
} Rendering;

static const TemplateValue *find(const Rendering *rendering, const TemplateOp *op) {
  const TemplateValue *value = rendering->stack[rendering->depth - 1];
  if (op->path_length == 0) {
    return value;
  }
  value = NULL;
  for (guint i = rendering->depth; i > 0 && value == NULL; i--) {
    value = template_member(rendering->stack[i - 1], &op->path[0]);
  }
  for (guint i = 1; i < op->path_length && value != NULL; i++) {
    value = template_member(value, &op->path[i]);
  }
  return value;
}

static void write_value(GString *out, const TemplateValue *value, gboolean raw) {
  if (value == NULL) {
    return;
  }
  if (value->type == VALUE_INTEGER) {
    g_string_append_printf(out, "%" G_GINT64_FORMAT, value->as.integer);
  } else if (value->type == VALUE_MARKUP && raw) {
    g_string_append_len(out, value->as.text.data, (gssize)value->as.text.length);
  } else if (value->type == VALUE_TEXT || value->type == VALUE_MARKUP) {
    html_write_slice(out, value->as.text);
  }
}

static void run(Rendering *rendering, const TemplateOp *ops, guint begin, guint end);

static void run_with(Rendering *rendering, const TemplateValue *value, const TemplateOp *ops,
                     guint begin, guint end) {
  if (rendering->depth >= G_N_ELEMENTS(rendering->stack)) {
    return;
  }
  rendering->stack[rendering->depth++] = value;
  run(rendering, ops, begin, end);
  rendering->depth--;
}

static void run_section(Rendering *rendering, const TemplateOp *ops, guint at) {
  const TemplateOp *op = &ops[at];
  const TemplateValue *value = find(rendering, op);
  if (!template_is_true(value)) {
    return;
  }
  if (value->type == VALUE_LIST) {
    for (guint i = 0; i < value->count; i++) {
      run_with(rendering, value->as.items[i], ops, at + 1, op->end);
    }
  } else if (value->type == VALUE_BOOLEAN) {
    run(rendering, ops, at + 1, op->end);
  } else {
    run_with(rendering, value, ops, at + 1, op->end);
  }
}

static void run_program(Rendering *rendering, const TemplateProgram *program) {
  if (program != NULL) {
    run(rendering, (const TemplateOp *)(gpointer)program->ops->data, 0, program->ops->len);
  }
}

// The outermost template that replaces the block wins: it stands lowest in the stack.
static void run_block(Rendering *rendering, const TemplateOp *ops, guint at) {
  const TemplateKey *name = &ops[at].path[0];
  for (guint i = rendering->parent_base; i < rendering->parent_depth; i++) {
    const Overrides *overrides = &rendering->parents[i];
    for (guint j = overrides->begin; j < overrides->end; j++) {
      const TemplateOp *op = &overrides->ops[j];
      if (op->code == OP_BLOCK && op->path[0].hash == name->hash &&
          slice_equal((Slice){op->path[0].name, op->path[0].length},
                      (Slice){name->name, name->length})) {
        run(rendering, overrides->ops, j + 1, op->end);
        return;
      }
      if (op->code == OP_BLOCK || op->code == OP_SECTION || op->code == OP_INVERTED ||
          op->code == OP_PARENT) {
        j = op->end - 1; // only the blocks right inside the parent tag count
      }
    }
  }
  run(rendering, ops, at + 1, ops[at].end);
}

static void run_parent(Rendering *rendering, const TemplateOp *ops, guint at) {
  if (rendering->parent_depth >= TEMPLATE_DEPTH) {
    return;
  }
  rendering->parents[rendering->parent_depth++] = (Overrides){ops, at + 1, ops[at].end};
  run_program(rendering, ops[at].program);
  rendering->parent_depth--;
}

static void run_partial(Rendering *rendering, const TemplateProgram *program) {
  // A partial is a template of its own: blocks of the including template don't reach into it.
  guint base = rendering->parent_base;
  rendering->parent_base = rendering->parent_depth;
  run_program(rendering, program);
  rendering->parent_base = base;
}

static void run(Rendering *rendering, const TemplateOp *ops, guint begin, guint end) {
  if (rendering->nesting >= TEMPLATE_DEPTH * 2) {
    return;
  }
  rendering->nesting++;
  for (guint at = begin; at < end && rendering->steps > 0; at++) {
    const TemplateOp *op = &ops[at];
    rendering->steps--;
    switch (op->code) {
    case OP_TEXT:
      g_string_append_len(rendering->out, op->text.data, (gssize)op->text.length);
      break;
    case OP_VARIABLE:
    case OP_RAW:
      write_value(rendering->out, find(rendering, op), op->code == OP_RAW);
      break;
    case OP_SECTION:
      run_section(rendering, ops, at);
      at = op->end - 1;
      break;
    case OP_INVERTED:
      if (!template_is_true(find(rendering, op))) {
        run(rendering, ops, at + 1, op->end);
      }
      at = op->end - 1;
      break;
    case OP_PARTIAL:
      run_partial(rendering, op->program);
      break;
    case OP_PARENT:
      run_parent(rendering, ops, at);
      at = op->end - 1;
      break;
    case OP_BLOCK:
      run_block(rendering, ops, at);
      at = op->end - 1;
      break;
    }
  }
  rendering->nesting--;
}

gboolean template_render(const TemplateSet *set, const char *name, const TemplateValue *value,
                         GString *out, GError **error) {
  const TemplateProgram *program = g_hash_table_lookup(set->programs, name);
  if (program == NULL) {
    g_set_error(error, TEMPLATE_ERROR, TEMPLATE_ERROR_MISSING, "the theme has no template “%s”",
                name);
    return FALSE;
  }
  Rendering rendering = {.out = out, .stack = {value}, .depth = 1, .steps = TEMPLATE_STEPS};
  run_program(&rendering, program);
  return TRUE;
}
