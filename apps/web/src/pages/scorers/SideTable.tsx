import type { AlignmentSide } from "@telltale/model/api";
import { formatCount } from "../../format/number.ts";
import { intervalText, shareText } from "./rate-text.ts";

/** Two versions against people, on the same traces. */
export function SideTable({ caption, before, after }: { caption: string; before: [string, AlignmentSide]; after: [string, AlignmentSide] }) {
  const sides = [before, after];
  return (
    <div tabIndex={0} role="region" aria-label={caption} className="focus-inset overflow-x-auto">
      <table className="num w-full text-xs">
        <caption className="sr-only">{caption}</caption>
        <thead className="text-ink-3">
          <tr className="border-b border-line">
            <td />
            {sides.map(([name]) => (
              <th key={name} scope="col" className="py-1 pl-4 text-right font-medium whitespace-nowrap">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Row
            name="Agrees with people"
            cells={sides.map(([, side]) => [shareText(side.agreement), intervalText({ ci_low: side.agreement_low, ci_high: side.agreement_high })])}
          />
          <Row
            name="Passes recognised"
            cells={sides.map(([, side]) => [shareText(side.tpr), intervalText({ ci_low: side.tpr_low, ci_high: side.tpr_high })])}
          />
          <Row name="Fails recognised" cells={sides.map(([, side]) => [shareText(side.tnr), intervalText({ ci_low: side.tnr_low, ci_high: side.tnr_high })])} />
          <Row
            name="Both pass, both fail"
            cells={sides.map(([, { confusion }]) => [`${formatCount(confusion.both_pass)}, ${formatCount(confusion.both_fail)}`, ""])}
          />
          <Row
            name="Only the judge, only people pass"
            cells={sides.map(([, { confusion }]) => [`${formatCount(confusion.judge_only)}, ${formatCount(confusion.human_only)}`, ""])}
          />
        </tbody>
      </table>
    </div>
  );
}

function Row({ name, cells }: { name: string; cells: readonly (readonly [string, string])[] | string[][] }) {
  return (
    <tr className="border-b border-line last:border-0">
      <th scope="row" className="py-1 text-left font-normal text-ink-2">
        {name}
      </th>
      {cells.map(([value, interval], index) => (
        <td key={index} className="py-1 pl-4 text-right whitespace-nowrap">
          <span className="font-medium">{value}</span> <span className="text-ink-3 max-sm:block">{interval === "–" ? "" : interval}</span>
        </td>
      ))}
    </tr>
  );
}
