// SPDX-License-Identifier: Apache-2.0
//
// The one way to the server: the API that integrations use, too (docs/api). When the session has
// ended, requests wait for the person to log in again (nothing on the page is lost); when the
// network is gone, reading fails with OFFLINE, and the editor keeps its text (editor/keeping).
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Problem, Session } from "./api_types";
import { t } from "./words";

export class Fault extends Error {
  constructor(
    readonly status: number, // 0: the server could not be reached
    readonly problem: Partial<Problem>,
  ) {
    super(problem.detail || problem.title || t("fault_unknown"));
  }
  get offline(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

let csrf: string | null = null;
let session: Session | null = null;
const sessionListeners = new Set<(session: Session) => void>();
let waiting: Promise<void> | null = null;
let relogged: (() => void) | null = null;
export let askLogIn: ((again: boolean) => void) | null = null;
export const onAskLogIn = (listener: (again: boolean) => void) => (askLogIn = listener);

export const currentSession = () => session;
export function tookSession(next: Session): void {
  csrf = next.csrf;
  session = next;
  sessionListeners.forEach((listener) => listener(next));
  if (next.state === "active" && relogged) {
    relogged();
    relogged = null;
    waiting = null;
  }
}
export function useSession(): Session | null {
  const [value, set] = useState(session);
  useEffect(() => {
    sessionListeners.add(set);
    return () => void sessionListeners.delete(set);
  }, []);
  return value;
}
export const may = (permission: string) => session?.permissions.includes(permission) ?? false;

// ---- the network --------------------------------------------------------------------------------------
let online = true;
const onlineListeners = new Set<(online: boolean) => void>();
function setOnline(value: boolean): void {
  if (value === online) return;
  online = value;
  onlineListeners.forEach((listener) => listener(value));
}
addEventListener("offline", () => setOnline(false));
addEventListener("online", () => void probe());
export async function probe(): Promise<void> {
  try {
    setOnline((await fetch("/healthz", { cache: "no-store" })).ok);
  } catch {
    setOnline(false);
  }
}
setInterval(() => {
  if (!online) void probe();
}, 3000);
export function useOnline(): boolean {
  const [value, set] = useState(online);
  useEffect(() => {
    onlineListeners.add(set);
    return () => void onlineListeners.delete(set);
  }, []);
  return value;
}

// ---- requests ------------------------------------------------------------------------------------------
export type Query = Record<string, string | number | boolean | null | undefined>;
type Options = { query?: Query; body?: unknown; raw?: Blob; type?: string; signal?: AbortSignal; anonymous?: boolean };

export function address(path: string, query?: Query): string {
  const words = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) if (value !== undefined && value !== null && value !== "") words.set(key, String(value));
  const text = words.toString();
  return `/api${path}${text ? `?${text}` : ""}`;
}

async function once(method: string, path: string, options: Options): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (csrf && method !== "GET") headers["X-CSRF-Token"] = csrf;
  let body: BodyInit | undefined;
  if (options.raw) {
    body = options.raw;
    headers["Content-Type"] = options.type ?? (options.raw.type || "application/octet-stream");
  } else if (options.body !== undefined) {
    body = JSON.stringify(options.body);
    headers["Content-Type"] = "application/json";
  }
  try {
    const response = await fetch(address(path, options.query), { method, headers, body, signal: options.signal, credentials: "same-origin", cache: "no-store" });
    setOnline(true);
    return response;
  } catch (error) {
    if ((error as Error).name === "AbortError") throw error;
    setOnline(false);
    throw new Fault(0, { title: t("offline") });
  }
}

async function fault(response: Response): Promise<Fault> {
  let problem: Partial<Problem> = { title: response.statusText, status: response.status };
  try {
    problem = await response.json();
  } catch {
    // no problem document: the status says it
  }
  return new Fault(response.status, problem);
}

export async function api<T>(method: string, path: string, options: Options = {}): Promise<T> {
  for (let tries = 0; ; tries++) {
    const response = await once(method, path, options);
    if (response.ok) return (response.status === 204 || response.status === 202) && !response.headers.get("Content-Type")?.includes("json") ? (undefined as T) : ((await response.json()) as T);
    if (response.status === 401 && !options.anonymous && tries < 2) {
      await logInAgain();
      continue;
    }
    const failed = await fault(response);
    // The token belongs to a session that another tab has replaced: take the new one, once.
    if (response.status === 403 && failed.problem.code === "csrf" && tries === 0) {
      tookSession(await api<Session>("GET", "/session", { anonymous: true }));
      continue;
    }
    throw failed;
  }
}

function logInAgain(): Promise<void> {
  waiting ??= new Promise<void>((resolve) => {
    relogged = resolve;
    askLogIn?.(true);
  });
  return waiting;
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal) => api<T>("GET", path, { query, signal });
export const post = <T>(path: string, body?: unknown) => api<T>("POST", path, { body: body ?? {} });
export const act = <T>(path: string) => api<T>("POST", path);
export const patch = <T>(path: string, body: unknown) => api<T>("PATCH", path, { body });
export const put = <T>(path: string, body: unknown) => api<T>("PUT", path, { body });
export const remove = <T = void>(path: string) => api<T>("DELETE", path);

// A file with its progress: fetch can't tell that.
export function upload<T>(path: string, file: Blob, query: Query, progress: (done: number, total: number) => void, type?: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address(path, query));
    request.setRequestHeader("Content-Type", type ?? (file.type || "application/octet-stream"));
    request.setRequestHeader("Accept", "application/json");
    if (csrf) request.setRequestHeader("X-CSRF-Token", csrf);
    request.upload.onprogress = (event) => progress(event.loaded, event.total || file.size);
    request.onerror = () => reject(new Fault(0, { title: t("offline") }));
    request.onload = () => {
      let answer: unknown = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        // the status says it
      }
      if (request.status >= 200 && request.status < 300) resolve(answer as T);
      else reject(new Fault(request.status, answer as Partial<Problem>));
    };
    request.send(file);
  });
}

// ---- reading in views -----------------------------------------------------------------------------------
export type Read<T> = { data: T | null; fault: Fault | null; loading: boolean; reload: () => void; set: (data: T) => void };

// null as path: nothing is read (yet).
export function useRead<T>(path: string | null, query?: Query, every?: number): Read<T> {
  const [state, setState] = useState<{ key: string; data: T | null; fault: Fault | null }>({ key: "", data: null, fault: null });
  const [turn, setTurn] = useState(0);
  const key = path === null ? "" : address(path, query);
  useEffect(() => {
    if (path === null) return;
    const stop = new AbortController();
    api<T>("GET", path, { query, signal: stop.signal }).then(
      (data) => setState({ key, data, fault: null }),
      (error) => {
        if (error.name !== "AbortError") setState((old) => ({ key, data: old.key === key ? old.data : null, fault: error instanceof Fault ? error : new Fault(0, { title: String(error) }) }));
      },
    );
    return () => stop.abort();
  }, [key, turn]);
  useEffect(() => {
    if (!every) return;
    const timer = setInterval(() => {
      if (!document.hidden) setTurn((count) => count + 1);
    }, every);
    return () => clearInterval(timer);
  }, [every]);
  const reload = useCallback(() => setTurn((count) => count + 1), []);
  const set = useCallback((data: T) => setState({ key, data, fault: null }), [key]);
  const current = state.key === key;
  return { data: current || state.data ? state.data : null, fault: current ? state.fault : null, loading: key !== "" && !current, reload, set };
}

type Part<T> = { items: T[]; next: string | null; total?: number | null };
export type ReadList<T> = { items: T[]; loading: boolean; fault: Fault | null; more: (() => void) | null; total: number | null; reload: () => void; change: (change: (items: T[]) => T[]) => void };

// A list that comes in parts.
export function useList<T>(path: string | null, query?: Query): ReadList<T> {
  const [items, setItems] = useState<T[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const [total, setTotal] = useState<number | null>(null);
  const [loading, setLoading] = useState(true);
  const [failed, setFailed] = useState<Fault | null>(null);
  const [turn, setTurn] = useState(0);
  const latest = useRef(0);
  const key = path === null ? "" : address(path, query);
  const load = useCallback(
    (after: string | null) => {
      if (path === null) return;
      const mine = ++latest.current;
      setLoading(true);
      api<Part<T>>("GET", path, { query: { ...query, after: after ?? undefined } }).then(
        (part) => {
          if (mine !== latest.current) return;
          setItems((old) => (after ? [...old, ...part.items] : part.items));
          setNext(part.next ?? null);
          setTotal(part.total ?? null);
          setFailed(null);
          setLoading(false);
        },
        (error) => {
          if (mine !== latest.current) return;
          setFailed(error instanceof Fault ? error : new Fault(0, { title: String(error) }));
          setLoading(false);
        },
      );
    },
    [key],
  );
  useEffect(() => load(null), [key, turn]);
  return { items, loading, fault: failed, more: next ? () => load(next) : null, total, reload: useCallback(() => setTurn((count) => count + 1), []), change: setItems };
}

// A value that follows with a delay, for searches while one types.
export function useSettled<T>(value: T, delay = 250): T {
  const [settled, set] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => set(value), delay);
    return () => clearTimeout(timer);
  }, [value, delay]);
  return settled;
}
