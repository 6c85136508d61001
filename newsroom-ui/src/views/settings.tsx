// SPDX-License-Identifier: Apache-2.0
//
// The newspaper's settings, each part at an address of its own.
import type { ComponentType } from "preact";
import { useState } from "preact/hooks";
import { Fault, act, may, patch, post, remove, useList, useRead } from "../api";
import type { AuditEntry, Author, AuthorPage, Permissions, Policy, PolicyList, Section, SectionList, Settings, Staff, StaffList, Token, TokenList, TokenMade, Webhook, WebhookDelivery, WebhookList, WebhookMade } from "../api_types";
import { href } from "../router";
import { pictureUrl } from "../stories";
import { Area, Badge, Button, Check, Dialog, Empty, Head, Input, Loading, Menu, Notice, Select, toast, useConfirm } from "../ui/parts";
import { PicturePicker } from "../ui/picker";
import { ago, date, dateTime, fromLocalInput, t } from "../words";

type Part = { key: string; label: Parameters<typeof t>[0]; permission: string; view: ComponentType };
const PARTS: Part[] = [
  { key: "paper", label: "settings_paper", permission: "settings.read", view: Paper },
  { key: "sections", label: "settings_sections", permission: "account", view: Sections },
  { key: "authors", label: "settings_people", permission: "account", view: Authors },
  { key: "staff", label: "settings_staff", permission: "staff.read", view: StaffPart },
  { key: "policies", label: "settings_policies", permission: "settings.read", view: Policies },
  { key: "tokens", label: "settings_tokens", permission: "token.write", view: Tokens },
  { key: "webhooks", label: "settings_webhooks", permission: "webhook.write", view: Webhooks },
  { key: "audit", label: "settings_audit", permission: "audit.read", view: Audit },
];
const fail = (error: unknown) => toast((error as Error).message, "bad");

export default function SettingsView({ parameters }: { parameters: Record<string, string> }) {
  const parts = PARTS.filter((part) => part.permission === "account" || may(part.permission));
  const part = parts.find((one) => one.key === parameters.part) ?? parts[0]!;
  const View = part.view;
  return (
    <>
      <Head title={t("settings_title")} />
      <nav class="tabs" aria-label={t("settings_title")} style={{ marginBottom: "1.25rem" }}>
        {parts.map((one) => (
          <a key={one.key} class={`button button--small ${one === part ? "" : "button--quiet"}`} href={href(`/settings/${one.key}`)} aria-current={one === part ? "page" : undefined}>
            {t(one.label)}
          </a>
        ))}
      </nav>
      <View />
    </>
  );
}

const PAPER: [keyof Settings, Parameters<typeof t>[0]][] = [
  ["name", "paper_name"], ["tagline", "paper_tagline"], ["description", "paper_description"], ["base_url", "paper_url"], ["language", "paper_language"], ["time_zone", "paper_zone"], ["publisher", "paper_publisher"], ["contact", "paper_contact"], ["mail_sender", "paper_mail_sender"], ["bounce_address", "paper_bounce"], ["postal_address", "paper_postal"],
];

function Paper() {
  const read = useRead<Settings>("/settings");
  const [changes, setChanges] = useState<Partial<Settings>>({});
  const [fault, setFault] = useState<Fault | null>(null);
  if (!read.data) return read.fault ? <Notice tone="bad">{read.fault.message}</Notice> : <Loading />;
  const save = () =>
    patch<Settings>("/settings", changes).then(
      (next) => {
        read.set(next);
        setChanges({});
        setFault(null);
        toast(t("saved"));
      },
      setFault,
    );
  return (
    <form
      class="panel"
      style={{ maxWidth: "44rem" }}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {fault && !fault.problem.field && <Notice tone="bad">{fault.message}</Notice>}
      {PAPER.map(([key, label]) => {
        const properties = { label: t(label), value: changes[key] ?? read.data![key], problem: fault?.problem.field === key ? fault.message : null, onValue: (value: string) => setChanges({ ...changes, [key]: value }), disabled: !may("settings.write") };
        return key === "description" || key === "postal_address" ? <Area key={key} {...properties} /> : <Input key={key} {...properties} />;
      })}
      {may("settings.write") && (
        <Button kind="primary" type="submit" disabled={Object.keys(changes).length === 0}>
          {t("save")}
        </Button>
      )}
    </form>
  );
}

function Sections() {
  const read = useRead<SectionList>("/sections");
  const [open, setOpen] = useState<Section | "new" | null>(null);
  const [values, setValues] = useState({ slug: "", name: "", description: "", position: 0 });
  const [confirmation, confirm] = useConfirm();
  const edit = (section: Section | "new") => {
    setValues(section === "new" ? { slug: "", name: "", description: "", position: read.data?.items.length ?? 0 } : { slug: section.slug, name: section.name, description: section.description, position: section.position });
    setOpen(section);
  };
  const save = () => {
    const { slug, ...rest } = values;
    void (open === "new" ? post("/sections", { slug, ...rest }) : patch(`/sections/${(open as Section).id}`, rest)).then(() => {
      setOpen(null);
      read.reload();
    }, fail);
  };
  const erase = async (section: Section) => {
    if (await confirm({ title: `${t("remove")}: ${section.name}`, text: t("section_delete_text"), yes: t("remove"), danger: true })) void remove(`/sections/${section.id}`).then(read.reload, fail);
  };
  const writable = may("section.write");
  return (
    <>
      <ul class="list">
        {read.data?.items.map((section) => (
          <li key={section.id} class="item">
            <span class="stack stack--tight">
              <span class="item__title">{section.name}</span>
              <span class="item__meta">
                /{section.slug} {section.description}
              </span>
            </span>
            {writable && (
              <span class="row">
                <Button small onClick={() => edit(section)}>
                  {t("edit")}
                </Button>
                <Button small kind="quiet" icon="trash" label={`${t("remove")}: ${section.name}`} onClick={() => void erase(section)} />
              </span>
            )}
          </li>
        ))}
      </ul>
      {writable && (
        <Button icon="plus" onClick={() => edit("new")}>
          {t("section_new")}
        </Button>
      )}
      {open && (
        <Dialog
          title={open === "new" ? t("section_new") : open.name}
          onClose={() => setOpen(null)}
          actions={
            <Button kind="primary" onClick={save}>
              {t("save")}
            </Button>
          }
        >
          <Input label={t("name")} value={values.name} onValue={(name) => setValues({ ...values, name, slug: open === "new" ? name.toLowerCase().normalize("NFD").replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") : values.slug })} autoFocus />
          {open === "new" && <Input label={t("slug")} value={values.slug} onValue={(slug) => setValues({ ...values, slug })} />}
          <Area label={t("description")} value={values.description} onValue={(description) => setValues({ ...values, description })} />
          <Input label={t("stories_sort")} type="number" value={String(values.position)} onValue={(position) => setValues({ ...values, position: Number(position) })} />
        </Dialog>
      )}
      {confirmation}
    </>
  );
}

function Authors() {
  const read = useRead<AuthorPage>("/authors", { limit: 200 });
  const [open, setOpen] = useState<Author | "new" | null>(null);
  const [values, setValues] = useState({ name: "", role: "", bio: "", portrait_id: null as number | null });
  const [picking, setPicking] = useState(false);
  const edit = (author: Author | "new") => {
    setValues(author === "new" ? { name: "", role: "", bio: "", portrait_id: null } : { name: author.name, role: author.role, bio: author.bio, portrait_id: author.portrait?.id ?? null });
    setOpen(author);
  };
  const save = () =>
    void (open === "new" ? post("/authors", values) : patch(`/authors/${(open as Author).id}`, values)).then(() => {
      setOpen(null);
      read.reload();
    }, fail);
  return (
    <>
      <ul class="list">
        {read.data?.items.map((author) => (
          <li key={author.id} class="item item--picture">
            {author.portrait ? <img src={pictureUrl(author.portrait, "1x1", 160) ?? ""} alt="" loading="lazy" /> : <span class="item__blank" />}
            <span class="stack stack--tight">
              <span class="item__title">{author.name}</span>
              <span class="item__meta">{author.role}</span>
            </span>
            {may("author.write") && (
              <Button small onClick={() => edit(author)}>
                {t("edit")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {may("author.write") && (
        <Button icon="plus" onClick={() => edit("new")}>
          {t("author_new")}
        </Button>
      )}
      {open && !picking && (
        <Dialog
          title={open === "new" ? t("author_new") : open.name}
          onClose={() => setOpen(null)}
          actions={
            <Button kind="primary" onClick={save}>
              {t("save")}
            </Button>
          }
        >
          <Input label={t("name")} value={values.name} onValue={(name) => setValues({ ...values, name })} autoFocus />
          <Input label={t("author_role")} value={values.role} onValue={(role) => setValues({ ...values, role })} />
          <Area label={t("author_bio")} value={values.bio} onValue={(bio) => setValues({ ...values, bio })} />
          <Button icon="picture" onClick={() => setPicking(true)}>
            {t("author_portrait")}
          </Button>
        </Dialog>
      )}
      {picking && (
        <PicturePicker
          onClose={() => setPicking(false)}
          onPick={(image) => {
            setValues({ ...values, portrait_id: image.id });
            setPicking(false);
          }}
        />
      )}
    </>
  );
}

const ROLES = ["owner", "editor", "author", "contributor"] as const;

function StaffPart() {
  const read = useRead<StaffList>("/staff");
  const [inviting, setInviting] = useState(false);
  const [values, setValues] = useState({ email: "", name: "", role: "author" as Staff["role"] });
  const [confirmation, confirm] = useConfirm();
  const writable = may("staff.write");
  const doing = (work: Promise<unknown>, said?: string) =>
    void work.then(() => {
      if (said) toast(said);
      read.reload();
    }, fail);
  if (!read.data) return read.fault ? <Notice tone="bad">{read.fault.message}</Notice> : <Loading />;
  return (
    <>
      <ul class="list">
        {read.data.items.map((person) => (
          <li key={person.id} class="item">
            <span class="stack stack--tight">
              <strong>{person.name}</strong>
              <span class="item__meta">
                <Badge tone={person.state === "active" ? "good" : person.state === "invited" ? "warn" : "bad"}>{t(`staff_state_${person.state}`)}</Badge>
                <span>{t(`role_${person.role}`)}</span>
                <span>{person.email}</span>
                {person.active_at && <span>{t("staff_seen", { time: ago(person.active_at) })}</span>}
                {person.second_factors.length > 0 && <Badge tone="good">{t("staff_second")}</Badge>}
              </span>
            </span>
            {writable && (
              <Menu
                label={`${t("actions")}: ${person.name}`}
                items={[
                  ...ROLES.filter((role) => role !== person.role).map((role) => ({ label: `${t("staff_role")}: ${t(`role_${role}`)}`, onClick: () => doing(patch(`/staff/${person.id}`, { role })) })),
                  ...(person.state === "invited" ? [{ label: t("staff_again"), icon: "mail", onClick: () => doing(act(`/staff/${person.id}/invite`), t("staff_invited")) }] : []),
                  ...(person.state !== "invited" ? [{ label: t("staff_reset"), icon: "key", onClick: () => doing(post(`/staff/${person.id}/reset`, { second_factors: true }), t("staff_reset_done")) }] : []),
                  { label: person.state === "disabled" ? t("staff_enable") : t("staff_disable"), icon: "lock", onClick: () => doing(patch(`/staff/${person.id}`, { state: person.state === "disabled" ? "active" : "disabled" })) },
                  "rule" as const,
                  {
                    label: t("staff_remove"),
                    icon: "trash",
                    danger: true,
                    onClick: () => void confirm({ title: `${t("staff_remove")}: ${person.name}`, text: t("staff_remove_text"), yes: t("staff_remove"), danger: true }).then((yes) => yes && doing(remove(`/staff/${person.id}`))),
                  },
                ]}
              />
            )}
          </li>
        ))}
      </ul>
      {writable && (
        <Button icon="plus" onClick={() => setInviting(true)}>
          {t("staff_invite")}
        </Button>
      )}
      {inviting && (
        <Dialog
          title={t("staff_invite")}
          onClose={() => setInviting(false)}
          actions={
            <Button
              kind="primary"
              onClick={() =>
                void post("/staff", values).then(() => {
                  toast(t("staff_invited"));
                  setInviting(false);
                  read.reload();
                }, fail)
              }
            >
              {t("staff_invite")}
            </Button>
          }
        >
          <Input label={t("name")} value={values.name} onValue={(name) => setValues({ ...values, name })} autoFocus />
          <Input label={t("email")} type="email" value={values.email} onValue={(email) => setValues({ ...values, email })} />
          <Select label={t("staff_role")} value={values.role} onValue={(role) => setValues({ ...values, role: role as Staff["role"] })} options={ROLES.map((role) => [role, t(`role_${role}`)])} />
        </Dialog>
      )}
      {confirmation}
    </>
  );
}

function Policies() {
  const read = useRead<PolicyList>("/policies");
  const [open, setOpen] = useState<Policy["kind"] | null>(null);
  const [values, setValues] = useState({ title: "", body: "" });
  const newest = (kind: Policy["kind"]) => read.data?.items.filter((one) => one.kind === kind).sort((a, b) => b.version - a.version)[0];
  return (
    <div class="columns">
      {(["terms", "privacy"] as const).map((kind) => {
        const policy = newest(kind);
        return (
          <section key={kind} class="panel">
            <h2>{t(`policy_${kind}`)}</h2>
            {policy && <p class="muted">{t("policy_version", { version: policy.version, time: date(policy.published_at) })}</p>}
            <pre class="plain" style={{ maxHeight: "20rem", overflow: "auto" }} tabIndex={0}>
              {policy?.body}
            </pre>
            {may("settings.write") && (
              <Button
                onClick={() => {
                  setValues({ title: policy?.title ?? t(`policy_${kind}`), body: policy?.body ?? "" });
                  setOpen(kind);
                }}
              >
                {t("edit")}
              </Button>
            )}
          </section>
        );
      })}
      {open && (
        <Dialog
          title={t(`policy_${open}`)}
          wide
          onClose={() => setOpen(null)}
          actions={
            <Button
              kind="primary"
              onClick={() =>
                void post("/policies", { kind: open, ...values }).then(() => {
                  setOpen(null);
                  read.reload();
                }, fail)
              }
            >
              {t("policy_publish")}
            </Button>
          }
        >
          <Notice>{t("policy_note")}</Notice>
          <Input label={t("block_title")} value={values.title} onValue={(title) => setValues({ ...values, title })} />
          <Area label={t("policy_text")} class="source-text" grow={false} value={values.body} onValue={(body) => setValues({ ...values, body })} />
        </Dialog>
      )}
    </div>
  );
}

function Secret({ text, secret, onClose }: { text: string; secret: string; onClose: () => void }) {
  return (
    <Dialog title={t("key_title")} onClose={onClose} actions={<Button kind="primary" onClick={() => void navigator.clipboard.writeText(secret).then(() => toast(t("copied")))}>{t("copy")}</Button>}>
      <p>{text}</p>
      <code class="wrap-any" data-secret>
        {secret}
      </code>
    </Dialog>
  );
}

function Tokens() {
  const read = useRead<TokenList>("/tokens");
  const permissions = useRead<Permissions>("/permissions");
  const [making, setMaking] = useState(false);
  const [name, setName] = useState("");
  const [until, setUntil] = useState("");
  const [scopes, setScopes] = useState<string[]>([]);
  const [secret, setSecret] = useState<string | null>(null);
  const [confirmation, confirm] = useConfirm();
  const erase = async (token: Token) => {
    if (await confirm({ title: `${t("remove")}: ${token.name}`, text: t("token_delete_text"), yes: t("remove"), danger: true })) void remove(`/tokens/${token.id}`).then(read.reload, fail);
  };
  return (
    <>
      {read.data?.items.length === 0 && <Empty title={t("none")} />}
      <ul class="list">
        {read.data?.items.map((token) => (
          <li key={token.id} class="item">
            <span class="stack stack--tight">
              <strong>{token.name}</strong>
              <span class="item__meta">
                <code>{token.prefix}…</code>
                <span>{token.used_at ? t("token_used", { time: ago(token.used_at) }) : t("token_never")}</span>
                {token.expires_at && (
                  <span>
                    {t("token_until")} {date(token.expires_at)}
                  </span>
                )}
                <span>{token.scopes.join(", ")}</span>
              </span>
            </span>
            <Button small kind="quiet" icon="trash" label={`${t("remove")}: ${token.name}`} onClick={() => void erase(token)} />
          </li>
        ))}
      </ul>
      <Button icon="plus" onClick={() => setMaking(true)}>
        {t("token_new")}
      </Button>
      {making && (
        <Dialog
          title={t("token_new")}
          onClose={() => setMaking(false)}
          actions={
            <Button
              kind="primary"
              disabled={!name.trim() || scopes.length === 0}
              onClick={() =>
                void post<TokenMade>("/tokens", { name, scopes, expires_at: until ? fromLocalInput(`${until}T23:59`) : null }).then((made) => {
                  setMaking(false);
                  setSecret(made.secret);
                  read.reload();
                }, fail)
              }
            >
              {t("add")}
            </Button>
          }
        >
          <Input label={t("name")} value={name} onValue={setName} autoFocus />
          <Input label={`${t("token_until")} (${t("optional")})`} type="date" value={until} onValue={setUntil} />
          <fieldset class="stack stack--tight" style={{ border: 0, padding: 0, margin: 0 }}>
            <legend class="field__label">{t("token_scopes")}</legend>
            {permissions.data?.permissions
              .filter((one) => one.scope)
              .map((one) => (
                <Check key={one.name} label={one.says} hint={one.name} checked={scopes.includes(one.name)} onChecked={(on) => setScopes(on ? [...scopes, one.name] : scopes.filter((scope) => scope !== one.name))} />
              ))}
          </fieldset>
        </Dialog>
      )}
      {secret && <Secret text={t("token_secret")} secret={secret} onClose={() => setSecret(null)} />}
      {confirmation}
    </>
  );
}

const EVENTS = ["story.published", "story.updated", "story.corrected", "story.withdrawn", "subscriber.confirmed", "subscriber.left", "mailing.sent"] as const;

function Webhooks() {
  const read = useRead<WebhookList>("/webhooks");
  const [making, setMaking] = useState(false);
  const [log, setLog] = useState<Webhook | null>(null);
  const [url, setUrl] = useState("https://");
  const [events, setEvents] = useState<string[]>([...EVENTS.slice(0, 4)]);
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <>
      {read.data?.items.length === 0 && <Empty title={t("none")} />}
      <ul class="list">
        {read.data?.items.map((hook) => (
          <li key={hook.id} class="item">
            <span class="stack stack--tight">
              <strong class="wrap-any">{hook.url}</strong>
              <span class="item__meta">
                <Badge tone={hook.failing_since ? "bad" : hook.active ? "good" : "plain"}>{hook.failing_since ? t("webhook_failing", { time: ago(hook.failing_since) }) : hook.active ? t("webhook_active") : "–"}</Badge>
                <span>{hook.events.join(", ")}</span>
              </span>
            </span>
            <span class="row">
              <Button small onClick={() => setLog(hook)}>
                {t("webhook_log")}
              </Button>
              <Button small onClick={() => void act<WebhookDelivery>(`/webhooks/${hook.id}/test`).then(() => setLog(hook), fail)}>
                {t("webhook_test")}
              </Button>
              <Button small kind="quiet" icon="trash" label={`${t("remove")}: ${hook.url}`} onClick={() => void remove(`/webhooks/${hook.id}`).then(read.reload, fail)} />
            </span>
          </li>
        ))}
      </ul>
      <Button icon="plus" onClick={() => setMaking(true)}>
        {t("webhook_new")}
      </Button>
      {making && (
        <Dialog
          title={t("webhook_new")}
          onClose={() => setMaking(false)}
          actions={
            <Button
              kind="primary"
              onClick={() =>
                void post<WebhookMade>("/webhooks", { url, events }).then((made) => {
                  setMaking(false);
                  setSecret(made.secret);
                  read.reload();
                }, fail)
              }
            >
              {t("add")}
            </Button>
          }
        >
          <Input label={t("webhook_url")} type="url" value={url} onValue={setUrl} autoFocus />
          <fieldset class="stack stack--tight" style={{ border: 0, padding: 0, margin: 0 }}>
            <legend class="field__label">{t("webhook_events")}</legend>
            {EVENTS.map((event) => (
              <Check key={event} label={event} checked={events.includes(event)} onChecked={(on) => setEvents(on ? [...events, event] : events.filter((one) => one !== event))} />
            ))}
          </fieldset>
        </Dialog>
      )}
      {secret && <Secret text={t("webhook_secret")} secret={secret} onClose={() => setSecret(null)} />}
      {log && <WebhookLog hook={log} onClose={() => setLog(null)} />}
    </>
  );
}

function WebhookLog({ hook, onClose }: { hook: Webhook; onClose: () => void }) {
  const list = useList<WebhookDelivery>(`/webhooks/${hook.id}/deliveries`, { limit: 50 });
  return (
    <Dialog title={t("webhook_log")} wide onClose={onClose}>
      {list.items.length === 0 && <Empty title={t("none")} />}
      <div class="table-box">
        <table class="table">
          <tbody>
            {list.items.map((delivery) => (
              <tr key={delivery.id}>
                <td>{dateTime(delivery.created_at)}</td>
                <td>{delivery.event}</td>
                <td>
                  <Badge tone={delivery.state === "delivered" ? "good" : delivery.state === "failed" ? "bad" : "warn"}>{delivery.status ?? delivery.state}</Badge>
                </td>
                <td>{delivery.reason}</td>
                <td>
                  <Button small onClick={() => void act(`/webhooks/${hook.id}/deliveries/${delivery.id}/again`).then(list.reload, (error) => toast(error.message, "bad"))}>
                    {t("webhook_again")}
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Dialog>
  );
}

function Audit() {
  const list = useList<AuditEntry>("/audit", { limit: 100 });
  if (list.items.length === 0) return list.loading ? <Loading /> : <Empty title={t("audit_none")} />;
  return (
    <>
      <div class="table-box" tabIndex={0} role="region" aria-label={t("settings_audit")}>
        <table class="table">
          <thead>
            <tr>
              <th>{t("when")}</th>
              <th>{t("audit_who")}</th>
              <th>{t("audit_what")}</th>
            </tr>
          </thead>
          <tbody>
            {list.items.map((entry) => (
              <tr key={entry.id}>
                <td>{dateTime(entry.at)}</td>
                <td>{entry.staff?.name ?? entry.via}</td>
                <td>{entry.says}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {list.more && (
        <div class="more">
          <Button busy={list.loading} onClick={list.more}>
            {t("more")}
          </Button>
        </div>
      )}
    </>
  );
}
