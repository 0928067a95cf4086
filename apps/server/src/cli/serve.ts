import type { Command } from "commander";
import { readConfig, type Flags } from "../config.ts";
import type { RunningServer } from "../wiring.ts";
import { addConfigOptions } from "../config-options.ts";
import { findInstallation } from "../installation.ts";
import { onNpxGone } from "./npx-gone.ts";

/** Clients have acknowledged data on disk; nobody waits longer than this for a clean end. */
const SHUTDOWN_LIMIT_MS = 9_000;

export function addServe(program: Command): void {
  addConfigOptions(program.command("serve").description("start the server"))
    .option("--json", "print one JSON object when ready instead of text")
    .action(async (options: Flags & { json?: boolean }) => serve(options));
}

async function serve({ json, ...flags }: Flags & { json?: boolean }): Promise<void> {
  const config = readConfig(flags, process.env, process.cwd());
  // Late, so that `--help` and a wrong flag answer at once; the databases before the rest, so that they start meanwhile.
  const [{ openFolder }, { serverLog }] = await Promise.all([import("../open-folder.ts"), import("../server-log.ts")]);
  const log = serverLog(config.logLevel, process.stderr);
  const early = waitForSignal();
  const installation = findInstallation();
  const folder = openFolder(config, installation, log);
  const { startServer } = await import("../wiring.ts");
  const server = await startServer(config, log, installation, folder);
  endOnCrash(server, log);
  process.stdout.write(json === true ? `${JSON.stringify(readyObject(server))}\n` : readyText(server.url));
  const signal = await early;
  log.info({ signal }, "shutting down");
  await shutDown(server, log);
}

function readyObject({ url, otlpGrpc, otlpHttp, data }: RunningServer): Record<string, unknown> {
  return { url, otlp_grpc: otlpGrpc, otlp_http: otlpHttp, pid: process.pid, data };
}

function readyText(url: string): string {
  return `Telltale is ready at ${url}

MLflow
  import mlflow
  mlflow.set_tracking_uri("${url}")
  mlflow.openai.autolog()  # or @mlflow.trace on a function

OpenTelemetry
  export OTEL_EXPORTER_OTLP_ENDPOINT=${url}
  export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
  export OTEL_SERVICE_NAME=my-app
`;
}

/** Resolves at the first SIGTERM or SIGINT, or when the npx around this process got one; a second signal ends the process at once. */
function waitForSignal(): Promise<string> {
  return new Promise((resolve) => {
    let count = 0;
    onNpxGone(process.env, () => {
      count += 1;
      resolve("end of npx");
    });
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.on(signal, () => {
        count += 1;
        if (count === 1) resolve(signal);
        else process.exit(1);
      });
    }
  });
}

async function shutDown(server: RunningServer, log: { warn(message: string): void }): Promise<void> {
  const limit = setTimeout(() => {
    log.warn("shutdown took too long; what is not yet in the store stays in the journal");
    server.killChildren();
    process.exit(0);
  }, SHUTDOWN_LIMIT_MS);
  await server.close();
  clearTimeout(limit);
  process.exit(0);
}

/** A bug must not leave a half-working server behind: say it once and end. The journal holds what was acknowledged. */
function endOnCrash(server: RunningServer, log: { fatal(fields: object, message: string): void }): void {
  const crash = (error: unknown): void => {
    log.fatal({ err: error }, "unexpected error, ending");
    server.killChildren();
    process.exit(1);
  };
  process.once("uncaughtException", crash);
  process.once("unhandledRejection", crash);
}
