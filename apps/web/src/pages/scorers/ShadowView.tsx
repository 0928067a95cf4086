import { useQuery } from "@tanstack/react-query";
import type { ScorerOut, ShadowComparison } from "@telltale/model/api";
import { shadowQuery } from "../../api/alignment.ts";
import type { QualityWindow } from "../../api/quality.ts";
import { Button } from "../../components/Button.tsx";
import { IntervalBar } from "../../components/IntervalBar.tsx";
import { Skeleton } from "../../components/PanelState.tsx";
import { formatCount, formatUsd, plural } from "../../format/number.ts";
import { intervalText, shareText } from "./rate-text.ts";
import { SideTable } from "./SideTable.tsx";

interface ShadowProps {
  scorer: ScorerOut;
  window: QualityWindow;
  isBusy: boolean;
  onEnd: (action: "promote" | "discard") => void;
}

/** What runs in the shadow, beside what counts, on the traces that both judged; and what shall become of it. */
export function ShadowView({ scorer, window, isBusy, onEnd }: ShadowProps) {
  const query = useQuery(shadowQuery(scorer, window));
  return (
    <section aria-label="In the shadow" className="flex flex-col gap-3 rounded-lg border border-line bg-canvas px-3 py-2.5">
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="mr-auto font-medium">In the shadow</h3>
        <Button size="sm" variant="primary" disabled={isBusy} onClick={() => onEnd("promote")}>
          Promote
        </Button>
        <Button size="sm" disabled={isBusy} onClick={() => onEnd("discard")}>
          Discard
        </Button>
      </div>
      {query.data !== undefined ? (
        <Comparison data={query.data} />
      ) : query.isError ? (
        <p role="alert" className="text-xs text-error">
          Could not be read: {query.error.message}
        </p>
      ) : (
        <Skeleton className="h-12 w-full opacity-60" />
      )}
    </section>
  );
}

function Comparison({ data }: { data: ShadowComparison }) {
  const failed = data.shadow_failed > 0 ? ` It failed on ${plural(data.shadow_failed, "trace")}.` : "";
  if (data.n === 0)
    return (
      <p className="text-xs text-pretty text-ink-3">
        It scores the same traces as version {data.live_version}, and its scores count nowhere. In this window there is no trace yet that both judged.{failed}
      </p>
    );
  return (
    <>
      <dl className="num grid grid-cols-[auto_auto_1fr] items-center gap-x-4 gap-y-1">
        <Rate name={`version ${data.live_version}, live`} share={data.live_rate} low={data.live_low} high={data.live_high} />
        <Rate name={`version ${data.shadow_version}, shadow`} share={data.shadow_rate} low={data.shadow_low} high={data.shadow_high} />
      </dl>
      <p className="num text-xs text-pretty text-ink-3">
        Pass rates of {plural(data.n, "trace")} that both judged; on {shareText(data.same)} of them both say the same.{" "}
        {data.cost_usd === null ? "" : `The shadow cost ${formatUsd(data.cost_usd)}.`}
        {failed}
      </p>
      {data.n_labelled === 0 ? null : (
        <SideTable
          caption={`On ${formatCount(data.n_labelled)} of them that people labelled`}
          before={[`version ${data.live_version}`, data.live]}
          after={[`version ${data.shadow_version}`, data.shadow]}
        />
      )}
    </>
  );
}

function Rate({ name, share, low, high }: { name: string; share: number | null; low: number | null; high: number | null }) {
  return (
    <div className="contents">
      <dt className="text-ink-2">{name}</dt>
      <dd className="text-right font-medium">{shareText(share)}</dd>
      <dd className="flex items-center gap-3 text-xs text-ink-3 max-sm:col-span-3">
        <IntervalBar low={low} high={high} value={share} raw={null} className="max-w-60 grow" />
        <span className="whitespace-nowrap">{intervalText({ ci_low: low, ci_high: high })}</span>
      </dd>
    </div>
  );
}
