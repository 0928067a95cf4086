import { setTimeout as sleep } from "node:timers/promises";
import { type Assessment, type Project, TelltaleError } from "@telltale/model";
import { type ServerInfo, starterDashboard } from "@telltale/model/api";
import type { Dashboards, ProjectStore, Slos, TraceQuestions } from "@telltale/store";
import { readContent } from "../dashboards/content.ts";
import type { Command, Ingest } from "../pipeline/ingest.ts";
import { demoSlos } from "./demo-slos.ts";
import { generateTraces } from "./generate.ts";
import { exportRequest } from "./otlp-json.ts";
import { Random } from "./random.ts";
import type { DemoTrace } from "./scene.ts";
import { DEMO_MS } from "./story.ts";

export interface DemoDeps {
  ingest: Pick<Ingest, "traces" | "apply" | "readable">;
  projects: ProjectStore;
  slos: Pick<Slos, "create">;
  /** Gets one for the demo project, which goes with the project. */
  dashboards: Pick<Dashboards, "create">;
  questions: Pick<TraceQuestions, "traceIdsBefore">;
  now: () => number;
  /** About how many traces; default 3,000. */
  traces?: number;
  seed?: number;
}

export type DemoStatus = ServerInfo["demo"];

/** The demo project: written through the same door as real traces, and removed without a rest. */
export interface Demo {
  /** For `GET /server`; never waits. */
  status(): DemoStatus;
  /** Looks whether the project is there. Call once after start. */
  refresh(): Promise<void>;
  /** Resolves when every trace can be read; `already_exists` when the project is there or a creation runs. */
  create(): Promise<void>;
  /** Cancels a creation that runs; does nothing when there is no demo project. */
  remove(): Promise<void>;
  /** Cancels what runs, for shutdown. What was written stays; a later `create` begins anew. */
  stop(): void;
}

const PROJECT_NAME = "Demo";
/** Marks the project as ours: a user's own project of that name is never touched. Its value is `creating` or `present`. */
const MARK = "telltale.demo";
const DEFAULT_TRACES = 3000;
const BATCH_SPANS = 400;
const DELETE_BATCH = 1000;

export function createDemo(deps: DemoDeps): Demo {
  let status: DemoStatus = { state: "absent", project_id: null, progress: 0 };
  let creation: { abort: AbortController; done: Promise<void> } | undefined;
  const report = (state: DemoStatus["state"], projectId: string | null, progress: number): void => {
    status = { state, project_id: projectId, progress };
  };

  const refresh = async (): Promise<void> => {
    if (status.state === "creating" || status.state === "removing") return;
    const project = await findOurs(deps.projects);
    if (project?.tags.get(MARK) === "present") report("present", project.id, 1);
    else report("absent", null, 0);
  };

  const create = async (): Promise<void> => {
    if (status.state === "creating" || status.state === "removing") throw new TelltaleError("already_exists", `the demo project is ${status.state} just now`);
    report("creating", null, 0);
    const abort = new AbortController();
    const done = write(deps, abort.signal, (projectId, progress) => report("creating", projectId, progress));
    creation = { abort, done: done.then(noop, noop) };
    try {
      report("present", await done, 1);
    } catch (error) {
      report("absent", null, 0);
      if (!abort.signal.aborted) throw error;
    } finally {
      creation = undefined;
      await refresh();
    }
  };

  const remove = async (): Promise<void> => {
    creation?.abort.abort();
    await creation?.done;
    const project = await findOurs(deps.projects);
    if (project === undefined) return report("absent", null, 0);
    report("removing", project.id, 0);
    try {
      await erase(deps, project.id, (progress) => report("removing", project.id, progress));
    } finally {
      report("absent", null, 0);
      await refresh();
    }
  };

  return { status: () => status, refresh, create, remove, stop: () => creation?.abort.abort() };
}

/** Writes everything; returns the project's id. What an interrupted run left is removed first. */
async function write(deps: DemoDeps, signal: AbortSignal, report: (projectId: string, progress: number) => void): Promise<string> {
  const rest = await findOurs(deps.projects);
  if (rest?.tags.get(MARK) === "present") throw new TelltaleError("already_exists", "the demo project is already there; `telltale demo --remove` removes it");
  if (rest !== undefined) await erase(deps, rest.id, () => {});
  const project = await deps.projects.create({ name: PROJECT_NAME, tags: new Map([[MARK, "creating"]]) });
  report(project.id, 0);

  const traces = deps.traces ?? DEFAULT_TRACES;
  const options = { traces, endMs: deps.now(), seed: deps.seed ?? 4700, lengthMs: DEMO_MS };
  const ids = new Random(options.seed + 1);
  let batch: DemoTrace[] = [];
  let written = 0;
  const flush = async (): Promise<void> => {
    await send(deps, project.id, batch, ids, signal);
    written += batch.length;
    batch = [];
    report(project.id, Math.min(0.99, written / traces));
  };
  for (const trace of generateTraces(options)) {
    batch.push(trace);
    if (batch.reduce((sum, { spans }) => sum + spans.length, 0) >= BATCH_SPANS) await flush();
  }
  await flush();
  while (!(await deps.ingest.readable())) signal.throwIfAborted();
  for (const slo of demoSlos(project.id)) await deps.slos.create(slo); // they go with the project
  const { name, ...tiles } = starterDashboard;
  await deps.dashboards.create({ name, projectId: project.id, content: readContent(tiles) });
  await deps.projects.setTag(project.id, MARK, "present");
  return project.id;
}

async function send(deps: DemoDeps, projectId: string, traces: readonly DemoTrace[], ids: Random, signal: AbortSignal): Promise<void> {
  if (traces.length === 0) return;
  const body = exportRequest(traces.flatMap(({ spans }) => spans));
  await patiently(signal, async () =>
    deps.ingest.traces({ body, format: "json", project: { experimentId: projectId }, route: "demo", client: "telltale-demo" }),
  );
  const nowMs = deps.now();
  const commands = traces.flatMap((trace) => assessmentsOf(projectId, trace, ids, nowMs)).map((assessment): Command => ({ type: "assessment", assessment }));
  if (commands.length > 0) await patiently(signal, async () => deps.ingest.apply(commands));
}

/** Waits when the server says that it has enough to do; a person who uses it meanwhile comes first. */
async function patiently<T>(signal: AbortSignal, act: () => Promise<T>): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof TelltaleError) || error.code !== "overloaded") throw error;
      await sleep((error.retryAfterS ?? 1) * 1000, undefined, { signal });
    }
  }
}

function assessmentsOf(projectId: string, trace: DemoTrace, ids: Random, nowMs: number): Assessment[] {
  const endMs = Math.max(...trace.spans.map((span) => span.endMs));
  return trace.judgements.map((judgement) => {
    const createdMs = Math.min(nowMs, Math.round(endMs + judgement.afterMs));
    return {
      projectId,
      traceId: trace.traceId,
      spanId: "",
      assessmentId: `a-${ids.hex(32)}`,
      name: judgement.name,
      kind: judgement.kind ?? "feedback",
      valueJson: typeof judgement.value === "number" && Number.isInteger(judgement.value) ? `${judgement.value}.0` : JSON.stringify(judgement.value),
      error: undefined,
      sourceType: judgement.source.type,
      sourceId: judgement.source.id,
      rationale: judgement.rationale,
      metadata: new Map(Object.entries(judgement.metadata ?? {})),
      overrides: undefined,
      valid: true,
      createdMs,
      updatedMs: createdMs,
    };
  });
}

async function erase(deps: DemoDeps, projectId: string, report: (progress: number) => void): Promise<void> {
  const scope = { projectIds: [projectId] };
  for (let removed = 0; ;) {
    await deps.ingest.readable();
    // A week and a day after the end: spans of a clock that runs ahead are ours too.
    const traceIds = await deps.questions.traceIdsBefore(scope, deps.now() + 8 * 86_400_000, DELETE_BATCH);
    if (traceIds.length === 0) break;
    await deps.ingest.apply([{ type: "traces_delete", projectId, traceIds }]);
    removed += traceIds.length;
    report(Math.min(0.95, removed / (deps.traces ?? DEFAULT_TRACES)));
  }
  await deps.projects.remove(projectId);
}

async function findOurs(projects: ProjectStore): Promise<Project | undefined> {
  return (await projects.list({ lifecycle: "all" })).find((project) => project.tags.has(MARK));
}

function noop(): void {}
