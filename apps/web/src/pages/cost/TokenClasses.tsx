import type { UseQueryResult } from "@tanstack/react-query";
import type { CostSummary } from "@telltale/model/api";
import { BarList } from "../../components/BarList.tsx";
import { Panel } from "../../components/Panel.tsx";
import { formatMetric, formatShare } from "../../format/metric.ts";
import { formatCompact, plural } from "../../format/number.ts";
import { classNames } from "./class-names.ts";

/** Every token in one class, with the money of each. What cannot be told by class is said, not guessed. */
export function TokenClasses({ summary }: { summary: UseQueryResult<CostSummary> }) {
  const { data } = summary;
  const classes = data?.classes ?? [];
  const total = classes.reduce((sum, one) => sum + (one.cost_usd ?? 0), 0);
  const unpriced = classes.reduce((sum, one) => sum + one.unpriced_tokens, 0);
  return (
    <Panel
      title="Money by class of token"
      queries={[summary]}
      empty={data !== undefined && classes.length === 0 ? "No model call in this window." : undefined}
      minHeight={248}
      table={() => ({
        header: ["Class", "Tokens", "Unpriced tokens", "USD"],
        rows: classes.map((one) => [classNames[one.class], one.tokens, one.unpriced_tokens, one.cost_usd]),
      })}
    >
      <BarList
        label="Money by class of token"
        items={classes.map((one, index) => ({
          key: one.class,
          label: classNames[one.class],
          value: one.cost_usd,
          share: one.cost_usd === null || total === 0 ? undefined : one.cost_usd / total,
          note: `${formatCompact(one.tokens)} tokens`,
          color: `chart-${(index % 8) + 1}`,
        }))}
        format={(value) => formatMetric(value, "usd")}
      />
      {data === undefined ? null : (
        <div className="mt-auto px-4 pb-3 text-xs text-pretty text-ink-3">
          {data.not_split.calls > 0 ? (
            <p>
              <span className="num">{formatMetric(data.not_split.cost_usd, "usd")}</span> of {plural(data.not_split.calls, "call")} cannot be told by class
              {data.not_split.reported_usd > 0 ? ": reported by the application" : ": from prices that are not known any more"}.
            </p>
          ) : null}
          {unpriced > 0 ? <p>{formatCompact(unpriced)} tokens have no known price.</p> : null}
          {data.calls.cache_hit_rate === null ? null : <p>{formatShare(data.calls.cache_hit_rate)} of the input came from a cache.</p>}
        </div>
      )}
    </Panel>
  );
}
