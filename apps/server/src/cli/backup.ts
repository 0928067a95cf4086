import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import type { Command } from "commander";
import type { BackupResult } from "@telltale/store";
import { readRunningAddress } from "../backup/running-address.ts";
import { ConfigError, readConfig } from "../config.ts";
import { BACKUP_BYTES_HEADER } from "../http/native/backup.ts";
import { openAnswer } from "./ask-server.ts";
import { progressBar } from "./progress.ts";

interface RestoreFlags {
  data?: string;
  postgresUrl?: string;
  json?: boolean;
}

interface BackupFlags extends RestoreFlags {
  url?: string;
}

const NOTE = `
The server may run or not. While one runs on the data folder, it is asked for the backup and goes on as usual; with --url
(or TELLTALE_URL, when --data is not given) the server there is asked.
Data on a ClickHouse server (--clickhouse-url) is not in a backup: back that up with ClickHouse's own tools.
`;

export function addBackup(program: Command): void {
  withPlace(program.command("backup").description("write everything in the data folder into one file"))
    .option("--url <url>", "ask the running server at this address (TELLTALE_URL)")
    .argument("[file]", "the archive to write, .tar.gz", `telltale-${new Date().toISOString().slice(0, 10)}.tar.gz`)
    .addHelpText("after", NOTE)
    .action(async (file: string, flags: BackupFlags) => {
      const bar = await progressBar("backup", process.stderr);
      const signal = untilInterrupted();
      const { target, manifest } = await makeBackup(file, flags, signal, bar.update)
        .catch((error: unknown) => {
          throw signal.aborted ? signal.reason : error;
        })
        .finally(bar.stop);
      const bytes = manifest.files.reduce((sum, entry) => sum + entry.bytes, 0);
      process.stdout.write(
        flags.json === true
          ? `${JSON.stringify({ target, files: manifest.files.length, bytes })}\n`
          : `Backed up ${manifest.files.length} files (${megabytes(bytes)}) to ${target}\n`,
      );
    });
}

type OnProgress = (done: number, total: number) => void;

/** Asks the server that was named; else makes the backup itself, or has it made by the server that holds the folder. */
async function makeBackup(target: string, flags: BackupFlags, signal: AbortSignal, onProgress: OnProgress): Promise<BackupResult> {
  const named = namedServer(flags);
  if (named !== undefined) return fetchBackup(named, target, signal, onProgress);
  const { data, postgresUrl } = readConfig({ data: flags.data, postgresUrl: flags.postgresUrl }, process.env, process.cwd());
  const { backup, FolderInUseError } = await import("@telltale/store");
  try {
    return await backup({ dataDir: data, target, postgresUrl, signal, onProgress });
  } catch (error) {
    if (!(error instanceof FolderInUseError)) throw error;
    const url = await readRunningAddress(data, error.pid);
    if (url === undefined) throw new Error(`${error.message}, which does not say where it answers; name it with --url`, { cause: error });
    return fetchBackup(url, target, signal, onProgress, data);
  }
}

/** A folder on the command line is meant more than an address in the environment. */
function namedServer({ url, data }: BackupFlags): string | undefined {
  const named = url ?? (data === undefined ? process.env.TELLTALE_URL : undefined);
  if (named === undefined || named === "") return undefined;
  if (!URL.canParse(named) || !/^https?:/.test(named)) throw new ConfigError(`--url (TELLTALE_URL) is not the URL of a server: ${named}`);
  return named;
}

async function fetchBackup(url: string, target: string, signal: AbortSignal, onProgress: OnProgress, dataDir?: string): Promise<BackupResult> {
  const { receiveBackup } = await import("@telltale/store");
  let hasBegun = false;
  const open = async (): Promise<{ archive: Readable; bytes: number }> => {
    const { body, headers } = await openAnswer("POST", url, "/api/v1/backup", signal);
    const bytes = Number(headers.get(BACKUP_BYTES_HEADER) ?? Number.NaN);
    if (body === null || !Number.isSafeInteger(bytes)) throw new Error(`the server at ${url} did not answer with a backup`);
    hasBegun = true;
    return { archive: Readable.fromWeb(body as ReadableStream), bytes };
  };
  return receiveBackup({ target, dataDir, open, onProgress, signal }).catch((error: unknown) => {
    // What fetch says of a connection that ended early is "terminated".
    if (hasBegun && error instanceof TypeError) throw new Error(`the server at ${url} broke the backup off; its log says why`, { cause: error });
    throw error;
  });
}

/** Aborts at Ctrl-C, so that half an archive is removed; a second one ends the process at once. */
function untilInterrupted(): AbortSignal {
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => abort.abort(new Error("interrupted; nothing was written")));
  return abort.signal;
}

export function addRestore(program: Command): void {
  withPlace(program.command("restore").description("make a data folder from a backup"))
    .argument("<file>", "the archive that `telltale backup` wrote")
    .addHelpText("after", "\nThe data folder must be new or empty; every file is checked before it gets its place.\n")
    .action(async (file: string, { json, ...flags }: RestoreFlags) => {
      const { data, postgresUrl } = readConfig(flags, process.env, process.cwd());
      const { restore } = await import("@telltale/store");
      const bar = await progressBar("restore", process.stderr);
      const manifest = await restore({ source: file, dataDir: data, postgresUrl, onProgress: bar.update }).finally(bar.stop);
      const result = { data, files: manifest.files.length, created: manifest.created };
      process.stdout.write(
        json === true ? `${JSON.stringify(result)}\n` : `Restored the backup of ${manifest.created} to ${data}; start it with: telltale serve --data ${data}\n`,
      );
    });
}

function withPlace(command: Command): Command {
  return command
    .option("--data <folder>", "the data folder (TELLTALE_DATA; ./telltale-data)")
    .option("--postgres-url <url>", "when PostgreSQL is used by URL (TELLTALE_POSTGRES_URL)")
    .option("--json", "print the result as one JSON object");
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
