import { TelltaleError } from "@telltale/model";
import type { ProjectHint } from "../../pipeline/ingest.ts";

const MAX_NAME = 500;
const MAX_INT32 = 2_147_483_647;

/**
 * Where a request says its spans belong. `read` looks up a header (HTTP) or a metadata key (gRPC), lower case.
 * Throws `bad_request` for an experiment id that is no integer, in MLflow's own words.
 */
export function projectHint(read: (name: string) => string | undefined): ProjectHint {
  const experimentId = read("x-mlflow-experiment-id")?.trim();
  if (experimentId !== undefined && experimentId !== "") {
    if (!/^\d{1,10}$/.test(experimentId) || Number(experimentId) > MAX_INT32) {
      throw new TelltaleError("bad_request", "Invalid x-mlflow-experiment-id header: must be a valid integer", { field: "x-mlflow-experiment-id" });
    }
    return { experimentId: String(Number(experimentId)) };
  }
  const projectName = read("x-telltale-project")?.trim();
  if (projectName === undefined || projectName === "") return {};
  if (projectName.length > MAX_NAME) {
    throw new TelltaleError("bad_request", `x-telltale-project is longer than ${MAX_NAME} characters`, { field: "x-telltale-project" });
  }
  return { projectName: utf8Header(projectName) };
}

/** Node reads header bytes as Latin-1; names are sent as UTF-8. */
function utf8Header(text: string): string {
  const decoded = Buffer.from(text, "latin1").toString("utf8");
  return decoded.includes("\uFFFD") ? text : decoded;
}

/** MLflow's `x-mlflow-run-id`, bounded; `undefined` when there is none. */
export function runIdHeader(read: (name: string) => string | undefined): string | undefined {
  const runId = read("x-mlflow-run-id")?.trim();
  return runId === undefined || runId === "" ? undefined : runId.slice(0, 250);
}
