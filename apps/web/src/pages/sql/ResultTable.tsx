import { Link } from "@tanstack/react-router";
import type { SqlAnswer } from "@telltale/model/api";
import { useMemo } from "react";
import { Button } from "../../components/Button.tsx";
import { useCopied } from "../../components/CopyButton.tsx";
import { PartialNote } from "../../components/PanelState.tsx";
import { DataTable, type DataColumn } from "../../components/table/DataTable.tsx";
import { formatCount, formatDuration, plural } from "../../format/number.ts";
import { useIsNarrow } from "../../shell/media.ts";
import { shortType } from "./SchemaBrowser.tsx";

interface Row {
  key: string;
  values: readonly unknown[];
}

/** The answer as a table, and what it took. */
export function ResultTable({ answer }: { answer: SqlAnswer }) {
  const rows = useMemo(() => answer.rows.map((values, index): Row => ({ key: String(index), values })), [answer]);
  const isNarrow = useIsNarrow();
  // Few columns share the width; many, or on a phone, keep the width of what is in them and scroll sideways.
  const isTight = isNarrow || answer.columns.length > 6;
  const columns = useMemo(() => answer.columns.map((column, index) => columnOf(column, index, answer, isTight)), [answer, isTight]);
  return (
    <DataTable
      label="Result"
      columns={columns}
      rows={rows}
      rowKey={({ key }) => key}
      height="fill"
      empty="The query matched nothing."
      toolbar={
        <span className="flex min-w-0 grow items-center gap-3">
          <span className="num truncate">
            {plural(answer.row_count, "row")} · {formatDuration(answer.elapsed_ms)} · {formatCount(answer.rows_read)} read
          </span>
          {answer.truncated ? <PartialNote>cut at {formatCount(answer.row_count)} rows</PartialNote> : null}
          <CopyRows answer={answer} />
        </span>
      }
    />
  );
}

/** A spreadsheet takes lines with tabs between the cells. */
function CopyRows({ answer }: { answer: SqlAnswer }) {
  const [copied, copy] = useCopied();
  const text = (): string =>
    [answer.columns.map(({ name }) => name), ...answer.rows]
      .map((row) => row.map((value) => textOf(value).replaceAll(/[\t\r\n]+/g, " ")).join("\t"))
      .join("\n");
  return answer.row_count === 0 ? null : (
    <Button size="sm" variant="ghost" className="ml-auto" onClick={() => copy(text())}>
      {copied ? "Copied" : "Copy"}
    </Button>
  );
}

const CHARACTER_PX = 7.5;

function columnOf({ name, type }: { name: string; type: string }, index: number, answer: SqlAnswer, isTight: boolean): DataColumn<Row> {
  const isNumber = /^(?:Nullable\()?(?:U?Int|Float|Decimal)/.test(type);
  const longest = answer.rows.slice(0, 50).reduce((most, row) => Math.max(most, textOf(row[index]).length), name.length + 2);
  return {
    id: `${index}-${name}`,
    header: name,
    hint: shortType(type),
    value: ({ values }) => cellValue(values[index]),
    cell: ({ values }) => <Cell value={values[index]} isTraceId={name === "trace_id"} />,
    [isTight ? "width" : "minWidth"]: Math.round(Math.min(420, Math.max(80, longest * CHARACTER_PX + 36))),
    ...(isNumber ? { align: "right" as const } : {}),
  };
}

function Cell({ value, isTraceId }: { value: unknown; isTraceId: boolean }) {
  if (value === null || value === undefined) return <span className="text-ink-3">NULL</span>;
  const text = textOf(value);
  if (isTraceId && text !== "")
    return (
      <Link to="/traces/$traceId" params={{ traceId: text }} className="font-mono text-xs text-accent-ink hover:underline">
        {text}
      </Link>
    );
  return (
    <span className="num block truncate" title={text.length > 40 ? text.slice(0, 2_000) : undefined}>
      {text}
    </span>
  );
}

function cellValue(value: unknown): string | number | boolean | null {
  return typeof value === "number" || typeof value === "boolean" ? value : value === null || value === undefined ? null : textOf(value);
}

function textOf(value: unknown): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value === null || value === undefined ? "" : String(value);
}
