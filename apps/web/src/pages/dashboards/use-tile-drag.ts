import { useEffect, useRef, useState, type PointerEvent, type RefObject } from "react";
import type { Tile } from "@telltale/model/api";
import { COLUMNS, moveTile, resizeTile } from "./layout.ts";
import { GAP, ROW_HEIGHT } from "./tile-frame.ts";

interface Drag {
  id: string;
  kind: "move" | "resize";
  x: number;
  y: number;
  /** The tiles as they lay when the pointer went down: every step is computed from them, so that nothing drifts. */
  tiles: readonly Tile[];
}

export interface TileDrag {
  /** Where the tiles lie while one is dragged. */
  preview: readonly Tile[] | undefined;
  draggedId: string | undefined;
  start: (event: PointerEvent, id: string, kind: "move" | "resize") => void;
}

/** Moving and resizing tiles with the pointer, in steps of the grid; Escape puts everything back. */
export function useTileDrag(grid: RefObject<HTMLElement | null>, tiles: readonly Tile[], onDone: (tiles: Tile[]) => void): TileDrag {
  const [drag, setDrag] = useState<Drag | undefined>();
  const [preview, setPreview] = useState<Tile[] | undefined>();
  const done = useRef(onDone);
  useEffect(() => {
    done.current = onDone;
  });
  useEffect(() => {
    if (drag === undefined) return;
    let latest: Tile[] | undefined;
    const end = (keep: boolean): void => {
      setDrag(undefined);
      setPreview(undefined);
      if (keep && latest !== undefined) done.current(latest);
    };
    const onMove = (event: globalThis.PointerEvent): void => {
      latest = dragged(drag, event, grid.current?.getBoundingClientRect());
      setPreview(latest);
    };
    const onUp = (): void => end(true);
    const onCancel = (): void => end(false);
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      end(false);
    };
    // On the window: the dragged element is moved in the document while it is dragged, and would lose a captured pointer.
    addEventListener("pointermove", onMove);
    addEventListener("pointerup", onUp);
    addEventListener("pointercancel", onCancel);
    addEventListener("keydown", onKey, true);
    return () => {
      removeEventListener("pointermove", onMove);
      removeEventListener("pointerup", onUp);
      removeEventListener("pointercancel", onCancel);
      removeEventListener("keydown", onKey, true);
    };
  }, [drag, grid]);
  return {
    preview,
    draggedId: drag?.id,
    start: (event, id, kind) => {
      if (event.button !== 0) return;
      event.preventDefault();
      // From the top of the grid, so that scrolling on the way counts as moving.
      setDrag({ id, kind, x: event.clientX, y: event.clientY - (grid.current?.getBoundingClientRect().top ?? 0), tiles });
    },
  };
}

function dragged({ id, kind, x, y, tiles }: Drag, event: globalThis.PointerEvent, box: DOMRect | undefined): Tile[] {
  const layout = tiles.find((tile) => tile.id === id)?.layout;
  if (layout === undefined || box === undefined) return [...tiles];
  const columns = Math.round((event.clientX - x) / ((box.width + GAP) / COLUMNS));
  const rows = Math.round((event.clientY - box.top - y) / (ROW_HEIGHT + GAP));
  return kind === "move"
    ? moveTile(tiles, id, { x: layout.x + columns, y: layout.y + rows })
    : resizeTile(tiles, id, { w: layout.w + columns, h: layout.h + rows });
}
