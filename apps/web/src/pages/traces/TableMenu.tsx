import { Download, SlidersHorizontal } from "lucide-react";
import { IconButton } from "../../components/Button.tsx";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from "../../components/Menu.tsx";
import { columns } from "./columns.tsx";
import type { Density, TableLayout } from "./table-layout.ts";

const densities: readonly (readonly [Density, string])[] = [
  ["compact", "Compact"],
  ["normal", "Normal"],
  ["tall", "Two lines"],
];

export interface TableMenuProps {
  layout: TableLayout;
  onChange: (change: Partial<TableLayout>) => void;
  onDownload: (columns: "shown" | "all") => void;
}

/** Columns, row height, how times are said, and everything that matches as a file. */
export function TableMenu({ layout, onChange, onDownload }: TableMenuProps) {
  const toggle = (id: string): void => onChange({ shown: layout.shown.includes(id) ? layout.shown.filter((each) => each !== id) : [...layout.shown, id] });
  return (
    <Menu
      label="Columns, density, download"
      className="w-52"
      trigger={
        <IconButton label="Columns, density, download">
          <SlidersHorizontal />
        </IconButton>
      }
    >
      <MenuItem icon={Download} onSelect={() => onDownload("shown")}>
        Download CSV
      </MenuItem>
      <MenuItem icon={Download} onSelect={() => onDownload("all")}>
        Download CSV, all fields
      </MenuItem>
      <MenuSeparator />
      <MenuLabel>Rows</MenuLabel>
      {densities.map(([density, label]) => (
        <MenuChoice key={density} keepOpen chosen={layout.density === density} onSelect={() => onChange({ density })}>
          {label}
        </MenuChoice>
      ))}
      <MenuChoice keepOpen chosen={layout.relativeTimes} onSelect={() => onChange({ relativeTimes: !layout.relativeTimes })}>
        Relative times
      </MenuChoice>
      <MenuSeparator />
      <MenuLabel>Columns</MenuLabel>
      {columns.map((column) => (
        <MenuChoice key={column.id} keepOpen chosen={layout.shown.includes(column.id)} onSelect={() => toggle(column.id)}>
          {column.label}
        </MenuChoice>
      ))}
      <MenuSeparator />
      <MenuItem onSelect={() => onChange({ shown: columns.filter((column) => column.shown).map((column) => column.id), widths: {}, density: "normal" })}>
        Reset the table
      </MenuItem>
    </Menu>
  );
}
