import type { UseQueryResult } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { SloOut, SloStatusOut } from "@telltale/model/api";
import { useMemo } from "react";
import { ChartPanel } from "../../components/chart/ChartPanel.tsx";
import type { ChartPick } from "../../components/chart/TimeChart.tsx";
import { formatCount } from "../../format/number.ts";
import { badTracesLink } from "./slo-links.ts";
import { emptyReason, formatBudget } from "./slo-text.ts";

/** How the budget went down over the window, and the bad traces that took it. A click on a step opens them. */
export function BudgetCharts({ slo, query }: { slo: SloOut; query: UseQueryResult<SloStatusOut> }) {
  const navigate = useNavigate();
  const status = query.data;
  const history = status?.history;
  const drawing = useMemo(() => {
    const steps = history ?? [];
    const n = steps.map(({ good, bad }) => good + bad);
    return {
      times: steps.map(({ from }) => Date.parse(from)),
      stepMs: steps.length < 2 ? 3_600_000 : Date.parse(steps[1]?.from ?? "") - Date.parse(steps[0]?.from ?? ""),
      left: [{ key: "left", label: "Budget left", values: steps.map(({ remaining }) => remaining), n, color: "chart-1" }],
      bad: [{ key: "bad", label: "Bad traces", values: steps.map(({ bad }) => bad), n, color: "chart-error" }],
    };
  }, [history]);
  const open = ({ fromMs, toMs }: ChartPick): void => {
    if (status === undefined) return;
    void navigate(badTracesLink(slo, status, { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() }) as never);
  };
  const empty = status !== undefined && status.total === 0 ? emptyReason(status) : undefined;
  const common = { times: drawing.times, stepMs: drawing.stepMs, queries: [query], empty, onPick: open };
  return (
    <div className="grid lg:grid-cols-[3fr_2fr]">
      <ChartPanel
        title="Error budget"
        note={status === undefined ? undefined : `n = ${formatCount(status.total)} traces`}
        series={drawing.left}
        shape="area"
        format={formatBudget}
        height={220}
        className="lg:border-r lg:border-line"
        {...common}
      />
      <ChartPanel
        title="Bad traces"
        note={status === undefined ? undefined : `n = ${formatCount(status.bad)}`}
        series={drawing.bad}
        shape="bars"
        format={formatCount}
        height={220}
        {...common}
      />
    </div>
  );
}
