// SPDX-License-Identifier: Apache-2.0
//
// Mustache by its specification's cases (interpolation, sections, inverted, comments, delimiters,
// partials, inheritance), our stricter rule for unescaped values, errors with lines, and limits.
// Does not cover: inheritance's re-indentation of blocks, which we leave as written.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "press/template.h"

static TemplateValue *sample(TemplateArena *arena) {
  TemplateValue *root = template_object(arena);
  template_set_text(root, "name", "A & B");
  template_set_markup(root, "html", SLICE_LITERAL("<b>x</b>"));
  template_set_integer(root, "n", 85);
  template_set_boolean(root, "yes", TRUE);
  template_set_boolean(root, "no", FALSE);
  template_set_text(root, "empty", "");
  TemplateValue *a = template_set_object(root, "a");
  template_set_text(a, "name", "inner");
  template_set_text(template_set_object(a, "b"), "c", "deep");
  TemplateValue *list = template_set_list(root, "list");
  template_append_text(list, "1");
  template_append_text(list, "<2>");
  TemplateValue *people = template_set_list(root, "people");
  template_set_text(template_append_object(people), "name", "Ada");
  template_set_text(template_append_object(people), "other", "x");
  template_set_list(root, "nobody");
  return root;
}

static const struct {
  const char *template, *expected;
} CASES[] = {
    {"Hello {{name}}!", "Hello A &amp; B!"},
    {"{{{name}}} {{&name}}", "A &amp; B A &amp; B"}, // a theme can't unescape plain text
    {"{{{html}}} {{html}}", "<b>x</b> &lt;b&gt;x&lt;/b&gt;"},
    {"{{n}} {{missing}}{{a.b.c}}{{a.b.x}}{{ a.name }}", "85 deepinner"},
    {"{{#yes}}y{{/yes}}{{#no}}n{{/no}}{{^no}}N{{/no}}{{^missing}}M{{/missing}}{{#empty}}e{{/"
     "empty}}",
     "yNM"},
    {"{{#list}}({{.}}){{/list}}", "(1)(&lt;2&gt;)"},
    {"{{#people}}<{{name}}>{{/people}}", "<Ada><A &amp; B>"}, // falls back to the outer context
    {"{{#nobody}}x{{/nobody}}{{^nobody}}none{{/nobody}}", "none"},
    {"{{#name}}{{.}}{{/name}}", "A &amp; B"},
    {"a{{! comment \n over lines }}b", "ab"},
    {"begin\n  {{! alone }}\nend\n", "begin\nend\n"},
    {"| {{#yes}}\nline\n {{/yes}}\n|", "| \nline\n|"},
    {"{{#yes}}\r\nline\r\n{{/yes}}\r\n", "line\r\n"},
    {"{{=<% %>=}}<%name%> {{name}}<%={{ }}=%> {{n}}", "A &amp; B {{name}} 85"},
    {"[{{>part}}]", "[p:A &amp; B\n]"},
    {"  {{>lines}}\n!", "  one\n  two 85\n!"},
    {"{{#a}}{{>part}}{{/a}}", "p:inner\n"},
    {"{{<layout}}{{$title}}T{{/title}}{{/layout}}", "<T|body>"},
    {"{{<layout}}ignored{{$body}}{{name}}{{/body}}{{/layout}}", "<title|A &amp; B>"},
    {"{{<middle}}{{$title}}outer{{/title}}{{/middle}}", "<outer|middle>"},
    {"{{<includes}}{{$title}}mine{{/title}}{{/includes}}",
     "<title|body>"}, // a partial is a world of its own
    {"{{$x}}default{{/x}}", "default"},
    {"{{", NULL},
    {"a\n{{#x}}", "line 2: the section “x” is not closed"},
    {"{{#a}}{{/b}}", "line 1: {{/b}} stands where {{/a}} should"},
    {"{{/b}}", "never opened"},
    {"{{}}", "empty"},
    {"{{a..b}}", "empty name"},
    {"{{>absent}}", "does not have"},
    {"{{=a=}}", "delimiters"},
};

static TemplateSet *set_with(const char *source, GError **error) {
  g_autoptr(TemplateSet) set = template_set_new();
  static const char *const PARTS[][2] = {
      {"part", "p:{{name}}\n"},
      {"lines", "one\ntwo {{n}}\n"},
      {"layout", "<{{$title}}title{{/title}}|{{$body}}body{{/body}}>"},
      {"middle", "{{<layout}}{{$title}}inner{{/title}}{{$body}}middle{{/body}}{{/layout}}"},
      {"includes", "{{>layout}}"},
      {"loop", "x{{>loop}}"},
      {"indented_loop", "x\n {{>indented_loop}}\n"}};
  for (gsize i = 0; i < G_N_ELEMENTS(PARTS); i++) {
    assert_true(template_set_add(set, PARTS[i][0], slice_of(PARTS[i][1]), NULL));
  }
  if (!template_set_add(set, "main", slice_of(source), error) || !template_set_check(set, error)) {
    return NULL;
  }
  return g_steal_pointer(&set);
}

static void test_cases(void **state) {
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(TemplateSet) set = set_with(CASES[i].template, &error);
    if (set == NULL) {
      assert_non_null(error);
      if (CASES[i].expected != NULL && strstr(error->message, CASES[i].expected) == NULL) {
        fail_msg("%s: %s", CASES[i].template, error->message);
      }
      continue;
    }
    g_autoptr(TemplateArena) arena = template_arena_new();
    g_autoptr(GString) out = g_string_new(NULL);
    assert_true(template_render(set, "main", sample(arena), out, NULL));
    assert_string_equal(out->str, CASES[i].expected);
  }
}

static void test_limits(void **state) {
  g_autoptr(GError) error = NULL;
  g_autoptr(TemplateSet) set = set_with("{{>loop}}{{>indented_loop}}", &error);
  assert_null(error);
  g_autoptr(TemplateArena) arena = template_arena_new();
  g_autoptr(GString) out = g_string_new(NULL);
  assert_true(template_render(set, "main", sample(arena), out, NULL));
  assert_true(out->len < 10000);
  assert_false(template_render(set, "absent", sample(arena), out, &error));
  g_clear_error(&error);
  // Lists in lists in lists: three to the power of thirty.
  g_autoptr(GString) wide = g_string_new(NULL);
  for (int i = 0; i < 30; i++) {
    g_string_append(wide, "{{#list}}");
  }
  g_string_append(wide, "x");
  for (int i = 0; i < 30; i++) {
    g_string_append(wide, "{{/list}}");
  }
  g_autoptr(TemplateSet) bomb = set_with(wide->str, NULL);
  assert_non_null(bomb);
  g_string_truncate(out, 0);
  assert_true(template_render(bomb, "main", sample(arena), out, NULL));
  assert_true(out->len < 5000000);
  g_autoptr(GString) deep = g_string_new(NULL);
  for (int i = 0; i < 40; i++) {
    g_string_append(deep, "{{#a}}");
  }
  g_autoptr(TemplateSet) other = template_set_new();
  assert_false(template_set_add(other, "deep", slice_of(deep->str), &error));
  assert_non_null(strstr(error->message, "32"));
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases), cmocka_unit_test(test_limits)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
