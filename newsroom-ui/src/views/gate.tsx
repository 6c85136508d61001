// SPDX-License-Identifier: Apache-2.0
//
// Before one is in: logging in with both factors, the first owner, invitations, a forgotten password.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Fault, api, get, tookSession } from "../api";
import type { Invitation, PasskeyOptions, Session, SetUpState } from "../api_types";
import { answerPasskey } from "../passkey";
import { go } from "../router";
import { Button, Input, Notice } from "../ui/parts";
import { t } from "../words";

export function Gate({ name, title, children }: { name?: string; title: string; children: ComponentChildren }) {
  return (
    <main class="gate">
      <div class="gate__box">
        {name && <p class="gate__name">{name}</p>}
        <h1 class="unseen">{title}</h1>
        {children}
      </div>
    </main>
  );
}

function useWork(): [boolean, Fault | null, (work: () => Promise<void>) => void] {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const run = (work: () => Promise<void>) => {
    setBusy(true);
    setFault(null);
    work()
      .catch((error) => setFault(error instanceof Fault ? error : new Fault(0, { title: String(error) })))
      .finally(() => setBusy(false));
  };
  return [busy, fault, run];
}

const ask = <T,>(path: string, body?: unknown) => api<T>("POST", path, { body, anonymous: true });

// The steps of logging in; the same in a page of its own and over a page whose session has ended.
export function LogInSteps({ session, email: known }: { session: Session; email?: string }) {
  if (session.state === "second_factor") return <SecondFactor session={session} />;
  return <FirstFactor session={session} known={known} />;
}

function FirstFactor({ session, known }: { session: Session; known?: string }) {
  const [email, setEmail] = useState(known ?? "");
  const [password, setPassword] = useState("");
  const [busy, fault, run] = useWork();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        run(async () => tookSession(await ask<Session>("/session", { email, password })));
      }}
    >
      {session.set_up_needed && <Notice tone="warn">{t("set_up_needed")}</Notice>}
      {fault && <Notice tone="bad">{fault.message}</Notice>}
      <Input label={t("email")} type="email" autoComplete="username" required autoFocus={!known} value={email} onValue={setEmail} />
      <Input label={t("password")} type="password" autoComplete="current-password" required autoFocus={!!known} value={password} onValue={setPassword} />
      <Button kind="primary" type="submit" busy={busy}>
        {t("log_in")}
      </Button>
      <a class="small" href="/newsroom/forgot">
        {t("forgot")}
      </a>
    </form>
  );
}

function SecondFactor({ session }: { session: Session }) {
  const ways = session.second_factors;
  const [way, setWay] = useState<"totp" | "recovery_code">(ways.includes("totp") ? "totp" : "recovery_code");
  const [code, setCode] = useState("");
  const [busy, fault, run] = useWork();
  const passkey = () =>
    run(async () => {
      const options = await ask<PasskeyOptions>("/session/passkey/options");
      tookSession(await ask<Session>("/session/passkey", { credential: await answerPasskey(options, "get") }));
    });
  useEffect(() => {
    if (ways.includes("passkey") && !ways.includes("totp")) passkey();
  }, []);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        run(async () => tookSession(await ask<Session>(way === "totp" ? "/session/totp" : "/session/recovery-code", { code: code.trim() })));
      }}
    >
      <h2>{t("second_title")}</h2>
      {fault && <Notice tone="bad">{fault.message}</Notice>}
      {ways.includes("passkey") && (
        <Button kind={ways.includes("totp") ? "plain" : "primary"} icon="key" busy={busy} onClick={passkey}>
          {t("second_passkey")}
        </Button>
      )}
      <Input label={way === "totp" ? t("second_totp") : t("second_recovery")} autoComplete="one-time-code" inputMode={way === "totp" ? "numeric" : "text"} required autoFocus value={code} onValue={setCode} />
      <Button kind="primary" type="submit" busy={busy}>
        {t("continue")}
      </Button>
      <div class="row row--spread">
        {ways.includes("totp") && (
          <Button kind="quiet" small onClick={() => setWay(way === "totp" ? "recovery_code" : "totp")}>
            {way === "totp" ? t("second_use_recovery") : t("second_use_totp")}
          </Button>
        )}
        <Button
          kind="quiet"
          small
          onClick={() =>
            run(async () => {
              await api("DELETE", "/session", { anonymous: true });
              tookSession(await api<Session>("GET", "/session", { anonymous: true }));
            })
          }
        >
          {t("cancel")}
        </Button>
      </div>
    </form>
  );
}

export function SetUpView({ token }: { token: string }) {
  const [state, setState] = useState<SetUpState | null>(null);
  const [closed, setClosed] = useState(false);
  const [values, setValues] = useState({ email: "", name: "", password: "", newspaper_name: "" });
  const [busy, fault, run] = useWork();
  useEffect(() => {
    get<SetUpState>("/set-up", { token }).then(
      (found) => {
        setState(found);
        setClosed(!found.open);
        setValues((old) => ({ ...old, newspaper_name: found.newspaper.name }));
      },
      () => setClosed(true),
    );
  }, []);
  if (closed) {
    return (
      <Gate title={t("set_up_title")} name={state?.newspaper.name}>
        <Notice tone="warn">{t("set_up_closed")}</Notice>
        <a href="/newsroom/">{t("log_in")}</a>
      </Gate>
    );
  }
  const change = (field: keyof typeof values) => (value: string) => setValues({ ...values, [field]: value });
  const wrong = (field: string) => (fault?.problem.field === field ? fault.message : null);
  return (
    <Gate title={t("set_up_title")} name={state?.newspaper.name}>
      <p>{t("set_up_text")}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          run(async () => {
            const session = await ask<Session>("/set-up", { token, ...values, time_zone: undefined });
            tookSession(session);
            go("/", undefined, true);
          });
        }}
      >
        {fault && !fault.problem.field && <Notice tone="bad">{fault.message}</Notice>}
        <Input label={t("account_name")} autoComplete="name" required value={values.name} onValue={change("name")} problem={wrong("name")} autoFocus />
        <Input label={t("email")} type="email" autoComplete="username" required value={values.email} onValue={change("email")} problem={wrong("email")} />
        <Input label={t("password")} type="password" autoComplete="new-password" required minLength={12} hint={t("password_rule")} value={values.password} onValue={change("password")} problem={wrong("password")} />
        <Input label={t("newspaper_name")} required value={values.newspaper_name} onValue={change("newspaper_name")} problem={wrong("newspaper_name")} />
        <Button kind="primary" type="submit" busy={busy}>
          {t("set_up_button")}
        </Button>
      </form>
    </Gate>
  );
}

export function InvitationView({ token }: { token: string }) {
  const [invitation, setInvitation] = useState<Invitation | null>(null);
  const [gone, setGone] = useState(false);
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [busy, fault, run] = useWork();
  useEffect(() => {
    get<Invitation>(`/invitations/${encodeURIComponent(token)}`).then(
      (found) => {
        setInvitation(found);
        setName(found.name);
      },
      () => setGone(true),
    );
  }, []);
  return (
    <Gate title={t("invitation_title", { name: invitation?.newspaper.name ?? "" })} name={invitation?.newspaper.name}>
      {gone && <Notice tone="warn">{t("invitation_gone")}</Notice>}
      {invitation && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            run(async () => {
              tookSession(await ask<Session>(`/invitations/${encodeURIComponent(token)}`, { name, password }));
              go("/", undefined, true);
            });
          }}
        >
          <p>{t("invitation_text", { role: t(`role_${invitation.role}`) })}</p>
          {fault && <Notice tone="bad">{fault.message}</Notice>}
          <Input label={t("email")} type="email" autoComplete="username" disabled value={invitation.email} onValue={() => undefined} />
          <Input label={t("account_name")} autoComplete="name" required value={name} onValue={setName} />
          <Input label={t("password")} type="password" autoComplete="new-password" required minLength={12} hint={t("password_rule")} value={password} onValue={setPassword} autoFocus />
          <Button kind="primary" type="submit" busy={busy}>
            {t("invitation_button")}
          </Button>
        </form>
      )}
    </Gate>
  );
}

export function ForgotView({ name }: { name?: string }) {
  const [email, setEmail] = useState("");
  const [sent, setSent] = useState(false);
  const [busy, fault, run] = useWork();
  return (
    <Gate title={t("forgot")} name={name}>
      {sent ? (
        <Notice tone="good">{t("forgot_sent")}</Notice>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            run(async () => {
              await ask("/password-reset", { email });
              setSent(true);
            });
          }}
        >
          <p>{t("forgot_text")}</p>
          {fault && <Notice tone="bad">{fault.message}</Notice>}
          <Input label={t("email")} type="email" autoComplete="username" required autoFocus value={email} onValue={setEmail} />
          <Button kind="primary" type="submit" busy={busy}>
            {t("send_link")}
          </Button>
        </form>
      )}
      <a class="small" href="/newsroom/">
        {t("log_in")}
      </a>
    </Gate>
  );
}

export function ResetView({ token, name }: { token: string; name?: string }) {
  const [password, setPassword] = useState("");
  const [done, setDone] = useState(false);
  const [busy, fault, run] = useWork();
  return (
    <Gate title={t("reset_title")} name={name}>
      {done ? (
        <>
          <Notice tone="good">{t("reset_done")}</Notice>
          <a href="/newsroom/">{t("log_in")}</a>
        </>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            run(async () => {
              await ask("/password-reset/confirm", { token, password });
              setDone(true);
            });
          }}
        >
          {fault && <Notice tone="bad">{fault.message}</Notice>}
          <Input label={t("password_new")} type="password" autoComplete="new-password" required minLength={12} hint={t("password_rule")} autoFocus value={password} onValue={setPassword} />
          <Button kind="primary" type="submit" busy={busy}>
            {t("save")}
          </Button>
        </form>
      )}
    </Gate>
  );
}
