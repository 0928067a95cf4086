import type { AttributionOut } from "@telltale/model/api";
import { formatCount } from "../../format/number.ts";
import { shareText } from "./rate-text.ts";

/** Why the rate differs from the period before, in one or two sentences; `undefined` = it does not, or nothing was judged. */
export function attributionText({ cause, before, after, anchors }: AttributionOut): string | undefined {
  if (cause === "steady" || before.n === 0 || after.n === 0) return cause === "judge" ? judgeText(anchors) : undefined;
  const moved = `Against the period before the scorer's pass rate went from ${shareText(before.passes / before.n)} to ${shareText(after.passes / after.n)}.`;
  switch (cause) {
    case "system":
      return `${moved} The system: on its frozen traces the judge says what it said before.${NOT_MEASURED}`;
    case "judge":
      return `${moved} ${judgeText(anchors)}${NOT_MEASURED}`;
    case "unknown":
      return `${moved} Whether the system or the judge changed is not known: ${anchors === null ? "there is no anchor run before and within this period." : `only ${formatCount(anchors.n)} anchors were judged both times.`}`;
  }
}

const NOT_MEASURED = " Whether other questions came in is not measured.";

function judgeText(anchors: AttributionOut["anchors"]): string {
  if (anchors === null) return "The judge changed.";
  const versions = anchors.version_before === anchors.version_after ? "" : ` (version ${anchors.version_before} before, ${anchors.version_after} now)`;
  return `The judge: of ${formatCount(anchors.n)} frozen traces it now fails ${formatCount(anchors.to_fail)} that it passed before, and passes ${formatCount(anchors.to_pass)} that it failed${versions}.`;
}
