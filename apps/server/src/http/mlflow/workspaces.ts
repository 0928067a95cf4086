import type { FastifyRequest } from "fastify";
import { MlflowError } from "./errors.ts";

/** We have no workspaces: who asks for one is told so instead of being shown another's experiments. */
export async function refuseWorkspaces(request: FastifyRequest): Promise<void> {
  const workspace = request.headers["x-mlflow-workspace"];
  if (workspace === undefined || workspace === "" || workspace === "default") return;
  throw new MlflowError("FEATURE_DISABLED", "Workspaces are not supported by this server; leave out the X-MLFLOW-WORKSPACE header.");
}
