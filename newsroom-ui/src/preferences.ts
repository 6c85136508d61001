// SPDX-License-Identifier: Apache-2.0
//
// What a browser remembers of a person's habits: light or dark, the board or the list.
const KEY = "broadsheet:";

export const remembered = (name: string): string | null => {
  try {
    return localStorage.getItem(KEY + name);
  } catch {
    return null;
  }
};
export const remember = (name: string, value: string | null): void => {
  try {
    if (value === null) localStorage.removeItem(KEY + name);
    else localStorage.setItem(KEY + name, value);
  } catch {
    // a browser that keeps nothing
  }
};

export type Look = "auto" | "light" | "dark";
const system = matchMedia("(prefers-color-scheme: dark)");
export const look = (): Look => (remembered("look") as Look | null) ?? "auto";
export function applyLook(wanted: Look = look()): void {
  remember("look", wanted === "auto" ? null : wanted);
  document.documentElement.dataset.look = wanted === "dark" || (wanted === "auto" && system.matches) ? "dark" : "light";
}
system.addEventListener("change", () => applyLook());
