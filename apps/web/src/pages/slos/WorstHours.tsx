import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { SloOut, SloStatusOut } from "@telltale/model/api";
import { Panel } from "../../components/Panel.tsx";
import { formatCount } from "../../format/number.ts";
import { formatMoment } from "../../time/instant.ts";
import { useNow } from "../../time/clock.ts";
import { useZone } from "../../url/search.ts";
import { badTracesLink } from "./slo-links.ts";
import { formatBudget } from "./slo-text.ts";

/** The hours that used up most of the budget; each leads to its bad traces. */
export function WorstHours({ slo, query }: { slo: SloOut; query: UseQueryResult<SloStatusOut> }) {
  const zone = useZone();
  const now = useNow();
  const status = query.data;
  const empty =
    status === undefined || status.worst_hours.length > 0
      ? undefined
      : status.total === 0
        ? "No traces in the window."
        : "No hour took anything: all traces were good.";
  return (
    <Panel
      title="Worst hours"
      note="share of the whole budget"
      queries={[query]}
      empty={empty}
      minHeight={210}
      table={() => ({
        header: ["Hour", "Share of the budget", "Bad", "Good"],
        rows: (status?.worst_hours ?? []).map((hour) => [hour.from, hour.consumed, hour.bad, hour.good]),
      })}
    >
      {status === undefined ? null : (
        <ol className="px-2 pb-3 text-sm">
          {status.worst_hours.map((hour) => (
            <li key={hour.from}>
              <Link
                {...badTracesLink(slo, status, hour)}
                className="focus-inset grid grid-cols-[8.5rem_1fr_auto] items-center gap-3 rounded-md px-2 py-1.5 hover:bg-hover"
              >
                <span className="num truncate text-ink-2">{formatMoment(hour.from, zone, now).replace(/:\d\d\.\d+$/, "")}</span>
                <span aria-hidden className="h-1.5 overflow-hidden rounded-full bg-pressed">
                  <span className="block h-full rounded-full bg-error" style={{ width: `${Math.min(1, hour.consumed) * 100}%` }} />
                </span>
                <span className="num text-right">
                  {formatBudget(hour.consumed)}
                  <span className="text-ink-3">
                    {" "}
                    · {formatCount(hour.bad)} of {formatCount(hour.good + hour.bad)} bad
                  </span>
                </span>
              </Link>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
