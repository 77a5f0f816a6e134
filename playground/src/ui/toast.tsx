import { CircleAlert, CircleCheck, Info, X } from "lucide-react";
import type { Failure } from "../text/failure.ts";
import { Button, IconButton } from "./button.tsx";
import { sharedValue } from "./shared-value.ts";
import "./toast.css";

/** A short word about what has just been done. */
export interface Toast {
  readonly tone: "good" | "bad" | "note";
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

interface ShownToast extends Toast {
  readonly id: number;
}

const icons = { good: CircleCheck, bad: CircleAlert, note: Info } as const;
const shownMs = 6_000;
const atMost = 4;

const toasts = sharedValue<readonly ShownToast[]>([]);
let made = 0;

/** Shows it, and has it read out. What went wrong stays until it is closed; the rest goes by itself. */
export function toast(next: Toast): void {
  const shown = { ...next, id: ++made };
  toasts.set([...toasts.get(), shown].slice(-atMost));
  if (next.tone !== "bad") setTimeout(() => close(shown.id), shownMs);
}

/** The same for an error. */
export function toastFailure({ sentence, code }: Failure): void {
  toast({ tone: "bad", text: `${sentence} (${code})` });
}

/** Where they appear; once, in the shell. */
export function ToastHost() {
  const shown = toasts.use();
  return (
    <section className="toasts" aria-label="Notifications">
      <div role="status">{shown.filter(({ tone }) => tone !== "bad").map(toCard)}</div>
      <div role="alert">{shown.filter(({ tone }) => tone === "bad").map(toCard)}</div>
    </section>
  );
}

function toCard({ id, tone, text, action }: ShownToast) {
  const Icon = icons[tone];
  return (
    <div key={id} className="toast" data-tone={tone}>
      <Icon aria-hidden="true" />
      <p>{text}</p>
      {action && (
        <Button
          kind="quiet"
          onPress={() => {
            close(id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton icon={X} label="Dismiss" onPress={() => close(id)} />
    </div>
  );
}

function close(id: number): void {
  const others = toasts.get().filter((each) => each.id !== id);
  if (others.length < toasts.get().length) toasts.set(others);
}
