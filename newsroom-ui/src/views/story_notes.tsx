// SPDX-License-Identifier: Apache-2.0
//
// What editors tell each other about a passage. Marked in the text as long as its words stand there.
import { useState } from "preact/hooks";
import { patch, post } from "../api";
import type { StoryNote } from "../api_types";
import { Area, Button, Check, Dialog, toast } from "../ui/parts";
import { ago, t } from "../words";

export function Notes({ storyId, notes, onNotes, passage, onPassageDone, onShow }: { storyId: number; notes: StoryNote[]; onNotes: (notes: StoryNote[]) => void; passage: { text: string; prefix: string } | null; onPassageDone: () => void; onShow: (id: number) => void }) {
  const [resolved, setResolved] = useState(false);
  const [text, setText] = useState("");
  const [replyTo, setReplyTo] = useState<number | null>(null);
  const [general, setGeneral] = useState("");
  const add = async (body: { text: string; passage?: string; prefix?: string; reply_to?: number }) => {
    try {
      onNotes([...notes, await post<StoryNote>(`/stories/${storyId}/notes`, body)]);
      return true;
    } catch (error) {
      toast((error as Error).message, "bad");
      return false;
    }
  };
  const resolve = async (note: StoryNote, done: boolean) => {
    try {
      const next = await patch<StoryNote>(`/stories/${storyId}/notes/${note.id}`, { resolved: done });
      onNotes(notes.map((one) => (one.id === next.id ? next : one)));
    } catch (error) {
      toast((error as Error).message, "bad");
    }
  };
  const threads = notes.filter((note) => !note.reply_to && (resolved || !note.resolved));
  return (
    <div class="stack">
      {threads.length === 0 && <p class="small muted">{t("notes_none")}</p>}
      {threads.map((note) => (
        <article key={note.id} id={`note-${note.id}`} class="thread">
          {note.passage && (
            <blockquote>
              <button type="button" class="button button--quiet button--small" onClick={() => onShow(note.id)}>
                “{note.passage.length > 60 ? `${note.passage.slice(0, 60)}…` : note.passage}”
              </button>
            </blockquote>
          )}
          {[note, ...notes.filter((reply) => reply.reply_to === note.id)].map((one) => (
            <div key={one.id}>
              <span class="small muted">
                {one.staff.name} · {ago(one.created_at)}
              </span>
              <p class="wrap-any">{one.text}</p>
            </div>
          ))}
          <div class="row">
            <Button small kind="quiet" icon="check" onClick={() => void resolve(note, !note.resolved)}>
              {note.resolved ? t("note_reopen") : t("note_resolve")}
            </Button>
            <Button small kind="quiet" onClick={() => setReplyTo(note.id)}>
              {t("note_reply")}
            </Button>
          </div>
        </article>
      ))}
      <Area label={t("note_general")} value={general} onValue={setGeneral} placeholder={t("note_text")} />
      {general.trim() && (
        <Button small onClick={() => void add({ text: general.trim() }).then((ok) => ok && setGeneral(""))}>
          {t("note_add")}
        </Button>
      )}
      {notes.some((note) => note.resolved) && <Check label={t("notes_resolved")} checked={resolved} onChecked={setResolved} />}
      {(passage || replyTo !== null) && (
        <Dialog
          title={passage ? t("note_new") : t("note_reply")}
          onClose={() => {
            setReplyTo(null);
            onPassageDone();
          }}
          actions={
            <Button
              kind="primary"
              disabled={!text.trim()}
              onClick={() =>
                void add(replyTo !== null ? { text: text.trim(), reply_to: replyTo } : { text: text.trim(), passage: passage!.text, prefix: passage!.prefix }).then((ok) => {
                  if (!ok) return;
                  setText("");
                  setReplyTo(null);
                  onPassageDone();
                })
              }
            >
              {t("note_add")}
            </Button>
          }
        >
          {passage && <p class="serif">“{passage.text}”</p>}
          <Area label={t("note_text")} value={text} onValue={setText} autoFocus />
        </Dialog>
      )}
    </div>
  );
}
