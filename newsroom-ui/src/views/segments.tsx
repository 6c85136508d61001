// SPDX-License-Identifier: Apache-2.0
//
// Sets of readers by rules, counted before anything is sent to them.
import { useState } from "preact/hooks";
import { Fault, may, patch, post, remove, useRead } from "../api";
import type { Moved, NewsletterList, Segment, SegmentList } from "../api_types";
import { href } from "../router";
import { Area, Button, Dialog, Empty, Head, Input, Loading, Notice, Select, toast } from "../ui/parts";
import { t } from "../words";

export default function SegmentsView() {
  const list = useRead<SegmentList>("/segments");
  const newsletters = useRead<NewsletterList>("/newsletters");
  const [open, setOpen] = useState<Segment | "new" | null>(null);
  if (!list.data) return list.fault ? <Notice tone="bad">{list.fault.message}</Notice> : <Loading />;
  return (
    <>
      <Head title={t("segments")} back={{ href: href("/readers"), label: t("readers_title") }}>
        {may("mail.write") && (
          <Button kind="primary" icon="plus" onClick={() => setOpen("new")}>
            {t("segment_new")}
          </Button>
        )}
      </Head>
      {list.data.items.length === 0 && <Empty title={t("none")} />}
      <ul class="list">
        {list.data.items.map((segment) => (
          <li key={segment.id} class="item">
            <span class="stack stack--tight">
              <span class="item__title">{segment.name}</span>
              <code class="small wrap-any">{segment.rules}</code>
            </span>
            {may("mail.write") && (
              <span class="row">
                <Button small onClick={() => setOpen(segment)}>
                  {t("edit")}
                </Button>
                <Button small kind="quiet" icon="trash" label={`${t("remove")}: ${segment.name}`} onClick={() => void remove(`/segments/${segment.id}`).then(list.reload, (error) => toast(error.message, "bad"))} />
              </span>
            )}
          </li>
        ))}
      </ul>
      {open && (
        <Edit
          segment={open === "new" ? null : open}
          newsletters={newsletters.data}
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

function Edit({ segment, newsletters, onClose, onDone }: { segment: Segment | null; newsletters: NewsletterList | null; onClose: () => void; onDone: () => void }) {
  const [values, setValues] = useState({ slug: segment?.slug ?? "", name: segment?.name ?? "", rules: segment?.rules ?? "" });
  const [newsletter, setNewsletter] = useState(newsletters?.items[0]?.slug ?? "");
  const [count, setCount] = useState<number | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const save = () => (segment ? patch(`/segments/${segment.id}`, { name: values.name, rules: values.rules }) : post("/segments", values)).then(onDone, setFault);
  return (
    <Dialog
      title={segment?.name ?? t("segment_new")}
      onClose={onClose}
      actions={
        <Button kind="primary" onClick={() => void save()}>
          {t("save")}
        </Button>
      }
    >
      {fault && <Notice tone="bad">{fault.message}</Notice>}
      <Input label={t("name")} value={values.name} onValue={(name) => setValues({ ...values, name })} autoFocus />
      {!segment && <Input label={t("newsletter_slug")} value={values.slug} onValue={(slug) => setValues({ ...values, slug })} />}
      <Area label={t("segment_rules")} hint={t("segment_rules_hint")} value={values.rules} onValue={(rules) => setValues({ ...values, rules })} />
      <div class="filters">
        <Select label={t("readers_newsletter")} value={newsletter} onValue={setNewsletter} options={(newsletters?.items ?? []).map((one) => [one.slug, one.name])} />
        <Button onClick={() => void post<Moved>("/segments/count", { rules: values.rules, newsletter }).then((found) => setCount(found.count), setFault)}>{t("segment_count")}</Button>
        {count !== null && <strong role="status">{t("segment_counted", { count })}</strong>}
      </div>
    </Dialog>
  );
}
