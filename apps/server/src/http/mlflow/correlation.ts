import { parseFilter, type Filter } from "@telltale/model/filter";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { scopeWithin } from "./access.ts";
import type { MlflowDeps } from "./deps.ts";
import { JsonText, doubleText } from "./json-text.ts";
import { jsonBody, maybe, parseRequest, RequiredText } from "./request.ts";
import type { MlflowRoute } from "./route-table.ts";

const Correlate = z.object({
  experiment_ids: z.array(z.string()).min(1).max(1000),
  filter_string1: RequiredText,
  filter_string2: RequiredText,
  base_filter: maybe(z.string()),
});

export interface Counts {
  first: number;
  second: number;
  joint: number;
  total: number;
}

/** How strongly two filters go together: normalised pointwise mutual information (Bouma 2009), as MLflow computes it. */
export function correlationRoutes(deps: MlflowDeps): MlflowRoute[] {
  return [{ method: "POST", path: "3.0/mlflow/traces/calculate-filter-correlation", handle: (request) => correlate(deps, request) }];
}

async function correlate(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const sent = parseRequest(Correlate, jsonBody(request));
  const base = parseFilter(sent.base_filter ?? "");
  const first = parseFilter(sent.filter_string1);
  const second = parseFilter(sent.filter_string2);
  const scope = scopeWithin(deps.scopeOf(request), sent.experiment_ids);
  await deps.ingest.readable();
  const count = async (...filters: (Filter | undefined)[]): Promise<number> =>
    (await deps.traces.countTraces({ scope, filter: allOf(filters), limit: 1 })).count;
  const counts: Counts = {
    first: await count(base, first),
    second: await count(base, second),
    joint: await count(base, first, second),
    total: await count(base),
  };
  return {
    npmi: number(npmi(counts, 0)),
    npmi_smoothed: number(npmi(counts, JEFFREYS)),
    filter1_count: counts.first,
    filter2_count: counts.second,
    joint_count: counts.joint,
    total_count: counts.total,
  };
}

/** Jeffreys' prior, added to each of the four cells of the table. */
const JEFFREYS = 0.5;

/** In [-1, 1]; NaN when one of the filters matches nothing (and nothing is smoothed). */
export function npmi({ first, second, joint, total }: Counts, prior: number): number {
  if (prior === 0 && (first === 0 || second === 0)) return Number.NaN;
  const all = Math.log(total + 4 * prior);
  const both = Math.log(joint + prior);
  if (both === Number.NEGATIVE_INFINITY) return -1;
  if (both === all) return 1;
  const information = both + all - Math.log(first + 2 * prior) - Math.log(second + 2 * prior);
  return Math.min(1, Math.max(-1, information / (all - both)));
}

/** protobuf's JSON writes NaN as a string. */
function number(value: number): unknown {
  return Number.isNaN(value) ? "NaN" : new JsonText(doubleText(value));
}

function allOf(filters: readonly (Filter | undefined)[]): Filter | undefined {
  const items = filters.filter((filter) => filter !== undefined);
  return items.length > 1 ? { kind: "and", items } : items[0];
}
