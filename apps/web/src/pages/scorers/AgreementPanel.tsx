import { useQuery } from "@tanstack/react-query";
import type { AgreementAnswer } from "@telltale/model/api";
import { useState } from "react";
import { agreementQuery, type QualityWindow, type SliceField } from "../../api/quality.ts";
import type { ScorerKey } from "../../api/scorers.ts";
import { Panel } from "../../components/Panel.tsx";
import { formatCount, plural } from "../../format/number.ts";
import { Disagreements } from "./Disagreements.tsx";
import { intervalText, kappaText, shareText } from "./rate-text.ts";

const slices: readonly (readonly [SliceField, string])[] = [
  ["route", "by route"],
  ["environment", "by environment"],
  ["version", "by version"],
  ["model", "by model"],
];

/** How far the scorer and people agree, as a whole and by slice, and the traces on which they do not. */
export function AgreementPanel({ scorer, window }: { scorer: ScorerKey; window: QualityWindow }) {
  const [sliceBy, setSliceBy] = useState<SliceField>("route");
  const query = useQuery(agreementQuery(scorer, window, sliceBy));
  const answer = query.data;
  return (
    <Panel
      title="Agreement with people"
      note={answer === undefined ? undefined : `n = ${plural(answer.n, "trace")} with both`}
      queries={[query]}
      empty={answer?.n === 0 ? <NothingYet name={scorer.name} /> : undefined}
      minHeight={260}
      actions={
        answer === undefined || answer.n === 0 ? null : (
          <select
            aria-label="Slices"
            value={sliceBy}
            onChange={(event) => setSliceBy(event.target.value as SliceField)}
            className="h-[26px] rounded-md border border-line-strong bg-surface px-1.5 text-xs"
          >
            {slices.map(([field, label]) => (
              <option key={field} value={field}>
                {label}
              </option>
            ))}
          </select>
        )
      }
    >
      {answer === undefined ? null : (
        <div className="flex flex-col gap-4 px-4 pb-4">
          <Measures answer={answer} />
          <Slices answer={answer} />
          <Disagreements answer={answer} scorer={scorer} />
        </div>
      )}
    </Panel>
  );
}

function NothingYet({ name }: { name: string }) {
  return <>Say on some traces what {name} should have said, as feedback under its name: where both have judged, this shows how far they agree.</>;
}

function Measures({ answer }: { answer: AgreementAnswer }) {
  const { confusion } = answer;
  return (
    <div className="grid gap-x-8 gap-y-3 sm:grid-cols-2">
      <dl className="num grid grid-cols-[auto_auto_1fr] items-baseline gap-x-4 gap-y-1">
        <Measure name="Cohen’s kappa" value={kappaText(answer.kappa)} interval={kappaInterval(answer)} />
        <Measure name="Balanced accuracy" value={shareText(answer.balanced_accuracy)} />
        <Measure name="Passes recognised" value={shareText(answer.tpr)} interval={intervalText({ ci_low: answer.tpr_low, ci_high: answer.tpr_high })} />
        <Measure name="Fails recognised" value={shareText(answer.tnr)} interval={intervalText({ ci_low: answer.tnr_low, ci_high: answer.tnr_high })} />
      </dl>
      <div>
        <table className="num w-full max-w-72 text-sm">
          <caption className="sr-only">What the scorer said and what people said</caption>
          <thead className="text-xs text-ink-3">
            <tr>
              <td />
              <th scope="col" className="pb-1 text-right font-normal">
                people pass
              </th>
              <th scope="col" className="pb-1 text-right font-normal">
                people fail
              </th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row" className="text-left text-xs font-normal text-ink-3">
                scorer passes
              </th>
              <td className="text-right">{formatCount(confusion.both_pass)}</td>
              <td className="text-right text-error">{formatCount(confusion.judge_only)}</td>
            </tr>
            <tr>
              <th scope="row" className="text-left text-xs font-normal text-ink-3">
                scorer fails
              </th>
              <td className="text-right text-error">{formatCount(confusion.human_only)}</td>
              <td className="text-right">{formatCount(confusion.both_fail)}</td>
            </tr>
          </tbody>
        </table>
        <p className="num mt-1.5 text-xs text-ink-3">{biasText(answer)}</p>
      </div>
    </div>
  );
}

function Measure({ name, value, interval }: { name: string; value: string; interval?: string }) {
  return (
    <div className="contents">
      <dt className="text-ink-3">{name}</dt>
      <dd className="text-right font-medium">{value}</dd>
      <dd className="text-xs text-ink-3">{interval === undefined || interval === "–" ? "" : interval}</dd>
    </div>
  );
}

function Slices({ answer }: { answer: AgreementAnswer }) {
  if (answer.slices.length < 2) return null;
  return (
    <table className="num w-full text-xs">
      <caption className="sr-only">Agreement by slice</caption>
      <thead className="text-ink-3">
        <tr className="border-b border-line">
          <th scope="col" className="py-1 text-left font-medium">
            Slice
          </th>
          <th scope="col" className="py-1 text-right font-medium">
            Traces
          </th>
          <th scope="col" className="py-1 text-right font-medium">
            Kappa
          </th>
          <th scope="col" className="py-1 text-right font-medium">
            Differ
          </th>
        </tr>
      </thead>
      <tbody>
        {answer.slices.map((slice) => (
          <tr key={slice.value} className="border-b border-line/60 last:border-0">
            <th scope="row" className="max-w-48 truncate py-1 text-left font-normal">
              {slice.value}
            </th>
            <td className="py-1 text-right">{formatCount(slice.n)}</td>
            <td className="py-1 text-right">{kappaText(slice.kappa)}</td>
            <td className="py-1 text-right">{formatCount(slice.confusion.judge_only + slice.confusion.human_only)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function kappaInterval({ kappa_low: low, kappa_high: high }: AgreementAnswer): string {
  return low === null || high === null ? "–" : `${kappaText(low)} – ${kappaText(high)}`;
}

/** McNemar's test in words; below 5 % the scorer is said to lean. */
function biasText({ mcnemar_p: p, confusion }: AgreementAnswer): string {
  if (p === null) return "";
  const text = `p = ${p < 0.001 ? "< 0.001" : p.toPrecision(2)}`;
  if (p >= 0.05) return `It passes about as often as people do (${text}).`;
  return `It passes ${confusion.judge_only > confusion.human_only ? "more" : "less"} often than people do (${text}).`;
}
