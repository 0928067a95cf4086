import { storedTraceId, TelltaleError, type Trace } from "@telltale/model";
import type { FastifyRequest } from "fastify";
import { scopeOf } from "../scope.ts";
import type { NativeDeps } from "./deps.ts";

/** The trace a path names (`tr-` or plain), with everything acknowledged before this request. Throws `trace_not_found`. */
export async function findTrace(request: FastifyRequest, id: string, { ingest, questions }: Pick<NativeDeps, "ingest" | "questions">): Promise<Trace> {
  const traceId = storedTraceId(id);
  await ingest.readable([traceId]);
  // The same trace id may live in two projects (a client that switched); the one that changed last is meant.
  const found = await questions.findTraces(scopeOf(request), [traceId], request.signal);
  const trace = found.reduce<Trace | undefined>((newest, next) => (newest === undefined || next.updatedNs > newest.updatedNs ? next : newest), undefined);
  if (trace === undefined) throw new TelltaleError("trace_not_found", `There is no trace with id ${id.slice(0, 100)}`);
  return trace;
}

/** The scope of everything that hangs on a trace: its own project. */
export function scopeOfTrace(trace: Trace): { projectIds: readonly string[] } {
  return { projectIds: [trace.projectId] };
}
