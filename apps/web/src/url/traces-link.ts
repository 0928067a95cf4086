import type { LinkProps } from "@tanstack/react-router";
import { groupFilter } from "../filter/group-clause.ts";

/** A part of the page's window: both ends as RFC 3339. Without it the window stays what it is. */
export interface LinkedWindow {
  from: string;
  to: string;
}

/** The Traces page with a filter; project and window are kept unless a window is given. `sort` as the page writes it: `-duration_ms`. */
export function tracesLink(filter: string, window?: LinkedWindow, sort?: string): LinkProps {
  const search = {
    ...(filter === "" ? {} : { q: filter }),
    ...(window === undefined ? {} : { from: window.from, to: window.to }),
    ...(sort === undefined ? {} : { sort }),
  };
  return { to: "/traces", search } as LinkProps;
}

/** The step of a chart as a window. */
export function stepWindow({ fromMs, toMs }: { fromMs: number; toMs: number }): LinkedWindow {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}

/** The traces of one group of figures; undefined where the filter language cannot say it. */
export function groupLink(filter: string, group: Readonly<Record<string, string>>, window?: LinkedWindow): LinkProps | undefined {
  const narrowed = groupFilter(filter, group);
  return narrowed === undefined ? undefined : tracesLink(narrowed, window);
}
