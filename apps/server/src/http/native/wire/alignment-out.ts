import type { AlignmentOut, AlignmentResult, AlignmentSide } from "@telltale/model/api";
import type { Confusion, GateResult } from "@telltale/score";
import { wilson } from "@telltale/stats";
import type { Alignment, StoredScorer } from "@telltale/store";
import { formatMs } from "./timestamp.ts";

export function toAlignmentOut(alignment: Alignment, versions: readonly Pick<StoredScorer, "version" | "mode">[]): AlignmentOut {
  return {
    id: alignment.id,
    base_version: alignment.baseVersion,
    version: alignment.version ?? null,
    mode: versions.find(({ version }) => version === alignment.version)?.mode ?? null,
    state: alignment.state,
    done: alignment.done,
    total: alignment.total,
    guidelines: alignment.guidelines ?? [],
    result: alignment.result === null || alignment.result === undefined ? null : resultOut(alignment.result as GateResult), // written by the aligner
    error: alignment.error ?? null,
    cost_usd: alignment.costUsd ?? null,
    unpriced: alignment.unpriced,
    created_at: formatMs(alignment.createdMs),
    finished_at: alignment.finishedMs === undefined ? null : formatMs(alignment.finishedMs),
  };
}

function resultOut(result: GateResult): AlignmentResult {
  return {
    decision: result.decision,
    reasons: result.reasons,
    n: result.n,
    before: sideOut(result.before),
    after: sideOut(result.after),
    mended: result.mended,
    broken: result.broken,
    mcnemar_mid_p: result.midP,
    failed_before: result.failedBefore,
    failed_after: result.failedAfter,
  };
}

const ALPHA = 0.05;

/** Judge against people with 95 % intervals; `null` where there is nothing to have a share of. */
export function sideOut({ truePass, falsePass, falseFail, trueFail }: Confusion): AlignmentSide {
  const agreement = shareOut(truePass + trueFail, truePass + falsePass + falseFail + trueFail);
  const tpr = shareOut(truePass, truePass + falseFail);
  const tnr = shareOut(trueFail, trueFail + falsePass);
  return {
    confusion: { both_pass: truePass, judge_only: falsePass, human_only: falseFail, both_fail: trueFail },
    agreement: agreement.share,
    agreement_low: agreement.low,
    agreement_high: agreement.high,
    tpr: tpr.share,
    tpr_low: tpr.low,
    tpr_high: tpr.high,
    tnr: tnr.share,
    tnr_low: tnr.low,
    tnr_high: tnr.high,
  };
}

export function shareOut(k: number, n: number): { share: number | null; low: number | null; high: number | null } {
  if (n === 0) return { share: null, low: null, high: null };
  const [low, high] = wilson(k, n, ALPHA);
  return { share: k / n, low, high };
}
