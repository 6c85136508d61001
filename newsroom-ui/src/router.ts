// SPDX-License-Identifier: Apache-2.0
//
// Every view has an address below /newsroom. Views that hold unsaved work can ask before they are left.
import { useEffect, useState } from "preact/hooks";

export const BASE = "/newsroom";

export type Place = { path: string; query: URLSearchParams };
type Guard = () => boolean; // false: stay

let guard: Guard | null = null;
const listeners = new Set<() => void>();

const here = (): Place => ({
  path: location.pathname.slice(BASE.length).replace(/\/+$/, "") || "/",
  query: new URLSearchParams(location.search),
});

const tell = () => listeners.forEach((listener) => listener());
addEventListener("popstate", tell);

export function href(path: string, query?: Record<string, string | undefined>): string {
  const words = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) if (value) words.set(key, value);
  const text = words.toString();
  return BASE + (path === "/" ? "/" : path) + (text ? `?${text}` : "");
}

export function go(path: string, query?: Record<string, string | undefined>, replace = false): void {
  if (guard && !guard()) return;
  if (replace) history.replaceState(null, "", href(path, query));
  else history.pushState(null, "", href(path, query));
  tell();
  if (!replace) scrollTo(0, 0);
}

// Changes the query alone (filters, the open tab): no guard, no scrolling.
export function setQuery(changes: Record<string, string | undefined>): void {
  const words = new URLSearchParams(location.search);
  for (const [key, value] of Object.entries(changes)) {
    if (value) words.set(key, value);
    else words.delete(key);
  }
  const text = words.toString();
  history.replaceState(null, "", location.pathname + (text ? `?${text}` : ""));
  tell();
}

export function usePlace(): Place {
  const [place, set] = useState(here);
  useEffect(() => {
    const listener = () => set(here());
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return place;
}

export function useGuard(check: Guard): void {
  useEffect(() => {
    guard = check;
    return () => {
      guard = null;
    };
  });
}

// "/stories/:id" against a path; null if it doesn't fit.
export function match(pattern: string, path: string): Record<string, string> | null {
  const want = pattern.split("/"), have = path.split("/");
  if (want.length !== have.length) return null;
  const found: Record<string, string> = {};
  for (let i = 0; i < want.length; i++) {
    if (want[i]!.startsWith(":")) found[want[i]!.slice(1)] = decodeURIComponent(have[i]!);
    else if (want[i] !== have[i]) return null;
  }
  return found;
}

// Links of our own are followed without loading the page anew.
export function followLinks(): void {
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest?.("a[href]") as HTMLAnchorElement | null;
    if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (link.pathname !== BASE && !link.pathname.startsWith(`${BASE}/`)) return;
    event.preventDefault();
    const query: Record<string, string> = {};
    new URLSearchParams(link.search).forEach((value, key) => (query[key] = value));
    go(link.pathname.slice(BASE.length) || "/", query);
  });
}
