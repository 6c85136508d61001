// SPDX-License-Identifier: Apache-2.0
//
// Choosing: a picture of the library (or a new one), and words out of a long list (people, topics).
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Fault, upload, useList, useRead, useSettled } from "../api";
import type { Image } from "../api_types";
import { pictureUrl } from "../stories";
import { t } from "../words";
import { Button, Dialog, DropArea, Empty, Input, Loading, Progress, toast } from "./parts";

export type Upload = { name: string; done: number; total: number };

// Takes files to the library, one after the other, with progress; what is refused is said.
export function useUploads(onImage: (image: Image) => void): { running: Upload[]; start: (files: File[]) => Promise<void> } {
  const [running, setRunning] = useState<Upload[]>([]);
  const start = async (files: File[]) => {
    for (const file of files) {
      const entry = { name: file.name || "picture", done: 0, total: file.size };
      setRunning((old) => [...old, entry]);
      try {
        const image = await upload<Image>("/images", file, { name: entry.name }, (done, total) => setRunning((old) => old.map((one) => (one.name === entry.name ? { ...one, done, total } : one))));
        onImage(image);
      } catch (error) {
        toast(t("upload_failed", { name: entry.name, reason: error instanceof Fault ? error.message : String(error) }), "bad");
      }
      setRunning((old) => old.filter((one) => one.name !== entry.name));
    }
  };
  return { running, start };
}

export function Drop({ onFiles, running }: { onFiles: (files: File[]) => void; running: Upload[] }) {
  const input = useRef<HTMLInputElement>(null);
  const pictures = (list: FileList | null | undefined) => [...(list ?? [])].filter((file) => file.type.startsWith("image/"));
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const files = pictures(event.clipboardData?.files);
      if (files.length > 0) onFiles(files);
    };
    document.addEventListener("paste", paste);
    return () => document.removeEventListener("paste", paste);
  });
  return (
    <DropArea onFiles={(files) => onFiles(pictures(files))}>
      <span>{t("pictures_drop")}</span>
      <Button icon="upload" onClick={() => input.current?.click()}>
        {t("pictures_pick")}
      </Button>
      <input
        ref={input}
        class="unseen"
        type="file"
        accept="image/jpeg,image/png,image/webp,image/gif"
        multiple
        tabIndex={-1}
        aria-label={t("pictures_pick")}
        onChange={(event) => {
          onFiles(pictures(event.currentTarget.files));
          event.currentTarget.value = "";
        }}
      />
      {running.map((one) => (
        <Progress key={one.name} done={one.done} total={one.total} label={t("uploading", { name: one.name })} />
      ))}
    </DropArea>
  );
}

export function PicturePicker({ onPick, onClose }: { onPick: (image: Image) => void; onClose: () => void }) {
  const [words, setWords] = useState("");
  const settled = useSettled(words.trim());
  const list = useList<Image>("/images", { q: settled, limit: 40 });
  const uploads = useUploads(onPick);
  return (
    <Dialog title={t("picture_choose")} wide onClose={onClose}>
      <Drop onFiles={(files) => void uploads.start(files.slice(0, 1))} running={uploads.running} />
      <Input label={t("pictures_search")} type="search" value={words} onValue={setWords} autoFocus />
      {list.loading && list.items.length === 0 ? (
        <Loading />
      ) : list.items.length === 0 ? (
        <Empty title={t("pictures_none")} />
      ) : (
        <div class="gallery">
          {list.items.map((image) => (
            <button key={image.id} type="button" class="gallery__item" onClick={() => onPick(image)}>
              {image.hash ? <img src={pictureUrl(image, "3x2", 320)!} alt={image.alt} loading="lazy" /> : <span class="blank" />}
              <span class="cut">{image.alt || image.caption || `#${image.id}`}</span>
            </button>
          ))}
        </div>
      )}
      {list.more && (
        <div class="more">
          <Button onClick={list.more}>{t("more")}</Button>
        </div>
      )}
    </Dialog>
  );
}

// Type a few letters, take one; `make` offers what is not in the list yet.
export function Suggest<T>({ label, path, name, onPick, make }: { label: string; path: string; name: (item: T) => string; onPick: (item: T) => void; make?: (words: string) => void }) {
  const [words, setWords] = useState("");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const id = useId();
  const settled = useSettled(words.trim(), 150);
  const found = useRead<{ items: T[] }>(open ? path : null, { q: settled, limit: 8 });
  const rows: { label: string; run: () => void }[] = (found.data?.items ?? []).map((item) => ({ label: name(item), run: () => onPick(item) }));
  if (make && settled && !rows.some((row) => row.label.toLowerCase() === settled.toLowerCase())) rows.push({ label: t("byline_new", { name: settled }), run: () => make(settled) });
  const run = (i: number) => {
    rows[i]?.run();
    setWords("");
    setOpen(false);
  };
  return (
    <div class="suggest">
      <label class="unseen" for={id}>
        {label}
      </label>
      <input
        id={id}
        class="input"
        role="combobox"
        aria-expanded={open && rows.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        placeholder={label}
        autoComplete="off"
        value={words}
        onFocus={() => setOpen(true)}
        onBlur={() => setTimeout(() => setOpen(false), 200)}
        onInput={(event) => {
          setWords(event.currentTarget.value);
          setOpen(true);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            if (rows.length) setAt((at + (event.key === "ArrowDown" ? 1 : rows.length - 1)) % rows.length);
          } else if (event.key === "Enter" && words.trim()) {
            event.preventDefault();
            run(at);
          } else if (event.key === "Escape") setOpen(false);
        }}
      />
      {open && rows.length > 0 && (
        <div class="suggest__list" role="listbox" id={`${id}-list`} aria-label={label}>
          {rows.map((row, i) => (
            <div
              key={i}
              role="option"
              aria-selected={i === at}
              onMouseDown={(event) => {
                event.preventDefault();
                run(i);
              }}
            >
              {row.label}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
