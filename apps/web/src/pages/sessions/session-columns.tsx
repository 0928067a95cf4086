import type { SessionSummary } from "@telltale/model/api";
import { groupColumns } from "../../components/groups/group-columns.tsx";
import type { DataColumn } from "../../components/table/DataTable.tsx";
import { formatCount, formatDuration } from "../../format/number.ts";

const shared = groupColumns<SessionSummary>();

export const sessionColumns: readonly DataColumn<SessionSummary>[] = [
  { id: "session", header: "Session", value: (row) => row.session, cell: (row) => <span title={row.session}>{row.session}</span>, width: 158 },
  {
    id: "last_input",
    header: "Last input",
    value: (row) => row.last_input,
    cell: (row) => <span className="text-ink-2">{row.last_input === "" ? "–" : row.last_input}</span>,
    minWidth: 150,
    isSortable: false,
  },
  shared.lastTime,
  shared.firstTime,
  {
    id: "traces",
    header: "Turns",
    hint: "Traces of the session",
    value: (row) => row.traces,
    cell: (row) => formatCount(row.traces),
    align: "right",
    width: 62,
  },
  {
    id: "users",
    header: "User",
    hint: "Sorted by how many there are",
    value: (row) => row.users.join(", "),
    cell: (row) => (
      <span className="text-ink-2" title={row.users.join(", ")}>
        {row.users[0] ?? "–"}
        {row.user_count > 1 ? <span className="text-2xs text-ink-3"> +{row.user_count - 1}</span> : ""}
      </span>
    ),
    width: 112,
  },
  { id: "duration_ms", header: "Lasted", value: (row) => row.duration_ms, cell: (row) => formatDuration(row.duration_ms), align: "right", width: 84 },
  shared.latency,
  shared.errors,
  shared.tokens,
  shared.cost,
  shared.up,
  shared.down,
  shared.score,
  shared.models,
  shared.environments,
];
