import { TelltaleError, type Project } from "@telltale/model";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { activeExperimentOf, experimentOf, scopeWithin } from "./access.ts";
import type { MlflowDeps } from "./deps.ts";
import { invalidParameter, missingResource, MlflowError } from "./errors.ts";
import { jsonBody, KeyValues, maybe, parseRequest, requiredQuery, RequiredText } from "./request.ts";
import type { MlflowRoute } from "./route-table.ts";

const MAX_NAME = 500;
const MAX_TAG_KEY = 250;
const MAX_TAG_VALUE = 5000;

const Name = z.string().min(1).max(MAX_NAME);
const Create = z.object({ name: Name, tags: maybe(KeyValues) });
const ById = z.object({ experiment_id: RequiredText });
const Update = ById.extend({ new_name: maybe(Name) });
const SetTag = ById.extend({ key: RequiredText.max(MAX_TAG_KEY), value: z.string().max(MAX_TAG_VALUE) });
const DeleteTag = ById.extend({ key: RequiredText });

/** An experiment is a project. Its artifacts always go through our own proxy, whatever location a client asks for. */
export function experimentRoutes(deps: MlflowDeps): MlflowRoute[] {
  const path = "2.0/mlflow/experiments";
  return [
    { method: "POST", path: `${path}/create`, handle: (request) => create(deps, request) },
    {
      method: "GET",
      path: `${path}/get`,
      handle: async (request) => ({ experiment: experimentJson(await experimentOf(deps, request, requiredQuery(request, "experiment_id"))) }),
    },
    { method: "GET", path: `${path}/get-by-name`, handle: (request) => getByName(deps, request) },
    { method: "POST", path: `${path}/update`, handle: (request) => update(deps, request) },
    { method: "POST", path: `${path}/delete`, handle: (request) => setLifecycle(deps, request, "deleted") },
    { method: "POST", path: `${path}/restore`, handle: (request) => setLifecycle(deps, request, "active") },
    { method: "POST", path: `${path}/set-experiment-tag`, handle: (request) => setTag(deps, request) },
    { method: "POST", path: `${path}/delete-experiment-tag`, handle: (request) => deleteTag(deps, request) },
  ];
}

export function experimentJson(project: Project): unknown {
  return {
    experiment_id: project.id,
    name: project.name,
    artifact_location: `mlflow-artifacts:/${project.id}`,
    lifecycle_stage: project.lifecycle,
    last_update_time: project.updatedMs,
    creation_time: project.createdMs,
    tags: project.tags.size === 0 ? undefined : Array.from(project.tags, ([key, value]) => ({ key, value })),
    workspace: "default",
  };
}

async function create(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const { name, tags = [] } = parseRequest(Create, jsonBody(request));
  const project = await unlessTaken(name, () => deps.projects.create({ name, tags: new Map(tags.map(({ key, value }) => [key, value ?? ""])) }));
  return { experiment_id: project.id };
}

/** A deleted one is returned too: the client tells its user to restore it. */
async function getByName(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const name = requiredQuery(request, "experiment_name");
  const project = await deps.projects.findByName(name);
  if (project === undefined || scopeWithin(deps.scopeOf(request), [project.id]).projectIds.length === 0) {
    throw missingResource(`Could not find experiment with name '${name.slice(0, MAX_NAME)}'`);
  }
  return { experiment: experimentJson(project) };
}

async function update(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const { experiment_id: id, new_name: name } = parseRequest(Update, jsonBody(request));
  const project = await activeExperimentOf(deps, request, id);
  if (name !== undefined && name !== project.name) await unlessTaken(name, () => deps.projects.rename(id, name));
  return {};
}

async function setLifecycle(deps: MlflowDeps, request: FastifyRequest, lifecycle: Project["lifecycle"]): Promise<unknown> {
  const { experiment_id: id } = parseRequest(ById, jsonBody(request));
  const project = await experimentOf(deps, request, id);
  if (project.lifecycle === lifecycle) throw invalidParameter(`The experiment ${id} is already ${lifecycle}.`);
  await deps.projects.setLifecycle(id, lifecycle);
  return {};
}

async function setTag(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const { experiment_id: id, key, value } = parseRequest(SetTag, jsonBody(request));
  await activeExperimentOf(deps, request, id);
  await deps.projects.setTag(id, key, value);
  return {};
}

async function deleteTag(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const { experiment_id: id, key } = parseRequest(DeleteTag, jsonBody(request));
  const project = await activeExperimentOf(deps, request, id);
  if (!project.tags.has(key)) throw missingResource(`No tag with name: ${key} in experiment with id ${id}`);
  await deps.projects.deleteTag(id, key);
  return {};
}

async function unlessTaken(name: string, write: () => Promise<Project>): Promise<Project> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof TelltaleError && error.code === "already_exists")
      throw new MlflowError("RESOURCE_ALREADY_EXISTS", `Experiment(name=${name}) already exists.`);
    throw error;
  }
}
