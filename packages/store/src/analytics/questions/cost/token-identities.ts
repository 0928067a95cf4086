import type { UsageFlaw } from "@telltale/model";
import type { Engine } from "../../../engine/engine.ts";
import { IS_PRICED_TWICE, IS_REPORT, REPORTS_TOKENS, usageChecks } from "../../settled/settled-calls.ts";
import { FIGURE_SETTINGS } from "../figure-settings.ts";
import type { TraceHistogram } from "../trace-histogram.ts";
import { CURRENT_PLACE, type CostWindow, type Place, type ReadFrom, SETTLED_PLACE, type WindowReading, readWindow, tracesAt } from "./cost-window.ts";

export type Identity = UsageFlaw | "usage_on_wrappers_only" | "cost_not_as_reported";

/** How often an instrumentation breaks an identity with a model. */
export interface BrokenIdentity extends Reporter {
  identity: Identity;
  /** Reports that break it, of so many that could. */
  broken: number;
  checked: number;
  projectId: string;
  traceId: string;
  spanId: string;
}

export interface Reporter {
  scopeName: string;
  scopeVersion: string;
  dialect: string;
  model: string;
}

const MAX_SDKS = 200;
/** What does not add up, by who reported it: instrumentation and version, convention, model. Reports that count twice are reports. */
export async function tokenIdentities(
  engine: Engine,
  histogram: TraceHistogram,
  window: CostWindow,
  signal?: AbortSignal,
): Promise<{ broken: BrokenIdentity[]; reports: number } & ReadFrom> {
  const { answer, ...read } = await readWindow(
    engine,
    histogram,
    window,
    async (reading) => {
      const [rows, wrappers] = await Promise.all([checkedReports(engine, reading.again()), usageOnWrappersOnly(engine, reading.again())]);
      const found = [...rows.flatMap(brokenOf), ...wrappers];
      const broken = await withExamples(engine, found, reading);
      return { broken, reports: rows.reduce((sum, row) => sum + Number(row.reports), 0) };
    },
    signal,
  );
  return { ...answer, ...read };
}

interface ReporterRow {
  scope_name: string;
  scope_version: string;
  dialect: string;
  model: string;
}

type CheckRow = ReporterRow & { reports: string; priced: string; counts: string[]; examples: Place[] };
type Found = Omit<BrokenIdentity, "projectId" | "traceId" | "spanId"> & { place: Place };

const who = "scope_name, scope_version, dialect, model";

function checkedReports(engine: Engine, reading: WindowReading): Promise<CheckRow[]> {
  const each = (of: (index: number) => string): string => usageChecks.map((_, index) => of(index)).join(", ");
  return engine.query<CheckRow>(
    `SELECT scope_name, scope_version, dialect, model, sum(n) AS reports, sum(twice) AS priced,
       [${each((index) => `sum(n${index})`)}] AS counts, [${each((index) => `maxIf(place${index}, n${index} > 0)`)}] AS examples
     FROM ${reportRows(reading)} GROUP BY scope_name, scope_version, dialect, model ORDER BY arraySum(counts) DESC, reports DESC LIMIT ${MAX_SDKS} ${FIGURE_SETTINGS}`,
    reading.params.values,
    reading.options,
  );
}

/** Reports of the window as rows that add up: one by one, or those of settled hours added up already. */
function reportRows(reading: WindowReading): string {
  const oneByOne = (place: string): string =>
    `SELECT ${who}, toUInt64(1) AS n, toUInt64(${IS_PRICED_TWICE}) AS twice, ${usageChecks.map(({ sql }, index) => `toUInt64(ifNull(${sql}, 0)) AS n${index}, ${place} AS place${index}`).join(", ")}`;
  const settled = reading.canReadSums
    ? ({
        settledTable: "settled_calls",
        settled: `SELECT scope_name, scope_version, dialect, if(response_model != '', response_model, request_model) AS model, reports AS n, priced AS twice,
          ${usageChecks.map((_, index) => `counts[${index + 1}] AS n${index}, ('', '', '', build, examples[${index + 1}]) AS place${index}`).join(", ")}`,
        settledWhere: "reports > 0",
      } as const)
    : { settled: oneByOne(SETTLED_PLACE), settledWhere: IS_REPORT };
  return reading.spans({ ...settled, current: oneByOne(CURRENT_PLACE), currentWhere: IS_REPORT });
}

function brokenOf(row: CheckRow): Found[] {
  return usageChecks.flatMap(({ identity }, index) => {
    const broken = Number(row.counts[index] ?? 0);
    const place = row.examples[index];
    if (broken === 0 || place === undefined) return [];
    return [{ identity, ...reporterOf(row), broken, checked: Number(identity === "cost_not_as_reported" ? row.priced : row.reports), place }];
  });
}

/** Traces whose tokens only an agent or a wrapper reports: they are shown there and count in no sum, so the trace has none. */
async function usageOnWrappersOnly(engine: Engine, reading: WindowReading): Promise<Found[]> {
  const where = `usage_is_aggregate AND ${REPORTS_TOKENS}`;
  const spans = reading.spans({
    settled: `SELECT ${who}, (build, number, '') AS trace, ${SETTLED_PLACE} AS place`,
    settledWhere: where,
    current: `SELECT ${who}, (toUInt64(0), toUInt32(0), concat(project_id, '/', trace_id)) AS trace, ${CURRENT_PLACE} AS place`,
    currentWhere: where,
  });
  const other = reading.again();
  const rows = await engine.query<ReporterRow & { traces: string; example: Place }>(
    `SELECT scope_name, scope_version, dialect, model, uniqExact(trace) AS traces, max(place) AS example FROM ${spans}
     GROUP BY scope_name, scope_version, dialect, model ORDER BY traces DESC LIMIT ${MAX_SDKS} ${FIGURE_SETTINGS}`,
    reading.params.values,
    reading.options,
  );
  if (rows.length === 0) return [];
  const silent = await engine.query<ReporterRow & { traces: string; example: Place }>(
    `SELECT scope_name, scope_version, dialect, model, uniqExact(trace) AS traces, max(place) AS example FROM ${other.spans({
      settled: `SELECT ${who}, (build, number, '') AS trace, ${SETTLED_PLACE} AS place`,
      settledWhere: `${where} AND (build, number) IN (SELECT build, number FROM settled_traces WHERE build IN ${other.params.bind("Array(UInt64)", [...other.hours.builds])} AND isNull(total_tokens))`,
      current: `SELECT ${who}, (toUInt64(0), toUInt32(0), concat(project_id, '/', trace_id)) AS trace, ${CURRENT_PLACE} AS place`,
      currentWhere: `${where} AND (project_id, trace_id) IN (SELECT project_id, trace_id FROM ${other.traces("project_id, trace_id, total_tokens")} WHERE isNull(total_tokens))`,
    })} GROUP BY scope_name, scope_version, dialect, model ORDER BY traces DESC LIMIT ${MAX_SDKS} ${FIGURE_SETTINGS}`,
    other.params.values,
    other.options,
  );
  const all = new Map(rows.map((row) => [JSON.stringify(reporterOf(row)), Number(row.traces)]));
  return silent.map((row) => ({
    identity: "usage_on_wrappers_only",
    ...reporterOf(row),
    broken: Number(row.traces),
    checked: all.get(JSON.stringify(reporterOf(row))) ?? Number(row.traces),
    place: row.example,
  }));
}

/** Names the example of each: the trace by its place, then the span in it that shows it. */
async function withExamples(engine: Engine, found: readonly Found[], { options }: WindowReading): Promise<BrokenIdentity[]> {
  const named = await tracesAt(
    engine,
    found.map(({ place }) => place),
    options,
  );
  const placed = found.map(({ place, ...one }) => ({ ...one, ...named(place), spanId: place[2] }));
  const unnamed = placed.filter((one) => one.spanId === "" && one.traceId !== "");
  if (unnamed.length === 0) return placed;
  const spans = await engine.query<ReporterRow & { project_id: string; trace_id: string; span_id: string; broken: number[]; wraps: number }>(
    `SELECT project_id, trace_id, span_id, scope_name, scope_version, dialect, toString(model) AS model, [${usageChecks.map(({ sql }) => `toUInt8(ifNull(${sql}, 0))`).join(", ")}] AS broken, toUInt8(usage_is_aggregate AND ${REPORTS_TOKENS}) AS wraps
     FROM spans FINAL
     WHERE (project_id, bucket) IN (SELECT project_id, spans_bucket FROM traces WHERE project_id IN {projects:Array(String)} AND trace_id IN {ids:Array(String)})
       AND project_id IN {projects:Array(String)} AND trace_id IN {ids:Array(String)} AND (arraySum(broken) > 0 OR wraps = 1) ORDER BY start_time LIMIT 10000`,
    { projects: [...new Set(unnamed.map((one) => one.projectId))], ids: [...new Set(unnamed.map((one) => one.traceId))] },
    options,
  );
  return placed.map((one) => {
    if (one.spanId !== "") return one;
    const bit = usageChecks.findIndex(({ identity }) => identity === one.identity);
    const span = spans.find(
      (row) =>
        row.project_id === one.projectId &&
        row.trace_id === one.traceId &&
        JSON.stringify(reporterOf(row)) ===
          JSON.stringify(reporterOf({ scope_name: one.scopeName, scope_version: one.scopeVersion, dialect: one.dialect, model: one.model })) &&
        (bit < 0 ? row.wraps === 1 : row.broken[bit] === 1),
    );
    return { ...one, spanId: span?.span_id ?? "" };
  });
}

function reporterOf(row: ReporterRow): Reporter {
  // Settled rows say so of what is not known.
  return { scopeName: row.scope_name, scopeVersion: row.scope_version, dialect: row.dialect, model: row.model === "unknown" ? "" : row.model };
}
