import { CircleAlert, CircleCheck, X } from "lucide-react";
import { useSyncExternalStore } from "react";

interface Toast {
  id: number;
  tone: "ok" | "error";
  message: string;
}

const SHOWN_MS = 4_000;
const ERROR_SHOWN_MS = 9_000;
let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

/** Says briefly how an action ended. */
export function toast(message: string, tone: Toast["tone"] = "ok"): void {
  const id = nextId;
  nextId += 1;
  publish([...toasts.slice(-3), { id, tone, message }]);
  setTimeout(() => dismiss(id), tone === "ok" ? SHOWN_MS : ERROR_SHOWN_MS);
}

/** The message of anything thrown. */
export function toastError(error: unknown): void {
  toast(error instanceof Error ? error.message : String(error), "error");
}

function dismiss(id: number): void {
  publish(toasts.filter((entry) => entry.id !== id));
}

function publish(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed bottom-4 left-1/2 z-60 flex w-full max-w-md -translate-x-1/2 flex-col items-center gap-2 px-4"
    >
      {shown.map((entry) => (
        <div
          key={entry.id}
          className="pop pointer-events-auto flex max-w-full items-start gap-2 rounded-lg border border-line bg-raised py-2 pr-1.5 pl-3 shadow-lg"
        >
          {entry.tone === "ok" ? <CircleCheck className="mt-0.5 size-4 shrink-0 text-ok" /> : <CircleAlert className="mt-0.5 size-4 shrink-0 text-error" />}
          <span className="min-w-0 py-px break-words">{entry.message}</span>
          <button type="button" aria-label="Dismiss" onClick={() => dismiss(entry.id)} className="ml-1 rounded-sm p-1 text-ink-3 hover:bg-hover hover:text-ink">
            <X className="size-3.5" />
          </button>
        </div>
      ))}
    </div>
  );
}
