import { Download, SlidersHorizontal } from "lucide-react";
import { IconButton } from "../Button.tsx";
import { downloadText } from "../download.ts";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from "../Menu.tsx";
import { csvName, toCsv, type CsvValue } from "./csv.ts";
import type { DataColumn } from "./DataTable.tsx";

export interface DataTableMenuProps<Row> {
  label: string;
  columns: readonly DataColumn<Row>[];
  hidden: ReadonlySet<string>;
  onHidden: (hidden: ReadonlySet<string>) => void;
  csvRows: () => { header: string[]; rows: CsvValue[][] };
  hasRows: boolean;
}

/** Which columns are shown, and what is listed as a file. */
export function DataTableMenu<Row>({ label, columns, hidden, onHidden, csvRows, hasRows }: DataTableMenuProps<Row>) {
  const toggle = (id: string): void => {
    const next = new Set(hidden);
    if (!next.delete(id)) next.add(id);
    onHidden(next);
  };
  const download = (): void => {
    const { header, rows } = csvRows();
    downloadText(csvName(label), toCsv(header, rows), "text/csv");
  };
  return (
    <span className="ml-auto">
      <Menu
        label={`${label}: columns and download`}
        className="w-52"
        trigger={
          <IconButton label={`${label}: columns and download`} size="sm">
            <SlidersHorizontal />
          </IconButton>
        }
      >
        <MenuItem icon={Download} disabled={!hasRows} onSelect={download}>
          Download CSV
        </MenuItem>
        <MenuSeparator />
        <MenuLabel>Columns</MenuLabel>
        {/* The first column names the row: it stays. */}
        {columns.slice(1).map(({ id, header }) => (
          <MenuChoice key={id} keepOpen chosen={!hidden.has(id)} onSelect={() => toggle(id)}>
            {header}
          </MenuChoice>
        ))}
      </Menu>
    </span>
  );
}
