import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { AnchorRunOut, AnchorsOut, ScorerOut } from "@telltale/model/api";
import { useMemo } from "react";
import { type AnchorChange, anchorsQuery, changeAnchors, isWorking } from "../../api/anchors.ts";
import { Button } from "../../components/Button.tsx";
import type { ChartSeries } from "../../components/chart/chart-data.ts";
import { TimeChart } from "../../components/chart/TimeChart.tsx";
import { Panel, type PanelTable } from "../../components/Panel.tsx";
import { Time } from "../../components/Time.tsx";
import { toast, toastError } from "../../components/toast.tsx";
import { formatAxis, formatShare } from "../../format/metric.ts";
import { formatCount, formatUsd, plural } from "../../format/number.ts";
import { intervalText, shareText } from "./rate-text.ts";

const HOUR_MS = 3_600_000;
const intervals: readonly (readonly [number, string])[] = [
  [1, "every hour"],
  [6, "every 6 hours"],
  [24, "every day"],
  [168, "every week"],
];
const said: Readonly<Record<AnchorChange["kind"], string>> = {
  freeze: "The newest labelled traces are frozen; the judge is asked about them now",
  run: "The judge is asked about its anchors now",
  remove: "The frozen traces are removed; what was measured stays",
  interval: "Changed",
};

/** Labelled traces that stand still: when the judge says something else of them, the judge has moved. */
export function AnchorsPanel({ scorer }: { scorer: ScorerOut }) {
  const query = useQuery(anchorsQuery(scorer));
  const change = useAnchorChange(scorer);
  const data = query.data;
  const runs = useMemo(() => (data?.data ?? []).filter((run) => run.state === "done" && run.n > 0).toReversed(), [data]);
  const set = data?.set ?? null;
  return (
    <Panel
      title="Anchors"
      note={set === null ? undefined : plural(set.anchors, "frozen trace")}
      queries={[query]}
      minHeight={160}
      table={runs.length === 0 ? undefined : () => runsTable(runs)}
      actions={
        data === undefined ? null : (
          <>
            {set === null ? null : (
              <Button size="sm" disabled={change.isPending || isWorking(data)} onClick={() => change.mutate({ kind: "run" })}>
                Run now
              </Button>
            )}
            <Button size="sm" disabled={change.isPending} onClick={() => change.mutate({ kind: "freeze" })}>
              {set === null ? "Freeze labelled traces" : "Freeze anew"}
            </Button>
          </>
        )
      }
    >
      {data === undefined ? null : (
        <div className="flex flex-col gap-3 pb-4 text-sm">
          <div className="flex flex-col gap-3 px-4">
            {set === null ? (
              <p className="text-xs text-pretty text-ink-3">
                Freeze traces that people labelled, and the judge is asked about them again and again. When its rate moves, they tell whether the system changed
                or the judge did.
              </p>
            ) : (
              <Schedule set={set} change={change.mutate} isBusy={change.isPending} />
            )}
            {data.data[0] === undefined ? null : <LastRun run={data.data[0]} />}
          </div>
          {runs.length < 2 ? null : <Series runs={runs} />}
        </div>
      )}
    </Panel>
  );
}

function useAnchorChange(scorer: ScorerOut) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: AnchorChange) => changeAnchors(scorer, change),
    onSuccess: async (_answer, change) => {
      await queries.invalidateQueries({ queryKey: ["scorers"] });
      toast(said[change.kind]);
    },
    onError: toastError,
  });
}

function Schedule({ set, change, isBusy }: { set: NonNullable<AnchorsOut["set"]>; change: (change: AnchorChange) => void; isBusy: boolean }) {
  const isOther = !intervals.some(([hours]) => hours === set.interval_hours);
  return (
    <div className="num flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-3">
      <select
        aria-label="How often"
        disabled={isBusy}
        value={set.interval_hours}
        onChange={(event) => change({ kind: "interval", hours: Number(event.target.value) })}
        className="h-[26px] rounded-md border border-line-strong bg-surface px-1.5 text-xs text-ink"
      >
        {isOther ? <option value={set.interval_hours}>every {set.interval_hours} hours</option> : null}
        {intervals.map(([hours, label]) => (
          <option key={hours} value={hours}>
            {label}
          </option>
        ))}
      </select>
      <span>
        frozen <Time value={set.created_at} relative={false} toMinute />
      </span>
      <span>
        {set.next_run_at === null ? (
          "runs now"
        ) : (
          <>
            next <Time value={set.next_run_at} relative={false} toMinute />, while the scorer runs
          </>
        )}
      </span>
      <Button size="sm" variant="ghost" disabled={isBusy} onClick={() => change({ kind: "remove" })}>
        Remove
      </Button>
    </div>
  );
}

function LastRun({ run }: { run: AnchorRunOut }) {
  const people = run.against_people;
  return (
    <p role="status" className="num flex flex-wrap items-baseline gap-x-3">
      <span className="font-medium">
        {run.state === "done" ? `Agrees with people on ${shareText(people.agreement)}` : run.state === "running" ? "Runs" : "The last run failed"}
      </span>
      {run.state === "done" ? (
        <span className="text-xs text-ink-3">{intervalText({ ci_low: people.agreement_low, ci_high: people.agreement_high })}</span>
      ) : null}
      <span className="text-xs text-ink-3">
        {formatCount(run.n)} verdicts{run.failed > 0 ? `, none on ${formatCount(run.failed)}` : ""}, version {run.version}
        {run.cost_usd === null ? "" : `, ${formatUsd(run.cost_usd)}`}
      </span>
      {run.error === null ? null : <span className="basis-full text-xs text-error">{run.error}</span>}
    </p>
  );
}

/** Each run where it was on the axis: they come when the schedule, or somebody, has them come. */
function Series({ runs }: { runs: readonly AnchorRunOut[] }) {
  const drawing = useMemo(() => {
    const times = runs.map((run) => Date.parse(run.started_at));
    const [first = 0, last = 0] = [times[0], times.at(-1)];
    const margin = Math.max(HOUR_MS, (last - first) * 0.04);
    const series: ChartSeries[] = [
      {
        key: "agreement",
        label: "Agrees with people",
        values: runs.map((run) => run.against_people.agreement),
        n: runs.map((run) => run.n),
        color: "chart-1",
        hasPoints: true,
        interval: { low: runs.map((run) => run.against_people.agreement_low), high: runs.map((run) => run.against_people.agreement_high) },
      },
    ];
    return { times, series, fromMs: first - margin, toMs: last + margin };
  }, [runs]);
  return (
    <TimeChart
      label="Agreement on anchors over time"
      {...drawing}
      stepMs={1}
      format={(value) => formatShare(value)}
      formatAxis={(value) => formatAxis(value, "ratio")}
      height={220}
    />
  );
}

function runsTable(runs: readonly AnchorRunOut[]): PanelTable {
  return {
    header: ["Time", "Agreement", "From", "To", "Verdicts", "Without verdict", "Version"],
    rows: runs.map((run) => [
      run.started_at,
      run.against_people.agreement,
      run.against_people.agreement_low,
      run.against_people.agreement_high,
      run.n,
      run.failed,
      run.version,
    ]),
    isTimeline: true,
    format: (value, column) =>
      column === 0 || value === null || value === undefined ? String(value ?? "–") : column < 4 ? formatShare(Number(value)) : String(value),
  };
}
