import { useStoredState } from "../../components/stored-state.ts";
import { isRecord } from "../../api/client.ts";
import { columns, type Column } from "./columns.tsx";

export type Density = "compact" | "normal" | "tall";
export const rowHeights: Record<Density, number> = { compact: 30, normal: 38, tall: 54 };

/** How the reader likes the table: kept in this browser. Columns in the URL (a link, a saved view) come before those kept. */
export interface TableLayout {
  shown: string[];
  widths: Record<string, number>;
  density: Density;
  relativeTimes: boolean;
  facets: boolean;
}

const initial: TableLayout = {
  shown: columns.filter((column) => column.shown).map((column) => column.id),
  widths: {},
  density: "normal",
  relativeTimes: true,
  facets: true,
};

export function useTableLayout(): [TableLayout, (change: Partial<TableLayout>) => void] {
  const [layout, store] = useStoredState<TableLayout>("telltale.traces.table", initial, readLayout);
  return [layout, (change) => store({ ...layout, ...change })];
}

/** Columns that are gone and widths that make no sense are dropped. */
export function readLayout(stored: unknown): TableLayout | undefined {
  if (!isRecord(stored)) return undefined;
  const ids = new Set(columns.map((column) => column.id));
  const shown = Array.isArray(stored["shown"]) ? stored["shown"].filter((id): id is string => typeof id === "string" && ids.has(id)) : [];
  const widths: Record<string, number> = {};
  if (isRecord(stored["widths"]))
    for (const [id, width] of Object.entries(stored["widths"]))
      if (ids.has(id) && typeof width === "number" && width >= 40 && width <= 1200) widths[id] = width;
  const density = stored["density"];
  return {
    shown: shown.length === 0 ? initial.shown : shown,
    widths,
    density: density === "compact" || density === "tall" ? density : "normal",
    relativeTimes: stored["relativeTimes"] !== false,
    facets: stored["facets"] !== false,
  };
}

/** Columns as the URL names them; `-` is none besides the name. */
export function readColumns(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined;
  if (text === NO_COLUMNS) return [];
  const known = new Set(columns.map((column) => column.id));
  const ids = text.split(",").filter((id) => known.has(id));
  return ids.length === 0 ? undefined : ids;
}

/** In the order in which they are shown, so that the same choice is the same text. */
export function columnsText(shown: readonly string[]): string {
  return columns.flatMap(({ id }) => (shown.includes(id) ? [id] : [])).join(",") || NO_COLUMNS;
}

const NO_COLUMNS = "-";

export function shownColumns(layout: TableLayout): Column[] {
  const ids = new Set(layout.shown);
  return columns.filter((column) => ids.has(column.id));
}

/** `grid-template-columns` for the rows: selection, status and name, then what is shown. */
export function gridTemplate(shown: readonly Column[], widths: Record<string, number>): string {
  const track = (column: Column): string => {
    const width = widths[column.id] ?? column.width;
    return column.grows === true && widths[column.id] === undefined ? `minmax(${column.minWidth}px, 1fr)` : `${width}px`;
  };
  return `34px ${widths["name"] ?? 188}px ${shown.map(track).join(" ")}`;
}
