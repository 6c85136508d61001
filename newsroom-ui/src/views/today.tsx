// SPDX-License-Identifier: Apache-2.0
//
// The first view of the day: what goes out, what is read, what waits.
import { useEffect, useState } from "preact/hooks";
import { currentSession, may, useList, useRead } from "../api";
import type { Overview, StorySummary } from "../api_types";
import { type Kept, allKept } from "../editor/keeping";
import { href } from "../router";
import { Badge, Head, Loading, Notice } from "../ui/parts";
import { dateTime, number, t } from "../words";
import { mailingTone } from "./mail_parts";
import { StoryRow } from "./stories";

export default function TodayView() {
  const overview = useRead<Overview>("/overview", undefined, 30000);
  const mine = useList<StorySummary>(may("story.read") ? "/stories" : null, { owner_id: currentSession()?.account?.id, limit: 5, sort: "saved" });
  const [left, setLeft] = useState<Kept[]>([]);
  useEffect(() => {
    const me = `${currentSession()?.account?.id}:`;
    void allKept().then((all) => setLeft((all ?? []).filter((one) => one.key.startsWith(me))));
  }, []);
  const data = overview.data;
  if (!data) return overview.fault ? <Notice tone="bad">{overview.fault.message}</Notice> : <Loading />;
  return (
    <>
      <Head title={t("today_title", { name: currentSession()?.account?.name.split(" ")[0] ?? "" })} />
      <div class="stack">
        {data.warnings.map((warning, i) => (
          <Notice key={i} tone="warn">
            {warning}
          </Notice>
        ))}
        {left.length > 0 && (
          <Notice tone="warn">
            <strong>{t("today_unsaved")}</strong>
            <p>
              {t("today_unsaved_text")}{" "}
              {left.map((one) => (
                <a key={one.key} href={href(`/stories/${one.key.split(":")[1]}`)}>
                  {String(one.fields.headline ?? `#${one.key.split(":")[1]}`)}
                </a>
              ))}
            </p>
          </Notice>
        )}
        <div class="counts-grid">
          <div class="figure-number">
            <b>{number(data.live_views)}</b>
            <span>{t("today_live")}</span>
          </div>
          <div class="figure-number">
            <b>{number(data.today_views)}</b>
            <span>{t("today_views")}</span>
          </div>
          <div class="figure-number">
            <b>{number(data.yesterday_views)}</b>
            <span>{t("today_yesterday")}</span>
          </div>
          <div class="figure-number">
            <b>{number(data.subscribers.active)}</b>
            <span>{t("today_readers")}</span>
          </div>
        </div>
        <div class="columns">
          <section class="panel">
            <h2>{t("today_scheduled")}</h2>
            {data.scheduled.length === 0 && <p class="muted">{t("today_nothing_scheduled")}</p>}
            <ul class="stack stack--tight">
              {data.scheduled.map((story) => (
                <li key={story.id} class="row row--spread">
                  <a class="grow" href={href(`/stories/${story.id}`)}>
                    {story.headline || t("untitled")}
                  </a>
                  <span class="small muted">{story.scheduled_for && dateTime(story.scheduled_for)}</span>
                </li>
              ))}
            </ul>
          </section>
          <section class="panel">
            <h2>{t("today_desk")}</h2>
            <ul class="stack stack--tight">
              {data.stories.map((one) => (
                <li key={one.stage} class="row row--spread">
                  <a href={href("/stories", { stage: one.stage, view: "list" })}>{t(`stage_${one.stage}`)}</a>
                  <b>{number(one.count)}</b>
                </li>
              ))}
            </ul>
          </section>
          {may("mail.read") && (
            <section class="panel">
              <h2>{t("today_mail")}</h2>
              {data.mailings.length === 0 && <p class="muted">{t("mail_none")}</p>}
              <ul class="stack stack--tight">
                {data.mailings.map((mailing) => (
                  <li key={mailing.id} class="row row--spread">
                    <a class="grow" href={href(`/mail/${mailing.id}`)}>
                      {mailing.subject || mailing.newsletter}
                    </a>
                    <Badge tone={mailingTone(mailing.state)}>{t(`mailing_${mailing.state}`)}</Badge>
                  </li>
                ))}
              </ul>
            </section>
          )}
        </div>
        {mine.items.length > 0 && (
          <section>
            <h2>{t("today_mine")}</h2>
            <ul class="list">
              {mine.items.map((story) => (
                <li key={story.id}>
                  <StoryRow story={story} />
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </>
  );
}
