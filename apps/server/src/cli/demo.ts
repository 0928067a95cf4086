import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import type { ServerInfo } from "@telltale/model/api";
import { progressBar } from "./progress.ts";
import { askServer } from "./ask-server.ts";

type Demo = ServerInfo["demo"];

const POLL_MS = 300;

export function addDemo(program: Command): void {
  program
    .command("demo")
    .description("fill a running server with a demo project of synthetic traces (TELLTALE_URL)")
    .option("--remove", "remove the demo project and everything in it")
    .option("--json", "print the result as one JSON object")
    .action(async ({ remove, json }: { remove?: boolean; json?: boolean }) => {
      const start = await askServer<Demo>(remove === true ? "DELETE" : "POST", "/api/v1/demo");
      const bar = await progressBar(remove === true ? "removing" : "writing", process.stderr);
      const demo = await untilSettled(start, (progress) => bar.update(progress, 1)).finally(bar.stop);
      const wanted: Demo["state"] = remove === true ? "absent" : "present";
      if (demo.state !== wanted) throw new Error("the demo project could not be written; the server's log says why");
      const text = remove === true ? "The demo project is removed." : `The demo project is ready: project ${demo.project_id}`;
      process.stdout.write(json === true ? `${JSON.stringify(demo)}\n` : `${text}\n`);
    });
}

async function untilSettled(demo: Demo, report: (progress: number) => void): Promise<Demo> {
  let now = demo;
  while (now.state === "creating" || now.state === "removing") {
    report(now.progress);
    await sleep(POLL_MS);
    now = (await askServer<ServerInfo>("GET", "/api/v1/server")).demo;
  }
  return now;
}
