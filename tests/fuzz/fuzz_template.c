// SPDX-License-Identifier: Apache-2.0
//
// Mustache: any bytes as a template, with itself and a second part of the input as partials.
// Whatever a theme says, text that is not markup never comes out unescaped.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "press/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HOSTILE "<\x7fscript>"

static TemplateValue *values(TemplateArena *arena) {
  TemplateValue *root = template_object(arena);
  template_set_text(root, "a", HOSTILE "&\"'");
  template_set_markup(root, "m", SLICE_LITERAL("<b>m</b>"));
  template_set_integer(root, "n", -7);
  template_set_boolean(root, "t", TRUE);
  template_set_boolean(root, "f", FALSE);
  TemplateValue *list = template_set_list(root, "l");
  for (int i = 0; i < 3; i++) {
    TemplateValue *item = template_append_object(list);
    template_set_integer(item, "n", i);
    template_append_text(template_set_list(item, "l"), HOSTILE);
  }
  template_set_text(template_set_object(root, "o"), "a", "inner");
  return root;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Slice whole = {(const char *)data, size};
  gssize cut = slice_find_char(whole, '\0');
  Slice first = slice_range(whole, 0, cut < 0 ? size : (gsize)cut);
  Slice second = slice_from(whole, first.length + 1);
  g_autoptr(TemplateSet) set = template_set_new();
  if (!template_set_add(set, "x", first, NULL) || !template_set_add(set, "y", second, NULL) ||
      !template_set_check(set, NULL)) {
    return 0;
  }
  g_autoptr(TemplateArena) arena = template_arena_new();
  g_autoptr(GString) out = g_string_new(NULL);
  g_assert(template_render(set, "x", values(arena), out, NULL));
  if (slice_find(whole, SLICE_LITERAL("\x7f")) < 0) {
    g_assert(strstr(out->str, HOSTILE) == NULL);
  }
  return 0;
}
