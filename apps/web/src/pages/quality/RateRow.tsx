import { useQuery } from "@tanstack/react-query";
import type { ScorerOut } from "@telltale/model/api";
import { agreementQuery, qualityRateQuery } from "../../api/quality.ts";
import { IntervalBar } from "../../components/IntervalBar.tsx";
import { Skeleton } from "../../components/PanelState.tsx";
import { Sparkline } from "../../components/Sparkline.tsx";
import { formatCount } from "../../format/number.ts";
import type { Scope } from "../../url/scope.ts";
import { AttributionNote } from "../scorers/AttributionNote.tsx";
import { LabelLink } from "../review/LabelLink.tsx";
import { intervalText, judgesText, kappaText, labelsText, shareText } from "../scorers/rate-text.ts";
import { ScorerLink } from "../scorers/ScorerLink.tsx";

export const rateColumns = "lg:grid-cols-[minmax(11rem,1.4fr)_5rem_5.5rem_minmax(9rem,1.2fr)_8rem_5rem_5rem_7rem_6rem]";

/** One scorer's pass rate, raw and corrected, and how far it agrees with people. */
export function RateRow({ scorer, projectName, scope }: { scorer: ScorerOut; projectName?: string | undefined; scope: Scope }) {
  const rate = useQuery(qualityRateQuery(scorer, { ...scope.window, interval: scope.interval }));
  const agreement = useQuery(agreementQuery(scorer, scope.window));
  const data = rate.data;
  return (
    <li className={`grid items-center gap-x-4 gap-y-1 border-b border-line px-4 py-2 max-lg:grid-cols-2 ${rateColumns}`}>
      <span className="min-w-0 max-lg:col-span-2">
        <ScorerLink scorer={scorer} projectName={projectName}>
          {data === undefined || data.n_traces === 0 ? null : (
            <>
              {" · "}
              <LabelLink scorer={scorer} rate={data} />
            </>
          )}
        </ScorerLink>
      </span>
      {data === undefined ? (
        rate.isError ? (
          <span role="alert" className="truncate text-xs text-error max-lg:col-span-2 lg:col-span-8" title={rate.error.message}>
            Could not be read: {rate.error.message}
          </span>
        ) : (
          <span role="status" aria-label="Reading" className="max-lg:col-span-2 lg:col-span-8">
            <Skeleton className="h-4 w-full opacity-60" />
          </span>
        )
      ) : data.n_traces === 0 ? (
        <span className="text-xs text-ink-3 max-lg:col-span-2 lg:col-span-8">
          {data.n_other > 0 ? "Its values are neither a pass nor a fail." : "It judged nothing in this window."}
          {data.n_failed > 0 ? ` It failed ${formatCount(data.n_failed)} times.` : ""}
        </span>
      ) : (
        <>
          <Cell label="raw">{shareText(data.raw)}</Cell>
          <Cell label="corrected" isStrong>
            {shareText(data.corrected)}
          </Cell>
          <IntervalBar low={data.ci_low} high={data.ci_high} value={data.corrected} raw={data.raw} className="max-lg:col-span-2" />
          <Cell label="interval" title={`${judgesText(data)}${labelsText(data)}`}>
            {intervalText(data)}
          </Cell>
          <Cell label="traces">{formatCount(data.n_traces)}</Cell>
          <Cell label="labels">{formatCount(data.n_labels)}</Cell>
          <span className="block h-6 max-lg:hidden">
            <Sparkline values={data.series.map((step) => (data.corrected === null ? step.raw : step.corrected))} height={24} color="chart-6" />
          </span>
          <Cell label="kappa">
            {agreement.data === undefined ? (
              agreement.isError ? (
                <span className="text-error" title={agreement.error.message}>
                  failed
                </span>
              ) : (
                "…"
              )
            ) : (
              kappaText(agreement.data.kappa)
            )}
          </Cell>
          <AttributionNote scorer={scorer} window={scope.window} className="max-lg:col-span-2 lg:col-span-9" />
        </>
      )}
    </li>
  );
}

/** Where there is no header, the figure says what it is. */
function Cell({ label, title, isStrong = false, children }: { label: string; title?: string; isStrong?: boolean; children: React.ReactNode }) {
  return (
    <span title={title} className={`num whitespace-nowrap text-right max-lg:text-left ${isStrong ? "font-semibold" : "text-ink-2"}`}>
      {children} <span className="text-xs font-normal text-ink-3 lg:sr-only">{label}</span>
    </span>
  );
}
