import { useStoredState } from "../../components/stored-state.ts";

/** The name that goes with everything one says, remembered in this browser. */
export function useReviewer(): [name: string, setName: (name: string) => void] {
  const [name, setName] = useStoredState("telltale.author", "", (stored) => (typeof stored === "string" ? stored : undefined));
  return [name.trim(), setName];
}
