// SPDX-License-Identifier: Apache-2.0
//
// Addresses that nobody writes to, and what came back.
import { useState } from "preact/hooks";
import { Fault, get, may, post, useList } from "../api";
import type { BounceEntry, SuppressionEntry } from "../api_types";
import { href } from "../router";
import { Badge, Button, Empty, Head, Input, Notice, toast } from "../ui/parts";
import { dateTime, t } from "../words";

export default function SuppressionView() {
  const [address, setAddress] = useState("");
  const [entry, setEntry] = useState<SuppressionEntry | null>(null);
  const list = useList<BounceEntry>("/bounces", { limit: 50 });
  const fail = (error: Fault) => toast(error.message, "bad");
  const tones = { hard: "bad", soft: "warn", complaint: "bad", automatic: "plain", unknown: "plain" } as const;
  return (
    <>
      <Head title={t("suppression")} back={{ href: href("/readers"), label: t("readers_title") }} />
      <div class="columns">
        <section class="panel">
          <form
            class="stack"
            onSubmit={(event) => {
              event.preventDefault();
              void get<SuppressionEntry>("/suppressions", { address }).then(setEntry, fail);
            }}
          >
            <Input label={t("suppression_check")} type="email" value={address} onValue={setAddress} required />
            <Button type="submit">{t("search")}</Button>
          </form>
          {entry && (
            <Notice tone={entry.listed ? "bad" : "good"}>
              <p>{entry.listed && entry.suppression ? t("suppression_listed", { reason: entry.suppression.reason, time: dateTime(entry.suppression.at) }) : t("suppression_not_listed")}</p>
              {may("subscriber.write") && (
                <p>
                  <Button small onClick={() => void post<SuppressionEntry>(entry.listed ? "/suppressions/remove" : "/suppressions", { address }).then(setEntry, fail)}>
                    {entry.listed ? t("suppression_remove") : t("suppression_add")}
                  </Button>
                </p>
              )}
            </Notice>
          )}
        </section>
        <section class="panel">
          <h2>{t("bounces")}</h2>
          {list.items.length === 0 && <Empty title={t("bounces_none")} />}
          <ul class="stack stack--tight">
            {list.items.map((bounce) => (
              <li key={bounce.id} class="small stack stack--tight">
                <span class="row">
                  <Badge tone={tones[bounce.kind]}>{t(`bounce_${bounce.kind}`)}</Badge>
                  <span class="muted">{dateTime(bounce.received_at)}</span>
                  {bounce.subscriber_id && <a href={href(`/readers/${bounce.subscriber_id}`)}>#{bounce.subscriber_id}</a>}
                </span>
                <span class="wrap-any">
                  {bounce.status} {bounce.reason}
                </span>
              </li>
            ))}
          </ul>
          {list.more && <Button onClick={list.more}>{t("more")}</Button>}
        </section>
      </div>
    </>
  );
}
