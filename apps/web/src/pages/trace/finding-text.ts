import type { DiagnosticFinding } from "@telltale/model/api";

/** `useless_retry` → `Useless retry`. */
export function diagnosticTitle(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** What stands in the URL for a finding: a trace may have several of one name, each begins with a span of its own. */
export function findingKey({ name, span_ids: [first = ""] }: Pick<DiagnosticFinding, "name" | "span_ids">): string {
  return `${name}-${first}`;
}

/** The finding of the URL; undefined when it is none of this trace. */
export function findFinding(findings: readonly DiagnosticFinding[], key: string | undefined): DiagnosticFinding | undefined {
  return key === undefined ? undefined : findings.find((finding) => findingKey(finding) === key);
}
