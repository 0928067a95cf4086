import type { ToolDefinition } from "@telltale/model";
import { expect, test } from "vitest";
import { diagnose } from "./diagnose.ts";
import { type Step, TraceBuilder } from "./evidence.testing.ts";
import type { Finding } from "./finding.ts";

const find = (builder: TraceBuilder, stepLimits?: ReadonlyMap<string, number>): Finding[] => diagnose(builder.build(stepLimits)).findings;
const names = (builder: TraceBuilder): string[] => find(builder).map(({ name }) => name);
const run = (...steps: Step[]): TraceBuilder => new TraceBuilder().agent("helper").tools(...steps);
const times = (n: number, ...steps: Step[]): Step[] => Array.from({ length: n }, () => steps).flat();

const flights: Step = { tool: "search_flights", args: { from: "JFK", to: "SEA" }, result: [{ flight: "HAT069" }] };
const weather: Step = { tool: "get_weather", args: { city: "Seattle" }, result: { sky: "rain", degrees: 9 } };
const book: Step = { tool: "book_flight", args: { flight: "HAT069" }, result: { reservation: "R1" } };

test("the same call with the same result three times in a row is a loop", () => {
  const [finding] = find(run(weather, ...times(3, flights)));
  expect(finding).toMatchObject({ name: "loop", severity: "error", agent: "helper", tool: "search_flights", spanIds: ["s3", "s4", "s5"], occurrences: 3 });
  expect(finding?.sentence).toBe("“search_flights” was called 3 times in a row with the same arguments and the same result.");
});

test("arguments that differ in case, blanks and order of keys are the same", () => {
  expect(names(run(flights, { ...flights, args: { to: " sea ", from: "jfk" } }, { ...flights, args: '{"to":"SEA","from":"JFK  "}' }))).toEqual(["loop"]);
});

test.each([2, 3, 4])("a cycle of %i calls that runs three times is a loop", (period) => {
  const round = Array.from({ length: period }, (_, i): Step => ({ tool: `update_${i}`, args: { i }, result: `done ${i}` }));
  const found = find(run(...times(3, ...round)));
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ name: "loop", occurrences: 3 * period });
  expect(names(run(...times(2, ...round)))).toEqual([]);
});

test("polling, pages, batches and reading after a write are no loops", () => {
  const polls = Array.from({ length: 6 }, (_, i): Step => ({ tool: "get_job", args: { id: 1 }, result: { status: "running", progress: i } }));
  const pages = Array.from({ length: 6 }, (_, i): Step => ({ tool: "list_rows", args: { page: i }, result: [] }));
  const batch = Array.from({ length: 6 }, (_, i): Step => ({ tool: "delete_row", args: { id: i }, result: "ok" }));
  const rereads = times(
    4,
    { tool: "get_row", args: { id: 1 }, result: { state: "the same as before" } },
    { tool: "update_row", args: { id: 1 }, result: "ok" },
  ).slice(0, 4);
  for (const steps of [polls, pages, batch, rereads]) expect(names(run(...steps))).toEqual([]);
});

test("a job that stays pending is polled, not looped", () => {
  expect(names(run(...times(8, { tool: "start_and_wait", args: { id: 1 }, result: { status: "pending" } })))).toEqual([]);
});

test("results that were not captured are not equal results; an empty one among others is", () => {
  const silent: Step = { tool: "think", args: { thought: "hm" } };
  expect(names(run(...times(5, silent)))).toEqual([]);
  expect(names(run(weather, ...times(5, silent)))).toEqual(["loop"]);
});

test("what a loop wastes is the time after its first round and the priced model calls in it", () => {
  const builder = new TraceBuilder().agent("helper");
  for (let i = 0; i < 3; i += 1) builder.model({ text: "", asks: [{ tool: "search_flights" }], usd: 0.01 }).tools(flights);
  expect(find(builder)[0]).toMatchObject({ name: "loop", wastedMs: 220, wastedUsd: 0.02 });
  builder.model({ text: "", asks: [{ tool: "search_flights" }] }).tools(flights);
  expect(find(builder)[0]).toMatchObject({ wastedMs: 330, wastedUsd: undefined });
  expect(find(run(...times(3, flights)))[0]).toMatchObject({ wastedMs: 20, wastedUsd: undefined });
});

test("the same call after a lasting error is a useless retry, unless something was changed or it works", () => {
  const denied: Step = { tool: "get_file", args: { path: "a" }, result: "Error: permission denied (403)" };
  expect(find(run(denied, denied))[0]).toMatchObject({ name: "useless_retry", occurrences: 2, spanIds: ["s2", "s3"], tool: "get_file" });
  expect(names(run(denied, { tool: "grant_access", args: {}, result: "ok" }, denied))).toEqual([]);
  expect(names(run(denied, { ...denied, args: { path: "b" } }))).toEqual([]);
  expect(names(run(denied, { ...denied, result: "content" }))).toEqual([]);
  // Three times is a loop as well: told once.
  expect(names(run(denied, denied, denied))).toEqual(["useless_retry"]);
});

test("retries of a passing error without patience are a storm; with back-off, or once, they are right", () => {
  const busy: Step = { tool: "get_file", args: { path: "a" }, fails: "HTTP 503 Service Unavailable" };
  expect(names(run(busy, busy, busy))).toEqual(["retry_storm"]);
  expect(names(run(busy, { ...busy, waitMs: 1_000 }, { ...busy, waitMs: 2_000 }, { ...busy, waitMs: 4_000 }))).toEqual([]);
  expect(names(run(busy, busy, { tool: "get_file", args: { path: "a" }, result: "content" }))).toEqual([]);
});

test("reading the same again is redundant until something was written or time has passed", () => {
  expect(find(run(flights, weather, flights))[0]).toMatchObject({ name: "redundant_read", severity: "info", spanIds: ["s2", "s4"] });
  expect(names(run(flights, book, flights))).toEqual([]);
  expect(names(run(flights, { ...flights, waitMs: 3_600_000 }))).toEqual([]);
  expect(names(run(flights, { ...flights, result: [] }))).toEqual([]);
  expect(names(run(book, weather, book))).toEqual([]);
});

test("agents of different names do not share their calls; what happens inside a tool is the tool's own", () => {
  const apart = new TraceBuilder().agent("one").tools(flights).agent("two").tools(flights).agent("three").tools(flights);
  expect(names(apart)).toEqual([]);
  const inside = new TraceBuilder().agent("one").tools({ tool: "research", args: {}, result: "done with all of it" });
  const [, research] = inside.spans;
  inside.tools(...times(5, flights));
  for (const span of inside.spans.slice(2)) span.parentSpanId = research?.spanId ?? "";
  expect(names(inside)).toEqual([]);
});

const definitions: ToolDefinition[] = [
  {
    name: "math.hypot",
    schema: {
      type: "object",
      properties: { x: { type: "integer" }, unit: { type: "string", enum: ["m", "km"] }, exact: { type: "boolean" } },
      required: ["x"],
    },
  },
];
const asking = (tool: string, args: unknown): TraceBuilder => new TraceBuilder().model({ asks: [{ tool, args }], offered: definitions });

test("a tool that was not offered is unknown; a dot written as an underscore is not", () => {
  expect(find(asking("hypot", { x: 1 }))[0]).toMatchObject({ name: "unknown_tool", severity: "error", tool: "hypot", spanIds: ["s1"] });
  expect(names(asking("math_hypot", { x: 1 }))).toEqual([]);
  expect(names(new TraceBuilder().model({ asks: [{ tool: "anything" }] }))).toEqual([]);
});

test("an agent that is called by its name is no unknown tool", () => {
  const builder = new TraceBuilder()
    .agent("manager")
    .model({ text: "", asks: [{ tool: "weather_agent" }], offered: definitions })
    .agent("weather_agent.run");
  expect(names(builder.model({ text: "It rains." }))).toEqual([]);
});

test("where messages show no calls, tool spans are held against what was offered", () => {
  const builder = new TraceBuilder()
    .agent("helper")
    .model({ text: "let me see", offered: definitions })
    .tools({ tool: "made_up", args: { x: 1 }, result: "fine" });
  expect(names(builder)).toEqual(["unknown_tool"]);
});

test.each([
  ["missing", {}, "“math_hypot” was called with no value for “x”, which is required."],
  ["unexpected", { x: 1, y: 2 }, "“math_hypot” was called with “y”, a parameter it does not have."],
  ["type", { x: 1, exact: "true" }, "“math_hypot” was called with a wrong type for “exact”: boolean is wanted."],
  ["null", { x: null }, "“math_hypot” was called with a wrong type for “x”: integer is wanted."],
  ["enum", { x: 1, unit: "mile" }, "“math_hypot” was called with a value for “unit” that is not one of “m”, “km”."],
  ["text", "not JSON", "“math_hypot” was called with a wrong type for arguments: object is wanted."],
])("invalid arguments: %s", (_what, args, sentence) => {
  expect(find(asking("math_hypot", args))).toMatchObject([{ name: "invalid_arguments", sentence }]);
});

test("the same mistake again and again is one finding", () => {
  const builder = new TraceBuilder().agent("helper");
  for (let i = 0; i < 200; i += 1)
    builder
      .model({ asks: [{ tool: "math.hypot", args: { x: `${i}` } }], offered: definitions })
      .tools({ tool: "math.hypot", args: { x: `${i}` }, result: `${i}` });
  const found = find(builder).filter(({ name }) => name === "invalid_arguments");
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ occurrences: 200 });
  expect(found[0]?.spanIds).toHaveLength(50);
});

test("a failure that the answer does not mention was ignored", () => {
  const failed: Step = { tool: "send_mail", args: { to: "a" }, result: { error: "mailbox full" } };
  const ends = (text: string, ...more: Step[]): string[] => names(run(failed, ...more).model({ text }));
  expect(ends("Your mail is on its way. Have a nice day!")).toEqual(["ignored_tool_error"]);
  expect(ends("I could not send the mail: the mailbox is full.")).toEqual([]);
  expect(ends("The mailbox seems to be full.")).toEqual([]);
  expect(ends("Leider ging die Mail nicht raus.")).toEqual([]);
  expect(ends("邮件已发送。")).toEqual([]); // cannot be told
  expect(ends("All done.", { tool: "send_letter", args: {}, result: "sent" })).toEqual([]);
});

test("in a conversation one answer that admits the failure is enough", () => {
  const builder = run({ tool: "send_mail", args: {}, fails: "mailbox full" }).model({ text: "Sorry, that did not work." }).model({ text: "You're welcome!" });
  expect(names(builder)).toEqual([]);
});

test("more steps than 99 of 100 runs of the same agent", () => {
  const builder = run(...Array.from({ length: 30 }, (_, i): Step => ({ tool: "open_page", args: { i }, result: `${i}` })));
  expect(find(builder)).toEqual([]);
  expect(find(builder, new Map([["helper", 30]]))).toEqual([]);
  expect(find(builder, new Map([["helper", 20]]))).toMatchObject([{ name: "excess_steps", occurrences: 10, agent: "helper", wastedMs: 100 }]);
  expect(diagnose(builder.build()).steps).toEqual(new Map([["helper", 30]]));
});

test("a run that ends with a pending call, nothing, or half an answer is a dead end", () => {
  expect(find(run(weather).model({ asks: [{ tool: "book_flight" }] }))[0]).toMatchObject({ name: "dead_end", tool: "book_flight", spanIds: ["s3"] });
  expect(names(run(weather).model({ text: "" }))).toEqual(["dead_end"]);
  expect(names(run(weather).model({ text: "The flight leav", finish: "length" }))).toEqual(["dead_end"]);
  expect(names(run(weather).model({ text: "It rains." }))).toEqual([]);
  expect(names(run(weather).model({ asks: [{ tool: "transfer_to_human_agents" }] }))).toEqual([]);
  expect(
    names(
      run(weather)
        .model({ asks: [{ tool: "book_flight" }] })
        .tools(book),
    ),
  ).toEqual([]);
});

test("a single call of a model that returns a tool call is an extraction, and content that was not captured is not empty", () => {
  expect(names(new TraceBuilder().model({ asks: [{ tool: "extract_person" }] }))).toEqual([]);
  expect(names(run(weather).model({}))).toEqual([]);
});

test("completion signals: the run says itself that it gave up", () => {
  expect(names(run(weather).model({ text: "Agent stopped due to iteration limit or time limit." }))).toEqual(["gave_up"]);
  expect(names(run(weather).model({ text: "I was unable to complete the booking." }))).toEqual(["gave_up"]);
  expect(names(run(weather).model({ asks: [{ tool: "Finish", args: { return_type: "give_up_and_restart" } }] }))).toEqual(["gave_up"]);
  expect(names(run(weather).model({ text: "It is 9 degrees." }))).toEqual([]);
});

test("tools without spans are read from the messages", () => {
  const builder = new TraceBuilder();
  for (let i = 0; i < 4; i += 1) {
    const received = i === 0 ? {} : { received: { [`call_${i - 1}`]: "no flights on that day, sorry" } };
    builder.model({ asks: [{ tool: "search_flights", args: { from: "JFK" }, id: `call_${i}` }], ...received });
  }
  builder.model({ text: "There are none, sorry.", received: { call_3: "no flights on that day, sorry" } });
  expect(find(builder)).toMatchObject([{ name: "loop", occurrences: 4, spanIds: ["s1", "s2", "s3", "s4"] }]);
});

test("a call that two instrumentations report counts once, with the content of the one that has it", () => {
  const builder = new TraceBuilder().agent("helper");
  builder.model({}).model({ text: "Cut of", finish: "length" }, { duplicateOf: "t:s2" });
  expect(names(builder)).toEqual([]);
  const tools = run(flights, flights);
  const [, first, second] = tools.spans;
  if (first !== undefined && second !== undefined)
    Object.assign(second, { startNs: first.startNs + 1n, endNs: first.endNs, toolCallId: "c1" }, { toolName: first.toolName });
  if (first !== undefined) first.toolCallId = "c1";
  expect(names(tools)).toEqual([]);
});
