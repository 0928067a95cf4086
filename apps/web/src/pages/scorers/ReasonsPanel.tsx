import type { UseQueryResult } from "@tanstack/react-query";
import type { ScorerHealth } from "@telltale/model/api";
import { CircleDashed, Hourglass, TriangleAlert } from "lucide-react";
import { Panel } from "../../components/Panel.tsx";
import { Time } from "../../components/Time.tsx";
import { formatCount } from "../../format/number.ts";
import { reasonText } from "./scorer-text.ts";

/** Why traces have no score: failures first, then what waits and what was skipped. */
export function ReasonsPanel({ query, isStopped }: { query: UseQueryResult<ScorerHealth>; isStopped: boolean }) {
  const health = query.data;
  const most = Math.max(1, ...(health?.reasons ?? []).map(({ count }) => count));
  const rank = (state: string): number => (state === "failed" ? 0 : state === "waiting" ? 1 : 2);
  const reasons = (health?.reasons ?? []).toSorted((a, b) => rank(a.state) - rank(b.state) || b.count - a.count);
  return (
    <Panel
      title="Without a score"
      note={
        health?.oldest_waiting_at == null ? undefined : (
          <>
            oldest waits since <Time value={health.oldest_waiting_at} relative />
          </>
        )
      }
      queries={[query]}
      empty={
        reasons.length > 0
          ? undefined
          : health?.sampled === 0
            ? isStopped
              ? "It is stopped, so no trace of this window was given to it."
              : "No trace of this window was given to it."
            : "Every trace that was sampled in this window has its score."
      }
      minHeight={180}
    >
      <ul className="px-4 pb-3 text-sm">
        {reasons.map(({ state, reason, count }) => (
          <li
            key={`${state} ${reason}`}
            className="grid grid-cols-[1rem_4rem_minmax(0,1fr)_6rem_3.5rem] items-center gap-2 py-1 max-sm:grid-cols-[1rem_4rem_minmax(0,1fr)_3.5rem]"
          >
            {state === "failed" ? (
              <TriangleAlert className="size-3.5 text-warn" aria-hidden />
            ) : state === "waiting" ? (
              <Hourglass className="size-3.5 text-busy" aria-hidden />
            ) : (
              <CircleDashed className="size-3.5 text-ink-3" aria-hidden />
            )}
            <span className={state === "failed" ? "text-warn" : "text-ink-3"}>{state}</span>
            <span className="truncate" title={reasonText(reason)}>
              {reasonText(reason)}
            </span>
            <span aria-hidden className="h-1.5 overflow-hidden rounded-full bg-pressed max-sm:hidden">
              <span className={`block h-full rounded-full ${state === "failed" ? "bg-warn" : "bg-ink-faint"}`} style={{ width: `${(count / most) * 100}%` }} />
            </span>
            <span className="num text-right">{formatCount(count)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
