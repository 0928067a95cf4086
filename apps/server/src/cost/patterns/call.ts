import { type PriceOverrides, rateClasses, rateOf, ratesFor, splitTokens } from "@telltale/ingest/pricing";
import type { CostlyStep } from "@telltale/store";

/** A model call, or the call of a tool, as the rules of waste look at it. Money in nano-dollars. */
export interface Step {
  key: string;
  projectId: string;
  traceId: string;
  spanId: string;
  sessionId: string;
  /** Which conversation it belongs to: its session, else its trace. */
  conversation: string;
  kind: "LLM" | "EMBEDDING" | "TOOL";
  name: string;
  model: string;
  provider: string;
  toolName: string;
  agentName: string;
  hasFailed: boolean;
  startNs: bigint;
  endNs: bigint;
  inputTokens: number;
  outputTokens: number;
  reasoningTokens: number;
  cacheReadTokens: number;
  inputHash: string;
  prefixHash: string;
  /** What it costs; undefined = not known, or nothing is paid for it. */
  costNano: number | undefined;
  /** Its money by side and the price of a token; undefined when the stored cost is not tokens × a known price. */
  rates: StepRates | undefined;
}

export interface StepRates {
  inputNano: number;
  /** Nano-dollars per token. */
  perInput: number;
  perCached: number;
  perOutput: number;
  /** The provider sells cached input cheaper. */
  hasCachePrice: boolean;
}

/** `sessions` by trace. */
export function toSteps(steps: readonly CostlyStep[], sessions: ReadonlyMap<string, string>, overrides: PriceOverrides): Step[] {
  return steps.map((step) => toStep(step, sessions, overrides));
}

function toStep(step: CostlyStep, sessions: ReadonlyMap<string, string>, overrides: PriceOverrides): Step {
  const trace = `${step.projectId}/${step.traceId}`;
  const sessionId = sessions.get(trace) ?? "";
  const costNano = step.cost.usd === undefined ? undefined : Math.round(step.cost.usd * 1e9);
  return {
    key: `${trace}/${step.spanId}`,
    projectId: step.projectId,
    traceId: step.traceId,
    spanId: step.spanId,
    sessionId,
    conversation: sessionId === "" ? `trace ${trace}` : `session ${step.projectId}/${sessionId}`,
    kind: step.kind === "TOOL" ? "TOOL" : step.kind === "EMBEDDING" ? "EMBEDDING" : "LLM",
    name: step.name,
    model: step.responseModel || step.requestModel,
    provider: step.provider,
    toolName: step.toolName || step.name,
    agentName: step.agentName,
    hasFailed: step.status === "error",
    startNs: step.startNs,
    endNs: step.endNs,
    inputTokens: step.usage.input ?? 0,
    outputTokens: step.usage.output ?? 0,
    reasoningTokens: step.usage.reasoning ?? 0,
    cacheReadTokens: step.usage.cacheRead ?? 0,
    inputHash: step.inputHash === "0" ? "" : step.inputHash,
    prefixHash: step.prefixHash === "0" ? "" : step.prefixHash,
    costNano,
    rates: costNano === undefined || step.cost.source !== "computed" ? undefined : ratesOf(step, costNano, overrides),
  };
}

const PICO_PER_NANO = 1_000;
const inputSide = new Set(["input", "cacheRead", "cacheWrite", "cacheWrite1h", "inputAudio", "inputImage"]);

/** Only when tokens × the price of now are what was stored: an older price is not guessed. */
function ratesOf(step: CostlyStep, costNano: number, overrides: PriceOverrides): StepRates | undefined {
  const { provider, requestModel, responseModel, serviceTier, usage, startNs } = step;
  const applied = ratesFor({ provider, requestModel, responseModel, serviceTier, usage, atNs: startNs, overrides }).step?.exact;
  if (!applied) return undefined;
  const split = splitTokens(usage);
  let all = 0;
  let input = 0;
  for (const name of rateClasses) {
    const pico = split[name] * rateOf(applied, name);
    all += pico;
    if (inputSide.has(name)) input += pico;
  }
  if (Math.abs(all / PICO_PER_NANO - costNano) > 1) return undefined;
  return {
    inputNano: input / PICO_PER_NANO,
    perInput: rateOf(applied, "input") / PICO_PER_NANO,
    perCached: rateOf(applied, "cacheRead") / PICO_PER_NANO,
    perOutput: rateOf(applied, "output") / PICO_PER_NANO,
    hasCachePrice: rateOf(applied, "cacheRead") < rateOf(applied, "input"),
  };
}
