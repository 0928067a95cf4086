import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RepriceOut } from "@telltale/model/api";
import { useEffect, useRef } from "react";
import { cancelReprice, lastRepriceQuery, startReprice } from "../../api/cost.ts";
import { Button } from "../../components/Button.tsx";
import { Panel } from "../../components/Panel.tsx";
import { toast } from "../../components/toast.tsx";
import { formatMetric, formatShare } from "../../format/metric.ts";
import { formatCount, plural } from "../../format/number.ts";

const SHOWN = 8;
const usd = (value: number | null): string => (value === null ? "unknown" : formatMetric(value, "usd"));

/** Applies the prices of now to what is stored: first what would change, then for good. */
export function RepricePanel({ project }: { project: string | undefined }) {
  const queries = useQueryClient();
  const query = useQuery(lastRepriceQuery);
  const run = query.data ?? undefined;
  const isRunning = run?.state === "running";
  const start = useMutation({
    mutationFn: (dry_run: boolean) => startReprice({ dry_run, ...(project === undefined ? {} : { project_ids: [project] }) }),
    onSuccess: (started) => queries.setQueryData(lastRepriceQuery.queryKey, started),
    onError: (error) => toast(error.message),
  });
  const cancel = useMutation({ mutationFn: cancelReprice, onSuccess: (ended) => queries.setQueryData(lastRepriceQuery.queryKey, ended) });
  const wasRunning = useRef(false);
  useEffect(() => {
    // When prices were applied, every figure of money may be another one.
    if (wasRunning.current && !isRunning && run?.dry_run === false)
      void Promise.all([queries.invalidateQueries({ queryKey: ["cost"] }), queries.invalidateQueries({ queryKey: ["metrics"] })]);
    wasRunning.current = isRunning;
  }, [isRunning, run?.dry_run, queries]);
  return (
    <Panel
      title="Stored calls"
      note={project === undefined ? "all projects" : "this project"}
      queries={[query]}
      minHeight={84}
      actions={
        isRunning ? (
          <Button size="sm" disabled={cancel.isPending} onClick={() => cancel.mutate(run.id)}>
            Cancel
          </Button>
        ) : (
          <>
            <Button size="sm" disabled={start.isPending} onClick={() => start.mutate(true)}>
              Compare
            </Button>
            <Button size="sm" variant="primary" disabled={start.isPending} onClick={() => start.mutate(false)}>
              Reprice
            </Button>
          </>
        )
      }
    >
      <div className="px-4 pb-3 text-sm">
        {run === undefined ? (
          <p className="text-ink-3">They keep the cost they had when they arrived. Compare says what the prices of now would change.</p>
        ) : (
          <Run run={run} />
        )}
      </div>
    </Panel>
  );
}

function Run({ run }: { run: RepriceOut }) {
  const share = run.traces_total === 0 ? 0 : run.traces_done / run.traces_total;
  if (run.state === "running")
    return (
      <div className="flex flex-wrap items-center gap-3">
        <progress aria-label={run.dry_run ? "Comparing" : "Repricing"} value={share} max={1} className="h-1.5 w-56 max-w-full accent-(--accent)" />
        <p className="num text-xs text-ink-2" role="status">
          {run.dry_run ? "Comparing" : "Repricing"}: {formatShare(share)} of {plural(run.traces_total, "trace")}, {formatCount(run.spans_changed)}{" "}
          {run.dry_run ? "would change" : "changed"}
        </p>
      </div>
    );
  const changed = run.models.filter((model) => model.changed > 0);
  return (
    <>
      <p role="status" className={run.state === "failed" ? "text-error" : undefined}>
        {outcome(run)}
      </p>
      {changed.length === 0 ? null : (
        <table className="num mt-2 w-full max-w-3xl text-xs">
          <thead className="text-ink-3">
            <tr>
              <th scope="col" className="py-1 text-left font-medium">
                Model
              </th>
              <th scope="col" className="py-1 text-right font-medium">
                Before
              </th>
              <th scope="col" className="py-1 text-right font-medium">
                {run.dry_run ? "Would be" : "Now"}
              </th>
              <th scope="col" className="py-1 text-right font-medium">
                Calls
              </th>
              <th scope="col" className="py-1 text-right font-medium max-sm:hidden">
                Newly priced
              </th>
            </tr>
          </thead>
          <tbody>
            {changed.slice(0, SHOWN).map((model) => (
              <tr key={`${model.provider}/${model.model}`} className="border-t border-line/60">
                <td className="max-w-56 truncate py-1 font-medium">{model.model}</td>
                <td className="py-1 text-right">{usd(model.old_usd)}</td>
                <td className="py-1 text-right">{usd(model.new_usd)}</td>
                <td className="py-1 text-right">
                  {formatCount(model.changed)} of {formatCount(model.calls)}
                </td>
                <td className="py-1 text-right max-sm:hidden">{formatCount(model.newly_priced)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function outcome(run: RepriceOut): string {
  const spans = `${plural(run.spans_changed, "span")} of ${plural(run.traces_changed, "trace")}`;
  if (run.state === "failed") return `The last run failed: ${run.error ?? "the server's log says why"}`;
  if (run.state === "cancelled") return `The last run was cancelled after ${plural(run.traces_done, "trace")}; ${spans} have new prices.`;
  if (run.spans_changed === 0) return `All ${plural(run.traces_done, "trace")} with model calls have the prices of now.`;
  return run.dry_run
    ? `${spans} would get new prices: ${usd(run.old_usd)} → ${usd(run.new_usd)}.`
    : `${spans} got new prices: ${usd(run.old_usd)} → ${usd(run.new_usd)}.`;
}
