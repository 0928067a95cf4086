import { type Scorers, type StoredScorer, scorerNotFound } from "@telltale/store";
import type { FastifyRequest } from "fastify";
import { assertInScope } from "../scope.ts";

/** The live version of a scorer, in a project that the request may see. Throws `not_found`, and what `assertInScope` throws. */
export async function findScorer(request: FastifyRequest, scorers: Pick<Scorers, "find">, name: string, projectId: string): Promise<StoredScorer> {
  assertInScope(request, projectId);
  const scorer = await scorers.find(projectId, name);
  if (scorer === undefined) throw scorerNotFound(name, projectId);
  return scorer;
}
