import { setMaxListeners } from "node:events";
import { exactRates, longContextThresholds, type RateStep } from "@telltale/ingest/pricing";
import type { CostGroup, CostIdentities, CostModels, CostPatterns, CostSummary, CostUnpriced, MetricName } from "@telltale/model/api";
import type { CallGroup, CostQuestions, CostWindow, MetricsPoint, MetricsQuestion, ReadFrom, StoredPrice, TraceQuestions } from "@telltale/store";
import { formatTimestamp } from "../http/native/wire/timestamp.ts";
import type { PriceBook } from "../prices/price-book.ts";
import { windowBefore, windowOut } from "./cost-window.ts";
import { identityOut } from "./identity-out.ts";
import { ModelsInUse, modelKey } from "./models-in-use.ts";
import { moneyByClass } from "./money-by-class.ts";
import { findPatterns } from "./patterns/find-patterns.ts";

export interface CostReaderDeps {
  cost: CostQuestions;
  questions: Pick<TraceQuestions, "queryMetrics">;
  prices: Pick<PriceBook, "overrides" | "listed" | "thresholds" | "find">;
  now: () => number;
}

/** Groups whose tokens are told beside their money. */
const MAX_GROUPS = 1_000;
/** What patterns are looked for in: see `costlySteps`. */
const EXAMINED = { dearest: 100, sessions: 15, tracesOfSession: 20, spans: 100_000 };
const GROUP_TOKENS = ["input_tokens", "cached_tokens", "cache_write_tokens", "output_tokens", "reasoning_tokens"] as const satisfies readonly MetricName[];

type Groups = Awaited<ReturnType<CostQuestions["callGroups"]>>;

/** Answers about money, from metrics where they say it, and from the calls themselves where they do not. */
export class CostReader {
  readonly #deps: CostReaderDeps;
  /** Panels of one page ask about the same calls at the same time: they are read once. */
  readonly #reading = new Map<string, Promise<Groups>>();

  constructor(deps: CostReaderDeps) {
    this.#deps = deps;
  }

  async summary(window: CostWindow, groupBy: string, limit: number, signal: AbortSignal): Promise<CostSummary> {
    setMaxListeners(100, signal); // a dozen questions, each cancelled when the caller hangs up
    const before = windowBefore(window);
    const ask = (metric: MetricName, question: Partial<MetricsQuestion> = {}) => this.#deps.questions.queryMetrics({ ...window, metric, ...question }, signal);
    // What the calls say themselves need not be asked of the metrics.
    const ownField = ofCalls[groupBy];
    const [calls, cost, traces, costBefore, tracesBefore, grouped, ...tokens] = await Promise.all([
      this.#groups(window, signal),
      ask("cost_usd", { aggregations: ["sum"] }),
      ask("trace_count"),
      ask("cost_usd", { ...before, aggregations: ["sum"] }),
      ask("trace_count", before),
      ask("cost_usd", { groupBy: [groupBy], limit, aggregations: ["sum"] }),
      ...(ownField ? [] : GROUP_TOKENS).map((metric) => ask(metric, { groupBy: [groupBy], limit: MAX_GROUPS, aggregations: ["sum"] })),
    ]);
    const total = totalOf(cost.points[0], traces.points[0]);
    const answers = [calls, cost, traces, grouped, ...tokens];
    const partial = answers.some((answer) => answer.partial);
    const readFromNs = answers.reduce((latest, answer) => (answer.readFromNs > latest ? answer.readFromNs : latest), window.fromNs);
    const sums: TokenSums[] = ownField
      ? tokensOfCalls(calls.groups, ownField)
      : tokens.map((answer) => new Map(answer.points.filter((point) => !point.isRest).map((point) => [point.group[groupBy], point.values.sum ?? null])));
    return {
      ...windowOut(window, { partial, readFromNs }),
      total,
      previous: { ...totalOf(costBefore.points[0], tracesBefore.points[0]), from: formatTimestamp(before.fromNs), to: formatTimestamp(before.toNs) },
      ...(await this.#callsAndClasses(calls.groups)),
      group_by: groupBy,
      of: grouped.of,
      groups: grouped.points.map((point) => groupOut(point, groupBy, total.cost_usd, sums)),
    };
  }

  async models(window: CostWindow, signal: AbortSignal): Promise<CostModels> {
    const { used, read } = await this.#modelsIn(window, signal);
    return { ...windowOut(window, read), data: used.all(), next_cursor: null };
  }

  async unpriced(window: CostWindow, signal: AbortSignal): Promise<CostUnpriced> {
    const { used, read, groups } = await this.#modelsIn(window, signal);
    const all = groups.reduce((sum, group) => sum + (group.costSource === "none" ? 0 : group.calls), 0);
    const data = used.unpriced();
    const calls = data.reduce((sum, model) => sum + model.unpriced_calls, 0);
    return { ...windowOut(window, read), calls, share_of_calls: all === 0 ? null : calls / all, data, next_cursor: null };
  }

  async identities(window: CostWindow, signal: AbortSignal): Promise<CostIdentities> {
    const { broken, reports, ...read } = await this.#deps.cost.tokenIdentities(window, signal);
    const data = broken.map(identityOut).toSorted((a, b) => b.broken - a.broken || b.share - a.share);
    return { ...windowOut(window, read), reports, data, next_cursor: null };
  }

  async patterns(window: CostWindow, signal: AbortSignal): Promise<CostPatterns> {
    const { steps, traces, dearest, totalUsd, traceCount, ...read } = await this.#deps.cost.costlySteps(window, EXAMINED, signal);
    const found = findPatterns({ steps, traces, dearest, overrides: this.#deps.prices.overrides });
    return {
      ...windowOut(window, read),
      ...found,
      examined: {
        traces: traces.length,
        cost_usd: traces.every((trace) => trace.costUsd === undefined)
          ? null
          : traces.reduce((sum, trace) => sum + Math.round((trace.costUsd ?? 0) * 1e9), 0) / 1e9,
        window_traces: traceCount,
        window_cost_usd: totalUsd ?? null,
      },
    };
  }

  async #modelsIn(window: CostWindow, signal: AbortSignal): Promise<{ used: ModelsInUse; groups: readonly CallGroup[]; read: ReadFrom }> {
    const { queryMetrics } = this.#deps.questions;
    const [{ groups, ...read }, traces] = await Promise.all([
      this.#groups(window, signal),
      queryMetrics({ ...window, metric: "trace_count", groupBy: ["provider", "model"], limit: MAX_GROUPS }, signal),
    ]);
    const counts = new Map(
      traces.points.filter((point) => !point.isRest).map((point) => [modelKey(point.group["provider"] ?? "", point.group["model"] ?? ""), point.n]),
    );
    return { used: new ModelsInUse(groups, counts, this.#deps.prices, this.#deps.now()), groups, read };
  }

  /** Read once for all who ask at the same time. */
  #groups(window: CostWindow, signal: AbortSignal): Promise<Groups> {
    const key = JSON.stringify([window.scope.projectIds, window.filter, String(window.fromNs), String(window.toNs)]);
    const running = this.#reading.get(key);
    // Who asked first may hang up: then the others ask themselves.
    if (running) return running.catch((error: unknown) => (signal.aborted ? Promise.reject(error as Error) : this.#readGroups(window, signal)));
    const reading = this.#readGroups(window, signal).finally(() => this.#reading.delete(key));
    this.#reading.set(key, reading);
    return reading;
  }

  #readGroups(window: CostWindow, signal: AbortSignal): Promise<Groups> {
    return this.#deps.cost.callGroups(window, this.#thresholds(), signal);
  }

  #thresholds(): number[] {
    return [...new Set([...longContextThresholds(), ...this.#deps.prices.thresholds])].toSorted((a, b) => a - b);
  }

  async #callsAndClasses(groups: readonly CallGroup[]): Promise<Pick<CostSummary, "calls" | "classes" | "not_split">> {
    const ids = new Set(groups.flatMap((group) => /^override:([^@]+)/.exec(group.priceVersion)?.[1] ?? []));
    const steps = new Map((await this.#deps.prices.find([...ids])).map((price) => [price.id, stepsOf(price)]));
    const { classes, notSplit } = moneyByClass(groups, this.#thresholds(), (id) => steps.get(id));
    const input = groups.reduce((sum, group) => sum + group.inputTokens, 0n);
    const cached = groups.reduce((sum, group) => sum + group.classes.cacheRead, 0n);
    return {
      calls: {
        count: groups.reduce((sum, group) => sum + group.calls, 0),
        unpriced: groups.reduce((sum, group) => sum + (group.costSource === "unknown" ? group.calls : 0), 0),
        input_tokens: Number(input),
        output_tokens: Number(groups.reduce((sum, group) => sum + group.outputTokens, 0n)),
        cache_hit_rate: input === 0n ? null : Number(cached) / Number(input),
      },
      classes,
      not_split: { cost_usd: Number(notSplit.nano) / 1e9, calls: notSplit.calls, reported_usd: Number(notSplit.reportedNano) / 1e9 },
    };
  }
}

type TokenSums = ReadonlyMap<string | undefined, number | null>;

const ofCalls: Partial<Record<string, (group: CallGroup) => string>> = {
  model: (group) => group.responseModel || group.requestModel || "unknown",
  provider: (group) => group.provider || "unknown",
};

/** As `GROUP_TOKENS`, from the calls. What no call of a group reported is not known. */
function tokensOfCalls(groups: readonly CallGroup[], fieldOf: (group: CallGroup) => string): TokenSums[] {
  const of = [
    (group: CallGroup) => group.inputTokens,
    (group: CallGroup) => group.classes.cacheRead,
    (group: CallGroup) => group.classes.cacheWrite + group.classes.cacheWrite1h,
    (group: CallGroup) => group.outputTokens,
    (group: CallGroup) => group.classes.reasoning,
  ];
  return of.map((tokens) => {
    const sums = new Map<string | undefined, number | null>();
    for (const group of groups) {
      const count = Number(tokens(group));
      if (count > 0) sums.set(fieldOf(group), (sums.get(fieldOf(group)) ?? 0) + count);
    }
    return sums;
  });
}

function stepsOf(price: StoredPrice): RateStep[] {
  const steps: RateStep[] = [];
  let rates = price.rates;
  for (const { above, rates: own } of [{ above: -1, rates: {} }, ...price.longContext.toSorted((a, b) => a.above - b.above)]) {
    rates = { ...rates, ...own };
    steps.unshift({ above, rates, exact: exactRates(rates) });
  }
  return steps;
}

function totalOf(cost: MetricsPoint | undefined, traces: MetricsPoint | undefined): CostSummary["total"] {
  const usd = cost?.values.sum ?? null;
  const priced = cost?.n ?? 0;
  return {
    cost_usd: priced === 0 ? null : usd,
    traces: traces?.n ?? 0,
    priced_traces: priced,
    cost_per_trace_usd: priced === 0 || usd === null ? null : usd / priced,
  };
}

function groupOut(point: MetricsPoint, field: string, totalUsd: number | null, sums: readonly TokenSums[]): CostGroup {
  const value = point.isRest ? null : (point.group[field] ?? null);
  const usd = point.n === 0 ? null : (point.values.sum ?? null);
  const [input = null, cached = null, cacheWrite = null, output = null, reasoning = null] = sums.map((sum) =>
    value === null ? null : (sum.get(value) ?? null),
  );
  return {
    value,
    cost_usd: usd,
    share: usd === null || totalUsd === null || totalUsd === 0 ? null : usd / totalUsd,
    n: point.n,
    n_missing: point.nMissing,
    cost_per_n_usd: usd === null ? null : usd / point.n,
    tokens: { input, cached, cache_write: cacheWrite, output, reasoning },
    cache_hit_rate: input === null || input === 0 || cached === null ? null : cached / input,
  };
}
