// SPDX-License-Identifier: Apache-2.0
//
// The values that templates are rendered from, in an arena: made for one page by
// press/page_*, freed all at once. Nothing here may be used by two threads at a time.
#include "press/template_program.h"

#include <string.h>

#define CHUNK 16384

struct TemplateArena {
  GPtrArray *chunks; // g_free
  char *at;
  gsize left;
};

TemplateArena *template_arena_new(void) {
  TemplateArena *arena = g_new0(TemplateArena, 1);
  arena->chunks = g_ptr_array_new_with_free_func(g_free);
  return arena;
}

void template_arena_free(TemplateArena *arena) {
  if (arena != NULL) {
    g_ptr_array_unref(arena->chunks);
    g_free(arena);
  }
}

static gpointer arena_take(TemplateArena *arena, gsize size) {
  size = (size + 7) & ~(gsize)7;
  if (size > CHUNK / 4) {
    gpointer large = g_malloc(size);
    g_ptr_array_add(arena->chunks, large);
    return large;
  }
  if (size > arena->left) {
    arena->at = g_malloc(CHUNK);
    arena->left = CHUNK;
    g_ptr_array_add(arena->chunks, arena->at);
  }
  gpointer taken = arena->at;
  arena->at += size;
  arena->left -= size;
  return taken;
}

static TemplateValue *value_new(TemplateArena *arena, ValueType type) {
  TemplateValue *value = arena_take(arena, sizeof *value);
  *value = (TemplateValue){.type = type, .arena = arena};
  return value;
}

static TemplateValue *text_new(TemplateArena *arena, ValueType type, Slice text) {
  TemplateValue *value = value_new(arena, type);
  char *copy = arena_take(arena, text.length + 1);
  if (text.length > 0) {
    memcpy(copy, text.data, text.length);
  }
  copy[text.length] = '\0';
  value->as.text = (Slice){copy, text.length};
  return value;
}

TemplateKey template_key(Slice name) {
  guint32 hash = 2166136261u; // FNV-1a
  for (gsize i = 0; i < name.length; i++) {
    hash = (hash ^ (guchar)name.data[i]) * 16777619u;
  }
  return (TemplateKey){name.data, name.length, hash};
}

TemplateValue *template_object(TemplateArena *arena) {
  return value_new(arena, VALUE_OBJECT);
}

TemplateValue *template_list(TemplateArena *arena) {
  return value_new(arena, VALUE_LIST);
}

void template_set(TemplateValue *object, const char *name, TemplateValue *value) {
  g_assert(object->type == VALUE_OBJECT);
  TemplateKey key = template_key(slice_of(name));
  for (guint i = 0; i < object->count; i++) {
    TemplateMember *member = &object->as.members[i];
    if (member->key.hash == key.hash && strcmp(member->key.name, name) == 0) {
      member->value = value;
      return;
    }
  }
  if (object->count == object->capacity) {
    guint capacity = object->capacity == 0 ? 8 : object->capacity * 2;
    TemplateMember *members = arena_take(object->arena, capacity * sizeof *members);
    if (object->count > 0) {
      memcpy(members, object->as.members, object->count * sizeof *members);
    }
    object->as.members = members;
    object->capacity = capacity;
  }
  char *copy = arena_take(object->arena, key.length + 1);
  memcpy(copy, name, key.length + 1);
  key.name = copy;
  object->as.members[object->count++] = (TemplateMember){key, value};
}

void template_set_slice(TemplateValue *object, const char *name, Slice text) {
  template_set(object, name, text_new(object->arena, VALUE_TEXT, text));
}

void template_set_text(TemplateValue *object, const char *name, const char *text) {
  template_set_slice(object, name, slice_of(text));
}

void template_set_markup(TemplateValue *object, const char *name, Slice html) {
  template_set(object, name, text_new(object->arena, VALUE_MARKUP, html));
}

void template_set_integer(TemplateValue *object, const char *name, gint64 number) {
  TemplateValue *value = value_new(object->arena, VALUE_INTEGER);
  value->as.integer = number;
  template_set(object, name, value);
}

void template_set_boolean(TemplateValue *object, const char *name, gboolean boolean) {
  TemplateValue *value = value_new(object->arena, VALUE_BOOLEAN);
  value->as.boolean = boolean;
  template_set(object, name, value);
}

TemplateValue *template_set_object(TemplateValue *object, const char *name) {
  TemplateValue *value = template_object(object->arena);
  template_set(object, name, value);
  return value;
}

TemplateValue *template_set_list(TemplateValue *object, const char *name) {
  TemplateValue *value = template_list(object->arena);
  template_set(object, name, value);
  return value;
}

void template_append(TemplateValue *list, TemplateValue *value) {
  g_assert(list->type == VALUE_LIST);
  if (list->count == list->capacity) {
    guint capacity = list->capacity == 0 ? 8 : list->capacity * 2;
    const TemplateValue **items = arena_take(list->arena, capacity * sizeof *items);
    if (list->count > 0) {
      memcpy(items, list->as.items, list->count * sizeof *items);
    }
    list->as.items = items;
    list->capacity = capacity;
  }
  list->as.items[list->count++] = value;
}

TemplateValue *template_append_object(TemplateValue *list) {
  TemplateValue *value = template_object(list->arena);
  template_append(list, value);
  return value;
}

void template_append_text(TemplateValue *list, const char *text) {
  template_append(list, text_new(list->arena, VALUE_TEXT, slice_of(text)));
}

const TemplateValue *template_member(const TemplateValue *object, const TemplateKey *key) {
  if (object->type != VALUE_OBJECT) {
    return NULL;
  }
  for (guint i = 0; i < object->count; i++) {
    const TemplateMember *member = &object->as.members[i];
    if (member->key.hash == key->hash && member->key.length == key->length &&
        memcmp(member->key.name, key->name, key->length) == 0) {
      return member->value;
    }
  }
  return NULL;
}

gboolean template_is_true(const TemplateValue *value) {
  if (value == NULL) {
    return FALSE;
  }
  switch (value->type) {
  case VALUE_NULL:
    return FALSE;
  case VALUE_TEXT:
  case VALUE_MARKUP:
    return value->as.text.length > 0;
  case VALUE_BOOLEAN:
    return value->as.boolean;
  case VALUE_LIST:
    return value->count > 0;
  case VALUE_INTEGER:
  case VALUE_OBJECT:
    break;
  }
  return TRUE;
}
