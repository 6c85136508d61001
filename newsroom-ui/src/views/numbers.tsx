// SPDX-License-Identifier: Apache-2.0
//
// What is read: the last half hour as it goes, and by day; stories, sections, where readers come
// from; how newsletters did.
import { may, useRead } from "../api";
import type { DayNumbers, LiveNumbers, NewsletterNumbers, SectionList, TopReferrers, TopSections, TopStories } from "../api_types";
import { href, setQuery, usePlace } from "../router";
import { Head, Loading, Notice, Select } from "../ui/parts";
import { date, number, percent, t } from "../words";
import { Bars, Plot, dayInstant } from "./plot";

const storyHref = (id: number) => href(`/stories/${id}`);

export default function NumbersView() {
  const { query } = usePlace();
  const days = Number(query.get("days") ?? 30);
  const section = query.get("section") ?? "";
  const from = new Date(Date.now() - (days - 1) * 86400000).toISOString().slice(0, 10);
  const live = useRead<LiveNumbers>("/numbers/live", undefined, 10000);
  const byDay = useRead<DayNumbers>("/numbers/days", { from, section_id: section }, 60000);
  const stories = useRead<TopStories>("/numbers/stories", { from, section_id: section, limit: 20 }, 60000);
  const sections = useRead<TopSections>("/numbers/sections", { from }, 60000);
  const referrers = useRead<TopReferrers>("/numbers/referrers", { from, limit: 20 }, 60000);
  const allSections = useRead<SectionList>("/sections");
  const mail = useRead<NewsletterNumbers>(may("mail.read") ? "/numbers/newsletters" : null, { limit: 20 });
  if (!live.data) return live.fault ? <Notice tone="bad">{live.fault.message}</Notice> : <Loading />;
  const minutes = live.data.minutes;
  return (
    <>
      <Head title={t("numbers_title")} />
      <div class="stack">
        <p class="muted">{t("numbers_private")}</p>
        <section class="panel">
          <h2>
            <span>{t("numbers_live")}</span>
            <b class="serif">{number(live.data.views)}</b>
          </h2>
          <Plot name={t("numbers_live")} height={160} x={minutes.map((_, i) => i)} labels={minutes.map((_, i) => `−${minutes.length - 1 - i} min`)} series={[{ label: t("numbers_views"), values: minutes, color: "--accent", bars: true }]} />
          <div class="columns">
            <div>
              <h3>{t("numbers_stories")}</h3>
              <Bars rows={live.data.stories.slice(0, 8).map((one) => ({ key: String(one.story_id), label: one.headline, href: storyHref(one.story_id), value: one.views }))} />
            </div>
            <div>
              <h3>{t("numbers_referrers")}</h3>
              <Bars rows={live.data.referrers.slice(0, 8).map((one) => ({ key: one.referrer, label: one.referrer || t("numbers_direct"), value: one.views }))} />
            </div>
          </div>
        </section>
        <div class="filters">
          <Select label={t("numbers_period")} value={String(days)} onValue={(value) => setQuery({ days: value })} options={[["7", t("numbers_7")], ["30", t("numbers_30")], ["90", t("numbers_90")], ["365", t("numbers_365")]]} />
          <Select label={t("section")} value={section} onValue={(value) => setQuery({ section: value || undefined })} options={[["", t("all")], ...(allSections.data?.items ?? []).map((one): [string, string] => [String(one.id), one.name])]} />
        </div>
        <section class="panel">
          <h2>{t("numbers_days")}</h2>
          {byDay.data && byDay.data.days.length > 0 ? <Plot name={t("numbers_days")} x={byDay.data.days.map((one) => dayInstant(one.day))} series={[{ label: t("numbers_views"), values: byDay.data.days.map((one) => one.views), color: "--accent", bars: days <= 30 }]} /> : <p class="muted">{t("numbers_none")}</p>}
        </section>
        <div class="columns">
          <section class="panel">
            <h2>{t("numbers_stories")}</h2>
            <Bars rows={(stories.data?.items ?? []).map((one) => ({ key: String(one.story_id), label: one.headline, href: storyHref(one.story_id), value: one.views }))} />
          </section>
          <section class="panel">
            <h2>{t("numbers_sections")}</h2>
            <Bars rows={(sections.data?.items ?? []).map((one) => ({ key: one.section, label: one.name, value: one.views }))} />
            <h2>{t("numbers_referrers")}</h2>
            <Bars rows={(referrers.data?.items ?? []).map((one) => ({ key: one.referrer, label: one.referrer || t("numbers_direct"), value: one.views }))} />
          </section>
        </div>
        {mail.data && mail.data.items.length > 0 && (
          <section class="panel">
            <h2>{t("numbers_newsletters")}</h2>
            <Plot name={t("numbers_newsletters")} x={[...mail.data.items].reverse().map((_, i) => i)} labels={[...mail.data.items].reverse().map((one) => date(one.at))} series={[{ label: t("count_accepted"), values: [...mail.data.items].reverse().map((one) => one.accepted), color: "--good", bars: true }, { label: t("count_failed"), values: [...mail.data.items].reverse().map((one) => one.failed), color: "--bad" }]} />
            <div class="table-box" tabIndex={0} role="region" aria-label={t("numbers_newsletters")}>
              <table class="table">
                <thead>
                  <tr>
                    <th>{t("mail_subject")}</th>
                    <th class="number">{t("count_accepted")}</th>
                    <th class="number">{t("mail_open_rate")}</th>
                    <th class="number">{t("mail_click_rate")}</th>
                    <th class="number">{t("mail_left_count")}</th>
                  </tr>
                </thead>
                <tbody>
                  {mail.data.items.map((one) => (
                    <tr key={one.mailing_id}>
                      <td>
                        <a href={href(`/mail/${one.mailing_id}`)}>{one.subject}</a>
                      </td>
                      <td class="number">{number(one.accepted)}</td>
                      <td class="number">{one.counted ? percent(one.opened / one.counted) : "–"}</td>
                      <td class="number">{one.counted ? percent(one.clicked / one.counted) : "–"}</td>
                      <td class="number">{number(one.left)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </section>
        )}
      </div>
    </>
  );
}
