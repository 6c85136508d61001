// SPDX-License-Identifier: Apache-2.0
//
// The interface's words. English is the list of all there are; the compiler holds the other
// languages to it. {name} is replaced; "one|many" is chosen by `count` with the language's own rules.
import { en } from "./en";
import type { Words } from "./en";

export type Language = "en" | "de";
export const LANGUAGES: Record<Language, string> = { en: "English", de: "Deutsch" };

let words: Words = en;
let language: Language = "en";
let plural = new Intl.PluralRules("en");

export async function setLanguage(to: string): Promise<void> {
  language = to in LANGUAGES ? (to as Language) : "en";
  words = language === "de" ? (await import("./de")).de : en;
  plural = new Intl.PluralRules(language);
  document.documentElement.lang = language;
}

export const currentLanguage = () => language;

export function t(key: keyof Words, values: Record<string, string | number> = {}): string {
  let text: string = words[key];
  if ("count" in values && text.includes("|")) {
    const forms = text.split("|");
    text = (plural.select(Number(values.count)) === "one" ? forms[0] : forms[1]) ?? text;
  }
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? value.toLocaleString(language) : value;
  });
}

// ---- dates and numbers ----------------------------------------------------------------------------
// The API's instants are RFC 3339; they are shown in the newspaper's zone, and the zone is said.
let zone: string | undefined;
export const setZone = (name: string | undefined) => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    zone = name;
  } catch {
    zone = undefined;
  }
};
export const zoneName = () => zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

const format = (instant: string | number | Date, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { timeZone: zone, ...options }).format(new Date(instant));
export const dateTime = (instant: string | number) => format(instant, { dateStyle: "medium", timeStyle: "short" });
export const dateTimeZone = (instant: string | number) => format(instant, { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short" });
export const date = (instant: string | number) => format(instant, { dateStyle: "medium" });
export const clock = (instant: string | number) => format(instant, { timeStyle: "short" });
export const dayMonth = (instant: string | number) => format(instant, { day: "numeric", month: "short" });
export const number = (value: number) => value.toLocaleString(language);
export const percent = (value: number) => value.toLocaleString(language, { style: "percent", maximumFractionDigits: 1 });

export function ago(instant: string | number): string {
  const seconds = (new Date(instant).getTime() - Date.now()) / 1000;
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [["day", 86400], ["hour", 3600], ["minute", 60]];
  if (Math.abs(seconds) > 7 * 86400) return date(instant);
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  for (const [unit, size] of steps) if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit);
  return t("just_now");
}

// <input type=datetime-local> in the newspaper's zone <-> an instant.
export function toLocalInput(instant: string | number): string {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-CA", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" })
      .formatToParts(new Date(instant))
      .map((part) => [part.type, part.value]),
  );
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

export function fromLocalInput(local: string): string {
  const wanted = Date.parse(`${local}:00Z`);
  let guess = wanted;
  for (let i = 0; i < 3; i++) guess += wanted - Date.parse(`${toLocalInput(guess)}:00Z`);
  return new Date(guess).toISOString();
}
