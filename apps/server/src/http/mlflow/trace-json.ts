import { encodeSpanJson } from "@telltale/ingest";
import type { Assessment, Trace } from "@telltale/model";
import type { MlflowDeps } from "./deps.ts";
import { writeJson } from "./json-text.ts";
import { spansOfTrace } from "./stored-spans.ts";
import { traceInfoJson } from "./trace-info.ts";
import { promisedSpans, sizeStats } from "./trace-metadata.ts";

/**
 * `Trace` as protobuf's JSON, in pieces, spans first: the sizes of the spans of a trace that came without `sizeStats`
 * are known when all have been written.
 */
export async function* traceJsonPieces(deps: MlflowDeps, trace: Trace, assessments: readonly Assessment[]): AsyncGenerator<string> {
  const sizes: number[] = [];
  yield "{";
  for await (const span of spansOfTrace(deps, trace)) {
    const text = encodeSpanJson(span);
    sizes.push(Buffer.byteLength(text));
    yield (sizes.length === 1 ? '"spans":[' : ",") + text;
  }
  if (sizes.length > 0) yield "],";
  yield `"trace_info":${writeJson(traceInfoJson(trace, assessments, extraMetadata(trace, sizes)))}}`;
}

/** Only of a whole trace: readers take `num_spans` for the number that must have come. */
function extraMetadata(trace: Trace, sizes: readonly number[]): Map<string, string> {
  const known = promisedSpans(trace.metadata) !== undefined || !trace.complete || sizes.length === 0;
  return new Map(known ? [] : [["mlflow.trace.sizeStats", sizeStats(sizes, 0)]]);
}
