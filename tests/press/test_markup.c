// SPDX-License-Identifier: Apache-2.0
//
// Markdown to tree, text and HTML: CommonMark's cases that a newspaper meets, the newspaper's own
// blocks, limits and errors. Addresses that attack readers: test_markup_safety.c.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/html_writer.h"
#include "press/markup_html.h"

static void write_test_figure(GString *out, const Node *figure, gpointer data) {
  html_write_raw(out, "<figure>");
  html_write_text(out, figure->url);
  html_write_raw(out, ";");
  html_write_text(out, figure->alt);
  html_write_raw(out, ";");
  html_write_text(out, figure->caption);
  html_write_raw(out, ";");
  html_write_text(out, figure->credit);
  html_write_raw(out, "</figure>");
}

static char *to_html(const char *markdown) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Document) document = markup_parse(slice_of(markdown), &error);
  if (document == NULL) {
    return g_strdup_printf("error %d: %s", error->code, error->message);
  }
  MarkupHtmlOptions options = {
      .write_figure = write_test_figure, .site_host = "example.org", .heading_shift = 1};
  GString *out = g_string_new(NULL);
  markup_write_html(out, document, &options, NULL);
  return g_string_free(out, FALSE);
}

typedef struct Case {
  const char *markdown, *html;
} Case;

static void check_cases(const Case *cases, gsize count) {
  for (gsize i = 0; i < count; i++) {
    g_autofree char *html = to_html(cases[i].markdown);
    if (strcmp(html, cases[i].html) != 0) {
      print_message("case %zu: %s\n", i, cases[i].markdown);
    }
    assert_string_equal(html, cases[i].html);
  }
}

static const Case COMMONMARK[] = {
    {"", ""},
    {"\n\n \n", ""},
    {"One\ntwo\n\nThree", "<p>One\ntwo</p>\n<p>Three</p>\n"},
    {"One  \ntwo\\\nthree", "<p>One<br>\ntwo<br>\nthree</p>\n"},
    {"# Head\n\nText", "<h2>Head</h2>\n<p>Text</p>\n"},
    {"###### Deep", "<h2>Deep</h2>\n"}, // outlines have no gaps
    {"## A\n#### B\n### C\n## D\n# E",
     "<h2>A</h2>\n<h3>B</h3>\n<h3>C</h3>\n<h2>D</h2>\n<h2>E</h2>\n"},
    {"# 1\n## 2\n### 3\n#### 4\n##### 5\n###### 6\n# 1",
     "<h2>1</h2>\n<h3>2</h3>\n<h4>3</h4>\n<h5>4</h5>\n<h6>5</h6>\n<h6>6</h6>\n<h2>1</h2>\n"},
    {"Head\n===\n\nSub\n---\n", "<h2>Head</h2>\n<h3>Sub</h3>\n"},
    {"#no space", "<p>#no space</p>\n"},
    {"*a* **b** ***c*** _d_ __e__", "<p><em>a</em> <strong>b</strong> <em><strong>c</strong></em> "
                                    "<em>d</em> <strong>e</strong></p>\n"},
    {"snake_case_word 5*3*2", "<p>snake_case_word 5<em>3</em>2</p>\n"},
    {"~~gone~~", "<p><s>gone</s></p>\n"},
    {"`a < b` and `` ` ``", "<p><code>a &lt; b</code> and <code>`</code></p>\n"},
    {"```c\nint x < 1;\n\n  y\n```\n", "<pre><code>int x &lt; 1;\n\n  y\n</code></pre>\n"},
    {"    indented\n    code\n", "<pre><code>indented\ncode\n</code></pre>\n"},
    {"> Quote\nlazy\n>\n> more", "<blockquote>\n<p>Quote\nlazy</p>\n<p>more</p>\n</blockquote>\n"},
    {"- a\n- b\n", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"},
    {"- a\n\n- b\n", "<ul>\n<li><p>a</p>\n</li>\n<li><p>b</p>\n</li>\n</ul>\n"},
    {"3. c\n4. d\n", "<ol start=\"3\">\n<li>c</li>\n<li>d</li>\n</ol>\n"},
    {"1. a\n   - b\n", "<ol>\n<li>a<ul>\n<li>b</li>\n</ul>\n</li>\n</ol>\n"},
    {"a\n\n***\n\nb", "<p>a</p>\n<hr>\n<p>b</p>\n"},
    {"[l](https://other.org/a \"T & U\")",
     "<p><a href=\"https://other.org/a\" rel=\"noopener\" title=\"T &amp; U\">l</a></p>\n"},
    {"[own](https://example.org/x) [rel](/politics) [m](mailto:a@b.org)",
     "<p><a href=\"https://example.org/x\">own</a> <a href=\"/politics\">rel</a> <a "
     "href=\"mailto:a@b.org\">m</a></p>\n"},
    {"<https://other.org/?a=1&b=2>", "<p><a href=\"https://other.org/?a=1&amp;b=2\" "
                                     "rel=\"noopener\">https://other.org/?a=1&amp;b=2</a></p>\n"},
    {"[ref][R]\n\n[r]: /there 'title'", "<p><a href=\"/there\" title=\"title\">ref</a></p>\n"},
    {"[**bold** link](<a b>)", "<p><a href=\"a%20b\"><strong>bold</strong> link</a></p>\n"},
    {"&copy; &mdash; &#8212; &#x1F600; &nope; &amp;lt; &#0;",
     "<p>© — — 😀 &amp;nope; &amp;lt; \xEF\xBF\xBD</p>\n"},
    {"&NotEqualTilde; &CounterClockwiseContourIntegral;", "<p>≂̸ ∳</p>\n"},
    {"\\*not\\* \\# \\\\ \\a", "<p>*not* # \\ \\a</p>\n"},
    {"<b>raw</b> <script>x</script>",
     "<p>&lt;b&gt;raw&lt;/b&gt; &lt;script&gt;x&lt;/script&gt;</p>\n"},
    {"<div>\n*a*\n</div>", "<p>&lt;div&gt;\n<em>a</em>\n&lt;/div&gt;</p>\n"},
    {"<!-- note -->", "<p>&lt;!-- note --&gt;</p>\n"},
    {"One\r\ntwo\r\n\r\nthree", "<p>One\ntwo</p>\n<p>three</p>\n"},
    {"| A | B | C |\n|:--|:-:|--:|\n| 1 | *2* | 3 |\n| 4 |\n",
     "<div class=\"table-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"A, B, "
     "C\"><table>\n<thead>\n<tr>"
     "<th scope=\"col\" class=\"align-left\">A</th><th scope=\"col\" class=\"align-center\">B</th>"
     "<th scope=\"col\" class=\"align-right\">C</th></tr>\n</thead>\n<tbody>\n"
     "<tr><td class=\"align-left\">1</td><td class=\"align-center\"><em>2</em></td><td "
     "class=\"align-right\">3</td></tr>\n"
     "<tr><td class=\"align-left\">4</td><td class=\"align-center\"></td><td "
     "class=\"align-right\"></td></tr>\n"
     "</tbody>\n</table></div>\n"},
    {"\x02"
     "0\n\n# \x02"
     "0\n",
     "<p>\xEF\xBF\xBD"
     "0</p>\n<h2>\xEF\xBF\xBD"
     "0</h2>\n"},
};

static void test_commonmark(void **state) {
  check_cases(COMMONMARK, G_N_ELEMENTS(COMMONMARK));
}

static const Case PICTURES[] = {
    {"![Alt](image:ab \"Cap | Cred\")", "<figure>image:ab;Alt;Cap;Cred</figure>\n"},
    {"![A *b* `c` &amp; d](x.jpg)", "<figure>x.jpg;A b c &amp; d;;</figure>\n"},
    {"![](x.jpg 'One | two | Three / AP')", "<figure>x.jpg;;One | two;Three / AP</figure>\n"},
    {"![](x.jpg 'A|B')", "<figure>x.jpg;;A|B;</figure>\n"},
    {"![](x.jpg ' | AP')", "<figure>x.jpg;;;AP</figure>\n"},
    {"![](x.jpg 'Only | ')", "<figure>x.jpg;;Only;</figure>\n"},
    {"![a](1.jpg)\n![b](2.jpg)", "<figure>1.jpg;a;;</figure>\n<figure>2.jpg;b;;</figure>\n"},
    {"[![a](1.jpg)](https://example.org/)", "<figure>1.jpg;a;;</figure>\n"},
    {"Words ![a](1.jpg) go on", "<p>Words  go on</p>\n<figure>1.jpg;a;;</figure>\n"},
    {"- ![a](1.jpg)\n", "<ul>\n<li><figure>1.jpg;a;;</figure>\n</li>\n</ul>\n"},
    {"![a][p]\n\n[p]: p.jpg \"C | D\"", "<figure>p.jpg;a;C;D</figure>\n"},
    {"![unsafe](javascript:x)", "<p>unsafe</p>\n"},
    {"![no address]()", "<p>no address</p>\n"},
    {"# H ![a](1.jpg)", "<h2>H </h2>\n<figure>1.jpg;a;;</figure>\n"},
};

static void test_pictures(void **state) {
  check_cases(PICTURES, G_N_ELEMENTS(PICTURES));
}

static const Case BLOCKS[] = {
    {"::: pullquote\nThe *words*.\n-- Jane Doe, **minister**\n:::\n",
     "<blockquote class=\"pull-quote\">\n<p>The <em>words</em>.</p>\n<footer>Jane Doe, "
     "minister</footer>\n</blockquote>\n"},
    {"::: pullquote\n> The words.\n>\n> — Jane\n:::",
     "<blockquote class=\"pull-quote\">\n<p>The "
     "words.</p>\n<footer>Jane</footer>\n</blockquote>\n"},
    {"::: pullquote Jane\nWords\n:::",
     "<blockquote class=\"pull-quote\">\n<p>Words</p>\n<footer>Jane</footer>\n</blockquote>\n"},
    {"::: pullquote\n-- only a dash\n:::",
     "<blockquote class=\"pull-quote\">\n<p>-- only a dash</p>\n</blockquote>\n"},
    {"before\n::: factbox What & why\n- one\n- two\n:::\nafter",
     "<p>before</p>\n<aside class=\"fact-box\">\n<h2>What &amp; "
     "why</h2>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n</aside>\n<p>after</p>\n"},
    {"::: factbox\n\nText\n\n:::", "<aside class=\"fact-box\">\n<p>Text</p>\n</aside>\n"},
    {"::: Fact-Box T\n|a|\n|---|\n|b|\n:::\nend",
     "<aside class=\"fact-box\">\n<h2>T</h2>\n<div class=\"table-scroll\" role=\"region\" "
     "tabindex=\"0\" aria-label=\"a\"><table>\n"
     "<thead>\n<tr><th "
     "scope=\"col\">a</th></tr>\n</thead>\n<tbody>\n<tr><td>b</td></tr>\n</tbody>\n</table></"
     "div>\n</aside>\n<p>end</p>\n"},
    {"::: card https://other.org/x?a=1&b=2\nHeadline **of** it\nA line\nand more\n:::",
     "<aside class=\"card\">\n<a href=\"https://other.org/x?a=1&amp;b=2\" rel=\"noopener\"><strong "
     "class=\"card-title\">Headline of it</strong> "
     "<span class=\"card-text\">A line and more</span></a>\n</aside>\n"},
    {"::: card /politics\n:::", "<aside class=\"card\">\n<a href=\"/politics\"><strong "
                                "class=\"card-title\">/politics</strong></a>\n</aside>\n"},
    {"::: card /x\n![p](p.jpg)\nTitle\n:::",
     "<aside class=\"card\">\n<figure>p.jpg;p;;</figure>\n<a href=\"/x\"><strong "
     "class=\"card-title\">Title</strong></a>\n</aside>\n"},
    {"::: factbox A\n::: pullquote\nq\n:::\n:::",
     "<aside class=\"fact-box\">\n<h2>A</h2>\n<blockquote "
     "class=\"pull-quote\">\n<p>q</p>\n</blockquote>\n</aside>\n"},
    {"- item\n::: factbox\nx\n:::\n",
     "<ul>\n<li>item</li>\n</ul>\n<aside class=\"fact-box\">\n<p>x</p>\n</aside>\n"},
    {"> quote\n::: factbox\nx\n:::\n",
     "<blockquote>\n<p>quote</p>\n</blockquote>\n<aside class=\"fact-box\">\n<p>x</p>\n</aside>\n"},
    {"```\n::: factbox\n```\nx", "<pre><code>::: factbox\n</code></pre>\n<p>x</p>\n"},
    {"- ```\n  a\n  ```\n\n::: factbox\n~~~\n:::\n~~~\n:::\n",
     "<ul>\n<li><pre><code>a\n</code></pre>\n</li>\n</ul>\n<aside "
     "class=\"fact-box\">\n<pre><code>:::\n</code></pre>\n</aside>\n"},
    {"    ::: factbox\n", "<pre><code>::: factbox\n</code></pre>\n"},
    {"\\::: not a block", "<p>::: not a block</p>\n"},
    {"a ::: b", "<p>a ::: b</p>\n"},
    {"::: factbox\n[l][r]\n:::\n\n[r]: /x",
     "<aside class=\"fact-box\">\n<p><a href=\"/x\">l</a></p>\n</aside>\n"},
    {"::: {.factbox} T\r\nx\r\n:::\r\n",
     "<aside class=\"fact-box\">\n<h2>T</h2>\n<p>x</p>\n</aside>\n"},
};

static void test_blocks(void **state) {
  check_cases(BLOCKS, G_N_ELEMENTS(BLOCKS));
}

typedef struct ErrorCase {
  const char *markdown;
  MarkupError code;
  const char *words; // that the message has
} ErrorCase;

static const ErrorCase ERRORS[] = {
    {"a\n\n::: factbox\nx", MARKUP_ERROR_SYNTAX, "line 3: the block is never closed"},
    {"a\n:::\n", MARKUP_ERROR_SYNTAX, "line 2: \":::\" closes a block, and none is open"},
    {"\n::: sidebar\n:::", MARKUP_ERROR_SYNTAX,
     "line 2: there is no block named \"sidebar\": use pullquote, factbox or card"},
    {"::: card\nx\n:::", MARKUP_ERROR_SYNTAX, "line 1: the card has no address"},
    {"::: card javascript:alert(1)\nx\n:::", MARKUP_ERROR_SYNTAX,
     "line 1: the card has no address"},
    {"ok\nbad \xFF byte", MARKUP_ERROR_ENCODING, "line 2"},
    {"a\n\n::: factbox\n::: factbox\n:::\n", MARKUP_ERROR_SYNTAX,
     "line 3: the block is never closed"},
};

static void test_errors(void **state) {
  for (gsize i = 0; i < G_N_ELEMENTS(ERRORS); i++) {
    g_autoptr(GError) error = NULL;
    assert_null(markup_parse(slice_of(ERRORS[i].markdown), &error));
    assert_true(error->domain == MARKUP_ERROR);
    assert_int_equal(error->code, ERRORS[i].code);
    if (strstr(error->message, ERRORS[i].words) == NULL) {
      fail_msg("%s: %s", ERRORS[i].markdown, error->message);
    }
  }
}

static void test_nesting_limit(void **state) {
  for (guint depth = 32; depth <= 33; depth++) {
    g_autoptr(GString) quotes = g_string_new("one\n\n");
    g_autoptr(GString) lists = g_string_new("one\n\n");
    g_autoptr(GString) divs = g_string_new("one\n\n");
    for (guint i = 0; i < depth; i++) {
      g_string_append_c(quotes, '>');
      g_string_append_printf(lists, "%*s- x\n", (int)(2 * i), "");
      g_string_append(divs, "::: factbox\n");
    }
    g_string_append(quotes, " deep");
    for (guint i = 0; i < depth; i++) {
      g_string_append(divs, ":::\n");
    }
    const char *texts[] = {quotes->str, lists->str, divs->str};
    const guint lines[] = {3, 35, 35};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
      g_autoptr(GError) error = NULL;
      g_autoptr(Document) document = markup_parse(slice_of(texts[i]), &error);
      assert_int_equal(document != NULL, depth == 32);
      if (depth == 33) {
        g_autofree char *line = g_strdup_printf("line %u: ", lines[i]);
        assert_int_equal(error->code, MARKUP_ERROR_TOO_DEEP);
        assert_true(g_str_has_prefix(error->message, line));
      }
    }
  }
}

static void test_size_limit(void **state) {
  g_autoptr(GError) error = NULL;
  g_autofree char *big = g_malloc((4u << 20) + 1);
  memset(big, 'a', (4u << 20) + 1);
  assert_null(markup_parse((Slice){big, (4u << 20) + 1}, &error));
  assert_int_equal(error->code, MARKUP_ERROR_TOO_LARGE);
  g_autoptr(Document) document = markup_parse((Slice){big, 4u << 20}, NULL);
  assert_non_null(document);
}

static void test_split(void **state) {
  static const struct {
    const char *markdown, *before;
    guint after;
  } CASES[] = {
      {"a\n\nb\n\nc\n\nd", "<p>a</p>\n<p>b</p>\n<p>c</p>\n", 3},
      {"a\n\n> q\n>\n> q\n\nb\n\n- l\n\nc ![i](x)\n\nd",
       "<p>a</p>\n<blockquote>\n<p>q</p>\n<p>q</p>\n</blockquote>\n<p>b</p>\n<ul>\n<li>l</li>\n</"
       "ul>\n<p>c </p>\n<figure>x;i;;</figure>\n",
       3},
      {"a\n\nb", "<p>a</p>\n<p>b</p>\n", 3},
      {"a\n\nb", "<p>a</p>\n<p>b</p>\n", 0},
      {"::: factbox\na\n\nb\n\nc\n:::\n\nd\n\ne",
       "<aside class=\"fact-box\">\n<p>a</p>\n<p>b</p>\n<p>c</p>\n</aside>\n<p>d</p>\n", 1},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autoptr(Document) document = markup_parse(slice_of(CASES[i].markdown), NULL);
    g_autoptr(GString) out = g_string_new("before");
    MarkupHtmlOptions options = {.write_figure = write_test_figure,
                                 .split_after_paragraph = CASES[i].after};
    gsize split = 0;
    markup_write_html(out, document, &options, &split);
    g_string_truncate(out, split);
    assert_string_equal(out->str + strlen("before"), CASES[i].before);
  }
}

static void test_absolute_links(void **state) {
  g_autoptr(Document) document =
      markup_parse(SLICE_LITERAL("[a](/x) [b](y) [c](https://z.org) [d](//w.org/) [e](#f)"), NULL);
  g_autoptr(GString) out = g_string_new(NULL);
  MarkupHtmlOptions options = {.base_url = "https://example.org", .site_host = "example.org"};
  markup_write_html(out, document, &options, NULL);
  assert_string_equal(
      out->str,
      "<p><a href=\"https://example.org/x\">a</a> <a href=\"https://example.org/y\">b</a> "
      "<a href=\"https://z.org\" rel=\"noopener\">c</a> <a href=\"//w.org/\" "
      "rel=\"noopener\">d</a> "
      "<a href=\"https://example.org/#f\">e</a></p>\n");
}

static void test_text(void **state) {
  g_autoptr(Document) document = markup_parse(
      SLICE_LITERAL(
          "# Head\n\nOne *two*\nthree &amp; [four](/x).\n\n![alt](x.jpg \"caption\")\n\n- five\n- "
          "six\n  seven\n\n"
          "| a | b |\n|---|---|\n| c | d |\n\n::: factbox T\nbody\n:::\n\n```\ncode\n```\n"),
      NULL);
  g_autofree char *text = document_text(document);
  assert_string_equal(
      text,
      "Head\n\nOne two three & four.\n\nfive\n\nsix seven\n\na\tb\nc\td\n\nT\n\nbody\n\ncode\n");
  assert_int_equal(document_word_count(document), 15);
}

static void test_image_urls(void **state) {
  g_autoptr(Document) document =
      markup_parse(SLICE_LITERAL("![](a.jpg)\n\nx ![](b&amp;c.jpg) "
                                 "![](a.jpg)\n\n`![](no.jpg)`\n\n::: card /x\n![](d.jpg)\n:::"),
                   NULL);
  g_autoptr(GPtrArray) urls = document_image_urls(document);
  assert_int_equal(urls->len, 3);
  assert_string_equal(urls->pdata[0], "a.jpg");
  assert_string_equal(urls->pdata[1], "b&c.jpg");
  assert_string_equal(urls->pdata[2], "d.jpg");
}

static void test_lines(void **state) {
  g_autoptr(Document) document = markup_parse(
      SLICE_LITERAL("one\n\n\ntwo\nthree\n\n::: factbox T\nfive\n:::\n\n- six\n- ![](a.jpg)\n"),
      NULL);
  const Node *node = document_root(document)->first_child;
  assert_int_equal(node->line, 1);
  node = node->next;
  assert_int_equal(node->line, 4);
  node = node->next;
  assert_int_equal(node->line, 7);
  assert_int_equal(node->first_child->line, 8);
  node = node->next;
  assert_int_equal(node->line, 11);
  assert_int_equal(node->first_child->next->line, 12);
}

static char *replace_jpg(const char *url, gpointer data) {
  g_string_append_printf(data, "%s;", url);
  return g_str_has_suffix(url, ".jpg") ? g_strdup("image:H") : NULL;
}

static void test_replace_image_urls(void **state) {
  static const struct {
    const char *markdown, *replaced, *seen;
  } CASES[] = {
      {"", "", ""},
      {"![a](x.jpg)", "![a](image:H)", "x.jpg;"},
      {"a\r\n![a]( <x y.jpg>  'T | C' )\r\n\tb ", "a\r\n![a]( <image:H>  'T | C' )\r\n\tb ",
       "x y.jpg;"},
      {"[x.jpg](x.jpg) `![](x.jpg)` \\![](x.jpg) ![](x.png)",
       "[x.jpg](x.jpg) `![](x.jpg)` \\![](x.jpg) ![](x.png)", "x.png;"},
      {"```\n![](x.jpg)\n```\n\n    ![](x.jpg)\n", "```\n![](x.jpg)\n```\n\n    ![](x.jpg)\n", ""},
      {"![a&amp;b](https://e.org/?a=1&amp;b=2\\).jpg)", "![a&amp;b](image:H)",
       "https://e.org/?a=1&b=2).jpg;"},
      {"![a][r] ![b][r]\n\n[r]: x.jpg 'T'\n", "![a][r] ![b][r]\n\n[r]: image:H 'T'\n", "x.jpg;"},
      {"![a][r] [b][r]\n\n[r]: x.jpg 'T'\n", "![a][r] [b][r]\n\n[r]: x.jpg 'T'\n", ""},
      {"[![a](x.jpg)](x.jpg)", "[![a](image:H)](x.jpg)", "x.jpg;"},
      {"| ![a](x.jpg) |\n|--|\n| ![b\\|c](y.jpg) |\n",
       "| ![a](image:H) |\n|--|\n| ![b\\|c](image:H) |\n", "x.jpg;y.jpg;"},
      {"::: factbox ![](x.jpg)\n    ![](x.jpg)\n\n![](y.jpg)\n:::\n![](z.jpg)",
       "::: factbox ![](x.jpg)\n    ![](x.jpg)\n\n![](image:H)\n:::\n![](image:H)", "y.jpg;z.jpg;"},
      {"> - ![](x.jpg)\n>   ![](y.jpg)\n", "> - ![](image:H)\n>   ![](image:H)\n", "x.jpg;y.jpg;"},
      {"`a\\` ![](x.jpg) `b`", "`a\\` ![](image:H) `b`", "x.jpg;"},
      {"![](javascript:x.jpg)", "![](javascript:x.jpg)", ""},
      {"![a ![b](x.jpg)](y.jpg)", "![a ![b](image:H)](image:H)", "x.jpg;y.jpg;"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autoptr(GString) seen = g_string_new(NULL);
    g_autofree char *replaced =
        markup_replace_image_urls(slice_of(CASES[i].markdown), replace_jpg, seen, NULL);
    assert_string_equal(replaced, CASES[i].replaced);
    assert_string_equal(seen->str, CASES[i].seen);
  }
}

static char *replace_any(const char *url, gpointer data) {
  return g_strdup(data);
}

// What is put in comes out again, whatever it is.
static void test_replace_round_trip(void **state) {
  static const char *const URLS[] = {"image:0123", "a b.jpg", "x(1).jpg",
                                     "a&amp;b",    "a<b>c",   "https://e.org/?a=1&copy;=2",
                                     "ü.jpg"};
  static const char *const TEXTS[] = {"![a](x)", "![a](<x>)", "|![a](x)|\n|--|\n",
                                      "![a][r]\n\n[r]: x"};
  for (gsize i = 0; i < G_N_ELEMENTS(URLS); i++) {
    for (gsize j = 0; j < G_N_ELEMENTS(TEXTS); j++) {
      g_autofree char *text =
          markup_replace_image_urls(slice_of(TEXTS[j]), replace_any, (gpointer)URLS[i], NULL);
      g_autoptr(Document) document = markup_parse(slice_of(text), NULL);
      g_autoptr(GPtrArray) urls = document_image_urls(document);
      assert_int_equal(urls->len, 1);
      g_autofree char *got = g_uri_unescape_string(urls->pdata[0], NULL);
      assert_string_equal(got, URLS[i]);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_commonmark),
      cmocka_unit_test(test_pictures),
      cmocka_unit_test(test_blocks),
      cmocka_unit_test(test_errors),
      cmocka_unit_test(test_nesting_limit),
      cmocka_unit_test(test_size_limit),
      cmocka_unit_test(test_split),
      cmocka_unit_test(test_absolute_links),
      cmocka_unit_test(test_text),
      cmocka_unit_test(test_image_urls),
      cmocka_unit_test(test_lines),
      cmocka_unit_test(test_replace_image_urls),
      cmocka_unit_test(test_replace_round_trip),
  };
  return cmocka_run_group_tests_name("press/markup", tests, NULL, NULL);
}
