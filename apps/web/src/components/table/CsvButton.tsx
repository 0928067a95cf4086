import { Download } from "lucide-react";
import { IconButton } from "../Button.tsx";
import { downloadText } from "../download.ts";
import { csvName, toCsv, type CsvValue } from "./csv.ts";

/** A small table as a file, where there is no menu to put that into. */
export function CsvButton({ title, header, rows }: { title: string; header: readonly string[]; rows: () => readonly (readonly CsvValue[])[] }) {
  return (
    <IconButton label={`Download ${title} as CSV`} size="sm" onClick={() => downloadText(csvName(title), toCsv(header, rows()), "text/csv")}>
      <Download />
    </IconButton>
  );
}
