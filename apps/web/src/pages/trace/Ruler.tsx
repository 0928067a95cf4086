import { formatDuration } from "../../format/number.ts";
import { rulerTicks } from "./time-ruler.ts";

/** Round times need no decimals: `2 s`, `500 ms`, `1 h 30 m`. */
function tickLabel(ms: number): string {
  return formatDuration(ms)
    .replace(/\.0+(?= )/, "")
    .replace(/ 00 [sm]$/, "");
}

/** The times above the waterfall. */
export function Ruler({ from, to, isNarrow }: { from: number; to: number; isNarrow: boolean }) {
  const ticks = rulerTicks(from, to, isNarrow ? 3 : 7);
  return (
    <div aria-hidden className="sticky top-0 z-10 flex h-6 border-b border-line bg-surface">
      <div className="w-(--tree) shrink-0" />
      <div className="relative mr-3 grow">
        {ticks.map((tick) => {
          const at = ((tick - from) / (to - from)) * 100;
          return (
            <span
              key={tick}
              className="num absolute top-1 text-2xs whitespace-nowrap text-ink-3"
              style={{ left: `${at}%`, transform: at > 94 ? "translateX(-100%)" : at < 3 ? undefined : "translateX(-50%)" }}
            >
              {tick === 0 ? "0" : tickLabel(tick)}
            </span>
          );
        })}
      </div>
    </div>
  );
}
