import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Fastify, { type FastifyInstance } from "fastify";
import { FileArtifactStore } from "../../artifacts/file-artifact-store.ts";
import { InFlightBytes } from "../in-flight-bytes.ts";
import { absent } from "../app-under-test.ts";
import type { MlflowDeps, ScorerStore } from "./deps.ts";
import { registerMlflow } from "./index.ts";
import { FakeProjects, FakeStore } from "./mlflow.fake.ts";

export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  text: string;
  json: unknown;
}

export interface FakeServer {
  app: FastifyInstance;
  store: FakeStore;
  projects: FakeProjects;
  /** Moves the clock. */
  setNow: (ms: number) => void;
  call: (method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE", url: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
  close: () => Promise<void>;
}

export const START_MS = Date.parse("2026-11-23T09:00:00Z");

/** The MLflow routes over a store in memory, `/v1/traces` beside them, artifacts in a folder of their own. What people are asked and review comes from a real database where a test needs it. */
export async function fakeServer(
  scorers: ScorerStore = noScorers,
  review: Pick<MlflowDeps, "labelSchemas" | "reviewQueues" | "reviewItems"> = { labelSchemas: absent(), reviewQueues: absent(), reviewItems: absent() },
): Promise<FakeServer> {
  let nowMs = START_MS;
  let hex = 0;
  const now = (): number => nowMs;
  const folder = await mkdtemp(join(tmpdir(), "mlflow-"));
  const store = new FakeStore(now);
  const projects = new FakeProjects(now);
  const warnings: string[] = [];
  const app = Fastify({ logger: { level: "warn", stream: { write: (line: string) => warnings.push(line) } } });
  registerMlflow(app, {
    traces: store,
    projects,
    ingest: store,
    scorers,
    ...review,
    artifacts: new FileArtifactStore(join(folder, "artifacts"), 1024 * 1024),
    inFlight: new InFlightBytes(64 * 1024 * 1024),
    scopeOf: () => ({ projectIds: "all" }),
    now,
    newHex: () => (++hex).toString(16).padStart(32, "0"),
  });
  app.addContentTypeParser("application/x-protobuf", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.post("/v1/traces", async (request, reply) => {
    const experimentId = String(request.headers["x-mlflow-experiment-id"] ?? "0");
    await store.traces({ body: request.body as Buffer, format: "protobuf", project: { experimentId }, route: "/v1/traces", client: "" });
    return reply.header("content-type", "application/x-protobuf").send("");
  });
  await app.ready();
  return {
    app,
    store,
    projects,
    setNow: (ms) => {
      nowMs = ms;
    },
    call: async (method, url, body, headers) => {
      const isRaw = typeof body === "string" || Buffer.isBuffer(body);
      const payload = body === undefined || isRaw ? body : JSON.stringify(body);
      const response = await app.inject({
        method,
        url,
        ...(payload === undefined ? {} : { payload, headers: { "content-type": "application/json", ...headers } }),
        ...(payload === undefined && headers ? { headers } : {}),
      });
      return { status: response.statusCode, headers: response.headers, text: response.payload, json: jsonOf(response.payload) };
    },
    close: async () => {
      await app.close();
      await rm(folder, { recursive: true, force: true });
      // An answer sent twice, an error nobody foresaw: Fastify only logs them.
      if (warnings.length > 0) throw new Error(warnings.join("\n"));
    },
  };
}

/** A server on which nobody has registered a scorer; tests of scorers bring their own. */
const noScorers: ScorerStore = {
  register: () => Promise.reject(new Error("this server keeps no scorers")),
  list: async () => [],
  versions: async () => [],
  find: async () => undefined,
  findById: async () => undefined,
  configure: () => Promise.reject(new Error("this server keeps no scorers")),
  remove: async () => false,
};

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
