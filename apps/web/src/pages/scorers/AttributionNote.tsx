import { useQuery } from "@tanstack/react-query";
import { attributionQuery } from "../../api/anchors.ts";
import type { QualityWindow } from "../../api/quality.ts";
import type { ScorerKey } from "../../api/scorers.ts";
import { attributionText } from "./attribution-text.ts";

/** Beside a rate that moved: whether the system did it or the judge. Nothing while it stands still. */
export function AttributionNote({ scorer, window, className }: { scorer: ScorerKey; window: QualityWindow; className?: string }) {
  const { data, isError } = useQuery(attributionQuery(scorer, window));
  const text = isError ? "Why it moved could not be read." : data === undefined ? undefined : attributionText(data);
  return text === undefined ? null : <p className={`num text-xs text-pretty text-ink-2 ${className ?? ""}`}>{text}</p>;
}
