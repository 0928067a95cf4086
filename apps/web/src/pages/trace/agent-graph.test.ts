import { expect, test } from "vitest";
import { agentGraph, MAX_NODES } from "./agent-graph.ts";
import { buildSpanTree, type TreeSpan } from "./span-tree.ts";

let clock = 0;
const span = (id: string, parent: string | null, kind: string, more: Partial<TreeSpan> = {}): TreeSpan => ({
  span_id: id,
  parent_span_id: parent,
  name: id,
  kind,
  start_ms: (clock += 1),
  start_time: "2026-01-01T00:00:00.000Z",
  duration_ms: 5,
  ...more,
});

test("spans of one actor are one node, with its calls and errors", () => {
  const graph = agentGraph(
    buildSpanTree([
      span("root", null, "AGENT", { agent_name: "support" }),
      span("step", "root", "CHAIN"),
      span("t1", "step", "TOOL", { tool_name: "lookup", status: "error" }),
      span("t2", "root", "TOOL", { tool_name: "lookup" }),
      span("m1", "root", "LLM", { model: "gpt" }),
      span("http", "m1", "HTTP", { noise: true }),
    ]),
  );
  expect(graph.nodes.map(({ label, calls, errors }) => ({ label, calls, errors }))).toEqual([
    { label: "lookup", calls: 2, errors: 1 },
    { label: "support", calls: 1, errors: 0 },
    { label: "gpt", calls: 1, errors: 0 },
  ]);
  expect(graph.edges.map((edge) => [edge.from.split("\0")[1], edge.to.split("\0")[1], edge.calls])).toEqual([
    ["support", "lookup", 2],
    ["support", "gpt", 1],
  ]);
});

test("an agent that calls itself has no edge to itself", () => {
  const graph = agentGraph(buildSpanTree([span("a", null, "AGENT", { agent_name: "x" }), span("b", "a", "AGENT", { agent_name: "x" })]));
  expect(graph.edges).toEqual([]);
  expect(graph.nodes[0]?.calls).toBe(2);
});

test("a picture stays a picture", () => {
  const graph = agentGraph(buildSpanTree([span("root", null, "AGENT"), ...Array.from({ length: 200 }, (_, index) => span(`t${index}`, "root", "TOOL"))]));
  expect(graph.nodes).toHaveLength(MAX_NODES);
  expect(graph.hidden).toBe(201 - MAX_NODES);
});
