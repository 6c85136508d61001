// SPDX-License-Identifier: Apache-2.0
//
// What a hostile text may try: addresses that run, markup that gets through, and bombs of
// nesting and repetition. The rule is checked on the written HTML, as a browser would read it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/html_writer.h"
#include "press/markup_html.h"

static void write_test_figure(GString *out, const Node *figure, gpointer data) {
  html_write_raw(out, "<figure><img");
  html_write_attribute(out, "src", figure->url);
  html_write_attribute(out, "alt", figure->alt);
  html_write_raw(out, "></figure>");
}

static char *to_html(Slice markdown) {
  g_autoptr(Document) document = markup_parse(markdown, NULL);
  if (document == NULL) {
    return g_strdup("");
  }
  MarkupHtmlOptions options = {.write_figure = write_test_figure, .site_host = "example.org"};
  GString *out = g_string_new(NULL);
  markup_write_html(out, document, &options, NULL);
  return g_string_free(out, FALSE);
}

// Every '<' and '>' belongs to a tag that the writer writes, with attributes that it writes, and no
// address has a scheme that runs.
static void assert_harmless(const char *markdown, const char *html) {
  g_autoptr(GRegex) tag = g_regex_new(
      "</"
      "?(p|h[2-6]|em|strong|s|code|pre|a|br|hr|ul|ol|li|blockquote|aside|footer|div|table|thead|"
      "tbody|tr|th|td|span|figure|img)"
      "( (class|href|rel|title|src|alt|role|tabindex|aria-label|scope|start)=\"[^\"<>]*\")*>",
      0, 0, NULL);
  g_autofree char *rest = g_regex_replace_literal(tag, html, -1, 0, "", 0, NULL);
  if (strpbrk(rest, "<>\"") != NULL) {
    fail_msg("%s: %s", markdown, html);
  }
  g_autoptr(GRegex) scheme =
      g_regex_new("(href|src)=\"(?!https?:|mailto:|image:)[^\"/?#]*:", G_REGEX_CASELESS, 0, NULL);
  if (g_regex_match(scheme, html, 0, NULL)) {
    fail_msg("%s: %s", markdown, html);
  }
}

static const char *const ADDRESSES[] = {
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "javascript&#x3A;alert(1)",
    "javascript&#x3a;alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A;&#x61;vascript:alert(1)",
    "&#0000106&#0000097:x",
    "java&Tab;script:alert(1)",
    "java&NewLine;script:alert(1)",
    "java&#9;script:alert(1)",
    "java&#10;script:alert(1)",
    "java&#13;script:alert(1)",
    "java&#x09;script:alert(1)",
    "&#1;javascript:alert(1)",
    "&#14;javascript:alert(1)",
    "&#32;javascript:alert(1)",
    "&#x1f;javascript:alert(1)",
    "&nbsp;javascript:alert(1)",
    "&#8203;javascript:alert(1)",
    "&#xFEFF;javascript:alert(1)",
    "javascript\\:alert(1)",
    "java\\script:alert(1)",
    "&#x7f;javascript:alert(1)",
    "javascript&#0;:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD4=",
    "DATA:image/svg+xml;base64,PHN2Zz4=",
    "data&colon;text/html,x",
    "vbscript:msgbox(1)",
    "VbScRiPt&#58;x",
    "livescript:x",
    "file:///etc/passwd",
    "blob:https://example.org/x",
    "about:blank",
    "view-source:https://example.org",
    "filesystem:https://example.org/x",
    "intent://x#Intent;end",
    "ms-msdt:/id",
    "jar:https://x!/",
    "mocha:x",
    "feed:javascript:alert(1)",
    "javascript//https://x:alert(1)&colon;",
    "jav\tascript:alert(1)",
    "x-javascript:alert(1)",
    "javascript:https://example.org",
    "javascript:alert&lpar;1&rpar;",
    "ｊavascript:alert(1)",
};

static void test_addresses(void **state) {
  static const char *const FORMS[] = {
      "[x](%s)",          "[x](<%s>)",          "![x](%s)", "![x](<%s>)",
      "[x]\n\n[x]: %s\n", "[x]\n\n[x]: <%s>\n", "<%s>",     "::: card %s\nt\n:::\n"};
  for (gsize i = 0; i < G_N_ELEMENTS(ADDRESSES); i++) {
    for (gsize j = 0; j < G_N_ELEMENTS(FORMS); j++) {
      g_auto(GStrv) parts = g_strsplit(FORMS[j], "%s", 2);
      g_autofree char *markdown = g_strconcat(parts[0], ADDRESSES[i], parts[1], NULL);
      g_autofree char *html = to_html(slice_of(markdown));
      assert_harmless(markdown, html);
    }
  }
}

static const char *const MARKUP[] = {
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>'>",
    "<a href='javascript:x'>y</a>",
    "<b>bold</b>",
    "<x onclick=1>",
    "<!-- <script> -->",
    "<![CDATA[ <script> ]]>",
    "<?php echo ?>",
    "<style>*{}</style>",
    "<p>\n<script>\nalert(1)\n</script>\n",
    "[x](https://e.org \"><script>alert(1)</script>\")",
    "[x](https://e.org '\" onmouseover=\"alert(1)')",
    "![\" onerror=\"alert(1)](x.jpg)",
    "![x](x.jpg\" onerror=\"alert(1))",
    "![x](<x.jpg\" onerror=\"alert(1)>)",
    "![x](x.jpg '\"><script>')",
    "[x](\"><script>alert(1)</script>)",
    "<https://e.org/\"onclick=\"alert(1)>",
    "`<script>`",
    "```<script>\n</code></pre><script>alert(1)</script>\n```",
    "    </code></pre><script>",
    "# <script>",
    "| <script> |\n|---|\n| <img src=x onerror=1> |",
    "| \" onclick=\"x |\n|---|\n| y |",
    "::: factbox <script>alert(1)</script>\nx\n:::",
    "::: pullquote\nx\n-- <script>\n:::",
    "::: card https://e.org/\"onclick=\"x\n<script>\n<svg>\n:::",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;",
    "\\<script>",
    "<scr<script>ipt>",
    "[<script>](x)",
    "~~<script>~~",
    "[x][<script>]\n\n[<script>]: /x '<script>'",
    "<mailto:<script>@x>",
    "<a@b.c\"onclick=x>",
    "![![x](javascript:1)](data:x)",
};

static void test_markup(void **state) {
  for (gsize i = 0; i < G_N_ELEMENTS(MARKUP); i++) {
    g_autofree char *html = to_html(slice_of(MARKUP[i]));
    assert_true(html[0] != '\0');
    assert_harmless(MARKUP[i], html);
  }
  assert_true(G_N_ELEMENTS(MARKUP) + G_N_ELEMENTS(ADDRESSES) >= 60);
}

// What is refused as an address is kept as words.
static void test_words_are_kept(void **state) {
  g_autofree char *html =
      to_html(SLICE_LITERAL("[read *this*](javascript:x) and ![that](data:y) now"));
  assert_string_equal(html, "<p>read <em>this</em> and that now</p>\n");
}

typedef struct Bomb {
  const char *head, *unit;
} Bomb;

static const Bomb BOMBS[] = {
    {"", ">"},
    {"", "> "},
    {"", "- "},
    {"", "1. "},
    {"", "*a "},
    {"", "a* "},
    {"", "**a*"},
    {"", "_a"},
    {"", "a**b"},
    {"", "~~a"},
    {"", "["},
    {"", "!["},
    {"", "[a]("},
    {"", "[a](<b"},
    {"", "[]"},
    {"", "`a ``b "},
    {"", "<"},
    {"", "<http:"},
    {"", "&amp;"},
    {"", "\\"},
    {"", "[a]: b\n"},
    {"", "```\n"},
    {"", "|"},
    {"", "#\n"},
    {"", "<!--"},
    {"", "[a]: b\n\"t\n"},
    {"[a]: b\n\n", "[a]\n"},
    {"", "[a\n](b\n)\n"},
    {"", "::: factbox\n"},
    {"", "::: factbox\n:::\n"},
    {"", "- a\n - b\n  - c\n"},
    {"", "a\n\n"},
    {"", "![](x) "},
    {"", ">a\nb\n"},
    {"|a|b|c|d|e|f|g|h|\n|-|-|-|-|-|-|-|-|\n", "|\n"},
};

// Ten times the bytes may take about ten times as long, never a hundred: the limit of a second for
// 300 kB is generous to a sanitizer's build and still far below what quadratic work takes.
static void test_bombs(void **state) {
  for (gsize i = 0; i < G_N_ELEMENTS(BOMBS); i++) {
    g_autoptr(GString) text = g_string_new(BOMBS[i].head);
    while (text->len < 300000) {
      g_string_append(text, BOMBS[i].unit);
    }
    gint64 start = g_get_monotonic_time();
    g_autofree char *html = to_html((Slice){text->str, text->len});
    gint64 took = g_get_monotonic_time() - start;
    if (took > 3000000) {
      fail_msg("%s took %d ms", BOMBS[i].unit, (int)(took / 1000));
    }
  }
}

// Few bytes that ask for very much: filled table rows, and a long address behind a short reference.
static void test_amplification(void **state) {
  g_autoptr(GString) table = g_string_new(NULL);
  g_autoptr(GString) references = g_string_new("[x]: ");
  for (guint i = 0; i < 20000; i++) {
    g_string_append(table, "|a");
    g_string_append(references, "long\\_");
  }
  g_string_append_c(table, '\n');
  for (guint i = 0; i < 20000; i++) {
    g_string_append(table, "|-");
  }
  g_string_append(references, "\n\n");
  for (guint i = 0; i < 20000; i++) {
    g_string_append(table, "\n|");
    g_string_append(references, "[x] ");
  }
  g_autofree char *wide = to_html((Slice){table->str, table->len});
  assert_true(strlen(wide) < 64u << 20);
  g_autoptr(GError) error = NULL;
  assert_null(markup_parse((Slice){references->str, references->len}, &error));
  assert_int_equal(error->code, MARKUP_ERROR_TOO_LARGE);
  assert_true(g_str_has_prefix(error->message, "line 3: "));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_addresses),      cmocka_unit_test(test_markup),
      cmocka_unit_test(test_words_are_kept), cmocka_unit_test(test_bombs),
      cmocka_unit_test(test_amplification),
  };
  return cmocka_run_group_tests_name("press/markup_safety", tests, NULL, NULL);
}
