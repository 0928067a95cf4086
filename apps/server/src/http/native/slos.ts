import { NewSlo, percentileOf, SloOut, SloPatch, SloPreviewOut, SloPreviewQuery, SloStatusOut, type SloIndicatorIn } from "@telltale/model/api";
import { type ProjectScope, type Slo, type SloIndicator, type SloObjective, TelltaleError } from "@telltale/model";
import { badTracesFilter, measureSlo, signalQuantiles, suggestThreshold } from "@telltale/watch";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { assertInScope, narrowedScope, scopeOf } from "../scope.ts";
import type { TypedApp } from "../typed-routes.ts";
import type { NativeDeps } from "./deps.ts";
import { Paging, pageOf } from "./paging.ts";
import { toSloOut, toSloStatusOut } from "./wire/slo-out.ts";

const SloParams = z.object({ id: z.string().max(100) });
const ListQuery = Paging.extend({ project_id: z.string().max(20).optional() });
const SloList = z.object({ data: z.array(SloOut), next_cursor: z.string().nullable() });

/** Service level objectives, and how they stand. */
export function sloRoutes(app: TypedApp, { slos, sloCounter, ingest, now }: Pick<NativeDeps, "slos" | "sloCounter" | "ingest" | "now">): void {
  app.get(
    "/slos",
    { schema: { tags: ["slos"], summary: "Service level objectives, by name", querystring: ListQuery, response: { 200: SloList } } },
    async (request) => {
      const { project_id } = request.query;
      const all = await slos.list(narrowedScope(request, project_id === undefined ? undefined : [project_id]));
      return pageOf(all.map(toSloOut), request.query);
    },
  );

  app.post("/slos", { schema: { tags: ["slos"], summary: "Create an SLO", body: NewSlo, response: { 201: SloOut } } }, async (request, reply) => {
    const { name, description } = request.body;
    const objective = objectiveOf(request, request.body);
    badTracesFilter(objective); // a filter that cannot be read is refused now, not at the first look
    return reply.code(201).send(toSloOut(await slos.create({ name, description, ...objective })));
  });

  app.post(
    "/slos/preview",
    {
      schema: {
        tags: ["slos"],
        summary: "What an SLO would have said, without keeping it; suggests a threshold from history",
        body: SloPreviewQuery,
        response: { 200: SloPreviewOut },
      },
    },
    async (request) => {
      const objective = objectiveOf(request, request.body);
      const scope = scopeFor(request, objective);
      await ingest.readable();
      const nowMs = now();
      const [measured, quantiles] = await Promise.all([
        measureSlo(sloCounter, objective, scope, nowMs, request.signal),
        signalQuantiles(sloCounter, objective, scope, nowMs, request.signal),
      ]);
      return {
        ...toSloStatusOut(objective, measured),
        quantiles: { p50: quantiles.p50, p95: quantiles.p95, p99: quantiles.p99, at_target: quantiles.atTarget },
        suggested_threshold_ms: suggestThreshold(quantiles.atTarget),
      };
    },
  );

  app.get("/slos/:id", { schema: { tags: ["slos"], summary: "One SLO", params: SloParams, response: { 200: SloOut } } }, async (request) =>
    toSloOut(await slos.find(scopeOf(request), request.params.id)),
  );

  app.get(
    "/slos/:id/status",
    {
      schema: {
        tags: ["slos"],
        summary: "Error budget, burn rates, projection, history and worst hours of an SLO",
        params: SloParams,
        response: { 200: SloStatusOut },
      },
    },
    async (request) => {
      const slo = await slos.find(scopeOf(request), request.params.id);
      await ingest.readable();
      return toSloStatusOut(slo, await measureSlo(sloCounter, slo, scopeFor(request, slo), now(), request.signal));
    },
  );

  app.patch(
    "/slos/:id",
    { schema: { tags: ["slos"], summary: "Change an SLO", params: SloParams, body: SloPatch, response: { 200: SloOut } } },
    async (request) => {
      const before = await slos.find(scopeOf(request), request.params.id);
      const change = changeOf(request, request.body);
      badTracesFilter({ filter: change.filter ?? before.filter, indicator: change.indicator ?? before.indicator });
      return toSloOut(await slos.change(scopeOf(request), before.id, change));
    },
  );

  app.delete("/slos/:id", { schema: { tags: ["slos"], summary: "Delete an SLO", params: SloParams, response: { 204: z.null() } } }, async (request, reply) => {
    await slos.remove(scopeOf(request), request.params.id);
    return reply.code(204).send(null);
  });
}

function objectiveOf(request: FastifyRequest, { project_id, filter, indicator, target, window_days }: SloPreviewQuery): SloObjective {
  if (project_id !== null) assertInScope(request, project_id);
  const share = target ?? percentileOf(indicator);
  if (share === undefined) throw new TelltaleError("bad_request", "target is missing", { field: "target" });
  return { projectId: project_id, filter, indicator: indicatorOf(indicator), target: share, windowDays: window_days };
}

function changeOf(request: FastifyRequest, { name, description, project_id, filter, indicator, target, window_days }: SloPatch) {
  if (typeof project_id === "string") assertInScope(request, project_id);
  const share = target ?? (indicator === undefined ? undefined : percentileOf(indicator));
  return {
    name,
    description,
    projectId: project_id,
    filter,
    indicator: indicator === undefined ? undefined : indicatorOf(indicator),
    target: share,
    windowDays: window_days,
  };
}

function indicatorOf(indicator: SloIndicatorIn): SloIndicator {
  return indicator.kind === "error_rate" ? { kind: "error_rate" } : { kind: indicator.kind, thresholdMs: indicator.threshold_ms };
}

/** The projects an objective is about, as far as the caller may see them. */
function scopeFor(request: FastifyRequest, { projectId }: Pick<Slo, "projectId">): ProjectScope {
  return narrowedScope(request, projectId === null ? undefined : [projectId]);
}
