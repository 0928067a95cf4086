import { type UseQueryResult, useQueries } from "@tanstack/react-query";
import type { SpanDetail } from "@telltale/model/api";
import { MessagesSquare } from "lucide-react";
import { useMemo, useState } from "react";
import { spanQuery } from "../../api/queries.ts";
import { Button } from "../../components/Button.tsx";
import { MessageCard } from "../../components/content/MessageList.tsx";
import { readMessage } from "../../components/content/read-message.ts";
import { EmptyState, FailedState, PartialNote, Skeleton } from "../../components/PanelState.tsx";
import { plural } from "../../format/number.ts";
import { mergeConversation } from "./conversation.ts";
import type { SpanTree } from "./span-tree.ts";

/** Calls whose content is read at first, and with each "more". */
const CALLS_STEP = 20;

/** The conversation of the whole trace, put together from its model calls. */
export function MessagesTab({ traceId, tree, onOpenSpan }: { traceId: string; tree: SpanTree; onOpenSpan: (spanId: string) => void }) {
  const [limit, setLimit] = useState(CALLS_STEP);
  const calls = useMemo(
    () =>
      tree.spans
        .map((span, index) => ({ span, at: tree.startMs[index] ?? 0 }))
        .filter(({ span }) => span.kind === "LLM" && span.counted === true)
        .toSorted((a, b) => a.at - b.at)
        .map(({ span }) => span),
    [tree],
  );
  const { read, loaded, failed, turns } = useQueries({
    queries: calls.slice(0, limit).map((span) => spanQuery(traceId, span.span_id)),
    combine: asConversation,
  });
  if (calls.length === 0)
    return (
      <EmptyState icon={<MessagesSquare />} title="No model was called" className="mt-[8vh]">
        Messages come from the model calls of a trace.
      </EmptyState>
    );
  if (loaded === 0 && failed !== undefined)
    return <FailedState title="The messages could not be read" error={failed.error} onRetry={() => void failed.refetch()} />;
  return (
    <div tabIndex={0} role="region" aria-label="Messages" className="focus-inset h-full overflow-y-auto">
      <div className="mx-auto flex max-w-3xl flex-col gap-2.5 px-4 py-4">
        {failed === undefined ? null : (
          <div>
            <PartialNote>Some model calls could not be read</PartialNote>
          </div>
        )}
        <ol className="flex flex-col gap-2.5">
          {turns.map((turn, index) => (
            <MessageCard
              key={index}
              message={readMessage(turn.message)}
              footer={
                turn.isOutput ? (
                  <button
                    type="button"
                    onClick={() => onOpenSpan(turn.spanId)}
                    className="w-fit rounded-sm text-xs text-ink-3 underline decoration-line-strong underline-offset-3 hover:text-ink"
                  >
                    Open the call
                  </button>
                ) : null
              }
            />
          ))}
        </ol>
        {loaded < read && failed === undefined ? <Skeleton className="h-24 w-full" /> : null}
        {loaded === read && turns.length === 0 ? (
          <EmptyState title="The calls carry no messages">The application may record calls without their content.</EmptyState>
        ) : null}
        {calls.length > limit ? (
          <Button className="self-center" onClick={() => setLimit(limit + CALLS_STEP)}>
            Read {plural(Math.min(CALLS_STEP, calls.length - limit), "more call", "more calls")} of {calls.length - limit}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

/** What the calls that have arrived come to; made anew when one arrives, not with every rendering. */
function asConversation(read: readonly UseQueryResult<SpanDetail>[]) {
  const arrived = read.flatMap(({ data }) => data ?? []);
  return {
    read: read.length,
    loaded: arrived.length,
    failed: read.find((query) => query.isError),
    turns: mergeConversation(arrived.map((span) => ({ spanId: span.span_id, input: span.input_messages, output: span.output_messages }))),
  };
}
