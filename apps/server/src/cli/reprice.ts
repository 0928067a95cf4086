import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import type { ProjectOut, RepriceModel, RepriceOut } from "@telltale/model/api";
import { askServer } from "./ask-server.ts";
import { progressBar } from "./progress.ts";

interface Flags {
  from?: string;
  to?: string;
  project?: string[];
  filter?: string;
  dryRun?: boolean;
  cancel?: boolean;
  json?: boolean;
}

const POLL_MS = 500;
const MODELS_SHOWN = 30;

export function addReprice(program: Command): void {
  program
    .command("reprice")
    .description("price stored model calls again, at the prices of now (TELLTALE_URL)")
    .option("--from <time>", "traces that started at or after this day or RFC 3339 time")
    .option("--to <time>", "traces that started before this")
    .option("--project <name...>", "only these projects, by name or id")
    .option("--filter <filter>", "only traces that match, e.g. \"model = 'gpt-4o'\"")
    .option("--dry-run", "only show what would change")
    .option("--cancel", "end the run that goes on; what it has done stays")
    .option("--json", "print the result as one JSON object")
    .addHelpText("after", "\nThe server does the work: it goes on when this command is interrupted or the server starts again.\n")
    .action(async (flags: Flags) => {
      const started = flags.cancel === true ? await cancelRunning() : await askServer<RepriceOut>("POST", "/api/v1/reprice", await questionOf(flags));
      const run = await untilDone(started);
      if (run.state === "failed") throw new Error(run.error ?? "the prices could not be applied; the server's log says why");
      process.stdout.write(flags.json === true ? `${JSON.stringify(run)}\n` : describe(run));
    });
}

async function questionOf({ from, to, project, filter, dryRun }: Flags): Promise<Record<string, unknown>> {
  return {
    ...(from === undefined ? {} : { from: timeOf(from) }),
    ...(to === undefined ? {} : { to: timeOf(to) }),
    ...(project === undefined ? {} : { project_ids: await projectIds(project) }),
    ...(filter === undefined ? {} : { filter }),
    dry_run: dryRun === true,
  };
}

/** A day is its first moment in UTC. */
function timeOf(text: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
}

async function projectIds(names: readonly string[]): Promise<string[]> {
  const projects: ProjectOut[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const page: { data: ProjectOut[]; next_cursor: string | null } = await askServer(
      "GET",
      `/api/v1/projects?lifecycle=all&limit=1000${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    projects.push(...page.data);
    cursor = page.next_cursor;
  }
  return names.map((name) => {
    const found = projects.find((project) => project.name === name) ?? projects.find((project) => project.id === name);
    if (!found) throw new Error(`there is no project named "${name}"`);
    return found.id;
  });
}

async function cancelRunning(): Promise<RepriceOut> {
  const { data } = await askServer<{ data: RepriceOut[] }>("GET", "/api/v1/reprice?limit=1");
  const [last] = data;
  if (last?.state !== "running") throw new Error("no repricing run goes on");
  return askServer<RepriceOut>("POST", `/api/v1/reprice/${last.id}/cancel`);
}

async function untilDone(started: RepriceOut): Promise<RepriceOut> {
  const bar = await progressBar(started.dry_run ? "comparing" : "repricing", process.stderr);
  try {
    let run = started;
    while (run.state === "running") {
      await sleep(POLL_MS);
      run = await askServer<RepriceOut>("GET", `/api/v1/reprice/${run.id}`);
      bar.update(run.traces_done, run.traces_total);
    }
    return run;
  } finally {
    bar.stop();
  }
}

function describe(run: RepriceOut): string {
  const changed = run.models.filter((model) => model.changed > 0);
  const lines = changed.slice(0, MODELS_SHOWN).map(modelLine);
  if (changed.length > MODELS_SHOWN) lines.push(`… and ${changed.length - MODELS_SHOWN} more models; --json has them all`);
  const spans = `${run.spans_changed} spans of ${run.traces_changed} traces`;
  const outcome =
    run.state === "cancelled"
      ? `Cancelled after ${run.traces_done} of ${run.traces_total} traces; ${spans} have new prices.`
      : run.spans_changed === 0
        ? `All ${run.traces_done} traces with model calls have the prices of now; nothing ${run.dry_run ? "would change" : "changed"}.`
        : `${spans} ${run.dry_run ? "would get new prices" : "got new prices"}: ${money(run.old_usd)} → ${money(run.new_usd)}`;
  return `${[...lines, outcome].join("\n")}\n`;
}

function modelLine(model: RepriceModel): string {
  const notes = [
    `${model.changed} of ${model.calls} calls`,
    ...(model.newly_priced > 0 ? [`${model.newly_priced} newly priced`] : []),
    ...(model.became_unknown > 0 ? [`${model.became_unknown} became unknown`] : []),
  ];
  return `${model.provider}/${model.model}: ${money(model.old_usd)} → ${money(model.new_usd)} (${notes.join(", ")})`;
}

function money(usd: number | null): string {
  return usd === null ? "unknown" : `$${usd.toFixed(Math.abs(usd) < 1 ? 6 : 2)}`;
}
