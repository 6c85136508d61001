// SPDX-License-Identifier: Apache-2.0
//
// Blocks that are more than text: figures, pull quotes, fact boxes and cards carry their fields with
// them, so that nobody has to open a dialogue for a caption.
import type { Node } from "prosemirror-model";
import type { EditorView, NodeView } from "prosemirror-view";
import { t } from "../words";

type Place = () => number | undefined;
export type Pictures = { url: (reference: string, width: number) => string | null };

function field(label: string, value: string, input: (value: string) => void, kind: "input" | "textarea" = "input"): { row: HTMLLabelElement; control: HTMLInputElement | HTMLTextAreaElement } {
  const row = document.createElement("label");
  const name = document.createElement("span");
  name.textContent = label;
  const control = document.createElement(kind);
  control.value = value;
  control.addEventListener("input", () => input(control.value));
  row.append(name, control);
  return { row, control };
}

// Sets an attribute as one step of the history, without a new node's loss of focus.
function setAttribute(view: EditorView, place: Place, name: string, value: string): void {
  const at = place();
  if (at === undefined) return;
  view.dispatch(view.state.tr.setNodeAttribute(at, name, value));
}

abstract class WithFields implements NodeView {
  dom: HTMLElement;
  contentDOM: HTMLElement | null = null;
  protected controls = new Map<string, HTMLInputElement | HTMLTextAreaElement>();
  constructor(
    protected node: Node,
    protected view: EditorView,
    protected place: Place,
    tag: string,
    name: string,
  ) {
    this.dom = document.createElement(tag);
    this.dom.className = name;
  }
  protected addField(parent: HTMLElement, attribute: string, label: string, kind: "input" | "textarea" = "input"): void {
    const { row, control } = field(label, this.node.attrs[attribute], (value) => setAttribute(this.view, this.place, attribute, value), kind);
    this.controls.set(attribute, control);
    parent.append(row);
  }
  update(node: Node): boolean {
    if (node.type !== this.node.type) return false;
    this.node = node;
    for (const [attribute, control] of this.controls) if (control.value !== node.attrs[attribute]) control.value = node.attrs[attribute];
    this.changed();
    return true;
  }
  protected changed(): void {}
  stopEvent(event: Event): boolean {
    return event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
  }
  ignoreMutation(mutation: { target: globalThis.Node }): boolean {
    return !this.contentDOM?.contains(mutation.target);
  }
}

export class FigureView extends WithFields {
  private shown = "";
  private stage: HTMLElement;
  constructor(
    node: Node,
    view: EditorView,
    place: Place,
    private pictures: Pictures,
  ) {
    super(node, view, place, "figure", "block-figure");
    this.stage = document.createElement("div");
    const fields = document.createElement("div");
    fields.className = "fields";
    this.dom.contentEditable = "false";
    this.dom.append(this.stage, fields);
    this.addField(fields, "alt", t("block_alt"));
    this.addField(fields, "caption", t("block_caption"));
    this.addField(fields, "credit", t("block_credit"));
    this.changed();
  }
  protected override changed(): void {
    this.controls.get("alt")!.classList.toggle("needed", this.node.attrs.alt.trim() === "");
    const url = this.pictures.url(this.node.attrs.url, 800);
    if (this.shown === (url ?? this.node.attrs.url) && this.stage.firstChild) return;
    this.shown = url ?? this.node.attrs.url;
    this.stage.textContent = "";
    if (url) {
      const image = document.createElement("img");
      image.src = url;
      image.alt = this.node.attrs.alt;
      this.stage.append(image);
    } else {
      const missing = document.createElement("p");
      missing.className = "block-figure__missing";
      missing.textContent = t("picture_missing", { url: this.node.attrs.url });
      this.stage.append(missing);
    }
  }
}

export class AsideView extends WithFields {
  constructor(node: Node, view: EditorView, place: Place, kind: "pullquote" | "factbox") {
    super(node, view, place, "aside", `block-aside block-aside--${kind}`);
    const row = document.createElement("div");
    row.contentEditable = "false";
    this.contentDOM = document.createElement("div");
    if (kind === "factbox") {
      this.addField(row, "title", t("block_title"));
      this.dom.append(row, this.contentDOM);
    } else {
      this.addField(row, "cite", t("block_cite"));
      this.dom.append(this.contentDOM, row);
    }
  }
}

export class CardView extends WithFields {
  constructor(node: Node, view: EditorView, place: Place) {
    super(node, view, place, "div", "block-card");
    this.dom.contentEditable = "false";
    const fields = document.createElement("div");
    fields.className = "fields";
    this.addField(fields, "url", t("block_url"));
    this.addField(fields, "text", t("block_text"), "textarea");
    this.dom.append(fields);
  }
}
