import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ScorerHealth, TraceSummary } from "@telltale/model/api";
import { ScriptedProvider } from "../../apps/server/src/scoring/scripted-provider.testing.ts";
import { Client, until } from "./client.ts";
import { startServer } from "./server.ts";
import { encodeRequest, makeTrace } from "./spans.ts";

const PROJECT = "Scored";
const SCORERS = ["polite", "short", "half"] as const;
const HALF = 0.5;

export interface ScoringReport {
  traces: number;
  /** Traces whose scores are not exactly one of each scorer that samples everything. */
  wrong: string[];
  /** Traces that `half` scored although a lower point was not, or the other way round: sampling must nest and repeat. */
  sampledByHalf: number;
  /** Calls that the judge got; more than traces when a kill cut some off. */
  judgeCalls: number;
  health: Record<string, ScorerHealth>;
}

/**
 * Sends `rate` traces a second for `seconds` while a judge without latency and two code scorers run, kills the server once with SIGKILL
 * half way, and looks at what came of every trace.
 */
export async function scoreUnderLoad({
  rate,
  seconds,
  settleTimeoutMs = 180_000,
}: {
  rate: number;
  seconds: number;
  settleTimeoutMs?: number;
}): Promise<ScoringReport> {
  const data = await mkdtemp(join(tmpdir(), "telltale-score-"));
  const provider = new ScriptedProvider();
  await provider.start();
  provider.script({ text: '{"rationale":"It is.","value":true}' });
  let server = await startServer({ data });
  const sent: string[] = [];
  try {
    const projectId = await prepare(new Client(server.url), provider.url);
    const send = async (): Promise<void> => {
      const trace = makeTrace({ spansPerTrace: 3 });
      const body = encodeRequest([trace], { project: PROJECT });
      await until("the server takes a trace", async () => (await new Client(server.url).send(body)).status === 200, 60_000);
      sent.push(trace.traceId);
    };
    const pending: Promise<void>[] = [];
    const startedMs = performance.now();
    let killed = false;
    for (let count = 0; count < rate * seconds; count += 1) {
      if (!killed && count >= (rate * seconds) / 2) {
        killed = true;
        await server.kill();
        server = await startServer({ data });
      }
      pending.push(send());
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, startedMs + (count * 1000) / rate - performance.now())));
    }
    await Promise.all(pending);
    return await inspect(new Client(server.url), projectId, sent, provider, settleTimeoutMs);
  } finally {
    provider.close();
    await server.stop();
    await rm(data, { recursive: true, force: true });
  }
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

async function inspect(client: Client, projectId: string, sent: readonly string[], provider: ScriptedProvider, timeoutMs: number): Promise<ScoringReport> {
  const healthOf = async (name: string): Promise<ScorerHealth> => await client.get<ScorerHealth>(`/api/v1/scorers/${name}/health?project_id=${projectId}`);
  await until(
    "every task has ended",
    async () => {
      const all = await Promise.all(SCORERS.map(healthOf));
      return (
        all.every(
          ({ waiting, running, eligible }, index) => waiting + running === 0 && (index === 2 || (all[index]?.sampled ?? 0) >= (eligible ?? Infinity)),
        ) && (all[0]?.sampled ?? 0) >= sent.length
      );
    },
    timeoutMs,
  );
  const traces = await client.searchAll({ project_ids: [projectId] });
  const scoresOf = (trace: TraceSummary, name: string): number => trace.assessments.filter((assessment) => assessment.name === name).length;
  const wrong = traces.flatMap((trace) => {
    const [polite, short, half] = SCORERS.map((name) => scoresOf(trace, name));
    return polite === 1 && short === 1 && (half ?? 0) <= 1 ? [] : [`${trace.trace_id}: ${polite} of the judge, ${short} of the code, ${half} of the half`];
  });
  const found = new Set(traces.map((trace) => trace.trace_id));
  wrong.push(...sent.filter((id) => !found.has(id)).map((id) => `${id}: not stored`));
  return {
    traces: traces.length,
    wrong,
    sampledByHalf: traces.filter((trace) => scoresOf(trace, "half") === 1).length,
    judgeCalls: provider.asked.length,
    health: Object.fromEntries(await Promise.all(SCORERS.map(async (name) => [name, await healthOf(name)] as const))),
  };
}
