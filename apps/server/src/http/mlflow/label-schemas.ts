import { LabelSchemaPatch, NewLabelSchema } from "@telltale/model/api";
import type { LabelSchema } from "@telltale/store";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { activeExperimentOf, scopeWithin } from "./access.ts";
import type { MlflowDeps } from "./deps.ts";
import { missingResource } from "./errors.ts";
import { inputFromWire, labelSchemaJson, WireInput, WireType } from "./label-schema-json.ts";
import { nextToken, pageRange } from "./page.ts";
import { jsonBody, maybe, parseRequest, requiredQuery, RequiredText } from "./request.ts";
import type { MlflowRoute } from "./route-table.ts";

const { name: Name } = NewLabelSchema.shape;
const { instruction: Instruction } = LabelSchemaPatch.shape;
const Create = z.object({
  experiment_id: RequiredText,
  name: Name,
  type: WireType,
  input: WireInput,
  instruction: maybe(Instruction),
  enable_comment: maybe(z.boolean()),
});
const Update = z.object({
  schema_id: RequiredText,
  name: maybe(Name),
  input: maybe(WireInput),
  instruction: maybe(Instruction),
  enable_comment: maybe(z.boolean()),
});
const Delete = z.object({ schema_id: RequiredText });

/** Label schemas (protocol notes §11): the same as those of the native API, by the same ids. */
export function labelSchemaRoutes(deps: MlflowDeps): MlflowRoute[] {
  const path = "3.0/mlflow/label-schemas";
  const answer = (schema: LabelSchema) => ({ label_schema: labelSchemaJson(schema) });
  return [
    { method: "POST", path: `${path}/create`, handle: async (request) => answer(await create(deps, request)) },
    { method: "GET", path: `${path}/get`, handle: async (request) => answer(await existing(deps, request, requiredQuery(request, "schema_id"))) },
    { method: "GET", path: `${path}/get-by-name`, handle: async (request) => answer(await named(deps, request)) },
    { method: "GET", path: `${path}/list`, handle: (request) => list(deps, request) },
    { method: "PATCH", path: `${path}/update`, handle: async (request) => answer(await update(deps, request)) },
    { method: "DELETE", path: `${path}/delete`, handle: (request) => remove(deps, request) },
  ];
}

async function create(deps: MlflowDeps, request: FastifyRequest): Promise<LabelSchema> {
  const { experiment_id: projectId, name, type, input, instruction = "", enable_comment: enableComment = false } = parseRequest(Create, jsonBody(request));
  await activeExperimentOf(deps, request, projectId);
  return deps.labelSchemas.create({ projectId, name, type, input: inputFromWire(input), instruction, enableComment });
}

async function named(deps: MlflowDeps, request: FastifyRequest): Promise<LabelSchema> {
  const { id } = await activeExperimentOf(deps, request, requiredQuery(request, "experiment_id"));
  const name = requiredQuery(request, "name");
  const schema = (await deps.labelSchemas.list(id)).find((one) => one.name === name);
  if (schema === undefined) throw missingResource(`Label schema with name '${name}' not found for experiment '${id}'.`);
  return schema;
}

async function list(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const range = pageRange(request, 100);
  const { id } = await activeExperimentOf(deps, request, requiredQuery(request, "experiment_id"));
  const all = await deps.labelSchemas.list(id);
  const end = range.offset + range.limit;
  return { label_schemas: all.slice(range.offset, end).map(labelSchemaJson), next_page_token: nextToken(range, all.length > end) };
}

async function update(deps: MlflowDeps, request: FastifyRequest): Promise<LabelSchema> {
  const { schema_id: id, input, ...patch } = parseRequest(Update, jsonBody(request));
  const schema = await existing(deps, request, id);
  return deps.labelSchemas.change(schema, { ...patch, ...(input === undefined ? {} : { input: inputFromWire(input) }) });
}

/** What is not there is as good as deleted. */
async function remove(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const schema = await visible(deps, request, parseRequest(Delete, jsonBody(request)).schema_id);
  if (schema !== undefined) await deps.labelSchemas.remove(schema);
  return {};
}

async function existing(deps: MlflowDeps, request: FastifyRequest, id: string): Promise<LabelSchema> {
  const schema = await visible(deps, request, id);
  if (schema === undefined) throw missingResource(`Label schema with id '${id.slice(0, 100)}' not found.`);
  return schema;
}

async function visible(deps: MlflowDeps, request: FastifyRequest, id: string): Promise<LabelSchema | undefined> {
  const schema = await deps.labelSchemas.find(id);
  return schema === undefined || scopeWithin(deps.scopeOf(request), [schema.projectId]).projectIds.length === 0 ? undefined : schema;
}
