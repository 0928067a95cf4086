import { ERROR, NOISE, type SpanTree, type TreeSpan } from "./span-tree.ts";

/** An agent, a tool, a model…: all spans that are the same actor. */
export interface GraphNode {
  id: string;
  kind: string;
  label: string;
  calls: number;
  errors: number;
  totalMs: number;
  /** Its first span: where a click leads. */
  first: number;
}

export interface GraphEdge {
  from: string;
  to: string;
  calls: number;
}

const ACTORS = new Set(["AGENT", "TOOL", "LLM", "RETRIEVER", "EMBEDDING", "RERANKER", "GUARDRAIL", "EVALUATOR", "MEMORY", "WORKFLOW"]);
/** A picture of more nodes than this is no picture; the ones with most calls are drawn. */
export const MAX_NODES = 80;

export interface AgentGraph {
  nodes: GraphNode[];
  edges: GraphEdge[];
  /** Nodes that were left out. */
  hidden: number;
}

/** Who called whom, and how often. Spans that only structure the code (chains, HTTP) are looked through. */
export function agentGraph(tree: SpanTree): AgentGraph {
  const nodes = new Map<string, GraphNode>();
  const edges = new Map<string, GraphEdge>();
  /** Nearest actor at or above each span. */
  const actor: (string | undefined)[] = [];
  tree.spans.forEach((span, index) => {
    const up = tree.parent[index] ?? -1;
    const caller = up === -1 ? undefined : actor[up];
    const isActor = (ACTORS.has(span.kind) || up === -1) && ((tree.flags[index] ?? 0) & NOISE) === 0;
    if (!isActor) {
      actor[index] = caller;
      return;
    }
    const label = labelOf(span);
    const id = `${span.kind}\u0000${label}`;
    actor[index] = id;
    const node = nodes.get(id) ?? { id, kind: span.kind, label, calls: 0, errors: 0, totalMs: 0, first: index };
    node.calls += 1;
    node.errors += (tree.flags[index] ?? 0) & ERROR;
    node.totalMs += span.duration_ms;
    nodes.set(id, node);
    if (caller === undefined || caller === id) return;
    const key = `${caller}\u0001${id}`;
    const edge = edges.get(key) ?? { from: caller, to: id, calls: 0 };
    edge.calls += 1;
    edges.set(key, edge);
  });
  const drawn = [...nodes.values()].toSorted((a, b) => b.calls - a.calls || a.first - b.first).slice(0, MAX_NODES);
  const ids = new Set(drawn.map((node) => node.id));
  return { nodes: drawn, edges: [...edges.values()].filter((edge) => ids.has(edge.from) && ids.has(edge.to)), hidden: nodes.size - drawn.length };
}

function labelOf(span: TreeSpan): string {
  if (span.kind === "AGENT") return span.agent_name ?? span.name;
  if (span.kind === "TOOL") return span.tool_name ?? span.name;
  if (span.kind === "LLM" || span.kind === "EMBEDDING" || span.kind === "RERANKER") return span.model ?? span.name;
  return span.name;
}
