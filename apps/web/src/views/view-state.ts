import { shellKeys } from "../url/search.ts";

/** What an address says that no view keeps: the project (a view has its own), which view is open, and how its reader likes times. */
const notKept = new Set(["project", "view", "tz", "live"]);

/** What a page shows, as a view keeps it: its address, and what it shows without saying so there. */
export function stateOf(search: object, shown: Record<string, string> = {}): Record<string, string> {
  const state = { ...shown };
  for (const [key, value] of Object.entries(search)) if (typeof value === "string" && value !== "" && !notKept.has(key)) state[key] = value;
  return state;
}

/** Whether the page shows something else than the view. What the view does not say, and the address neither, is the reader's own choice. */
export function differs(view: Record<string, string>, search: object, shown: Record<string, string> = {}): boolean {
  const said = stateOf(search);
  const keys = new Set([...Object.keys(view), ...Object.keys(said)]);
  return [...keys].some((key) => view[key] !== (said[key] ?? shown[key]));
}

/** The address that shows a view: nothing of the address before stays but the zone, and the project when the view has none. */
export function searchOf(
  view: { id: string; state: Record<string, string>; project_id: string | null },
  before: { project?: string; tz?: string },
): Record<string, string | undefined> {
  return {
    // Said with `undefined`, so that the router does not carry on what was there.
    ...Object.fromEntries(shellKeys.map((key) => [key, undefined])),
    ...view.state,
    tz: before.tz,
    project: view.project_id ?? before.project,
    view: view.id,
  };
}

/** Nothing was asked of the page yet besides project, window and zone, which come along from the page before. */
export function isPlain(search: object): boolean {
  const carried = new Set<string>(shellKeys);
  return Object.entries(search).every(([key, value]) => value === undefined || value === "" || carried.has(key));
}

/** Where a page of views lies; the Overview is the root. */
export function pathOf(page: string): string {
  return page === "overview" ? "/" : `/${page}`;
}
