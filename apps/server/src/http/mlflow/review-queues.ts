import { TelltaleError } from "@telltale/model";
import type { NewReviewQueue, ReviewQueue } from "@telltale/store";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { activeExperimentOf, parseRequestId, scopeWithin } from "./access.ts";
import type { MlflowDeps } from "./deps.ts";
import { invalidParameter, MlflowError, missingResource } from "./errors.ts";
import { nextToken, pageRange } from "./page.ts";
import { jsonBody, maybe, parseRequest, queryOne, requiredQuery, RequiredText } from "./request.ts";
import { reviewQueueJson, storedQueueId } from "./review-queue-json.ts";
import type { MlflowRoute } from "./route-table.ts";

const MAX_USERS = 10;
/** ± 3 points, should somebody draw a sample into such a queue. */
const HALF_WIDTH = 0.03;
/** The queue of the user of a server without sign-in. */
const RESERVED = "default";

const User = z.string().trim().toLowerCase().min(1).max(250);
const Users = z
  .array(User)
  .transform((users) => [...new Set(users)])
  .refine((users) => users.length <= MAX_USERS, `A review queue can have at most ${MAX_USERS} assigned users`);
const SchemaIds = z
  .array(z.string().trim().min(1).max(36))
  .max(500)
  .transform((ids) => [...new Set(ids)]);
const QueueName = z
  .string()
  .trim()
  .min(1)
  .max(250)
  .refine((name) => name.toLowerCase() !== RESERVED, "is a reserved queue name and cannot be used for a custom queue");
const Create = z.object({ experiment_id: RequiredText, name: RequiredText, queue_type: z.enum(["USER", "CUSTOM"]), users: maybe(Users), schema_ids: maybe(SchemaIds) }); // prettier-ignore
const GetOrCreate = z.object({ experiment_id: RequiredText, user: User });
const Update = z.object({
  queue_id: RequiredText,
  name: maybe(QueueName),
  new_owner: maybe(z.string().trim().min(1).max(250)),
  update_users: maybe(z.boolean()),
  users: maybe(Users),
  update_schema_ids: maybe(z.boolean()),
  schema_ids: maybe(SchemaIds),
});
const Delete = z.object({ queue_id: RequiredText });

/** Review queues (protocol notes §11): those of the native API, so that what either side makes is seen on both. */
export function reviewQueueRoutes(deps: MlflowDeps): MlflowRoute[] {
  const path = "3.0/mlflow/review-queues";
  const answer = async (queue: ReviewQueue) => ({ review_queue: reviewQueueJson(queue, await deps.labelSchemas.list(queue.projectId)) });
  return [
    { method: "POST", path: `${path}/create`, handle: async (request) => answer(await create(deps, request)) },
    { method: "POST", path: `${path}/get-or-create-user`, handle: async (request) => answer(await getOrCreate(deps, request)) },
    { method: "GET", path: `${path}/get`, handle: async (request) => answer(await queueOf(deps, request, requiredQuery(request, "queue_id"))) },
    { method: "GET", path: `${path}/get-by-name`, handle: async (request) => answer(await byName(deps, request)) },
    { method: "GET", path: `${path}/list`, handle: (request) => list(deps, request) },
    { method: "POST", path: `${path}/update`, handle: async (request) => answer(await update(deps, request)) },
    { method: "POST", path: `${path}/delete`, handle: (request) => remove(deps, request) },
  ];
}

async function create(deps: MlflowDeps, request: FastifyRequest): Promise<ReviewQueue> {
  const sent = parseRequest(Create, jsonBody(request));
  const { id: projectId } = await activeExperimentOf(deps, request, sent.experiment_id);
  const { users = [], schema_ids: schemaIds = [] } = sent;
  if (sent.queue_type === "USER") {
    const { name } = parseRequest(z.object({ name: User }), sent);
    if (users.some((user) => user !== name)) throw invalidParameter("A user queue must have exactly one assigned user equal to its name.");
    if (schemaIds.length > 0)
      throw invalidParameter("A user queue cannot have explicitly-attached schemas; it resolves to all of the experiment's label schemas.");
    return createForUser(deps, projectId, name, undefined);
  }
  const { name } = parseRequest(z.object({ name: QueueName }), sent);
  await assertSchemas(deps, projectId, schemaIds);
  return createNamed(deps, { projectId, name, isPersonal: false, assignees: users, schemaIds, owner: undefined });
}

/** Asks all of the project's questions, as they are when somebody looks. */
function createForUser(deps: MlflowDeps, projectId: string, name: string, owner: string | undefined): Promise<ReviewQueue> {
  return createNamed(deps, { projectId, name, isPersonal: true, assignees: [name], schemaIds: [], owner });
}

type Said = Pick<NewReviewQueue, "projectId" | "name" | "isPersonal" | "assignees" | "schemaIds" | "owner">;

/** Its traces are those that somebody chose: they enter no estimate. */
async function createNamed(deps: MlflowDeps, said: Said): Promise<ReviewQueue> {
  if ((await findNamed(deps, said.projectId, said.name)) !== undefined) throw nameTaken(said.name);
  return deps.reviewQueues.create({ ...said, description: "", label: undefined, answer: undefined, purpose: "interesting", halfWidth: HALF_WIDTH });
}

async function getOrCreate(deps: MlflowDeps, request: FastifyRequest): Promise<ReviewQueue> {
  const { experiment_id: experimentId, user } = parseRequest(GetOrCreate, jsonBody(request));
  const { id: projectId } = await activeExperimentOf(deps, request, experimentId);
  const queue = (await findNamed(deps, projectId, user)) ?? (await createOrFind(deps, projectId, user));
  if (queue.isPersonal) return queue;
  throw new MlflowError("RESOURCE_ALREADY_EXISTS", `A non-user queue named '${user}' already exists; cannot get-or-create a user queue with that name.`);
}

/** Two at once: one makes it, the other finds it. */
async function createOrFind(deps: MlflowDeps, projectId: string, user: string): Promise<ReviewQueue> {
  try {
    return await createForUser(deps, projectId, user, user);
  } catch (error) {
    const queue = await findNamed(deps, projectId, user);
    if (queue === undefined) throw error;
    return queue;
  }
}

async function byName(deps: MlflowDeps, request: FastifyRequest): Promise<ReviewQueue> {
  const { id } = await activeExperimentOf(deps, request, requiredQuery(request, "experiment_id"));
  const name = requiredQuery(request, "name");
  const queue = await findNamed(deps, id, name);
  if (queue === undefined) throw missingResource(`Review queue with name '${name}' not found for experiment '${id}'.`);
  return queue;
}

async function list(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const range = pageRange(request, 1_000);
  const { id } = await activeExperimentOf(deps, request, requiredQuery(request, "experiment_id"));
  const [user, itemId] = [queryOne(request, "user")?.trim().toLowerCase(), queryOne(request, "item_id")];
  const all = await deps.reviewQueues.list(id);
  const holding =
    itemId === undefined
      ? undefined
      : new Set(
          await deps.reviewItems.queuesWith(
            all.map((queue) => queue.id),
            parseRequestId(itemId),
          ),
        );
  const queues = all
    .filter((queue) => (user === undefined || queue.assignees.includes(user)) && (holding === undefined || holding.has(queue.id)))
    .sort((a, b) => b.createdMs - a.createdMs || (a.id < b.id ? -1 : 1));
  const schemas = await deps.labelSchemas.list(id);
  const end = range.offset + range.limit;
  return {
    review_queues: queues.slice(range.offset, end).map((queue) => reviewQueueJson(queue, schemas)),
    next_page_token: nextToken(range, queues.length > end),
  };
}

async function update(deps: MlflowDeps, request: FastifyRequest): Promise<ReviewQueue> {
  const sent = parseRequest(Update, jsonBody(request));
  const queue = await queueOf(deps, request, sent.queue_id);
  if (queue.isPersonal) throw invalidParameter("A user queue's name, assigned user, schemas, and owner are fixed and cannot be updated.");
  const { name, new_owner: owner } = sent;
  const users = sent.update_users === true ? (sent.users ?? []) : undefined;
  const schemaIds = sent.update_schema_ids === true ? (sent.schema_ids ?? []) : undefined;
  if (schemaIds !== undefined) await assertQuestions(deps, queue, schemaIds);
  if (name === undefined && owner === undefined && users === undefined && schemaIds === undefined) return queue;
  const other = name === undefined ? undefined : await findNamed(deps, queue.projectId, name);
  if (name !== undefined && other !== undefined && other.id !== queue.id) throw nameTaken(name);
  return deps.reviewQueues.change(queue.id, { name, owner, assignees: users, schemaIds });
}

/** Reviewers who have begun would have answered something else. */
async function assertQuestions(deps: MlflowDeps, queue: ReviewQueue, schemaIds: readonly string[]): Promise<void> {
  if (queue.label !== undefined) throw invalidParameter(`The review queue '${queue.name}' asks a question of its own, which is not a label schema.`);
  const { pending, done, skipped } = await deps.reviewItems.counts(queue.id);
  if (pending + done + skipped > 0)
    throw invalidParameter("A review queue's questions are locked once items are assigned to it. Remove the items before changing its questions.");
  await assertSchemas(deps, queue.projectId, schemaIds);
}

/** What is not there is as good as deleted. */
async function remove(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const queue = await visibleQueue(deps, request, parseRequest(Delete, jsonBody(request)).queue_id);
  if (queue !== undefined) await deps.reviewQueues.remove(queue.id);
  return {};
}

async function assertSchemas(deps: MlflowDeps, projectId: string, ids: readonly string[]): Promise<void> {
  const all = new Set((await deps.labelSchemas.list(projectId)).map((schema) => schema.id));
  const missing = ids.filter((id) => !all.has(id));
  if (missing.length > 0) throw invalidParameter(`Label schema id(s) ${missing.slice(0, 10).join(", ")} not found for experiment '${projectId}'.`);
}

/** MLflow takes names that differ in case only for the same. */
async function findNamed(deps: MlflowDeps, projectId: string, name: string): Promise<ReviewQueue | undefined> {
  const queues = await deps.reviewQueues.list(projectId);
  return queues.find((queue) => queue.name === name) ?? queues.find((queue) => queue.name.toLowerCase() === name.toLowerCase());
}

function nameTaken(name: string): Error {
  return new TelltaleError("already_exists", `Review queue with name '${name}' already exists (names are case-insensitive).`, { field: "name" });
}

/** The queue, or MLflow's 404. */
export async function queueOf(deps: MlflowDeps, request: FastifyRequest, id: string): Promise<ReviewQueue> {
  const queue = await visibleQueue(deps, request, id);
  if (queue === undefined) throw missingResource(`Review queue with id '${id.slice(0, 100)}' not found.`);
  return queue;
}

async function visibleQueue(deps: MlflowDeps, request: FastifyRequest, id: string): Promise<ReviewQueue | undefined> {
  const stored = storedQueueId(id);
  const queue = stored === undefined ? undefined : await deps.reviewQueues.find(stored);
  return queue === undefined || scopeWithin(deps.scopeOf(request), [queue.projectId]).projectIds.length === 0 ? undefined : queue;
}
