import { parentPort } from "node:worker_threads";
import { type CodeLimits, runJavascript } from "./run-javascript.ts";

/** A question to the worker; answers carry the same id. */
export interface SandboxJob {
  id: number;
  source: string;
  subjectJson: string;
  limits: CodeLimits;
}

parentPort?.on("message", (job: SandboxJob) => {
  void runJavascript(job.source, job.subjectJson, job.limits).then((result) => parentPort?.postMessage({ id: job.id, result }));
});
