import type { TileLayout } from "@telltale/model/api";

/** Pixels of the grid. */
export const ROW_HEIGHT = 64;
export const GAP = 12;
/** Title bar of a panel, and the lines around it. */
const HEAD_HEIGHT = 42;

export function tileHeight({ h }: Pick<TileLayout, "h">): number {
  return h * ROW_HEIGHT + (h - 1) * GAP;
}

/** What is left for the content of a tile. */
export function bodyHeight(layout: Pick<TileLayout, "h">): number {
  return tileHeight(layout) - HEAD_HEIGHT;
}
