// SPDX-License-Identifier: Apache-2.0
//
// All stories: a list with filters, or a board by stage. Filters live in the address.
import Sortable from "sortablejs";
import { useEffect, useRef, useState } from "preact/hooks";
import { Fault, currentSession, may, post, useList, useRead, useSettled } from "../api";
import type { Board, BoardColumn, SectionList, Story, StorySummary } from "../api_types";
import { remember, remembered } from "../preferences";
import { href, setQuery, usePlace } from "../router";
import { pictureUrl, stateOf } from "../stories";
import { Icon } from "../ui/icons";
import { Badge, Button, Empty, Head, Input, Loading, Notice, Select, Tabs, toast } from "../ui/parts";
import { ago, dateTime, t } from "../words";
import { newStory } from "./new_story";

export default function StoriesView() {
  const { query } = usePlace();
  const board = (query.get("view") ?? remembered("stories-view") ?? "list") === "board";
  const sections = useRead<SectionList>("/sections");
  const mine = query.get("owner") === "me";
  const show = (view: string) => {
    remember("stories-view", view);
    setQuery({ view });
  };
  return (
    <>
      <Head title={t("stories_title")}>
        <Tabs label={t("stories_title")} value={board ? "board" : "list"} onValue={show} tabs={[["list", t("stories_list")], ["board", t("stories_board")]]} />
        {may("story.write") && (
          <Button kind="primary" icon="plus" onClick={() => void newStory()}>
            {t("new_story")}
          </Button>
        )}
      </Head>
      <Filters board={board} sections={sections.data} mine={mine} />
      {board ? <BoardOf section={query.get("section")} mine={mine} /> : <ListOf />}
    </>
  );
}

function Filters({ board, sections, mine }: { board: boolean; sections: SectionList | null; mine: boolean }) {
  const { query } = usePlace();
  const [words, setWords] = useState(query.get("q") ?? "");
  const settled = useSettled(words);
  useEffect(() => setQuery({ q: settled.trim() || undefined }), [settled]);
  const choose = (key: string) => (value: string) => setQuery({ [key]: value || undefined });
  return (
    <div class="filters">
      {!board && <Input label={t("stories_search")} type="search" value={words} onValue={setWords} />}
      <Select label={t("stories_section")} value={query.get("section") ?? ""} onValue={choose("section")} options={[["", t("all")], ...(sections?.items ?? []).map((one): [string, string] => [String(one.id), one.name])]} />
      {!board && <Select label={t("stories_stage")} value={query.get("stage") ?? ""} onValue={choose("stage")} options={[["", t("all")], ...(["draft", "review", "ready", "published"] as const).map((stage): [string, string] => [stage, t(`stage_${stage}`)])]} />}
      {!board && <Select label={t("stories_status")} value={query.get("status") ?? ""} onValue={choose("status")} options={[["", t("all")], ...(["draft", "scheduled", "published", "withdrawn"] as const).map((status): [string, string] => [status, t(`status_${status}`)])]} />}
      <Select label={t("stories_owner")} value={mine ? "me" : ""} onValue={choose("owner")} options={[["", t("stories_anyone")], ["me", t("stories_mine")]]} />
      {!board && <Select label={t("stories_sort")} value={query.get("sort") ?? "saved"} onValue={choose("sort")} options={[["saved", t("sort_saved")], ["created", t("sort_created")], ["published", t("sort_published")]]} />}
    </div>
  );
}

function ListOf() {
  const { query } = usePlace();
  const q = query.get("q");
  const list = useList<StorySummary>("/stories", {
    q,
    stage: query.get("stage"),
    status: query.get("status"),
    section_id: query.get("section"),
    owner_id: query.get("owner") === "me" ? currentSession()?.account?.id : undefined,
    sort: query.get("sort") ?? (q ? undefined : "saved"),
    limit: 50,
  });
  if (list.fault && list.items.length === 0) return <Notice tone="bad">{list.fault.message}</Notice>;
  if (list.loading && list.items.length === 0) return <Loading />;
  if (list.items.length === 0) return <Empty title={t("stories_none")}>{t("stories_none_text")}</Empty>;
  return (
    <>
      <ul class="list" aria-busy={list.loading}>
        {list.items.map((story) => (
          <li key={story.id}>
            <StoryRow story={story} />
          </li>
        ))}
      </ul>
      {list.more && (
        <div class="more">
          <Button busy={list.loading} onClick={list.more}>
            {t("more")}
          </Button>
        </div>
      )}
    </>
  );
}

export function StoryRow({ story }: { story: StorySummary }) {
  const [state, tone] = stateOf(story);
  const picture = pictureUrl(story.hero, "3x2", 240);
  return (
    <a class="item item--picture" href={href(`/stories/${story.id}`)}>
      {picture ? <img src={picture} alt="" loading="lazy" width={88} height={59} /> : <span class="item__blank" />}
      <div class="stack stack--tight">
        <span class="item__title">{story.headline || t("untitled")}</span>
        <span class="item__meta">
          <Badge tone={tone}>{state}</Badge>
          <span>{story.section?.name ?? t("no_section")}</span>
          {story.byline && <span>{story.byline}</span>}
          <span>{t("words_count", { count: story.word_count })}</span>
          {story.lock && (
            <span class="row">
              <Icon name="lock" size={14} />
              {t("being_edited", { name: story.lock.staff.name })}
            </span>
          )}
          {story.open_notes > 0 && <span>{t("notes_count", { count: story.open_notes })}</span>}
        </span>
      </div>
      <span class="item__end">{story.scheduled_for ? dateTime(story.scheduled_for) : ago(story.status === "published" && story.published_at ? story.published_at : story.saved_at)}</span>
    </a>
  );
}

const STAGES = ["draft", "review", "ready", "published"] as const;

function BoardOf({ section, mine }: { section: string | null; mine: boolean }) {
  const board = useRead<Board>("/stories/board", { section_id: section, owner_id: mine ? currentSession()?.account?.id : undefined, limit: 30 }, 30000);
  if (board.fault && !board.data) return <Notice tone="bad">{board.fault.message}</Notice>;
  if (!board.data) return <Loading />;
  const move = async (id: number, stage: string) => {
    if (stage === "published") {
      toast(t("board_publish_hint"));
      board.reload();
      return;
    }
    try {
      await post<Story>(`/stories/${id}/stage`, { stage });
      toast(t("board_moved", { stage: t(`stage_${stage as "draft"}`) }));
    } catch (error) {
      toast(error instanceof Fault ? error.message : String(error), "bad");
    }
    board.reload();
  };
  return (
    <div class="board" tabIndex={0} role="region" aria-label={t("stories_board")}>
      {STAGES.map((stage) => (
        <Column key={stage} column={board.data!.columns.find((one) => one.stage === stage) ?? { stage, items: [], next: null }} onMove={move} />
      ))}
    </div>
  );
}

function Column({ column, onMove }: { column: BoardColumn; onMove: (id: number, stage: string) => void }) {
  const list = useRef<HTMLDivElement>(null);
  const latest = useRef(onMove);
  latest.current = onMove;
  useEffect(() => {
    const sortable = Sortable.create(list.current!, {
      group: "board",
      sort: false,
      draggable: ".board__card",
      filter: "select",
      preventOnFilter: false,
      delay: 120,
      delayOnTouchOnly: true,
      onEnd: (event) => {
        const to = event.to.dataset.stage!;
        if (to === event.from.dataset.stage) return;
        // Preact owns these elements: back to where it put them; the reload moves the card.
        event.from.insertBefore(event.item, event.from.children[event.oldIndex!] ?? null);
        latest.current(Number(event.item.dataset.id), to);
      },
    });
    return () => sortable.destroy();
  }, []);
  const stage = column.stage;
  return (
    <section class="board__column" aria-label={t(`stage_${stage}`)}>
      <h2>
        <span>{t(`stage_${stage}`)}</span>
        <span>{column.items.length}{column.next ? "+" : ""}</span>
      </h2>
      <div class="board__list" ref={list} data-stage={stage}>
        {column.items.map((story) => {
          const [state, tone] = stateOf(story);
          return (
            <article key={story.id} class="board__card" data-id={story.id}>
              <a href={href(`/stories/${story.id}`)}>{story.headline || t("untitled")}</a>
              <span class="item__meta">
                {state !== t(`stage_${stage}`) && <Badge tone={tone}>{state}</Badge>}
                <span>{story.section?.name ?? t("no_section")}</span>
                {story.byline && <span>{story.byline}</span>}
              </span>
              <span class="item__meta">
                <span>{ago(story.saved_at)}</span>
                {story.lock && <span>{t("being_edited", { name: story.lock.staff.name })}</span>}
              </span>
              {stage !== "published" && (
                <Select label={t("stories_stage")} hideLabel value={stage} onValue={(to) => onMove(story.id, to)} options={(["draft", "review", "ready"] as const).map((one): [string, string] => [one, t(`stage_${one}`)])} />
              )}
            </article>
          );
        })}
      </div>
    </section>
  );
}
