// SPDX-License-Identifier: Apache-2.0
//
// Breaking news in two clicks: the first says whom it will reach, the second sends it.
import { useEffect, useState } from "preact/hooks";
import { Fault, post } from "../api";
import type { AlertPlanned, Mailing } from "../api_types";
import { go } from "../router";
import { Button, Check, Dialog, Input, Loading, Notice, toast } from "../ui/parts";
import { t } from "../words";

export function AlertDialog({ storyId, onClose }: { storyId: number; onClose: () => void }) {
  const [plan, setPlan] = useState<AlertPlanned | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const [subject, setSubject] = useState("");
  const [overCap, setOverCap] = useState(false);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    post<AlertPlanned>("/alerts/plan", { story_id: storyId }).then(
      (found) => {
        setPlan(found);
        setSubject(found.subject);
      },
      (error) => setFault(error),
    );
  }, []);
  const send = async () => {
    setBusy(true);
    try {
      const mailing = await post<Mailing>("/alerts", { story_id: storyId, subject, recipients: plan!.recipients, ...(overCap ? { over_cap: true } : {}) });
      toast(t("alert_sent"));
      onClose();
      go(`/mail/${mailing.id}`);
    } catch (error) {
      setFault(error as Fault);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t("alert_title")}
      wide
      onClose={onClose}
      actions={
        plan &&
        plan.already_sent === null && (
          <>
            <Button onClick={onClose}>{t("cancel")}</Button>
            <Button kind="primary" icon="bolt" busy={busy} disabled={plan.over_cap && !overCap} onClick={() => void send()}>
              {t("alert_button", { count: plan.recipients })}
            </Button>
          </>
        )
      }
    >
      {fault && <Notice tone="bad">{fault.message}</Notice>}
      {!plan && !fault && <Loading />}
      {plan && (
        <>
          <p class="serif" style={{ fontSize: "1.25rem" }}>
            {t("alert_reach", { count: plan.recipients })}
          </p>
          {plan.already_sent !== null && <Notice tone="bad">{t("alert_twice")}</Notice>}
          {plan.over_cap && (
            <Notice tone="warn">
              {t("alert_cap", { count: plan.sent_today })}
              <Check label={t("alert_over_cap")} checked={overCap} onChecked={setOverCap} />
            </Notice>
          )}
          {plan.needs_second_person && <Notice>{t("alert_second")}</Notice>}
          <Input label={t("mail_subject")} value={subject} onValue={setSubject} />
          <iframe class="mail-frame" title={t("preview")} sandbox="" srcdoc={plan.html} style={{ height: "24rem" }} />
        </>
      )}
    </Dialog>
  );
}
