// SPDX-License-Identifier: Apache-2.0
//
// A correction is an act of its own: it asks what was wrong and what is right.
import { useState } from "preact/hooks";
import { Fault, post } from "../api";
import type { Correction, Story } from "../api_types";
import { Area, Button, Check, Dialog, Input, Notice, toast } from "../ui/parts";
import { dateTimeZone, t } from "../words";

export function Corrections({ corrections }: { corrections: Correction[] }) {
  if (corrections.length === 0) return <p class="small muted">{t("corrections_none")}</p>;
  return (
    <ul class="stack">
      {corrections.map((one) => (
        <li key={one.id} class="small stack stack--tight">
          <span class="muted">{dateTimeZone(one.corrected_at)}</span>
          <span class="wrap-any">{one.wrong}</span>
          <strong class="wrap-any">{one.right}</strong>
        </li>
      ))}
    </ul>
  );
}

export function CorrectionDialog({ story, beforehand, onClose, onStory }: { story: Story; beforehand: () => Promise<boolean>; onClose: () => void; onStory: (story: Story) => void }) {
  const [wrong, setWrong] = useState("");
  const [right, setRight] = useState("");
  const [find, setFind] = useState("");
  const [replacement, setReplacement] = useState("");
  const [publish, setPublish] = useState(story.has_changes);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Fault | null>(null);
  const send = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await beforehand();
      onStory(await post<Story>(`/stories/${story.id}/corrections`, { wrong: wrong.trim(), right: right.trim(), publish: publish || find !== "", ...(find ? { replace: [{ field: "body", find, with: replacement }] } : {}) }));
      toast(t("corrected_toast"));
      onClose();
    } catch (error) {
      setProblem(error as Fault);
    }
    setBusy(false);
  };
  const of = (field: string) => (problem?.problem?.field === field ? problem.message : null);
  return (
    <Dialog
      title={t("correct_title")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button kind="primary" busy={busy} disabled={!wrong.trim() || !right.trim()} onClick={() => void send()}>
            {t("correct")}
          </Button>
        </>
      }
    >
      <p>{t("correct_text")}</p>
      {problem && !problem.problem?.field && <Notice tone="bad">{problem.message}</Notice>}
      <Area label={t("correct_wrong")} value={wrong} onValue={setWrong} problem={of("wrong")} autoFocus required />
      <Area label={t("correct_right")} value={right} onValue={setRight} problem={of("right")} required />
      <Input label={`${t("correct_find")} (${t("optional")})`} value={find} onValue={setFind} />
      {find && <Input label={t("correct_with")} value={replacement} onValue={setReplacement} />}
      {story.has_changes && <Check label={t("correct_publish")} checked={publish} onChecked={setPublish} />}
    </Dialog>
  );
}
