import type { SpanDetail } from "@telltale/model/api";
import { clsx } from "clsx";
import { Payload } from "../../components/content/MessageList.tsx";
import { JsonView } from "../../components/content/JsonView.tsx";
import { EmptyState } from "../../components/PanelState.tsx";
import { Time } from "../../components/Time.tsx";
import { formatDuration } from "../../format/number.ts";
import { relativeMs } from "../../time/instant.ts";

/** Moments inside the span, with how long after its start they came. */
export function EventsTab({ span }: { span: SpanDetail }) {
  if (span.events.length === 0) return <EmptyState title="No events">Nothing was recorded between start and end.</EmptyState>;
  const since = relativeMs(span.start_time);
  return (
    <ol className="flex flex-col gap-2">
      {span.events.map((event, index) => (
        <li key={index} className="rounded-lg border border-line bg-canvas px-3 py-2">
          <div className="flex items-baseline gap-2">
            <span className={clsx("min-w-0 truncate font-medium", event.name === "exception" && "text-error")}>{event.name}</span>
            <span className="num ml-auto shrink-0 text-xs text-ink-3">+{formatDuration(Math.max(0, since(event.time)))}</span>
          </div>
          {Object.keys(event.attributes).length > 0 ? <JsonView value={event.attributes} /> : null}
        </li>
      ))}
    </ol>
  );
}

/** Log records that joined the span. */
export function LogsTab({ span }: { span: SpanDetail }) {
  return (
    <ol className="flex flex-col gap-2">
      {span.logs.map((log, index) => (
        <li key={index} className="rounded-lg border border-line bg-canvas px-3 py-2">
          <div className="mb-1 flex items-center gap-2 text-xs">
            <Severity severity={log.severity} />
            <span className="truncate text-ink-2">{log.name}</span>
            <Time value={log.time} relative={false} className="num ml-auto shrink-0 text-ink-3" />
          </div>
          <Payload value={log.body} />
          {Object.keys(log.attributes).length > 0 ? <JsonView value={log.attributes} /> : null}
        </li>
      ))}
    </ol>
  );
}

function Severity({ severity }: { severity: string }) {
  const isBad = /error|fatal|critical/i.test(severity);
  const isWarning = /warn/i.test(severity);
  return (
    <span
      className={clsx(
        "rounded-sm px-1.5 text-2xs font-medium",
        isBad ? "bg-error-soft text-error" : isWarning ? "bg-warn-soft text-warn" : "bg-hover text-ink-2",
      )}
    >
      {severity === "" ? "LOG" : severity}
    </span>
  );
}
