import type { RawLog } from "@telltale/model";
import { parseFilter } from "@telltale/model/filter";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EmbeddedEngine } from "../../engine/embedded.ts";
import { Block, writeBlock } from "../block.ts";
import { deleteTraces } from "../delete-traces.ts";
import { openTestEngine } from "../questions/engine.testing.ts";
import { addToBlock, makeWorld, type WorldTrace } from "../questions/world.testing.ts";
import { type GroupFigures, type GroupQuery, type SessionQuestions, sessionQuestions, type TurnAnchor } from "./index.ts";

const all = { projectIds: "all" } as const;
const unpackLog = (raw: string) => ({ eventName: raw, spanId: "span0" }) as RawLog;
let engine: EmbeddedEngine;
let close: () => Promise<void>;
let questions: SessionQuestions;
let world: WorldTrace[];
let version = 5n;

beforeAll(async () => {
  ({ engine, close } = await openTestEngine());
  questions = sessionQuestions(engine, { unpackLog, now: () => Date.UTC(2026, 10, 26) });
  world = makeWorld(240, 21);
  // Many sessions and people, so that there are pages.
  for (const [index, { trace }] of world.entries()) if (trace.sessionId !== "") trace.sessionId = `s/${index % 23} ü`;
  for (const [index, { trace }] of world.entries()) if (trace.userId !== "") trace.userId = `person ${index % 11}`;
  await store(world);
}, 60_000);
afterAll(() => close());

async function store(list: readonly WorldTrace[]): Promise<void> {
  const block = new Block();
  version += 1n;
  for (const item of list) addToBlock(block, item, version);
  await writeBlock(engine, block, `b${version}`);
}

type Kind = "session" | "user";
const list = (kind: Kind, query: Partial<GroupQuery>) =>
  (kind === "session" ? questions.listSessions : questions.listUsers)({ scope: all, limit: 500, ...query });
const groupKey = (kind: Kind, { trace }: WorldTrace): string => (kind === "session" ? `${trace.projectId}/${trace.sessionId}` : trace.userId);
const keyOf = (kind: Kind, group: GroupFigures): string => (kind === "session" ? `${group.projectIds[0]}/${group.id}` : group.id);

function groupsIn(kind: Kind, items: readonly WorldTrace[]): Map<string, WorldTrace[]> {
  const groups = new Map<string, WorldTrace[]>();
  for (const item of items) {
    if ((kind === "session" ? item.trace.sessionId : item.trace.userId) === "") continue;
    groups.set(groupKey(kind, item), [...(groups.get(groupKey(kind, item)) ?? []), item]);
  }
  return groups;
}

/** Sum of what is known; undefined when nothing is. */
function sum(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, value) => total + value, 0);
}

function percentile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const [low = 0, high = low] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low + (high - low) * (at - Math.floor(at));
}

function expected(kind: Kind, items: readonly WorldTrace[]) {
  const traces = items.map(({ trace }) => trace);
  const given = items.flatMap(({ assessments }) => assessments).filter((item) => item.valid && item.kind === "feedback" && item.valueJson !== undefined);
  const values = (named: string[]) => given.filter((item) => named.includes(String(JSON.parse(item.valueJson ?? "null")))).length;
  const first = traces.reduce((least, { startNs }) => (startNs < least ? startNs : least), traces[0]?.startNs ?? 0n);
  const lastEnd = traces.reduce((most, { endNs }) => (endNs > most ? endNs : most), 0n);
  return {
    traces: traces.length,
    firstNs: first,
    lastNs: traces.reduce((most, { startNs }) => (startNs > most ? startNs : most), 0n),
    durationMs: Number(lastEnd - first) / 1e6,
    errors: traces.filter(({ status }) => status === "error").length,
    memberCount: new Set(
      traces.map((trace) => (kind === "session" ? trace.userId : trace.sessionId && `${trace.projectId}/${trace.sessionId}`)).filter((id) => id !== ""),
    ).size,
    latencyMs: { p50: percentile(traces.map(({ durationMs }) => durationMs), 0.5), p95: percentile(traces.map(({ durationMs }) => durationMs), 0.95) }, // prettier-ignore
    tokens: { input: sum(traces.map(({ tokens }) => tokens.input)), output: sum(traces.map(({ tokens }) => tokens.output)), total: sum(traces.map(({ tokens }) => tokens.total)) }, // prettier-ignore
    unpricedCalls: 0,
    feedback: { thumbsUp: values(["true", "yes"]), thumbsDown: values(["false", "no"]) },
  };
}

test.each<Kind>(["session", "user"])("every %s comes to what its traces come to", async (kind) => {
  const { groups, nextCursor } = await list(kind, {});
  expect(nextCursor).toBeNull();
  const wanted = groupsIn(kind, world);
  expect(groups.map((group) => keyOf(kind, group)).toSorted()).toEqual([...wanted.keys()].toSorted());
  for (const group of groups) {
    const items = wanted.get(keyOf(kind, group)) ?? [];
    expect(group).toMatchObject(expected(kind, items));
    const cost = sum(items.map(({ trace }) => trace.costUsd));
    if (cost === undefined) expect(group.costUsd).toBeUndefined();
    else expect(group.costUsd).toBeCloseTo(cost, 9);
    const scores = items
      .flatMap(({ assessments }) => assessments)
      .filter((item) => item.valid && item.kind === "feedback" && typeof JSON.parse(item.valueJson ?? "null") === "number");
    expect(group.feedback.scores.reduce((count, score) => count + score.count, 0)).toBe(scores.length);
  }
});

test.each<Kind>(["session", "user"])(
  "pages of every %s order are whole and without repetition",
  async (kind) => {
    const columns = ["last_time", "first_time", "duration_ms", "traces", "errors", "error_rate", "latency_p95_ms", "tokens", "cost_usd", "thumbs_up", kind];
    for (const column of columns) {
      for (const direction of ["ASC", "DESC"]) {
        const orderBy = `${column} ${direction}`;
        const whole = (await list(kind, { orderBy })).groups.map((group) => keyOf(kind, group));
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await list(kind, { orderBy, limit: 15, cursor });
          seen.push(...page.groups.map((group) => keyOf(kind, group)));
          cursor = page.nextCursor ?? undefined;
        } while (cursor !== undefined);
        expect([orderBy, seen]).toEqual([orderBy, whole]);
        expect(new Set(seen).size).toBe(groupsIn(kind, world).size);
      }
    }
  },
  120_000,
);

test("a session that goes on while somebody pages is neither repeated nor lost", async () => {
  const latest = world.reduce((most, { trace }) => (trace.startNs > most ? trace.startNs : most), 0n);
  const before = sessionQuestions(engine, { unpackLog, now: () => Number(latest / 1_000_000n) });
  const first = await before.listSessions({ scope: all, limit: 10 });
  const rest = groupsIn("session", world);
  for (const group of first.groups) rest.delete(keyOf("session", group));
  const goingOn = [first.groups[0]?.id ?? "", [...rest.values()][0]?.[0]?.trace.sessionId ?? ""];
  const news = makeWorld(2, 77).map((item, index) => {
    item.trace.sessionId = goingOn[index] ?? "";
    item.trace.startNs = latest + 5_000_000_000n;
    item.trace.endNs = item.trace.startNs + 1_000_000n;
    return item;
  });
  await store(news);
  const second = await before.listSessions({ scope: all, limit: 500, cursor: first.nextCursor ?? undefined });
  expect(second.groups.map((group) => keyOf("session", group)).toSorted()).toEqual([...rest.keys()].toSorted());
  for (const { trace } of news) await deleteTraces(engine, trace.projectId, [trace.traceId], (version += 1n));
});

test("a window, a filter and a part of the id choose whose traces count", async () => {
  const fromNs = 1_795_424_400_000_000_000n + 10n * 3_600_000_000_000n;
  const chosen = world.filter(({ trace }) => trace.startNs >= fromNs && trace.status === "error");
  const found = await list("session", { fromNs, filter: parseFilter("status = 'ERROR'") });
  const wanted = groupsIn("session", chosen);
  expect(found.groups.map((group) => [keyOf("session", group), group.traces]).toSorted()).toEqual(
    [...wanted].map(([key, items]) => [key, items.length]).toSorted(),
  );
  const named = await list("session", { idPart: "S/2" });
  expect(new Set(named.groups.map(({ id }) => id))).toEqual(new Set(["s/2 ü", "s/20 ü", "s/21 ü", "s/22 ü"]));
  expect((await list("user", { idPart: "' OR 1 --" })).groups).toEqual([]);
});

test("what is replaced, moved to another session or deleted counts no more", async () => {
  const [a, b, c] = world.filter(({ trace }) => trace.sessionId !== "");
  if (!a || !b || !c) throw new Error("the world is too small");
  const was = a.trace.sessionId;
  a.trace.sessionId = "moved here";
  b.trace.durationMs = 123_456;
  await store([a, b]);
  await deleteTraces(engine, c.trace.projectId, [c.trace.traceId], (version += 1n));
  world = world.filter((item) => item !== c);
  const wanted = groupsIn("session", world);
  const { groups } = await list("session", {});
  expect(groups.map((group) => [keyOf("session", group), group.traces]).toSorted()).toEqual([...wanted].map(([key, items]) => [key, items.length]).toSorted());
  const left = await questions.session({ projectId: a.trace.projectId, sessionId: was });
  expect(left?.traces ?? 0).toBe(wanted.get(`${a.trace.projectId}/${was}`)?.length ?? 0);
});

test("a wrong order or cursor is the caller's mistake", async () => {
  await expect(list("session", { orderBy: "price DESC" })).rejects.toMatchObject({ code: "bad_request", field: "order_by" });
  await expect(list("session", { orderBy: "sessions DESC" })).rejects.toMatchObject({ code: "bad_request" });
  const { nextCursor } = await list("session", { limit: 3 });
  await expect(list("session", { limit: 3, orderBy: "traces DESC", cursor: nextCursor ?? "" })).rejects.toMatchObject({ code: "cursor_invalid" });
  await expect(list("user", { limit: 3, cursor: nextCursor ?? "" })).rejects.toMatchObject({ code: "cursor_invalid" });
});

test("the turns of a session come in order, from either end, from a time and around a trace", async () => {
  const [key, items] = [...groupsIn("session", world)].reduce((most, next) => (next[1].length > most[1].length ? next : most));
  const session = { projectId: key.slice(0, key.indexOf("/")), sessionId: key.slice(key.indexOf("/") + 1) };
  const order = items.toSorted((x, y) => Number(x.trace.startNs - y.trace.startNs) || (x.trace.traceId < y.trace.traceId ? -1 : 1)).map(({ trace }) => trace);
  expect(order.length).toBeGreaterThan(4);
  const ask = async (anchor: TurnAnchor, limit = 2) => questions.sessionTurns(session, anchor, limit);

  const forward: string[] = [];
  let page = await ask({ kind: "position", position: 0 });
  expect([page.total, page.previousCursor]).toEqual([order.length, null]);
  for (;;) {
    forward.push(...page.turns.map(({ trace }) => trace.traceId));
    if (page.nextCursor === null) break;
    page = await ask({ kind: "cursor", cursor: page.nextCursor });
  }
  expect(forward).toEqual(order.map(({ traceId }) => traceId));

  const backward: string[] = [];
  page = await ask({ kind: "position", position: order.length - 1 });
  for (;;) {
    backward.unshift(...page.turns.map(({ trace }) => trace.traceId));
    if (page.previousCursor === null) break;
    page = await ask({ kind: "cursor", cursor: page.previousCursor });
  }
  expect(backward).toEqual(forward);

  const third = order[3];
  if (!third) throw new Error("too few turns");
  const around = await ask({ kind: "trace", traceId: third.traceId }, 3);
  expect(around.turns.map(({ position }) => position)).toEqual([2, 3, 4].slice(0, around.turns.length));
  const at = await ask({ kind: "time", fromNs: third.startNs }, 1);
  expect(at.turns[0]?.trace.startNs).toBe(third.startNs);
  expect((await ask({ kind: "trace", traceId: "nowhere" })).turns).toEqual([]);
  expect((await ask({ kind: "position", position: 10_000 })).total).toBe(order.length);

  const stretches = await questions.sessionStretches(session);
  expect(stretches.reduce((turns, stretch) => turns + stretch.turns, 0)).toBe(order.length);
  expect(stretches.map(({ position }) => position)).toEqual(order.map((_, index) => index));
});

test("a turn names its tools in order with what became of them, and its last counted call", async () => {
  const item = world.find(({ trace, spans }) => trace.sessionId !== "" && spans.filter(({ span }) => span.kind === "TOOL").length > 0);
  if (!item) throw new Error("no tools in this world");
  const page = await questions.sessionTurns(
    { projectId: item.trace.projectId, sessionId: item.trace.sessionId },
    { kind: "trace", traceId: item.trace.traceId },
    1,
  );
  const spans = (await questions.spansOfTurns(page.turns)).get(item.trace.traceId);
  const tools = item.spans.map(({ span }) => span).filter(({ kind }) => kind === "TOOL");
  expect(spans?.toolCalls).toBe(tools.length);
  expect(spans?.tools.map(({ spanId, status }) => [spanId, status])).toEqual(tools.map(({ spanId, status }) => [spanId, status]));
  expect(spans?.lastCallId ?? "").toBe(item.spans.findLast(({ span }) => span.kind === "LLM")?.span.spanId ?? "");
  const content = await questions.contentOfTurns(page.turns.map((turn) => ({ ...turn, spanIds: ["span0"] })));
  expect(content.map(({ inputs }) => inputs)).toEqual(item.spans.slice(0, 1).map(({ inputs }) => inputs));
});

test("the same id in two projects is two sessions, and one person", async () => {
  const twins = groupsIn("session", world);
  const shared = [...twins.keys()].map((key) => key.slice(2)).find((id, index, ids) => ids.indexOf(id) !== index) ?? "";
  expect((await questions.projectsOfSession(all, shared)).toSorted()).toEqual(["0", "1"]);
  const [zero, one] = await Promise.all(["0", "1"].map((projectId) => questions.session({ projectId, sessionId: shared })));
  expect([zero?.traces, one?.traces]).toEqual([twins.get(`0/${shared}`)?.length, twins.get(`1/${shared}`)?.length]);
  const person = [...groupsIn("user", world)].find(([, items]) => new Set(items.map(({ trace }) => trace.projectId)).size === 2);
  const user = { scope: all, userId: person?.[0] ?? "", fromNs: undefined, toNs: undefined };
  expect(await questions.user(user)).toMatchObject({ traces: person?.[1].length, projectIds: ["0", "1"] });
  expect((await questions.user({ ...user, scope: { projectIds: ["0"] } }))?.projectIds).toEqual(["0"]);
  const { environments } = await questions.userBreakdowns(user);
  expect(environments.reduce((count, { traces }) => count + traces, 0)).toBe(person?.[1].length);
});

test("many traces are read whole, each span with its own content", async () => {
  const some = world.filter(({ spans }) => spans.length > 0).slice(0, 40);
  const seen = new Map<string, string>();
  for await (const spans of questions.wholeTraces(some.map(({ trace }) => trace))) {
    for (const { span, payload } of spans) seen.set(`${span.projectId}/${span.traceId}/${span.spanId}`, payload?.inputs ?? "missing");
  }
  const wanted = some.flatMap(({ trace, spans }) =>
    spans.map(({ span, inputs }): [string, string] => [`${trace.projectId}/${trace.traceId}/${span.spanId}`, inputs]),
  );
  expect(seen).toEqual(new Map(wanted));
});
