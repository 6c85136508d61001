// SPDX-License-Identifier: Apache-2.0
//
// The editor's document: what press/markup makes of a story's Markdown, node for node. A block that
// the rich view has no form for (reference definitions, a block never closed) is a `source` block: shown and
// edited as the text that it is, so that nothing is ever lost.
import { Schema, type NodeSpec, type DOMOutputSpec } from "prosemirror-model";
import { tableNodes } from "prosemirror-tables";

const text = (dom: HTMLElement, name: string) => dom.getAttribute(name) ?? "";

const tables = tableNodes({
  tableGroup: "block",
  cellContent: "inline*",
  cellAttributes: {
    align: {
      default: "",
      getFromDOM: (dom) => (dom as HTMLElement).style.textAlign,
      setDOMAttr: (value, attrs) => {
        if (value) attrs["data-align"] = value;
      },
    },
  },
});

const nodes: Record<string, NodeSpec> = {
  doc: { content: "block+" },
  paragraph: { content: "inline*", group: "block", parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
  heading: {
    content: "inline*",
    group: "block",
    defining: true,
    attrs: { level: { default: 2 } },
    parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}`, attrs: { level: Math.max(2, level) } })),
    toDOM: (node): DOMOutputSpec => [`h${node.attrs.level}`, 0],
  },
  blockquote: { content: "block+", group: "block", defining: true, parseDOM: [{ tag: "blockquote" }], toDOM: () => ["blockquote", 0] },
  pull_quote: {
    content: "block+",
    group: "block",
    defining: true,
    attrs: { cite: { default: "" } },
    parseDOM: [{ tag: "aside.pullquote", attrs: {} }],
    toDOM: () => ["aside", { class: "pullquote" }, 0],
  },
  fact_box: {
    content: "block+",
    group: "block",
    defining: true,
    attrs: { title: { default: "" } },
    parseDOM: [{ tag: "aside.factbox" }],
    toDOM: () => ["aside", { class: "factbox" }, 0],
  },
  card: {
    group: "block",
    atom: true,
    attrs: { url: { default: "" }, text: { default: "" } },
    toDOM: (node) => ["div", { class: "card", "data-url": node.attrs.url }, node.attrs.text],
  },
  figure: {
    group: "block",
    atom: true,
    draggable: true,
    attrs: { url: { default: "" }, alt: { default: "" }, caption: { default: "" }, credit: { default: "" } },
    parseDOM: [
      {
        tag: "figure[data-url]",
        getAttrs: (dom) => ({ url: text(dom, "data-url"), alt: text(dom, "data-alt"), caption: text(dom, "data-caption"), credit: text(dom, "data-credit") }),
      },
    ],
    toDOM: (node) => [
      "figure",
      { "data-url": node.attrs.url, "data-alt": node.attrs.alt, "data-caption": node.attrs.caption, "data-credit": node.attrs.credit },
    ],
  },
  source: {
    group: "block",
    content: "text*",
    marks: "",
    code: true,
    defining: true,
    parseDOM: [{ tag: "pre[data-source]", preserveWhitespace: "full" }],
    toDOM: () => ["pre", { "data-source": "" }, ["code", 0]],
  },
  code_block: {
    content: "text*",
    marks: "",
    group: "block",
    code: true,
    defining: true,
    attrs: { params: { default: "" } },
    parseDOM: [{ tag: "pre", preserveWhitespace: "full" }],
    toDOM: () => ["pre", ["code", 0]],
  },
  horizontal_rule: { group: "block", parseDOM: [{ tag: "hr" }], toDOM: () => ["div", { class: "rule" }, ["hr"]] },
  ordered_list: {
    content: "list_item+",
    group: "block",
    attrs: { order: { default: 1 }, tight: { default: true } },
    parseDOM: [{ tag: "ol", getAttrs: (dom) => ({ order: Number((dom as HTMLOListElement).start) || 1 }) }],
    toDOM: (node) => ["ol", { start: node.attrs.order }, 0],
  },
  bullet_list: { content: "list_item+", group: "block", attrs: { tight: { default: true } }, parseDOM: [{ tag: "ul" }], toDOM: () => ["ul", 0] },
  list_item: { content: "block+", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
  ...tables,
  text: { group: "inline" },
  image: {
    inline: true,
    group: "inline",
    draggable: true,
    attrs: { src: {}, alt: { default: "" }, title: { default: "" } },
    toDOM: (node) => ["span", { class: "inline-picture", "data-src": node.attrs.src }, node.attrs.alt || "▣"],
  },
  hard_break: { inline: true, group: "inline", selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
};

export const schema = new Schema({
  nodes,
  marks: {
    link: {
      attrs: { href: {}, title: { default: null } },
      inclusive: false,
      parseDOM: [
        {
          tag: "a[href]",
          getAttrs: (dom) => (/^(https?:|mailto:|tel:|\/|#)/i.test(text(dom, "href")) ? { href: text(dom, "href"), title: dom.getAttribute("title") } : false),
        },
      ],
      toDOM: (mark) => ["a", { href: mark.attrs.href, title: mark.attrs.title, rel: "noopener" }, 0],
    },
    em: { parseDOM: [{ tag: "i" }, { tag: "em" }], toDOM: () => ["em", 0] },
    strong: {
      parseDOM: [{ tag: "strong" }, { tag: "b" }], // looks that mean it: editor/paste
      toDOM: () => ["strong", 0],
    },
    strike: { parseDOM: [{ tag: "s" }, { tag: "del" }, { tag: "strike" }], toDOM: () => ["s", 0] },
    code: { code: true, parseDOM: [{ tag: "code" }], toDOM: () => ["code", 0] },
  },
});
