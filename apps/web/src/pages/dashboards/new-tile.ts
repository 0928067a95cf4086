import type { Tile } from "@telltale/model/api";

export type TileKind = Tile["kind"];

/** Sizes at which each kind reads well, in columns and rows. */
export const startSizes: Record<TileKind, { w: number; h: number }> = {
  number: { w: 3, h: 2 },
  line: { w: 6, h: 4 },
  bars: { w: 6, h: 4 },
  list: { w: 4, h: 5 },
  table: { w: 12, h: 5 },
  text: { w: 4, h: 3 },
};

/** Unlike any other of the dashboard. */
export function newId(): string {
  return `t${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
}

export function newTile(): Tile {
  return { id: newId(), title: "", kind: "line", queries: [{ metric: "trace_count" }], layout: { x: 0, y: 0, ...startSizes.line } };
}

/** The same tile shown another way; queries are kept as long as the kind has any. */
export function ofKind(tile: Tile, kind: TileKind): Tile {
  const { id, title } = tile;
  const layout = { ...tile.layout, ...startSizes[kind], x: Math.min(tile.layout.x, 12 - startSizes[kind].w) };
  if (kind === "text") return { id, title, layout, kind, text: tile.kind === "text" ? tile.text : "" };
  if (tile.kind === "text") return { id, title, layout, kind, queries: [{ metric: "trace_count" }] };
  return { ...tile, layout, kind };
}
