import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ServerInfo } from "@telltale/model/api";
import { clsx } from "clsx";
import { CircleCheck, Sparkles, TriangleAlert } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";
import { call } from "../../api/client.ts";
import { ingestHealthQuery, serverQuery } from "../../api/queries.ts";
import { Button } from "../Button.tsx";
import { CodeBlock } from "../CopyButton.tsx";
import { Time } from "../Time.tsx";
import { toastError } from "../toast.tsx";
import { firstTraceSnippets } from "./snippets.ts";

/** Long enough to be seen, short enough not to be waited for. */
const SHOWN_GREEN_MS = 2_500;

/** The first minute: how to send a trace, waiting for it, and what went wrong when something odd arrives. */
export function FirstTrace({ projectName, hasArrived, onShow }: { projectName: string | undefined; hasArrived: boolean; onShow: () => void }) {
  const show = useEffectEvent(onShow);
  useEffect(() => {
    if (!hasArrived) return;
    const timer = setTimeout(show, SHOWN_GREEN_MS);
    return () => clearTimeout(timer);
  }, [hasArrived]);
  const server = useQuery(serverQuery);
  const [chosen, setChosen] = useState("mlflow");
  const snippets = firstTraceSnippets(server.data?.url ?? location.origin, projectName);
  const snippet = snippets.find((entry) => entry.key === chosen) ?? snippets[0];
  return (
    <div className="min-h-0 grow overflow-y-auto">
      <div className="mx-auto flex max-w-2xl flex-col gap-5 px-6 pt-[7vh] pb-10 max-md:px-4 max-md:pt-6">
        <div>
          <h2 className="text-xl font-semibold tracking-[-0.02em]">Send your first trace</h2>
          <p className="mt-1 max-w-prose text-md text-pretty text-ink-2">
            Point an application that speaks MLflow or OpenTelemetry at this server. Nothing else has to change.
          </p>
        </div>
        <Waiting hasArrived={hasArrived} onShow={onShow} />
        <div>
          <div role="tablist" aria-label="Client" className="mb-2 flex gap-1 overflow-x-auto">
            {snippets.map((entry) => (
              <button
                key={entry.key}
                id={`snippet-${entry.key}`}
                role="tab"
                type="button"
                aria-selected={entry.key === snippet?.key}
                aria-controls="snippet"
                onClick={() => setChosen(entry.key)}
                className="focus-inset h-[30px] shrink-0 rounded-md px-2.5 text-ink-2 hover:bg-hover aria-selected:bg-pressed/70 aria-selected:font-medium aria-selected:text-ink"
              >
                {entry.label}
              </button>
            ))}
          </div>
          {snippet === undefined ? null : (
            <div id="snippet" role="tabpanel" aria-labelledby={`snippet-${snippet.key}`}>
              <CodeBlock code={snippet.code} label={snippet.label} />
              <p className="mt-1.5 text-ink-3">{snippet.note}</p>
            </div>
          )}
        </div>
        <DemoOffer onShow={onShow} />
      </div>
    </div>
  );
}

/** Watches what arrives. Only problems younger than this panel are told: older ones are settled or known. */
function Waiting({ hasArrived, onShow }: { hasArrived: boolean; onShow: () => void }) {
  const health = useQuery(ingestHealthQuery);
  const [since] = useState(() => Date.now() - 60_000);
  const problems = (health.data?.problems ?? []).filter((problem) => Date.parse(problem.at) >= since).slice(0, 3);
  return (
    <div className="overflow-hidden rounded-lg border border-line">
      <div role="status" className={clsx("flex h-12 items-center gap-2.5 px-4 transition-colors", hasArrived ? "bg-ok-soft text-ok" : "bg-canvas")}>
        {hasArrived ? (
          <CircleCheck className="size-4 shrink-0" aria-hidden />
        ) : (
          <span aria-hidden className="relative flex size-2 shrink-0">
            <span className="absolute inset-0 animate-[ping_1.8s_ease-out_infinite] rounded-full bg-accent" />
            <span className="size-2 rounded-full bg-accent" />
          </span>
        )}
        <span className="grow font-medium">
          {hasArrived ? "Your first trace has arrived" : health.isError ? "The server cannot be asked just now; trying again" : "Waiting for a trace"}
        </span>
        {hasArrived ? (
          <Button size="sm" onClick={onShow}>
            Show it
          </Button>
        ) : null}
      </div>
      {problems.map((problem) => (
        <div key={`${problem.route} ${problem.code} ${problem.message}`} role="alert" className="flex gap-2.5 border-t border-line bg-warn-soft px-4 py-3">
          <TriangleAlert className="mt-0.5 size-4 shrink-0 text-warn" aria-hidden />
          <div className="min-w-0">
            <p className="font-medium break-words text-ink">{problem.message}</p>
            {problem.hint === null ? null : <p className="mt-0.5 text-ink-2">{problem.hint}</p>}
            <p className="mt-1 text-xs text-ink-2">
              <span className="font-mono">{problem.route}</span>
              {problem.client === null ? "" : `, ${problem.client}`}, <Time value={problem.at} relative />
              {problem.count > 1 ? `, ${problem.count} times` : ""}
            </p>
          </div>
        </div>
      ))}
    </div>
  );
}

function DemoOffer({ onShow }: { onShow: () => void }) {
  const server = useQuery(serverQuery);
  const client = useQueryClient();
  const load = useMutation({
    mutationFn: () => call<ServerInfo["demo"]>("/demo", { method: "POST" }),
    onSuccess: () => client.invalidateQueries(),
    onError: toastError,
  });
  const demo = server.data?.demo;
  const isWriting = demo?.state === "creating" || load.isPending;
  return (
    <div className="flex items-center gap-4 rounded-lg border border-line px-4 py-3 max-md:flex-col max-md:items-stretch">
      <div className="min-w-0 grow">
        <p className="font-medium">Or look around first</p>
        <p className="text-ink-3">A demo project with thousands of made-up traces. One click removes it again.</p>
        {isWriting ? <Progress share={demo?.progress ?? 0} /> : null}
      </div>
      {demo?.state === "present" ? (
        <Button onClick={onShow}>Show the demo project</Button>
      ) : (
        <Button disabled={isWriting || demo?.state === "removing"} onClick={() => load.mutate()}>
          <Sparkles /> {isWriting ? "Writing…" : "Load the demo project"}
        </Button>
      )}
    </div>
  );
}

function Progress({ share }: { share: number }) {
  return (
    <div
      role="progressbar"
      aria-label="Writing the demo project"
      aria-valuenow={Math.round(share * 100)}
      aria-valuemin={0}
      aria-valuemax={100}
      className="mt-2 h-1 overflow-hidden rounded-full bg-hover"
    >
      <div className="h-full rounded-full bg-accent transition-[width]" style={{ width: `${Math.max(3, share * 100)}%` }} />
    </div>
  );
}
