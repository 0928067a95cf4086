import { sqlViews } from "@telltale/model/sql";
import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";

/** The views and their columns; a click writes the name into the query. */
export function SchemaBrowser({ onInsert }: { onInsert: (name: string) => void }) {
  return (
    <div className="flex flex-col gap-0.5 p-2 text-xs">
      {sqlViews.map(({ name, description, columns }, index) => (
        <details key={name} open={index === 0} className="group">
          <summary className="focus-inset flex h-7 list-none items-center gap-1.5 rounded-md px-1.5 font-mono font-semibold hover:bg-hover" title={description}>
            <ChevronRight className="size-3.5 shrink-0 text-ink-3 transition-transform group-open:rotate-90" aria-hidden />
            {name}
            <span className="num ml-auto font-sans font-normal text-ink-3">{columns.length}</span>
          </summary>
          <p className="px-2 pt-1 pb-1.5 pl-6.5 text-pretty text-ink-3">{description}</p>
          <ul className="mb-2">
            {columns.map((column) => (
              <li key={column.name}>
                <button
                  type="button"
                  title={column.description}
                  onClick={() => onInsert(column.name)}
                  className="focus-inset flex h-6 w-full items-center gap-2 rounded-md pr-1.5 pl-6.5 text-left hover:bg-hover"
                >
                  <span className="shrink-0 font-mono">{column.name}</span>
                  <span className="ml-auto truncate text-2xs text-ink-3">{shortType(column.type)}</span>
                </button>
              </li>
            ))}
          </ul>
        </details>
      ))}
      <Link to="/docs/$slug" params={{ slug: "sql" }} className="px-2 py-2 text-accent-ink underline">
        All of it, with functions and limits
      </Link>
    </div>
  );
}

/** Encodings and zones are of no interest where one writes a query. */
export function shortType(type: string): string {
  return type.replaceAll(/LowCardinality\((\w+)\)/g, "$1").replaceAll(/DateTime64\(\d, 'UTC'\)/g, "DateTime");
}
