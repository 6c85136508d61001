// SPDX-License-Identifier: Apache-2.0
//
// Starts the newsroom: session, language, look; then the shell with the view that the address names.
// Views come when they are needed; the first load is this file, the shell and the list of stories.
import { type ComponentType, render } from "preact";
import { useEffect, useState } from "preact/hooks";
import "./styles.css";
import { Fault, api, currentSession, get, may, onAskLogIn, tookSession, useOnline, useSession } from "./api";
import type { Session } from "./api_types";
import { applyLook, look, type Look } from "./preferences";
import { followLinks, go, href, match, usePlace } from "./router";
import { Icon } from "./ui/icons";
import { Button, Dialog, Empty, Loading, Notice, Toasts } from "./ui/parts";
import { type Command, Palette } from "./ui/palette";
import { ForgotView, Gate, InvitationView, LogInSteps, ResetView, SetUpView } from "./views/gate";
import { newStory } from "./views/new_story";
import { setLanguage, setZone, t } from "./words";

type View = ComponentType<{ parameters: Record<string, string> }>;
type Row = { pattern: string; permission: string; load: () => Promise<{ default: View }>; nav: string };

// One row a view.
const VIEWS: Row[] = [
  { pattern: "/", permission: "account", nav: "/", load: () => import("./views/today") },
  { pattern: "/stories", permission: "story.read", nav: "/stories", load: () => import("./views/stories") },
  { pattern: "/stories/:id", permission: "story.read", nav: "/stories", load: () => import("./views/story") },
  { pattern: "/stories/:id/history", permission: "story.read", nav: "/stories", load: () => import("./views/history") },
  { pattern: "/pictures", permission: "image.read", nav: "/pictures", load: () => import("./views/pictures") },
  { pattern: "/pictures/:id", permission: "image.read", nav: "/pictures", load: () => import("./views/picture") },
  { pattern: "/front", permission: "front.read", nav: "/front", load: () => import("./views/front") },
  { pattern: "/front/:section", permission: "front.read", nav: "/front", load: () => import("./views/front") },
  { pattern: "/mail", permission: "mail.read", nav: "/mail", load: () => import("./views/mail") },
  { pattern: "/mail/newsletters", permission: "mail.read", nav: "/mail", load: () => import("./views/newsletters") },
  { pattern: "/mail/outbox", permission: "outbox.read", nav: "/mail", load: () => import("./views/outbox") },
  { pattern: "/mail/:id", permission: "mail.read", nav: "/mail", load: () => import("./views/mailing") },
  { pattern: "/readers", permission: "subscriber.read", nav: "/readers", load: () => import("./views/readers") },
  { pattern: "/readers/import", permission: "subscriber.write", nav: "/readers", load: () => import("./views/readers_import") },
  { pattern: "/readers/segments", permission: "mail.read", nav: "/readers", load: () => import("./views/segments") },
  { pattern: "/readers/suppression", permission: "subscriber.read", nav: "/readers", load: () => import("./views/suppression") },
  { pattern: "/readers/:id", permission: "subscriber.read", nav: "/readers", load: () => import("./views/reader") },
  { pattern: "/numbers", permission: "numbers.read", nav: "/numbers", load: () => import("./views/numbers") },
  { pattern: "/settings", permission: "account", nav: "/settings", load: () => import("./views/settings") },
  { pattern: "/settings/:part", permission: "account", nav: "/settings", load: () => import("./views/settings") },
  { pattern: "/account", permission: "account", nav: "/account", load: () => import("./views/account") },
];

type NavRow = { path: string; icon: string; label: Parameters<typeof t>[0]; permission: string };
const NAV: NavRow[] = [
  { path: "/", icon: "clock", label: "nav_today", permission: "account" },
  { path: "/stories", icon: "story", label: "nav_stories", permission: "story.read" },
  { path: "/front", icon: "front", label: "nav_front", permission: "front.read" },
  { path: "/pictures", icon: "picture", label: "nav_pictures", permission: "image.read" },
  { path: "/mail", icon: "mail", label: "nav_mail", permission: "mail.read" },
  { path: "/readers", icon: "reader", label: "nav_readers", permission: "subscriber.read" },
  { path: "/numbers", icon: "numbers", label: "nav_numbers", permission: "numbers.read" },
  { path: "/settings", icon: "settings", label: "nav_settings", permission: "settings.read" },
];
const allowed = (permission: string) => permission === "account" || may(permission);

const loaded = new Map<Row, View>();
function useView(row: Row | undefined): { view: View | null; failed: boolean } {
  const [, redraw] = useState(0);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    setFailed(false);
    if (!row || loaded.has(row)) return;
    row.load().then(
      (module) => {
        loaded.set(row, module.default);
        redraw((count) => count + 1);
      },
      () => setFailed(true),
    );
  }, [row]);
  return { view: row ? (loaded.get(row) ?? null) : null, failed };
}

async function logOut(): Promise<void> {
  await api("DELETE", "/session", { anonymous: true }).catch(() => undefined);
  location.assign(href("/"));
}

function Shell({ session }: { session: Session }) {
  const place = usePlace();
  const online = useOnline();
  const [palette, setPalette] = useState(false);
  const [again, setAgain] = useState(false);
  const [menu, setMenu] = useState(false);
  let parameters: Record<string, string> = {};
  const row = VIEWS.find((candidate) => {
    const found = match(candidate.pattern, place.path);
    if (found) parameters = found;
    return found !== null;
  });
  const permitted = row && allowed(row.permission);
  const { view: ViewOf, failed } = useView(permitted ? row : undefined);

  useEffect(() => {
    onAskLogIn(() => setAgain(true));
    const keys = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && !event.defaultPrevented) {
        event.preventDefault();
        setPalette(true);
      }
    };
    addEventListener("keydown", keys);
    return () => removeEventListener("keydown", keys);
  }, []);
  useEffect(() => {
    if (session.state === "active") setAgain(false);
  }, [session]);
  useEffect(() => {
    setMenu(false);
    document.title = `${row ? t(NAV.find((nav) => nav.path === row.nav)?.label ?? "account") : t("not_found")} · ${session.newspaper.name}`;
  }, [place.path]);

  const commands: Command[] = [
    ...(may("story.write") ? [{ label: t("new_story"), icon: "plus", run: () => void newStory() }] : []),
    ...NAV.filter((nav) => allowed(nav.permission)).map((nav) => ({ label: t(nav.label), icon: nav.icon, run: () => go(nav.path) })),
    { label: t("account"), icon: "reader", run: () => go("/account") },
    { label: t("view_paper"), icon: "external", run: () => void open("/", "_blank", "noopener") },
    ...(["auto", "light", "dark"] as Look[]).filter((one) => one !== look()).map((one) => ({ label: `${t("look")}: ${t(`look_${one}`)}`, icon: "sun", run: () => applyLook(one) })),
    { label: t("log_out"), icon: "close", run: () => void logOut() },
  ];

  const links = NAV.filter((nav) => allowed(nav.permission));
  const current = (path: string) => (row?.nav === path ? ("page" as const) : undefined);
  return (
    <>
      <a class="skip" href="#main">
        {t("skip")}
      </a>
      <div class="shell">
        <nav class={`side${menu ? " side--open" : ""}`} aria-label={t("nav_label")}>
          <a class="side__name" href={href("/")}>
            {session.newspaper.name}
          </a>
          {may("story.write") && (
            <div class="side__new">
              <Button kind="primary" icon="plus" onClick={() => void newStory()}>
                {t("new_story")}
              </Button>
            </div>
          )}
          {links.map((nav) => (
            <a key={nav.path} class="side__link" href={href(nav.path)} aria-current={current(nav.path)}>
              <Icon name={nav.icon} />
              {t(nav.label)}
            </a>
          ))}
          <button type="button" class="side__link" onClick={() => setPalette(true)}>
            <Icon name="search" />
            <span class="grow">{t("palette_open")}</span>
            <kbd>{/Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘K" : "Ctrl K"}</kbd>
          </button>
          <div class="side__foot">
            <a class="side__link" href="/" target="_blank" rel="noopener">
              <Icon name="external" />
              {t("view_paper")}
            </a>
            <a class="side__link" href={href("/account")} aria-current={current("/account")}>
              <Icon name="reader" />
              <span class="cut">{session.account?.name}</span>
            </a>
            <button type="button" class="side__link" onClick={() => void logOut()}>
              <Icon name="close" />
              {t("log_out")}
            </button>
          </div>
        </nav>
        <div>
          {!online && <div class="banner" role="status">{t("offline_banner")}</div>}
          <main id="main" class="main" tabIndex={-1}>
            {!row && <Empty title={t("not_found")}>{t("not_found_text")}</Empty>}
            {row && !permitted && <Empty title={t("not_allowed")} />}
            {failed && <Notice tone="bad">{t("offline")}</Notice>}
            {permitted && !failed && (ViewOf ? <ViewOf key={place.path} parameters={parameters} /> : <Loading />)}
          </main>
        </div>
        <nav class="bar" aria-label={t("nav_label")}>
          {links.slice(0, 4).map((nav) => (
            <a key={nav.path} href={href(nav.path)} aria-current={current(nav.path)}>
              <Icon name={nav.icon} />
              {t(nav.label)}
            </a>
          ))}
          <button type="button" aria-expanded={menu} onClick={() => setMenu(!menu)}>
            <Icon name={menu ? "close" : "menu"} />
            {t("nav_more")}
          </button>
        </nav>
      </div>
      {palette && <Palette commands={commands} onClose={() => setPalette(false)} />}
      {again && (
        <Dialog title={t("log_in_again")} onClose={() => undefined}>
          <p>{t("log_in_again_text")}</p>
          <LogInSteps session={{ ...session, state: session.state === "active" ? "none" : session.state }} email={session.account?.email ?? lastEmail} />
        </Dialog>
      )}
      <Toasts />
    </>
  );
}

let lastEmail: string | undefined;
let entered = false; // once in, an ended session is mended over the page, which stays as it is

function App() {
  const session = useSession();
  const place = usePlace();
  const [, redraw] = useState(0);
  useEffect(() => {
    if (!session) return;
    setZone(session.newspaper.time_zone);
    const wanted = session.account?.language || navigator.language.slice(0, 2);
    lastEmail = session.account?.email ?? lastEmail;
    void setLanguage(wanted).then(() => redraw((count) => count + 1));
  }, [session]);
  if (!session) return <Loading />;
  // Tokens stand behind "#": they are never sent along with the page's request, nor logged.
  const token = location.hash.slice(1);
  if (session.state === "active") entered = true;
  else if (!entered) {
    if (place.path === "/set-up") return <SetUpView token={token} />;
    if (place.path === "/invitation") return <InvitationView token={token} />;
    if (place.path === "/password") return <ResetView token={token} name={session.newspaper.name} />;
    if (place.path === "/forgot") return <ForgotView name={session.newspaper.name} />;
    return (
      <Gate name={session.newspaper.name} title={t("log_in")}>
        <LogInSteps session={session} />
      </Gate>
    );
  }
  return <Shell session={session} />;
}

async function start(): Promise<void> {
  applyLook();
  followLinks();
  const root = document.getElementById("newsroom")!;
  try {
    tookSession(await get<Session>("/session"));
  } catch (error) {
    root.textContent = error instanceof Fault ? error.message : String(error);
    setTimeout(() => location.reload(), 5000);
    return;
  }
  await setLanguage(currentSession()?.account?.language || navigator.language.slice(0, 2));
  render(<App />, root);
}
void start();
