import { useEffect, useRef } from "react";

/** Keys as `event.key` says them, with `mod+` for ⌘ / Ctrl; two keys in a row as `g t`. */
export type Hotkeys = Record<string, (event: KeyboardEvent) => void>;

const SEQUENCE_MS = 900;
/** Sequences of all that listen: `o` after `g` is for whoever has `g o`, not for a page that has `o`. */
const sequences = new Map<object, readonly string[]>();

/** Listens on the page while the component is shown. Silent while one types, and under an open dialog (except `mod+…`). */
export function useHotkeys(keys: Hotkeys): void {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
    sequences.set(
      current,
      Object.keys(keys).filter((key) => key.includes(" ")),
    );
  });
  useEffect(() => {
    const own = current;
    let pending: { key: string; at: number } | undefined;
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return;
      const mod = event.metaKey || event.ctrlKey;
      if (event.altKey || (!mod && (isTyping(event.target) || hasOpenLayer()))) return;
      const key = mod ? `mod+${event.key.toLowerCase()}` : event.key;
      const sequence = pending !== undefined && performance.now() - pending.at < SEQUENCE_MS ? `${pending.key} ${key}` : undefined;
      if (sequence !== undefined && current.current[sequence] === undefined && isSequence(sequence)) {
        pending = undefined;
        return;
      }
      const run = (sequence === undefined ? undefined : current.current[sequence]) ?? current.current[key];
      pending = run === undefined && !mod ? { key, at: performance.now() } : undefined;
      if (run === undefined) return;
      event.preventDefault();
      run(event);
    };
    addEventListener("keydown", onKey);
    return () => {
      removeEventListener("keydown", onKey);
      sequences.delete(own);
    };
  }, []);
}

function isSequence(keys: string): boolean {
  return [...sequences.values()].some((list) => list.includes(keys));
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function hasOpenLayer(): boolean {
  return document.querySelector('[role="dialog"][data-state="open"], [role="menu"][data-state="open"]') !== null;
}

/** `⌘` on a Mac, `Ctrl` elsewhere. */
export const modKey = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";
