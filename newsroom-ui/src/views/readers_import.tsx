// SPDX-License-Identifier: Apache-2.0
//
// Readers out of a CSV file, with progress and a report of each refused line.
import { useState } from "preact/hooks";
import { Fault, act, may, upload, useRead } from "../api";
import type { NewsletterList, SubscriberImports } from "../api_types";
import { href } from "../router";
import { Area, Badge, Button, Head, Notice, Progress, toast } from "../ui/parts";
import { dateTime, number, t } from "../words";
import { Newsletters } from "./readers";

export default function ImportView() {
  const [running, setRunning] = useState(false);
  const imports = useRead<SubscriberImports>("/subscribers/imports", undefined, running ? 1000 : 5000);
  const newsletters = useRead<NewsletterList>(may("mail.read") ? "/newsletters" : null);
  const [file, setFile] = useState<File | null>(null);
  const [consent, setConsent] = useState("");
  const [chosen, setChosen] = useState<string[]>([]);
  const [sent, setSent] = useState<{ done: number; total: number } | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const busy = (imports.data?.items ?? []).some((one) => one.state === "running" || one.state === "waiting");
  if (busy !== running) setRunning(busy);
  const start = async () => {
    setFault(null);
    try {
      await upload("/subscribers/imports", file!, { name: file!.name, newsletters: chosen.join(","), consent }, (done, total) => setSent({ done, total }), "text/csv");
      setFile(null);
      imports.reload();
    } catch (error) {
      setFault(error as Fault);
    }
    setSent(null);
  };
  return (
    <>
      <Head title={t("import_title")} back={{ href: href("/readers"), label: t("readers_title") }} />
      <div class="columns">
        <section class="panel">
          {fault && <Notice tone="bad">{fault.message}</Notice>}
          <div class="field">
            <label class="field__label" for="import-file">
              {t("import_file")}
            </label>
            <input id="import-file" class="input" type="file" accept=".csv,.tsv,.txt,text/csv" onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)} />
          </div>
          <Newsletters newsletters={newsletters.data} chosen={chosen} onChosen={setChosen} />
          <Area label={t("import_consent")} hint={t("import_consent_hint")} value={consent} onValue={setConsent} />
          {sent && <Progress done={sent.done} total={sent.total} label={t("uploading", { name: file?.name ?? "" })} />}
          <Button kind="primary" busy={sent !== null} disabled={!file || !consent.trim()} onClick={() => void start()}>
            {t("import_start")}
          </Button>
        </section>
        <section class="stack">
          {imports.data?.items.map((one) => (
            <article key={one.id} class="panel">
              <h2>
                <span class="cut">{one.file}</span>
                <Badge tone={one.state === "done" ? "good" : one.state === "failed" ? "bad" : "plain"}>{dateTime(one.started_at)}</Badge>
              </h2>
              {(one.state === "running" || one.state === "waiting") && (
                <>
                  <Progress done={one.done_bytes} total={one.bytes} label={t("import_running", { rows: number(one.rows) })} />
                  <Button small kind="danger" onClick={() => void act(`/subscribers/imports/${one.id}/cancel`).then(imports.reload, (error) => toast(error.message, "bad"))}>
                    {t("cancel")}
                  </Button>
                </>
              )}
              {one.reason && <Notice tone="bad">{one.reason}</Notice>}
              <div class="counts-grid">
                {(
                  [
                    ["import_created", one.created],
                    ["import_known", one.known],
                    ["reader_suppressed", one.suppressed],
                    ["import_refused", one.refused],
                  ] as const
                ).map(([key, value]) => (
                  <div key={key} class="figure-number">
                    <b>{number(value)}</b>
                    <span>{t(key)}</span>
                  </div>
                ))}
              </div>
              {one.refusals.length > 0 && (
                <details>
                  <summary>{t("import_refused")}</summary>
                  <ul class="small stack stack--tight">
                    {one.refusals.map((refusal, i) => (
                      <li key={i} class="wrap-any">
                        {t("import_line", { line: refusal.line, reason: refusal.reason })} <span class="muted">{refusal.text}</span>
                      </li>
                    ))}
                  </ul>
                </details>
              )}
            </article>
          ))}
        </section>
      </div>
    </>
  );
}
