import fc from "fast-check";
import { expect, test } from "vitest";
import { COLUMNS, moveTile, nextPlace, overlaps, resizeTile, settle, stepTile, type Placed } from "./layout.ts";

const tile = (id: string, x: number, y: number, w: number, h: number): Placed => ({ id, layout: { x, y, w, h } });
const places = (tiles: readonly Placed[]) => Object.fromEntries(tiles.map(({ id, layout: { x, y, w, h } }) => [id, [x, y, w, h]]));

const anyTiles = fc
  .array(fc.tuple(fc.nat(11), fc.nat(30), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 6 })), { maxLength: 25 })
  .map((list) => list.map(([x, y, w, h], index) => tile(`t${index}`, Math.min(x, COLUMNS - w), y, w, h)));

test("whatever is done, no two tiles overlap, none leaves the grid, and none could rise", () => {
  const action = fc.tuple(
    fc.constantFrom("move", "resize", "left", "right", "up", "down"),
    fc.nat(24),
    fc.integer({ min: -3, max: 14 }),
    fc.integer({ min: -3, max: 40 }),
  );
  fc.assert(
    fc.property(anyTiles, fc.array(action, { maxLength: 8 }), (start, actions) => {
      let tiles = settle(start);
      for (const [kind, index, a, b] of actions) {
        const id = `t${index}`;
        if (kind === "move") tiles = moveTile(tiles, id, { x: a, y: b });
        else if (kind === "resize") tiles = resizeTile(tiles, id, { w: a, h: b });
        else tiles = stepTile(tiles, id, kind as "left");
      }
      expect(tiles.map(({ id }) => id).toSorted()).toEqual(start.map(({ id }) => id).toSorted());
      for (const { id, layout } of tiles) {
        expect(layout.x).toBeGreaterThanOrEqual(0);
        expect(layout.w).toBeGreaterThanOrEqual(1);
        expect(layout.x + layout.w).toBeLessThanOrEqual(COLUMNS);
        const others = tiles.filter((other) => other.id !== id).map((other) => other.layout);
        expect(others.some((other) => overlaps(other, layout))).toBe(false);
        expect(layout.y === 0 || others.some((other) => overlaps(other, { ...layout, y: layout.y - 1 }))).toBe(true);
      }
      expect(settle(tiles)).toEqual(tiles);
    }),
  );
});

test("a tile dropped on another takes its place and pushes it down", () => {
  const tiles = [tile("a", 0, 0, 6, 2), tile("b", 6, 0, 6, 2), tile("c", 0, 2, 12, 3)];
  expect(places(moveTile(tiles, "c", { x: 0, y: 0 }))).toEqual({ c: [0, 0, 12, 3], a: [0, 3, 6, 2], b: [6, 3, 6, 2] });
});

test("by keyboard a tile changes places with the one above or below, and stops at the edge", () => {
  const tiles = [tile("a", 0, 0, 6, 4), tile("b", 0, 4, 6, 2), tile("c", 6, 0, 6, 9)];
  const down = stepTile(tiles, "a", "down");
  expect(places(down)).toEqual({ b: [0, 0, 6, 2], a: [0, 2, 6, 4], c: [6, 0, 6, 9] });
  expect(places(stepTile(down, "a", "up"))).toEqual(places(tiles));
  expect(places(stepTile(tiles, "a", "up"))).toEqual(places(tiles));
  expect(places(stepTile(down, "a", "down"))).toEqual(places(down));
  expect(places(stepTile(tiles, "c", "right"))).toEqual(places(tiles));
});

test("a wider tile pushes its neighbour below, and lets it back when it is narrow again", () => {
  const tiles = [tile("a", 0, 0, 6, 2), tile("b", 6, 0, 6, 2)];
  const wide = resizeTile(tiles, "a", { w: 8, h: 2 });
  expect(places(wide)).toEqual({ a: [0, 0, 8, 2], b: [6, 2, 6, 2] });
  expect(places(resizeTile(wide, "a", { w: 6, h: 2 }))).toEqual(places(tiles));
});

test("a new tile goes below everything", () => {
  expect(nextPlace([])).toEqual({ x: 0, y: 0 });
  expect(nextPlace([tile("a", 0, 0, 6, 4), tile("b", 6, 0, 6, 9)])).toEqual({ x: 0, y: 9 });
});
