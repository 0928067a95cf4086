import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { costSummaryQuery } from "../../api/cost.ts";
import { UnpricedBanner } from "../../components/cost/UnpricedBanner.tsx";
import { Skeleton } from "../../components/PanelState.tsx";
import { WhenSeen } from "../../components/WhenSeen.tsx";
import { FilterBar } from "../../shell/FilterBar.tsx";
import { PageHeader } from "../../shell/PageHeader.tsx";
import { TimeRangePicker } from "../../shell/TimeRangePicker.tsx";
import { ViewsMenu } from "../../views/ViewsMenu.tsx";
import { useScope } from "../../url/scope.ts";
import { CostTotals } from "./CostTotals.tsx";
import { CostTrend } from "./CostTrend.tsx";
import { DimensionPicker } from "./DimensionPicker.tsx";
import { IdentitiesPanel } from "./IdentitiesPanel.tsx";
import { PatternsPanel } from "./PatternsPanel.tsx";
import { TokenClasses } from "./TokenClasses.tsx";
import type { CostSearch } from "./cost-search.ts";

const CostGroups = lazy(() => import("./CostGroups.tsx").then((module) => ({ default: module.CostGroups })));
const DearestTraces = lazy(() => import("./DearestTraces.tsx").then((module) => ({ default: module.DearestTraces })));

/** Where the money goes, whether that can be believed, and what of it was wasted. */
export function CostPage() {
  const scope = useScope();
  const search: CostSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const by = search.by ?? "model";
  const summary = useQuery(costSummaryQuery(scope.now, by));
  const choose = (next: string): void =>
    void navigate({ to: ".", search: (previous) => ({ ...previous, by: next === "model" ? undefined : next }) as never, replace: true });
  return (
    <>
      <PageHeader title="Cost">
        <ViewsMenu page="cost" />
        <TimeRangePicker />
      </PageHeader>
      <div className="flex shrink-0 items-start gap-2 border-b border-line px-4 py-2 max-md:px-3">
        <FilterBar scope={scope} error={summary.error} />
      </div>
      <div tabIndex={0} role="region" aria-label="Cost figures" className="focus-inset min-h-0 grow overflow-y-auto">
        <UnpricedBanner scope={scope.now} />
        <CostTotals summary={summary} scope={scope} />
        <DimensionPicker by={by} onChange={choose} />
        <div className="grid grid-cols-1 *:border-b *:border-line lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)] lg:*:first:border-r">
          <CostTrend scope={scope} by={by} />
          <TokenClasses summary={summary} />
        </div>
        <Suspense fallback={<Skeleton className="m-4 h-52" />}>
          <CostGroups summary={summary} scope={scope} by={by} />
        </Suspense>
        <WhenSeen minHeight={280}>
          <div className="border-t border-line">
            <PatternsPanel scope={scope} />
          </div>
        </WhenSeen>
        <WhenSeen minHeight={280}>
          <div className="border-t border-line">
            <Suspense fallback={<Skeleton className="m-4 h-52" />}>
              <DearestTraces scope={scope} />
            </Suspense>
          </div>
        </WhenSeen>
        <WhenSeen minHeight={220}>
          <div className="border-t border-line">
            <IdentitiesPanel scope={scope} />
          </div>
        </WhenSeen>
      </div>
    </>
  );
}
