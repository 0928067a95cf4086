import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pythonFor, whyNoPython } from "../../scripts/python-env.mjs";
import { until } from "../load/client.ts";
import { freePort } from "../load/free-port.ts";
import { cpuSeconds, processTree } from "../load/process-tree.ts";
import { sendLoad } from "./send-load.ts";

export interface PeerResult {
  spansPerSecond: number;
  cpuMicrosPerSpan: number;
}

/** The same load against a real MLflow server (SQLite, one worker), or one sentence why there is none. */
export async function measureMlflow(seconds: number): Promise<PeerResult | string> {
  const python = pythonFor("mlflow-3.18") ?? pythonFor("mlflow-3.17");
  if (python === undefined) return whyNoPython("mlflow-3.18");
  const folder = await mkdtemp(join(tmpdir(), "mlflow-peer-"));
  const port = await freePort();
  const store = ["--backend-store-uri", `sqlite:///${folder}/mlflow.db`, "--default-artifact-root", folder];
  const child = spawn(python, ["-m", "mlflow", "server", "--host", "127.0.0.1", "--port", String(port), "--workers", "1", ...store], {
    cwd: folder,
    stdio: "ignore",
  });
  const pid = child.pid ?? 0;
  try {
    const url = `http://127.0.0.1:${port}`;
    await until("MLflow is ready", async () => (await fetch(`${url}/health`)).ok, 120_000);
    const options = { senders: 4, batchSpans: 200, headers: { "x-mlflow-experiment-id": "0" } };
    await sendLoad(`${url}/v1/traces`, { ...options, seconds: 2 });
    const before = cpuSeconds(pid);
    const load = await sendLoad(`${url}/v1/traces`, { ...options, seconds });
    if (load.spans === 0) return `MLflow took no spans (${load.refused} requests refused)`;
    return { spansPerSecond: load.spans / load.seconds, cpuMicrosPerSpan: ((cpuSeconds(pid) - before) / load.spans) * 1e6 };
  } finally {
    for (const one of processTree(pid).toReversed()) stop(one);
    if (child.exitCode === null) await once(child, "exit");
    await rm(folder, { recursive: true, force: true });
  }
}

function stop(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // ended meanwhile
  }
}
