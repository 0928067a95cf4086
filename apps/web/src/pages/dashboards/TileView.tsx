import type { MeasuredTile, TextTile, Tile } from "@telltale/model/api";
import { lazy, Suspense, type ReactNode } from "react";
import { Skeleton } from "../../components/PanelState.tsx";
import { ChartTile } from "./ChartTile.tsx";
import { ListTile } from "./ListTile.tsx";
import { NumberTile } from "./NumberTile.tsx";
import { TableTile } from "./TableTile.tsx";
import { ScrollRegion } from "../../components/ScrollRegion.tsx";

const Markdown = lazy(() => import("../../components/content/Markdown.tsx").then((module) => ({ default: module.Markdown })));

export interface TileProps<T extends Tile = MeasuredTile> {
  tile: T;
  /** Pixels below the title. */
  height: number;
  /** Asked for only once the tile has been seen. */
  isSeen: boolean;
  actions?: ReactNode;
}

/** A tile by its kind. Each asks for itself, and fails by itself. */
export function TileView({ tile, ...props }: TileProps<Tile>) {
  switch (tile.kind) {
    case "text":
      return <TextTileView tile={tile} {...props} />;
    case "number":
      return <NumberTile tile={tile} {...props} />;
    case "list":
      return <ListTile tile={tile} {...props} />;
    case "table":
      return <TableTile tile={tile} {...props} />;
    case "line":
    case "bars":
      return <ChartTile tile={tile} {...props} />;
  }
}

function TextTileView({ tile, actions }: TileProps<TextTile>) {
  return (
    <section aria-label={tile.title === "" ? "Text" : tile.title} className="flex h-full min-w-0 flex-col">
      {tile.title === "" && actions === undefined ? null : (
        <div className="flex h-10 shrink-0 items-center gap-2 pr-2 pl-4">
          <h2 className="min-w-0 truncate text-sm font-semibold">{tile.title}</h2>
          <span className="ml-auto flex shrink-0 items-center gap-1">{actions}</span>
        </div>
      )}
      <ScrollRegion label="Text" className="focus-inset min-h-0 grow overflow-y-auto px-4 py-2 [&_*]:text-sm">
        <Suspense fallback={<Skeleton className="h-16" />}>
          <Markdown text={tile.text} />
        </Suspense>
      </ScrollRegion>
    </section>
  );
}
