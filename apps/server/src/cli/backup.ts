import type { Command } from "commander";
import { readConfig } from "../config.ts";
import { progressBar } from "./progress.ts";

interface BackupFlags {
  data?: string;
  postgresUrl?: string;
  json?: boolean;
}

const NOTE = "\nThe server must be stopped. Data on a ClickHouse server (--clickhouse-url) is not in it: back that up with ClickHouse's own tools.\n";

export function addBackup(program: Command): void {
  withPlace(program.command("backup").description("write everything in the data folder into one file"))
    .argument("[file]", "the archive to write, .tar.gz", `telltale-${new Date().toISOString().slice(0, 10)}.tar.gz`)
    .addHelpText("after", NOTE)
    .action(async (file: string, { json, ...flags }: BackupFlags) => {
      const { data, postgresUrl } = readConfig(flags, process.env, process.cwd());
      const { backup } = await import("@telltale/store");
      const bar = await progressBar("backup", process.stderr);
      const { target, manifest } = await backup({ dataDir: data, target: file, postgresUrl, onProgress: bar.update }).finally(bar.stop);
      const bytes = manifest.files.reduce((sum, entry) => sum + entry.bytes, 0);
      process.stdout.write(
        json === true
          ? `${JSON.stringify({ target, files: manifest.files.length, bytes })}\n`
          : `Backed up ${manifest.files.length} files (${megabytes(bytes)}) to ${target}\n`,
      );
    });
}

export function addRestore(program: Command): void {
  withPlace(program.command("restore").description("make a data folder from a backup"))
    .argument("<file>", "the archive that `telltale backup` wrote")
    .addHelpText("after", "\nThe data folder must be new or empty; every file is checked before it gets its place.\n")
    .action(async (file: string, { json, ...flags }: BackupFlags) => {
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
