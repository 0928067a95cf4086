import type { ShownTrace } from "./trace-info.ts";

/**
 * What the client stored, and what MLflow's own server computes for a trace that came as spans only: session, user,
 * tokens and cost. What a client said itself is never replaced.
 */
export function traceMetadata(trace: ShownTrace): Map<string, string> {
  const metadata = new Map(trace.metadata);
  const fill = (key: string, value: string | undefined): void => {
    if (value !== undefined && value !== "" && !metadata.has(key)) metadata.set(key, value);
  };
  fill("mlflow.trace.session", trace.sessionId);
  fill("mlflow.trace.user", trace.userId);
  fill("mlflow.trace.tokenUsage", tokenUsage(trace));
  fill("mlflow.trace.cost", cost(trace));
  return metadata;
}

/**
 * `mlflow.trace.sizeStats` as the client computes it: bytes of the spans' JSON, quartiles interpolated. It also carries
 * the number of spans, by which a reader knows whether all have come.
 */
export function sizeStats(spanBytes: readonly number[], otherBytes: number): string {
  const sizes = spanBytes.toSorted((a, b) => a - b);
  const total = sizes.reduce((sum, size) => sum + size, 0) + otherBytes + 2 * Math.max(0, sizes.length - 1);
  const at = (share: number): number => Math.trunc(interpolated(sizes, share));
  return pythonDict([
    ["total_size_bytes", total],
    ["num_spans", sizes.length],
    ["max", sizes.at(-1) ?? 0],
    ["p25", at(0.25)],
    ["p50", at(0.5)],
    ["p75", at(0.75)],
  ]);
}

/** How many spans the client said the trace has; undefined when it did not. */
export function promisedSpans(metadata: ReadonlyMap<string, string>): number | undefined {
  const text = metadata.get("mlflow.trace.sizeStats");
  const match = text === undefined ? null : /"num_spans"\s*:\s*(\d{1,9})/.exec(text);
  return match === null ? undefined : Number(match[1]);
}

function tokenUsage({ tokens }: ShownTrace): string | undefined {
  if (tokens.input === undefined && tokens.output === undefined && tokens.total === undefined) return undefined;
  return pythonDict([
    ["input_tokens", tokens.input],
    ["output_tokens", tokens.output],
    ["total_tokens", tokens.total ?? (tokens.input ?? 0) + (tokens.output ?? 0)],
    ["cache_read_input_tokens", tokens.cacheRead],
    ["cache_creation_input_tokens", tokens.cacheWrite],
  ]);
}

/** Only what is known: a trace's row has the total, not its halves, and calls without a price are counted, not priced at 0. */
function cost({ costUsd, unpricedCalls }: ShownTrace): string | undefined {
  if (costUsd === undefined) return undefined;
  return pythonDict([
    ["total_cost", costUsd],
    ["unpriced_calls", unpricedCalls > 0 ? unpricedCalls : undefined],
  ]);
}

/** As Python's `json.dumps` spaces it, so that text comparisons agree with what clients wrote themselves. */
function pythonDict(entries: readonly (readonly [string, number | undefined])[]): string {
  const known = entries.filter(([, value]) => value !== undefined);
  return `{${known.map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`).join(", ")}}`;
}

function interpolated(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share;
  const low = sorted[Math.floor(position)] ?? 0;
  const high = sorted[Math.ceil(position)] ?? low;
  return low + (high - low) * (position - Math.floor(position));
}
