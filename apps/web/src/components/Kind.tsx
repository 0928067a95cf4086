import { clsx } from "clsx";
import {
  ArrowDownWideNarrow,
  Bot,
  Boxes,
  Braces,
  Database,
  Dot,
  FileSearch,
  Gauge,
  Globe,
  Link2,
  ShieldCheck,
  Sparkles,
  TextQuote,
  Workflow,
  Wrench,
  type LucideIcon,
} from "lucide-react";

/** A kind of span as it looks: an icon, and the hue of `tokens.css` (`plain` = structure, not work of a model). */
interface KindLook {
  label: string;
  icon: LucideIcon;
  hue: string;
}

const looks: Record<string, KindLook> = {
  LLM: { label: "Model", icon: Sparkles, hue: "llm" },
  EMBEDDING: { label: "Embedding", icon: Boxes, hue: "embedding" },
  RETRIEVER: { label: "Retriever", icon: FileSearch, hue: "retriever" },
  RERANKER: { label: "Reranker", icon: ArrowDownWideNarrow, hue: "reranker" },
  TOOL: { label: "Tool", icon: Wrench, hue: "tool" },
  AGENT: { label: "Agent", icon: Bot, hue: "agent" },
  CHAIN: { label: "Chain", icon: Link2, hue: "plain" },
  WORKFLOW: { label: "Workflow", icon: Workflow, hue: "plain" },
  GUARDRAIL: { label: "Guardrail", icon: ShieldCheck, hue: "guardrail" },
  EVALUATOR: { label: "Evaluator", icon: Gauge, hue: "evaluator" },
  PARSER: { label: "Parser", icon: Braces, hue: "plain" },
  PROMPT: { label: "Prompt", icon: TextQuote, hue: "prompt" },
  MEMORY: { label: "Memory", icon: Database, hue: "memory" },
  HTTP: { label: "HTTP", icon: Globe, hue: "plain" },
};
const unknownLook: KindLook = { label: "Span", icon: Dot, hue: "plain" };

export function kindLook(kind: string): KindLook {
  return looks[kind] ?? unknownLook;
}

export function KindIcon({ kind, className }: { kind: string; className?: string }) {
  const { icon: Icon, hue, label } = kindLook(kind);
  return <Icon data-kind={hue} role="img" aria-label={label} className={clsx("size-3.5 shrink-0 text-kind", className)} strokeWidth={2} />;
}

export function KindBadge({ kind }: { kind: string }) {
  const { icon: Icon, hue, label } = kindLook(kind);
  return (
    <span
      data-kind={hue}
      className="inline-flex items-center gap-1 rounded-full bg-[color-mix(in_oklch,var(--kind-bar)_16%,transparent)] py-0.5 pr-2 pl-1.5 text-xs font-medium text-kind"
    >
      <Icon className="size-3.5" aria-hidden />
      {label}
    </span>
  );
}
