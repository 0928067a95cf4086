import { useQuery } from "@tanstack/react-query";
import type { QualityRateAnswer, ScorerOut } from "@telltale/model/api";
import { useMemo } from "react";
import { qualityRateQuery } from "../../api/quality.ts";
import type { ChartSeries } from "../../components/chart/chart-data.ts";
import { TimeChart } from "../../components/chart/TimeChart.tsx";
import { IntervalBar } from "../../components/IntervalBar.tsx";
import { Panel, type PanelTable } from "../../components/Panel.tsx";
import { formatAxis, formatShare } from "../../format/metric.ts";
import { formatCount } from "../../format/number.ts";
import { intervalMs } from "../../time/interval.ts";
import type { Scope } from "../../url/scope.ts";
import { AttributionNote } from "./AttributionNote.tsx";
import { LabelLink } from "../review/LabelLink.tsx";
import { intervalText, judgesText, labelsText, shareText } from "./rate-text.ts";

/** The pass rate as the scorer says, and as people would say, with the interval that rests on their labels. */
export function RatePanel({ scorer, scope }: { scorer: ScorerOut; scope: Scope }) {
  const query = useQuery(qualityRateQuery(scorer, { ...scope.window, interval: scope.interval }));
  const rate = query.data;
  const drawing = useMemo(() => rateSeries(rate), [rate]);
  const empty =
    rate === undefined || rate.n_traces > 0
      ? undefined
      : rate.n_other > 0
        ? "Its values are neither a pass nor a fail, so there is no rate. Its scores over time are below."
        : scorer.state === "stopped"
          ? "It judged nothing in this window. Start it, or score the past from its menu."
          : "It judged nothing in this window.";
  return (
    <Panel
      title="Pass rate"
      note={rate === undefined ? undefined : `n = ${formatCount(rate.n_traces)} traces, ${formatCount(rate.n_labels)} labelled by people`}
      queries={[query]}
      empty={empty}
      minHeight={260}
      table={() => rateTable(rate)}
    >
      {rate === undefined ? null : (
        <>
          <div className="flex flex-wrap items-end gap-x-6 gap-y-2 px-4 pb-3">
            <Figure label={rate.corrected === null ? "as the scorer says" : "corrected"} value={shareText(rate.corrected ?? rate.raw)} isLarge />
            {rate.corrected === null ? null : (
              <>
                <Figure label="95% interval" value={intervalText(rate)} />
                <Figure label="as the scorer says" value={shareText(rate.raw)} />
              </>
            )}
            <IntervalBar low={rate.ci_low} high={rate.ci_high} value={rate.corrected} raw={rate.raw} className="max-w-80 grow basis-40" />
            <p className="num basis-full text-xs text-pretty text-ink-3">
              {rate.threshold === null || rate.threshold === 0.5 ? "" : `Numbers pass from ${rate.threshold} on. `}
              {judgesText(rate)}
              {labelsText(rate)} <LabelLink scorer={scorer} rate={rate} />
            </p>
            <AttributionNote scorer={scorer} window={scope.window} className="basis-full" />
          </div>
          {drawing.times.length === 0 ? null : (
            <TimeChart
              label="Pass rate over time"
              times={drawing.times}
              stepMs={intervalMs(scope.interval)}
              series={drawing.series}
              format={(value) => formatShare(value)}
              formatAxis={(value) => formatAxis(value, "ratio")}
              height={230}
            />
          )}
        </>
      )}
    </Panel>
  );
}

function rateSeries(rate: QualityRateAnswer | undefined): { times: number[]; series: ChartSeries[] } {
  const steps = rate?.series ?? [];
  const n = steps.map(({ n_traces: traces }) => traces);
  const raw: ChartSeries = { key: "raw", label: "As the scorer says", values: steps.map((step) => step.raw), n, color: "chart-rest" };
  const corrected: ChartSeries[] =
    rate?.corrected == null
      ? []
      : [
          {
            key: "corrected",
            label: "Corrected, with its 95% interval",
            values: steps.map((step) => step.corrected),
            n,
            color: "chart-1",
            interval: { low: steps.map((step) => step.ci_low), high: steps.map((step) => step.ci_high) },
          },
        ];
  return { times: steps.map(({ time }) => Date.parse(time)), series: [raw, ...corrected] };
}

function rateTable(rate: QualityRateAnswer | undefined): PanelTable {
  return {
    header: ["Time", "Raw", "Corrected", "From", "To", "Traces", "Failed"],
    rows: (rate?.series ?? []).map((step) => [step.time, step.raw, step.corrected, step.ci_low, step.ci_high, step.n_traces, step.n_failed]),
    format: (value, column) =>
      column === 0 || value === null || value === undefined ? String(value ?? "–") : column < 5 ? formatShare(Number(value)) : String(value),
  };
}

function Figure({ label, value, isLarge = false }: { label: string; value: string; isLarge?: boolean }) {
  return (
    <span className="flex flex-col">
      <span className="text-xs text-ink-3">{label}</span>
      <span className={`num ${isLarge ? "text-xl leading-7 font-semibold tracking-[-0.02em]" : "leading-7"}`}>{value}</span>
    </span>
  );
}
