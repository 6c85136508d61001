// SPDX-License-Identifier: Apache-2.0
//
// The parts that all views are made of. Native elements wherever there is one: <dialog>, <details>,
// <select>; so that keyboards and screen readers find what they expect.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Icon } from "./icons";
import { t } from "../words";

type ButtonProps = {
  children?: ComponentChildren;
  kind?: "primary" | "plain" | "danger" | "quiet";
  icon?: string;
  label?: string; // of a button that shows an icon only
  busy?: boolean;
  small?: boolean;
} & Omit<JSX.IntrinsicElements["button"], "icon" | "label">;

export function Button({ children, kind = "plain", icon, label, busy, small, class: extra, ...rest }: ButtonProps) {
  return (
    <button type="button" {...rest} class={`button button--${kind}${small ? " button--small" : ""}${children ? "" : " button--icon"} ${extra ?? ""}`} aria-label={label} title={rest.title ?? label} aria-busy={busy || undefined} disabled={rest.disabled || busy}>
      {icon && <Icon name={icon} size={small ? 16 : 18} />}
      {children && <span>{children}</span>}
    </button>
  );
}

type FieldProps = { label: string; hint?: ComponentChildren; problem?: string | null; children: (id: string, described: string | undefined) => ComponentChildren; wide?: boolean; hideLabel?: boolean };
export function Field({ label, hint, problem, children, hideLabel }: FieldProps) {
  const id = useId();
  const described = problem ? `${id}-problem` : hint ? `${id}-hint` : undefined;
  return (
    <div class={`field${problem ? " field--wrong" : ""}`}>
      <label class={hideLabel ? "unseen" : "field__label"} for={id}>
        {label}
      </label>
      {children(id, described)}
      {problem ? (
        <p class="field__problem" id={`${id}-problem`}>
          {problem}
        </p>
      ) : (
        hint && (
          <p class="field__hint" id={`${id}-hint`}>
            {hint}
          </p>
        )
      )}
    </div>
  );
}

type InputProps = {
  label: string; hint?: ComponentChildren; problem?: string | null; value: string; onValue: (value: string) => void; hideLabel?: boolean;
  type?: "text" | "email" | "password" | "url" | "search" | "number" | "datetime-local" | "date" | "time"; autoComplete?: string; autoFocus?: boolean; required?: boolean; placeholder?: string; maxLength?: number; minLength?: number; min?: string; max?: string; disabled?: boolean; inputMode?: "numeric" | "text"; list?: string; dir?: string;
  onKeyDown?: (event: KeyboardEvent) => void;
};
// The first field of a view or dialogue takes the focus.
function useFocus(wanted: boolean | undefined) {
  const element = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  useEffect(() => {
    if (wanted) element.current?.focus();
  }, []);
  return element;
}

export function Input({ label, hint, problem, value, onValue, hideLabel, autoFocus, ...rest }: InputProps) {
  const input = useFocus(autoFocus);
  return (
    <Field label={label} hint={hint} problem={problem} hideLabel={hideLabel}>
      {(id, described) => <input {...(rest as object)} ref={input} id={id} class="input" value={value} aria-describedby={described} aria-invalid={problem ? true : undefined} onInput={(event) => onValue(event.currentTarget.value)} />}
    </Field>
  );
}

type AreaProps = { label: string; hint?: ComponentChildren; problem?: string | null; value: string; onValue: (value: string) => void; hideLabel?: boolean; grow?: boolean } & { autoFocus?: boolean } & Omit<JSX.IntrinsicElements["textarea"], "value" | "label" | "autoFocus">;
export function Area({ label, hint, problem, value, onValue, hideLabel, grow = true, class: extra, autoFocus, ...rest }: AreaProps) {
  const area = useFocus(autoFocus);
  useEffect(() => {
    if (!grow || !area.current) return;
    area.current.style.height = "auto";
    area.current.style.height = `${area.current.scrollHeight + 2}px`;
  }, [value, grow]);
  return (
    <Field label={label} hint={hint} problem={problem} hideLabel={hideLabel}>
      {(id, described) => <textarea rows={2} {...rest} ref={area} id={id} class={`input ${extra ?? ""}`} value={value} aria-describedby={described} aria-invalid={problem ? true : undefined} onInput={(event) => onValue(event.currentTarget.value)} />}
    </Field>
  );
}

type SelectProps = { label: string; hint?: ComponentChildren; value: string; onValue: (value: string) => void; options: [string, string][]; hideLabel?: boolean; disabled?: boolean };
export function Select({ label, hint, value, onValue, options, hideLabel, disabled }: SelectProps) {
  return (
    <Field label={label} hint={hint} hideLabel={hideLabel}>
      {(id, described) => (
        <select id={id} class="input" value={value} disabled={disabled} aria-describedby={described} onChange={(event) => onValue(event.currentTarget.value)}>
          {options.map(([key, name]) => (
            <option key={key} value={key} selected={key === value}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function Check({ label, hint, checked, onChecked, disabled }: { label: ComponentChildren; hint?: string; checked: boolean; onChecked: (checked: boolean) => void; disabled?: boolean }) {
  const id = useId();
  return (
    <div class="check">
      <input id={id} type="checkbox" checked={checked} disabled={disabled} aria-describedby={hint ? `${id}-hint` : undefined} onChange={(event) => onChecked(event.currentTarget.checked)} />
      <label for={id}>{label}</label>
      {hint && (
        <p class="field__hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

// A modal dialogue; Escape and the cross call onClose.
export function Dialog({ title, children, onClose, wide, actions }: { title: string; children: ComponentChildren; onClose: () => void; wide?: boolean; actions?: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    dialog.current?.showModal();
    return () => before?.focus?.();
  }, []);
  return (
    <dialog
      ref={dialog}
      class={`dialog${wide ? " dialog--wide" : ""}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div class="dialog__inside">
        <header class="dialog__head">
          <h2 id={id}>{title}</h2>
          <Button kind="quiet" icon="close" label={t("close")} onClick={onClose} />
        </header>
        <div class="dialog__body">{children}</div>
        {actions && <footer class="dialog__actions">{actions}</footer>}
      </div>
    </dialog>
  );
}

// A button with a menu. Arrow keys move, Escape closes.
export type MenuItem = { label: string; icon?: string; onClick: () => void; danger?: boolean; disabled?: boolean } | "rule";
export function Menu({ label, icon = "more", items, children, kind = "quiet" }: { label: string; icon?: string; items: MenuItem[]; children?: ComponentChildren; kind?: ButtonProps["kind"] }) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const away = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", away);
    (root.current?.querySelector('[role="menuitem"]:not(:disabled)') as HTMLElement | null)?.focus();
    return () => document.removeEventListener("pointerdown", away);
  }, [open]);
  const move = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      setOpen(false);
      (root.current?.querySelector("button") as HTMLElement).focus();
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const all = [...(root.current?.querySelectorAll('[role="menuitem"]:not(:disabled)') ?? [])] as HTMLElement[];
    const at = all.indexOf(document.activeElement as HTMLElement);
    all[(at + (event.key === "ArrowDown" ? 1 : all.length - 1)) % all.length]?.focus();
  };
  return (
    <div class="menu" ref={root} onKeyDown={move}>
      <Button kind={kind} icon={icon} label={children ? undefined : label} aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(!open)}>
        {children}
      </Button>
      {open && (
        <div class="menu__list" role="menu" aria-label={label}>
          {items.map((item, i) =>
            item === "rule" ? (
              <hr key={i} />
            ) : (
              <button
                key={i}
                type="button"
                role="menuitem"
                class={item.danger ? "danger" : undefined}
                disabled={item.disabled}
                onClick={() => {
                  setOpen(false);
                  item.onClick();
                }}
              >
                {item.icon && <Icon name={item.icon} size={16} />}
                {item.label}
              </button>
            ),
          )}
        </div>
      )}
    </div>
  );
}

export function Tabs({ tabs, value, onValue, label }: { tabs: [string, string][]; value: string; onValue: (value: string) => void; label: string }) {
  return (
    <div class="tabs" role="group" aria-label={label}>
      {tabs.map(([key, name]) => (
        <button key={key} type="button" aria-pressed={key === value} onClick={() => onValue(key)}>
          {name}
        </button>
      ))}
    </div>
  );
}

export function Badge({ tone = "plain", children }: { tone?: "plain" | "good" | "warn" | "bad" | "strong"; children: ComponentChildren }) {
  return <span class={`badge badge--${tone}`}>{children}</span>;
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty__title">{title}</p>
      {children}
    </div>
  );
}

export function Notice({ tone = "plain", children }: { tone?: "plain" | "warn" | "bad" | "good"; children: ComponentChildren }) {
  return (
    <div class={`notice notice--${tone}`} role={tone === "bad" ? "alert" : "status"}>
      {children}
    </div>
  );
}

export function Loading() {
  return (
    <p class="loading" role="status">
      <span class="loading__bar" />
      <span class="unseen">{t("loading")}</span>
    </p>
  );
}

export function Progress({ done, total, label }: { done: number; total: number; label: string }) {
  return (
    <div class="progress">
      <progress value={done} max={total || 1} aria-label={label} />
      <span>{label}</span>
    </div>
  );
}

export function Head({ title, children, back }: { title: ComponentChildren; children?: ComponentChildren; back?: { href: string; label: string } }) {
  return (
    <header class="head">
      <div>
        {back && (
          <a class="head__back" href={back.href}>
            <Icon name="back" size={16} />
            {back.label}
          </a>
        )}
        <h1 tabIndex={-1}>{title}</h1>
      </div>
      {children && <div class="head__actions">{children}</div>}
    </header>
  );
}

// ---- messages that pass ------------------------------------------------------------------------------
type Toast = { id: number; text: string; tone: "plain" | "bad"; action?: { label: string; run: () => void } };
let toasts: Toast[] = [];
let nextToast = 1;
const toastListeners = new Set<() => void>();
const changed = () => toastListeners.forEach((listener) => listener());

export function toast(text: string, tone: Toast["tone"] = "plain", action?: Toast["action"]): void {
  const id = nextToast++;
  toasts = [...toasts.slice(-3), { id, text, tone, action }];
  changed();
  setTimeout(() => dismiss(id), tone === "bad" ? 12000 : 6000);
}
function dismiss(id: number): void {
  toasts = toasts.filter((one) => one.id !== id);
  changed();
}
export function Toasts() {
  const [, redraw] = useState(0);
  useEffect(() => {
    const listener = () => redraw((count) => count + 1);
    toastListeners.add(listener);
    return () => void toastListeners.delete(listener);
  }, []);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.map((one) => (
        <div key={one.id} class={`toast toast--${one.tone}`}>
          <span>{one.text}</span>
          {one.action && (
            <button
              type="button"
              onClick={() => {
                one.action!.run();
                dismiss(one.id);
              }}
            >
              {one.action.label}
            </button>
          )}
          <button type="button" aria-label={t("close")} onClick={() => dismiss(one.id)}>
            <Icon name="close" size={14} />
          </button>
        </div>
      ))}
    </div>
  );
}

// Asks before something that can't be undone.
export function useConfirm(): [ComponentChildren, (question: { title: string; text: ComponentChildren; yes: string; danger?: boolean }) => Promise<boolean>] {
  const [asked, setAsked] = useState<{ title: string; text: ComponentChildren; yes: string; danger?: boolean; answer: (yes: boolean) => void } | null>(null);
  const ask = (question: { title: string; text: ComponentChildren; yes: string; danger?: boolean }) =>
    new Promise<boolean>((resolve) =>
      setAsked({
        ...question,
        answer: (yes) => {
          setAsked(null);
          resolve(yes);
        },
      }),
    );
  return [
    asked && (
      <Dialog
        title={asked.title}
        onClose={() => asked.answer(false)}
        actions={
          <>
            <Button onClick={() => asked.answer(false)}>{t("cancel")}</Button>
            <Button kind={asked.danger ? "danger" : "primary"} onClick={() => asked.answer(true)} autoFocus>
              {asked.yes}
            </Button>
          </>
        }
      >
        <div>{asked.text}</div>
      </Dialog>
    ),
    ask,
  ];
}

// Where files are dropped; what else is in it (a button, a field) is the caller's.
export function DropArea({ class: more = "", onFiles, children }: { class?: string; onFiles: (files: FileList | undefined) => void; children: ComponentChildren }) {
  const [over, setOver] = useState(false);
  return (
    <div
      class={`drop ${more}${over ? " drop--over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onFiles(event.dataTransfer?.files);
      }}
    >
      {children}
    </div>
  );
}
