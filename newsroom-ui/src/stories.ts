// SPDX-License-Identifier: Apache-2.0
//
// What several views say of stories and pictures.
import type { Image, StorySummary } from "./api_types";
import { t } from "./words";

type Tone = "plain" | "good" | "warn" | "bad" | "strong";
export function stateOf(story: Pick<StorySummary, "status" | "stage" | "has_changes">): [string, Tone] {
  if (story.status === "withdrawn") return [t("status_withdrawn"), "bad"];
  if (story.status === "scheduled") return [t("status_scheduled"), "warn"];
  if (story.status === "published") return story.has_changes ? [t("status_changes"), "warn"] : [t("status_published"), "good"];
  return [t(`stage_${story.stage}`), story.stage === "ready" ? "strong" : "plain"];
}

// The picture's address at about this width.
export function pictureUrl(image: Image | null | undefined, aspect: string, width: number): string | null {
  const url = image?.urls[aspect] ?? image?.urls["full"];
  return url ? `${url}${url.includes("?") ? "&" : "?"}imwidth=${width}` : null;
}
