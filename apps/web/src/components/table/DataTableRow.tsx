import { Link, type LinkProps } from "@tanstack/react-router";
import { clsx } from "clsx";
import type { MouseEvent } from "react";
import type { DataColumn } from "./DataTable.tsx";

export interface DataTableRowProps<Row> {
  id: string;
  row: Row;
  index: number;
  top: number;
  height: number;
  columns: readonly DataColumn<Row>[];
  link: LinkProps | undefined;
  isActive: boolean;
  onOpen: (index: number, event: MouseEvent) => void;
}

/** One row; its first cell is a real link, so that it opens in a new tab like any other. */
export function DataTableRow<Row>({ id, row, index, top, height, columns, link, isActive, onOpen }: DataTableRowProps<Row>) {
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isActive}
      onClick={(event) => onOpen(index, event)}
      className={clsx(
        "absolute left-0 grid min-w-full grid-cols-(--columns) items-center border-b border-line/60 hover:bg-hover/70",
        link !== undefined && "cursor-pointer",
        isActive && "bg-hover shadow-[inset_2px_0_0_var(--accent)]",
      )}
      style={{ transform: `translateY(${top}px)`, height }}
    >
      {columns.map((column, at) => {
        const content = column.cell === undefined ? text(column.value(row)) : column.cell(row);
        return (
          <div key={column.id} role="gridcell" className={clsx("min-w-0 truncate px-3 first:pl-4", column.align === "right" && "num text-right")}>
            {at === 0 && link !== undefined ? (
              <Link {...link} preload={false} onClick={(event) => event.stopPropagation()} className="focus-inset rounded-sm font-medium hover:underline">
                {content}
              </Link>
            ) : (
              content
            )}
          </div>
        );
      })}
    </div>
  );
}

function text(value: unknown): string {
  return value === null || value === undefined || value === "" ? "–" : String(value);
}
