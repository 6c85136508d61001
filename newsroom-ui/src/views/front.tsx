// SPDX-License-Identifier: Apache-2.0
//
// Curating a front: stories dragged into slots on a view that looks like the page, weighted, planned
// for another day, published, undone. What fills the rest by itself is shown, and why. Everything
// that dragging does, keys and buttons do, too.
import Sortable from "sortablejs";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { Fault, api, currentSession, get, may, patch, post, put, remove, useList, useRead, useSettled } from "../api";
import type { Front, FrontList, FrontPlan, FrontPreviewed, FrontSlot, StorySummary } from "../api_types";
import { go, href, setQuery, useGuard, usePlace } from "../router";
import { pictureUrl, stateOf } from "../stories";
import { Icon } from "../ui/icons";
import { Badge, Button, Check, Dialog, Head, Input, Loading, Menu, Notice, Select, toast, useConfirm } from "../ui/parts";
import { useCommands } from "../ui/palette";
import { dateTime, dateTimeZone, fromLocalInput, t, toLocalInput, zoneName } from "../words";

type Weight = "lead" | "second" | "brief";
type Placed = { story: StorySummary; weight: Weight };
type Draft = { slots: Placed[]; past: Placed[][]; future: Placed[][] };
const WEIGHTS: Weight[] = ["lead", "second", "brief"];
const sentSlots = (slots: Placed[]) => slots.map(({ story, weight }) => ({ story_id: story.id, weight }));
const curated = (slots: FrontSlot[]): Placed[] => slots.filter((slot) => !slot.automatic).map(({ story, weight }) => ({ story, weight }));
const sameSlots = (a: Placed[], b: Placed[]) => JSON.stringify(sentSlots(a)) === JSON.stringify(sentSlots(b));

export default function FrontView({ parameters }: { parameters: Record<string, string> }) {
  const section = parameters.section ?? "front";
  const { query } = usePlace();
  const plan = query.get("plan");
  const front = useRead<Front>(`/fronts/${section}`);
  const planned = useRead<FrontPlan>(plan ? `/fronts/${section}/plans/${plan}` : null);
  if (front.fault && !front.data) return <Notice tone="bad">{front.fault.message}</Notice>;
  if (!front.data || (plan && !planned.data)) return <Loading />;
  return <Desk key={`${section}:${plan ?? ""}:${front.data.version}`} section={section} front={front.data} plan={plan ? planned.data! : null} onFront={front.set} onPlan={planned.set} reload={front.reload} />;
}

function Desk({ section, front, plan, onFront, onPlan, reload }: { section: string; front: Front; plan: FrontPlan | null; onFront: (front: Front) => void; onPlan: (plan: FrontPlan) => void; reload: () => void }) {
  const start = curated(plan ? plan.slots : front.slots);
  const [{ slots, past, future }, setDraft] = useState<Draft>({ slots: start, past: [], future: [] });
  const [filled, setFilled] = useState<FrontSlot[]>((plan ? plan.slots : front.slots).filter((slot) => slot.automatic));
  const [beside, setBeside] = useState(plan !== null);
  const [newPlan, setNewPlan] = useState(false);
  const [preview, setPreview] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [confirmation, confirm] = useConfirm();
  const [said, setSaid] = useState("");
  const fronts = useRead<FrontList>("/fronts");
  const writable = may("front.write");
  const live = useRef(start);
  const changed = !sameSlots(slots, live.current);
  useGuard(() => !changed || window.confirm(t("front_changed")));

  // Each step is made from the draft as it is by then, so that keys pressed faster than the page is drawn count one by one.
  const change = useCallback((made: (slots: Placed[]) => Placed[]) => setDraft((old) => ({ slots: made(old.slots), past: [...old.past.slice(-99), old.slots], future: [] })), []);
  const undo = () => setDraft((old) => (old.past.length === 0 ? old : { slots: old.past[old.past.length - 1]!, past: old.past.slice(0, -1), future: [...old.future, old.slots] }));
  const redo = () => setDraft((old) => (old.future.length === 0 ? old : { slots: old.future[old.future.length - 1]!, past: [...old.past, old.slots], future: old.future.slice(0, -1) }));

  // What fills the rest, as the server would: asked again at every change.
  const asked = useSettled(JSON.stringify(sentSlots(slots)), 300);
  useEffect(() => {
    const stop = new AbortController();
    api<FrontPreviewed>("POST", `/fronts/${section}/preview`, { body: { slots: JSON.parse(asked), at: plan?.goes_live_at ?? null }, signal: stop.signal }).then(
      (answer) => setFilled(answer.slots.filter((slot) => slot.automatic)),
      () => undefined,
    );
    return () => stop.abort();
  }, [asked]);

  const place = (story: StorySummary, weight: Weight, index: number) => {
    change((slots) => {
      const rest = slots.filter((slot) => slot.story.id !== story.id);
      const zones = WEIGHTS.map((one) => rest.filter((slot) => slot.weight === one));
      zones[WEIGHTS.indexOf(weight)]!.splice(index, 0, { story, weight });
      // One lead: another one that stood there becomes the first of the seconds.
      while (zones[0]!.length > 1) zones[1]!.unshift({ ...zones[0]!.splice(weight === "lead" ? (index === 0 ? 1 : 0) : 1, 1)[0]!, weight: "second" });
      return zones.flat();
    });
    setSaid(t("front_moved", { zone: t(`front_${weight}`), place: index + 1 }));
  };
  const takeOut = (story: StorySummary) => change((slots) => slots.filter((slot) => slot.story.id !== story.id));
  const known = useRef(new Map<number, StorySummary>());
  for (const slot of [...slots, ...filled]) known.current.set(slot.story.id, slot.story);

  const publish = async () => {
    setBusy(true);
    try {
      if (plan) {
        onPlan(await patch<FrontPlan>(`/fronts/${section}/plans/${plan.id}`, { slots: sentSlots(slots) }));
        live.current = slots;
        toast(t("front_plan_saved"));
      } else {
        const next = await put<Front>(`/fronts/${section}`, { base_version: front.version, slots: sentSlots(slots) });
        live.current = slots;
        onFront(next);
        toast(t("front_published"), "plain", next.can_undo ? { label: t("undo"), run: () => void undoPublished(next.version) } : undefined);
      }
    } catch (error) {
      const fault = error as Fault;
      if (fault.status === 409) {
        const next = await get<Front>(`/fronts/${section}`);
        front.version = next.version; // publishing again puts this one in its place, knowingly
        toast(t("front_conflict"), "bad");
      } else toast(fault.message, "bad");
    }
    setBusy(false);
  };
  const undoPublished = async (version: number) => {
    try {
      onFront(await post<Front>(`/fronts/${section}/undo`, { base_version: version }));
      toast(t("front_undone"));
    } catch (error) {
      toast((error as Fault).message, "bad");
    }
  };
  const seePage = async () => {
    try {
      const response = await fetch(`/api/fronts/${section}/page`, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRF-Token": currentSession()?.csrf ?? "" }, body: JSON.stringify({ slots: sentSlots(slots) }) });
      setPreview(await response.text());
    } catch (error) {
      toast(String(error), "bad");
    }
  };
  const makeLive = async () => {
    if (!plan || !(await confirm({ title: t("front_plan_live"), text: plan.name, yes: t("front_plan_live") }))) return;
    try {
      if (changed) await patch(`/fronts/${section}/plans/${plan.id}`, { slots: sentSlots(slots) });
      live.current = slots;
      onFront(await post<Front>(`/fronts/${section}/plans/${plan.id}/publish`));
      setQuery({ plan: undefined });
      toast(t("front_published"));
    } catch (error) {
      toast((error as Fault).message, "bad");
    }
  };

  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      const mod = event.ctrlKey || event.metaKey;
      if (!mod || (event.target as HTMLElement).matches("input,textarea,select")) return;
      if (event.key.toLowerCase() === "z") {
        event.preventDefault();
        if (event.shiftKey) redo();
        else undo();
      } else if (event.key.toLowerCase() === "y") {
        event.preventDefault();
        redo();
      } else if (event.key.toLowerCase() === "s" && writable) {
        event.preventDefault();
        void publish();
      }
    };
    addEventListener("keydown", keys);
    return () => removeEventListener("keydown", keys);
  });
  useCommands([
    { label: plan ? t("save") : t("front_publish"), icon: "check", keys: "Ctrl S", run: () => void publish() },
    { label: t("front_preview"), icon: "eye", run: () => void seePage() },
    { label: t("front_plan_new"), icon: "clock", run: () => setNewPlan(true) },
  ]);

  return (
    <>
      <Head title={front.name || t("front_title")}>
        <Button kind="quiet" icon="undo" label={t("undo")} disabled={past.length === 0} onClick={undo} />
        <Button kind="quiet" icon="redo" label={t("redo")} disabled={future.length === 0} onClick={redo} />
        <Button icon="eye" onClick={() => void seePage()}>
          {t("front_preview")}
        </Button>
        <Menu
          label={t("actions")}
          items={[
            { label: t("front_plan_new"), icon: "clock", onClick: () => setNewPlan(true), disabled: !writable },
            ...(plan
              ? [
                  { label: t("front_plan_live"), icon: "check", onClick: () => void makeLive() },
                  {
                    label: t("front_plan_delete"),
                    icon: "trash",
                    danger: true,
                    onClick: () =>
                      void remove(`/fronts/${section}/plans/${plan.id}`).then(
                        () => {
                          live.current = slots;
                          setQuery({ plan: undefined });
                          reload();
                        },
                        (error) => toast(error.message, "bad"),
                      ),
                  },
                ]
              : [{ label: t("front_undo"), icon: "undo", onClick: () => void undoPublished(front.version), disabled: !front.can_undo || !writable }]),
          ]}
        />
        {writable && (
          <Button kind="primary" busy={busy} disabled={!changed} onClick={() => void publish()}>
            {plan ? t("save") : t("front_publish")}
          </Button>
        )}
      </Head>
      <div class="filters">
        <Select label={t("front_which")} value={section} onValue={(next) => go(next === "front" ? "/front" : `/front/${next}`)} options={(fronts.data?.items ?? [{ section: front.section, name: front.name }]).map((one): [string, string] => [one.section, one.name || t("front_title")])} />
        <Select label={t("front_plans")} value={plan ? String(plan.id) : ""} onValue={(id) => setQuery({ plan: id || undefined })} options={[["", t("front_today")], ...front.plans.map((one): [string, string] => [String(one.id), one.goes_live_at ? `${one.name} (${dateTime(one.goes_live_at)})` : one.name])]} />
        {plan && <Check label={t("front_beside")} checked={beside} onChecked={setBeside} />}
        {changed && <Badge tone="warn">{t("front_changed")}</Badge>}
        {changed && (
          <Button small kind="quiet" onClick={() => change(() => live.current)}>
            {t("front_revert")}
          </Button>
        )}
      </div>
      {plan && <PlanTime plan={plan} section={section} onPlan={onPlan} />}
      <p class="unseen" role="status" aria-live="assertive">
        {said}
      </p>
      <div class={`fronts${beside && plan ? " fronts--two" : ""}`}>
        <Page title={plan ? plan.name : currentSession()!.newspaper.name} slots={slots} filled={filled} writable={writable} onPlace={(id, weight, index) => known.current.has(id) && place(known.current.get(id)!, weight, index)} onTakeOut={takeOut} />
        {beside && plan && <Page title={t("front_today")} slots={curated(front.slots)} filled={front.slots.filter((slot) => slot.automatic)} writable={false} onPlace={() => undefined} onTakeOut={() => undefined} />}
        {writable && <Pool placed={new Set(slots.map((slot) => slot.story.id))} section={section} onKnown={(story) => known.current.set(story.id, story)} onPlace={(story, weight) => place(story, weight, slots.filter((slot) => slot.weight === weight && slot.story.id !== story.id).length)} />}
      </div>
      {newPlan && (
        <NewPlan
          onClose={() => setNewPlan(false)}
          onMake={async (name, at) => {
            try {
              const made = await post<FrontPlan>(`/fronts/${section}/plans`, { name, goes_live_at: at, slots: sentSlots(slots) });
              live.current = slots;
              setNewPlan(false);
              setQuery({ plan: String(made.id) });
              reload();
            } catch (error) {
              toast((error as Fault).message, "bad");
            }
          }}
        />
      )}
      {preview !== null && (
        <Dialog title={t("front_preview")} wide onClose={() => setPreview(null)}>
          <iframe class="mail-frame" title={t("front_preview")} sandbox="allow-same-origin" srcdoc={preview} style={{ height: "75vh" }} />
        </Dialog>
      )}
      {confirmation}
    </>
  );
}

function PlanTime({ plan, section, onPlan }: { plan: FrontPlan; section: string; onPlan: (plan: FrontPlan) => void }) {
  return (
    <div class="filters">
      <Input
        label={t("front_plan_at")}
        type="datetime-local"
        hint={t("schedule_zone", { zone: zoneName() })}
        value={plan.goes_live_at ? toLocalInput(plan.goes_live_at) : ""}
        onValue={(value) => void patch<FrontPlan>(`/fronts/${section}/plans/${plan.id}`, { goes_live_at: value ? fromLocalInput(value) : null }).then(onPlan, (error) => toast(error.message, "bad"))}
      />
      {plan.goes_live_at && <span class="muted">{dateTimeZone(plan.goes_live_at)}</span>}
    </div>
  );
}

function NewPlan({ onClose, onMake }: { onClose: () => void; onMake: (name: string, at: string | null) => void }) {
  const tomorrow = new Date(Date.now() + 86400000);
  const [name, setName] = useState(tomorrow.toLocaleDateString(document.documentElement.lang, { weekday: "long", day: "numeric", month: "long" }));
  const [at, setAt] = useState(`${toLocalInput(tomorrow.getTime()).slice(0, 10)}T05:00`);
  return (
    <Dialog
      title={t("front_plan_new")}
      onClose={onClose}
      actions={
        <Button kind="primary" onClick={() => onMake(name, at ? fromLocalInput(at) : null)}>
          {t("save")}
        </Button>
      }
    >
      <Input label={t("front_plan_name")} value={name} onValue={setName} autoFocus />
      <Input label={`${t("front_plan_at")} (${t("optional")})`} type="datetime-local" hint={t("schedule_zone", { zone: zoneName() })} value={at} onValue={setAt} />
    </Dialog>
  );
}

function Page({ title, slots, filled, writable, onPlace, onTakeOut }: { title: string; slots: Placed[]; filled: FrontSlot[]; writable: boolean; onPlace: (id: number, weight: Weight, index: number) => void; onTakeOut: (story: StorySummary) => void }) {
  return (
    <section class="page" aria-label={title}>
      <p class="page__mast">{title}</p>
      {WEIGHTS.map((weight) => (
        <Zone key={weight} weight={weight} slots={slots.filter((slot) => slot.weight === weight)} filled={filled.filter((slot) => slot.weight === weight)} writable={writable} onPlace={onPlace} onTakeOut={onTakeOut} />
      ))}
    </section>
  );
}

function Zone({ weight, slots, filled, writable, onPlace, onTakeOut }: { weight: Weight; slots: Placed[]; filled: FrontSlot[]; writable: boolean; onPlace: (id: number, weight: Weight, index: number) => void; onTakeOut: (story: StorySummary) => void }) {
  const list = useRef<HTMLDivElement>(null);
  const latest = useRef(onPlace);
  latest.current = onPlace;
  useEffect(() => {
    if (!writable) return;
    const sortable = Sortable.create(list.current!, {
      group: "front",
      draggable: ".slot--placed",
      handle: ".slot__handle,img,.slot__title",
      animation: 120,
      delay: 120,
      delayOnTouchOnly: true,
      onAdd: (event) => {
        const id = Number(event.item.dataset.id);
        const index = [...event.to.querySelectorAll(".slot--placed")].indexOf(event.item);
        putBack(event);
        latest.current(id, weight, index);
      },
      onUpdate: (event) => {
        const id = Number(event.item.dataset.id);
        const index = event.newDraggableIndex ?? 0;
        putBack(event);
        latest.current(id, weight, index);
      },
    });
    return () => sortable.destroy();
  }, [writable]);
  return (
    <div class={`page__zone page__zone--${weight}`}>
      <h3>{t(`front_${weight}`)}</h3>
      <div class="page__list" ref={list} data-weight={weight}>
        {slots.map((slot, i) => (
          <Slot key={slot.story.id} story={slot.story} weight={weight} index={i} count={slots.length} writable={writable} onPlace={onPlace} onTakeOut={onTakeOut} />
        ))}
        {filled.map((slot) => (
          <article key={`auto-${slot.story.id}`} class={`slot slot--auto slot--${weight}`}>
            {weight !== "brief" && pictureUrl(slot.story.hero, "3x2", 480) && <img src={pictureUrl(slot.story.hero, "3x2", 480)!} alt="" loading="lazy" />}
            <span class="slot__title">{slot.story.headline}</span>
            <span class="slot__why">{t("front_auto", { why: slot.why })}</span>
            {writable && (
              <Button small kind="quiet" icon="check" onClick={() => onPlace(slot.story.id, weight, slots.length)}>
                {t("front_pin")}
              </Button>
            )}
          </article>
        ))}
      </div>
    </div>
  );
}

// Preact owns the elements: what Sortable has moved goes back, and the change of state moves it.
function putBack(event: { item: HTMLElement; clone?: HTMLElement; from: HTMLElement; oldIndex?: number; pullMode?: string | boolean }): void {
  event.item.remove();
  if (event.pullMode === "clone") event.clone?.remove();
  event.from.insertBefore(event.item, event.from.children[event.oldIndex ?? 0] ?? null);
}

function Slot({ story, weight, index, count, writable, onPlace, onTakeOut }: { story: StorySummary; weight: Weight; index: number; count: number; writable: boolean; onPlace: (id: number, weight: Weight, index: number) => void; onTakeOut: (story: StorySummary) => void }) {
  const [state, tone] = stateOf(story);
  const picture = pictureUrl(story.hero, weight === "lead" ? "16x9" : "3x2", weight === "lead" ? 960 : 480);
  const at = WEIGHTS.indexOf(weight);
  const move = (event: KeyboardEvent) => {
    if (!event.altKey || !writable) return;
    const keep = () => requestAnimationFrame(() => (document.querySelector(`.slot--placed[data-id="${story.id}"]`) as HTMLElement | null)?.focus());
    if ((event.key === "ArrowLeft" || event.key === "ArrowUp") && (index > 0 || at > 0)) {
      event.preventDefault();
      if (index > 0) onPlace(story.id, weight, index - 1);
      else onPlace(story.id, WEIGHTS[at - 1]!, 0);
      keep();
    } else if ((event.key === "ArrowRight" || event.key === "ArrowDown") && (index < count - 1 || at < 2)) {
      event.preventDefault();
      if (index < count - 1) onPlace(story.id, weight, index + 1);
      else onPlace(story.id, WEIGHTS[at + 1]!, 0);
      keep();
    } else if (event.key === "Delete") onTakeOut(story);
  };
  return (
    <article class={`slot slot--placed slot--${weight}`} data-id={story.id} tabIndex={writable ? 0 : undefined} title={writable ? t("front_keys") : undefined} onKeyDown={move}>
      {picture && weight !== "brief" && <img src={picture} alt={story.hero?.alt ?? ""} loading="lazy" draggable={false} />}
      <span class="slot__title">{story.headline || t("untitled")}</span>
      <span class="item__meta">
        {story.status !== "published" && <Badge tone={tone}>{state}</Badge>}
        <span>{story.section?.name}</span>
      </span>
      {writable && (
        <span class="slot__tools">
          <span class="slot__handle button button--quiet button--small button--icon" aria-hidden="true">
            <Icon name="drag" size={16} />
          </span>
          <Menu
            label={`${t("actions")}: ${story.headline}`}
            items={[
              ...WEIGHTS.filter((one) => one !== weight).map((one) => ({ label: t(`front_make_${one}`), onClick: () => onPlace(story.id, one, 0) })),
              { label: t("move_up"), icon: "up", disabled: index === 0, onClick: () => onPlace(story.id, weight, index - 1) },
              { label: t("move_down"), icon: "down", disabled: index >= count - 1, onClick: () => onPlace(story.id, weight, index + 1) },
              { label: t("edit"), icon: "story", onClick: () => go(`/stories/${story.id}`) },
              { label: t("front_take_out"), icon: "close", danger: true, onClick: () => onTakeOut(story) },
            ]}
          />
        </span>
      )}
    </article>
  );
}

function Pool({ placed, section, onKnown, onPlace }: { placed: Set<number>; section: string; onKnown: (story: StorySummary) => void; onPlace: (story: StorySummary, weight: Weight) => void }) {
  const [words, setWords] = useState("");
  const settled = useSettled(words.trim());
  const list = useList<StorySummary>("/stories", { q: settled, status: "published", limit: 30, sort: settled ? undefined : "published" });
  const box = useRef<HTMLDivElement>(null);
  const items = list.items.filter((story) => !placed.has(story.id));
  items.forEach(onKnown);
  useEffect(() => {
    const sortable = Sortable.create(box.current!, {
      group: { name: "front", pull: "clone", put: false },
      sort: false,
      draggable: ".slot--placed",
      filter: "button",
      preventOnFilter: false,
      delay: 120,
      delayOnTouchOnly: true,
    });
    return () => sortable.destroy();
  }, []);
  return (
    <aside class="pool" aria-label={t("front_pool")}>
      <h2>{t("front_pool")}</h2>
      <Input label={t("front_pool_search")} hideLabel placeholder={t("front_pool_search")} type="search" value={words} onValue={setWords} />
      <div class="stack stack--tight" ref={box} data-section={section}>
        {items.map((story) => (
          <article key={story.id} class="slot slot--placed" data-id={story.id}>
            <a class="slot__title" href={href(`/stories/${story.id}`)}>
              {story.headline}
            </a>
            <span class="item__meta">
              <span>{story.section?.name}</span>
              <span>{story.published_at && dateTime(story.published_at)}</span>
            </span>
            <span class="slot__tools">
              {WEIGHTS.map((weight) => (
                <Button key={weight} small onClick={() => onPlace(story, weight)}>
                  {t(`front_${weight}`)}
                </Button>
              ))}
            </span>
          </article>
        ))}
      </div>
      {list.more && (
        <Button small onClick={list.more}>
          {t("more")}
        </Button>
      )}
    </aside>
  );
}
