import type { ScorerDefinition } from "../definition.ts";
import { type ScoreOutcome, skipped } from "../outcome.ts";
import type { ScoringContext } from "../scorer.ts";
import type { ScoredTrace, Subject } from "../subject.ts";
import { textOf } from "../text.ts";
import { type Exhibit, JudgeError, type JudgeTool, type Question } from "./judge.ts";
import { spanLine, traceTools } from "./trace-tools.ts";

type Instructions = Extract<ScorerDefinition, { kind: "instructions" }>;
type Variable = "inputs" | "outputs" | "expectations" | "trace" | "conversation";

/** A trace that is longer is not shown whole: the judge looks into it with its tools. About 8,000 tokens. */
const MAX_TRACE_TEXT = 32_000;
const FIRST_SPANS = 60;

const VARIABLE = /\{\{\s*(inputs|outputs|expectations|trace|conversation)\s*\}\}/g;

/**
 * A judge of the operator's own words (MLflow's `make_judge`). Variables in the instructions become names of exhibits, which
 * are shown apart from the instructions: what stands in a trace can never become part of what the judge is told to do.
 */
export async function runInstructionsJudge(definition: Instructions, subject: Subject, { judge, signal }: ScoringContext): Promise<ScoreOutcome> {
  const wanted = variablesOf(definition.instructions);
  const exhibits: Exhibit[] = [];
  let tools: readonly JudgeTool[] | undefined;
  let isWhole = true;
  for (const variable of wanted.size === 0 ? (["inputs", "outputs"] as const) : wanted) {
    const text = exhibitText(variable, subject);
    if (text === undefined) return skipped(variable === "expectations" ? "needs_expectations" : "nothing_to_judge");
    if (variable === "trace" && subject.level === "trace") {
      tools = traceTools(subject.trace);
      isWhole = text.length <= MAX_TRACE_TEXT;
      exhibits.push({ name: variable, text: isWhole ? text : subject.trace.spans.slice(0, FIRST_SPANS).map(spanLine).join("\n") });
    } else exhibits.push({ name: variable, text });
  }
  const question: Question = {
    model: definition.model,
    instructions: definition.instructions.replaceAll(VARIABLE, (_whole, name: string) => `<${name}>`),
    exhibits,
    answer: definition.answer,
    tools,
    parameters: definition.parameters,
  };
  const { value, rationale, usage } = await judge.ask(question, signal).catch((error: unknown) => {
    // Some local models refuse to hear of tools; a trace that they see whole they can judge without.
    if (tools === undefined || !isWhole || !(error instanceof JudgeError) || error.code !== "refused") throw error;
    return judge.ask({ ...question, tools: undefined }, signal);
  });
  return { kind: "scored", scores: [{ value, rationale }], usage };
}

export function variablesOf(instructions: string): ReadonlySet<Variable> {
  return new Set(Array.from(instructions.matchAll(VARIABLE), ([, name]) => name as Variable));
}

/** `undefined` = the subject has nothing of the kind. */
function exhibitText(variable: Variable, subject: Subject): string | undefined {
  if (subject.level === "session") return variable === "conversation" ? conversationText(subject.session.turns) : undefined;
  const { trace } = subject;
  switch (variable) {
    case "inputs":
      return textOf(trace.inputs) || undefined;
    case "outputs":
      return textOf(trace.outputs) || undefined;
    case "expectations":
      return trace.expectations.size === 0 ? undefined : JSON.stringify(Object.fromEntries(trace.expectations));
    case "trace":
      return traceText(trace);
    case "conversation":
      return conversationText([trace]);
  }
}

/** Who said what, turn by turn. */
export function conversationText(turns: readonly ScoredTrace[]): string | undefined {
  const lines = turns.flatMap((turn) => [
    ...(turn.request === "" ? [] : [`user: ${turn.request}`]),
    ...(turn.response === "" ? [] : [`assistant: ${turn.response}`]),
  ]);
  return lines.length === 0 ? undefined : lines.join("\n\n");
}

const MAX_SPAN_TEXT = 2_000;

/** The spans of a trace as an outline with what went in and came out of each. */
export function traceText(trace: ScoredTrace): string {
  const depth = new Map<string, number>();
  const lines = trace.spans.map((span) => {
    const level = span.parentSpanId === "" ? 0 : (depth.get(span.parentSpanId) ?? 0) + 1;
    depth.set(span.spanId, level);
    const head = `${"  ".repeat(Math.min(level, 12))}- ${span.kind} ${span.name} (${Math.round(span.durationMs)} ms, ${span.status}${span.statusMessage === "" ? "" : `: ${span.statusMessage}`})`;
    return [head, ...content("in", span.inputs), ...content("out", span.outputs)].join("\n");
  });
  return lines.join("\n");
}

function content(label: string, text: string): string[] {
  if (text === "") return [];
  return [`    ${label}: ${text.length > MAX_SPAN_TEXT ? `${text.slice(0, MAX_SPAN_TEXT)} … (cut)` : text}`];
}
