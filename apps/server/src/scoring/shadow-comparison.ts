import { confusionOf, type Confusion, isPass } from "@telltale/score";
import type { VersionVerdicts } from "@telltale/store";

export interface ShadowFigures {
  /** Traces that both versions judged as pass or fail. */
  n: number;
  livePasses: number;
  shadowPasses: number;
  same: number;
  shadowFailed: number;
  nLabelled: number;
  live: Confusion;
  shadow: Confusion;
}

/** A version in the shadow beside the live one, on the traces that both judged: nothing else would compare the versions. */
export function shadowFigures(verdicts: readonly VersionVerdicts[], threshold: number | undefined): ShadowFigures {
  const read = (value: string | undefined): boolean | undefined => (value === undefined ? undefined : isPass(value, threshold));
  const both = verdicts.flatMap((item) => {
    const [live, shadow] = [read(item.live), read(item.shadow)];
    return live === undefined || shadow === undefined ? [] : [{ live, shadow, human: read(item.human), traces: item.traces }];
  });
  const count = (of: (item: (typeof both)[number]) => boolean): number => both.reduce((sum, item) => sum + (of(item) ? item.traces : 0), 0);
  const labelled = both.flatMap(({ human, ...rest }) => (human === undefined ? [] : Array.from({ length: rest.traces }, () => ({ ...rest, human }))));
  return {
    n: count(() => true),
    livePasses: count((item) => item.live),
    shadowPasses: count((item) => item.shadow),
    same: count((item) => item.live === item.shadow),
    shadowFailed: verdicts.reduce((sum, item) => sum + (item.shadowFailed ? item.traces : 0), 0),
    nLabelled: labelled.length,
    live: confusionOf(labelled.map(({ human, live: judge }) => ({ human, judge }))),
    shadow: confusionOf(labelled.map(({ human, shadow: judge }) => ({ human, judge }))),
  };
}
