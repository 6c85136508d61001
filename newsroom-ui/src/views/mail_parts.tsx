// SPDX-License-Identifier: Apache-2.0
//
// What the views of mail share: states, counts, and the numbers that move while a mailing goes out.
import type { Mailing, MailingCounts } from "../api_types";
import { number, t } from "../words";

export function mailingTone(state: Mailing["state"]): "plain" | "good" | "warn" | "bad" | "strong" {
  const tones = { draft: "plain", held: "warn", ready: "strong", sending: "good", paused: "warn", stopped: "bad", done: "good", cancelled: "plain", skipped: "plain" } as const;
  return tones[state];
}

export const COUNTS = ["planned", "pending", "accepted", "deferred", "failed", "suppressed", "uncertain", "cancelled"] as const;

export function Counts({ counts }: { counts: MailingCounts }) {
  return (
    <div class="counts-grid">
      {COUNTS.filter((name) => name === "planned" || name === "accepted" || counts[name] > 0).map((name) => (
        <div key={name} class="figure-number" data-count={name}>
          <b>{number(counts[name])}</b>
          <span>{t(`count_${name}`)}</span>
        </div>
      ))}
    </div>
  );
}

export const handled = (counts: MailingCounts) => counts.accepted + counts.failed + counts.suppressed + counts.cancelled + counts.uncertain;

export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

export function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  if (count < 1048576) return `${number(Math.round(count / 1024))} KB`;
  return `${(count / 1048576).toFixed(1)} MB`;
}
