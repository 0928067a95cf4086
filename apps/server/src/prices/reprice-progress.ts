import type { RepriceIn, RepriceModel, RepriceOut } from "@telltale/model/api";
import type { RepriceJob, StoredCall, WalkPosition } from "@telltale/store";
import type { Cost } from "@telltale/model";

/** As asked, with the caller's projects resolved (`null` = all). Kept as JSON. */
export interface RepriceQuestion extends Omit<RepriceIn, "project_ids"> {
  project_ids: string[] | null;
}

/** How far a run is and what it found. Kept as JSON after each step, money in nano-dollars. */
export interface RepriceProgress {
  after: WalkPosition | null;
  tracesTotal: number;
  tracesDone: number;
  tracesChanged: number;
  spansChanged: number;
  models: Tally[];
}

interface Tally {
  provider: string;
  model: string;
  calls: number;
  changed: number;
  newlyPriced: number;
  becameUnknown: number;
  oldNano: number | null;
  newNano: number | null;
}

const MAX_MODELS = 1_000;
const OTHERS = "(other models)";

export function newProgress(): RepriceProgress {
  return { after: null, tracesTotal: 0, tracesDone: 0, tracesChanged: 0, spansChanged: 0, models: [] };
}

export function nanoOf(usd: number | undefined): number | undefined {
  return usd === undefined ? undefined : Math.round(usd * 1e9);
}

/** What a call costs is the amount and where it is from; the version of a table that says the same again is no change. */
export function isSameCost(a: Pick<Cost, "usd" | "source">, b: Pick<Cost, "usd" | "source">): boolean {
  return nanoOf(a.usd) === nanoOf(b.usd) && a.source === b.source;
}

/** Adds calls up by model. Only what counts in sums: a call reported twice, or summed by a wrapper, counts once. */
export class Tallies {
  readonly #byModel: Map<string, Tally>;

  constructor(models: readonly Tally[]) {
    this.#byModel = new Map(models.map((tally) => [keyOf(tally.provider, tally.model), { ...tally }]));
  }

  add(call: StoredCall, cost: Cost): void {
    if (!call.counted || call.usageIsAggregate) return;
    const tally = this.#of(call.provider || "unknown", call.responseModel || call.requestModel || "unknown");
    tally.calls += 1;
    tally.oldNano = plus(tally.oldNano, nanoOf(call.cost.usd));
    tally.newNano = plus(tally.newNano, nanoOf(cost.usd));
    if (isSameCost(call.cost, cost)) return;
    tally.changed += 1;
    if (call.cost.usd === undefined && cost.usd !== undefined) tally.newlyPriced += 1;
    if (call.cost.usd !== undefined && cost.usd === undefined) tally.becameUnknown += 1;
  }

  get models(): Tally[] {
    return [...this.#byModel.values()];
  }

  #of(provider: string, model: string): Tally {
    const key = keyOf(provider, model);
    const known = this.#byModel.get(key);
    if (known) return known;
    if (this.#byModel.size >= MAX_MODELS && model !== OTHERS) return this.#of("", OTHERS); // names come from outside
    const tally: Tally = { provider, model, calls: 0, changed: 0, newlyPriced: 0, becameUnknown: 0, oldNano: null, newNano: null };
    this.#byModel.set(key, tally);
    return tally;
  }
}

/** A run as the API tells it. `question` and `progress` were written by us. */
export function toRepriceOut(job: RepriceJob): RepriceOut {
  const question = job.question as RepriceQuestion;
  const progress = job.progress as RepriceProgress;
  const sum = (of: (tally: Tally) => number | null): number | null =>
    toUsd(progress.models.reduce<number | null>((total, tally) => plus(total, of(tally) ?? undefined), null));
  return {
    id: job.id,
    state: job.state,
    dry_run: question.dry_run,
    from: question.from ?? null,
    to: question.to ?? null,
    project_ids: question.project_ids,
    filter: question.filter ?? null,
    traces_done: progress.tracesDone,
    traces_total: Math.max(progress.tracesTotal, progress.tracesDone),
    traces_changed: progress.tracesChanged,
    spans_changed: progress.spansChanged,
    old_usd: sum((tally) => tally.oldNano),
    new_usd: sum((tally) => tally.newNano),
    models: progress.models.map(toModelOut).toSorted(byDifference),
    error: job.error ?? null,
    created_at: new Date(job.createdMs).toISOString(),
    updated_at: new Date(job.updatedMs).toISOString(),
  };
}

function toModelOut(tally: Tally): RepriceModel {
  return {
    provider: tally.provider,
    model: tally.model,
    calls: tally.calls,
    changed: tally.changed,
    newly_priced: tally.newlyPriced,
    became_unknown: tally.becameUnknown,
    old_usd: toUsd(tally.oldNano),
    new_usd: toUsd(tally.newNano),
  };
}

function byDifference(a: RepriceModel, b: RepriceModel): number {
  const difference = (model: RepriceModel): number => Math.abs((model.new_usd ?? 0) - (model.old_usd ?? 0));
  return difference(b) - difference(a) || b.changed - a.changed || (keyOf(a.provider, a.model) < keyOf(b.provider, b.model) ? -1 : 1);
}

function keyOf(provider: string, model: string): string {
  return `${provider}\0${model}`;
}

function plus(a: number | null, b: number | undefined): number | null {
  return b === undefined ? a : (a ?? 0) + b;
}

function toUsd(nano: number | null): number | null {
  return nano === null ? null : nano / 1e9;
}
