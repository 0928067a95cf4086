/**
 * Agent diagnostics: what they find in annotated runs, and what a trace of 50,000 spans takes. The data are not part of this
 * repository: give the folder that holds agent_loops_injected.jsonl, tool_calls_bfcl.jsonl and so on.
 * Run: npx tsx tests/bench/diagnostics.ts [FOLDER] — fails when a figure of packages/score/README.md is missed.
 */
import { type Finding, diagnose } from "@telltale/score";
import type { ToolDefinition } from "@telltale/model";
import { type Step, TraceBuilder } from "../../packages/score/src/diagnostics/evidence.testing.ts";
import { type Figure, report } from "./report.ts";
import { readLines } from "./read-lines.ts";

const folder = process.argv[2];
let kept = report("A trace of 50,000 spans", [...timings()]);
if (folder !== undefined) {
  kept = report("Loops and look-alikes (agent_loops_injected)", loops(folder)) && kept;
  kept = report("Tool calls (tool_calls_bfcl)", calls(folder)) && kept;
  for (const name of ["agent_tau_airline", "agent_tau_retail_old"]) kept = report(`Real runs (${name})`, conversations(folder, name)) && kept;
}
process.exit(kept ? 0 : 1);

function steps(makes: (i: number) => Step): TraceBuilder {
  return new TraceBuilder().agent("a").tools(...Array.from({ length: 50_000 }, (_, i) => makes(i)));
}

function* timings(): Generator<Figure> {
  const text = "x".repeat(500);
  const shapes: [string, TraceBuilder][] = [
    ["all calls different", steps((i) => ({ tool: "get_page", args: { page: i }, result: `${text}${i}` }))],
    ["one loop", steps(() => ({ tool: "get_page", args: { page: 1 }, result: text }))],
    [
      "writes and failing retries",
      steps((i) => (i % 3 === 0 ? { tool: "update_row", args: { i }, result: "ok" } : { tool: "load", args: { i: i - (i % 3) }, fails: "not found" })),
    ],
    ["cycles of 4 that break off", steps((i) => ({ tool: `t${i % 4}`, args: {}, result: i % 11 === 0 ? `${i}` : "same" }))],
  ];
  for (const [what, builder] of shapes) {
    const trace = builder.build();
    const started = process.cpuUsage();
    diagnose(trace);
    const { user, system } = process.cpuUsage(started);
    yield { what, value: (user + system) / 1_000, unit: "ms CPU", against: { what: "limit", value: 3_000 }, better: "lower" };
  }
}

interface LoopRow {
  id: string;
  kind: string;
  loop: boolean;
  span: [number, number] | null;
  steps: { tool: string; args: unknown; result: unknown }[];
}

function loops(data: string): Figure[] {
  const rows = readLines<LoopRow>(data, "agent_loops_injected");
  const found = rows.map((row) => ({
    row,
    findings: diagnose(
      new TraceBuilder()
        .agent("agent")
        .tools(...row.steps)
        .build(),
    ).findings,
  }));
  const planted = found.filter(({ row }) => row.loop);
  const others = found.filter(({ row }) => !row.loop);
  for (const { row, findings } of planted) if (!shows(row, findings)) console.log(`  missed ${row.kind} ${row.id}: ${describe(findings)}`);
  for (const { row, findings } of others) if (findings.length > 0) console.log(`  flagged ${row.kind} ${row.id}: ${describe(findings)}`);
  return [
    exactly("planted loops found", planted.filter(({ row, findings }) => shows(row, findings)).length, planted.length),
    atMost("look-alikes and clean runs flagged", others.filter(({ findings }) => findings.length > 0).length, 0),
  ];
}

/** Some evidence lies in the planted part: step i is span s(i + 2), behind the agent's. */
function shows({ span }: LoopRow, findings: readonly Finding[]): boolean {
  const [from, to] = span ?? [0, -1];
  return findings.some(({ spanIds }) => spanIds.some((spanId) => Number(spanId.slice(1)) - 2 >= from && Number(spanId.slice(1)) - 2 <= to));
}

interface CallRow {
  id: string;
  functions: BfclFunction | BfclFunction[];
  calls: Record<string, unknown>[];
  valid: boolean;
  error_type: string | null;
}

interface BfclFunction {
  name: string;
  parameters: unknown;
}

function calls(data: string): Figure[] {
  const rows = readLines<CallRow>(data, "tool_calls_bfcl");
  const flagged = new Map<string, { all: number; flagged: number }>();
  for (const row of rows) {
    const offered: ToolDefinition[] = [row.functions].flat().map(({ name, parameters }) => ({ name, schema: parameters }));
    const asks = row.calls.flatMap((call) => Object.entries(call).map(([tool, args]) => ({ tool, args })));
    const { findings } = diagnose(new TraceBuilder().model({ asks, offered }).build());
    const type = row.error_type ?? "gold";
    const counts = flagged.get(type) ?? { all: 0, flagged: 0 };
    counts.all += 1;
    if (findings.length > 0) counts.flagged += 1;
    if (type === "gold" && findings.length > 0) console.log(`  flagged gold ${row.id}: ${describe(findings)}`);
    flagged.set(type, counts);
  }
  const of = (type: string): { all: number; flagged: number } => flagged.get(type) ?? { all: 0, flagged: 0 };
  const must = [
    "simple_function_checker:wrong_func_name",
    "simple_function_checker:missing_required",
    "simple_function_checker:unexpected_param",
    "type_error:simple",
  ];
  return [
    ...must.map((type) => exactly(type, of(type).flagged, of(type).all)),
    atMost(`gold calls flagged of ${of("gold").all}`, of("gold").flagged, 1),
    ...[...flagged].filter(([type]) => ![...must, "gold"].includes(type)).map(([type, counts]) => told(`${type} of ${counts.all}`, counts.flagged)),
  ];
}

interface ConversationRow {
  id: string;
  success: boolean;
  messages: { role: string; content: string | null; tool_calls?: { id: string; name: string; arguments: string }[] | null; tool_call_id?: string }[];
}

/** Real runs, not annotated for loops: how often each diagnostic speaks among failures and among successes. */
function conversations(data: string, name: string): Figure[] {
  const rows = readLines<ConversationRow>(data, name);
  const counts = new Map<string, [failures: number, successes: number]>();
  for (const row of rows) {
    const results = new Map(row.messages.flatMap((message) => (message.role === "tool" ? [[message.tool_call_id ?? "", message.content ?? ""]] : [])));
    const builder = new TraceBuilder().agent("agent");
    for (const { role, content, tool_calls: asked } of row.messages) {
      if (role !== "assistant") continue;
      const asks = (asked ?? []).map((call) => ({ id: call.id, tool: call.name, args: call.arguments }));
      builder.model({ ...(content === null ? {} : { text: content }), ...(asks.length === 0 ? {} : { asks }) });
      builder.tools(...asks.map(({ id, tool, args }) => ({ tool, args, result: results.get(id) })));
    }
    for (const { name: finding } of diagnose(builder.build()).findings) {
      const pair = counts.get(finding) ?? [0, 0];
      pair[row.success ? 1 : 0] += 1;
      counts.set(finding, pair);
    }
  }
  const failures = rows.filter(({ success }) => !success).length;
  return [...counts].flatMap(([finding, [failed, succeeded]]) => [
    told(`${finding}: of ${failures} failures`, failed),
    told(`${finding}: of ${rows.length - failures} successes`, succeeded),
  ]);
}

function describe(findings: readonly Finding[]): string {
  return findings
    .map(({ name, sentence }) => `${name}: ${sentence}`)
    .join(" | ")
    .slice(0, 300);
}

function exactly(what: string, value: number, all: number): Figure {
  return { what, value, unit: `of ${all}`, against: { what: "all", value: all }, better: "higher" };
}

function atMost(what: string, value: number, limit: number): Figure {
  return { what, value: value + 1, unit: "+ 1", against: { what: "limit + 1", value: limit + 1 }, better: "lower" };
}

function told(what: string, value: number): Figure {
  return { what, value, unit: "flagged", against: { what: "one", value: 1 }, better: "neither" };
}
