import { listedKey, nearestModels, ratesFor } from "@telltale/ingest/pricing";
import type { CostModel, UnpricedModel } from "@telltale/model/api";
import type { CallGroup } from "@telltale/store";
import { formatTimestamp } from "../http/native/wire/timestamp.ts";
import type { PriceBook } from "../prices/price-book.ts";

const UNKNOWN = "unknown";
const MAX_MODELS = 1_000;
const MAX_SUGGESTED_FOR = 100;

interface Used {
  group: CallGroup;
  calls: number;
  unpricedCalls: number;
  unpricedTokens: bigint;
  inputTokens: bigint;
  outputTokens: bigint;
  costNano: bigint | undefined;
  firstNs: bigint;
  lastNs: bigint;
}

/** What calls say of themselves, with what they cost and where their price is from now. `traces` by provider and model, if known. */
export class ModelsInUse {
  readonly #used = new Map<string, Used>();
  readonly #book: Pick<PriceBook, "overrides" | "listed">;
  readonly #nowMs: number;
  readonly #traces: ReadonlyMap<string, number>;

  constructor(groups: readonly CallGroup[], traces: ReadonlyMap<string, number>, book: Pick<PriceBook, "overrides" | "listed">, nowMs: number) {
    this.#book = book;
    this.#nowMs = nowMs;
    this.#traces = traces;
    for (const group of groups) this.#add(group);
  }

  /** Those without a price first, then the dearest. */
  all(): CostModel[] {
    return [...this.#used.values()]
      .toSorted((a, b) => b.unpricedCalls - a.unpricedCalls || Number((b.costNano ?? 0n) - (a.costNano ?? 0n)) || b.calls - a.calls)
      .slice(0, MAX_MODELS)
      .map((used) => this.#out(used));
  }

  /** Most tokens first. */
  unpriced(): UnpricedModel[] {
    return [...this.#used.values()]
      .filter((used) => used.unpricedCalls > 0)
      .toSorted((a, b) => Number(b.unpricedTokens - a.unpricedTokens) || b.unpricedCalls - a.unpricedCalls)
      .slice(0, MAX_MODELS)
      .map((used, index) => ({
        ...this.#out(used),
        unpriced_tokens: Number(used.unpricedTokens),
        suggestions: index < MAX_SUGGESTED_FOR ? nearestModels(used.group.provider, modelOf(used.group)) : [],
      }));
  }

  #add(group: CallGroup): void {
    const key = modelKey(group.provider || UNKNOWN, modelOf(group) || UNKNOWN);
    const used = this.#used.get(key) ?? {
      group,
      calls: 0,
      unpricedCalls: 0,
      unpricedTokens: 0n,
      inputTokens: 0n,
      outputTokens: 0n,
      costNano: undefined,
      firstNs: group.firstNs,
      lastNs: group.lastNs,
    };
    used.calls += group.calls;
    used.inputTokens += group.inputTokens;
    used.outputTokens += group.outputTokens;
    if (group.costNano !== undefined) used.costNano = (used.costNano ?? 0n) + group.costNano;
    if (group.costSource === "unknown") {
      used.unpricedCalls += group.calls;
      used.unpricedTokens += group.inputTokens + group.outputTokens;
    }
    if (group.firstNs < used.firstNs) used.firstNs = group.firstNs;
    if (group.lastNs > used.lastNs) {
      used.lastNs = group.lastNs;
      used.group = group;
    }
    this.#used.set(key, used);
  }

  #out(used: Used): CostModel {
    const provider = used.group.provider || UNKNOWN;
    const model = modelOf(used.group) || UNKNOWN;
    return {
      provider,
      model,
      calls: used.calls,
      unpriced_calls: used.unpricedCalls,
      traces: this.#traces.get(modelKey(provider, model)) ?? null,
      input_tokens: Number(used.inputTokens),
      output_tokens: Number(used.outputTokens),
      cost_usd: used.costNano === undefined ? null : Number(used.costNano) / 1e9,
      first_seen: formatTimestamp(used.firstNs),
      last_seen: formatTimestamp(used.lastNs),
      example: { project_id: used.group.projectId, trace_id: used.group.traceId },
      price: this.#priceOf(used.group),
    };
  }

  #priceOf({ provider, requestModel, responseModel }: CallGroup): CostModel["price"] {
    const usage = { input: 1, output: undefined, cacheRead: undefined, cacheWrite: undefined, cacheWrite1h: undefined, reasoning: undefined, inputAudio: undefined, outputAudio: undefined, inputImage: undefined }; // prettier-ignore
    const { step, priceVersion, found } = ratesFor({
      provider,
      requestModel,
      responseModel,
      usage,
      serviceTier: "",
      atNs: BigInt(this.#nowMs) * 1_000_000n,
      overrides: this.#book.overrides,
    });
    if (!step) return null;
    if (found) return { source: "table", provider: found.provider, model: found.model, id: null };
    const id = /^override:([^@]+)/.exec(priceVersion)?.[1] ?? "";
    const own = this.#book.listed.find((price) => price.id === id);
    return { source: "override", provider: own?.provider ?? null, model: own?.model ?? "", id };
  }
}

export function modelKey(provider: string, model: string): string {
  return listedKey({ provider, model });
}

function modelOf(group: CallGroup): string {
  return group.responseModel || group.requestModel;
}
