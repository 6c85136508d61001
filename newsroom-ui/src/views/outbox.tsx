// SPDX-License-Identifier: Apache-2.0
//
// The maildir outbox, read like an inbox.
import { useState } from "preact/hooks";
import { useList, useRead, useSettled } from "../api";
import type { OutboxMessage, OutboxWhole } from "../api_types";
import { setQuery, usePlace } from "../router";
import { Button, Empty, Head, Input, Loading, Notice, Tabs } from "../ui/parts";
import { dateTime, t } from "../words";
import { MailTabs } from "./mail";
import { bytes } from "./mail_parts";

export default function OutboxView() {
  const { query } = usePlace();
  const [words, setWords] = useState("");
  const settled = useSettled(words.trim());
  const list = useList<OutboxMessage>("/outbox", { q: settled, limit: 50 });
  const chosen = query.get("letter");
  return (
    <>
      <Head title={t("outbox_title")}>
        <MailTabs at="outbox" />
      </Head>
      <p class="muted">{t("outbox_text")}</p>
      <div class="filters">
        <Input label={t("outbox_search")} type="search" value={words} onValue={setWords} />
      </div>
      {list.fault && <Notice tone="bad">{list.fault.message}</Notice>}
      <div class="inbox">
        <div>
          {list.loading && list.items.length === 0 ? (
            <Loading />
          ) : list.items.length === 0 ? (
            <Empty title={t("outbox_none")} />
          ) : (
            <ul class="list">
              {list.items.map((message) => (
                <li key={message.id}>
                  <button type="button" class="item item--hover" style={{ border: 0, background: message.id === chosen ? "var(--accent-tint)" : "none", width: "100%", textAlign: "start", cursor: "pointer" }} aria-pressed={message.id === chosen} onClick={() => setQuery({ letter: message.id })}>
                    <span class="stack stack--tight">
                      <strong>{message.subject}</strong>
                      <span class="small muted">{t("outbox_to", { address: message.to })}</span>
                    </span>
                    <span class="small muted">{dateTime(message.at)}</span>
                  </button>
                </li>
              ))}
            </ul>
          )}
          {list.more && <Button onClick={list.more}>{t("more")}</Button>}
        </div>
        {chosen ? <Letter id={chosen} /> : <Empty title={t("outbox_choose")} />}
      </div>
    </>
  );
}

function Letter({ id }: { id: string }) {
  const letter = useRead<OutboxWhole>(`/outbox/${encodeURIComponent(id)}`);
  const [view, setView] = useState("html");
  const data = letter.data;
  if (!data) return letter.fault ? <Notice tone="bad">{letter.fault.message}</Notice> : <Loading />;
  const shown = data.html === null && view === "html" ? "text" : view;
  return (
    <article class="panel">
      <h2>{data.message.subject}</h2>
      <dl class="pairs small">
        {data.headers
          .filter((header) => /^(from|to|reply-to|date|list-unsubscribe|list-id)$/i.test(header.name))
          .map((header) => [<dt key={header.name}>{header.name}</dt>, <dd key={`${header.name}:`}>{header.value}</dd>])}
      </dl>
      <div class="row row--spread">
        <Tabs label={t("preview")} value={shown} onValue={setView} tabs={[...(data.html !== null ? ([["html", "HTML"]] as [string, string][]) : []), ["text", t("mail_text")], ["headers", t("outbox_raw")]]} />
        <span class="row">
          {data.unsubscribe_url && (
            <a class="small" href={data.unsubscribe_url} target="_blank" rel="noopener">
              {t("outbox_unsubscribe")}
            </a>
          )}
          <a class="small" href={`/api/outbox/${encodeURIComponent(id)}/raw`} download>
            {bytes(data.message.bytes)}
          </a>
        </span>
      </div>
      {shown === "html" && <iframe class="mail-frame" title={data.message.subject} sandbox="allow-popups allow-popups-to-escape-sandbox" src={`/api/outbox/${encodeURIComponent(id)}/html`} style={{ height: "44rem" }} />}
      {shown === "text" && (
        <pre class="plain" tabIndex={0}>
          {data.text}
        </pre>
      )}
      {shown === "headers" && (
        <dl class="pairs small">
          {data.headers.map((header, i) => [<dt key={i}>{header.name}</dt>, <dd key={`${i}:`}>{header.value}</dd>])}
        </dl>
      )}
    </article>
  );
}
