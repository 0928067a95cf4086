import type { Tile } from "@telltale/model/api";
import { clsx } from "clsx";
import { useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";
import { useIsNarrow } from "../../shell/media.ts";
import { COLUMNS, resizeTile, settle, stepTile, type Direction } from "./layout.ts";
import { TileActions } from "./TileActions.tsx";
import { bodyHeight, GAP, ROW_HEIGHT, tileHeight } from "./tile-frame.ts";
import { TileView } from "./TileView.tsx";
import { useSeen } from "./use-seen.ts";
import { useTileDrag } from "./use-tile-drag.ts";

export interface TileGridProps {
  tiles: readonly Tile[];
  /** Undefined: nothing can be changed. */
  editing?:
    | {
        onChange: (tiles: Tile[]) => void;
        onEdit: (tile: Tile) => void;
        onDuplicate: (tile: Tile) => void;
        onRemove: (tile: Tile) => void;
      }
    | undefined;
}

const directions: Record<string, Direction> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

/** Tiles on twelve columns; on a phone below each other, in reading order. Moved and resized by pointer and by keyboard. */
export function TileGrid({ tiles, editing }: TileGridProps) {
  const isNarrow = useIsNarrow();
  const grid = useRef<HTMLDivElement>(null);
  const [said, setSaid] = useState("");
  const [focused, setFocused] = useState<string | undefined>();
  const settled = settle(tiles);
  const drag = useTileDrag(grid, settled, (next) => editing?.onChange(next));
  const shown = drag.preview ?? settled;

  useLayoutEffect(() => {
    // A tile that changed its place in the document loses the focus, and the next arrow key would go nowhere.
    if (focused !== undefined) grid.current?.querySelector<HTMLElement>(`[data-move="${focused}"]`)?.focus();
  }, [focused, tiles]);
  const onKey = (event: KeyboardEvent, tile: Tile): void => {
    const direction = directions[event.key];
    if (direction === undefined || editing === undefined || event.metaKey || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    const { w, h } = tile.layout;
    const size = { left: { w: w - 1, h }, right: { w: w + 1, h }, up: { w, h: h - 1 }, down: { w, h: h + 1 } }[direction];
    const next = event.shiftKey ? resizeTile(settled, tile.id, size) : stepTile(settled, tile.id, direction);
    const placed = next.find(({ id }) => id === tile.id)?.layout;
    setFocused(tile.id);
    editing.onChange(next);
    if (placed !== undefined) setSaid(`${nameOf(tile)}: column ${placed.x + 1}, row ${placed.y + 1}, ${placed.w} wide, ${placed.h} high`);
  };

  return (
    <>
      <p className="sr-only" aria-live="polite">
        {said}
      </p>
      <p id="tile-keys" className="sr-only">
        Arrow keys move the tile; with Shift they make it larger or smaller.
      </p>
      <div
        ref={grid}
        className="grid"
        style={{ gap: GAP, gridTemplateColumns: `repeat(${isNarrow ? 2 : COLUMNS}, minmax(0, 1fr))`, ...(isNarrow ? {} : { gridAutoRows: ROW_HEIGHT }) }}
      >
        {shown.map((tile) => (
          <GridTile
            key={tile.id}
            tile={tile}
            isNarrow={isNarrow}
            isDragged={tile.id === drag.draggedId}
            editing={editing}
            onKey={onKey}
            onBlur={() => setFocused(undefined)}
            onPointer={isNarrow ? undefined : drag.start}
          />
        ))}
      </div>
    </>
  );
}

interface GridTileProps extends Pick<TileGridProps, "editing"> {
  tile: Tile;
  isNarrow: boolean;
  isDragged: boolean;
  onKey: (event: KeyboardEvent, tile: Tile) => void;
  onBlur: () => void;
  onPointer: ReturnType<typeof useTileDrag>["start"] | undefined;
}

function GridTile({ tile, isNarrow, isDragged, editing, onKey, onBlur, onPointer }: GridTileProps) {
  const element = useRef<HTMLDivElement>(null);
  const isSeen = useSeen(element);
  const { x, y, w, h } = tile.layout;
  const place = isNarrow
    ? { gridColumn: w <= 3 ? "span 1" : "span 2", height: tileHeight(tile.layout) }
    : { gridColumn: `${x + 1} / span ${w}`, gridRow: `${y + 1} / span ${h}` };
  return (
    <div
      ref={element}
      data-tile={tile.id}
      style={place}
      className={clsx(
        "relative min-w-0 overflow-hidden rounded-lg border bg-surface",
        isDragged ? "z-10 border-accent opacity-80 shadow-lg select-none" : "border-line",
      )}
    >
      <TileView
        tile={tile}
        height={bodyHeight(tile.layout)}
        isSeen={isSeen}
        actions={
          editing === undefined ? undefined : (
            <TileActions
              tile={tile}
              name={nameOf(tile)}
              onEdit={() => editing.onEdit(tile)}
              onDuplicate={() => editing.onDuplicate(tile)}
              onRemove={() => editing.onRemove(tile)}
              onKey={(event) => onKey(event, tile)}
              onBlur={onBlur}
              onPointer={onPointer === undefined ? undefined : (event) => onPointer(event, tile.id, "move")}
            />
          )
        }
      />
      {editing === undefined || onPointer === undefined ? null : (
        // By keyboard the size is changed on the handle that moves the tile.
        <div
          aria-hidden
          data-resize={tile.id}
          onPointerDown={(event) => onPointer(event, tile.id, "resize")}
          className="absolute right-0 bottom-0 z-10 size-4 cursor-nwse-resize touch-none border-r-2 border-b-2 border-line-strong hover:border-accent"
          style={{ borderBottomRightRadius: 8 }}
        />
      )}
    </div>
  );
}

export function nameOf(tile: Tile): string {
  return tile.title === "" ? "Tile without title" : tile.title;
}
