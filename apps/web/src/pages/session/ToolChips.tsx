import { Link } from "@tanstack/react-router";
import type { SessionTurn } from "@telltale/model/api";
import { clsx } from "clsx";
import { Wrench, X } from "lucide-react";
import { formatDuration } from "../../format/number.ts";

/** The tools that a turn called, in their order, with what became of them. */
export function ToolChips({ turn }: { turn: SessionTurn }) {
  const more = turn.tool_calls - turn.tools.length;
  return (
    <ul aria-label="Tools" className="flex flex-wrap gap-1 pl-9.5">
      {turn.tools.map((tool) => {
        const failed = tool.status === "error";
        return (
          <li key={tool.span_id} className="min-w-0">
            <Link
              to="/traces/$traceId"
              params={{ traceId: turn.trace_id }}
              search={{ span: tool.span_id }}
              title={`${tool.name}: ${failed ? (tool.error ?? "failed") : "done"} in ${formatDuration(tool.duration_ms)}`}
              className={clsx(
                "flex h-5.5 max-w-80 items-center gap-1 rounded-sm px-1.5 text-xs hover:underline",
                failed ? "bg-error-soft text-error" : "bg-hover text-ink-2",
              )}
            >
              {failed ? <X className="size-3 shrink-0" aria-hidden /> : <Wrench className="size-3 shrink-0 text-ink-3" aria-hidden />}
              <span className="truncate">{failed && tool.error !== null ? `${tool.name}: ${tool.error}` : tool.name}</span>
              {failed ? <span className="sr-only">failed</span> : null}
              <span className={clsx("num shrink-0", failed ? "" : "text-ink-3")}>{formatDuration(tool.duration_ms)}</span>
            </Link>
          </li>
        );
      })}
      {more > 0 ? <li className="num self-center text-xs text-ink-3">+{more} more</li> : null}
    </ul>
  );
}
