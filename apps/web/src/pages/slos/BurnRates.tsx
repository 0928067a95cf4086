import type { UseQueryResult } from "@tanstack/react-query";
import type { SloStatusOut } from "@telltale/model/api";
import { clsx } from "clsx";
import { Panel } from "../../components/Panel.tsx";
import { formatCount } from "../../format/number.ts";
import { formatRate } from "./slo-text.ts";

const names: Record<string, string> = { "5m": "5 minutes", "30m": "30 minutes", "1h": "1 hour", "6h": "6 hours", "3d": "3 days" };

/** How fast the budget goes, over five windows, and from which rate on a pair of them burns. */
export function BurnRates({ query, className }: { query: UseQueryResult<SloStatusOut>; className?: string }) {
  const status = query.data;
  return (
    <Panel
      title="Burn rate"
      note="1× lasts exactly the window"
      queries={[query]}
      minHeight={210}
      table={() => ({
        header: ["Window", "Rate", "Bad", "Traces"],
        rows: (status?.burn_rates ?? []).map(({ window, rate, bad, total }) => [window, rate, bad, total]),
      })}
      {...(className === undefined ? {} : { className })}
    >
      {status === undefined ? null : (
        <div className="px-4 pb-4">
          <table className="w-full text-sm">
            <thead className="text-xs text-ink-3">
              <tr className="border-b border-line">
                <th scope="col" className="py-1.5 text-left font-medium">
                  Last
                </th>
                <th scope="col" className="text-right font-medium">
                  Rate
                </th>
                <th scope="col" className="text-right font-medium">
                  Bad
                </th>
                <th scope="col" className="text-right font-medium">
                  Traces
                </th>
              </tr>
            </thead>
            <tbody className="num">
              {status.burn_rates.map(({ window, rate, bad, total }) => (
                <tr key={window} className="border-b border-line/60">
                  <th scope="row" className="py-1.5 text-left font-normal text-ink-2">
                    {names[window] ?? window}
                  </th>
                  <td className={clsx("text-right", rate !== null && rate > 1 && "font-medium text-warn")}>{rate === null ? "–" : formatRate(rate)}</td>
                  <td className="text-right text-ink-2">{formatCount(bad)}</td>
                  <td className="text-right text-ink-2">{formatCount(total)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="mt-2.5 text-xs text-pretty text-ink-3">
            It burns when both windows of a pair reach their threshold:{" "}
            {status.burn_thresholds
              .map(({ long, short, threshold }) => `${names[long] ?? long} and ${names[short] ?? short} ${formatRate(threshold)}`)
              .join(", ")}
            . Fewer than three bad traces are no fire.
          </p>
        </div>
      )}
    </Panel>
  );
}
