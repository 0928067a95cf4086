import { clsx } from "clsx";
import { ArrowDown, ArrowUp } from "lucide-react";
import type { DataColumn, TableSort } from "./DataTable.tsx";

export interface DataTableHeadProps<Row> {
  columns: readonly DataColumn<Row>[];
  sort: TableSort | undefined;
  onSort: (sort: TableSort) => void;
}

/** The header, which stays in sight. A first click sorts numbers from the largest, names from A. */
export function DataTableHead<Row>({ columns, sort, onSort }: DataTableHeadProps<Row>) {
  return (
    <div
      role="row"
      className="sticky top-0 z-10 grid h-8 min-w-full grid-cols-(--columns) items-stretch border-b border-line bg-surface text-xs font-medium text-ink-3"
      style={{ width: "max-content" }}
    >
      {columns.map(({ id, header, align, hint, isSortable = true }) => {
        const isSorted = sort?.id === id;
        const Arrow = sort?.desc === true ? ArrowDown : ArrowUp;
        return (
          <div
            key={id}
            role="columnheader"
            aria-sort={isSorted ? (sort.desc ? "descending" : "ascending") : "none"}
            title={hint}
            className={clsx("flex min-w-0 items-center px-3 first:pl-4", align === "right" && "justify-end")}
          >
            {isSortable ? (
              <button
                type="button"
                onClick={() => onSort({ id, desc: isSorted ? !sort.desc : align === "right" })}
                className={clsx("focus-inset -mx-1 flex min-w-0 items-center gap-1 rounded-sm px-1 hover:text-ink", isSorted && "text-ink")}
              >
                <span className="truncate">{header}</span>
                {isSorted ? <Arrow className="size-3 shrink-0" aria-hidden /> : null}
              </button>
            ) : (
              <span className="truncate">{header}</span>
            )}
          </div>
        );
      })}
    </div>
  );
}
