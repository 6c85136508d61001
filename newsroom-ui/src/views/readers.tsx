// SPDX-License-Identifier: Apache-2.0
//
// The readers of newsletters: search, growth and churn, ways in and out.
import { useEffect, useState } from "preact/hooks";
import { Fault, address, may, post, useList, useRead, useSettled } from "../api";
import type { Growth, NewsletterList, Subscriber, SubscriberCounts, SubscriberWhole } from "../api_types";
import { go, href, setQuery, usePlace } from "../router";
import { Area, Badge, Button, Check, Dialog, Empty, Head, Input, Loading, Notice, Select } from "../ui/parts";
import { date, number, t } from "../words";
import { Plot, dayInstant } from "./plot";

export const readerTone = (status: Subscriber["status"]) => ({ active: "good", pending: "warn", suppressed: "bad" })[status] as "good" | "warn" | "bad";

export default function ReadersView() {
  const { query } = usePlace();
  const [words, setWords] = useState(query.get("q") ?? "");
  const [adding, setAdding] = useState(false);
  const settled = useSettled(words.trim());
  useEffect(() => setQuery({ q: settled || undefined }), [settled]);
  const filters = { status: query.get("status"), newsletter_id: query.get("newsletter") };
  const list = useList<Subscriber>("/subscribers", { q: settled, ...filters, limit: 50 });
  const counts = useRead<SubscriberCounts>("/subscribers/counts");
  const growth = useRead<Growth>("/subscribers/growth", { days: 90, newsletter_id: filters.newsletter_id });
  const newsletters = useRead<NewsletterList>(may("mail.read") ? "/newsletters" : null);
  return (
    <>
      <Head title={t("readers_title")}>
        {may("mail.read") && (
          <a class="button button--quiet" href={href("/readers/segments")}>
            {t("segments")}
          </a>
        )}
        <a class="button button--quiet" href={href("/readers/suppression")}>
          {t("suppression")}
        </a>
        {may("subscriber.export") && (
          <a class="button" href={address("/subscribers/export", filters)} download>
            {t("readers_export")}
          </a>
        )}
        {may("subscriber.write") && (
          <>
            <a class="button" href={href("/readers/import")}>
              {t("readers_import")}
            </a>
            <Button kind="primary" icon="plus" onClick={() => setAdding(true)}>
              {t("readers_add")}
            </Button>
          </>
        )}
      </Head>
      <div class="stack">
        {counts.data && (
          <div class="counts-grid">
            {(["active", "pending", "suppressed"] as const).map((status) => (
              <div key={status} class="figure-number">
                <b>{number(counts.data![status])}</b>
                <span>{t(`reader_${status}`)}</span>
              </div>
            ))}
            {counts.data.newsletters.map((one) => (
              <div key={one.newsletter_id} class="figure-number">
                <b>{number(one.readers)}</b>
                <span>{one.name}</span>
              </div>
            ))}
          </div>
        )}
        {growth.data && growth.data.days.length > 1 && (
          <section class="panel">
            <h2>{t("readers_growth")}</h2>
            <Plot
              name={t("readers_growth")}
              height={220}
              x={growth.data.days.map((one) => dayInstant(one.day))}
              series={[{ label: t("readers_active"), values: growth.data.days.map((one) => one.active), color: "--ink" }]}
            />
            <Plot
              name={`${t("readers_joined")}, ${t("readers_left")}`}
              height={160}
              x={growth.data.days.map((one) => dayInstant(one.day))}
              series={[
                { label: t("readers_joined"), values: growth.data.days.map((one) => one.joined), color: "--good" },
                { label: t("readers_left"), values: growth.data.days.map((one) => one.left + one.suppressed), color: "--bad" },
              ]}
            />
          </section>
        )}
        <div class="filters">
          <Input label={t("readers_search")} type="search" value={words} onValue={setWords} />
          <Select label={t("readers_status")} value={filters.status ?? ""} onValue={(status) => setQuery({ status: status || undefined })} options={[["", t("all")], ...(["active", "pending", "suppressed"] as const).map((one): [string, string] => [one, t(`reader_${one}`)])]} />
          <Select label={t("readers_newsletter")} value={filters.newsletter_id ?? ""} onValue={(newsletter) => setQuery({ newsletter: newsletter || undefined })} options={[["", t("all")], ...(newsletters.data?.items ?? []).map((one): [string, string] => [String(one.id), one.name])]} />
        </div>
        {list.fault && <Notice tone="bad">{list.fault.message}</Notice>}
        {list.loading && list.items.length === 0 ? (
          <Loading />
        ) : list.items.length === 0 ? (
          <Empty title={t("readers_none")} />
        ) : (
          <ul class="list">
            {list.items.map((reader) => (
              <li key={reader.id}>
                <a class="item" href={href(`/readers/${reader.id}`)}>
                  <span class="stack stack--tight">
                    <strong class="wrap-any">{reader.address}</strong>
                    <span class="item__meta">
                      <Badge tone={readerTone(reader.status)}>{t(`reader_${reader.status}`)}</Badge>
                      {reader.name && <span>{reader.name}</span>}
                    </span>
                  </span>
                  <span class="item__end">{date(reader.confirmed_at ?? reader.created_at)}</span>
                </a>
              </li>
            ))}
          </ul>
        )}
        {list.more && (
          <div class="more">
            <Button busy={list.loading} onClick={list.more}>
              {t("more")}
            </Button>
          </div>
        )}
      </div>
      {adding && <AddReader newsletters={newsletters.data} onClose={() => setAdding(false)} />}
    </>
  );
}

function AddReader({ newsletters, onClose }: { newsletters: NewsletterList | null; onClose: () => void }) {
  const [values, setValues] = useState({ address: "", name: "", consent: "" });
  const [chosen, setChosen] = useState<string[]>([]);
  const [fault, setFault] = useState<Fault | null>(null);
  const wrong = (field: string) => (fault?.problem.field === field ? fault.message : null);
  return (
    <Dialog
      title={t("readers_add")}
      onClose={onClose}
      actions={
        <Button kind="primary" onClick={() => void post<SubscriberWhole>("/subscribers", { ...values, newsletters: chosen }).then((made) => go(`/readers/${made.subscriber.id}`), setFault)}>
          {t("add")}
        </Button>
      }
    >
      {fault && !fault.problem.field && <Notice tone="bad">{fault.message}</Notice>}
      <Input label={t("email")} type="email" value={values.address} onValue={(address) => setValues({ ...values, address })} problem={wrong("address")} autoFocus />
      <Input label={`${t("name")} (${t("optional")})`} value={values.name} onValue={(name) => setValues({ ...values, name })} problem={wrong("name")} />
      <Newsletters newsletters={newsletters} chosen={chosen} onChosen={setChosen} />
      <Area label={t("import_consent")} hint={t("import_consent_hint")} value={values.consent} onValue={(consent) => setValues({ ...values, consent })} problem={wrong("consent")} />
    </Dialog>
  );
}

export function Newsletters({ newsletters, chosen, onChosen }: { newsletters: NewsletterList | null; chosen: string[]; onChosen: (slugs: string[]) => void }) {
  return (
    <fieldset class="stack stack--tight" style={{ border: 0, margin: 0, padding: 0 }}>
      <legend class="field__label">{t("import_newsletters")}</legend>
      {(newsletters?.items ?? []).map((one) => (
        <Check key={one.slug} label={one.name} checked={chosen.includes(one.slug)} onChecked={(on) => onChosen(on ? [...chosen, one.slug] : chosen.filter((slug) => slug !== one.slug))} />
      ))}
    </fieldset>
  );
}
