import { lazy, Suspense } from "react";
import { Skeleton } from "../../components/PanelState.tsx";
import { WhenSeen } from "../../components/WhenSeen.tsx";
import type { Scope } from "../../url/scope.ts";
import { ChangesPanel } from "./ChangesPanel.tsx";
import { CostPanel } from "./CostPanel.tsx";
import { ErrorsPanel } from "./ErrorsPanel.tsx";
import { LatencyPanel, TtftPanel } from "./TimesPanel.tsx";
import { TokensPanel } from "./TokensPanel.tsx";
import { TrafficPanel } from "./TrafficPanel.tsx";

const RoutesTable = lazy(() => import("./RoutesTable.tsx").then((module) => ({ default: module.RoutesTable })));

/** All below the first row, two panels beside each other where there is room. */
export function Panels({ scope }: { scope: Scope }) {
  return (
    <>
      <div className="grid grid-cols-1 *:border-b *:border-line lg:grid-cols-2 lg:*:data-left:border-r">
        <div data-left className="grid min-w-0 grid-cols-[minmax(0,1fr)]">
          <TrafficPanel scope={scope} />
        </div>
        <LatencyPanel scope={scope} />
        <div data-left className="grid min-w-0 lg:row-span-2">
          <ChangesPanel scope={scope} />
        </div>
        <TtftPanel scope={scope} />
        <WhenSeen minHeight={248}>
          <CostPanel scope={scope} />
        </WhenSeen>
        <div data-left className="grid min-w-0 grid-cols-[minmax(0,1fr)]">
          <WhenSeen minHeight={248}>
            <TokensPanel scope={scope} />
          </WhenSeen>
        </div>
        <WhenSeen minHeight={248}>
          <ErrorsPanel scope={scope} />
        </WhenSeen>
      </div>
      <WhenSeen minHeight={240}>
        <Suspense fallback={<Skeleton className="m-4 h-52" />}>
          <RoutesTable scope={scope} />
        </Suspense>
      </WhenSeen>
    </>
  );
}
