import { useSearch } from "@tanstack/react-router";
import type { Zone } from "../time/instant.ts";

/** What every page carries in its URL: the project, the window of time, and the zone times are shown in. */
export interface ShellSearch {
  project?: string;
  range?: string;
  from?: string;
  to?: string;
  tz?: "utc";
  /** The saved view that is open; not carried to other pages. */
  view?: string;
}

export const shellKeys = ["project", "range", "from", "to", "tz"] as const;

/** Keeps what is known and drops the rest: a URL is outside data. */
export function readShellSearch(raw: Record<string, unknown>): ShellSearch {
  const search: ShellSearch = {};
  for (const key of ["project", "range", "from", "to", "view"] as const) {
    const value = text(raw[key]);
    if (value !== undefined) search[key] = value;
  }
  if (raw["tz"] === "utc") search.tz = "utc";
  return search;
}

/** A non-empty string of the URL, or nothing. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function useShellSearch(): ShellSearch {
  return useSearch({ strict: false });
}

/** The zone that times are shown in: the reader's own unless the URL says UTC. */
export function useZone(): Zone {
  return useShellSearch().tz === "utc" ? "utc" : "local";
}

/** Plain `key=value`, no JSON in the address bar. */
export function parseSearch(query: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(query));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) if (typeof value === "string" && value !== "") params.set(key, value);
  const query = params.toString().replaceAll("%3A", ":").replaceAll("%2C", ",");
  return query === "" ? "" : `?${query}`;
}
