import type { TraceColumn, TraceExport } from "@telltale/model/api";
import { callForFile } from "../../api/client.ts";
import { downloadBlob } from "../../components/download.ts";
import { toast, toastError } from "../../components/toast.tsx";
import type { Column } from "./columns.tsx";
import type { TraceListSearch } from "./use-trace-list.ts";

/** Everything the search matches, not what happens to be loaded, as a file of the columns that are shown, or of all there are. */
export async function downloadCsv(search: TraceListSearch, shown: readonly Column[] | undefined): Promise<void> {
  const columns: TraceColumn[] | undefined = shown === undefined ? undefined : ["trace_id", "status", "name", ...shown.flatMap(({ csv }) => csv)];
  const body: TraceExport = { ...search, bom: true, ...(columns === undefined ? {} : { columns }) };
  toast("The CSV is being written");
  try {
    const { file, headers } = await callForFile("/traces/export", { method: "POST", body });
    downloadBlob("traces.csv", file);
    if (headers.get("x-telltale-truncated") === "true")
      toast("The file holds the first 100,000 traces; there are more. Narrow the search for the rest", "error");
  } catch (error) {
    toastError(error);
  }
}
