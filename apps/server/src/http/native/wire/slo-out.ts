import type { Slo, SloIndicator, SloObjective } from "@telltale/model";
import type { SloIndicatorOut, SloOut, SloStatusOut } from "@telltale/model/api";
import { badTracesFilter, burnThresholds, type Measured } from "@telltale/watch";
import { formatMs } from "./timestamp.ts";

export function toSloOut(slo: Slo): SloOut {
  return {
    id: slo.id,
    name: slo.name,
    description: slo.description,
    project_id: slo.projectId,
    filter: slo.filter,
    indicator: toIndicatorOut(slo.indicator),
    target: slo.target,
    window_days: slo.windowDays,
    created_at: formatMs(slo.createdMs),
    updated_at: formatMs(slo.updatedMs),
  };
}

export function toSloStatusOut(objective: SloObjective, measured: Measured): SloStatusOut {
  const { budget, projection } = measured;
  return {
    state: measured.state,
    from: formatMs(measured.fromMs),
    to: formatMs(measured.toMs),
    total: budget.total,
    good: budget.total - budget.bad,
    bad: budget.bad,
    excluded: measured.excluded,
    attained: budget.attained,
    budget: { allowed: budget.total === 0 ? null : budget.allowed, consumed: budget.bad, remaining: budget.remaining },
    burn_rates: measured.burn,
    burn_thresholds: burnThresholds(objective.windowDays),
    projection: { kind: projection.kind, exhausted_at: projection.kind === "runs_out" ? formatMs(projection.atMs) : null },
    history: measured.history.map(({ fromMs, toMs, ...point }) => ({ from: formatMs(fromMs), to: formatMs(toMs), ...point })),
    worst_hours: measured.worst.map(({ hour, good, bad, consumed }) => ({
      from: formatMs(hour * 1000),
      to: formatMs((hour + 3600) * 1000),
      good,
      bad,
      consumed,
    })),
    bad_filter: badTracesFilter(objective),
  };
}

function toIndicatorOut(indicator: SloIndicator): SloIndicatorOut {
  return indicator.kind === "error_rate" ? { kind: "error_rate" } : { kind: indicator.kind, threshold_ms: indicator.thresholdMs };
}
