// SPDX-License-Identifier: Apache-2.0
//
// What readers can sign up for, and when it goes out.
import { useState } from "preact/hooks";
import { Fault, may, patch, post, useRead } from "../api";
import type { Newsletter, NewsletterList } from "../api_types";
import { Area, Badge, Button, Check, Dialog, Head, Input, Loading, Notice, Select, toast } from "../ui/parts";
import { dateTime, t } from "../words";
import { MailTabs } from "./mail";

export default function NewslettersView() {
  const list = useRead<NewsletterList>("/newsletters");
  const [open, setOpen] = useState<Newsletter | "new" | null>(null);
  if (!list.data) return list.fault ? <Notice tone="bad">{list.fault.message}</Notice> : <Loading />;
  return (
    <>
      <Head title={t("mail_newsletters")}>
        <MailTabs at="newsletters" />
        {may("newsletter.write") && (
          <Button kind="primary" icon="plus" onClick={() => setOpen("new")}>
            {t("newsletter_new")}
          </Button>
        )}
      </Head>
      <ul class="list">
        {list.data.items.map((one) => (
          <li key={one.id} class="item">
            <div class="stack stack--tight">
              <span class="item__title">{one.name}</span>
              <span class="item__meta">
                <Badge tone={one.active ? "good" : "plain"}>{t(`newsletter_kind_${one.kind}`)}</Badge>
                <span>{t("mail_recipients", { count: one.readers })}</span>
                {one.next_at && <span>{t("newsletter_next", { time: dateTime(one.next_at) })}</span>}
                <span>{one.description}</span>
              </span>
            </div>
            {may("newsletter.write") && (
              <Button small onClick={() => setOpen(one)}>
                {t("edit")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {open && (
        <Edit
          newsletter={open === "new" ? null : open}
          onClose={() => setOpen(null)}
          onDone={() => {
            setOpen(null);
            list.reload();
          }}
        />
      )}
    </>
  );
}

function Edit({ newsletter, onClose, onDone }: { newsletter: Newsletter | null; onClose: () => void; onDone: () => void }) {
  const [values, setValues] = useState<Partial<Newsletter> & { slug: string }>(newsletter ?? { slug: "", kind: "daily", name: "", description: "", time: "06:30", days: "daily", offered: true, active: true });
  const [fault, setFault] = useState<Fault | null>(null);
  const set = (change: Partial<Newsletter>) => setValues({ ...values, ...change });
  const wrong = (field: string) => (fault?.problem.field === field ? fault.message : null);
  const save = async () => {
    const changed: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(values)) if (!["id", "readers", "next_at"].includes(key) && (!newsletter || JSON.stringify(value) !== JSON.stringify((newsletter as Record<string, unknown>)[key]))) changed[key] = value;
    try {
      if (newsletter) await patch(`/newsletters/${newsletter.id}`, changed);
      else await post("/newsletters", changed);
      toast(t("saved"));
      onDone();
    } catch (error) {
      setFault(error as Fault);
    }
  };
  const kind = values.kind ?? "daily";
  return (
    <Dialog
      title={newsletter?.name ?? t("newsletter_new")}
      onClose={onClose}
      actions={
        <Button kind="primary" onClick={() => void save()}>
          {t("save")}
        </Button>
      }
    >
      {fault && !fault.problem.field && <Notice tone="bad">{fault.message}</Notice>}
      <Input label={t("name")} value={values.name ?? ""} onValue={(name) => set({ name })} problem={wrong("name")} />
      {!newsletter && <Input label={t("newsletter_slug")} value={values.slug} onValue={(slug) => set({ slug })} problem={wrong("slug")} />}
      {!newsletter && <Select label={t("newsletter_kind")} value={kind} onValue={(value) => set({ kind: value as Newsletter["kind"] })} options={(["daily", "breaking", "edition"] as const).map((one) => [one, t(`newsletter_kind_${one}`)])} />}
      <Area label={t("description")} value={values.description ?? ""} onValue={(description) => set({ description })} />
      {kind !== "breaking" && (
        <>
          <Input label={t("newsletter_time")} type="time" value={values.time ?? ""} onValue={(time) => set({ time })} problem={wrong("time")} />
          <Input label={t("newsletter_days")} hint={t("newsletter_days_hint")} value={values.days ?? ""} onValue={(days) => set({ days })} problem={wrong("days")} />
          <Input label={t("newsletter_zone")} value={values.time_zone ?? ""} onValue={(time_zone) => set({ time_zone })} problem={wrong("time_zone")} />
          <Check label={t("newsletter_local")} checked={values.local_hour ?? false} onChecked={(local_hour) => set({ local_hour })} />
          <Input label={t("newsletter_limit")} type="number" value={String(values.story_limit ?? "")} onValue={(limit) => set({ story_limit: Number(limit) })} problem={wrong("story_limit")} />
        </>
      )}
      {kind === "breaking" && <Input label={t("newsletter_cap")} type="number" value={String(values.daily_cap ?? "")} onValue={(cap) => set({ daily_cap: Number(cap) })} problem={wrong("daily_cap")} />}
      <Check label={t("newsletter_approval")} checked={values.approval ?? false} onChecked={(approval) => set({ approval })} />
      <Input label={t("newsletter_sender")} value={values.sender_name ?? ""} onValue={(sender_name) => set({ sender_name })} problem={wrong("sender_name")} />
      <Input label={t("newsletter_sender_address")} type="email" value={values.sender_address ?? ""} onValue={(sender_address) => set({ sender_address })} problem={wrong("sender_address")} />
      <Input label={t("newsletter_reply")} type="email" value={values.reply_to ?? ""} onValue={(reply_to) => set({ reply_to })} problem={wrong("reply_to")} />
      <Select label={t("newsletter_uncertain")} value={values.uncertain ?? "hold"} onValue={(value) => set({ uncertain: value as "hold" })} options={[["hold", t("newsletter_hold")], ["again", t("newsletter_again")]]} />
      <Check label={t("newsletter_offered")} checked={values.offered ?? true} onChecked={(offered) => set({ offered })} />
      <Check label={t("newsletter_active")} checked={values.active ?? true} onChecked={(active) => set({ active })} />
      <Check label={t("newsletter_tracking")} checked={values.tracking ?? false} onChecked={(tracking) => set({ tracking })} />
    </Dialog>
  );
}
