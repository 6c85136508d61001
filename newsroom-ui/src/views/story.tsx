// SPDX-License-Identifier: Apache-2.0
//
// Writing a story. The text is kept in this browser at every change and saved to the server within
// seconds; what others saved meanwhile comes back merged. Saving never waits for publishing.
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Fault, act, currentSession, get, may, patch, post, remove, useOnline, useRead } from "../api";
import type { Author, Byline, Check, Checks, Conflict, Image, LockState, SectionList, Story, StoryNote, StoryNotes, StorySaved } from "../api_types";
import { Editor, type EditorHandle } from "../editor/editor";
import { forget, keep, kept } from "../editor/keeping";
import { go, href } from "../router";
import { pictureUrl, stateOf } from "../stories";
import { Icon } from "../ui/icons";
import { Area, Badge, Button, Check as CheckBox, Dialog, Input, Loading, Menu, type MenuItem, Notice, Select, toast, useConfirm } from "../ui/parts";
import { type Command, useCommands } from "../ui/palette";
import { PicturePicker, Suggest, useUploads } from "../ui/picker";
import { ago, clock, dateTimeZone, fromLocalInput, t, toLocalInput, zoneName } from "../words";
import { AlertDialog } from "./alert";
import { CorrectionDialog, Corrections } from "./story_corrections";
import { Notes } from "./story_notes";
import { SearchAndSharing } from "./story_sharing";

// The fields that are written here, as PATCH takes them.
export type Fields = {
  headline: string; standfirst: string; kicker: string; dateline: string; body: string; language: string; slug: string;
  section_id: number | null; hero_image_id: number | null; hero_caption: string; hero_credit: string;
  seo_title: string; seo_description: string; share_title: string; share_description: string; share_image_id: number | null;
  bylines: Byline[]; topics: string[]; embargo_until: string | null;
};
const fieldsOf = (story: Story): Fields => ({
  headline: story.headline, standfirst: story.standfirst, kicker: story.kicker, dateline: story.dateline, body: story.body, language: story.language, slug: story.slug,
  section_id: story.section_id, hero_image_id: story.hero_image_id, hero_caption: story.hero_caption, hero_credit: story.hero_credit,
  seo_title: story.seo_title, seo_description: story.seo_description, share_title: story.share_title, share_description: story.share_description, share_image_id: story.share_image_id,
  bylines: story.bylines, topics: story.topics.map((topic) => topic.name), embargo_until: story.embargo_until,
});
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
const sent = (fields: Partial<Fields>) => ({ ...fields, ...(fields.bylines ? { bylines: fields.bylines.map(({ author_id, role }) => ({ author_id, role })) } : {}) });

const RTL = /^(ar|fa|he|ur|ps|yi|dv|ug|ckb|sd)\b/;
const SAVE_AFTER = 1200, LOCK_EVERY = 20000;

export default function StoryView({ parameters }: { parameters: Record<string, string> }) {
  const [story, setStory] = useState<Story | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  useEffect(() => {
    get<Story>(`/stories/${parameters.id}`).then(setStory, (error) => setFault(error));
  }, [parameters.id]);
  if (fault) return <Notice tone="bad">{fault.message}</Notice>;
  if (!story) return <Loading />;
  return <Desk key={story.id} first={story} />;
}

type SaveState = "saved" | "unsaved" | "saving" | "kept";

function Desk({ first }: { first: Story }) {
  const [story, setStory] = useState(first);
  const [fields, setFields] = useState<Fields>(() => fieldsOf(first));
  const [saveState, setSaveState] = useState<SaveState>("saved");
  const [savedAt, setSavedAt] = useState(first.saved_at);
  const [words, setWords] = useState(first.word_count);
  const [conflicts, setConflicts] = useState<Conflict[]>([]);
  const [lock, setLock] = useState(first.lock);
  const [dialog, setDialog] = useState<"publish" | "schedule" | "correct" | "preview" | "hero" | "body-picture" | "share-picture" | "lock" | "alert" | null>(null);
  const [noteFor, setNoteFor] = useState<{ text: string; prefix: string } | null>(null);
  // By hash; a figure that is being inserted looks its picture up at once, before the next rendering.
  const images = useRef<Map<string, Image>>(new Map(first.images.concat(first.hero ?? [], first.share_image ?? []).filter((image) => image.hash).map((image) => [image.hash!, image])));
  const [, redraw] = useState(0);
  const know = (...list: (Image | null)[]) => {
    for (const image of list) if (image?.hash) images.current.set(image.hash, image);
    redraw((count) => count + 1);
  };
  const [confirmation, confirm] = useConfirm();
  const online = useOnline();
  const sections = useRead<SectionList>("/sections");
  const notes = useRead<StoryNotes>(`/stories/${story.id}/notes`, undefined, 30000);
  const editor = useRef<EditorHandle>(null);

  const current = useRef(fields);
  const base = useRef(fieldsOf(first)); // what the server has, at `revision`
  const revision = useRef(first.revision);
  const saving = useRef<Promise<void> | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const key = `${currentSession()?.account?.id}:${story.id}`;
  const readOnly = !may("story.write");

  // ---- saving ----------------------------------------------------------------------------------------
  const changed = (): Partial<Fields> => {
    const found: Partial<Fields> = {};
    for (const name of Object.keys(current.current) as (keyof Fields)[]) if (!same(current.current[name], base.current[name])) (found as Record<string, unknown>)[name] = current.current[name];
    return found;
  };

  const takeStory = useCallback((next: Story, mine: Partial<Fields>) => {
    // What was typed while the request was under way stays on top of what comes back.
    const server = fieldsOf(next);
    const before = { ...base.current, ...mine };
    const merged = { ...server } as Record<string, unknown>;
    for (const name of Object.keys(server) as (keyof Fields)[]) if (!same(current.current[name], before[name])) merged[name] = current.current[name];
    base.current = server;
    revision.current = next.revision;
    const body = merged.body as string;
    if (body !== current.current.body) editor.current?.setMarkdown(body);
    current.current = merged as Fields;
    setFields(merged as Fields);
    setStory(next);
    know(...next.images, next.hero, next.share_image);
    setLock(next.lock);
  }, []);

  const save = useCallback(async (automatic: boolean): Promise<boolean> => {
    clearTimeout(timer.current);
    while (saving.current) await saving.current;
    const mine = changed();
    if (Object.keys(mine).length === 0) {
      setSaveState("saved");
      return true;
    }
    let ok = false;
    const work = (async () => {
      setSaveState("saving");
      try {
        const answer = await patch<StorySaved>(`/stories/${story.id}`, { ...sent(mine), base_revision: revision.current, automatic });
        takeStory(answer.story, mine);
        setSavedAt(answer.story.saved_at);
        if (answer.outcome === "merged") toast(answer.story.saved_by && answer.story.saved_by.id !== currentSession()?.account?.id ? t("merged", { name: answer.story.saved_by.name }) : t("merged_other"));
        if (answer.conflicts.length > 0) setConflicts(answer.conflicts);
        const left = Object.keys(changed()).length > 0;
        setSaveState(left ? "unsaved" : "saved");
        if (!left) await forget(key);
        ok = true;
      } catch (error) {
        setSaveState("kept");
        if (error instanceof Fault && !error.offline) toast(error.message, "bad");
      }
    })();
    saving.current = work;
    await work;
    saving.current = null;
    return ok;
  }, []);

  const change = useCallback((part: Partial<Fields>) => {
    current.current = { ...current.current, ...part };
    setFields(current.current);
    setSaveState((old) => (old === "kept" ? "kept" : "unsaved"));
    void keep({ key, at: Date.now(), revision: revision.current, fields: changed() as Record<string, unknown> });
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void save(true), SAVE_AFTER);
  }, []);

  // What was kept when the page was last left: back, on the revision that it was written on.
  useEffect(() => {
    void kept(key).then((found) => {
      if (!found || Object.keys(found.fields).length === 0 || readOnly) return;
      revision.current = Math.min(found.revision, revision.current);
      const part = found.fields as Partial<Fields>;
      if (same({ ...current.current, ...part }, current.current)) {
        void forget(key);
        return;
      }
      if (part.body !== undefined) editor.current?.setMarkdown(part.body);
      change(part);
      toast(t("restored_kept"), "plain", {
        label: t("discard_kept"),
        run: () => {
          editor.current?.setMarkdown(base.current.body);
          change(base.current);
        },
      });
    });
    const hide = () => {
      if (document.visibilityState === "hidden") void save(true);
    };
    document.addEventListener("visibilitychange", hide);
    const leave = (event: BeforeUnloadEvent) => {
      if (Object.keys(changed()).length > 0) event.preventDefault();
    };
    addEventListener("beforeunload", leave);
    return () => {
      document.removeEventListener("visibilitychange", hide);
      removeEventListener("beforeunload", leave);
      void save(true);
    };
  }, []);
  useEffect(() => {
    if (online && saveState === "kept") void save(true);
  }, [online]);
  useEffect(() => {
    if (saveState !== "kept") return;
    const again = setTimeout(() => void save(true), 5000);
    return () => clearTimeout(again);
  }, [saveState, fields]);

  // ---- the lock --------------------------------------------------------------------------------------
  const takeLock = useCallback(async (over: boolean) => {
    try {
      const state = await post<LockState>(`/stories/${story.id}/lock`, { take_over: over });
      setLock((old) => {
        if (old?.mine && state.lock && !state.lock.mine) toast(t("lock_lost", { name: state.lock.staff.name }), "bad");
        return state.lock;
      });
      if (state.revision !== revision.current && !saving.current && Object.keys(changed()).length === 0) takeStory(await get<Story>(`/stories/${story.id}`), {});
    } catch (error) {
      if (error instanceof Fault && error.status === 409 && error.problem.lock) setLock(error.problem.lock);
    }
  }, []);
  useEffect(() => {
    if (readOnly) return;
    void takeLock(false);
    const beat = setInterval(() => void takeLock(false), LOCK_EVERY);
    return () => {
      clearInterval(beat);
      void remove(`/stories/${story.id}/lock`).catch(() => undefined);
    };
  }, []);
  const foreign = lock && !lock.mine ? lock : null;

  // ---- acts --------------------------------------------------------------------------------------------
  const run = async (work: () => Promise<Story>, said?: string) => {
    if (!(await save(false))) return false;
    try {
      takeStory(await work(), {});
      setSaveState("saved");
      if (said) toast(said);
      return true;
    } catch (error) {
      toast(error instanceof Fault ? error.message : String(error), "bad");
      return false;
    }
  };
  const uploads = useUploads((image) => {
    know(image);
    editor.current?.insertPicture(`image:${image.hash}`, image.alt, image.caption, image.credit);
  });
  const pictures = useMemo(() => ({ url: (reference: string, width: number) => (reference.startsWith("image:") ? pictureUrl(images.current.get(reference.slice(6)), "full", width) : null) }), []);

  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      const mod = event.ctrlKey || event.metaKey;
      if (mod && event.key.toLowerCase() === "s") {
        event.preventDefault();
        void save(false).then((ok) => ok && toast(t("saved")));
      }
      if (mod && event.key === "Enter" && may("story.publish")) {
        event.preventDefault();
        setDialog("publish");
      }
    };
    addEventListener("keydown", keys);
    return () => removeEventListener("keydown", keys);
  }, []);

  const published = story.status === "published";
  const setStage = (stage: "draft" | "review" | "ready") => void run(() => post<Story>(`/stories/${story.id}/stage`, { stage }), t("board_moved", { stage: t(`stage_${stage}`) }));
  const withdraw = async () => {
    if (await confirm({ title: t("withdraw_title"), text: t("withdraw_text"), yes: t("withdraw"), danger: true })) void run(() => act<Story>(`/stories/${story.id}/withdraw`));
  };
  const discard = async () => {
    if (!(await confirm({ title: t("discard_title"), text: t("discard_text"), yes: t("discard_changes"), danger: true }))) return;
    await save(false);
    try {
      const next = await act<Story>(`/stories/${story.id}/discard`);
      current.current = base.current;
      takeStory(next, {});
    } catch (error) {
      toast((error as Fault).message, "bad");
    }
  };
  const erase = async () => {
    if (!(await confirm({ title: t("delete_title"), text: t("delete_text"), yes: t("delete_story"), danger: true }))) return;
    try {
      await remove(`/stories/${story.id}`);
      base.current = current.current;
      await forget(key);
      go("/stories");
    } catch (error) {
      toast((error as Fault).message, "bad");
    }
  };
  const items: MenuItem[] = [
    { label: t("preview_page"), icon: "eye", onClick: () => void save(false).then(() => setDialog("preview")) },
    { label: t("history"), icon: "history", onClick: () => go(`/stories/${story.id}/history`) },
    ...(may("story.write") && !published && story.status !== "scheduled"
      ? (["draft", "review", "ready"] as const).filter((stage) => stage !== story.stage).map((stage) => ({ label: { draft: t("back_to_draft"), review: t("send_review"), ready: t("mark_ready") }[stage], icon: "board", onClick: () => setStage(stage) }))
      : []),
    ...(may("story.publish") && !published ? [{ label: t("schedule"), icon: "clock", onClick: () => setDialog("schedule") } as MenuItem] : []),
    ...(may("story.publish") && story.status === "scheduled" ? [{ label: t("unschedule"), icon: "close", onClick: () => void run(() => act<Story>(`/stories/${story.id}/unschedule`)) } as MenuItem] : []),
    ...(may("story.publish") && published ? [{ label: t("correct"), icon: "check", onClick: () => setDialog("correct") } as MenuItem] : []),
    ...(may("mail.send") && published ? [{ label: t("alert"), icon: "bolt", onClick: () => setDialog("alert") } as MenuItem] : []),
    ...(published && story.has_changes && may("story.write") ? [{ label: t("discard_changes"), icon: "undo", danger: true, onClick: () => void discard() } as MenuItem] : []),
    ...(may("story.publish") && published ? ["rule" as const, { label: t("withdraw"), icon: "close", danger: true, onClick: () => void withdraw() } as MenuItem] : []),
    ...(may("story.write") && !story.published_at ? ["rule" as const, { label: t("delete_story"), icon: "trash", danger: true, onClick: () => void erase() } as MenuItem] : []),
  ];
  const commands: Command[] = items.filter((item): item is Exclude<MenuItem, "rule"> => item !== "rule").map((item) => ({ label: item.label, icon: item.icon ?? "more", run: item.onClick }));
  if (may("story.publish")) commands.unshift({ label: published ? t("publish_changes") : t("publish"), icon: "check", keys: "Ctrl ⏎", run: () => setDialog("publish") });
  commands.unshift({ label: t("save"), icon: "check", keys: "Ctrl S", run: () => void save(false) });
  useCommands(commands);

  const [stateName, tone] = stateOf(story);
  const language = fields.language || currentSession()?.newspaper.language || "en";
  const rtl = RTL.test(language);
  const passages = (notes.data?.items ?? []).filter((note) => !note.resolved && note.passage && !note.reply_to).map((note) => ({ id: note.id, prefix: note.prefix, text: note.passage }));
  const hero = fields.hero_image_id ? [...images.current.values()].find((image) => image.id === fields.hero_image_id) : null;
  const said = { saved: t("saved_at", { time: ago(savedAt) }), unsaved: t("unsaved"), saving: t("saving"), kept: t("kept_here") }[saveState];
  const minutes = Math.max(1, Math.round(words / 230));
  return (
    <>
      <h1 class="unseen">{fields.headline || t("untitled")}</h1>
      <div class="desk__bar">
        <div class="desk__state">
          <a class="button button--quiet button--small button--icon" href={href("/stories")} aria-label={t("stories_title")}>
            <Icon name="back" size={18} />
          </a>
          <Badge tone={tone}>{stateName}</Badge>
          <span role="status" aria-live="polite" data-save={saveState}>
            {said}
          </span>
          {story.scheduled_for && <span>{t("scheduled_for", { time: dateTimeZone(story.scheduled_for) })}</span>}
        </div>
        <div class="row">
          {story.url && published && (
            <a class="button button--quiet button--small" href={story.url} target="_blank" rel="noopener">
              <Icon name="external" size={16} />
              <span>{t("see_it")}</span>
            </a>
          )}
          <Menu label={t("actions")} items={items} />
          {may("story.publish") ? (
            <Button kind="primary" onClick={() => setDialog("publish")} disabled={published && !story.has_changes && saveState === "saved"}>
              {published ? t("publish_changes") : t("publish")}
            </Button>
          ) : (
            may("story.write") && story.stage === "draft" && <Button kind="primary" onClick={() => setStage("review")}>{t("send_review")}</Button>
          )}
        </div>
      </div>
      {foreign && (
        <Notice tone="warn">
          <p>
            {foreign.staff.id === currentSession()?.account?.id ? t("lock_self", { time: clock(foreign.since) }) : `${t("lock_other", { name: foreign.staff.name, time: clock(foreign.since) })} ${t("lock_read", { name: foreign.staff.name })}`}
          </p>
          {!readOnly && (
            <p>
              <Button small icon="lock" onClick={() => setDialog("lock")}>
                {t("lock_take")}
              </Button>
            </p>
          )}
        </Notice>
      )}
      <div class="desk">
        <div class="desk__text">
          <Plain class="kicker-input" label={t("write_kicker")} value={fields.kicker} onValue={(kicker) => change({ kicker })} readOnly={readOnly} rtl={rtl} language={language} />
          <Plain class="headline-input" label={t("write_headline")} value={fields.headline} onValue={(headline) => change({ headline })} readOnly={readOnly} rtl={rtl} language={language} onEnter={() => editor.current?.focus()} autoFocus={!first.headline} />
          {fields.headline && <p class={`meter${fields.headline.length > 60 ? " meter--long" : ""}`}>{fields.headline.length > 60 ? t("headline_long", { count: fields.headline.length }) : t("headline_ok", { count: fields.headline.length })}</p>}
          <Plain class="standfirst-input" label={t("write_standfirst")} value={fields.standfirst} onValue={(standfirst) => change({ standfirst })} readOnly={readOnly} rtl={rtl} language={language} onEnter={() => editor.current?.focus()} />
          <Editor
            markdown={first.body}
            language={language}
            rightToLeft={rtl}
            pictures={pictures}
            passages={passages}
            readOnly={readOnly}
            handle={editor}
            onChange={(body, count) => {
              setWords(count);
              change({ body });
            }}
            onFiles={(files) => void uploads.start(files)}
            onPicture={() => setDialog("body-picture")}
            onNote={() => setNoteFor(editor.current?.selection() ?? null)}
            onPassage={(id) => document.getElementById(`note-${id}`)?.scrollIntoView({ block: "center" })}
          />
          {uploads.running.map((one) => (
            <p key={one.name} class="small muted">
              {t("uploading", { name: one.name })} {Math.round((100 * one.done) / one.total)} %
            </p>
          ))}
          <p class="counts">
            <span>{t("words_count", { count: words })}</span>
            <span>{t("reading_time", { count: minutes })}</span>
          </p>
        </div>
        <aside class="desk__side" aria-label={t("options")}>
          <details open>
            <summary>{t("panel_story")}</summary>
            <div>
              <Select label={t("section")} value={String(fields.section_id ?? "")} disabled={readOnly} onValue={(id) => change({ section_id: id ? Number(id) : null })} options={[["", t("no_section")], ...(sections.data?.items ?? []).map((one): [string, string] => [String(one.id), one.name])]} />
              <Topics topics={fields.topics} readOnly={readOnly} onTopics={(topics) => change({ topics })} />
              <Input label={t("dateline")} hint={t("dateline_hint")} value={fields.dateline} disabled={readOnly} onValue={(dateline) => change({ dateline })} />
              <Input label={t("language")} hint={t("language_own")} value={fields.language} placeholder={currentSession()?.newspaper.language} disabled={readOnly} onValue={(value) => change({ language: value.trim() })} />
              {may("story.publish") && <Input label={t("embargo")} type="datetime-local" hint={t("schedule_zone", { zone: zoneName() })} value={fields.embargo_until ? toLocalInput(fields.embargo_until) : ""} onValue={(value) => change({ embargo_until: value ? fromLocalInput(value) : null })} />}
            </div>
          </details>
          <details open>
            <summary>{t("panel_people")}</summary>
            <div>
              <Bylines bylines={fields.bylines} readOnly={readOnly} onBylines={(bylines) => change({ bylines })} />
            </div>
          </details>
          <details open>
            <summary>{t("panel_picture")}</summary>
            <div>
              {hero ? <img src={pictureUrl(hero, "16x9", 640) ?? ""} alt={hero.alt} style={{ width: "100%", borderRadius: "6px" }} /> : <p class="muted small">{t("picture_none")}</p>}
              {!readOnly && (
                <div class="row">
                  <Button small icon="picture" onClick={() => setDialog("hero")}>
                    {hero ? t("picture_change") : t("picture_choose")}
                  </Button>
                  {hero && (
                    <>
                      <a class="button button--small" href={href(`/pictures/${hero.id}`)}>
                        <Icon name="crop" size={16} />
                        <span>{t("picture_crops")}</span>
                      </a>
                      <Button small kind="quiet" icon="close" label={t("remove")} onClick={() => change({ hero_image_id: null })} />
                    </>
                  )}
                </div>
              )}
              {hero && (
                <>
                  <AltOf image={hero} onImage={(image) => know(image)} />
                  <Area label={t("hero_caption")} hint={t("picture_own_words")} placeholder={hero.caption} value={fields.hero_caption} disabled={readOnly} onValue={(value) => change({ hero_caption: value })} />
                  <Input label={t("hero_credit")} placeholder={hero.credit} value={fields.hero_credit} disabled={readOnly} onValue={(value) => change({ hero_credit: value })} />
                </>
              )}
            </div>
          </details>
          <details>
            <summary>{t("panel_search")}</summary>
            <div>
              <SearchAndSharing story={story} fields={fields} hero={hero ?? null} shareImage={[...images.current.values()].find((image) => image.id === fields.share_image_id) ?? null} readOnly={readOnly} onChange={change} onPicture={() => setDialog("share-picture")} />
            </div>
          </details>
          <details open={(notes.data?.items.length ?? 0) > 0}>
            <summary>{t("panel_notes")}</summary>
            <div>
              <Notes storyId={story.id} notes={notes.data?.items ?? []} onNotes={(items: StoryNote[]) => notes.set({ items })} passage={noteFor} onPassageDone={() => setNoteFor(null)} onShow={(id) => editor.current?.showPassage(id)} />
            </div>
          </details>
          {published && (
            <details open={story.corrections.length > 0}>
              <summary>{t("panel_corrections")}</summary>
              <div>
                <Corrections corrections={story.corrections} />
                {may("story.publish") && (
                  <Button small onClick={() => setDialog("correct")}>
                    {t("correct")}
                  </Button>
                )}
              </div>
            </details>
          )}
        </aside>
      </div>
      {dialog === "publish" && (
        <PublishDialog
          story={story}
          beforehand={() => save(false)}
          onClose={() => setDialog(null)}
          onPublish={async (updated) => {
            const ok = await run(() => post<Story>(`/stories/${story.id}/publish`, { base_revision: revision.current, updated }), t("published_toast"));
            if (ok) setDialog(null);
          }}
        />
      )}
      {dialog === "schedule" && (
        <ScheduleDialog
          story={story}
          onClose={() => setDialog(null)}
          onSchedule={async (at) => {
            const ok = await run(() => post<Story>(`/stories/${story.id}/schedule`, { at, base_revision: revision.current }));
            if (ok) setDialog(null);
          }}
        />
      )}
      {dialog === "correct" && <CorrectionDialog story={story} beforehand={() => save(false)} onClose={() => setDialog(null)} onStory={(next) => takeStory(next, {})} />}
      {dialog === "alert" && <AlertDialog storyId={story.id} onClose={() => setDialog(null)} />}
      {dialog === "preview" && <PagePreview story={story} onClose={() => setDialog(null)} />}
      {(dialog === "hero" || dialog === "body-picture" || dialog === "share-picture") && (
        <PicturePicker
          onClose={() => setDialog(null)}
          onPick={(image) => {
            know(image);
            if (dialog === "hero") change({ hero_image_id: image.id });
            else if (dialog === "share-picture") change({ share_image_id: image.id });
            else editor.current?.insertPicture(`image:${image.hash}`, image.alt, image.caption, image.credit);
            setDialog(null);
          }}
        />
      )}
      {dialog === "lock" && foreign && (
        <Dialog
          title={t("lock_take_title")}
          onClose={() => setDialog(null)}
          actions={
            <Button
              kind="primary"
              onClick={() => {
                setDialog(null);
                void takeLock(true);
              }}
            >
              {t("lock_take")}
            </Button>
          }
        >
          <p>{t("lock_take_text", { name: foreign.staff.name })}</p>
        </Dialog>
      )}
      {conflicts.length > 0 && (
        <ConflictDialog
          conflicts={conflicts}
          body={fields.body}
          onClose={() => setConflicts([])}
          onTake={(part) => {
            if (part.body !== undefined) editor.current?.setMarkdown(part.body);
            change(part);
          }}
        />
      )}
      {confirmation}
    </>
  );
}

// A line of text that grows: headline, standfirst, kicker. Enter goes on to the text.
function Plain({ label, value, onValue, readOnly, rtl, language, onEnter, autoFocus, class: name }: { label: string; value: string; onValue: (value: string) => void; readOnly: boolean; rtl: boolean; language: string; onEnter?: () => void; autoFocus?: boolean; class: string }) {
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (autoFocus) area.current?.focus();
  }, []);
  useEffect(() => {
    const grow = () => {
      if (!area.current) return;
      area.current.style.height = "auto";
      area.current.style.height = `${area.current.scrollHeight}px`;
    };
    grow();
    addEventListener("resize", grow);
    void document.fonts?.ready.then(grow);
    return () => removeEventListener("resize", grow);
  }, [value]);
  return (
    <textarea
      ref={area}
      class={name}
      rows={1}
      aria-label={label}
      placeholder={label}
      dir={rtl ? "rtl" : "ltr"}
      lang={language}
      spellcheck
      readOnly={readOnly}
      value={value}
      onInput={(event) => onValue(event.currentTarget.value.replace(/\s*\n\s*/g, " "))}
      onKeyDown={(event) => {
        if (event.key === "Enter" && !event.isComposing && !event.ctrlKey && !event.metaKey) {
          event.preventDefault();
          onEnter?.();
        }
      }}
    />
  );
}

function AltOf({ image, onImage }: { image: Image; onImage: (image: Image) => void }) {
  const [alt, setAlt] = useState(image.alt);
  useEffect(() => setAlt(image.alt), [image.id]);
  useEffect(() => {
    if (alt === image.alt || !may("image.write")) return;
    const timer = setTimeout(() => void patch<Image>(`/images/${image.id}`, { alt }).then(onImage, (error) => toast(error.message, "bad")), 800);
    return () => clearTimeout(timer);
  }, [alt]);
  return <Area label={t("picture_alt")} hint={t("picture_alt_hint")} problem={alt.trim() ? null : t("picture_alt_hint")} value={alt} disabled={!may("image.write")} onValue={setAlt} />;
}

function Topics({ topics, readOnly, onTopics }: { topics: string[]; readOnly: boolean; onTopics: (topics: string[]) => void }) {
  const add = (name: string) => {
    if (name && !topics.some((one) => one.toLowerCase() === name.toLowerCase())) onTopics([...topics, name]);
  };
  return (
    <div class="stack stack--tight">
      <span class="field__label">{t("topics")}</span>
      {topics.length > 0 && (
        <div class="chips">
          {topics.map((name) => (
            <span key={name} class="chip">
              {name}
              {!readOnly && (
                <button type="button" aria-label={`${t("remove")}: ${name}`} onClick={() => onTopics(topics.filter((one) => one !== name))}>
                  <Icon name="close" size={12} />
                </button>
              )}
            </span>
          ))}
        </div>
      )}
      {!readOnly && <Suggest<{ name: string }> label={t("topics_add")} path="/topics" name={(topic) => topic.name} onPick={(topic) => add(topic.name)} make={add} />}
    </div>
  );
}

function Bylines({ bylines, readOnly, onBylines }: { bylines: Byline[]; readOnly: boolean; onBylines: (bylines: Byline[]) => void }) {
  const add = (author: Author) => {
    if (!bylines.some((one) => one.author_id === author.id)) onBylines([...bylines, { author_id: author.id, name: author.name, role: "" }]);
  };
  const move = (i: number, by: number) => {
    const list = [...bylines];
    const [one] = list.splice(i, 1);
    list.splice(i + by, 0, one!);
    onBylines(list);
  };
  return (
    <div class="stack stack--tight">
      {bylines.map((byline, i) => (
        <div key={byline.author_id} class="stack stack--tight">
          <div class="row row--spread">
            <strong class="wrap-any">{byline.name}</strong>
            {!readOnly && (
              <span class="row">
                <Button small kind="quiet" icon="up" label={`${t("move_up")}: ${byline.name}`} disabled={i === 0} onClick={() => move(i, -1)} />
                <Button small kind="quiet" icon="down" label={`${t("move_down")}: ${byline.name}`} disabled={i === bylines.length - 1} onClick={() => move(i, 1)} />
                <Button small kind="quiet" icon="close" label={`${t("remove")}: ${byline.name}`} onClick={() => onBylines(bylines.filter((_, at) => at !== i))} />
              </span>
            )}
          </div>
          <Input label={`${t("byline_role")}: ${byline.name}`} hideLabel placeholder={t("byline_role")} value={byline.role} disabled={readOnly} onValue={(role) => onBylines(bylines.map((one, at) => (at === i ? { ...one, role } : one)))} />
        </div>
      ))}
      {!readOnly && (
        <Suggest<Author>
          label={t("byline_add")}
          path="/authors"
          name={(author) => author.name}
          onPick={add}
          make={may("author.write") ? (name) => void post<Author>("/authors", { name }).then(add, (error) => toast(error.message, "bad")) : undefined}
        />
      )}
    </div>
  );
}

function CheckList({ items }: { items: Check[] }) {
  return (
    <ul class="stack stack--tight">
      {items.map((check, i) => (
        <li key={i} class="row">
          <Badge tone={check.level === "error" ? "bad" : "warn"}>{check.level === "error" ? t("checks_error") : t("checks_warning")}</Badge>
          <span class="grow">{check.says}</span>
        </li>
      ))}
    </ul>
  );
}

function PublishDialog({ story, beforehand, onClose, onPublish }: { story: Story; beforehand: () => Promise<boolean>; onClose: () => void; onPublish: (updated: boolean) => Promise<void> }) {
  const [checks, setChecks] = useState<Checks | null>(null);
  const [updated, setUpdated] = useState(true);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    void beforehand().then(() => get<Checks>(`/stories/${story.id}/checks`).then(setChecks, (error) => toast(error.message, "bad")));
  }, []);
  return (
    <Dialog
      title={story.status === "published" ? t("publish_changes") : t("publish")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button
            kind="primary"
            busy={busy || !checks}
            disabled={checks !== null && !checks.can_publish}
            onClick={() => {
              setBusy(true);
              void onPublish(updated).finally(() => setBusy(false));
            }}
          >
            {t("publish_now")}
          </Button>
        </>
      }
    >
      <h3>{t("checks_title")}</h3>
      {!checks ? <Loading /> : checks.items.length === 0 ? <p>{t("checks_clean")}</p> : <CheckList items={checks.items} />}
      {checks && !checks.can_publish && <Notice tone="bad">{t("publish_blocked")}</Notice>}
      {story.status === "published" && <CheckBox label={t("update_note")} checked={updated} onChecked={setUpdated} />}
    </Dialog>
  );
}

function ScheduleDialog({ story, onClose, onSchedule }: { story: Story; onClose: () => void; onSchedule: (at: string) => Promise<void> }) {
  const [at, setAt] = useState(toLocalInput(story.scheduled_for ?? Date.now() + 3600000));
  return (
    <Dialog
      title={t("schedule")}
      onClose={onClose}
      actions={
        <Button kind="primary" onClick={() => void onSchedule(fromLocalInput(at))}>
          {t("schedule")}
        </Button>
      }
    >
      <Input label={t("schedule_at")} type="datetime-local" hint={t("schedule_zone", { zone: zoneName() })} value={at} onValue={setAt} required />
      <p class="muted">{at && dateTimeZone(fromLocalInput(at))}</p>
    </Dialog>
  );
}

function PagePreview({ story, onClose }: { story: Story; onClose: () => void }) {
  const [phone, setPhone] = useState(false);
  return (
    <Dialog title={t("preview_page")} wide onClose={onClose}>
      <div class="row">
        <Button small aria-pressed={!phone} onClick={() => setPhone(false)}>
          {t("desktop")}
        </Button>
        <Button small aria-pressed={phone} onClick={() => setPhone(true)}>
          {t("phone")}
        </Button>
      </div>
      <iframe class={`mail-frame${phone ? " mail-frame--phone" : ""}`} title={t("preview_page")} style={{ height: "70vh" }} sandbox="allow-same-origin" src={`/api/stories/${story.id}/page`} />
    </Dialog>
  );
}

const FIELD_NAMES = { headline: "field_headline", standfirst: "field_standfirst", kicker: "field_kicker", dateline: "field_dateline", body: "field_body" } as const;

// Where two people changed the same words. Closing it keeps both: nothing is lost by not choosing.
function ConflictDialog({ conflicts, body, onClose, onTake }: { conflicts: Conflict[]; body: string; onClose: () => void; onTake: (part: Partial<Fields>) => void }) {
  const [open, setOpen] = useState(conflicts);
  const take = (conflict: Conflict, text: string) => {
    if (conflict.field === "body") {
      // The body carries both between markers, as merge tools write them.
      const at = body.search(/^<{7}/m);
      const marked = /^<{7}[^\n]*\n[\s\S]*?^>{7}[^\n]*(\n|$)/m.exec(at >= 0 ? body.slice(at) : "");
      const whole = marked ? body.slice(0, at) + (text.endsWith("\n") || !marked[0].endsWith("\n") ? text : `${text}\n`) + body.slice(at + marked[0].length) : body;
      onTake({ body: whole });
    } else onTake({ [conflict.field]: text } as Partial<Fields>);
    const left = open.filter((one) => one !== conflict);
    setOpen(left);
    if (left.length === 0) onClose();
  };
  return (
    <Dialog title={t("conflict_title")} wide onClose={onClose} actions={<Button onClick={onClose}>{t("conflict_keep_both")}</Button>}>
      <p>{t("conflict_text")}</p>
      {open.map((conflict, i) => (
        <section key={i} class="stack stack--tight">
          <h3>{conflict.field in FIELD_NAMES ? t(FIELD_NAMES[conflict.field as keyof typeof FIELD_NAMES]) : conflict.field}</h3>
          <div class="merge">
            <div class="stack stack--tight">
              <strong>{t("conflict_mine")}</strong>
              <p class="diff">{conflict.mine}</p>
              <Button small onClick={() => take(conflict, conflict.mine)}>
                {t("conflict_take")}
              </Button>
            </div>
            <div class="stack stack--tight">
              <strong>{conflict.theirs_by?.name ?? t("conflict_theirs")}</strong>
              <p class="diff">{conflict.theirs}</p>
              <Button small onClick={() => take(conflict, conflict.theirs)}>
                {t("conflict_take")}
              </Button>
            </div>
          </div>
          <details>
            <summary>{t("conflict_base")}</summary>
            <p class="diff">{conflict.base}</p>
          </details>
        </section>
      ))}
    </Dialog>
  );
}

