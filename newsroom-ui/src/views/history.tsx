// SPDX-License-Identifier: Apache-2.0
//
// A story's history: what changed, word by word, and the way back.
import { useState } from "preact/hooks";
import { get, may, post, useList, useRead } from "../api";
import type { Diff, Revision, RevisionWhole, Story, StorySaved } from "../api_types";
import { go, href } from "../router";
import { Badge, Button, Head, Loading, Notice, Tabs, toast } from "../ui/parts";
import { dateTime, t } from "../words";

const NAMES: Record<string, Parameters<typeof t>[0]> = { headline: "field_headline", standfirst: "field_standfirst", kicker: "field_kicker", dateline: "field_dateline", body: "field_body" };

export default function HistoryView({ parameters }: { parameters: Record<string, string> }) {
  const id = parameters.id!;
  const list = useList<Revision>(`/stories/${id}/revisions`, { limit: 50 });
  const [chosen, setChosen] = useState<number | null>(null);
  const [whole, setWhole] = useState(false);
  const number = chosen ?? list.items[0]?.number ?? null;
  const diff = useRead<Diff>(number !== null && !whole ? `/stories/${id}/revisions/${number}/diff` : null);
  const text = useRead<RevisionWhole>(number !== null && whole ? `/stories/${id}/revisions/${number}` : null);
  const restore = async () => {
    try {
      const story = await get<Story>(`/stories/${id}`);
      await post<StorySaved>(`/stories/${id}/revisions/${number}/restore`, { base_revision: story.revision });
      toast(t("history_restored"));
      go(`/stories/${id}`);
    } catch (error) {
      toast((error as Error).message, "bad");
    }
  };
  return (
    <>
      <Head title={t("history_title")} back={{ href: href(`/stories/${id}`), label: t("back") }}>
        <Tabs label={t("history")} value={whole ? "text" : "diff"} onValue={(value) => setWhole(value === "text")} tabs={[["diff", t("history_compare")], ["text", t("history_text")]]} />
        {may("story.write") && number !== null && number !== list.items[0]?.number && (
          <Button kind="primary" icon="history" onClick={() => void restore()}>
            {t("history_restore")}
          </Button>
        )}
      </Head>
      {list.fault && <Notice tone="bad">{list.fault.message}</Notice>}
      <div class="revisions">
        <div>
          <ol>
            {list.items.map((revision) => (
              <li key={revision.number}>
                <button type="button" aria-pressed={revision.number === number} onClick={() => setChosen(revision.number)}>
                  <span class="row row--spread">
                    <strong>{dateTime(revision.saved_at)}</strong>
                    {revision.published && <Badge tone="good">{t("status_published")}</Badge>}
                  </span>
                  <span class="small muted">
                    {t(`revision_${revision.kind}`)}
                    {revision.staff ? ` · ${revision.staff.name}` : ""} · +{revision.words_added} −{revision.words_removed}
                  </span>
                </button>
              </li>
            ))}
          </ol>
          {list.more && <Button onClick={list.more}>{t("more")}</Button>}
        </div>
        <div class="panel" tabIndex={0} role="region" aria-label={t("history_compare")}>
          {!whole && diff.loading && <Loading />}
          {!whole && diff.data && diff.data.fields.length === 0 && <p class="muted">{t("history_none")}</p>}
          {!whole &&
            diff.data?.fields.map((field) => (
              <section key={field.field} class="stack stack--tight">
                <h2>{NAMES[field.field] ? t(NAMES[field.field]!) : field.field}</h2>
                <p class="diff">
                  {field.parts.map((part, i) => (part.kind === "added" ? <ins key={i}>{part.text}</ins> : part.kind === "removed" ? <del key={i}>{part.text}</del> : <span key={i}>{part.text.length > 600 ? `${part.text.slice(0, 280)} … ${part.text.slice(-280)}` : part.text}</span>))}
                </p>
              </section>
            ))}
          {whole && text.data && (
            <>
              <h2 class="serif">{text.data.content.headline}</h2>
              <p>{text.data.content.standfirst}</p>
              <pre class="plain">{text.data.content.body}</pre>
            </>
          )}
        </div>
      </div>
    </>
  );
}
