import { useQuery } from "@tanstack/react-query";
import type { IngestHealth } from "@telltale/model/api";
import { clsx } from "clsx";
import { CircleCheck, Lightbulb, OctagonX, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { ingestHealthQuery } from "../../api/queries.ts";
import { EmptyState, FailedState, PartialNote, Skeleton } from "../../components/PanelState.tsx";
import { CsvButton } from "../../components/table/CsvButton.tsx";
import { Time } from "../../components/Time.tsx";
import { formatBytes, formatCount, plural } from "../../format/number.ts";
import { PageHeader } from "../../shell/PageHeader.tsx";

/** Whether everything that is sent is also kept, and what went wrong when not. Refreshes itself. */
export function IngestHealthPage() {
  const health = useQuery(ingestHealthQuery);
  return (
    <>
      <PageHeader title="Ingest health">
        {health.isError && health.data !== undefined ? <PartialNote>Not refreshed: {health.error.message}</PartialNote> : null}
      </PageHeader>
      <div tabIndex={0} role="region" aria-label="Ingest health" className="focus-inset min-h-0 grow overflow-y-auto">
        <div className="mx-auto flex max-w-5xl flex-col gap-8 px-6 py-6 max-md:px-4">
          {health.data !== undefined ? (
            <Health health={health.data} />
          ) : health.isError ? (
            <FailedState title="The server cannot be asked" error={health.error} onRetry={() => void health.refetch()} />
          ) : (
            <HealthSkeleton />
          )}
        </div>
      </div>
    </>
  );
}

function Health({ health }: { health: IngestHealth }) {
  const { totals, journal, engine, disk } = health;
  return (
    <>
      <Verdict health={health} />
      <section aria-label="Totals">
        <Title
          note={
            <>
              since <Time value={health.since} relative={false} className="num" />
            </>
          }
        >
          Received
        </Title>
        <dl className="grid grid-cols-2 overflow-hidden rounded-lg border border-line sm:grid-cols-3">
          <Figure label="Spans" value={totals.spans} />
          <Figure label="Requests" value={totals.requests} />
          <Figure label="Log records" value={totals.logs} />
          <Figure label="Metric points" value={totals.metric_points} />
          <Figure label="Late spans" value={totals.late_spans} hint="arrived after their trace was settled; counted all the same" />
          <Figure label="Duplicates" value={totals.duplicates} hint="sent more than once, stored once" />
          <Figure label="Rejected requests" value={totals.rejected_requests} isBad />
          <Figure label="Rejected spans" value={totals.rejected_spans} isBad />
          <Figure label="Refused, overload" value={totals.refused_overload} isBad hint="answered 429; clients send them again" />
        </dl>
      </section>
      <div className="grid gap-8 lg:grid-cols-3">
        <Card title="Journal" state={journal.last_error === null ? "ok" : "error"} stateText={journal.last_error ?? "Writing"}>
          <Line label="Waiting for the store">
            {plural(journal.pending_records, "record")}, {formatBytes(journal.pending_bytes)}
          </Line>
          <Line label="Oldest waits">{journal.pending_records === 0 ? "–" : `${journal.oldest_pending_s.toFixed(1)} s`}</Line>
          <Line label="On disk">{formatBytes(journal.bytes_on_disk)}</Line>
        </Card>
        <Card
          title="Engine"
          state={engine.state === "ready" ? "ok" : engine.state === "failed" ? "error" : "warn"}
          stateText={{ ready: "Ready", starting: "Starting", restarting: "Restarting", failed: "Failed" }[engine.state]}
        >
          <Line label="Rows">{engine.rows === null ? "unknown" : formatCount(engine.rows)}</Line>
          <Line label="On disk">{engine.bytes_on_disk === null ? "unknown" : formatBytes(engine.bytes_on_disk)}</Line>
          <Line label="Restarts">{formatCount(engine.restarts)}</Line>
        </Card>
        <Card title="Disk" state={disk.full ? "error" : "ok"} stateText={disk.full ? "Full: new data is refused with 503 until there is room" : "Room left"}>
          <Line label="Free">{disk.free_bytes === null ? "unknown" : formatBytes(disk.free_bytes)}</Line>
        </Card>
      </div>
      <Problems problems={health.problems} />
      <Clients clients={health.clients} />
    </>
  );
}

function Verdict({ health }: { health: IngestHealth }) {
  const isBroken = health.engine.state === "failed" || health.disk.full || health.journal.last_error !== null;
  const isBusy = health.engine.state !== "ready" || health.totals.refused_overload > 0;
  const recent = health.problems.length;
  const [tone, Icon, text] = isBroken
    ? (["bg-error-soft text-error", OctagonX, "Data cannot be kept just now. See below for the reason."] as const)
    : isBusy || recent > 0
      ? ([
          "bg-warn-soft text-warn",
          TriangleAlert,
          recent > 0 ? `Receiving. ${plural(recent, "kind")} of request could not be accepted.` : "Receiving, and at its limit.",
        ] as const)
      : (["bg-ok-soft text-ok", CircleCheck, "Everything that was sent has been kept."] as const);
  return (
    <p role="status" className={clsx("flex items-center gap-2.5 rounded-lg px-4 py-3 font-medium", tone)}>
      <Icon className="size-4 shrink-0" aria-hidden />
      {text}
    </p>
  );
}

function Title({ children, note, action }: { children: ReactNode; note?: ReactNode; action?: ReactNode }) {
  return (
    <div className="mb-2 flex min-h-[26px] items-center justify-between gap-2">
      <h2 className="flex items-baseline gap-2 text-md font-semibold">
        {children}
        {note === undefined ? null : <span className="text-xs font-normal text-ink-3">{note}</span>}
      </h2>
      {action}
    </div>
  );
}

function Figure({ label, value, hint, isBad = false }: { label: string; value: number; hint?: string; isBad?: boolean }) {
  return (
    <div title={hint} className="-mr-px -mb-px flex flex-col-reverse gap-0.5 border-r border-b border-line px-4 py-3">
      <dt className="text-ink-3">{label}</dt>
      <dd className={clsx("num text-xl font-semibold tracking-[-0.02em]", isBad && value > 0 && "text-error")}>{formatCount(value)}</dd>
    </div>
  );
}

function Card({ title, state, stateText, children }: { title: string; state: "ok" | "warn" | "error"; stateText: string; children: ReactNode }) {
  const Icon = state === "ok" ? CircleCheck : state === "warn" ? TriangleAlert : OctagonX;
  return (
    <section aria-label={title}>
      <Title>{title}</Title>
      <p className={clsx("mb-2 flex items-start gap-1.5", state === "ok" ? "text-ok" : state === "warn" ? "text-warn" : "text-error")}>
        <Icon className="mt-0.5 size-3.5 shrink-0" aria-hidden />
        <span className="min-w-0 break-words">{stateText}</span>
      </p>
      <dl className="flex flex-col">{children}</dl>
    </section>
  );
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex justify-between gap-3 border-t border-line py-1.5">
      <dt className="text-ink-3">{label}</dt>
      <dd className="num text-right">{children}</dd>
    </div>
  );
}

function Problems({ problems }: { problems: IngestHealth["problems"] }) {
  return (
    <section aria-label="Problems">
      <Title
        note={problems.length === 0 ? undefined : "most recent first"}
        action={
          problems.length === 0 ? undefined : (
            <CsvButton
              title="Problems"
              header={["Message", "Hint", "Route", "Code", "Client", "Times", "Last at"]}
              rows={() => problems.map(({ message, hint, route, code, client, count, at }) => [message, hint, route, code, client, count, at])}
            />
          )
        }
      >
        Problems
      </Title>
      {problems.length === 0 ? (
        <EmptyState icon={<CircleCheck />} title="None" className="w-full max-w-none! rounded-lg border border-line">
          A request with the wrong path, encoding or content shows up here with a hint.
        </EmptyState>
      ) : (
        <ul className="overflow-hidden rounded-lg border border-line">
          {problems.map((problem) => (
            <li key={`${problem.route} ${problem.code} ${problem.message}`} className="flex gap-3 border-b border-line px-4 py-3 last:border-0">
              <TriangleAlert className="mt-0.5 size-4 shrink-0 text-warn" aria-hidden />
              <div className="min-w-0 grow">
                <p className="font-medium break-words">{problem.message}</p>
                {problem.hint === null ? null : (
                  <p className="mt-1 flex gap-1.5 text-ink-2">
                    <Lightbulb className="mt-0.5 size-3.5 shrink-0 text-ink-3" aria-hidden />
                    <span>{problem.hint}</span>
                  </p>
                )}
                <p className="mt-1 flex flex-wrap gap-x-3 text-xs text-ink-3">
                  <span className="font-mono">{problem.route}</span>
                  <span className="font-mono">{problem.code}</span>
                  {problem.client === null ? null : <span>{problem.client}</span>}
                </p>
              </div>
              <div className="num shrink-0 text-right text-xs text-ink-3">
                <p className="font-medium text-ink-2">{problem.count === 1 ? "once" : `${formatCount(problem.count)} times`}</p>
                <Time value={problem.at} relative />
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Clients({ clients }: { clients: IngestHealth["clients"] }) {
  return (
    <section aria-label="Clients">
      <Title
        action={
          clients.length === 0 ? undefined : (
            <CsvButton
              title="Clients"
              header={["Client", "Requests", "Spans", "Last seen"]}
              rows={() => clients.map((client) => [client.name, client.requests, client.spans, client.last_at])}
            />
          )
        }
      >
        Clients
      </Title>
      {clients.length === 0 ? (
        <EmptyState title="Nobody has sent anything yet" className="w-full max-w-none! rounded-lg border border-line" />
      ) : (
        <div className="overflow-x-auto rounded-lg border border-line">
          <table className="num w-full">
            <thead>
              <tr className="border-b border-line bg-canvas text-left text-xs text-ink-3">
                <th className="px-4 py-2 font-medium">Client</th>
                <th className="px-4 py-2 text-right font-medium">Requests</th>
                <th className="px-4 py-2 text-right font-medium">Spans</th>
                <th className="px-4 py-2 text-right font-medium">Last seen</th>
              </tr>
            </thead>
            <tbody>
              {clients.map((client) => (
                <tr key={client.name} className="border-b border-line last:border-0">
                  <td className="px-4 py-2">{client.name}</td>
                  <td className="px-4 py-2 text-right">{formatCount(client.requests)}</td>
                  <td className="px-4 py-2 text-right">{formatCount(client.spans)}</td>
                  <td className="px-4 py-2 text-right whitespace-nowrap text-ink-3">
                    <Time value={client.last_at} relative />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function HealthSkeleton() {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-8">
      <Skeleton className="h-11 w-full" />
      <Skeleton className="h-36 w-full" />
      <Skeleton className="h-28 w-full" />
      <Skeleton className="h-40 w-full" />
    </div>
  );
}
