import { CostIdentities, CostModels, CostPatterns, CostQuery, CostSummary, CostSummaryQuery, CostUnpriced } from "@telltale/model/api";
import type { CostWindow } from "@telltale/store";
import type { FastifyRequest } from "fastify";
import { costWindow } from "../../cost/cost-window.ts";
import { narrowedScope } from "../scope.ts";
import type { TypedApp } from "../typed-routes.ts";
import type { NativeDeps } from "./deps.ts";

const tags = ["cost"];

/** What model calls cost, of which class of token, whether that can be believed, and what of it was wasted. */
export function costRoutes(app: TypedApp, { cost, ingest, now }: Pick<NativeDeps, "cost" | "ingest" | "now">): void {
  const windowOf = async (request: FastifyRequest, query: CostQuery): Promise<CostWindow> => {
    const window = costWindow(narrowedScope(request, query.project_ids), query, now());
    await ingest.readable();
    return window;
  };

  app.get(
    "/cost/summary",
    {
      schema: {
        tags,
        summary: "Money of a window and of the one before it, by class of token and by group",
        querystring: CostSummaryQuery,
        response: { 200: CostSummary },
      },
    },
    async (request) => cost.summary(await windowOf(request, request.query), request.query.group_by, request.query.limit, request.signal),
  );

  app.get(
    "/cost/models",
    {
      schema: {
        tags,
        summary: "Models in use: calls, traces, tokens, money, and where the price is from",
        querystring: CostQuery,
        response: { 200: CostModels },
      },
    },
    async (request) => cost.models(await windowOf(request, request.query), request.signal),
  );

  app.get(
    "/cost/unpriced",
    {
      schema: {
        tags,
        summary: "Models whose calls have tokens and no price, with the known names nearest to theirs",
        querystring: CostQuery,
        response: { 200: CostUnpriced },
      },
    },
    async (request) => cost.unpriced(await windowOf(request, request.query), request.signal),
  );

  app.get(
    "/cost/identities",
    {
      schema: {
        tags,
        summary: "Which token identities are broken, by the instrumentation that reported them, its convention and the model",
        querystring: CostQuery,
        response: { 200: CostIdentities },
      },
    },
    async (request) => cost.identities(await windowOf(request, request.query), request.signal),
  );

  app.get(
    "/cost/patterns",
    {
      schema: {
        tags,
        summary: "The dearest traces and why: growing context, useless retries, loops, missed cache, oversized output, with the money each wasted",
        querystring: CostQuery,
        response: { 200: CostPatterns },
      },
    },
    async (request) => cost.patterns(await windowOf(request, request.query), request.signal),
  );
}
