import type { AgentRun } from "./agent-run.ts";
import { type ArgumentProblem, argumentProblems } from "./argument-problems.ts";
import { type Diagnostic, type Finding, maxEvidence, maxFindings } from "./finding.ts";
import { named } from "./repeated-findings.ts";
import type { ToolCatalog } from "./tool-catalog.ts";

/** Arguments that the tool's own schema refuses. */
export const invalidArguments: Diagnostic = {
  name: "invalid_arguments",
  summary: "Arguments that the tool's schema refuses: missing, unexpected, of the wrong type, or not an allowed value.",
  family: "single",
  find(run: AgentRun) {
    const found = new Map<string, Finding>();
    const isShown = run.modelCalls.some(({ requested }) => requested.length > 0);
    if (isShown) {
      for (const { span, agent, requested, offered } of run.modelCalls) {
        for (const call of requested) note(found, agent, call.tool, span.spanId, problemsOf(call.tool, call.arguments, offered ?? run.catalog));
      }
    } else {
      for (const { agent, calls } of run.agents) {
        for (const call of calls) note(found, agent, call.tool, call.spanId, problemsOf(call.tool, call.arguments, run.catalog));
      }
    }
    return [...found.values()].slice(0, maxFindings);
  },
};

/** None when any schema known under the tool's name accepts the arguments. */
function problemsOf(tool: string, args: unknown, catalog: ToolCatalog): ArgumentProblem[] {
  let first: ArgumentProblem[] = [];
  for (const schema of catalog.schemasOf(tool)) {
    const problems = argumentProblems(args === undefined || args === "" ? {} : args, schema);
    if (problems.length === 0) return [];
    if (first.length === 0) first = problems;
  }
  return first;
}

function note(found: Map<string, Finding>, agent: string, tool: string, spanId: string, problems: readonly ArgumentProblem[]): void {
  const [problem] = problems;
  if (problem === undefined) return;
  // The same mistake in the same place is one finding, whichever item of a list it is in.
  const key = [agent, tool, problem.kind, problem.path.replaceAll(/\[\d+\]/g, "[]")].join("\n");
  const known = found.get(key);
  if (known !== undefined) {
    known.occurrences += 1;
    if (known.spanIds.length < maxEvidence && known.spanIds.at(-1) !== spanId) known.spanIds.push(spanId);
    return;
  }
  const more = problems.length === 1 ? "" : ` (and ${problems.length - 1} more)`;
  const sentence = `${named(tool)} was called with ${described(problem)}${more}.`;
  found.set(key, {
    name: "invalid_arguments",
    severity: "warning",
    sentence,
    agent,
    tool,
    spanIds: [spanId],
    occurrences: 1,
    wastedMs: 0,
    wastedUsd: undefined,
  });
}

function described({ kind, path, wanted }: ArgumentProblem): string {
  const what = path === "" ? "arguments" : named(path);
  switch (kind) {
    case "missing":
      return `no value for ${what}, which is required`;
    case "unexpected":
      return `${what}, a parameter it does not have`;
    case "type":
      return `a wrong type for ${what}: ${wanted} is wanted`;
    case "enum":
      return `a value for ${what} that is not one of ${wanted}`;
  }
}
