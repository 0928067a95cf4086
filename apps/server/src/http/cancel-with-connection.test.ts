import fastify from "fastify";
import { expect, test } from "vitest";
import { cancelWithConnection } from "./cancel-with-connection.ts";

/** A server whose handler waits for the end of its caller, at most `ms`. */
async function serverThatWaits(ms: number) {
  const ended: string[] = [];
  const app = fastify({ forceCloseConnections: true }); // after a fetch that hung up, the client opens a spare connection: closing would wait for it
  cancelWithConnection(app);
  app.route({
    method: ["GET", "POST"],
    url: "/",
    handler: async (request) => {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => (ended.push("in time"), resolve()), ms);
        request.signal.addEventListener("abort", () => (clearTimeout(timer), ended.push("aborted"), resolve()));
      });
      return {};
    },
  });
  return { app, ended, url: await app.listen({ port: 0, host: "127.0.0.1" }) };
}

test.each(["GET", "POST"])("a caller of %s that hangs up ends its question", async (method) => {
  const { app, ended, url } = await serverThatWaits(10_000);
  const abort = new AbortController();
  const body = method === "POST" ? { body: JSON.stringify({ a: 1 }), headers: { "content-type": "application/json" } } : {};
  const answer = fetch(url, { method, signal: abort.signal, ...body });
  setTimeout(() => abort.abort(), 100);
  await expect(answer).rejects.toThrow();
  await expect.poll(() => ended).toEqual(["aborted"]);
  await app.close();
});

test("a caller that waits gets its answer, and nothing is aborted afterwards", async () => {
  const { app, ended, url } = await serverThatWaits(50);
  expect((await fetch(url, { method: "POST", body: "{}", headers: { "content-type": "application/json" } })).status).toBe(200);
  await app.close();
  expect(ended).toEqual(["in time"]);
});
