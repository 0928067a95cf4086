import { TelltaleError } from "@telltale/model";
import { type Scorers, type StoredScorer, scorerNotFound } from "@telltale/store";
import type { FastifyRequest } from "fastify";
import { assertInScope, isInScope } from "../scope.ts";

/**
 * The live version of a scorer, in a project that the request may see. Without a project: the only one that has a scorer of that name,
 * or the default one. Throws `not_found`, `bad_request` when several projects have it, and what `assertInScope` throws.
 */
export async function findScorer(
  request: FastifyRequest,
  scorers: Pick<Scorers, "find" | "list">,
  name: string,
  projectId: string | undefined,
): Promise<StoredScorer> {
  if (projectId !== undefined) assertInScope(request, projectId);
  const scorer = projectId === undefined ? await scorerAnywhere(request, scorers, name) : await scorers.find(projectId, name);
  if (scorer === undefined) throw scorerNotFound(name, projectId);
  return scorer;
}

/** The scorer of that name when it is clear which; `undefined` = no project has one. */
export async function scorerAnywhere(request: FastifyRequest, scorers: Pick<Scorers, "list">, name: string): Promise<StoredScorer | undefined> {
  const found = (await scorers.list()).filter((scorer) => scorer.name === name && isInScope(request, scorer.projectId));
  const ofDefault = found.find((scorer) => scorer.projectId === "0");
  if (ofDefault === undefined && found.length > 1)
    throw new TelltaleError("bad_request", `The projects ${found.map((scorer) => scorer.projectId).join(", ")} have a scorer named "${name}": say project_id`, {
      field: "project_id",
    });
  return ofDefault ?? found[0];
}
