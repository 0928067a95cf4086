import { TelltaleError } from "@telltale/model";
import type { FastifyInstance } from "fastify";
import type { ServerMetrics } from "./metrics.ts";
import type { StoreHealth } from "./store-health.ts";

/** `/health`: the process lives. `/ready`: it can store and answer. `/metrics`: Prometheus. */
export function healthRoutes(app: FastifyInstance, deps: { storeHealth: () => Promise<StoreHealth>; metrics: ServerMetrics }): void {
  app.addHook("onResponse", async (request, reply) => {
    deps.metrics.answered(request.routeOptions.url ?? "unknown", request.method, reply.statusCode, reply.elapsedTime / 1000);
  });
  app.get("/health", { schema: { hide: true } }, async () => ({ status: "ok" }));
  app.get("/ready", { schema: { hide: true } }, async () => {
    const { engine, disk } = await deps.storeHealth();
    if (engine.state !== "ready") throw new TelltaleError("store_unavailable", `The analytics engine is ${engine.state}`, { retryAfterS: 1 });
    if (disk.full) throw new TelltaleError("disk_full", "The disk is full: nothing is received until space is free", { retryAfterS: 10 });
    return { status: "ready" };
  });
  app.get("/metrics", { schema: { hide: true } }, async (_request, reply) =>
    reply.header("content-type", deps.metrics.contentType).send(await deps.metrics.text()),
  );
}
