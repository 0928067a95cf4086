import type { SessionSummary, UserSummary } from "@telltale/model/api";
import { ThumbsDown, ThumbsUp } from "lucide-react";
import { formatCompact, formatCount, formatDuration } from "../../format/number.ts";
import { Cost } from "../Cost.tsx";
import type { DataColumn } from "../table/DataTable.tsx";
import { Time } from "../Time.tsx";

type Group = SessionSummary | UserSummary;

/** Columns that sessions and users share. Ids are those of `order_by`. */
export function groupColumns<Row extends Group>(): Record<
  "lastTime" | "latency" | "errors" | "tokens" | "cost" | "up" | "down" | "score" | "models" | "environments" | "firstTime",
  DataColumn<Row>
> {
  return {
    lastTime: {
      id: "last_time",
      header: "Last active",
      value: (row) => row.last_time,
      cell: (row) => <Time value={row.last_time} relative />,
      align: "right",
      width: 98,
    },
    firstTime: {
      id: "first_time",
      header: "First seen",
      value: (row) => row.first_time,
      cell: (row) => <Time value={row.first_time} relative />,
      align: "right",
      width: 98,
      isHidden: true,
    },
    latency: {
      id: "latency_p95_ms",
      header: "p95",
      hint: "95th percentile of the duration of traces",
      value: (row) => row.latency_ms.p95,
      cell: (row) => (
        <span title={row.latency_ms.p50 === null ? undefined : `p50 ${formatDuration(row.latency_ms.p50)}`}>
          {row.latency_ms.p95 === null ? "–" : formatDuration(row.latency_ms.p95)}
        </span>
      ),
      align: "right",
      width: 80,
    },
    errors: {
      id: "errors",
      header: "Errors",
      value: (row) => row.errors,
      cell: (row) => (row.errors === 0 ? <span className="text-ink-faint">0</span> : <span className="font-medium text-error">{formatCount(row.errors)}</span>),
      align: "right",
      width: 68,
    },
    tokens: {
      id: "tokens",
      header: "Tokens",
      value: (row) => row.tokens.total,
      cell: (row) => (row.tokens.total === null ? "–" : formatCompact(row.tokens.total)),
      align: "right",
      width: 74,
    },
    cost: {
      id: "cost_usd",
      header: "Cost",
      value: (row) => row.cost_usd,
      cell: (row) => <Cost usd={row.cost_usd} unpriced={row.unpriced_calls} hasCalls={row.llm_calls > 0} />,
      align: "right",
      width: 90,
    },
    up: {
      id: "thumbs_up",
      header: "Good",
      hint: "Thumbs up by people",
      value: (row) => row.feedback.thumbs_up,
      cell: (row) => <Thumbs count={row.feedback.thumbs_up} isUp />,
      align: "right",
      width: 66,
    },
    down: {
      id: "thumbs_down",
      header: "Bad",
      hint: "Thumbs down by people",
      value: (row) => row.feedback.thumbs_down,
      cell: (row) => <Thumbs count={row.feedback.thumbs_down} isUp={false} />,
      align: "right",
      width: 62,
    },
    score: {
      id: "score",
      header: "Scores",
      hint: "Means of feedback with a number",
      value: (row) => row.feedback.scores.map(({ name, mean }) => `${name} ${mean.toFixed(2)}`).join(", "),
      cell: (row) => <Scores scores={row.feedback.scores} />,
      width: 132,
      isSortable: false,
    },
    models: { id: "models", header: "Models", value: (row) => row.models.join(", "), width: 150, isSortable: false, isHidden: true },
    environments: { id: "environments", header: "Environment", value: (row) => row.environments.join(", "), width: 120, isSortable: false, isHidden: true },
  };
}

function Thumbs({ count, isUp }: { count: number; isUp: boolean }) {
  if (count === 0) return <span className="text-ink-faint">–</span>;
  const Icon = isUp ? ThumbsUp : ThumbsDown;
  return (
    <span className={isUp ? "text-ok" : "text-error"}>
      <Icon className="mr-1 mb-0.5 inline size-3.5" aria-hidden />
      {formatCount(count)}
    </span>
  );
}

function Scores({ scores }: { scores: Group["feedback"]["scores"] }) {
  const [first, ...rest] = scores;
  if (first === undefined) return <span className="text-ink-faint">–</span>;
  return (
    <span title={scores.map(({ name, mean, count }) => `${name}: ${mean.toFixed(3)} (n = ${count})`).join("\n")} className="text-ink-2">
      <span className="num font-medium text-ink">{first.mean.toFixed(2)}</span> {first.name}
      {rest.length === 0 ? "" : <span className="text-2xs text-ink-3"> +{rest.length}</span>}
    </span>
  );
}
