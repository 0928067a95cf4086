import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ScorerHealth } from "@telltale/model/api";
import { ScriptedProvider } from "../../apps/server/src/scoring/scripted-provider.testing.ts";
import { isSampled } from "../../packages/score/src/sampling.ts";
import { auditScores, auditTasks, type ScoreAudit, type TaskAudit } from "./audit-scores.ts";
import { Client, until } from "./client.ts";
import { cpuSeconds, processTree } from "./process-tree.ts";
import { type RunningServer, startServer } from "./server.ts";
import { encodeRequest, makeTrace } from "./spans.ts";

const PROJECT = "Scored";
const SCORERS = ["polite", "short", "half"] as const;
const HALF = 0.5;

export interface ScoringReport extends ScoreAudit {
  /** Acknowledged traces, and the pairs of scorer and trace that must come to an end. */
  sent: number;
  pairs: number;
  tasks: TaskAudit;
  /** Calls that the judge got; more than traces when a kill cut some off. */
  judgeCalls: number;
  /** Pairs that waited or ran, every so often, seconds from the start. */
  backlog: { atS: number; pairs: number }[];
  /** When everything had ended, after the last trace was sent. */
  drainedAfterS: number;
  reopenedAfterMs: number;
  /** Cores that the server and its children used until the last trace was sent, and the sender with the judge. */
  serverCores: number;
  senderCores: number;
  health: Record<string, ScorerHealth>;
}

export interface ScoringLoad {
  rate: number;
  seconds: number;
  /** When the server and all its children are killed with SIGKILL; half way when not given. */
  killAtS?: number;
  drainTimeoutMs?: number;
  onBacklog?: (atS: number, pairs: number) => void;
}

/**
 * Sends `rate` traces a second for `seconds` while a judge without latency and two code scorers run, kills the server and its children once, and
 * looks at what came of every trace. What was not acknowledged is sent again, as exporters do.
 */
export async function scoreUnderLoad({ rate, seconds, killAtS = seconds / 2, drainTimeoutMs = 180_000, onBacklog }: ScoringLoad): Promise<ScoringReport> {
  const data = await mkdtemp(join(tmpdir(), "telltale-score-"));
  const provider = new ScriptedProvider();
  await provider.start();
  let judgeCalls = 0;
  provider.answerWith(() => {
    judgeCalls += 1;
    provider.asked.length = 0; // an hour of questions would not fit the memory
    return { text: '{"rationale":"It is.","value":true}' };
  });
  let server = await startServer({ data });
  const backlog: ScoringReport["backlog"] = [];
  try {
    const projectId = await prepare(new Client(server.url), provider.url);
    const sent = new Set<string>();
    const startedMs = performance.now();
    const atS = (): number => (performance.now() - startedMs) / 1000;
    const cpuBefore = process.cpuUsage();
    let serverCpuS = -cpuSeconds(server.ready.pid);
    let killedMs = 0;
    const killing = sleep(killAtS * 1000).then(async () => {
      serverCpuS += cpuSeconds(server.ready.pid);
      killedMs = Date.now();
      await killAll(server);
      server = await startServer({ data });
    });
    const stopped = new AbortController();
    const watching = watch(Math.max(2_000, (seconds * 1000) / 60), stopped.signal, async () => {
      const pairs = await waitingPairs(new Client(server.url), projectId);
      backlog.push({ atS: Math.round(atS()), pairs });
      onBacklog?.(atS(), pairs);
    });
    await sendAll(() => server.url, rate, seconds, sent);
    await killing;
    const took = atS();
    serverCpuS += cpuSeconds(server.ready.pid);
    const cpu = process.cpuUsage(cpuBefore);
    const pairs = [...sent].reduce((sum, id) => sum + SCORERS.filter((name) => mustHave(id, name)).length, 0);
    const count = sent.size;
    await until("every task has ended", async () => (await endedPairs(new Client(server.url), projectId)) >= pairs, drainTimeoutMs, 1_000).catch(
      (error: unknown) => process.stderr.write(`${String(error)}\n`), // told below: which pairs are open or missing
    );
    const drainedAfterS = atS() - took;
    stopped.abort();
    await watching;
    const client = new Client(server.url);
    await sleep(1_000); // the last scores become readable
    const health = Object.fromEntries(await Promise.all(SCORERS.map(async (name) => [name, await healthOf(client, projectId, name)] as const)));
    const audit = await auditScores(client, projectId, sent, SCORERS, mustHave);
    await server.stop();
    return {
      ...audit,
      sent: count,
      pairs,
      tasks: await auditTasks(data, killedMs),
      judgeCalls,
      backlog,
      drainedAfterS,
      reopenedAfterMs: server.readyAfterMs,
      serverCores: serverCpuS / took,
      senderCores: (cpu.user + cpu.system) / 1e6 / took,
      health,
    };
  } finally {
    provider.close();
    await server.stop();
    await rm(data, { recursive: true, force: true });
  }
}

function mustHave(traceId: string, scorer: string): boolean {
  return scorer !== "half" || isSampled(traceId, HALF);
}

async function sendAll(url: () => string, rate: number, seconds: number, sent: Set<string>): Promise<void> {
  const pending = new Set<Promise<void>>();
  const startedMs = performance.now();
  for (let count = 0; count < rate * seconds; count += 1) {
    const trace = makeTrace({ spansPerTrace: 3 });
    const body = encodeRequest([trace], { project: PROJECT });
    const sending = until("the server takes a trace", async () => (await new Client(url()).send(body)).status === 200, 120_000)
      .then(() => void sent.add(trace.traceId))
      .finally(() => pending.delete(sending));
    pending.add(sending);
    await sleep(Math.max(0, startedMs + ((count + 1) * 1000) / rate - performance.now()));
  }
  await Promise.all(pending);
}

/** As when the machine loses power: nothing of it has a chance to write. */
async function killAll(server: RunningServer): Promise<void> {
  for (const pid of processTree(server.ready.pid).toReversed()) {
    if (pid === server.child.pid) continue;
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // it ended with its parent
    }
  }
  await server.kill();
}

/** Asks again and again; while the server is away there is nothing to tell. */
async function watch(everyMs: number, signal: AbortSignal, look: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await sleep(everyMs, undefined, { signal }).catch(() => {});
    if (!signal.aborted) await look().catch(() => {});
  }
}

async function waitingPairs(client: Client, projectId: string): Promise<number> {
  const all = await Promise.all(SCORERS.map(async (name) => await healthOf(client, projectId, name)));
  return all.reduce((sum, { waiting, running }) => sum + waiting + running, 0);
}

async function endedPairs(client: Client, projectId: string): Promise<number> {
  const all = await Promise.all(SCORERS.map(async (name) => await healthOf(client, projectId, name)));
  return all.reduce((sum, { scored, failed, skipped }) => sum + scored + failed + skipped, 0);
}

async function healthOf(client: Client, projectId: string, name: string): Promise<ScorerHealth> {
  return await client.get<ScorerHealth>(`/api/v1/scorers/${name}/health?project_id=${projectId}`);
}

async function prepare(client: Client, providerUrl: string): Promise<string> {
  const { id } = await client.post<{ id: string }>("/api/v1/projects", { name: PROJECT });
  await client.post("/api/v1/providers", {
    name: "scripted",
    kind: "openai_compatible",
    base_url: `${providerUrl}/v1`,
    default_model: "m",
    allow_private_address: true,
    is_default: true,
  });
  const definitions = {
    polite: { kind: "judge", instructions: "Is {{outputs}} polite?" },
    short: { kind: "builtin", class: "ResponseLength", parameters: { max_length: 100_000 } },
    half: { kind: "builtin", class: "RegexMatch", parameters: { pattern: "the" } },
  };
  for (const name of SCORERS) {
    await client.post("/api/v1/scorers", { name, project_id: id, definition: definitions[name] });
    await client.post(`/api/v1/scorers/${name}/start?project_id=${id}`, { sample_rate: name === "half" ? HALF : 1 });
  }
  return id;
}
