// SPDX-License-Identifier: Apache-2.0
//
// One's own account: name, language, password, second factor, where one is logged in.
import { useState } from "preact/hooks";
import { Fault, api, patch, post, remove, tookSession, useRead } from "../api";
import type { Account, PasskeyList, PasskeyOptions, RecoveryCodes, Session, SessionList, TotpSecret } from "../api_types";
import { answerPasskey } from "../passkey";
import { type Look, applyLook, look } from "../preferences";
import { Badge, Button, Dialog, Head, Input, Loading, Notice, Select, toast } from "../ui/parts";
import { LANGUAGES, ago, date, t } from "../words";

const fail = (error: unknown) => toast((error as Error).message, "bad");

export default function AccountView() {
  const account = useRead<Account>("/account");
  const [name, setName] = useState<string | null>(null);
  const [shown, setShown] = useState<Look>(look());
  const [codes, setCodes] = useState<string[] | null>(null);
  if (!account.data) return account.fault ? <Notice tone="bad">{account.fault.message}</Notice> : <Loading />;
  const me = account.data;
  const change = (part: object) =>
    patch<Account>("/account", part).then(async (next) => {
      account.set(next);
      tookSession(await api<Session>("GET", "/session", { anonymous: true }));
      toast(t("saved"));
    }, fail);
  return (
    <>
      <Head title={t("account_title")} />
      <div class="columns">
        <section class="panel">
          <p>
            <strong>{me.email}</strong> <Badge>{t(`role_${me.role}`)}</Badge>
          </p>
          <Input label={t("account_name")} value={name ?? me.name} onValue={setName} />
          {name !== null && name !== me.name && (
            <Button kind="primary" onClick={() => void change({ name })}>
              {t("save")}
            </Button>
          )}
          <Select label={t("account_language")} value={me.language} onValue={(language) => void change({ language })} options={Object.entries(LANGUAGES)} />
          <Select
            label={t("look")}
            value={shown}
            onValue={(value) => {
              applyLook(value as Look);
              setShown(value as Look);
            }}
            options={(["auto", "light", "dark"] as const).map((one) => [one, t(`look_${one}`)])}
          />
          <ChangePassword />
        </section>
        <section class="panel">
          <h2>{t("account_second")}</h2>
          <p class="muted">{t("account_second_text")}</p>
          <Totp on={me.totp} onChange={account.reload} onCodes={setCodes} />
          <Passkeys onChange={account.reload} onCodes={setCodes} />
          {(me.totp || me.passkeys > 0) && <Recovery left={me.recovery_codes_left} onCodes={setCodes} />}
        </section>
        <Sessions />
      </div>
      {codes && (
        <Dialog title={t("account_recovery")} onClose={() => setCodes(null)} actions={<Button kind="primary" onClick={() => void navigator.clipboard.writeText(codes.join("\n")).then(() => toast(t("copied")))}>{t("copy")}</Button>}>
          <p>{t("account_recovery_text")}</p>
          <pre class="plain">{codes.join("\n")}</pre>
        </Dialog>
      )}
    </>
  );
}

function ChangePassword() {
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const [fault, setFault] = useState<Fault | null>(null);
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        post("/account/password", { current, password }).then(async () => {
          setCurrent("");
          setPassword("");
          setFault(null);
          tookSession(await api<Session>("GET", "/session", { anonymous: true }));
          toast(t("account_password_changed"));
        }, setFault);
      }}
    >
      <h2>{t("account_password")}</h2>
      {fault && <Notice tone="bad">{fault.message}</Notice>}
      <Input label={t("account_password_current")} type="password" autoComplete="current-password" value={current} onValue={setCurrent} required />
      <Input label={t("password_new")} type="password" autoComplete="new-password" hint={t("password_rule")} minLength={12} value={password} onValue={setPassword} required />
      <Button type="submit">{t("account_password_change")}</Button>
    </form>
  );
}

// Asks for the password before the second factor is touched.
function Confirmed({ title, children, onPassword, onClose }: { title: string; children?: preact.ComponentChildren; onPassword: (password: string) => Promise<void>; onClose: () => void }) {
  const [password, setPassword] = useState("");
  const [fault, setFault] = useState<Fault | null>(null);
  return (
    <Dialog title={title} onClose={onClose} actions={<Button kind="primary" onClick={() => void onPassword(password).catch(setFault)}>{t("continue")}</Button>}>
      {fault && <Notice tone="bad">{fault.message}</Notice>}
      {children}
      <Input label={t("account_confirm")} type="password" autoComplete="current-password" autoFocus value={password} onValue={setPassword} onKeyDown={(event) => event.key === "Enter" && void onPassword(password).catch(setFault)} />
    </Dialog>
  );
}

function Totp({ on, onChange, onCodes }: { on: boolean; onChange: () => void; onCodes: (codes: string[]) => void }) {
  const [asking, setAsking] = useState<"set" | "remove" | null>(null);
  const [secret, setSecret] = useState<TotpSecret | null>(null);
  const [code, setCode] = useState("");
  return (
    <div class="row row--spread">
      <span>
        {t("account_totp")} {on && <Badge tone="good">{t("account_totp_on")}</Badge>}
      </span>
      <Button small onClick={() => setAsking(on ? "remove" : "set")}>
        {on ? t("account_totp_remove") : t("account_totp_set")}
      </Button>
      {asking && (
        <Confirmed
          title={t("account_totp")}
          onClose={() => setAsking(null)}
          onPassword={async (password) => {
            if (asking === "set") setSecret(await post<TotpSecret>("/account/totp", { password }));
            else {
              await post("/account/totp/remove", { password });
              onChange();
            }
            setAsking(null);
          }}
        />
      )}
      {secret && (
        <Dialog
          title={t("account_totp")}
          onClose={() => setSecret(null)}
          actions={
            <Button
              kind="primary"
              onClick={() =>
                void post<RecoveryCodes>("/account/totp/confirm", { code }).then((made) => {
                  setSecret(null);
                  onChange();
                  onCodes(made.codes);
                }, fail)
              }
            >
              {t("continue")}
            </Button>
          }
        >
          <p>{t("account_totp_text")}</p>
          <p>
            <a class="wrap-any" href={secret.uri}>
              {secret.uri}
            </a>
          </p>
          <code class="wrap-any" data-secret>
            {secret.secret}
          </code>
          <Input label={t("code")} inputMode="numeric" autoComplete="one-time-code" value={code} onValue={setCode} />
        </Dialog>
      )}
    </div>
  );
}

function Passkeys({ onChange, onCodes }: { onChange: () => void; onCodes: (codes: string[]) => void }) {
  const list = useRead<PasskeyList>("/account/passkeys");
  const [asking, setAsking] = useState<"add" | number | null>(null);
  const [name, setName] = useState("");
  const supported = typeof PublicKeyCredential !== "undefined";
  return (
    <div class="stack stack--tight">
      <div class="row row--spread">
        <span>{t("account_passkeys")}</span>
        {supported && (
          <Button small onClick={() => setAsking("add")}>
            {t("account_passkey_add")}
          </Button>
        )}
      </div>
      {list.data?.items.map((key) => (
        <div key={key.id} class="row row--spread small">
          <span>
            {key.name} <span class="muted">{date(key.created_at)}</span>
          </span>
          <Button small kind="quiet" icon="trash" label={`${t("remove")}: ${key.name}`} onClick={() => setAsking(key.id)} />
        </div>
      ))}
      {asking !== null && (
        <Confirmed
          title={t("account_passkeys")}
          onClose={() => setAsking(null)}
          onPassword={async (password) => {
            if (asking === "add") {
              const options = await post<PasskeyOptions>("/account/passkeys/options", { password });
              const made = await post<RecoveryCodes>("/account/passkeys", { name: name || navigator.platform || "Passkey", credential: await answerPasskey(options, "create") });
              if (made.codes.length > 0) onCodes(made.codes);
            } else await post(`/account/passkeys/${asking}/remove`, { password });
            setAsking(null);
            list.reload();
            onChange();
          }}
        >
          {asking === "add" && <Input label={t("account_passkey_name")} value={name} onValue={setName} />}
        </Confirmed>
      )}
    </div>
  );
}

function Recovery({ left, onCodes }: { left: number; onCodes: (codes: string[]) => void }) {
  const [asking, setAsking] = useState(false);
  return (
    <div class="row row--spread">
      <span>
        {t("account_recovery")} <span class="small muted">{t("account_recovery_left", { count: left })}</span>
      </span>
      <Button small onClick={() => setAsking(true)}>
        {t("account_recovery_new")}
      </Button>
      {asking && (
        <Confirmed
          title={t("account_recovery")}
          onClose={() => setAsking(false)}
          onPassword={async (password) => {
            onCodes((await post<RecoveryCodes>("/account/recovery-codes", { password })).codes);
            setAsking(false);
          }}
        />
      )}
    </div>
  );
}

function Sessions() {
  const list = useRead<SessionList>("/account/sessions");
  return (
    <section class="panel">
      <h2>{t("account_sessions")}</h2>
      <ul class="stack stack--tight">
        {list.data?.items.map((one) => (
          <li key={one.id} class="row row--spread">
            <span class="grow">
              {one.browser || "–"} <span class="small muted">{ago(one.active_at)}</span>
            </span>
            {one.current ? (
              <Badge tone="good">{t("account_session_this")}</Badge>
            ) : (
              <Button small onClick={() => void remove(`/account/sessions/${one.id}`).then(list.reload, fail)}>
                {t("account_session_end")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {(list.data?.items.length ?? 0) > 1 && <Button onClick={() => void remove("/account/sessions").then(list.reload, fail)}>{t("account_sessions_end")}</Button>}
    </section>
  );
}
