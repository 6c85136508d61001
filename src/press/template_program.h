// SPDX-License-Identifier: Apache-2.0
//
// What template.c (compiler), template_value.c (values) and template_render.c (renderer)
// share: the compiled form and the value tree. For these three files only.
#pragma once

#include "press/template.h"

typedef struct TemplateKey {
  const char *name;
  gsize length;
  guint32 hash;
} TemplateKey;

TemplateKey template_key(Slice name); // borrows

typedef enum ValueType {
  VALUE_NULL,
  VALUE_TEXT,
  VALUE_MARKUP,
  VALUE_INTEGER,
  VALUE_BOOLEAN,
  VALUE_OBJECT,
  VALUE_LIST
} ValueType;

typedef struct TemplateMember {
  TemplateKey key;
  const TemplateValue *value;
} TemplateMember;

struct TemplateValue {
  ValueType type;
  guint count, capacity; // of members or items
  TemplateArena *arena;
  union {
    Slice text;
    gint64 integer;
    gboolean boolean;
    TemplateMember *members;
    const TemplateValue **items;
  } as;
};

const TemplateValue *template_member(const TemplateValue *object,
                                     const TemplateKey *key); // NULL if none
gboolean template_is_true(const TemplateValue *value);        // NULL is false

typedef enum OpCode {
  OP_TEXT,     // text
  OP_VARIABLE, // path; escaped
  OP_RAW,      // path; markup as it is
  OP_SECTION,  // path; body is the ops up to `end`
  OP_INVERTED, // path; likewise
  OP_PARTIAL,  // program
  OP_PARENT,   // program; the blocks in the ops up to `end` replace its own
  OP_BLOCK     // path[0] is its name; the ops up to `end` are its default
} OpCode;

typedef struct TemplateOp {
  OpCode code;
  Slice text;
  TemplateKey *path; // path_length 0: "." the current value
  guint path_length;
  guint end;     // index after the last op of the body
  char *partial; // name, until linked
  char *indent;  // of a standalone partial
  const struct TemplateProgram *program;
} TemplateOp;

typedef struct TemplateProgram {
  char *name;
  char *source; // owns what the ops' slices point into
  gsize source_length;
  GArray *ops; // TemplateOp
  guint error_line;
} TemplateProgram;

struct TemplateSet {
  GHashTable *programs; // name, or name + "\n" + indent for an indented partial -> TemplateProgram
};

#define TEMPLATE_DEPTH 32
#define TEMPLATE_STEPS 4000000 // of one rendering; a front page takes some thousands
