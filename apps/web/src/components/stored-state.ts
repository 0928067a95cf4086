import { useCallback, useState } from "react";

/** `useState` that remembers in this browser. `read` turns stored JSON into a value, or `undefined` when it is no longer understood. */
export function useStoredState<T>(key: string, initial: T, read: (stored: unknown) => T | undefined): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => {
    try {
      const stored = localStorage.getItem(key);
      return stored === null ? initial : (read(JSON.parse(stored)) ?? initial);
    } catch {
      return initial; // switched off, or written by something else
    }
  });
  const store = useCallback(
    (next: T) => {
      setValue(next);
      try {
        localStorage.setItem(key, JSON.stringify(next));
      } catch {
        // Switched off or full: the choice lasts as long as the page.
      }
    },
    [key],
  );
  return [value, store];
}
