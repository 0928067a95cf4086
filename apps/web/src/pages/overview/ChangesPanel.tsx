import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { MoverOut, ReleaseOut } from "@telltale/model/api";
import { clsx } from "clsx";
import { ArrowRight, Rocket } from "lucide-react";
import { moversQuery } from "../../api/overview.ts";
import { Panel } from "../../components/Panel.tsx";
import { Time } from "../../components/Time.tsx";
import { groupFilter } from "../../filter/group-clause.ts";
import { formatCount, plural } from "../../format/number.ts";
import type { Scope } from "../../url/scope.ts";
import { tracesLink } from "../../url/traces-link.ts";
import { moverText, moverTraces } from "./mover-text.ts";
import { useReleases } from "./use-releases.ts";

const SHOWN_RELEASES = 6;

/** What moved most since the period before, and what is new: where one looks for the cause. */
export function ChangesPanel({ scope }: { scope: Scope }) {
  const movers = useQuery(moversQuery(scope.now));
  const { query: releaseQuery, releases } = useReleases(scope);
  const data = movers.data;
  const isEmpty = data !== undefined && releaseQuery.data !== undefined && data.data.length === 0 && releases.length === 0;
  return (
    <Panel
      title="What changed"
      note={data === undefined ? undefined : `${formatCount(data.n)} traces against ${formatCount(data.n_before)} of the period before`}
      queries={[movers, releaseQuery]}
      empty={isEmpty ? (data.n_before === 0 ? "The period before has no traces to compare with." : "Nothing moved by more than chance explains.") : undefined}
      minHeight={208}
      table={() => ({
        header: ["What", "Of", "Value", "Now", "Before"],
        rows: [
          ...(data?.data ?? []).map((mover) => [mover.metric, mover.field, mover.value, mover.now, mover.before]),
          ...releases.map((release) => ["new", release.kind, release.value, release.time, null]),
        ],
      })}
    >
      {data === undefined || data.data.length === 0 ? null : (
        <ul aria-label="Top movers" className="px-2">
          {data.data.map((mover) => (
            <MoverRow key={`${mover.metric} ${mover.field} ${mover.value}`} mover={mover} total={data.n} scope={scope} />
          ))}
        </ul>
      )}
      {data !== undefined && data.data.length === 0 && data.n_before === 0 ? (
        <p className="px-4 pb-2 text-ink-3">The period before has no traces to compare with.</p>
      ) : null}
      {releases.length === 0 ? null : (
        <div className="mt-1 px-2 pb-2">
          <h3 className="px-2 pt-1 pb-1 text-2xs font-medium text-ink-3">New in this window</h3>
          <ul aria-label="Releases">
            {releases.slice(0, SHOWN_RELEASES).map((release) => (
              <ReleaseRow key={`${release.project_id} ${release.kind} ${release.value}`} release={release} scope={scope} />
            ))}
          </ul>
          {releases.length > SHOWN_RELEASES ? (
            <p className="px-2 py-1 text-xs text-ink-3">and {releases.length - SHOWN_RELEASES} more, marked in the charts</p>
          ) : null}
        </div>
      )}
    </Panel>
  );
}

const row = "focus-inset flex min-h-[30px] items-center gap-2 rounded-md px-2 py-0.5 hover:bg-hover max-sm:flex-wrap max-sm:gap-y-0 max-sm:py-1.5";

function MoverRow({ mover, total, scope }: { mover: MoverOut; total: number; scope: Scope }) {
  const text = moverText(mover, total);
  const traces = moverTraces(mover, scope.filter);
  const body = (
    <>
      <span className="min-w-0 truncate">
        <span className="text-ink-3">{text.value.startsWith("no ") ? "" : `${text.field} `}</span>
        <span className="font-medium">{text.value}</span>
        <span className="text-ink-2">: {text.metric}</span>
      </span>
      <span className="num inline-flex shrink-0 items-center gap-1 text-ink-2">
        {text.before} <ArrowRight className="size-3 text-ink-3" aria-label="to" />
        <span className={clsx("font-medium", text.tone === "bad" ? "text-error" : text.tone === "good" ? "text-ok" : "text-ink")}>{text.now}</span>
      </span>
      <span className="num ml-auto shrink-0 pl-2 text-xs text-ink-3">
        {text.effect}, n {formatCount(mover.n)}
        <span className="sr-only">: {text.basis}</span>
      </span>
    </>
  );
  return (
    <li title={text.basis}>
      {traces === undefined ? (
        <div className={row}>{body}</div>
      ) : (
        <Link {...tracesLink(traces.filter, undefined, traces.sort)} className={row}>
          {body}
        </Link>
      )}
    </li>
  );
}

function ReleaseRow({ release, scope }: { release: ReleaseOut; scope: Scope }) {
  const filter = groupFilter(scope.filter, { [release.kind]: release.value });
  return (
    <li>
      <Link {...tracesLink(filter ?? scope.filter)} className={row}>
        <Rocket className="size-3.5 shrink-0 text-ink-3" aria-hidden />
        <span className="min-w-0 truncate">
          <span className="text-ink-3">{release.kind} </span>
          <span className="font-medium">{release.value}</span>
          {release.replaces === null ? null : <span className="text-ink-3"> after {release.replaces}</span>}
        </span>
        <span className="num ml-auto shrink-0 text-xs text-ink-3">
          {plural(release.n, "trace")}, since <Time value={release.time} relative={false} toMinute />
        </span>
      </Link>
    </li>
  );
}
