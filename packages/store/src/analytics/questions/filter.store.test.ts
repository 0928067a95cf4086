import * as fc from "fast-check";
import type { Filter } from "@telltale/model/filter";
import { filterFields, formatFilter, parseFilter } from "@telltale/model/filter";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EmbeddedEngine } from "../../engine/embedded.ts";
import type { TraceQuestions } from "../../store.ts";
import { Block, writeBlock } from "../block.ts";
import { deleteTraces } from "../delete-traces.ts";
import { openTestEngine } from "./engine.testing.ts";
import { traceQuestions } from "./index.ts";
import { matches } from "./oracle.testing.ts";
import { addToBlock, makeWorld, vocabulary, type WorldTrace } from "./world.testing.ts";

const all = { projectIds: "all" } as const;
let engine: EmbeddedEngine;
let close: () => Promise<void>;
let questions: TraceQuestions;
/** The same with windows so small that a question reads many. */
let windowed: TraceQuestions;
let world: WorldTrace[];

beforeAll(async () => {
  ({ engine, close } = await openTestEngine());
  questions = traceQuestions(engine, { unpackLog: noLogs });
  windowed = traceQuestions(engine, { unpackLog: noLogs, windowRows: 60 });
  // Every trace was stored before with other contents, and some are deleted: neither may be seen.
  const current = makeWorld(400, 7);
  const former = makeWorld(400, 8).map(({ trace, spans, assessments }, index): WorldTrace => {
    const now = current[index];
    if (!now) throw new Error("as many as now");
    const key = { projectId: now.trace.projectId, traceId: now.trace.traceId };
    return {
      trace: { ...trace, ...key, startNs: now.trace.startNs },
      spansBucket: now.spansBucket,
      spans: spans.slice(0, now.spans.length).map((one) => ({ ...one, span: { ...one.span, traceId: key.traceId } })),
      assessments: assessments.slice(0, now.assessments.length).map((one, at) => ({ ...one, ...key, assessmentId: now.assessments[at]?.assessmentId ?? "" })),
    };
  });
  for (const [version, list] of [
    [1n, former],
    [2n, current],
  ] as const) {
    const block = new Block();
    for (const item of list) addToBlock(block, item, version);
    await writeBlock(engine, block, `world-${version}`);
  }
  const deleted = new Set(current.filter((_, index) => index % 20 === 0).map((item) => item.trace.traceId));
  for (const projectId of ["0", "1"])
    await deleteTraces(
      engine,
      projectId,
      current.filter((item) => item.trace.projectId === projectId && deleted.has(item.trace.traceId)).map((item) => item.trace.traceId),
      3n,
    );
  world = current.filter((item) => !deleted.has(item.trace.traceId));
}, 60_000);
afterAll(() => close());

const idsOf = (list: readonly WorldTrace[]): string[] => list.map(({ trace }) => trace.traceId).toSorted();

function noLogs(): never {
  throw new Error("no logs in this world");
}

async function found(filter: Filter | undefined, asked = questions): Promise<string[]> {
  const page = await asked.searchTraces({ scope: all, filter, limit: 500 });
  return page.traces.map((trace) => trace.traceId).toSorted();
}

async function agree(filter: Filter): Promise<void> {
  const expected = idsOf(world.filter((item) => matches(filter, item, world)));
  expect(await found(filter), formatFilter(filter)).toEqual(expected);
  expect(await found(filter, windowed), `windows: ${formatFilter(filter)}`).toEqual(expected);
  expect((await windowed.countTraces({ scope: all, filter, limit: 1 })).count, `count: ${formatFilter(filter)}`).toBe(expected.length);
}

test("without a filter every trace is found once, as its last version", async () => {
  expect(await found(undefined)).toEqual(idsOf(world));
});

test.each([
  "status = 'OK'",
  "status IN ('error', 'IN_PROGRESS') AND name LIKE 'c%'",
  "status LIKE 'STATE%'",
  "name != 'chat'",
  "NOT name = 'chat'",
  "name = ''",
  "tags.env = 'prod' OR tags.`it's` IS NULL",
  "tags.env != 'prod'",
  "tags.env = ''",
  String.raw`tags.env LIKE 'x\%y' OR tags.env LIKE 'x\_y' OR tags.env LIKE 'back\slash'`,
  "tags.env LIKE 'x_y'",
  "tags.env IN ('prod', '''; DROP TABLE traces --')",
  "tags.env NOT IN ('prod')",
  "tags.__proto__ IS NOT NULL",
  "metadata.`mlflow.trace.session` = 's1'",
  "timestamp_ms BETWEEN 1795424400000 AND 1795510800000",
  "timestamp_ms = 1795431600003 OR end_time_ms < 1795438800010",
  "execution_time_ms = 3 AND duration_ms > 3.1",
  "cost_usd < 0.05",
  "NOT cost_usd < 0.05",
  "cost_usd IS NULL AND tokens.total IS NOT NULL",
  "cost_usd IN (0.011, 0.02, 0.05)",
  "has_error AND NOT complete",
  "model LIKE 'gpt%' AND model != 'gpt-4o'",
  "failed_tool = 'search'",
  "label IS NULL",
  "trace_id LIKE 'tr-%'",
  "run_id = 'run-a' AND prompt IN ('p1/2')",
  "span.name = 'retrieve' AND span.status = 'ERROR'",
  "(span.name = 'retrieve') AND (span.status = 'ERROR')",
  "span.name != 'retrieve'",
  "NOT span.name = 'retrieve'",
  "span.type = 'CHAT_MODEL'",
  "span.type = 'LLM'",
  "span.type NOT IN ('LLM', 'TASK')",
  "span.type LIKE '%M%'",
  "span.model IS NULL AND span.duration_ms > 5",
  "span.attributes.top_k = '3'",
  "span.attributes.top_k != '3'",
  "span.attributes.top_k IS NULL",
  "text ~ 'refund'",
  "text ~ 'refund' AND span.status = 'OK'",
  "text ~ '東京'",
  "text ~ '東京 weather'",
  "text ~ '都'",
  "text ~ 'كتاب'",
  "text ~ 'gpt'",
  "text ~ 'dont' OR text ~ 'don''t'",
  "text ~ '😀'",
  "span.content LIKE '%100%%' OR trace.text ILIKE '%SECRET RAW%'",
  "NOT text ~ 'refund'",
  "feedback.score = '1'",
  "feedback.score = 1",
  "feedback.score != 1",
  "feedback.score > 0.5",
  "feedback.verdict IN ('yes', true)",
  "feedback.score IS NULL AND feedback.verdict IS NOT NULL",
  "NOT feedback.score = 1",
  "expectation.score LIKE '%e%'",
  "issue.id = 'iss-1'",
  "detector = 'pii' OR detector IS NULL",
  "user RLIKE '^(ada|Zo.)$'",
])("the store and a plain evaluation agree: %s", async (text) => {
  const filter = parseFilter(text);
  if (!filter) throw new Error(text);
  await agree(filter);
});

/** Random clauses over the whole catalogue, with values that occur. */
const clause = fc.constantFrom(...filterFields).chain((item) => {
  const values = [...Object.values(vocabulary).flat(), "openai", "planner", "api", "p1/1", "run-a", "nightly", "3", "pii", "iss-1"].filter(
    (value) => value !== undefined,
  );
  const key = fc.constantFrom(...vocabulary.tagKey, "custom", "top_k", "score", "verdict");
  const string = fc.constantFrom(...values).map((value) => `'${value.replaceAll("'", "''")}'`);
  const number = fc.constantFrom("0", "1", "0.25", "3", "50", "0.05", "7.5", "1795431600000");
  const pattern = fc.constantFrom("'%a%'", "'g_t%'", "'%'", "''", "'%E%'", String.raw`'%\\%'`);
  const expression = fc.constantFrom("'^a'", "'o$'", "'[a-c]+'", "'.'");
  return fc
    .tuple(
      fc.constantFrom(...item.operators),
      key,
      fc.array(item.type === "number" ? number : string, { minLength: 2, maxLength: 3 }),
      number,
      pattern,
      expression,
    )
    .map(([op, name, list, num, like, regex]) => {
      const left = item.name.replace(/<.*>/, `\`${name}\``);
      const status = item.values ? list.map((_, at) => `'${item.values?.[(at + Number(num)) % item.values.length] ?? "OK"}'`) : list;
      const [first = "''", second = "''"] = item.type === "boolean" ? ["true", "false"] : status;
      if (op === "IS NULL" || op === "IS NOT NULL") return `${left} ${op}`;
      if (op === "IN" || op === "NOT IN") return `${left} ${op} (${status.join(", ")})`;
      if (op === "LIKE" || op === "ILIKE") return `${left} ${op} ${like}`;
      if (op === "RLIKE") return `${left} ${op} ${regex}`;
      if (op === "BETWEEN") return `${left} BETWEEN 0.1 AND ${num}`;
      if (item.type === "assessment" && [">", ">=", "<", "<="].includes(op)) return `${left} ${op} ${num}`;
      return `${left} ${op} ${op === "!=" ? second : first}`;
    });
});
const filterText = fc.letrec<{ node: string; clause: string; not: string; and: string; or: string }>((tie) => ({
  clause,
  not: tie("node").map((text) => `NOT (${text})`),
  and: fc.array(tie("node"), { minLength: 2, maxLength: 3 }).map((items) => items.map((text) => (text.includes(" OR ") ? `(${text})` : text)).join(" AND ")),
  or: fc.array(tie("node"), { minLength: 2, maxLength: 3 }).map((items) => `(${items.join(" OR ")})`),
  node: fc.oneof({ maxDepth: 3, withCrossShrink: true }, tie("clause"), tie("and"), tie("or"), tie("not")),
})).node;

test("for any filter the store and a plain evaluation agree", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(filterText, async (text) => {
      const filter = parseFilter(text);
      if (filter) await agree(filter);
    }),
    { numRuns: 40, seed: 20_261_123 },
  );
});

test("a pattern that RE2 refuses is the caller's mistake and has a column", async () => {
  const filter = parseFilter("name = 'x' AND (user RLIKE '(' OR name = 'y')");
  await expect(questions.searchTraces({ scope: all, filter, limit: 10 })).rejects.toMatchObject({ code: "filter_invalid", column: 16 });
  await expect(questions.countTraces({ scope: all, filter: parseFilter("span.name RLIKE '(?=a)'"), limit: 10 })).rejects.toMatchObject({
    code: "filter_invalid",
    column: 0,
  });
});

test.each(["'", "\\", "\\'", "') OR 1=1 --", "{p1:String}", "`", "\0", "${x}", "?"])("hostile text %j is only ever data", async (text) => {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  const key = `\`${text.replaceAll("`", "``")}\``;
  for (const filter of [
    `name = ${quoted}`,
    `tags.${key} = ${quoted}`,
    `feedback.${key} = ${quoted}`,
    `span.attributes.${key} LIKE ${quoted}`,
    `model IN (${quoted})`,
    `text LIKE ${quoted}`,
  ]) {
    expect(await found(parseFilter(filter)), filter).toEqual([]);
  }
  const page = await questions.searchTraces({
    scope: { projectIds: [text] },
    text,
    orderBy: [{ field: { entity: "tag", key: text }, direction: "ASC" }],
    limit: 10,
  });
  expect(page.traces).toEqual([]);
});

test("a scope without projects sees nothing, one project sees its own", async () => {
  expect((await questions.searchTraces({ scope: { projectIds: [] }, limit: 10 })).traces).toEqual([]);
  for (const projectId of ["0", "1"]) {
    const scope = { projectIds: [projectId] };
    const expected = idsOf(world.filter((item) => item.trace.projectId === projectId));
    expect((await questions.searchTraces({ scope, limit: 500 })).traces.map((trace) => trace.traceId).toSorted()).toEqual(expected);
    expect((await questions.countTraces({ scope, limit: 1, filter: parseFilter("span.name = 'root' OR feedback.score IS NULL") })).count).toBe(
      world.filter(
        (item) =>
          item.trace.projectId === projectId &&
          (item.spans.some(({ span }) => span.name === "root") || matches(parseFilter("feedback.score IS NULL") as Filter, item, world)),
      ).length,
    );
  }
});
