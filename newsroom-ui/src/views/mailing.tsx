// SPDX-License-Identifier: Apache-2.0
//
// One mailing: its words and stories, how it looks, what stands in its way, and watching it go. The
// counts come by server-sent events and begin anew after a reload or a lost connection.
import Sortable from "sortablejs";
import { useEffect, useRef, useState } from "preact/hooks";
import { Fault, act, currentSession, may, patch, post, useList, useRead } from "../api";
import type { Delivery, Findings, MailPreview, Mailing, MailingProgress, MailingResults, MailingWhole, Moved, StorySummary } from "../api_types";
import { href } from "../router";
import { Area, Badge, Button, Dialog, Empty, Head, Input, Loading, Notice, Progress, Tabs, toast, useConfirm } from "../ui/parts";
import { Suggest } from "../ui/picker";
import { dateTime, dateTimeZone, fromLocalInput, number, percent, t, toLocalInput, zoneName } from "../words";
import { Counts, bytes, duration, handled, mailingTone } from "./mail_parts";

const EDITABLE = new Set<Mailing["state"]>(["draft", "held", "ready"]);
const MOVING = new Set<Mailing["state"]>(["sending", "paused", "stopped", "ready"]);

export default function MailingView({ parameters }: { parameters: Record<string, string> }) {
  const read = useRead<MailingWhole>(`/mailings/${parameters.id}`);
  if (read.fault && !read.data) return <Notice tone="bad">{read.fault.message}</Notice>;
  if (!read.data) return <Loading />;
  return <One whole={read.data} onWhole={read.set} reload={read.reload} />;
}

function useProgress(mailing: Mailing, onState: () => void): MailingProgress | null {
  const [progress, setProgress] = useState<MailingProgress | null>(null);
  const state = useRef(mailing.state);
  state.current = mailing.state;
  useEffect(() => {
    if (!MOVING.has(mailing.state)) return;
    const source = new EventSource(`/api/mailings/${mailing.id}/events`);
    source.addEventListener("progress", (event) => {
      const next = JSON.parse((event as MessageEvent).data) as MailingProgress;
      setProgress(next);
      if (next.state !== state.current) onState();
    });
    return () => source.close();
  }, [mailing.id, mailing.state]);
  return progress;
}

function One({ whole, onWhole, reload }: { whole: MailingWhole; onWhole: (whole: MailingWhole) => void; reload: () => void }) {
  const { mailing, stories } = whole;
  const progress = useProgress(mailing, reload);
  const [confirmation, confirm] = useConfirm();
  const [testing, setTesting] = useState(false);
  const [scheduling, setScheduling] = useState(false);
  const counts = progress?.counts ?? mailing.counts;
  const editable = EDITABLE.has(mailing.state) && may("mail.write");
  const doing = async (what: string, said?: string) => {
    try {
      const next = await act<Mailing>(`/mailings/${mailing.id}/${what}`);
      onWhole({ ...whole, mailing: next });
      if (said) toast(said);
      reload();
    } catch (error) {
      toast((error as Fault).message, "bad");
    }
  };
  const send = async () => {
    if (await confirm({ title: t("mail_send_title", { count: whole.recipients }), text: t("mail_send_text"), yes: t("mail_send") })) void doing("send");
  };
  const cancel = async () => {
    if (await confirm({ title: t("mail_cancel_title"), text: t("mail_cancel_text"), yes: t("mail_cancel"), danger: true })) void doing("cancel");
  };
  const sending = may("mail.send");
  return (
    <>
      <Head title={mailing.subject || mailing.newsletter} back={{ href: href("/mail"), label: t("mail_title") }}>
        {editable && (
          <Button icon="mail" onClick={() => setTesting(true)}>
            {t("mail_test")}
          </Button>
        )}
        {sending && mailing.state === "held" && (
          <Button kind="primary" icon="check" onClick={() => void doing("approve", t("mail_approved"))}>
            {t("mail_approve")}
          </Button>
        )}
        {sending && EDITABLE.has(mailing.state) && (
          <Button icon="clock" onClick={() => setScheduling(true)}>
            {t("mail_schedule")}
          </Button>
        )}
        {sending && (mailing.state === "draft" || mailing.state === "ready") && (
          <Button kind="primary" icon="mail" onClick={() => void send()}>
            {t("mail_send")}
          </Button>
        )}
        {sending && mailing.state === "sending" && (
          <Button icon="pause" onClick={() => void doing("pause")}>
            {t("mail_pause")}
          </Button>
        )}
        {sending && (mailing.state === "paused" || mailing.state === "stopped") && (
          <Button kind="primary" icon="play" onClick={() => void doing("resume")}>
            {t("mail_resume")}
          </Button>
        )}
        {sending && (EDITABLE.has(mailing.state) || MOVING.has(mailing.state)) && (
          <Button kind="danger" onClick={() => void cancel()}>
            {t("mail_cancel")}
          </Button>
        )}
      </Head>
      <div class="stack">
        <p class="item__meta">
          <Badge tone={mailingTone(progress?.state ?? mailing.state)}>{t(`mailing_${progress?.state ?? mailing.state}`)}</Badge>
          <span>{mailing.newsletter}</span>
          <span>{t("mail_recipients", { count: whole.recipients })}</span>
          <span>
            {t("mail_due")}: {dateTimeZone(mailing.due_at)}
          </span>
          {mailing.requested_by && <span>{t("mail_requested", { name: mailing.requested_by })}</span>}
          {mailing.url && mailing.state === "done" && (
            <a href={mailing.url} target="_blank" rel="noopener">
              {t("mail_archive")}
            </a>
          )}
        </p>
        {mailing.needs_second_person && <Notice tone="warn">{t("mail_second")}</Notice>}
        {(progress?.reason || mailing.reason) && <Notice tone={mailing.state === "stopped" ? "bad" : "plain"}>{mailing.state === "stopped" ? t("mail_stopped", { reason: progress?.reason || mailing.reason }) : progress?.reason || mailing.reason}</Notice>}
        {counts.planned > 0 && (
          <section class="panel" aria-label={t("mailings")}>
            <Progress done={handled(counts)} total={counts.planned} label={`${t("mail_progress", { done: number(handled(counts)), total: number(counts.planned) })}${progress && progress.state === "sending" ? ` · ${t("mail_rate", { rate: number(Math.round(progress.rate)) })}${progress.seconds_left ? ` · ${t("mail_left", { time: duration(progress.seconds_left) })}` : ""}` : ""}`} />
            <Counts counts={counts} />
          </section>
        )}
        {editable && <Words whole={whole} onWhole={onWhole} />}
        {EDITABLE.has(mailing.state) && <Preflight id={mailing.id} key={`${mailing.subject}${stories.length}`} />}
        <Look id={mailing.id} turn={`${mailing.subject}${mailing.preheader}${mailing.introduction}${stories.map((story) => story.id).join()}`} />
        {counts.planned > 0 && <Deliveries mailing={mailing} counts={counts} onMoved={reload} />}
        {mailing.state === "done" && <Results id={mailing.id} />}
      </div>
      {testing && <TestDialog id={mailing.id} onClose={() => setTesting(false)} />}
      {scheduling && (
        <ScheduleMailing
          mailing={mailing}
          onClose={() => setScheduling(false)}
          onDone={(next) => {
            onWhole({ ...whole, mailing: next });
            setScheduling(false);
          }}
        />
      )}
      {confirmation}
    </>
  );
}

function Words({ whole, onWhole }: { whole: MailingWhole; onWhole: (whole: MailingWhole) => void }) {
  const { mailing } = whole;
  const [values, setValues] = useState({ subject: mailing.subject, preheader: mailing.preheader, introduction: mailing.introduction });
  const [stories, setStories] = useState(whole.stories);
  const list = useRef<HTMLOListElement>(null);
  const latest = useRef(stories);
  latest.current = stories;
  const save = async (change: Record<string, unknown>) => {
    try {
      onWhole(await patch<MailingWhole>(`/mailings/${mailing.id}`, change));
    } catch (error) {
      toast((error as Fault).message, "bad");
    }
  };
  useEffect(() => {
    if (values.subject === mailing.subject && values.preheader === mailing.preheader && values.introduction === mailing.introduction) return;
    const timer = setTimeout(() => void save(values), 800);
    return () => clearTimeout(timer);
  }, [values]);
  const order = (next: StorySummary[]) => {
    setStories(next);
    void save({ story_ids: next.map((story) => story.id) });
  };
  useEffect(() => {
    const sortable = Sortable.create(list.current!, {
      animation: 120,
      handle: "li",
      filter: "button",
      preventOnFilter: false,
      delay: 120,
      delayOnTouchOnly: true,
      onUpdate: (event) => {
        const next = [...latest.current];
        const [moved] = next.splice(event.oldIndex!, 1);
        next.splice(event.newIndex!, 0, moved!);
        event.item.remove();
        event.from.insertBefore(event.item, event.from.children[event.oldIndex!] ?? null);
        order(next);
      },
    });
    return () => sortable.destroy();
  }, []);
  const move = (i: number, by: number) => {
    const next = [...stories];
    const [one] = next.splice(i, 1);
    next.splice(i + by, 0, one!);
    order(next);
  };
  return (
    <div class="columns">
      <section class="panel">
        <Input label={t("mail_subject")} value={values.subject} onValue={(subject) => setValues({ ...values, subject })} />
        <Input label={t("mail_preheader")} hint={t("mail_preheader_hint")} value={values.preheader} onValue={(preheader) => setValues({ ...values, preheader })} />
        <Area label={t("mail_introduction")} value={values.introduction} onValue={(introduction) => setValues({ ...values, introduction })} />
      </section>
      <section class="panel">
        <h2>{t("mail_stories")}</h2>
        <ol class="stack stack--tight" ref={list}>
          {stories.map((story, i) => (
            <li key={story.id} class="row row--spread board__card">
              <span class="grow serif">{story.headline}</span>
              <span class="row">
                <Button small kind="quiet" icon="up" label={`${t("move_up")}: ${story.headline}`} disabled={i === 0} onClick={() => move(i, -1)} />
                <Button small kind="quiet" icon="down" label={`${t("move_down")}: ${story.headline}`} disabled={i === stories.length - 1} onClick={() => move(i, 1)} />
                <Button small kind="quiet" icon="close" label={`${t("remove")}: ${story.headline}`} onClick={() => order(stories.filter((one) => one.id !== story.id))} />
              </span>
            </li>
          ))}
        </ol>
        {mailing.kind !== "breaking" && <Suggest<StorySummary> label={t("add")} path="/stories" name={(story) => story.headline} onPick={(story) => !stories.some((one) => one.id === story.id) && order([...stories, story])} />}
      </section>
    </div>
  );
}

function Preflight({ id }: { id: number }) {
  const findings = useRead<Findings>(`/mailings/${id}/preflight`);
  if (!findings.data) return null;
  return (
    <section class="panel">
      <h2>{t("mail_preflight")}</h2>
      {findings.data.items.length === 0 && <p>{t("mail_preflight_clean")}</p>}
      <ul class="stack stack--tight">
        {findings.data.items.map((finding, i) => (
          <li key={i} class="row">
            <Badge tone={finding.level === "error" ? "bad" : "warn"}>{finding.level === "error" ? t("checks_error") : t("checks_warning")}</Badge>
            <span class="grow">{finding.says}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Look({ id, turn }: { id: number; turn: string }) {
  const [view, setView] = useState("desktop");
  const preview = useRead<MailPreview>(`/mailings/${id}/preview`);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else preview.reload();
  }, [turn]);
  if (!preview.data) return preview.fault ? <Notice tone="bad">{preview.fault.message}</Notice> : <Loading />;
  return (
    <section class="panel">
      <h2>
        <span>{t("preview")}</span>
        <Tabs label={t("preview")} value={view} onValue={setView} tabs={[["desktop", t("mail_desktop")], ["phone", t("mail_phone")], ["dark", t("mail_dark")], ["text", t("mail_text")]]} />
      </h2>
      <p>
        <strong>{preview.data.subject}</strong> <span class="muted">{preview.data.preheader}</span>
      </p>
      {view === "text" ? (
        <pre class="plain panel" tabIndex={0}>
          {preview.data.text}
        </pre>
      ) : (
        <iframe key={`${view}${turn}`} class={`mail-frame${view === "phone" ? " mail-frame--phone" : ""}`} style={{ height: "44rem" }} title={t("preview")} sandbox="" src={`/api/mailings/${id}/html${view === "dark" ? "?dark=true" : ""}`} />
      )}
      <p class="small muted">{t("mail_size", { size: bytes(preview.data.html_bytes) })}</p>
    </section>
  );
}

function Deliveries({ mailing, counts, onMoved }: { mailing: Mailing; counts: Mailing["counts"]; onMoved: () => void }) {
  const [state, setState] = useState(counts.uncertain > 0 ? "uncertain" : counts.failed > 0 ? "failed" : "deferred");
  const list = useList<Delivery>(`/mailings/${mailing.id}/deliveries`, { state, limit: 50 });
  const again = async (path: string, body: unknown) => {
    try {
      const moved = await post<Moved>(`/mailings/${mailing.id}/${path}`, body);
      toast(t("mail_moved", { count: moved.count }));
      list.reload();
      onMoved();
    } catch (error) {
      toast((error as Fault).message, "bad");
    }
  };
  return (
    <section class="panel">
      <h2>
        <span>{t("mail_deliveries")}</span>
        <Tabs label={t("mail_deliveries")} value={state} onValue={setState} tabs={(["accepted", "deferred", "failed", "uncertain", "suppressed", "pending"] as const).map((name) => [name, `${t(`count_${name}`)} ${number(counts[name])}`])} />
      </h2>
      {may("mail.send") && (
        <div class="row">
          {counts.failed > 0 && (
            <Button small icon="undo" onClick={() => void again("retry", { from: "failed" })}>
              {t("mail_retry_failed")}
            </Button>
          )}
          {counts.uncertain > 0 && (
            <>
              <Button small icon="undo" onClick={() => void again("retry", { from: "uncertain" })}>
                {t("mail_retry_uncertain")}
              </Button>
              <Button small icon="check" onClick={() => void again("resolve", { to: "accepted" })}>
                {t("mail_resolve_sent")}
              </Button>
            </>
          )}
        </div>
      )}
      {list.items.length === 0 ? (
        <Empty title={t("mail_deliveries_none")} />
      ) : (
        <div class="table-box" tabIndex={0} role="region" aria-label={t("mail_deliveries")}>
          <table class="table">
            <thead>
              <tr>
                <th>{t("address")}</th>
                <th>{t("when")}</th>
                <th>{t("reason")}</th>
              </tr>
            </thead>
            <tbody>
              {list.items.map((delivery) => (
                <tr key={delivery.subscriber_id}>
                  <td>
                    <a href={href(`/readers/${delivery.subscriber_id}`)}>{delivery.address}</a>
                  </td>
                  <td>{delivery.changed_at && dateTime(delivery.changed_at)}</td>
                  <td>{[delivery.code || "", delivery.status, delivery.reason].filter(Boolean).join(" ")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {list.more && <Button onClick={list.more}>{t("more")}</Button>}
    </section>
  );
}

function Results({ id }: { id: number }) {
  const results = useRead<MailingResults>(`/mailings/${id}/results`, undefined, 60000);
  const data = results.data;
  if (!data) return null;
  const share = (count: number) => (data.counted > 0 ? percent(count / data.counted) : "–");
  return (
    <section class="panel">
      <h2>{t("mail_results")}</h2>
      <div class="counts-grid">
        {(
          [
            [t("mail_open_rate"), share(data.opened)],
            [t("mail_click_rate"), share(data.clicked)],
            [t("mail_left_count"), number(data.left)],
            [t("mail_bounced"), number(data.bounced)],
            [t("mail_complained"), number(data.complained)],
          ] as const
        ).map(([label, value]) => (
          <div key={label} class="figure-number">
            <b>{value}</b>
            <span>{label}</span>
          </div>
        ))}
      </div>
      {data.links.length > 0 && (
        <table class="table">
          <thead>
            <tr>
              <th>{t("mail_links")}</th>
              <th class="number">{t("mail_click_rate")}</th>
            </tr>
          </thead>
          <tbody>
            {data.links.map((link) => (
              <tr key={link.url}>
                <td>{link.url}</td>
                <td class="number">{number(link.readers)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function TestDialog({ id, onClose }: { id: number; onClose: () => void }) {
  const [to, setTo] = useState(currentSession()?.account?.email ?? "");
  const [busy, setBusy] = useState(false);
  return (
    <Dialog
      title={t("mail_test")}
      onClose={onClose}
      actions={
        <Button
          kind="primary"
          busy={busy}
          onClick={() => {
            setBusy(true);
            post(`/mailings/${id}/test`, { addresses: to.split(/[\s,;]+/).filter(Boolean) }).then(
              () => {
                toast(t("mail_test_sent"));
                onClose();
              },
              (error) => {
                toast(error.message, "bad");
                setBusy(false);
              },
            );
          }}
        >
          {t("mail_test")}
        </Button>
      }
    >
      <Input label={t("mail_test_to")} value={to} onValue={setTo} autoFocus />
    </Dialog>
  );
}

function ScheduleMailing({ mailing, onClose, onDone }: { mailing: Mailing; onClose: () => void; onDone: (mailing: Mailing) => void }) {
  const [at, setAt] = useState(toLocalInput(mailing.due_at));
  return (
    <Dialog
      title={t("mail_schedule")}
      onClose={onClose}
      actions={
        <Button kind="primary" onClick={() => void post<Mailing>(`/mailings/${mailing.id}/schedule`, { due_at: fromLocalInput(at) }).then(onDone, (error) => toast(error.message, "bad"))}>
          {t("mail_schedule")}
        </Button>
      }
    >
      <Input label={t("mail_due")} type="datetime-local" hint={t("schedule_zone", { zone: zoneName() })} value={at} onValue={setAt} />
    </Dialog>
  );
}
