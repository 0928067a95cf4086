import dagre from "@dagrejs/dagre";
import { Background, Controls, Handle, MarkerType, Position, ReactFlow, type Edge, type Node, type NodeProps } from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { Waypoints } from "lucide-react";
import { useMemo } from "react";
import { KindIcon, kindLook } from "../../components/Kind.tsx";
import { EmptyState } from "../../components/PanelState.tsx";
import { formatDuration, plural } from "../../format/number.ts";
import { useTheme } from "../../components/theme.ts";
import { agentGraph, type AgentGraph as Graph, type GraphNode } from "./agent-graph.ts";
import type { SpanTree } from "./span-tree.ts";

const WIDTH = 196;
const HEIGHT = 58;

/** Who called whom. The picture has a table beside it for those who cannot use it. */
export function AgentGraph({ tree, onOpen }: { tree: SpanTree; onOpen: (index: number) => void }) {
  const graph = useMemo(() => agentGraph(tree), [tree]);
  const { resolved } = useTheme();
  const { nodes, edges } = useMemo(() => layOut(graph), [graph]);
  if (graph.nodes.length < 2)
    return (
      <EmptyState icon={<Waypoints />} title="Nothing to draw" className="mt-[8vh]">
        The graph needs at least two agents, tools or models that call one another.
      </EmptyState>
    );
  return (
    <div className="relative h-full min-h-0">
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        colorMode={resolved}
        fitView
        fitViewOptions={{ maxZoom: 1.1, padding: 0.15 }}
        minZoom={0.15}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        onNodeClick={(_, node) => onOpen((node.data as unknown as GraphNode).first)}
        proOptions={{ hideAttribution: true }}
        style={{ background: "var(--canvas)" }}
        aria-label={`Graph of ${plural(graph.nodes.length, "actor")}`}
      >
        <Background color="var(--line-strong)" gap={20} size={1} />
        <Controls showInteractive={false} />
      </ReactFlow>
      {graph.hidden > 0 ? (
        <p className="absolute top-2 left-3 rounded-sm bg-warn-soft px-1.5 text-xs text-warn">{plural(graph.hidden, "rarely called actor")} not drawn</p>
      ) : null}
      <table className="sr-only">
        <caption>Calls between agents, tools and models</caption>
        <tbody>
          {graph.edges.map((edge) => (
            <tr key={`${edge.from} ${edge.to}`}>
              <td>{edge.from.split("\u0000")[1]}</td>
              <td>{edge.to.split("\u0000")[1]}</td>
              <td>{plural(edge.calls, "call")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const nodeTypes = { actor: ActorNode };

function ActorNode({ data }: NodeProps) {
  const node = data as unknown as GraphNode;
  return (
    <div
      data-kind={kindLook(node.kind).hue}
      className="flex cursor-pointer flex-col justify-center gap-0.5 rounded-lg border border-line-strong bg-raised px-3 shadow-sm transition-colors hover:border-kind-bar"
      style={{ width: WIDTH, height: HEIGHT }}
    >
      <Handle type="target" position={Position.Left} className="opacity-0!" />
      <span className="flex items-center gap-1.5">
        <KindIcon kind={node.kind} />
        <span className="truncate font-medium text-ink">{node.label}</span>
      </span>
      <span className="num flex items-center gap-2 text-xs text-ink-3">
        <span>{plural(node.calls, "call")}</span>
        <span>{formatDuration(node.totalMs)}</span>
        {node.errors > 0 ? <span className="font-medium text-error">{plural(node.errors, "error")}</span> : null}
      </span>
      <Handle type="source" position={Position.Right} className="opacity-0!" />
    </div>
  );
}

function layOut(graph: Graph): { nodes: Node[]; edges: Edge[] } {
  const layout = new dagre.graphlib.Graph();
  layout.setGraph({ rankdir: "LR", nodesep: 18, ranksep: 72 });
  layout.setDefaultEdgeLabel(() => ({}));
  for (const node of graph.nodes) layout.setNode(node.id, { width: WIDTH, height: HEIGHT });
  for (const edge of graph.edges) layout.setEdge(edge.from, edge.to);
  dagre.layout(layout);
  const nodes = graph.nodes.map((node): Node => {
    const place = layout.node(node.id);
    return {
      id: node.id,
      type: "actor",
      position: { x: place.x - WIDTH / 2, y: place.y - HEIGHT / 2 },
      data: { ...node },
      width: WIDTH,
      height: HEIGHT,
      ariaLabel: `${kindLook(node.kind).label} ${node.label}, ${plural(node.calls, "call")}`,
    };
  });
  const most = graph.edges.reduce((max, edge) => Math.max(max, edge.calls), 1);
  const edges = graph.edges.map((edge): Edge => ({
    id: `${edge.from}\u0001${edge.to}`,
    source: edge.from,
    target: edge.to,
    ...(edge.calls > 1 ? { label: `${edge.calls}×` } : {}),
    labelStyle: { fill: "var(--ink-2)", fontSize: 11 },
    labelBgStyle: { fill: "var(--canvas)" },
    style: { stroke: "var(--line-strong)", strokeWidth: 1 + (edge.calls / most) * 1.5 },
    markerEnd: { type: MarkerType.ArrowClosed, color: "var(--line-strong)" },
  }));
  return { nodes, edges };
}
