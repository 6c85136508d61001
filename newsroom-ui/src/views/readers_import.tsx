// SPDX-License-Identifier: Apache-2.0
//
// Readers out of a CSV file: dropped or chosen, its columns said to be what they are, tried, taken in
// with progress and a report of each refused line. The state is the server's: a reload loses nothing.
import { useState } from "preact/hooks";
import { Fault, act, address, may, post, upload, useRead } from "../api";
import type { ImportColumn, NewsletterList, SubscriberImport, SubscriberImportPage } from "../api_types";
import { href } from "../router";
import { Area, Badge, Button, DropArea, Empty, Head, Notice, Progress, Select, toast } from "../ui/parts";
import { dateTime, number, t } from "../words";
import { Newsletters } from "./readers";

type Kind = ImportColumn["kind"];
const KINDS: Kind[] = ["ignore", "address", "name", "first_name", "last_name", "status", "newsletters", "left", "sections", "language", "time_zone", "signed_up", "confirmed", "left_at", "bounced_at", "paused_until", "gets_mail", "gets_no_mail", "has_confirmed", "has_bounced"];
const BUSY = ["waiting", "reading", "taking_over"];

function Report({ one }: { one: SubscriberImport }) {
  const counts = [
    ["import_created", one.created],
    ["import_known", one.known],
    ["import_left", one.left],
    ["import_repeated", one.repeated],
    ["reader_suppressed", one.suppressed],
    ["import_refused", one.refused],
  ] as const;
  return (
    <>
      <div class="counts-grid">
        {counts.map(([key, value]) => (
          <div key={key} class="figure-number">
            <b>{number(value)}</b>
            <span>{t(key)}</span>
          </div>
        ))}
      </div>
      {one.refused > 0 && (
        <details>
          <summary>{t("import_refused")}</summary>
          <p>
            <a href={address(`/subscribers/imports/${one.id}/refused`)} download>
              {t("import_refused_file")}
            </a>
          </p>
          <ul class="small stack stack--tight">
            {one.refusals.map((refusal, i) => (
              <li key={i} class="wrap-any">
                {t("import_line", { line: refusal.line, reason: refusal.reason })} <span class="muted">{refusal.text}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

// One that can be started: what its columns are, for which newsletters, with what consent.
function Mapping({ one, newsletters, onDone }: { one: SubscriberImport; newsletters: NewsletterList | null; onDone: () => void }) {
  const look = one.look!;
  const [kinds, setKinds] = useState<Kind[]>(look.columns.map((column) => column.kind));
  const [chosen, setChosen] = useState<string[]>(one.newsletters ? one.newsletters.split(",") : []);
  const [consent, setConsent] = useState(one.consent);
  const [fault, setFault] = useState<Fault | null>(null);
  const addresses = kinds.filter((kind) => kind === "address").length;
  const says = chosen.length > 0 || kinds.includes("newsletters") || kinds.includes("left");
  const ready = addresses === 1 && says && consent.trim() !== "";
  const start = async (dry_run: boolean) => {
    setFault(null);
    try {
      await post(`/subscribers/imports/${one.id}/start`, { columns: kinds, newsletters: chosen, consent: consent.trim(), dry_run });
    } catch (error) {
      setFault(error as Fault);
    }
    onDone();
  };
  return (
    <>
      {fault && <Notice tone="bad">{fault.message}</Notice>}
      <div class="table-box" tabIndex={0} role="region" aria-label={t("import_columns")}>
        <table class="table">
          <thead>
            <tr>
              <th>{t("import_heading")}</th>
              <th>{t("import_kind")}</th>
              <th>{t("import_samples")}</th>
            </tr>
          </thead>
          <tbody>
            {look.columns.map((column, i) => (
              <tr key={i}>
                <td>{column.heading || `${i + 1}`}</td>
                <td>
                  <Select hideLabel label={`${t("import_kind")}: ${column.heading || i + 1}`} value={kinds[i] ?? "ignore"} onValue={(value) => setKinds(kinds.map((kind, n) => (n === i ? (value as Kind) : kind)))} options={KINDS.map((kind): [string, string] => [kind, t(`import_kind_${kind}`)])} />
                </td>
                <td class="muted wrap-any">{column.samples.filter(Boolean).slice(0, 3).join(" · ")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {addresses !== 1 && <Notice tone="warn">{t("import_needs_address")}</Notice>}
      <Newsletters newsletters={newsletters} chosen={chosen} onChosen={setChosen} />
      <Area label={t("import_consent")} hint={t("import_consent_hint")} value={consent} onValue={setConsent} />
      <div class="row">
        <Button disabled={!ready} onClick={() => void start(true)}>
          {t("import_try")}
        </Button>
        <Button kind="primary" disabled={!ready} onClick={() => void start(false)}>
          {t("import_start")}
        </Button>
      </div>
    </>
  );
}

function One({ id, summary, newsletters, onChange }: { id: number; summary: SubscriberImport; newsletters: NewsletterList | null; onChange: () => void }) {
  const open = ["uploaded", "checked", "failed"].includes(summary.state);
  const whole = useRead<SubscriberImport>(summary.state === "done" ? null : `/subscribers/imports/${id}`);
  const busy = BUSY.includes(summary.state);
  const cancel = () => void act(`/subscribers/imports/${id}/cancel`).then(onChange, (error) => toast(error.message, "bad"));
  return (
    <article class="panel">
      <h2>
        <span class="cut">{summary.file}</span>
        <Badge tone={summary.state === "done" ? "good" : summary.state === "failed" ? "bad" : "plain"}>{t(`import_state_${summary.state}`)}</Badge>
      </h2>
      <p class="muted small">{dateTime(summary.started_at)}</p>
      {busy && <Progress done={Math.round(summary.progress * 1000)} total={1000} label={t(`import_state_${summary.state}`)} />}
      {summary.reason && <Notice tone="bad">{summary.reason}</Notice>}
      {summary.state === "checked" && <Notice tone="good">{t("import_tried")}</Notice>}
      {(summary.state === "checked" || summary.state === "done" || summary.rows > 0) && <Report one={summary} />}
      {/* Kept while it runs: what was chosen and written for the trial is there for the import. */}
      {summary.state !== "done" && whole.data?.look && (
        <div class="stack" hidden={!open}>
          <Mapping key={id} one={whole.data} newsletters={newsletters} onDone={onChange} />
        </div>
      )}
      {(open || summary.state === "waiting" || summary.state === "reading") && (
        <p>
          <Button small kind="danger" onClick={cancel}>
            {t("cancel")}
          </Button>
        </p>
      )}
    </article>
  );
}

export default function ImportView() {
  const [running, setRunning] = useState(false);
  const imports = useRead<SubscriberImportPage>("/subscribers/imports", undefined, running ? 700 : 5000);
  const newsletters = useRead<NewsletterList>(may("mail.read") ? "/newsletters" : null);
  const [sent, setSent] = useState<{ name: string; done: number; total: number } | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const items = (imports.data?.items ?? []).filter((one) => one.state !== "cancelled");
  const busy = items.some((one) => BUSY.includes(one.state));
  if (busy !== running) setRunning(busy);
  const take = async (file: File | undefined) => {
    if (!file || sent) return;
    setFault(null);
    setSent({ name: file.name, done: 0, total: file.size });
    try {
      await upload("/subscribers/imports", file, { name: file.name }, (done, total) => setSent({ name: file.name, done, total }), "text/csv");
    } catch (error) {
      setFault(error as Fault);
    }
    setSent(null);
    imports.reload();
  };
  return (
    <>
      <Head title={t("import_title")} back={{ href: href("/readers"), label: t("readers_title") }} />
      <div class="stack">
        <DropArea class="panel" onFiles={(files) => void take(files?.[0])}>
          {fault && <Notice tone="bad">{fault.message}</Notice>}
          <div class="field">
            <label class="field__label" for="import-file">
              {t("import_file")}
            </label>
            <input id="import-file" class="input" type="file" accept=".csv,.tsv,.txt,text/csv" disabled={sent !== null} onChange={(event) => void take(event.currentTarget.files?.[0])} />
            <p class="muted small">{t("import_drop")}</p>
          </div>
          {sent && <Progress done={sent.done} total={sent.total} label={t("uploading", { name: sent.name })} />}
        </DropArea>
        {items.length === 0 && imports.data && <Empty title={t("import_none")} />}
        {items.map((one) => (
          <One key={one.id} id={one.id} summary={one} newsletters={newsletters.data} onChange={imports.reload} />
        ))}
      </div>
    </>
  );
}
