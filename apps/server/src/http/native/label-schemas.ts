import { TelltaleError } from "@telltale/model";
import { LabelSchemaOut, LabelSchemaPatch, NewLabelSchema } from "@telltale/model/api";
import type { LabelSchema, LabelSchemas } from "@telltale/store";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { assertInScope } from "../scope.ts";
import type { TypedApp } from "../typed-routes.ts";
import { Paging, pageOf } from "./paging.ts";
import { formatMs } from "./wire/timestamp.ts";

const SchemaParams = z.object({ id: z.string().max(40) });
const SchemaList = Paging.extend({ project_id: z.string().max(20).default("0") });
const SchemaPage = z.object({ data: z.array(LabelSchemaOut), next_cursor: z.string().nullable() });
const tags = ["label schemas"];

export interface LabelSchemaDeps {
  labelSchemas: Pick<LabelSchemas, "list" | "find" | "create" | "change" | "remove">;
}

/** Label schemas: what people are asked about the traces of a project, and how they answer. */
export function labelSchemaRoutes(app: TypedApp, { labelSchemas }: LabelSchemaDeps): void {
  const find = async (request: FastifyRequest<{ Params: { id: string } }>): Promise<LabelSchema> => {
    const schema = await labelSchemas.find(request.params.id);
    if (schema === undefined) throw new TelltaleError("not_found", `There is no label schema with id ${request.params.id}`);
    assertInScope(request, schema.projectId);
    return schema;
  };

  app.get(
    "/label-schemas",
    {
      schema: {
        tags,
        summary: "Label schemas of a project, newest first; the first look makes the one that every project has",
        querystring: SchemaList,
        response: { 200: SchemaPage },
      },
    },
    async (request) => {
      assertInScope(request, request.query.project_id);
      return pageOf((await labelSchemas.list(request.query.project_id)).map(schemaOut), request.query);
    },
  );

  app.post(
    "/label-schemas",
    { schema: { tags, summary: "Create a label schema", body: NewLabelSchema, response: { 201: LabelSchemaOut } } },
    async (request, reply) => {
      const { project_id: projectId, enable_comment: enableComment, ...fields } = request.body;
      assertInScope(request, projectId);
      return reply.code(201).send(schemaOut(await labelSchemas.create({ ...fields, projectId, enableComment })));
    },
  );

  app.get("/label-schemas/:id", { schema: { tags, summary: "One label schema", params: SchemaParams, response: { 200: LabelSchemaOut } } }, async (request) =>
    schemaOut(await find(request)),
  );

  app.patch(
    "/label-schemas/:id",
    {
      schema: {
        tags,
        summary: "Change a label schema; its type and kind of input stay",
        params: SchemaParams,
        body: LabelSchemaPatch,
        response: { 200: LabelSchemaOut },
      },
    },
    async (request) => schemaOut(await labelSchemas.change(await find(request), request.body)),
  );

  app.delete(
    "/label-schemas/:id",
    { schema: { tags, summary: "Delete a label schema; the labels stay", params: SchemaParams, response: { 204: z.null() } } },
    async (request, reply) => {
      await labelSchemas.remove(await find(request));
      return reply.code(204).send(null);
    },
  );
}

function schemaOut(schema: LabelSchema): LabelSchemaOut {
  return {
    id: schema.id,
    project_id: schema.projectId,
    name: schema.name,
    type: schema.type,
    input: schema.input,
    instruction: schema.instruction,
    enable_comment: schema.enableComment,
    is_default: schema.isDefault,
    created_at: formatMs(schema.createdMs),
    updated_at: formatMs(schema.updatedMs),
  };
}
