import type { Trace } from "@telltale/model";
import type { FastifyRequest } from "fastify";
import { tracesOf } from "./access.ts";
import type { MlflowDeps } from "./deps.ts";
import { promisedSpans } from "./trace-metadata.ts";

/** Longest wait for spans a client promised. MLflow's own server sleeps 3 s and then answers 404. */
const WAIT_MS = 1000;
/** A trace that was last heard of longer ago than this is not still arriving. */
const ARRIVING_MS = 5000;

/**
 * Traces by id. A client sends spans and the facts of their trace side by side; who reads right after the facts arrived
 * waits a moment for the spans.
 */
export async function arrivedTraces(deps: MlflowDeps, request: FastifyRequest, requestIds: readonly string[]): Promise<Trace[]> {
  const untilMs = deps.now() + WAIT_MS;
  for (;;) {
    const traces = await tracesOf(deps, request, requestIds);
    const waitMs = untilMs - deps.now();
    const arriving = new Set(traces.filter((trace) => isArriving(trace, deps.now())).map((trace) => trace.traceId));
    if (arriving.size === 0 || waitMs <= 0) return traces;
    await nextChange(deps, arriving, waitMs);
  }
}

function isArriving(trace: Trace, nowMs: number): boolean {
  const promised = promisedSpans(trace.metadata);
  return promised !== undefined && trace.spanCount < promised && nowMs - Number(trace.updatedNs / 1_000_000n) < ARRIVING_MS;
}

function nextChange(deps: MlflowDeps, ids: ReadonlySet<string>, waitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      unsubscribe();
      resolve();
    };
    const timer = setTimeout(finish, waitMs);
    const unsubscribe = deps.ingest.onTraces((traces) => {
      if (traces.some((trace) => ids.has(trace.traceId))) finish();
    });
  });
}
