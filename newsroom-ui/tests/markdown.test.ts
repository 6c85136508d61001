// SPDX-License-Identifier: Apache-2.0
//
// Markdown that goes into the editor comes out as it was, and what is changed changes alone.
import test from "node:test";
import assert from "node:assert/strict";
import { parseMarkdown, writeMarkdown } from "../src/editor/markdown";
import { schema } from "../src/editor/schema";
import { Fragment, type Node } from "prosemirror-model";

const SOURCES: Record<string, string> = {
  empty: "",
  plain: "One.\n\nTwo *with* emphasis and **more**.\n",
  "no newline at the end": "One.\n\nTwo.",
  "gaps and spaces": "\n\nOne.  \nbroken\n\n\n\nTwo.\n\n\n",
  "windows lines": "One.\r\n\r\nTwo\r\nlines.\r\n",
  headings: "# One\nText\n\nSetext\n======\n\n## Two ##\n",
  lists: "* a\n* b\n\n  c\n\n1) x\n2) y\n   - z\n",
  "lists beside each other": "- a\n- b\n\n* c\n\n+ d\n",
  references: "See [this][one] and ![p][two].\n\n[one]: https://example.org 'T'\n[two]: image:abc\n",
  html: "<div>\n<script>alert(1)</script>\n</div>\n\nText <b>bold</b> here.\n",
  figure: '![Boats](image:abc123 "The harbour | Ann Photographer")\n\nText ![inline](image:def) text.\n',
  quote: "> One\n> two\n>\n> - three\n\nlazy\n",
  divs: "::: pullquote\nThe words.\n-- Who said\n:::\n\n::: factbox A title\n- one\n- two\n\nPara\n:::\n\n::: card https://example.org/x\nHead\nline\n:::\n",
  "divs without blank lines": "Before\n::: factbox X\ninside\n:::\nafter\n",
  nested: "::: factbox Outer\ntext\n\n::: pullquote\nq\n:::\n:::\n",
  "broken div": "::: factbox never closed\ntext\n\nmore\n",
  "unknown div": "::: banner\ntext\n:::\n",
  code: "```c\n::: not a div\nint x;\n```\n\n    indented\n\n`a ` b`\n",
  table: "| a | b |\n|:--|--:|\n| 1 | 2 \\| 3 |\n",
  rule: "a\n\n***\n\nb\n\n- - -\n",
  entities: "AT&amp;T &copy; \\*not\\* 1 < 2 https://example.org/_x_\n",
  arabic: "مرحبا **بالعالم**\n\n> اقتباس\n",
  breaks: "one\\\ntwo  \nthree\n",
  "hash paragraph": "\\# not a heading\n\n1\\. not a list\n\n\\::: not a block\n",
};

for (const [name, source] of Object.entries(SOURCES)) {
  test(`unchanged: ${name}`, () => assert.equal(writeMarkdown(parseMarkdown(source)), source));
}

test("a changed block leaves the others as they were", () => {
  const source = "* star\n* list\n\n\nMiddle one.\n\n<p>html</p>\n\nSetext\n---\n";
  const doc = parseMarkdown(source);
  const children: Node[] = [];
  doc.forEach((node) => children.push(node.textContent === "Middle one." ? schema.nodes.paragraph!.create(null, schema.text("Changed *here*.")) : node));
  assert.equal(writeMarkdown(doc.copy(Fragment.from(children))), source.replace("Middle one.", "Changed \\*here\\*."));
});

// Every block written anew means what it meant: parse, forget the origins, write, parse, compare.
const forget = (node: Node): Node => node.type.create(node.attrs, node.isLeaf ? null : Fragment.from(children(node).map((child) => (child.isText ? child : forget(child)))), node.marks);
function children(node: Node): Node[] {
  const list: Node[] = [];
  node.forEach((child) => list.push(child));
  return list;
}
for (const [name, source] of Object.entries(SOURCES)) {
  test(`written anew: ${name}`, () => {
    const first = parseMarkdown(source);
    const again = parseMarkdown(writeMarkdown(forget(first)));
    assert.deepEqual(again.toJSON(), first.toJSON());
  });
}

test("what people type stays text", () => {
  for (const line of ["::: factbox", "# x", "1. x", "- x", "> x", "a_b_c *d*", "<script>", "![x](y)", "[x](y)", "`x`", "~~x~~", "&amp;", "a\\b", "+ x", "---", "===", "\tx".trim(), "| a | b |", "2) y", "![", "http://a_b_c"]) {
    const doc = schema.nodes.doc!.create(null, schema.nodes.paragraph!.create(null, schema.text(line)));
    const back = parseMarkdown(writeMarkdown(doc));
    assert.equal(back.textContent, line);
    assert.equal(back.firstChild!.type.name, "paragraph", line);
    assert.ok(back.firstChild!.firstChild!.marks.length === 0, line);
  }
});
