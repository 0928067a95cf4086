import { TelltaleError } from "@telltale/model";
import { SqlAnswer, SqlSchemaOut } from "@telltale/model/api";
import { expect, test } from "vitest";
import { appUnderTest } from "../app-under-test.ts";

const post = (body: object, headers: Record<string, string> = {}) => ({ method: "POST", url: "/api/v1/sql", payload: body, headers }) as const;

test("answers columns, rows, the flag of a cut and what it took", async () => {
  const { app, store } = await appUnderTest();
  const answer = await app.inject(
    post({ query: "SELECT 1 AS n", project_ids: ["0"], from: "2026-11-23T09:00:00Z", to: "2026-11-23T10:00:00.5Z", params: { a: "x", list: [1, 2] } }),
  );
  expect(answer.statusCode).toBe(200);
  expect(SqlAnswer.parse(answer.json())).toMatchObject({
    columns: [{ name: "n", type: "UInt64" }],
    rows: [[1], [null]],
    row_count: 2,
    truncated: true,
    rows_read: 7,
  });
  expect(store.sqlQuestions).toEqual([
    {
      scope: { projectIds: ["0"] },
      query: "SELECT 1 AS n",
      params: { a: "x", list: [1, 2] },
      fromNs: 1_795_424_400_000_000_000n,
      toNs: 1_795_428_000_500_000_000n,
    },
  ]);
});

test("answers CSV when asked for it", async () => {
  const { app } = await appUnderTest();
  const answer = await app.inject(post({ query: "SELECT 1" }, { accept: "text/csv, application/json;q=0.5" }));
  expect(answer.headers).toMatchObject({ "content-type": expect.stringContaining("text/csv"), "x-telltale-truncated": "true" });
  expect(answer.body).toBe("n\r\n1\r\n\r\n");
});

test("a mistake in the SQL is a problem with its place", async () => {
  const { app } = await appUnderTest({
    sql: async () => {
      throw new TelltaleError("sql_invalid", "Syntax error: failed at position 8 (FORM)", { field: "query", column: 7 });
    },
  });
  const answer = await app.inject(post({ query: "SELECT FORM" }));
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({ type: "urn:telltale:error:sql_invalid", errors: [{ field: "query", column: 7 }] });
});

test.each([
  [{}],
  [{ query: "" }],
  [{ query: "x".repeat(50_001) }],
  [{ query: "SELECT 1", settings: {} }],
  [{ query: "SELECT 1", from: "yesterday" }],
  [{ query: "SELECT 1", params: { "a b": 1 } }],
])("refuses the body %#", async (body) => {
  const { app } = await appUnderTest();
  const answer = await app.inject(post(body));
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({ type: "urn:telltale:error:bad_request" });
});

test("the schema lists views and limits for editors", async () => {
  const { app } = await appUnderTest();
  const schema = SqlSchemaOut.parse((await app.inject("/api/v1/sql/schema")).json());
  expect(schema.views.map(({ name }) => name)).toContain("traces");
  expect(schema.limits.rows).toBe(10_000);
});
