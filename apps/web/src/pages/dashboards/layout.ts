import type { TileLayout } from "@telltale/model/api";

/** Of the model's grid; the schema refuses what lies beyond. */
export const COLUMNS = 12;
export const MAX_ROWS = 40;

/** Anything that lies on the grid. */
export interface Placed {
  id: string;
  layout: TileLayout;
}

/**
 * Tiles without overlaps and without gaps above them, in reading order: each one, from the top, sinks below what is in its way and
 * rises as far as it can. `moved` goes before tiles of the same row, so that it takes the place it was put at.
 */
export function settle<T extends Placed>(tiles: readonly T[], moved?: string): T[] {
  const order = tiles.toSorted((a, b) => a.layout.y - b.layout.y || Number(b.id === moved) - Number(a.id === moved) || a.layout.x - b.layout.x);
  const placed: T[] = [];
  for (const tile of order) {
    let { y } = tile.layout;
    while (placed.some((other) => overlaps(other.layout, { ...tile.layout, y }))) y += 1;
    while (y > 0 && !placed.some((other) => overlaps(other.layout, { ...tile.layout, y: y - 1 }))) y -= 1;
    placed.push(y === tile.layout.y ? tile : { ...tile, layout: { ...tile.layout, y } });
  }
  return placed.toSorted((a, b) => a.layout.y - b.layout.y || a.layout.x - b.layout.x);
}

/** A tile put elsewhere, inside the grid; the others make room. */
export function moveTile<T extends Placed>(tiles: readonly T[], id: string, to: { x: number; y: number }): T[] {
  return change(tiles, id, ({ w, h }) => ({ x: clamp(to.x, 0, COLUMNS - w), y: Math.max(0, to.y), w, h }));
}

export function resizeTile<T extends Placed>(tiles: readonly T[], id: string, to: { w: number; h: number }): T[] {
  return change(tiles, id, ({ x, y }) => ({ x, y, w: clamp(to.w, 1, COLUMNS - x), h: clamp(to.h, 1, MAX_ROWS) }));
}

export type Direction = "left" | "right" | "up" | "down";

/** One step by keyboard: a column sideways; up and down it changes places with the tile that is there. */
export function stepTile<T extends Placed>(tiles: readonly T[], id: string, direction: Direction): T[] {
  const layout = tiles.find((tile) => tile.id === id)?.layout;
  if (layout === undefined) return [...tiles];
  const { x, y } = layout;
  if (direction === "left" || direction === "right") return moveTile(tiles, id, { x: x + (direction === "left" ? -1 : 1), y });
  const column = tiles.filter((other) => other.id !== id && overlaps({ ...other.layout, y: 0, h: 1 }, { ...layout, y: 0, h: 1 }));
  const target =
    direction === "up"
      ? Math.max(...column.filter((other) => other.layout.y < y).map((other) => other.layout.y))
      : Math.min(...column.filter((other) => other.layout.y > y).map((other) => other.layout.y + 1));
  return Number.isFinite(target) ? moveTile(tiles, id, { x, y: target }) : [...tiles];
}

/** A new tile goes below everything, to the left. */
export function nextPlace(tiles: readonly Placed[]): { x: number; y: number } {
  return { x: 0, y: tiles.reduce((low, { layout }) => Math.max(low, layout.y + layout.h), 0) };
}

export function overlaps(a: TileLayout, b: TileLayout): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

function change<T extends Placed>(tiles: readonly T[], id: string, next: (layout: TileLayout) => TileLayout): T[] {
  return settle(
    tiles.map((tile) => (tile.id === id ? { ...tile, layout: next(tile.layout) } : tile)),
    id,
  );
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
