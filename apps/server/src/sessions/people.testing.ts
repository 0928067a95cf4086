import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { unpackLog } from "@telltale/ingest";
import {
  BlobStore,
  EmbeddedEngine,
  Journal,
  type ProjectStore,
  type SessionQuestions,
  type TraceQuestions,
  migrateAnalytics,
  sessionQuestions,
  tablesOfTraces,
  traceQuestions,
} from "@telltale/store";
import type { AppDeps } from "../http/app.ts";
import { appUnderTest, type AppUnderTest } from "../http/app-under-test.ts";
import { Quarantine } from "../health/quarantine.ts";
import { createIngest, type RunningIngest } from "../pipeline/create-ingest.ts";
import { readSpan } from "../pipeline/read-span.ts";

const child = fileURLToPath(new URL("../../../../packages/store/src/engine/child.ts", import.meta.url));

export interface PeopleWorld {
  dir: string;
  engine: EmbeddedEngine;
  journal: Journal;
  blobs: BlobStore;
  quarantine: Quarantine;
  ingest: RunningIngest;
  questions: TraceQuestions;
  sessions: SessionQuestions;
  readSpan: AppDeps["readSpan"];
  open(changes?: Partial<AppDeps>): Promise<AppUnderTest>;
  send(turn: Turn): Promise<string>;
  close(): Promise<void>;
}

/** A trace as an application sends it: a root, one model call, and tools. */
export interface Turn {
  project?: string;
  session?: string;
  user?: string;
  startMs: number;
  /** Absent: the root says nothing, only the model call does. */
  question?: string;
  answer?: string;
  messages?: { question: string; answer: string };
  tools?: { name: string; error?: string }[];
  error?: string;
  attributes?: Record<string, string>;
}

/**
 * Engine, journal, blobs and the way in, as the server wires them, on a folder of their own. `isTidy`: the engine removes files
 * that it replaced within seconds, where it would take minutes.
 */
export async function peopleWorld({ isTidy = false } = {}): Promise<PeopleWorld> {
  const dir = mkdtempSync(join(tmpdir(), "telltale-people-"));
  const open = async (): Promise<EmbeddedEngine> => {
    const opened = new EmbeddedEngine({ dir: join(dir, "analytics", "engine"), command: [process.execPath, "--import", "tsx", child] });
    await opened.ready();
    return opened;
  };
  let engine = await open();
  await migrateAnalytics(engine);
  if (isTidy) {
    for (const table of [...tablesOfTraces, "settled_traces", "settled_spans", "settled_steps"])
      await engine.command(`ALTER TABLE ${table} MODIFY SETTING cleanup_delay_period = 1, max_cleanup_delay_period = 1`);
    await engine.close(); // the wait that has begun is the old one
    engine = await open();
  }
  const { journal } = await Journal.open(join(dir, "journal"));
  const blobs = await BlobStore.open(join(dir, "blobs"));
  const questions = traceQuestions(engine, { unpackLog });
  const quarantine = new Quarantine(join(dir, "quarantine"), Date.now);
  const ingest = createIngest({
    engine,
    questions,
    journal,
    projects: anyProject,
    putBlob: async (blob) => void (await blobs.put(blob.bytes, blob.contentType)),
    quarantine: (items) => quarantine.keep(items),
  });
  ingest.start();
  const world: PeopleWorld = {
    dir,
    engine,
    journal,
    blobs,
    quarantine,
    ingest,
    questions,
    sessions: sessionQuestions(engine, { unpackLog }),
    readSpan,
    open: (changes) => appUnderTest({ ingest, questions, sessions: world.sessions, readSpan: world.readSpan, blobs, now: Date.now, ...changes }),
    send: async (turn) => {
      const { traceId, body } = otlpOf(turn);
      const project = turn.project === undefined ? {} : { experimentId: turn.project };
      await ingest.traces({ body, format: "json", project, route: "/v1/traces", client: "test" });
      return traceId;
    },
    close: async () => {
      await ingest.stop();
      await journal.close();
      await engine.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return world;
}

const anyProject = {
  find: async (id: string) => ({ id, name: id, lifecycle: "active", tags: new Map(), createdMs: 0, updatedMs: 0 }),
  findByName: async (name: string) => ({ id: "0", name, lifecycle: "active", tags: new Map(), createdMs: 0, updatedMs: 0 }),
} as unknown as ProjectStore;

function otlpOf(turn: Turn): { traceId: string; body: Buffer } {
  const traceId = randomBytes(16).toString("hex");
  const rootId = randomBytes(8).toString("hex");
  const attribute = (key: string, value: string) => ({ key, value: { stringValue: value } });
  const span = (
    spanId: string,
    parentSpanId: string,
    name: string,
    offsetMs: number,
    lengthMs: number,
    attributes: Record<string, string>,
    error?: string,
  ) => ({
    traceId,
    spanId,
    parentSpanId,
    name,
    kind: 1,
    startTimeUnixNano: `${BigInt(turn.startMs + offsetMs) * 1_000_000n}`,
    endTimeUnixNano: `${BigInt(turn.startMs + offsetMs + lengthMs) * 1_000_000n}`,
    attributes: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
    status: error === undefined ? {} : { code: 2, message: error },
  });
  const { messages = { question: turn.question ?? "", answer: turn.answer ?? "" } } = turn;
  const spans = [
    span(rootId, "", "turn", 0, 1_000, {
      "openinference.span.kind": "CHAIN",
      ...(turn.session === undefined ? {} : { "session.id": turn.session }),
      ...(turn.user === undefined ? {} : { "user.id": turn.user }),
      ...(turn.question === undefined ? {} : { "input.value": turn.question }),
      ...(turn.answer === undefined ? {} : { "output.value": turn.answer }),
      ...turn.attributes,
    }, turn.error), // prettier-ignore
    span(randomBytes(8).toString("hex"), rootId, "chat gpt-4o", 100, 500, {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "gpt-4o",
      "gen_ai.provider.name": "openai",
      "gen_ai.usage.input_tokens": "1000",
      "gen_ai.usage.output_tokens": "100",
      "gen_ai.input.messages": JSON.stringify([{ role: "user", parts: [{ type: "text", content: messages.question }] }]),
      "gen_ai.output.messages": JSON.stringify([{ role: "assistant", parts: [{ type: "text", content: messages.answer }] }]),
    }),
    ...(turn.tools ?? []).map((tool, index) =>
      span(
        randomBytes(8).toString("hex"),
        rootId,
        `execute_tool ${tool.name}`,
        650 + index * 20,
        10,
        { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": tool.name },
        tool.error,
      ),
    ),
  ];
  return {
    traceId,
    body: Buffer.from(
      JSON.stringify({ resourceSpans: [{ resource: { attributes: [attribute("service.name", "shop")] }, scopeSpans: [{ scope: { name: "test" }, spans }] }] }),
    ),
  };
}
