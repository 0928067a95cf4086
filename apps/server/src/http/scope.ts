import type { FastifyRequest } from "fastify";
import { TelltaleError, type ProjectScope } from "@telltale/model";

/**
 * Which projects the caller may see: the only place that decides it. Every question asked of the store takes its answer.
 * Until there are members everybody who reaches the server may see everything, and only loopback is bound.
 */
export function scopeOf(_request: FastifyRequest): ProjectScope {
  return { projectIds: "all" };
}

/** The caller's scope, made narrower by what the request asks for; never wider. */
export function narrowedScope(request: FastifyRequest, projectIds: readonly string[] | undefined): ProjectScope {
  const scope = scopeOf(request);
  if (projectIds === undefined) return scope;
  const allowed = scope.projectIds;
  return { projectIds: allowed === "all" ? projectIds : projectIds.filter((id) => allowed.includes(id)) };
}

export function isInScope(request: FastifyRequest, projectId: string): boolean {
  const { projectIds } = scopeOf(request);
  return projectIds === "all" || projectIds.includes(projectId);
}

/** Throws `project_not_found`, which is also what a caller learns of a project that is not theirs. */
export function assertInScope(request: FastifyRequest, projectId: string): void {
  if (!isInScope(request, projectId)) throw new TelltaleError("project_not_found", `There is no project with id ${projectId}`);
}
