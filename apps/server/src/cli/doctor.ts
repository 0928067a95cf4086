import { constants } from "node:fs";
import { access, mkdtemp, rm, statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { readConfig, type Config, type Flags } from "../config.ts";
import { findInstallation } from "../installation.ts";
import { addConfigOptions } from "../config-options.ts";

interface Finding {
  check: string;
  /** `warn` does not keep the server from starting. */
  result: "ok" | "warn" | "fail";
  detail: string;
}

const MIN_NODE = [20, 19] as const;
const LOW_DISK_BYTES = 2 * 1024 ** 3;

export function addDoctor(program: Command): void {
  addConfigOptions(program.command("doctor").description("check this machine: versions, ports, disk, and whether a server answers"))
    .option("--json", "print the findings as one JSON object")
    .action(async ({ json, ...flags }: Flags & { json?: boolean }) => {
      const config = readConfig(flags, process.env, process.cwd());
      const findings = await examine(config, process.env.TELLTALE_URL ?? `http://127.0.0.1:${config.port}`);
      const isHealthy = findings.every((finding) => finding.result !== "fail");
      process.stdout.write(json === true ? `${JSON.stringify({ ok: isHealthy, findings })}\n` : `${findings.map(line).join("\n")}\n`);
      if (!isHealthy) process.exitCode = 1;
    });
}

async function examine(config: Config, url: string): Promise<Finding[]> {
  const running = await askServer(url);
  const findings = [nodeVersion(), running.finding, await engineLibrary(), await dataFolder(config.data)];
  const ports: readonly [string, number][] = [
    ["port", config.port],
    ["otlp-http-port", config.otlpHttpPort],
    ["otlp-grpc-port", config.otlpGrpcPort],
  ];
  for (const [name, port] of ports) if (port !== 0) findings.push(await portFree(name, config.host, port, running.isTelltale));
  return findings;
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const isEnough = major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1]);
  return {
    check: "node",
    result: isEnough ? "ok" : "fail",
    detail: `Node.js ${process.versions.node}${isEnough ? "" : `; ${MIN_NODE.join(".")} or newer is needed`}`,
  };
}

async function askServer(url: string): Promise<{ finding: Finding; isTelltale: boolean }> {
  try {
    const answer = await fetch(new URL("/api/v1/server", url), { signal: AbortSignal.timeout(3000) });
    const { version } = (await answer.json()) as { version?: unknown };
    if (typeof version === "string")
      return {
        isTelltale: true,
        finding: { check: "server", result: "ok", detail: `Telltale ${version} answers at ${url} (this CLI is ${findInstallation().version})` },
      };
    return { isTelltale: false, finding: { check: "server", result: "warn", detail: `Something else answers at ${url} (HTTP ${answer.status})` } };
  } catch {
    return { isTelltale: false, finding: { check: "server", result: "warn", detail: `No server answers at ${url}; start one with: telltale serve` } };
  }
}

async function engineLibrary(): Promise<Finding> {
  try {
    await access(new URL(import.meta.resolve("chdb")), constants.R_OK);
    return { check: "engine", result: "ok", detail: "The embedded analytics engine is installed" };
  } catch {
    return { check: "engine", result: "fail", detail: "The embedded analytics engine (chdb) is not installed for this platform; use --clickhouse-url" };
  }
}

/** Also right for a folder that does not exist yet: its nearest parent is asked. */
async function dataFolder(folder: string): Promise<Finding> {
  const existing = await nearestExisting(folder);
  try {
    const probe = await mkdtemp(join(existing, ".telltale-doctor-"));
    await rm(probe, { recursive: true });
    const { bavail, bsize } = await statfs(existing);
    const free = bavail * bsize;
    const isLow = free < LOW_DISK_BYTES;
    return {
      check: "data",
      result: isLow ? "warn" : "ok",
      detail: `${folder} can be written, ${(free / 1024 ** 3).toFixed(1)} GiB free${isLow ? "; that is little" : ""}`,
    };
  } catch (error) {
    return { check: "data", result: "fail", detail: `${folder} cannot be written: ${error instanceof Error ? error.message : String(error)}` };
  }
}

async function nearestExisting(folder: string): Promise<string> {
  for (let path = resolve(folder); ; path = dirname(path)) {
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists || path === dirname(path)) return path;
  }
}

function portFree(name: string, host: string, port: number, isTelltale: boolean): Promise<Finding> {
  return new Promise((settle) => {
    const probe = createServer();
    const check = `${name} ${port}`;
    probe.once("error", (error: NodeJS.ErrnoException) => {
      const isOurs = isTelltale && error.code === "EADDRINUSE";
      // Only the main port is needed; the standard OTLP ports are a convenience.
      settle({
        check,
        result: isOurs ? "ok" : name === "port" ? "fail" : "warn",
        detail: isOurs ? "in use, as it should be while a server runs" : `cannot be bound on ${host}: ${error.code ?? error.message}`,
      });
    });
    probe.listen(port, host, () => probe.close(() => settle({ check, result: "ok", detail: `free on ${host}` })));
  });
}

function line({ check, result, detail }: Finding): string {
  return `${{ ok: "ok  ", warn: "warn", fail: "FAIL" }[result]}  ${check.padEnd(20)} ${detail}`;
}
