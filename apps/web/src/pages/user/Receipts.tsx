import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { ErasureOut } from "@telltale/model/api";
import { clsx } from "clsx";
import { CircleCheck, Download, LoaderCircle, TriangleAlert } from "lucide-react";
import { useEffect, useRef } from "react";
import { erasuresQuery } from "../../api/sessions.ts";
import { Button } from "../../components/Button.tsx";
import { downloadJson } from "../../components/download.ts";
import { Time } from "../../components/Time.tsx";
import { plural } from "../../format/number.ts";

const steps: Record<ErasureOut["step"], string> = {
  choose: "Finding the traces",
  hide: "Hiding the traces",
  rows: "Rewriting the engine's files",
  blobs: "Removing files that nobody else uses",
  files: "Removing attachments",
  journal: "Waiting for the journal to let go",
  parts: "Waiting for the old files to go",
  finished: "Erased",
};

/** Receipts of erasures of this user, newest first. */
export function Receipts({ userId }: { userId: string }) {
  const erasures = useQuery(erasuresQuery(userId));
  const list = erasures.data?.data ?? [];
  useReadAgain(list.map(({ erasure_id: id, step }) => `${id} ${step}`).join(", "));
  if (list.length === 0) return null;
  return (
    <section aria-label="Erasures" className="border-t border-line px-4 py-3">
      <h2 className="mb-2 text-sm font-semibold">Erasures</h2>
      <ul className="grid gap-2 lg:grid-cols-2">
        {list.map((erasure) => (
          <li key={erasure.erasure_id} className="min-w-0">
            <Receipt erasure={erasure} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What is shown of the person is there until an erasure has hidden it: it is read again at each step. */
function useReadAgain(steps: string): void {
  const queries = useQueryClient();
  const seen = useRef(steps);
  useEffect(() => {
    if (seen.current === steps) return;
    seen.current = steps;
    for (const key of erasedKeys) void queries.invalidateQueries({ queryKey: [key] });
  }, [queries, steps]);
}

/** First words of the keys under which something of a person may be kept. */
export const erasedKeys = ["user", "/users", "/sessions", "session", "traces", "failing-traces", "metrics"] as const;

/** One receipt, followed until it is done. */
export function ReceiptCard({ userId, erasureId, first }: { userId: string; erasureId: string; first: ErasureOut }) {
  const erasures = useQuery(erasuresQuery(userId));
  return <Receipt erasure={erasures.data?.data.find(({ erasure_id: id }) => id === erasureId) ?? first} />;
}

function Receipt({ erasure }: { erasure: ErasureOut }) {
  const { state, step, counts } = erasure;
  const Icon = state === "done" ? CircleCheck : state === "failed" ? TriangleAlert : LoaderCircle;
  return (
    <article className="flex min-w-0 flex-col gap-1.5 rounded-lg border border-line px-3 py-2.5">
      <p
        role="status"
        className={clsx("flex items-center gap-1.5 font-medium", state === "done" ? "text-ok" : state === "failed" ? "text-error" : "text-busy")}
      >
        <Icon className={clsx("size-4 shrink-0", state === "running" && "motion-safe:animate-spin")} aria-hidden />
        {state === "failed" ? (erasure.error ?? "It failed") : steps[step]}
      </p>
      <p className="text-ink-2">
        {plural(counts.traces, "trace")}, {plural(counts.spans, "span")}, {plural(counts.assessments, "assessment")}, {plural(counts.blobs, "file")}
      </p>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2.5 text-xs">
        <dt className="text-ink-3">asked</dt>
        <dd className="num">
          <Time value={erasure.requested_at} relative={false} /> by {erasure.requested_by}
        </dd>
        {erasure.finished_at === null ? null : (
          <>
            <dt className="text-ink-3">done</dt>
            <dd className="num">
              <Time value={erasure.finished_at} relative={false} />
            </dd>
          </>
        )}
        <dt className="text-ink-3">receipt</dt>
        <dd className="font-mono break-all">{erasure.erasure_id}</dd>
        <dt className="text-ink-3">SHA-256 of the trace ids</dt>
        <dd className="font-mono break-all">{erasure.traces_sha256 ?? "not yet"}</dd>
      </dl>
      <Button size="sm" className="self-start" onClick={() => downloadJson(`receipt-${erasure.erasure_id}.json`, erasure)}>
        <Download /> Receipt as JSON
      </Button>
    </article>
  );
}
