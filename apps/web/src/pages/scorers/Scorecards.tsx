import { useQuery } from "@tanstack/react-query";
import type { BuiltInScorerOut } from "@telltale/model/api";
import { builtInScorersQuery } from "../../api/scorers.ts";
import { formatCount, formatUsd } from "../../format/number.ts";
import { measuredText } from "./scorer-text.ts";

/** How well a built-in scorer does where that was measured; where not, why not. */
export function Scorecards({ scorer }: { scorer: Pick<BuiltInScorerOut, "scorecards" | "not_measured"> }) {
  if (scorer.not_measured !== null) return <p className="mt-1 text-xs text-pretty text-ink-3">{scorer.not_measured}</p>;
  return (
    <ul aria-label="How well it does" className="num mt-1 flex flex-col gap-0.5 text-xs text-ink-2">
      {scorer.scorecards.map((card) => (
        <li key={card.data} title={`${card.note} Positive: ${card.finds}. ${card.licence}, ${card.measured_on}.`}>
          <strong className="font-medium">{measuredText(card.balanced_accuracy)}</strong> balanced accuracy on {card.data}, n = {formatCount(card.n)}
          <span className="text-ink-3">
            {" "}
            · finds {measuredText(card.sensitivity)}, leaves alone {measuredText(card.specificity)} · {formatUsd(card.usd_per_1000)} per 1,000
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The same for a registered scorer, by its class; nothing while it is being read. */
export function ScorecardsOf({ className }: { className: string }) {
  const builtIn = useQuery(builtInScorersQuery).data?.find((scorer) => scorer.class === className);
  return builtIn === undefined ? null : (
    <div className="basis-full">
      <Scorecards scorer={builtIn} />
    </div>
  );
}
