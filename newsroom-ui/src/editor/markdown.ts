// SPDX-License-Identifier: Apache-2.0
//
// Markdown <-> the editor's document, without loss: each top-level block remembers the very text it
// came from (and the gap after it), and gives it back as long as nobody has changed the block.
// ProseMirror's nodes are immutable, so "unchanged" is "the same object". A changed block is written
// anew. Raw HTML is text to press/markup, and so it is here. What the
// rich view has no form for (definitions of references, a block never closed) becomes a `source` block, its own text.
import MarkdownIt from "markdown-it";
import type Token from "markdown-it/lib/token.mjs";
import { MarkdownParser, MarkdownSerializer, type MarkdownSerializerState } from "prosemirror-markdown";
import { Fragment, type Node } from "prosemirror-model";
import { schema } from "./schema";

const markdownIt = MarkdownIt("commonmark", { html: false }).enable(["table", "strikethrough"]);

type Origin = { text: string; gap: string; next: Node | null };
const origins = new WeakMap<Node, Origin>();
const leads = new WeakMap<Node, string>(); // blank lines before the first block

const inlineParser = new MarkdownParser(schema, markdownIt, {
  blockquote: { block: "blockquote" },
  paragraph: { block: "paragraph" },
  list_item: { block: "list_item" },
  bullet_list: { block: "bullet_list", getAttrs: (_, tokens, i) => ({ tight: isTight(tokens, i) }) },
  ordered_list: { block: "ordered_list", getAttrs: (token, tokens, i) => ({ order: Number(token.attrGet("start")) || 1, tight: isTight(tokens, i) }) },
  heading: { block: "heading", getAttrs: (token) => ({ level: Number(token.tag.slice(1)) }) },
  code_block: { block: "code_block", noCloseToken: true },
  fence: { block: "code_block", getAttrs: (token) => ({ params: token.info || "" }), noCloseToken: true },
  hr: { node: "horizontal_rule" },
  table: { block: "table" },
  thead: { ignore: true },
  tbody: { ignore: true },
  tr: { block: "table_row" },
  th: { block: "table_header", getAttrs: (token) => ({ align: alignOf(token) }) },
  td: { block: "table_cell", getAttrs: (token) => ({ align: alignOf(token) }) },
  image: { node: "image", getAttrs: (token) => ({ src: token.attrGet("src"), title: token.attrGet("title") || "", alt: altOf(token) }) },
  hardbreak: { node: "hard_break" },
  em: { mark: "em" },
  strong: { mark: "strong" },
  s: { mark: "strike" },
  link: { mark: "link", getAttrs: (token) => ({ href: token.attrGet("href"), title: token.attrGet("title") || null }) },
  code_inline: { mark: "code", noCloseToken: true },
});

function isTight(tokens: readonly Token[], i: number): boolean {
  for (let at = i + 1; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (token.type === "paragraph_open" && token.level === tokens[i]!.level + 2) return token.hidden;
    if (token.level <= tokens[i]!.level) break;
  }
  return true;
}

const alignOf = (token: Token) => /text-align:(\w+)/.exec(token.attrGet("style") ?? "")?.[1] ?? "";
const altOf = (token: Token) => (token.children ?? []).map((child) => child.content).join("");

function parseTokens(text: string): Node[] | null {
  const tokens = markdownIt.parse(text, environment);
  if (tokens.length === 0) return null;
  const found: Node[] = [];
  inlineParser.parse(text, environment)?.forEach((node) => void found.push(node));
  return found.map(figures);
}

let environment: { references?: object } = {}; // the definitions of the document being parsed

// A paragraph of one picture is a figure: everywhere in the tree.
function figures(node: Node): Node {
  if (node.type === schema.nodes.paragraph && node.childCount === 1 && node.firstChild!.type === schema.nodes.image && node.firstChild!.marks.length === 0) {
    const { src, alt, title } = node.firstChild!.attrs;
    const bar = title.lastIndexOf(" | ");
    const caption = bar >= 0 ? title.slice(0, bar) : title.startsWith("| ") ? "" : title;
    const credit = bar >= 0 ? title.slice(bar + 3) : title.startsWith("| ") ? title.slice(2) : "";
    return schema.nodes.figure!.create({ url: src, alt, caption: caption.trim(), credit: credit.trim() });
  }
  if (node.isTextblock || node.isLeaf) return node;
  const children: Node[] = [];
  node.forEach((child) => children.push(figures(child)));
  return node.copy(Fragment.from(children));
}

const sourceNode = (text: string) => schema.nodes.source!.create(null, text === "" ? [] : [schema.text(text)]);

type Chunk = { text: string; gap: string };
const COLONS = /^ {0,3}:::+\s*(.*?)\s*$/;

// The document's lines, cut into top-level blocks: a ":::" block whole, everything else as the
// parser sees it, and what yields no token (reference definitions) by itself.
function chunks(source: string): { lead: string; list: Chunk[] } {
  const lines = source.split(/(?<=\n)/);
  const starts: { from: number; to: number }[] = [];
  const codeLines = new Set<number>();
  const whole = markdownIt.parse(source, {});
  for (const token of whole) {
    if (token.map && (token.type === "fence" || token.type === "code_block")) for (let i = token.map[0]; i < token.map[1]; i++) codeLines.add(i);
  }
  let at = 0;
  while (at < lines.length) {
    const open = !codeLines.has(at) && COLONS.exec(lines[at]!.replace(/\r?\n$/, ""));
    if (open && open[1] !== "") {
      let depth = 0, end = at;
      for (; end < lines.length; end++) {
        const mark = codeLines.has(end) ? null : COLONS.exec(lines[end]!.replace(/\r?\n$/, ""));
        if (mark) depth += mark[1] === "" ? -1 : 1;
        if (mark && depth === 0) break;
      }
      starts.push({ from: at, to: Math.min(end + 1, lines.length) });
      at = Math.min(end + 1, lines.length);
      continue;
    }
    let stop = at;
    while (stop < lines.length && !(!codeLines.has(stop) && COLONS.exec(lines[stop]!.replace(/\r?\n$/, "")) && stop > at)) stop++;
    const part = lines.slice(at, stop).join("");
    let next = 0;
    const count = stop - at;
    for (const token of markdownIt.parse(part, {})) {
      if (token.level !== 0 || !token.map || token.nesting < 0) continue;
      let [from, to] = token.map;
      while (to > from && lines[at + to - 1]!.trim() === "") to--;
      if (from > next) pushLoose(lines, at + next, at + from, starts);
      if (to > from && from >= next) {
        starts.push({ from: at + from, to: at + to });
        next = to;
      }
    }
    if (next < count) pushLoose(lines, at + next, stop, starts);
    at = stop;
  }
  const text = (from: number, to: number) => lines.slice(from, to).join("");
  const list = starts.map((range, i) => {
    const end = i + 1 < starts.length ? starts[i + 1]!.from : lines.length;
    const body = text(range.from, range.to);
    const bare = body.replace(/\r?\n$/, "");
    return { text: bare, gap: body.slice(bare.length) + text(range.to, end) };
  });
  return { lead: starts.length > 0 ? text(0, starts[0]!.from) : source, list };
}

function pushLoose(lines: string[], from: number, to: number, starts: { from: number; to: number }[]) {
  while (from < to && lines[from]!.trim() === "") from++;
  while (to > from && lines[to - 1]!.trim() === "") to--;
  if (to > from) starts.push({ from, to });
}

function blockOf(text: string): Node[] {
  try {
    const lines = text.split(/\r?\n/);
    const open = COLONS.exec(lines[0]!);
    if (open && open[1] !== "") return [divOf(lines, open[1]!)];
    const found = parseTokens(text);
    if (found && found.length > 0) return found;
  } catch {
    // no form for it: source
  }
  return [sourceNode(text)];
}

function divOf(lines: string[], words: string): Node {
  const [, name, rest] = /^(\S+)\s*(.*)$/.exec(words)!;
  const kind = name!.replace(/^\{\.(.*)\}$/, "$1").toLowerCase().replace("-", "");
  if (lines.length < 2 || !/^ {0,3}:::+\s*$/.test(lines[lines.length - 1]!)) throw new Error("never closed");
  const body = lines.slice(1, -1);
  if (kind === "card") return schema.nodes.card!.create({ url: rest, text: body.join("\n").trim() });
  if (kind === "factbox") return schema.nodes.fact_box!.create({ title: rest }, children(body.join("\n")));
  if (kind === "pullquote") {
    if (rest) throw new Error("words after it");
    let cite = "";
    while (body.length > 0 && body[body.length - 1]!.trim() === "") body.pop();
    const last = /^\s*(?:--|—|–)\s*(.+)$/.exec(body[body.length - 1] ?? "");
    if (last) {
      cite = last[1]!.trim();
      body.pop();
    }
    return schema.nodes.pull_quote!.create({ cite }, children(body.join("\n")));
  }
  throw new Error("unknown block");
}

function children(source: string): Node[] {
  const found = chunks(source).list.flatMap((chunk) => blockOf(chunk.text));
  return found.length > 0 ? found : [schema.nodes.paragraph!.create()];
}

export function parseMarkdown(source: string): Node {
  environment = {};
  markdownIt.parse(source, environment);
  const { lead, list } = chunks(source);
  const found: Node[] = [];
  const groups: { first: number; count: number; chunk: Chunk }[] = [];
  for (const chunk of list) {
    const parsed = blockOf(chunk.text);
    // Two blocks out of one chunk can't share one text.
    const nodes = parsed.length === 1 ? parsed : [sourceNode(chunk.text)];
    groups.push({ first: found.length, count: 1, chunk });
    found.push(...nodes);
  }
  if (found.length === 0) found.push(schema.nodes.paragraph!.create());
  const doc = schema.nodes.doc!.create(null, found);
  groups.forEach((group, i) => {
    const node = found[group.first]!;
    origins.set(node, { text: group.chunk.text, gap: group.chunk.gap, next: i + 1 < groups.length ? found[group.first + 1]! : null });
  });
  leads.set(found[0]!, groups.length > 0 ? lead : source);
  return doc;
}

// ---- writing ------------------------------------------------------------------------------------

const escapeTitle = (text: string) => text.replace(/([\\"])/g, "\\$1").replace(/\n+/g, " ");
const escapeAlt = (text: string) => text.replace(/([\\[\]*_`<])/g, "\\$1").replace(/\n+/g, " ");
const target = (url: string) => (/[\s()<>]/.test(url) || url === "" ? `<${url.replace(/[<>\n]/g, encodeURIComponent)}>` : url);

function titleOf(caption: string, credit: string): string {
  const words = credit ? (caption ? `${caption} | ${credit}` : `| ${credit}`) : caption;
  return words ? ` "${escapeTitle(words)}"` : "";
}

function inlineText(node: Node): string {
  const part = serializer.serialize(schema.nodes.doc!.create(null, schema.nodes.paragraph!.create(null, node.content)));
  return part.replace(/\\\n|\n/g, " ").replace(/\|/g, "\\|").trim();
}

function writeTable(state: MarkdownSerializerState, node: Node) {
  const rows: string[][] = [];
  const aligns: string[] = [];
  node.forEach((row, _, index) => {
    const cells: string[] = [];
    row.forEach((cell, __, column) => {
      cells.push(inlineText(cell));
      if (index === 0) aligns[column] = cell.attrs.align;
    });
    rows.push(cells);
  });
  const width = Math.max(...rows.map((row) => row.length));
  const line = (cells: string[]) => `| ${Array.from({ length: width }, (_, i) => cells[i] ?? "").join(" | ")} |`;
  const rule = { left: ":---", right: "---:", center: ":---:" } as Record<string, string>;
  state.write(`${line(rows[0]!)}\n`);
  state.write(`${line(Array.from({ length: width }, (_, i) => rule[aligns[i] ?? ""] ?? "---"))}`);
  for (const row of rows.slice(1)) state.write(`\n${line(row)}`);
  state.closeBlock(node);
}

function writeDiv(state: MarkdownSerializerState, node: Node, open: string, cite: string) {
  state.write(`::: ${open}\n`);
  const blocks: string[] = [];
  node.forEach((child) => blocks.push(writeBlock(child)));
  state.text(blocks.join("\n\n"), false);
  if (cite) state.text(`\n-- ${cite}`, false);
  state.text("\n:::", false);
  state.closeBlock(node);
}

type Options = MarkdownSerializerState & { options: { alternate?: boolean } };

const serializer = new MarkdownSerializer(
  {
    paragraph: (state, node) => {
      state.renderInline(node);
      state.closeBlock(node);
    },
    heading: (state, node) => {
      state.write(`${"#".repeat(node.attrs.level)} `);
      state.renderInline(node, false);
      state.closeBlock(node);
    },
    blockquote: (state, node) => state.wrapBlock("> ", null, node, () => state.renderContent(node)),
    pull_quote: (state, node) => writeDiv(state, node, "pullquote", node.attrs.cite),
    fact_box: (state, node) => writeDiv(state, node, `factbox ${node.attrs.title}`.trim(), ""),
    card: (state, node) => {
      state.text(`::: card ${node.attrs.url}\n${node.attrs.text}\n:::`, false);
      state.closeBlock(node);
    },
    figure: (state, node) => {
      const { url, alt, caption, credit } = node.attrs;
      state.text(`![${escapeAlt(alt)}](${target(url)}${titleOf(caption, credit)})`, false);
      state.closeBlock(node);
    },
    source: (state, node) => {
      state.text(node.textContent, false);
      state.closeBlock(node);
    },
    code_block: (state, node) => {
      const fence = "`".repeat(Math.max(3, ...(node.textContent.match(/`{3,}/g) ?? []).map((run) => run.length + 1)));
      state.write(`${fence}${node.attrs.params}\n`);
      state.text(node.textContent, false);
      if (node.textContent !== "" && !node.textContent.endsWith("\n")) state.write("\n");
      state.write(fence);
      state.closeBlock(node);
    },
    horizontal_rule: (state, node) => {
      state.write("---");
      state.closeBlock(node);
    },
    bullet_list: (state, node) => state.renderList(node, "  ", () => ((state as Options).options.alternate ? "* " : "- ")),
    ordered_list: (state, node) => {
      const start = node.attrs.order;
      const width = String(start + node.childCount - 1).length;
      state.renderList(node, " ".repeat(width + 2), (i) => `${start + i}${(state as Options).options.alternate ? ")" : "."} `);
    },
    list_item: (state, node) => state.renderContent(node),
    table: writeTable,
    table_row: () => undefined,
    table_cell: () => undefined,
    table_header: () => undefined,
    text: (state, node) => state.text(node.text!, true),
    image: (state, node) => {
      const title = node.attrs.title ? ` "${escapeTitle(node.attrs.title)}"` : "";
      state.write(`![${escapeAlt(node.attrs.alt)}](${target(node.attrs.src)}${title})`);
    },
    hard_break: (state, node, parent, index) => {
      for (let i = index + 1; i < parent.childCount; i++) {
        if (parent.child(i).type !== node.type) {
          state.write("\\\n");
          return;
        }
      }
    },
  },
  {
    em: { open: "*", close: "*", mixable: true, expelEnclosingWhitespace: true },
    strong: { open: "**", close: "**", mixable: true, expelEnclosingWhitespace: true },
    strike: { open: "~~", close: "~~", mixable: true, expelEnclosingWhitespace: true },
    link: {
      open: () => "[",
      close: (_state, mark) => `](${target(mark.attrs.href)}${mark.attrs.title ? ` "${escapeTitle(mark.attrs.title)}"` : ""})`,
      mixable: true,
    },
    code: {
      open: (_state, _mark, parent, index) => backticks(parent.child(index), -1),
      close: (_state, _mark, parent, index) => backticks(parent.child(index - 1), 1),
      escape: false,
    },
  },
  { escapeExtraCharacters: /<|&(?=#?\w+;)/g },
);

function backticks(node: Node, side: number): string {
  const longest = Math.max(0, ...(node.isText ? (node.text!.match(/`+/g) ?? []).map((run) => run.length) : []));
  const run = "`".repeat(longest + 1);
  return longest === 0 ? run : side < 0 ? `${run} ` : ` ${run}`;
}

// `before`: what stands above it; two lists in a row need other marks to stay two.
function writeBlock(node: Node, before = ""): string {
  const origin = origins.get(node);
  if (origin) return origin.text;
  const alternate = /^ {0,3}(-|\d+\.)( |$)/.test(before);
  const text = serializer.serialize(schema.nodes.doc!.create(null, node), { tightLists: true, alternate } as object);
  // ":::" begins a block of ours, also in the middle of a paragraph, and "1)" a list.
  if (node.type === schema.nodes.paragraph) return text.replace(/^( {0,3}):::/gm, "$1\\:::").replace(/^(\d{1,9})\)(?=\s|$)/gm, "$1\\)");
  return text;
}

export function writeMarkdown(doc: Node): string {
  if (doc.childCount === 1 && doc.firstChild!.type === schema.nodes.paragraph && doc.firstChild!.childCount === 0 && !origins.get(doc.firstChild!)) {
    return leads.get(doc.firstChild!) ?? "";
  }
  let written = leads.get(doc.firstChild!) ?? "";
  let before = "";
  doc.forEach((node, _offset, index) => {
    const last = index === doc.childCount - 1;
    const next = last ? null : doc.child(index + 1);
    const text = writeBlock(node, before);
    if (text === "" && !last) return; // an empty paragraph while one writes
    before = text;
    written += text;
    const origin = origins.get(node);
    const kept = origin && (origin.next === next || (next && /\n[ \t]*\r?\n/.test(origin.gap)));
    written += kept ? origin.gap : last ? (text ? "\n" : "") : "\n\n";
  });
  return written;
}

// For word counts and reading time.
export function countWords(doc: Node): number {
  let words = 0;
  const text = doc.textBetween(0, doc.content.size, " ", " ");
  if (typeof Intl !== "undefined" && "Segmenter" in Intl) {
    for (const part of new Intl.Segmenter(undefined, { granularity: "word" }).segment(text)) if (part.isWordLike) words++;
    return words;
  }
  return text.split(/\s+/).filter(Boolean).length;
}
