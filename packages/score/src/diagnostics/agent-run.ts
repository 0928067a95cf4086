import { type ModelCall, callsFromMessages, collectAnswers, modelCall } from "./conversation.ts";
import { spansAbove } from "./span-tree.ts";
import { type ToolCall, spanCall, withEmptyResults } from "./tool-call.ts";
import { ToolCatalog } from "./tool-catalog.ts";
import type { DiagnosedSpan, SpanText, TraceEvidence } from "./trace-evidence.ts";

/** What one agent did: agents of one name are one agent, `""` is a trace without agents. */
export interface AgentSteps {
  agent: string;
  /** In start order; what runs inside of a tool is the tool's own work. */
  calls: ToolCall[];
  modelCalls: ModelCall[];
}

/** A trace as diagnostics see it. */
export interface AgentRun {
  agents: AgentSteps[];
  /** In start order, over all agents; those of guardrails, evaluators and the insides of tools left out. */
  modelCalls: ModelCall[];
  /** Every tool that a model of this trace was offered. */
  catalog: ToolCatalog;
  /** The agents of this trace: some frameworks let a model call one by its name, without offering it as a tool. */
  callableAgents: ToolCatalog;
  stepLimits: ReadonlyMap<string, number>;
  /** Whether an agent is at work here: agent or tool spans, or tool answers in the messages. One call of a model is none. */
  isAgentic: boolean;
}

/** Reads a trace once. Linear in spans and content. */
export function agentRun({ spans, textOf, stepLimits = new Map() }: TraceEvidence): AgentRun {
  const above = spansAbove(spans);
  const reports = otherReports(spans);
  const agents = new Map<string, AgentSteps>();
  const run: AgentRun = { agents: [], modelCalls: [], catalog: new ToolCatalog(), callableAgents: new ToolCatalog(), stepLimits, isAgentic: false };
  const answers = new Map<string, unknown>();
  const latest = new Map<string, DiagnosedSpan>();
  for (const span of spans) {
    const place = above.get(span.spanId);
    if (span.kind === "AGENT") run.callableAgents.add(namesOf(span));
    if (place === undefined || place.isAside || place.isInsideTool || span.duplicateOf !== "") continue;
    if (span.kind === "AGENT" || span.kind === "TOOL") run.isAgentic = true;
    const steps = stepsOf(agents, place.agent || span.agentName);
    if (span.kind === "TOOL") {
      if (!isSameCall(span, latest)) steps.calls.push(spanCall(span, textOf(span.spanId)));
    } else if (span.kind === "LLM") {
      const text = fullestText([span.spanId, ...(reports.get(span.spanId) ?? [])], textOf);
      const call = modelCall(span, steps.agent, text);
      if (collectAnswers(text, answers)) run.isAgentic = true;
      run.catalog.add(span.truncated ? [] : (text?.content?.toolDefinitions ?? []));
      run.modelCalls.push(call);
      steps.modelCalls.push(call);
    }
  }
  run.agents = [...agents.values()].filter(({ calls, modelCalls }) => calls.length + modelCalls.length > 0);
  const isWithoutToolSpans = run.agents.every(({ calls }) => calls.length === 0);
  if (isWithoutToolSpans) for (const steps of run.agents) steps.calls = callsFromMessages(steps.modelCalls, answers);
  const hasResults = run.agents.some(({ calls }) => calls.some(({ result }) => result !== undefined));
  if (hasResults) for (const steps of run.agents) steps.calls = withEmptyResults(steps.calls);
  return run;
}

function stepsOf(agents: Map<string, AgentSteps>, agent: string): AgentSteps {
  const known = agents.get(agent);
  if (known !== undefined) return known;
  const steps: AgentSteps = { agent, calls: [], modelCalls: [] };
  agents.set(agent, steps);
  return steps;
}

/** Spans of an agent are named after it and what was done: `weather_agent.run`, `invoke_agent weather_agent`. */
function namesOf({ name, agentName }: DiagnosedSpan): { name: string }[] {
  return [agentName, name, ...name.split(/[\s.:]+/).slice(0, 4)].filter((part) => part !== "").map((part) => ({ name: part }));
}

/** Spans that report a call which another span counts, by that span: its content may be on any of them. */
function otherReports(spans: readonly DiagnosedSpan[]): Map<string, string[]> {
  const reports = new Map<string, string[]>();
  for (const { spanId, duplicateOf } of spans) {
    if (duplicateOf === "") continue;
    const winner = duplicateOf.slice(duplicateOf.indexOf(":") + 1);
    const known = reports.get(winner);
    if (known === undefined) reports.set(winner, [spanId]);
    else known.push(spanId);
  }
  return reports;
}

function fullestText(spanIds: readonly string[], textOf: TraceEvidence["textOf"]): SpanText | undefined {
  let first: SpanText | undefined;
  for (const spanId of spanIds) {
    const text = textOf(spanId);
    first ??= text;
    if ((text?.content?.outputMessages.length ?? 0) > 0) return text;
  }
  return first;
}

/** Two instrumentations may report one call: same call id, at the same time. A retry comes after. */
function isSameCall(span: DiagnosedSpan, latest: Map<string, DiagnosedSpan>): boolean {
  if (span.toolCallId === "") return false;
  const before = latest.get(span.toolCallId);
  if (before !== undefined && before.toolName === span.toolName && span.startNs < before.endNs) return true;
  latest.set(span.toolCallId, span);
  return false;
}
