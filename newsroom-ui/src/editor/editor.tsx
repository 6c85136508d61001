// SPDX-License-Identifier: Apache-2.0
//
// The rich editor: ProseMirror over the schema, with its tools, keys, input rules and clean paste.
// Its owner gives Markdown and gets Markdown; the source view is the same text in a plain field.
import { useEffect, useImperativeHandle, useRef, useState } from "preact/hooks";
import type { Ref } from "preact";
import { baseKeymap, chainCommands, exitCode, lift, setBlockType, toggleMark, wrapIn } from "prosemirror-commands";
import { dropCursor } from "prosemirror-dropcursor";
import { gapCursor } from "prosemirror-gapcursor";
import { history, redo, undo } from "prosemirror-history";
import { InputRule, ellipsis, inputRules, smartQuotes, textblockTypeInputRule, wrappingInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { type Node, type NodeType, Slice } from "prosemirror-model";
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
import { type Command, EditorState, Plugin, PluginKey, type Transaction } from "prosemirror-state";
import { addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable, goToNextCell, isInTable, tableEditing } from "prosemirror-tables";
import { Decoration, DecorationSet, EditorView } from "prosemirror-view";
import { Button, Dialog, Input, Menu, type MenuItem } from "../ui/parts";
import { t } from "../words";
import { countWords, parseMarkdown, writeMarkdown } from "./markdown";
import { cleanPaste } from "./paste";
import { schema } from "./schema";
import { AsideView, CardView, FigureView, type Pictures } from "./views";

export type Passage = { id: number; prefix: string; text: string };
export type EditorHandle = {
  setMarkdown: (markdown: string) => void; // from outside: a merge, a restored revision
  insertPicture: (reference: string, alt: string, caption: string, credit: string) => void;
  selection: () => { text: string; prefix: string } | null;
  showPassage: (id: number) => void;
  focus: () => void;
};
type Props = {
  markdown: string;
  language: string;
  rightToLeft: boolean;
  pictures: Pictures;
  passages: Passage[];
  readOnly: boolean;
  onChange: (markdown: string, words: number) => void;
  onFiles: (files: File[]) => void;
  onPicture: () => void;
  onNote: () => void;
  onPassage: (id: number) => void;
  handle: Ref<EditorHandle>;
};

const { paragraph, heading, blockquote, bullet_list, ordered_list, list_item, code_block, horizontal_rule, hard_break, pull_quote, fact_box, card, figure, table, table_row, table_cell, table_header } = schema.nodes as Record<string, NodeType>;
const { em, strong, strike, code, link } = schema.marks;

// ---- keys and rules ---------------------------------------------------------------------------------
const insertBreak: Command = (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(hard_break!.create()).scrollIntoView());
  return true;
};

const keys = (askLink: () => void): Record<string, Command> => ({
  "Mod-z": undo,
  "Mod-y": redo,
  "Shift-Mod-z": redo,
  "Mod-b": toggleMark(strong!),
  "Mod-i": toggleMark(em!),
  "Mod-e": toggleMark(code!),
  "Mod-Shift-x": toggleMark(strike!),
  "Mod-Alt-2": toggleHeading(2),
  "Mod-Alt-3": toggleHeading(3),
  "Mod-Shift-8": wrapInList(bullet_list!),
  "Mod-Shift-7": wrapInList(ordered_list!),
  "Mod-Shift-9": wrapIn(blockquote!),
  "Mod-[": lift,
  "Mod-Shift-k": () => {
    askLink();
    return true;
  },
  Enter: splitListItem(list_item!),
  Tab: chainCommands(goToNextCell(1), sinkListItem(list_item!)),
  "Shift-Tab": chainCommands(goToNextCell(-1), liftListItem(list_item!)),
  "Shift-Enter": chainCommands(exitCode, insertBreak),
});

function toggleHeading(level: number): Command {
  return (state, dispatch) => {
    const { parent } = state.selection.$from;
    if (parent.type === heading && parent.attrs.level === level) return setBlockType(paragraph!)(state, dispatch);
    return setBlockType(heading!, { level })(state, dispatch);
  };
}

const rules = (language: string) =>
  inputRules({
    rules: [
      ...(language.startsWith("en") ? smartQuotes : []),
      ellipsis,
      new InputRule(/(?<=[\p{L}\p{N}”’] ?)--$/u, "–"),
      wrappingInputRule(/^\s*>\s$/, blockquote!),
      wrappingInputRule(/^(\d+)\.\s$/, ordered_list!, (found) => ({ order: Number(found[1]) }), (found, node) => node.childCount + node.attrs.order === Number(found[1])),
      wrappingInputRule(/^\s*([-+*])\s$/, bullet_list!),
      textblockTypeInputRule(/^```$/, code_block!),
      textblockTypeInputRule(/^(#{2,4})\s$/, heading!, (found) => ({ level: found[1]!.length })),
    ],
  });

// ---- notes on passages --------------------------------------------------------------------------------
const passagesKey = new PluginKey<DecorationSet>("passages");

// Where a passage stands now: its words, found again by those before them.
function findPassage(doc: Node, passage: Passage): { from: number; to: number } | null {
  let best: { from: number; to: number; score: number } | null = null;
  doc.descendants((node, at) => {
    if (!node.isTextblock) return true;
    const text = node.textBetween(0, node.content.size, undefined, "\ufffc");
    for (let i = text.indexOf(passage.text); i >= 0 && passage.text; i = text.indexOf(passage.text, i + 1)) {
      let score = 0;
      while (score < passage.prefix.length && score < i && text[i - 1 - score] === passage.prefix[passage.prefix.length - 1 - score]) score++;
      if (!best || score > best.score) best = { from: at + 1 + i, to: at + 1 + i + passage.text.length, score };
    }
    return false;
  });
  return best;
}

function decorate(doc: Node, passages: Passage[]): DecorationSet {
  const found: Decoration[] = [];
  for (const passage of passages) {
    const place = findPassage(doc, passage);
    if (place) found.push(Decoration.inline(place.from, place.to, { class: "passage", "data-note": String(passage.id) }, { id: passage.id }));
  }
  return DecorationSet.create(doc, found);
}

const passagesPlugin = (open: (id: number) => void) =>
  new Plugin<DecorationSet>({
    key: passagesKey,
    state: {
      init: () => DecorationSet.empty,
      apply: (transaction: Transaction, old) => {
        const passages = transaction.getMeta(passagesKey) as Passage[] | undefined;
        return passages ? decorate(transaction.doc, passages) : old.map(transaction.mapping, transaction.doc);
      },
    },
    props: {
      decorations: (state) => passagesKey.getState(state),
      handleClick: (_view, _at, event) => {
        const id = (event.target as HTMLElement).closest?.("[data-note]")?.getAttribute("data-note");
        if (id) open(Number(id));
        return false;
      },
    },
  });

const placeholderPlugin = new Plugin({
  props: {
    decorations: (state) => {
      const first = state.doc.firstChild!;
      if (state.doc.childCount > 1 || first.type !== paragraph || first.content.size > 0) return null;
      return DecorationSet.create(state.doc, [Decoration.node(0, first.nodeSize, { class: "placeholder", "data-placeholder": t("write_placeholder") })]);
    },
  },
});

// ---- inserting ------------------------------------------------------------------------------------------
function insertBlock(view: EditorView, node: Node): void {
  const { $from } = view.state.selection;
  const top = $from.depth > 0 ? $from.after(1) : view.state.selection.to;
  const empty = $from.depth === 1 && $from.parent.type === paragraph && $from.parent.content.size === 0;
  const transaction = empty ? view.state.tr.replaceWith($from.before(1), $from.after(1), node) : view.state.tr.insert(top, node);
  view.dispatch(transaction.scrollIntoView());
  view.focus();
}

const emptyTable = () => {
  const row = (type: NodeType) => table_row!.create(null, [type.create(), type.create(), type.create()]);
  return table!.create(null, [row(table_header!), row(table_cell!), row(table_cell!)]);
};

const listActive = (state: EditorState, type: NodeType) => {
  for (let depth = state.selection.$from.depth; depth > 0; depth--) if (state.selection.$from.node(depth).type === type) return true;
  return false;
};
const markActive = (state: EditorState, name: string) => {
  const type = schema.marks[name]!;
  const { from, to, empty, $from } = state.selection;
  return empty ? !!type.isInSet(state.storedMarks ?? $from.marks()) : state.doc.rangeHasMark(from, to, type);
};

export function Editor(props: Props) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const written = useRef(props.markdown); // what was told last
  const [state, setState] = useState<EditorState | null>(null);
  const [source, setSource] = useState<string | null>(null);
  const [linking, setLinking] = useState<{ href: string; active: boolean } | null>(null);

  const tell = (markdown: string, words: number) => {
    written.current = markdown;
    latest.current.onChange(markdown, words);
  };
  const askLink = () => {
    const current = view.current!.state;
    const mark = current.selection.$from.marks().find((one) => one.type === link) ?? current.doc.nodeAt(current.selection.from)?.marks.find((one) => one.type === link);
    setLinking({ href: mark?.attrs.href ?? "", active: !!mark });
  };

  const create = (markdown: string) =>
    EditorState.create({
      doc: parseMarkdown(markdown),
      plugins: [rules(props.language), keymap(keys(askLink)), keymap(baseKeymap), history(), dropCursor({ color: false, class: "drop-line" }), gapCursor(), tableEditing(), passagesPlugin((id) => latest.current.onPassage(id)), placeholderPlugin],
    });

  useEffect(() => {
    const made = new EditorView(place.current!, {
      state: create(props.markdown),
      editable: () => !latest.current.readOnly,
      attributes: { class: "prose", role: "textbox", "aria-multiline": "true", "aria-label": t("write_body"), spellcheck: "true", lang: props.language, dir: props.rightToLeft ? "rtl" : "ltr" },
      transformPastedHTML: cleanPaste,
      clipboardTextSerializer: (slice) => writeMarkdown(schema.nodes.doc!.createAndFill(null, slice.content) ?? schema.nodes.doc!.create(null, paragraph!.create(null, slice.content))).trimEnd(),
      // Text that is plainly Markdown is taken as such; "paste as text" (Shift) is left alone.
      clipboardTextParser: (text, _context, plain) => (plain ? Slice.maxOpen(schema.nodes.doc!.create(null, text.split(/\n{2,}/).map((part) => paragraph!.create(null, part.trim() ? schema.text(part.trim()) : null))).content) : new Slice(parseMarkdown(text).content, 1, 1)),
      handlePaste: (_view, event) => {
        const files = [...(event.clipboardData?.files ?? [])].filter((file) => file.type.startsWith("image/"));
        if (files.length === 0 || event.clipboardData?.getData("text/html")) return false;
        latest.current.onFiles(files);
        return true;
      },
      handleDrop: (_view, event) => {
        const files = [...(event.dataTransfer?.files ?? [])].filter((file) => file.type.startsWith("image/"));
        if (files.length === 0) return false;
        latest.current.onFiles(files);
        return true;
      },
      nodeViews: {
        figure: (node, view, at) => new FigureView(node, view, at as () => number | undefined, { url: (reference, width) => latest.current.pictures.url(reference, width) }),
        pull_quote: (node, view, at) => new AsideView(node, view, at as () => number | undefined, "pullquote"),
        fact_box: (node, view, at) => new AsideView(node, view, at as () => number | undefined, "factbox"),
        card: (node, view, at) => new CardView(node, view, at as () => number | undefined),
      },
      dispatchTransaction: (transaction) => {
        const next = made.state.apply(transaction);
        made.updateState(next);
        setState(next);
        if (transaction.docChanged && !transaction.getMeta("outside")) tell(writeMarkdown(next.doc), countWords(next.doc));
      },
    });
    view.current = made;
    setState(made.state);
    return () => {
      made.destroy();
      view.current = null;
    };
  }, []);

  useEffect(() => {
    view.current?.dispatch(view.current.state.tr.setMeta(passagesKey, props.passages));
  }, [JSON.stringify(props.passages)]);
  useEffect(() => view.current?.setProps({}), [props.readOnly]);

  const setMarkdown = (markdown: string) => {
    written.current = markdown;
    if (source !== null) setSource(markdown);
    const made = view.current;
    if (!made) return;
    // Only what differs is replaced, so that the caret stays where it was.
    const doc = parseMarkdown(markdown);
    const start = made.state.doc.content.findDiffStart(doc.content);
    if (start === null) return;
    let { a, b } = made.state.doc.content.findDiffEnd(doc.content)!;
    const overlap = start - Math.min(a, b);
    if (overlap > 0) {
      a += overlap;
      b += overlap;
    }
    made.dispatch(made.state.tr.replace(start, a, doc.slice(start, b)).setMeta("outside", true).setMeta("addToHistory", false));
  };

  useImperativeHandle(props.handle, () => ({
    setMarkdown,
    insertPicture: (reference, alt, caption, credit) => {
      if (source !== null) {
        const title = [caption, credit].filter(Boolean).join(" | ");
        const text = `${source.trimEnd()}\n\n![${alt}](${reference}${title ? ` "${title.replace(/"/g, '\\"')}"` : ""})\n`;
        setSource(text);
        tell(text, text.split(/\s+/).length);
      } else insertBlock(view.current!, figure!.create({ url: reference, alt, caption, credit }));
    },
    selection: () => {
      const { from, to, empty, $from } = view.current!.state.selection;
      if (empty || source !== null) return null;
      const end = Math.min(to, $from.end());
      const start = $from.start();
      return { text: view.current!.state.doc.textBetween(from, end, undefined, "\ufffc"), prefix: view.current!.state.doc.textBetween(Math.max(start, from - 40), from, undefined, "\ufffc") };
    },
    showPassage: (id) => {
      (place.current?.querySelector(`[data-note="${id}"]`) as HTMLElement | null)?.scrollIntoView({ block: "center", behavior: "smooth" });
    },
    focus: () => view.current?.focus(),
  }));

  const run = (command: Command) => {
    command(view.current!.state, view.current!.dispatch, view.current!);
    view.current!.focus();
  };
  const toSource = () => {
    if (source === null) setSource(written.current);
    else {
      setSource(null);
      view.current!.updateState(create(written.current));
      view.current!.dispatch(view.current!.state.tr.setMeta(passagesKey, props.passages));
    }
  };
  const inTable = state ? isInTable(state) : false;
  const insert: MenuItem[] = [
    { label: t("tool_picture"), icon: "picture", onClick: props.onPicture },
    { label: t("tool_pull"), icon: "quote", onClick: () => insertBlock(view.current!, pull_quote!.create(null, paragraph!.create())) },
    { label: t("tool_box"), icon: "box", onClick: () => insertBlock(view.current!, fact_box!.create(null, paragraph!.create())) },
    { label: t("tool_card"), icon: "card", onClick: () => insertBlock(view.current!, card!.create({ url: "https://" })) },
    { label: t("tool_table"), icon: "table", onClick: () => insertBlock(view.current!, emptyTable()) },
    { label: t("tool_rule"), icon: "more", onClick: () => insertBlock(view.current!, horizontal_rule!.create()) },
    { label: t("tool_code"), icon: "source", onClick: () => run(setBlockType(code_block!)) },
  ];
  const tableItems: MenuItem[] = [
    { label: t("tool_row_add"), onClick: () => run(addRowAfter) },
    { label: t("tool_column_add"), onClick: () => run(addColumnAfter) },
    { label: t("tool_row_remove"), onClick: () => run(deleteRow) },
    { label: t("tool_column_remove"), onClick: () => run(deleteColumn) },
    { label: t("tool_table_remove"), danger: true, onClick: () => run(deleteTable) },
  ];
  const tool = (icon: string, label: string, command: Command, active = false, hint = "") => <Button kind="quiet" small icon={icon} label={hint ? `${label} (${hint})` : label} aria-pressed={active} disabled={props.readOnly || source !== null} onMouseDown={(event) => event.preventDefault()} onClick={() => run(command)} />;
  return (
    <div>
      <div class="tools" role="toolbar" aria-label={t("tool_label")}>
        {!props.readOnly && source === null && <Menu label={t("tool_insert")} icon="plus" items={insert} />}
        {tool("bold", t("tool_bold"), toggleMark(strong!), !!state && markActive(state, "strong"), "Ctrl+B")}
        {tool("italic", t("tool_italic"), toggleMark(em!), !!state && markActive(state, "em"), "Ctrl+I")}
        <Button kind="quiet" small icon="link" label={`${t("tool_link")} (Ctrl+Shift+K)`} disabled={props.readOnly || source !== null} onMouseDown={(event) => event.preventDefault()} onClick={askLink} />
        {tool("heading", t("tool_heading"), toggleHeading(2), state?.selection.$from.parent.type === heading, "Ctrl+Alt+2")}
        {tool("list", t("tool_bullets"), state && listActive(state, bullet_list!) ? liftListItem(list_item!) : wrapInList(bullet_list!), !!state && listActive(state, bullet_list!))}
        {tool("numbered", t("tool_numbers"), state && listActive(state, ordered_list!) ? liftListItem(list_item!) : wrapInList(ordered_list!), !!state && listActive(state, ordered_list!))}
        {tool("quote", t("tool_quote"), state && listActive(state, blockquote!) ? lift : wrapIn(blockquote!), !!state && listActive(state, blockquote!))}
        {inTable && <Menu label={t("tool_table")} icon="table" items={tableItems} />}
        <span class="gap" />
        {tool("undo", t("undo"), undo, false, "Ctrl+Z")}
        {tool("redo", t("redo"), redo, false, "Ctrl+Y")}
        <Button kind="quiet" small icon="note" label={t("tool_note")} disabled={source !== null || !state || state.selection.empty} onMouseDown={(event) => event.preventDefault()} onClick={props.onNote} />
        <Button kind="quiet" small icon="source" label={source === null ? t("tool_source") : t("tool_rich")} aria-pressed={source !== null} onClick={toSource} />
      </div>
      {source !== null && (
        <>
          <textarea
            class="source-text"
            aria-label={t("tool_source")}
            spellcheck
            readOnly={props.readOnly}
            dir={props.rightToLeft ? "rtl" : "ltr"}
            value={source}
            onInput={(event) => {
              setSource(event.currentTarget.value);
              tell(event.currentTarget.value, event.currentTarget.value.split(/\s+/).filter(Boolean).length);
            }}
          />
          <p class="field__hint">{t("source_hint")}</p>
        </>
      )}
      <div ref={place} hidden={source !== null} />
      {linking && (
        <LinkDialog
          start={linking}
          onClose={() => setLinking(null)}
          onSet={(target) => {
            setLinking(null);
            const made = view.current!;
            let { from, to, empty, $from } = made.state.selection;
            if (empty && linking.active) {
              // the whole link under the caret
              const parent = $from.parent;
              const start = $from.start();
              parent.forEach((child, offset) => {
                if (link!.isInSet(child.marks) && start + offset <= from && from <= start + offset + child.nodeSize) {
                  from = start + offset;
                  to = from + child.nodeSize;
                }
              });
              empty = from === to;
            }
            let transaction = made.state.tr;
            if (target === "") transaction = transaction.removeMark(from, to, link!);
            else if (empty) transaction = transaction.replaceSelectionWith(schema.text(target, [link!.create({ href: target })]), false);
            else transaction = transaction.removeMark(from, to, link!).addMark(from, to, link!.create({ href: target }));
            made.dispatch(transaction);
            made.focus();
          }}
        />
      )}
    </div>
  );
}

function LinkDialog({ start, onClose, onSet }: { start: { href: string; active: boolean }; onClose: () => void; onSet: (href: string) => void }) {
  const [value, setValue] = useState(start.href);
  const [problem, setProblem] = useState<string | null>(null);
  const set = () => {
    let target = value.trim();
    if (/^[\w-]+(\.[\w-]+)+(\/|$)/.test(target)) target = `https://${target}`;
    if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(target)) target = `mailto:${target}`;
    if (!/^(https?:\/\/|mailto:|tel:|\/)\S+$/i.test(target)) setProblem(t("link_problem"));
    else onSet(target);
  };
  return (
    <Dialog
      title={t("tool_link")}
      onClose={onClose}
      actions={
        <>
          {start.active && (
            <Button kind="danger" onClick={() => onSet("")}>
              {t("link_remove")}
            </Button>
          )}
          <Button kind="primary" onClick={set}>
            {t("done")}
          </Button>
        </>
      }
    >
      <Input label={t("link_address")} value={value} onValue={setValue} problem={problem} autoFocus onKeyDown={(event) => event.key === "Enter" && set()} />
    </Dialog>
  );
}
