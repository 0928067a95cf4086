import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { sendJsonText } from "../large-json.ts";
import { MlflowError } from "./errors.ts";
import { writeJson } from "./json-text.ts";

/** The client uses the first, MLflow's UI the second. */
export const BASES = ["/api", "/ajax-api"] as const;

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
type Method = (typeof METHODS)[number];

/** What a handler returns that has sent its answer itself. (Not the reply: that is a thenable, and awaiting it loses it.) */
export const SENT = Symbol("sent");

/** One RPC. What the handler returns is the JSON of the answer, or `SENT`. */
export interface MlflowRoute {
  method: Method;
  /** Below `/api/`, e.g. `3.0/mlflow/traces/:trace_id`. */
  path: string;
  handle: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> | unknown;
}

/** Mounts the routes under both bases, and 405 for the other methods of their paths (a plain 404 would send the client to its old API). */
export function mountRoutes(app: FastifyInstance, routes: readonly MlflowRoute[]): void {
  const methodsOf = new Map<string, Set<Method>>();
  for (const route of routes) methodsOf.set(route.path, (methodsOf.get(route.path) ?? new Set()).add(route.method));
  for (const base of BASES) {
    for (const { method, path, handle } of routes) {
      app.route({
        method,
        url: `${base}/${path}`,
        schema: { hide: true },
        handler: async (request, reply) => {
          const answer = await handle(request, reply);
          return answer === SENT ? reply : sendJsonText(request, reply, writeJson(answer));
        },
      });
    }
    for (const [path, known] of methodsOf) refuseOthers(app, `${base}/${path}`, known);
  }
}

function refuseOthers(app: FastifyInstance, url: string, known: ReadonlySet<Method>): void {
  const others = METHODS.filter((method) => !known.has(method));
  if (others.length === 0) return;
  const allow = [...known].join(", ");
  app.route({
    method: others,
    url,
    schema: { hide: true },
    // Without this Fastify would add a HEAD route beside our GET refusal.
    exposeHeadRoute: false,
    handler: (request, reply) => {
      reply.header("allow", allow);
      throw new MlflowError("ENDPOINT_NOT_FOUND", `${request.method} is not possible on ${url}; use ${allow}.`, 405);
    },
  });
}

/** Anything else below MLflow's versions: JSON, so that no client takes it for something it is not. */
export function mountUnknown(app: FastifyInstance): void {
  for (const url of ["/api/2.0/*", "/api/3.0/*", "/api/4.0/*", "/ajax-api/*"]) {
    app.all(url, { schema: { hide: true } }, (request) => {
      throw new MlflowError("ENDPOINT_NOT_FOUND", `No API found for '${request.method} ${request.url.split("?", 1)[0]?.slice(0, 500)}'.`);
    });
  }
}
