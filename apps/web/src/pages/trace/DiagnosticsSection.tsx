import type { DiagnosticFinding } from "@telltale/model/api";
import { clsx } from "clsx";
import { ChevronRight, Info, OctagonX, TriangleAlert, type LucideIcon } from "lucide-react";
import { useStoredState } from "../../components/stored-state.ts";
import { formatDuration, formatUsd, plural } from "../../format/number.ts";
import { diagnosticTitle, findingKey } from "./finding-text.ts";

const looks: Record<DiagnosticFinding["severity"], { icon: LucideIcon; tone: string; label: string }> = {
  error: { icon: OctagonX, tone: "text-error", label: "Error" },
  warning: { icon: TriangleAlert, tone: "text-warn", label: "Warning" },
  info: { icon: Info, tone: "text-busy", label: "Note" },
};

export interface DiagnosticsSectionProps {
  findings: readonly DiagnosticFinding[];
  chosen: DiagnosticFinding | undefined;
  /** Chooses a finding, whose spans are then marked; undefined takes the marks away. */
  onChoose: (finding: DiagnosticFinding | undefined) => void;
}

/** What the agents of the trace did wrong, and what it cost. Nothing where nothing was found. */
export function DiagnosticsSection({ findings, chosen, onChoose }: DiagnosticsSectionProps) {
  const [isOpen, setOpen] = useStoredState("telltale.trace.diagnostics", true, (stored) => (typeof stored === "boolean" ? stored : undefined));
  if (findings.length === 0) return null;
  return (
    <section aria-label="Diagnostics" className="shrink-0 border-b border-line">
      <h2>
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          className="focus-inset flex h-8 w-full items-center gap-1.5 px-3 text-left text-xs font-medium text-ink-2 hover:text-ink"
        >
          <ChevronRight className={clsx("size-3.5 text-ink-3 transition-transform", isOpen && "rotate-90")} aria-hidden />
          Diagnostics
          <span className="num rounded-full bg-hover px-1.5 text-2xs font-normal text-ink-3">{findings.length}</span>
        </button>
      </h2>
      {isOpen ? (
        <ul tabIndex={0} aria-label="Findings" className="focus-inset max-h-[28vh] overflow-y-auto pb-1">
          {findings.map((finding) => (
            <li key={`${findingKey(finding)} ${finding.agent} ${finding.tool}`}>
              <FindingRow finding={finding} isChosen={finding === chosen} onChoose={() => onChoose(finding === chosen ? undefined : finding)} />
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}

function FindingRow({ finding, isChosen, onChoose }: { finding: DiagnosticFinding; isChosen: boolean; onChoose: () => void }) {
  const { icon: Icon, tone, label } = looks[finding.severity];
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      title={isChosen ? "Take the marks away" : `Show the ${plural(finding.span_ids.length, "span")} behind it`}
      onClick={onChoose}
      className="focus-inset flex w-full flex-wrap items-baseline gap-x-2.5 px-4 py-1 text-left hover:bg-hover aria-pressed:bg-warn-soft"
    >
      <Icon className={clsx("mt-0.5 size-3.5 shrink-0 self-start", tone)} role="img" aria-label={label} />
      <span className="font-medium whitespace-nowrap">{diagnosticTitle(finding.name)}</span>
      <span className="min-w-0 grow basis-64 text-ink-2">{finding.sentence}</span>
      <span className="num flex min-w-0 flex-wrap items-center gap-x-3 text-xs text-ink-3">
        {finding.agent === null ? null : <span>agent {finding.agent}</span>}
        {finding.tool === null ? null : <span>tool {finding.tool}</span>}
        {finding.wasted_ms > 0 ? <span>{formatDuration(finding.wasted_ms)} wasted</span> : null}
        {finding.wasted_usd === null || finding.wasted_usd === 0 ? null : <span>{formatUsd(finding.wasted_usd)} wasted</span>}
      </span>
    </button>
  );
}
