// SPDX-License-Identifier: Apache-2.0
//
// One reader: what they get, how they agreed, what happened.
import { Fault, act, may, patch, remove, useRead } from "../api";
import type { NewsletterList, SubscriberHistory, SubscriberWhole } from "../api_types";
import { go, href } from "../router";
import { Badge, Button, Check, Head, Loading, Notice, toast, useConfirm } from "../ui/parts";
import { dateTime, t } from "../words";
import { readerTone } from "./readers";

export default function ReaderView({ parameters }: { parameters: Record<string, string> }) {
  const read = useRead<SubscriberWhole>(`/subscribers/${parameters.id}`);
  const history = useRead<SubscriberHistory>(`/subscribers/${parameters.id}/history`);
  const newsletters = useRead<NewsletterList>(may("mail.read") ? "/newsletters" : null);
  const [confirmation, confirm] = useConfirm();
  if (!read.data) return read.fault ? <Notice tone="bad">{read.fault.message}</Notice> : <Loading />;
  const { subscriber, subscriptions, suppression, sections } = read.data;
  const active = subscriptions.filter((one) => one.status === "active");
  const writable = may("subscriber.write");
  const slugs = (ids: Set<number>) => (newsletters.data?.items ?? []).filter((one) => ids.has(one.id)).map((one) => one.slug);
  const change = (id: number, on: boolean) => {
    const ids = new Set(active.map((one) => one.newsletter_id));
    if (on) ids.add(id);
    else ids.delete(id);
    void patch<SubscriberWhole>(`/subscribers/${subscriber.id}`, { newsletters: slugs(ids) }).then(read.set, (error) => toast(error.message, "bad"));
  };
  const leave = async () => {
    if (!(await confirm({ title: t("reader_leave"), text: subscriber.address, yes: t("reader_leave"), danger: true }))) return;
    void act<SubscriberWhole>(`/subscribers/${subscriber.id}/leave`).then(read.set, (error: Fault) => toast(error.message, "bad"));
  };
  const erase = async () => {
    if (!(await confirm({ title: t("reader_erase"), text: t("reader_erase_text"), yes: t("reader_erase"), danger: true }))) return;
    void remove(`/subscribers/${subscriber.id}`).then(
      () => go("/readers"),
      (error: Fault) => toast(error.message, "bad"),
    );
  };
  return (
    <>
      <Head title={subscriber.address} back={{ href: href("/readers"), label: t("readers_title") }}>
        {writable && (
          <>
            <Button onClick={() => void leave()}>{t("reader_leave")}</Button>
            <Button kind="danger" icon="trash" onClick={() => void erase()}>
              {t("reader_erase")}
            </Button>
          </>
        )}
      </Head>
      <div class="columns">
        <section class="panel">
          <p class="item__meta">
            <Badge tone={readerTone(subscriber.status)}>{t(`reader_${subscriber.status}`)}</Badge>
            {subscriber.name && <span>{subscriber.name}</span>}
            <span>{t("reader_since", { time: dateTime(subscriber.confirmed_at ?? subscriber.created_at) })}</span>
            {subscriber.time_zone && <span>{subscriber.time_zone}</span>}
            {subscriber.paused_until && <span>{t("reader_paused", { time: dateTime(subscriber.paused_until) })}</span>}
          </p>
          {suppression && (
            <Notice tone="bad">
              {suppression.reason} · {dateTime(suppression.at)} {suppression.note}
            </Notice>
          )}
          <h2>{t("reader_newsletters")}</h2>
          {(newsletters.data?.items ?? []).map((one) => {
            const subscription = subscriptions.find((candidate) => candidate.newsletter_id === one.id);
            return <Check key={one.id} label={one.name} hint={subscription ? dateTime(subscription.left_at ?? subscription.since) : undefined} checked={subscription?.status === "active"} disabled={!writable || subscriber.status !== "active"} onChecked={(on) => change(one.id, on)} />;
          })}
          {sections.length > 0 && <p class="small muted">{sections.map((section) => section.name).join(", ")}</p>}
        </section>
        <section class="panel">
          <h2>{t("reader_history")}</h2>
          <ol class="stack stack--tight">
            {history.data?.items.map((event, i) => (
              <li key={i} class="stack stack--tight small">
                <span class="row">
                  <Badge tone={event.kind === "bounce" ? "bad" : "plain"}>{t(`event_${event.kind}`)}</Badge>
                  <span class="muted">{dateTime(event.at)}</span>
                </span>
                <span class="wrap-any">{event.mailing_id ? <a href={href(`/mail/${event.mailing_id}`)}>{event.says}</a> : event.says}</span>
                {event.detail && <span class="muted wrap-any">{event.detail}</span>}
              </li>
            ))}
          </ol>
        </section>
      </div>
      {confirmation}
    </>
  );
}
