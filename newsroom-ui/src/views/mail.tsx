// SPDX-License-Identifier: Apache-2.0
//
// All mailings, newest first, and composing one.
import { useState } from "preact/hooks";
import { Fault, act, may, post, useList, useRead } from "../api";
import type { MailState, Mailing, MailingWhole, NewsletterList } from "../api_types";
import { go, href, setQuery, usePlace } from "../router";
import { Badge, Button, Dialog, Empty, Head, Loading, Notice, Select, toast } from "../ui/parts";
import { dateTime, number, t } from "../words";
import { handled, mailingTone } from "./mail_parts";

export function MailTabs({ at }: { at: "mailings" | "newsletters" | "outbox" }) {
  const tabs = [
    ["mailings", "/mail", t("mailings")],
    ["newsletters", "/mail/newsletters", t("mail_newsletters")],
    ...(may("outbox.read") ? [["outbox", "/mail/outbox", t("mail_outbox")]] : []),
  ] as const;
  return (
    <nav class="tabs" aria-label={t("mail_title")}>
      {tabs.map(([key, path, label]) => (
        <a key={key} class={`button button--small ${key === at ? "" : "button--quiet"}`} href={href(path!)} aria-current={key === at ? "page" : undefined}>
          {label}
        </a>
      ))}
    </nav>
  );
}

export function StoppedNotice() {
  const state = useRead<MailState>("/mail", undefined, 15000);
  if (!state.data?.stopped) return null;
  return (
    <Notice tone="bad">
      <p>{t("mail_all_stopped", { reason: state.data.stopped })}</p>
      {may("mail.send") && (
        <p>
          <Button small onClick={() => void act<MailState>("/mail/resume").then(state.set, (error) => toast(error.message, "bad"))}>
            {t("mail_all_resume")}
          </Button>
        </p>
      )}
    </Notice>
  );
}

export default function MailView() {
  const { query } = usePlace();
  const newsletters = useRead<NewsletterList>("/newsletters");
  const list = useList<Mailing>("/mailings", { newsletter_id: query.get("newsletter"), state: query.get("state"), limit: 50 });
  const [composing, setComposing] = useState(false);
  return (
    <>
      <Head title={t("mail_title")}>
        <MailTabs at="mailings" />
        {may("mail.write") && (
          <Button kind="primary" icon="plus" onClick={() => setComposing(true)}>
            {t("mail_new")}
          </Button>
        )}
      </Head>
      <StoppedNotice />
      <div class="filters">
        <Select label={t("mail_compose_for")} value={query.get("newsletter") ?? ""} onValue={(newsletter) => setQuery({ newsletter: newsletter || undefined })} options={[["", t("all")], ...(newsletters.data?.items ?? []).map((one): [string, string] => [String(one.id), one.name])]} />
        <Select label={t("state")} value={query.get("state") ?? ""} onValue={(state) => setQuery({ state: state || undefined })} options={[["", t("all")], ...(["draft", "held", "ready", "sending", "paused", "stopped", "done", "cancelled", "skipped"] as const).map((state): [string, string] => [state, t(`mailing_${state}`)])]} />
      </div>
      {list.fault && <Notice tone="bad">{list.fault.message}</Notice>}
      {list.loading && list.items.length === 0 ? (
        <Loading />
      ) : list.items.length === 0 ? (
        <Empty title={t("mail_none")} />
      ) : (
        <ul class="list">
          {list.items.map((mailing) => (
            <li key={mailing.id}>
              <a class="item" href={href(`/mail/${mailing.id}`)}>
                <div class="stack stack--tight">
                  <span class="item__title">{mailing.subject || mailing.newsletter}</span>
                  <span class="item__meta">
                    <Badge tone={mailingTone(mailing.state)}>{t(`mailing_${mailing.state}`)}</Badge>
                    <span>{mailing.newsletter}</span>
                    {mailing.reason && <span>{mailing.reason}</span>}
                    {mailing.counts.planned > 0 && (
                      <span>
                        {number(handled(mailing.counts))} / {number(mailing.counts.planned)}
                      </span>
                    )}
                  </span>
                </div>
                <span class="item__end">{dateTime(mailing.finished_at ?? mailing.due_at)}</span>
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
      {composing && newsletters.data && <Compose newsletters={newsletters.data} onClose={() => setComposing(false)} />}
    </>
  );
}

function Compose({ newsletters, onClose }: { newsletters: NewsletterList; onClose: () => void }) {
  const choices = newsletters.items.filter((one) => one.kind !== "breaking");
  const [newsletter, setNewsletter] = useState(String(choices[0]?.id ?? ""));
  const [fault, setFault] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);
  return (
    <Dialog
      title={t("mail_new")}
      onClose={onClose}
      actions={
        <Button
          kind="primary"
          busy={busy}
          disabled={!newsletter}
          onClick={() => {
            setBusy(true);
            post<MailingWhole>("/mailings", { newsletter_id: Number(newsletter) }).then(
              (made) => go(`/mail/${made.mailing.id}`),
              (error) => {
                setFault(error);
                setBusy(false);
              },
            );
          }}
        >
          {t("continue")}
        </Button>
      }
    >
      {fault && <Notice tone="bad">{fault.message}</Notice>}
      <Select label={t("mail_compose_for")} value={newsletter} onValue={setNewsletter} options={choices.map((one) => [String(one.id), one.name])} />
    </Dialog>
  );
}
