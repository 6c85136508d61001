// SPDX-License-Identifier: Apache-2.0
//
// Mustache (the spec at github.com/mustache/spec, v1.4: interpolation, sections, inverted,
// comments, partials with indentation, delimiters, and inheritance {{<parent}}{{$block}}; no
// lambdas), compiled once into a flat list of instructions and rendered by many threads at once.
// {{x}} is HTML-escaped; {{{x}}} and {{&x}} only write values made with template_markup(): a plain
// string there is escaped all the same, so a theme can't open a hole by a third brace.
// Limits: partial and section nesting 32 (deeper: nothing is written); 4,000,000 instructions a
// rendering (what is left is not written).
#pragma once

#include "base/slice.h"

#define TEMPLATE_ERROR template_error_quark()
GQuark template_error_quark(void);
typedef enum TemplateError { TEMPLATE_ERROR_SYNTAX, TEMPLATE_ERROR_MISSING } TemplateError;

// ---- values: made in an arena, freed all at once; one thread --------------------------------
typedef struct TemplateArena TemplateArena;
typedef struct TemplateValue TemplateValue;
TemplateArena *template_arena_new(void);
void template_arena_free(TemplateArena *arena);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TemplateArena, template_arena_free)

TemplateValue *template_object(TemplateArena *arena);
TemplateValue *template_list(TemplateArena *arena);
// Text is copied into the arena. NULL or "" is false in a section, as are empty lists, FALSE and
// NULL values; 0 is true.
void template_set_text(TemplateValue *object, const char *name, const char *text);
void template_set_slice(TemplateValue *object, const char *name, Slice text);
void template_set_markup(TemplateValue *object, const char *name,
                         Slice html); // already safe HTML; copied
void template_set_integer(TemplateValue *object, const char *name, gint64 number);
void template_set_boolean(TemplateValue *object, const char *name, gboolean value);
void template_set(TemplateValue *object, const char *name,
                  TemplateValue *value);                                     // of the same arena
TemplateValue *template_set_object(TemplateValue *object, const char *name); // makes and sets one
TemplateValue *template_set_list(TemplateValue *object, const char *name);
void template_append(TemplateValue *list, TemplateValue *value);
TemplateValue *template_append_object(TemplateValue *list); // makes and appends one
void template_append_text(TemplateValue *list, const char *text);

// ---- templates -------------------------------------------------------------------------------
typedef struct TemplateSet TemplateSet; // immutable after the last add; then any thread
TemplateSet *template_set_new(void);
void template_set_free(TemplateSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TemplateSet, template_set_free)
// The error names template, line and what is wrong.
gboolean template_set_add(TemplateSet *set, const char *name, Slice source, GError **error);
// Every partial that is named exists. To be called once after the last add.
gboolean template_set_check(TemplateSet *set, GError **error);
gboolean template_render(const TemplateSet *set, const char *name, const TemplateValue *value,
                         GString *out, GError **error);
