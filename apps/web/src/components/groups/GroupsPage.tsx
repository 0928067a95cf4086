import { useNavigate, useSearch } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useEffect, useMemo, useState, type ReactNode } from "react";
import type { GroupAsk } from "../../api/sessions.ts";
import { FilterBar } from "../../shell/FilterBar.tsx";
import { PageHeader } from "../../shell/PageHeader.tsx";
import { TimeRangePicker } from "../../shell/TimeRangePicker.tsx";
import { useWindowEnd } from "../../time/clock.ts";
import { isAllTime, resolveWindow } from "../../time/time-window.ts";
import type { GroupsSearch } from "../../url/page-search.ts";
import { useScope } from "../../url/scope.ts";
import { useShellSearch } from "../../url/search.ts";
import { ViewsMenu } from "../../views/ViewsMenu.tsx";
import type { TableSort } from "../table/DataTable.tsx";

const TYPING_MS = 250;

/**
 * What a list asks, from the URL. The window stands still while one looks at it: with every half minute that it moved, the pages read
 * so far would be gone. It is taken anew when the URL changes or the page is opened again.
 */
export function useGroupsAsk(): { ask: GroupAsk; sort: TableSort; onSort: (sort: TableSort) => void } {
  const shell = useShellSearch();
  const search: GroupsSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const { project, range, from, to } = shell;
  const endMs = useWindowEnd();
  const shown = `${range ?? ""} ${from ?? ""} ${to ?? ""}`;
  const [held, hold] = useState({ shown, endMs });
  if (held.shown !== shown) hold({ shown, endMs });
  const window = useMemo(() => {
    const asked = { ...(range === undefined ? {} : { range }), ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    return isAllTime(asked) ? {} : { from: resolveWindow(asked, held.endMs, undefined).from, ...(to === undefined ? {} : { to }) };
  }, [range, from, to, held.endMs]);
  const sortText = search.sort ?? "-last_time";
  const sort = useMemo<TableSort>(() => ({ id: sortText.replace(/^-/, ""), desc: sortText.startsWith("-") }), [sortText]);
  return {
    ask: { ...window, project, filter: search.filter, q: search.q, orderBy: `${sort.id} ${sort.desc ? "DESC" : "ASC"}` },
    sort,
    onSort: (next) => void navigate({ to: ".", search: (previous) => ({ ...previous, sort: `${next.desc ? "-" : ""}${next.id}` }) as never, replace: true }),
  };
}

/** Frame of the two lists: window, filter, part of the id, and the table. */
export function GroupsPage({ title, idLabel, error, children }: { title: "Sessions" | "Users"; idLabel: string; error: Error | null; children: ReactNode }) {
  const scope = useScope();
  return (
    <>
      <PageHeader title={title}>
        <ViewsMenu page={title.toLowerCase()} />
        <TimeRangePicker />
      </PageHeader>
      <div className="flex shrink-0 flex-wrap items-start gap-2 border-b border-line px-4 py-2 max-md:px-2">
        <FilterBar scope={scope} error={error} />
        <IdSearch label={idLabel} />
      </div>
      {children}
    </>
  );
}

/** Part of an id, as it is typed. */
function IdSearch({ label }: { label: string }) {
  const search: GroupsSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const current = search.q ?? "";
  const [state, setState] = useState({ typed: current, since: current });
  // The URL changed from elsewhere (back, a link): what it says is what is typed.
  if (state.since !== current) setState({ typed: current, since: current });
  const { typed } = state;
  useEffect(() => {
    if (typed === current) return undefined;
    const timer = setTimeout(() => {
      void navigate({ to: ".", search: (previous) => ({ ...previous, q: typed === "" ? undefined : typed }) as never, replace: true });
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, current, navigate]);
  return (
    <label className="flex h-8 w-56 items-center gap-1.5 rounded-md border border-line-strong bg-surface px-2 focus-within:border-accent max-md:w-full">
      <Search className="size-3.5 shrink-0 text-ink-3" aria-hidden />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={typed}
        maxLength={2000}
        onChange={(event) => setState({ typed: event.target.value, since: current })}
        className="w-full min-w-0 bg-transparent outline-none placeholder:text-ink-3"
      />
    </label>
  );
}
