import { TelltaleError } from "@telltale/model";
import { parseFilter } from "@telltale/model/filter";
import { readSerializedScorer } from "@telltale/score";
import type { StoredScorer } from "@telltale/store";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { activeExperimentOf, experimentOf } from "./access.ts";
import type { MlflowDeps } from "./deps.ts";
import { invalidParameter, missingResource } from "./errors.ts";
import { Int64, jsonBody, maybe, parseRequest, queryAll, queryInteger, requiredQuery, RequiredText } from "./request.ts";
import type { MlflowRoute } from "./route-table.ts";

const MAX_NAME = 250;

const Register = z.object({ experiment_id: RequiredText, name: RequiredText.max(MAX_NAME), serialized_scorer: RequiredText });
const Delete = z.object({ experiment_id: RequiredText, name: RequiredText, version: maybe(Int64) });
const OnlineConfig = z.object({ experiment_id: RequiredText, name: RequiredText, sample_rate: z.number(), filter_string: maybe(z.string()) });

/**
 * The life of a scorer: register, list, get, start, update, stop, delete (protocol notes §6.9 and §11). Every kind is
 * accepted, also code and models of any provider, which MLflow's own server refuses to run.
 */
export function scorerRoutes(deps: MlflowDeps): MlflowRoute[] {
  const path = "3.0/mlflow/scorers";
  return [
    { method: "POST", path: `${path}/register`, handle: (request) => register(deps, request) },
    { method: "GET", path: `${path}/list`, handle: async (request) => ({ scorers: (await listed(deps, request)).map(scorerJson) }) },
    { method: "GET", path: `${path}/versions`, handle: (request) => versions(deps, request) },
    { method: "GET", path: `${path}/get`, handle: async (request) => ({ scorer: scorerJson(await found(deps, request)) }) },
    { method: "DELETE", path: `${path}/delete`, handle: (request) => remove(deps, request) },
    { method: "PUT", path: `${path}/online-config`, handle: (request) => configure(deps, request) },
    { method: "GET", path: `${path}/online-configs`, handle: (request) => configs(deps, request) },
  ];
}

async function register(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const { experiment_id: id, name, serialized_scorer: serialized } = parseRequest(Register, jsonBody(request));
  await activeExperimentOf(deps, request, id);
  readSerializedScorer(serialized);
  const scorer = await deps.scorers.register(id, name, serialized);
  return {
    version: scorer.version,
    scorer_id: scorer.id,
    experiment_id: id,
    name,
    serialized_scorer: serialized,
    creation_time: scorer.createdMs,
  };
}

async function listed(deps: MlflowDeps, request: FastifyRequest): Promise<StoredScorer[]> {
  const { id } = await experimentOf(deps, request, requiredQuery(request, "experiment_id"));
  return deps.scorers.list(id);
}

async function versions(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const { id } = await experimentOf(deps, request, requiredQuery(request, "experiment_id"));
  const name = requiredQuery(request, "name");
  const all = await deps.scorers.versions(id, name);
  if (all.length === 0) throw notFound(name, id);
  return { scorers: all.map(scorerJson) };
}

async function found(deps: MlflowDeps, request: FastifyRequest): Promise<StoredScorer> {
  const { id } = await experimentOf(deps, request, requiredQuery(request, "experiment_id"));
  const name = requiredQuery(request, "name");
  const version = queryInteger(request, "version");
  const scorer = await deps.scorers.find(id, name, version);
  if (scorer === undefined) throw notFound(name, id, version);
  return scorer;
}

async function remove(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const { experiment_id: id, name, version } = parseRequest(Delete, jsonBody(request));
  await experimentOf(deps, request, id);
  if (!(await deps.scorers.remove(id, name, version))) throw notFound(name, id, version);
  return {};
}

/** Replaces the configuration whole, as the real server does: no filter in the request means no filter. */
async function configure(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const { experiment_id: id, name, sample_rate: rate, filter_string: filter } = parseRequest(OnlineConfig, jsonBody(request));
  await activeExperimentOf(deps, request, id);
  if (!(rate >= 0 && rate <= 1)) throw invalidParameter(`sample_rate must be between 0.0 and 1.0, got ${rate}`);
  const scorer = await deps.scorers.find(id, name);
  if (scorer === undefined) throw notFound(name, id);
  const wanted = filter?.trim() ?? "";
  if (wanted !== "") parseFilter(wanted);
  return { config: configJson(await deps.scorers.configure(scorer.id, { sampleRate: rate, filter: wanted === "" ? undefined : wanted })) };
}

async function configs(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const ids = queryAll(request, "scorer_ids").slice(0, 1_000);
  const visible = deps.scopeOf(request).projectIds;
  const scorers = await Promise.all(ids.map((id) => deps.scorers.findById(id)));
  return {
    configs: scorers.flatMap((scorer) =>
      scorer === undefined || scorer.configId === undefined || (visible !== "all" && !visible.includes(scorer.projectId)) ? [] : [configJson(scorer)],
    ),
  };
}

function scorerJson(scorer: StoredScorer): unknown {
  return {
    experiment_id: Number(scorer.projectId),
    scorer_name: scorer.name,
    scorer_version: scorer.version,
    serialized_scorer: scorer.serialized,
    creation_time: scorer.createdMs,
    scorer_id: scorer.id,
  };
}

function configJson(scorer: StoredScorer): unknown {
  if (scorer.configId === undefined) throw new TelltaleError("not_found", `The scorer ${scorer.name} was never started`);
  return {
    online_scoring_config_id: scorer.configId,
    scorer_id: scorer.id,
    sample_rate: scorer.sampleRate,
    experiment_id: scorer.projectId,
    filter_string: scorer.filter,
  };
}

function notFound(name: string, experimentId: string, version?: number): Error {
  return missingResource(`Scorer with name '${name}'${version === undefined ? "" : ` and version ${version}`} not found for experiment ${experimentId}.`);
}
