import { TelltaleError, type ProjectScope } from "@telltale/model";
import type { MetricName } from "@telltale/model/api";
import type { Filter } from "@telltale/model/filter";
import { FIGURE_SETTINGS } from "../figure-settings.ts";
import type { Engine, QueryOptions } from "../../../engine/engine.ts";
import { SqlParams } from "../../../filter-to-sql/sql-params.ts";
import { type BucketWindow, windowOf } from "../time-window.ts";
import { wantedBy, type Wanted } from "../trace-conditions.ts";
import type { TraceHistogram } from "../trace-histogram.ts";
import { aggregateSql, type AggregateRow, type FigureName, figuresOf, type Figures, isPercentile, rankSql } from "./aggregates.ts";
import { type GroupColumn, groupColumn, isSpanField } from "./group-columns.ts";
import { aggregationsOf, defaultAggregations, type Metric, metrics, type RowKind, type Unit } from "./metric-catalogue.ts";
import { isSummable, rankGroups, type RankedGroup, type StepRow, summedBySteps } from "./rank-groups.ts";
import { measuredRows, type RowClause } from "./metric-rows.ts";
import { canReadSettled, type ReadHours, WindowHours } from "./read-hours.ts";
import { type TimeSteps, timeSteps } from "./time-steps.ts";

export interface MetricsQuestion {
  scope: ProjectScope;
  metric: MetricName;
  /** Default: what fits the metric. */
  aggregations?: readonly FigureName[] | undefined;
  /** Fields as in `GroupField` of the API, at most three. */
  groupBy?: readonly string[] | undefined;
  /** `<n>m|h|d|w` */
  interval?: string | undefined;
  timeZone?: string | undefined;
  filter?: Filter | undefined;
  /** Start of the traces, inclusive. */
  fromNs: bigint;
  /** Exclusive. */
  toNs: bigint;
  limit?: number | undefined;
  /** Money and tokens by calls, also when no group asks about them. */
  perCall?: boolean;
  /** Which spans or assessments count. */
  which?: readonly RowClause[];
  orderBy?: FigureName | undefined;
}

export interface MetricsPoint extends Figures {
  /** Start of the step; undefined without an interval. */
  timeNs: bigint | undefined;
  group: Record<string, string>;
  /** All groups beyond the limit. */
  isRest: boolean;
}

export interface MetricsResult {
  unit: Unit;
  of: RowKind;
  points: MetricsPoint[];
  partial: boolean;
  readFromNs: bigint;
}

const DEFAULT_GROUPS = 20;
const MAX_POINTS = 100_000;
const MAX_RANKED_ROWS = 20_000;
const NS_PER_S = 1_000_000_000n;
/** The writer holds hours within what a DateTime can hold, 1970 to 2106. */
const LAST_NS = 0xffff_ffffn * NS_PER_S;
/** First everything; when that hits a limit, the newest hours with this share of the traces. */
const ATTEMPTS = [
  { share: 1, maxSeconds: 8 },
  { share: 1 / 8, maxSeconds: 4 },
  { share: 1 / 64, maxSeconds: 3 },
] as const;
/** With more hours that are not settled a question is no quick one. */
const MAX_QUICK_HOURS = 48;
const MAX_MEMORY_BYTES = 1024 * 1024 * 1024;

/**
 * One metric over a window, by groups and steps, from the current rows of traces, spans and assessments. Limits of time and
 * memory make the answer partial: then it rests on the newest hours only and says from when.
 */
export async function queryMetrics(engine: Engine, histogram: TraceHistogram, question: MetricsQuestion, signal?: AbortSignal): Promise<MetricsResult> {
  const plan = planOf(question);
  const { scope, filter, fromNs, toNs } = question;
  const wanted = await wantedBy({ scope, filter, fromNs, toNs: toNs > LAST_NS ? LAST_NS : toNs, limit: 1 }, engine, signal);
  const whole = windowOf(wanted.read);
  const isSettled = plan.which.length === 0 && canReadSettled(plan.metric, groupColumns(plan, new SqlParams()), filter);
  const hours = isSettled ? await WindowHours.read(engine, wanted, whole, { signal, lane: "figures" }) : undefined;
  for (const { share, maxSeconds } of ATTEMPTS) {
    const window = share === 1 ? whole : await histogram.newest(scope, whole, share, signal);
    if (share < 1 && window.from === whole.from) break;
    const readFromNs = share === 1 || window.from === undefined ? fromNs : max(fromNs, BigInt(window.from) * NS_PER_S);
    try {
      const read = hours?.within(window) ?? WindowHours.unsettled;
      const lane = read.current === "all" || read.current.length > MAX_QUICK_HOURS ? "heavy" : "figures";
      const options = { signal, lane, maxSeconds, maxMemoryBytes: MAX_MEMORY_BYTES } as const;
      const answered = await new Reading(engine, plan, { ...wanted, scope: hours?.scope ?? scope }, window, read, options).points(readFromNs);
      return { unit: plan.metric.unit, ...answered, partial: share < 1, readFromNs };
    } catch (error) {
      if (!(error instanceof TelltaleError && error.code === "query_limit")) throw error;
    }
  }
  throw new TelltaleError("query_limit", "The query reached its limits of time or memory even for the newest hours; narrow the time range or the filter.");
}

interface Plan {
  metric: Metric;
  aggregations: readonly FigureName[];
  orderBy: FigureName;
  fields: readonly string[];
  steps: TimeSteps | undefined;
  limit: number;
  rows: RowKind;
  which: readonly RowClause[];
}

/** Checks what a schema cannot. */
function planOf({
  metric,
  aggregations = defaultAggregations(metric),
  orderBy,
  groupBy = [],
  interval,
  timeZone = "UTC",
  fromNs,
  toNs,
  limit = DEFAULT_GROUPS,
  perCall = false,
  which = [],
}: MetricsQuestion): Plan {
  if (toNs <= fromNs) throw new TelltaleError("bad_request", "from must be earlier than to", { field: "from" });
  if (fromNs >= LAST_NS) throw new TelltaleError("bad_request", "from must be earlier than the year 2106", { field: "from" });
  const ranks = aggregationsOf(metric);
  if (orderBy !== undefined && !ranks.some((name) => name === orderBy || (name === "p50" && isPercentile(orderBy))))
    throw new TelltaleError("bad_request", `${metric} has no ${orderBy} to rank by: choose of ${ranks.join(", ")}`, { field: "order_by" });
  if (new Set(groupBy).size < groupBy.length) throw new TelltaleError("bad_request", "group_by names a field twice", { field: "group_by" });
  const steps = interval === undefined ? undefined : timeSteps(interval, timeZone, Number(fromNs / NS_PER_S), Number((toNs - 1n) / NS_PER_S) + 1);
  if (groupBy.length > 0 && steps !== undefined && steps.edges.length * (limit + 1) > MAX_POINTS)
    throw new TelltaleError(
      "bad_request",
      `${limit} groups in ${steps.edges.length} steps are more than ${MAX_POINTS.toLocaleString("en")} points: lower limit or choose a longer interval`,
      { field: "limit" },
    );
  const found = metrics[metric];
  const rows = found.callValue !== undefined && (perCall || groupBy.some(isSpanField)) ? "spans" : found.rows;
  return { metric: found, aggregations, orderBy: orderBy ?? aggregations[0] ?? "count", fields: groupBy, steps, limit, rows, which };
}

function groupColumns({ metric, fields }: Plan, params: SqlParams): GroupColumn[] {
  return fields.map((field) => groupColumn(field, metric.rows, params));
}

class Reading {
  /** What is computed: the aggregations asked for, and the one that ranks groups. */
  readonly #computed: readonly FigureName[];

  constructor(
    readonly engine: Engine,
    readonly plan: Plan,
    readonly wanted: Wanted,
    readonly window: BucketWindow,
    readonly hours: ReadHours,
    readonly options: QueryOptions,
  ) {
    this.#computed = [...new Set([...plan.aggregations, plan.orderBy])];
  }

  async points(readFromNs: bigint): Promise<{ of: RowKind; points: MetricsPoint[] }> {
    const { fields, steps, rows: of } = this.plan;
    if (steps === undefined) return { of, points: fields.length === 0 ? [this.#point(undefined, [], (await this.#series([]))[0])] : await this.#table() };
    const edges = steps.edges.filter((_, index) => BigInt(steps.edges[index + 1] ?? Number.MAX_SAFE_INTEGER) * NS_PER_S > readFromNs);
    const lines = fields.length === 0 ? [{ group: [], rows: await this.#series([]) }] : await this.#lines();
    return {
      of,
      points: lines.flatMap(({ group, rows }) => {
        const byStep = new Map(rows.map((row) => [Number(row.step), row]));
        return edges.map((edge) => this.#point(BigInt(edge) * NS_PER_S, group, byStep.get(edge)));
      }),
    };
  }

  /** Groups over the whole window, and the rest. */
  async #table(): Promise<MetricsPoint[]> {
    const { limit } = this.plan;
    const rows = await this.#largest();
    const shown = rows.slice(0, limit).map((row) => this.#groupOf(row));
    const points = shown.map((group, index) => this.#point(undefined, group, rows[index]));
    if (rows.length <= limit) return points;
    return [
      ...points,
      this.#point(
        undefined,
        undefined,
        (await this.#series(shown)).find(({ k }) => k === 0),
      ),
    ];
  }

  /** Groups step by step, and the rest. Few groups are read and ranked in one go. */
  async #lines(): Promise<{ group: readonly string[] | undefined; rows: readonly StepRow[] }[]> {
    const { limit } = this.plan;
    const ranked = await this.#rankedSteps();
    if (ranked !== undefined && ranked.length <= limit) return ranked;
    if (ranked !== undefined && this.#computed.every((one) => isSummable(this.plan.metric, one)))
      return [...ranked.slice(0, limit), { group: undefined, rows: summedBySteps(ranked.slice(limit)) }];
    const shown = ranked ? ranked.slice(0, limit).map(({ group }) => group) : (await this.#largest()).map((row) => this.#groupOf(row));
    const hasRest = shown.length > limit || (ranked !== undefined && ranked.length > limit);
    const groups = shown.slice(0, limit);
    const rows = await this.#series(groups);
    const lines = [...groups, ...(hasRest ? [undefined] : [])];
    return lines.map((group, index) => ({ group, rows: rows.filter(({ k }) => k === (group === undefined ? 0 : index + 1)) }));
  }

  async #rankedSteps(): Promise<RankedGroup[] | undefined> {
    const { orderBy } = this.plan;
    const params = new SqlParams();
    if (!isSummable(this.plan.metric, orderBy) || !groupColumns(this.plan, params).every(({ hasFewValues }) => hasFewValues)) return undefined;
    const names = this.#names().join(", ");
    const rows = await this.engine.query<StepRow>(
      `SELECT ${this.#stepSql(params)} AS step, ${names}, ${aggregateSql(this.plan.metric, this.#computed)} FROM (${this.#rows(params)})
       GROUP BY step, ${names} LIMIT ${MAX_RANKED_ROWS + 1} ${FIGURE_SETTINGS}`,
      params.values,
      this.options,
    );
    return rows.length > MAX_RANKED_ROWS ? undefined : rankGroups(rows, (row) => this.#groupOf(row), this.plan.metric, orderBy);
  }

  #names(): string[] {
    return this.plan.fields.map((_, index) => `g${index}`);
  }

  #groupOf(row: object): string[] {
    return this.#names().map((name) => String((row as Record<string, unknown>)[name] ?? ""));
  }

  #rows(params: SqlParams): string {
    const { metric, rows, which } = this.plan;
    return measuredRows({ metric, rows, which, groups: groupColumns(this.plan, params), wanted: this.wanted, window: this.window, hours: this.hours }, params);
  }

  /** The largest groups over the whole window, one more than asked for. */
  #largest(): Promise<AggregateRow[]> {
    const params = new SqlParams();
    const names = this.#names().join(", ");
    return this.engine.query<AggregateRow>(
      `SELECT ${names}, ${aggregateSql(this.plan.metric, this.#computed)} FROM (${this.#rows(params)})
       GROUP BY ${names} ORDER BY ${rankSql(this.plan.metric, this.plan.orderBy, this.#computed)} DESC NULLS LAST, total DESC, ${names} LIMIT ${this.plan.limit + 1} ${FIGURE_SETTINGS}`,
      params.values,
      this.options,
    );
  }

  /** By step and group: `k` is 1 for the first of `shown`, 0 for all others. */
  #series(shown: readonly (readonly string[])[]): Promise<(StepRow & { k: number })[]> {
    const params = new SqlParams();
    return this.engine.query(
      `SELECT ${this.#stepSql(params)} AS step, ${this.#numberSql(shown, params)} AS k, ${aggregateSql(this.plan.metric, this.#computed)}
       FROM (${this.#rows(params)}) GROUP BY step, k ${FIGURE_SETTINGS}`,
      params.values,
      this.options,
    );
  }

  #stepSql(params: SqlParams): string {
    const { steps } = this.plan;
    if (steps === undefined) return "toUInt32(0)";
    const second = "toUInt32(at)";
    const [first = 0] = steps.edges;
    if (steps.lengthS === undefined) return `roundDown(${second}, ${params.bind("Array(UInt32)", [...steps.edges])})`;
    const origin = params.bind("UInt32", first);
    return `toUInt32(${origin} + intDiv(${second} - ${origin}, ${steps.lengthS}) * ${steps.lengthS})`;
  }

  #numberSql(shown: readonly (readonly string[])[], params: SqlParams): string {
    if (shown.length === 0) return "toUInt16(0)";
    const names = this.#names();
    const key = names.length === 1 ? `${names[0]}` : `concat(${names.join(", char(31), ")})`;
    const keys = params.bind(
      "Array(String)",
      shown.map((group) => group.join("\u001f")),
    );
    return `toUInt16(transform(${key}, ${keys}, range(1, ${shown.length + 1}), 0))`;
  }

  /** `group` undefined: the rest. */
  #point(timeNs: bigint | undefined, group: readonly string[] | undefined, row: AggregateRow | undefined): MetricsPoint {
    const { fields, metric, aggregations } = this.plan;
    return {
      timeNs,
      group: Object.fromEntries(group === undefined ? [] : fields.map((field, index) => [field, group[index] ?? ""])),
      isRest: group === undefined,
      ...figuresOf(metric, aggregations, this.#computed, row),
    };
  }
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
