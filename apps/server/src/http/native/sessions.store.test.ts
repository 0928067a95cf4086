import { SessionDetail, SessionListOut, UserDetail, UserListOut } from "@telltale/model/api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { peopleWorld, type PeopleWorld } from "../../sessions/people.testing.ts";
import type { AppUnderTest } from "../app-under-test.ts";

const DAY = Date.UTC(2026, 10, 23, 9);
/** As long and as odd as an id may be. */
const ODD = `chat/42?#%2F "ü" 東京 ${"😀".repeat(480)}`;
let world: PeopleWorld;
let under: AppUnderTest;
const ids: string[] = [];

beforeAll(async () => {
  world = await peopleWorld();
  under = await world.open();
  for (let turn = 0; turn < 9; turn += 1) {
    const tools = turn === 2 ? [{ name: "search" }, { name: "refund", error: "the shop is closed" }] : [];
    ids.push(await world.send({ session: ODD, user: "ann@example.org", startMs: DAY + turn * 60_000, question: `Question ${turn}`, answer: `Answer ${turn}`, tools, ...(turn === 8 ? { error: "gave up" } : {}) })); // prettier-ignore
  }
  await world.send({ session: ODD, project: "7", user: "bob", startMs: DAY + 3_600_000, question: "In another project", answer: "Yes" });
  await world.send({ session: "long", user: "ann@example.org", startMs: DAY - 86_400_000, question: `${"very ".repeat(1_000)}long`, answer: JSON.stringify({ answer: "out of JSON" }) }); // prettier-ignore
  await world.send({ session: "long", startMs: DAY - 86_300_000, messages: { question: "Only the call says it", answer: "Indeed" } });
  const feedback = (payload: object) => under.app.inject({ method: "POST", url: `/api/v1/traces/${ids[0]}/assessments`, payload });
  await feedback({ name: "user_feedback", value: true, source: { type: "HUMAN", id: "ann" } });
  await feedback({ name: "groundedness", value: 0.25, source: { type: "LLM_JUDGE", id: "judge" } });
}, 60_000);
afterAll(async () => {
  await under.app.close();
  await world.close();
});

const get = (path: string) => under.app.inject({ url: `/api/v1${path}` });
const odd = encodeURIComponent(ODD);

test("sessions are listed with what they come to; the same id in two projects is two sessions", async () => {
  const { data } = SessionListOut.parse((await get("/sessions")).json());
  expect(data.map(({ session, project_id, traces }) => [session, project_id, traces])).toEqual([[ODD, "7", 1], [ODD, "0", 9], ["long", "0", 2]]); // prettier-ignore
  expect(data[1]).toMatchObject({
    turns: 9,
    first_time: "2026-11-23T09:00:00.000Z",
    last_time: "2026-11-23T09:08:00.000Z",
    duration_ms: 8 * 60_000 + 1_000,
    errors: 1,
    latency_ms: { p50: 1_000, p95: 1_000 },
    tokens: { input: 9_000, output: 900, total: 9_900 },
    unpriced_calls: 0,
    users: ["ann@example.org"],
    models: ["gpt-4o"],
    last_input: "Question 8",
    last_trace_id: ids[8],
    feedback: { thumbs_up: 1, thumbs_down: 0, scores: [{ name: "groundedness", mean: 0.25, count: 1 }] },
  });
  expect(data[1]?.cost_usd).toBeGreaterThan(0);
  const page = async (query: string) => SessionListOut.parse((await get(`/sessions?${query}`)).json()).data.map(({ session }) => session);
  expect(await page("project_ids=0,7&order_by=traces%20ASC&limit=1")).toEqual([ODD]);
  expect(await page("q=LON")).toEqual(["long"]);
  expect(await page(`filter=${encodeURIComponent("status = 'ERROR'")}`)).toEqual([ODD]);
  expect(await page("to=2026-11-23T00:00:00Z")).toEqual(["long"]);
});

test("users are listed likewise, a person once", async () => {
  const { data } = UserListOut.parse((await get("/users?order_by=traces%20DESC")).json());
  expect(data.map(({ user, traces, session_count, project_ids }) => [user, traces, session_count, project_ids])).toEqual([["ann@example.org", 10, 2, ["0"]], ["bob", 1, 1, ["7"]]]); // prettier-ignore
});

test("a session shows its turns as people read them, from any place", async () => {
  const whole = SessionDetail.parse((await get(`/sessions/${odd}?project_id=0&limit=4`)).json());
  expect(whole).toMatchObject({ total: 9, previous_cursor: null, session: { session: ODD, traces: 9 } });
  expect(whole.series).toHaveLength(9);
  expect(whole.series?.[0]).toMatchObject({ position: 0, turns: 1, context_tokens: 1_000, errors: 0 });
  expect(whole.data.map(({ position, input, output }) => [position, input?.text, output?.text])).toEqual(
    [0, 1, 2, 3].map((at) => [at, `Question ${at}`, `Answer ${at}`]),
  );
  expect(whole.data[2]).toMatchObject({
    tool_calls: 2,
    tools: [
      { name: "search", status: "unset", error: null },
      { name: "refund", status: "error", error: "the shop is closed" },
    ],
  });
  expect(whole.data[0]?.assessments.map(({ name }) => name)).toEqual(["user_feedback", "groundedness"]);

  const next = SessionDetail.parse((await get(`/sessions/${odd}?project_id=0&limit=4&summary=false&cursor=${whole.next_cursor}`)).json());
  expect([next.session, next.data.map(({ position }) => position)]).toEqual([undefined, [4, 5, 6, 7]]);
  const back = SessionDetail.parse((await get(`/sessions/${odd}?project_id=0&limit=4&summary=false&cursor=${next.previous_cursor}`)).json());
  expect(back.data.map(({ trace_id }) => trace_id)).toEqual(ids.slice(0, 4));
  const around = SessionDetail.parse((await get(`/sessions/${odd}?project_id=0&trace_id=tr-${ids[5]}&limit=3&content=none&summary=false`)).json());
  expect(around.data.map(({ position, input }) => [position, input])).toEqual([4, 5, 6].map((at) => [at, null]));
  const at = SessionDetail.parse((await get(`/sessions/${odd}?project_id=0&at=2026-11-23T09:06:30Z`)).json());
  expect(at.data.map(({ position }) => position)).toEqual([7, 8]);
});

test("without a project the session that was active last is meant, and the others are named", async () => {
  expect(SessionDetail.parse((await get(`/sessions/${odd}`)).json())).toMatchObject({ session: { project_id: "7" }, also_in_projects: ["0"], total: 1 });
});

test("long texts are cut in a page and whole on demand; JSON and bare model calls are read", async () => {
  const short = SessionDetail.parse((await get("/sessions/long")).json()).data;
  expect(short[0]?.input).toMatchObject({ truncated: true, text: expect.stringMatching(/^(very )+$/) });
  expect(short[0]?.output).toEqual({ text: "out of JSON", truncated: false });
  expect([short[1]?.input?.text, short[1]?.output?.text]).toEqual(["Only the call says it", "Indeed"]);
  const full = SessionDetail.parse((await get("/sessions/long?content=full&limit=1")).json()).data;
  expect(full[0]?.input).toEqual({ text: `${"very ".repeat(1_000)}long`, truncated: false });
});

test("a user comes with curves, what their traces are made of, and sessions", async () => {
  const detail = UserDetail.parse((await get(`/users/${encodeURIComponent("ann@example.org")}`)).json());
  expect(detail.user).toMatchObject({ traces: 10, session_count: 2, errors: 1, feedback: { thumbs_up: 1 } });
  expect(detail.by_model).toEqual([{ value: "gpt-4o", traces: 10 }]);
  expect(detail.by_environment).toEqual([{ value: "unknown", traces: 10 }]);
  expect(detail.series.traces.data.reduce((sum, { values }) => sum + (values.count ?? 0), 0)).toBe(10);
  expect(detail.sessions.data.map(({ session }) => session)).toEqual([ODD, "long"]);
});

test.each([
  ["/sessions?order_by=price", 400, "bad_request"],
  ["/sessions?limit=0", 400, "bad_request"],
  ["/sessions?filter=status%20%3D", 400, "filter_invalid"],
  ["/sessions?cursor=nonsense", 400, "cursor_invalid"],
  ["/sessions?from=2026-11-24T00:00:00Z&to=2026-11-23T00:00:00Z", 400, "bad_request"],
  ["/sessions/none", 404, "not_found"],
  ["/sessions/long?project_id=7", 404, "not_found"],
  ["/sessions/long?position=1&at=2026-11-23T09:06:30Z", 400, "bad_request"],
  ["/sessions/long?content=full&limit=50", 400, "bad_request"],
  [`/sessions/long?trace_id=${"f".repeat(32)}`, 404, "trace_not_found"],
  ["/users/nobody", 404, "not_found"],
  [`/users/${"x".repeat(2_001)}`, 400, "bad_request"],
])("%s is a clear %i", async (path, status, code) => {
  const answer = await get(path);
  expect([answer.statusCode, answer.json().type]).toEqual([status, `urn:telltale:error:${code}`]);
});
