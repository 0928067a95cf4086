import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePorts } from "./free-port.ts";

const root = join(import.meta.dirname, "../..");
const bin = join(root, "apps/server/bin/telltale.js");

export interface ServerOptions {
  /** Data folder; a fresh one, removed by `dispose`, when not given. */
  data?: string;
  args?: readonly string[];
  env?: Record<string, string>;
  /** How long it may take until it is ready. */
  timeoutMs?: number;
}

/** What `telltale serve --json` prints when everything answers. */
interface Ready {
  url: string;
  otlp_grpc: string | null;
  otlp_http: string | null;
  pid: number;
  data: string;
}

/** The built server as a process of its own, on free ports. */
export class RunningServer {
  constructor(
    readonly child: ChildProcess,
    readonly ready: Ready,
    readonly readyAfterMs: number,
    private readonly lines: readonly string[],
    private readonly ownsData: boolean,
  ) {}

  get url(): string {
    return this.ready.url;
  }

  get data(): string {
    return this.ready.data;
  }

  /** `host:port` of OTLP/gRPC. */
  get grpc(): string {
    return (this.ready.otlp_grpc ?? "").replace(/^\w+:\/\//, "");
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** The last lines it wrote. */
  get output(): string {
    return this.lines.slice(-40).join("\n");
  }

  /** Ends it as an operator does; the exit code. */
  async stop(): Promise<number | null> {
    return await this.end("SIGTERM");
  }

  /** Ends it as the kernel does when memory is short: no chance to write anything. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  async dispose(): Promise<void> {
    await this.stop();
    if (this.ownsData) await rm(this.data, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.isRunning) {
      const ended = once(this.child, "exit");
      this.child.kill(signal);
      await ended;
    }
    return this.child.exitCode;
  }
}

/** Starts the built server and waits until it is ready. Rejects with what it said when it ends before. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  if (!existsSync(join(root, "apps/server/dist/telltale.js"))) throw new Error("the server is not built: npm run build");
  const data = options.data ?? (await mkdtemp(join(tmpdir(), "telltale-")));
  const [grpcPort, httpPort] = await freePorts(2);
  const ports = ["--port", "0", "--otlp-grpc-port", String(grpcPort), "--otlp-http-port", String(httpPort)];
  const startedMs = performance.now();
  const child = spawn(process.execPath, [bin, "serve", "--json", ...ports, "--data", data, ...(options.args ?? [])], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, TELLTALE_LOG_LEVEL: "warn", ...options.env },
  });
  const output: string[] = [];
  const ready = await waitForReady(child, output, options.timeoutMs ?? 60_000);
  return new RunningServer(child, ready, performance.now() - startedMs, output, options.data === undefined);
}

/** Runs the command line to its end. */
export async function runCli(args: readonly string[], env: Record<string, string> = {}): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [bin, ...args], { cwd: root, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output: output.join("") };
}

async function waitForReady(child: ChildProcess, output: string[], timeoutMs: number): Promise<Ready> {
  return await new Promise<Ready>((resolve, reject) => {
    const give = (why: string): void => {
      clearTimeout(timer);
      reject(new Error(`${why}\n${output.join("\n")}`));
    };
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      give(`the server was not ready within ${timeoutMs} ms`);
    }, timeoutMs);
    child.once("exit", (code, signal) => give(`the server ended (${signal ?? `code ${code}`}) before it was ready`));
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (line) => {
        output.push(line);
        if (output.length > 400) output.shift();
        const message = parseReady(line);
        if (message === undefined) return;
        clearTimeout(timer);
        resolve(message);
      });
    }
  });
}

function parseReady(line: string): Ready | undefined {
  if (!line.startsWith("{") || !line.includes('"url"')) return undefined;
  const value: unknown = JSON.parse(line);
  return typeof value === "object" && value !== null && "url" in value && "pid" in value ? (value as Ready) : undefined;
}
