import type { SpanKind } from "@telltale/model";
import type { DiagnosedSpan } from "./trace-evidence.ts";

/** What lies above a span: the name of the nearest agent (`""` when none), and the nearest kind that ends its search. */
export interface Above {
  agent: string;
  isInsideTool: boolean;
  /** Below a guardrail, an evaluator or a tool: not the agent's own work. */
  isAside: boolean;
}

const top: Above = { agent: "", isInsideTool: false, isAside: false };
const aside: ReadonlySet<SpanKind> = new Set(["GUARDRAIL", "EVALUATOR"]);

/** For every span what lies above it. Linear; parents may be missing, later than children, or form a cycle. */
export function spansAbove(spans: readonly DiagnosedSpan[]): ReadonlyMap<string, Above> {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const above = new Map<string, Above>();
  for (const span of spans) {
    const path: DiagnosedSpan[] = [];
    const seen = new Set<string>();
    let at: DiagnosedSpan | undefined = span;
    while (at !== undefined && !above.has(at.spanId) && !seen.has(at.spanId)) {
      seen.add(at.spanId);
      path.push(at);
      at = byId.get(at.parentSpanId);
    }
    let known = at === undefined ? undefined : above.get(at.spanId);
    let parent = known === undefined ? undefined : at;
    for (const step of path.toReversed()) {
      known = parent === undefined ? top : below(parent, known ?? top);
      above.set(step.spanId, known);
      parent = step;
    }
  }
  return above;
}

function below(parent: DiagnosedSpan, above: Above): Above {
  // An agent that works as a tool of another is an agent: what it calls are its own calls.
  if (parent.kind === "AGENT") return { ...above, agent: parent.agentName || parent.name, isInsideTool: false };
  if (parent.kind === "TOOL") return { ...above, isInsideTool: true };
  return aside.has(parent.kind) ? { ...above, isAside: true } : above;
}
