// SPDX-License-Identifier: Apache-2.0
//
// Ctrl+K: find a story or a picture, or do something, without the mouse.
import { useEffect, useRef, useState } from "preact/hooks";
import { useRead, useSettled } from "../api";
import type { Found } from "../api_types";
import { go } from "../router";
import { stateOf } from "../stories";
import { t } from "../words";
import { Icon } from "./icons";

export type Command = { label: string; icon: string; keys?: string; run: () => void };
type Row = Command & { note?: string };

// Commands of the view that is open, on top of those that are always there.
let ofView: Command[] = [];
export function useCommands(commands: Command[]): void {
  useEffect(() => {
    ofView = commands;
    return () => {
      ofView = [];
    };
  });
}

export function Palette({ commands, onClose }: { commands: Command[]; onClose: () => void }) {
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const settled = useSettled(words.trim(), 150);
  const found = useRead<Found>(settled.length > 1 ? "/find" : null, { q: settled });
  useEffect(() => dialog.current?.showModal(), []);

  const wanted = words.trim().toLowerCase();
  const rows: Row[] = [...ofView, ...commands].filter((command) => wanted.split(/\s+/).every((word) => command.label.toLowerCase().includes(word)));
  if (settled.length > 1 && found.data) {
    for (const story of found.data.stories) rows.push({ label: story.headline || t("untitled"), icon: "story", note: stateOf(story)[0], run: () => go(`/stories/${story.id}`) });
    for (const image of found.data.images) rows.push({ label: image.alt || image.caption || `#${image.id}`, icon: "picture", run: () => go(`/pictures/${image.id}`) });
  }
  const chosen = Math.min(at, Math.max(rows.length - 1, 0));
  useEffect(() => list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" }), [chosen]);
  const run = (row: Row | undefined) => {
    if (!row) return;
    onClose();
    row.run();
  };
  return (
    <dialog
      ref={dialog}
      class="dialog palette"
      aria-label={t("palette_open")}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => event.target === dialog.current && onClose()}
      onKeyDown={(event) => {
        if (event.key === "ArrowDown" || event.key === "ArrowUp") {
          event.preventDefault();
          setAt(rows.length ? (chosen + (event.key === "ArrowDown" ? 1 : rows.length - 1)) % rows.length : 0);
        }
        if (event.key === "Enter") {
          event.preventDefault();
          run(rows[chosen]);
        }
      }}
    >
      <input
        class="input"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={rows.length ? `palette-${chosen}` : undefined}
        aria-label={t("palette_hint")}
        placeholder={t("palette_hint")}
        autoFocus
        value={words}
        onInput={(event) => {
          setWords(event.currentTarget.value);
          setAt(0);
        }}
      />
      <div id="palette-list" role="listbox" aria-label={t("palette_open")} ref={list}>
        {rows.map((row, i) => (
          <div key={i} id={`palette-${i}`} role="option" aria-selected={i === chosen} onMouseMove={() => setAt(i)} onClick={() => run(row)}>
            <Icon name={row.icon} size={18} />
            <span class="grow cut">{row.label}</span>
            {row.note && <span class="small muted">{row.note}</span>}
            {row.keys && <kbd>{row.keys}</kbd>}
          </div>
        ))}
      </div>
      {rows.length === 0 && <p class="empty">{t("palette_nothing")}</p>}
    </dialog>
  );
}
