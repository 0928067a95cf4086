import { isRecord } from "../api/client.ts";
import { useStoredState } from "../components/stored-state.ts";

/** The view a page opens with, by the reader's choice: kept in this browser. */
export function useDefaultView(page: string): [string | undefined, (id: string | undefined) => void] {
  const [byPage, store] = useStoredState<Record<string, string>>("telltale.views.default", {}, readDefaults);
  const choose = (id: string | undefined): void => {
    const { [page]: _before, ...rest } = byPage;
    store(id === undefined ? rest : { ...rest, [page]: id });
  };
  return [byPage[page], choose];
}

function readDefaults(stored: unknown): Record<string, string> | undefined {
  return isRecord(stored) ? Object.fromEntries(Object.entries(stored).filter((entry): entry is [string, string] => typeof entry[1] === "string")) : undefined;
}
