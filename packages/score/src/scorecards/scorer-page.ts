import { z } from "zod";
import type { BuiltInScorer, Need, Vocabulary } from "../scorer.ts";
import { scorers } from "../scorers/registry.ts";
import { type MeasuredRate, type Scorecard, scorecardsOf, whyNotMeasured } from "./scorecard.ts";

const intro = `# Built-in scorers

Every scorer that comes with Telltale: what it needs, what it answers, its parameters, an example, and how well it does where that could be measured. [Scoring](./scoring.md) says how scorers are registered and started; [quality](./quality.md) how far a judge can be trusted on your own traffic. The names are those of \`mlflow.genai.scorers\` where MLflow has the scorer.

This page is written by \`node scripts/make-scorer-docs.mjs\` from the scorers themselves. Figures come from \`npm run bench -- scorecards --data FOLDER\`: **balanced accuracy** is the mean of the share of positives that are found and the share of negatives that are left alone, .5 is guessing; intervals are 95 %.
`;

const needs: Readonly<Record<Need, string>> = {
  inputs: "a request",
  outputs: "an answer",
  expectations: "an expectation",
  context: "retrieved documents",
  tools: "tool calls",
  spans: "spans",
};

/** The users' page on all built-in scorers, as Markdown. */
export function scorerPage(): string {
  const groups: [title: string, of: readonly BuiltInScorer[]][] = [
    ["Judges of a trace", scorers.filter(({ usesModel, level }) => usesModel && level === "trace")],
    ["Judges of a conversation", scorers.filter(({ usesModel, level }) => usesModel && level === "session")],
    ["Code, without a model", scorers.filter(({ usesModel }) => !usesModel)],
  ];
  return [intro, ...groups.map(([title, list]) => [`## ${title}\n`, ...list.map(entry)].join("\n"))].join("\n");
}

function entry(scorer: BuiltInScorer): string {
  const parameters = parametersText(scorer);
  const facts = [
    `- Needs ${scorer.needs.map((need) => needs[need]).join(" and ") || "nothing"}; what has none is skipped, never scored as 0.`,
    `- Answers ${vocabularyText(scorer.vocabulary)}.`,
    ...(parameters === "" ? [] : [`- Parameters: ${parameters}.`]),
    ...(scorer.usesModel ? ["- Cost: what the judge's model costs; it stands on every score."] : ["- Cost: none, it asks no model."]),
    ...(scorecardsOf(scorer).length === 0 ? [`- ${whyNotMeasured(scorer)}`] : scorecardsOf(scorer).map((card) => `- ${cardText(card)}`)),
  ];
  const name = scorer.name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase();
  const body = { name, definition: { kind: "builtin", class: scorer.name, parameters: scorer.example ?? {} } };
  return `### ${scorer.name}

${scorer.summary}

${facts.join("\n")}

\`\`\`sh
curl -s -X POST localhost:4700/api/v1/scorers -H 'content-type: application/json' -d '${JSON.stringify(body)}'
\`\`\`
${scorer.instructions === undefined ? "" : `\nWhat the judge is told:\n\n\`\`\`text\n${scorer.instructions}\n\`\`\`\n`}`;
}

function cardText({
  data,
  licence,
  n,
  positives,
  finds,
  balanced_accuracy,
  sensitivity,
  specificity,
  auroc,
  usd_per_1000,
  measured_on,
  note,
}: Scorecard): string {
  const area = auroc === null ? "" : `, area under the ROC curve ${rateText(auroc)}`;
  return `Measured on ${data} (${licence}; n = ${n}, ${positives} positive: ${finds}): balanced accuracy ${rateText(balanced_accuracy)}, finds ${rateText(sensitivity)} of the positives, leaves ${rateText(specificity)} of the others alone${area}; $${usd_per_1000} for 1,000 scores; ${measured_on}. ${note}`;
}

function rateText({ value, low, high }: MeasuredRate): string {
  return `${value.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`;
}

function vocabularyText(vocabulary: Vocabulary): string {
  if (vocabulary.kind === "boolean") return "`true` or `false`";
  if (vocabulary.kind === "number") return `a number from ${vocabulary.min} to ${vocabulary.max}`;
  return vocabulary.values.map((value) => `\`${value}\``).join(" or ");
}

/** Names with what each takes, as its JSON schema says. */
function parametersText(scorer: BuiltInScorer): string {
  const { properties = {}, required = [] } = z.toJSONSchema(scorer.parameters, { io: "input", unrepresentable: "any" });
  return Object.entries(properties)
    .filter(([name]) => name !== "inference_params" && name !== "model")
    .map(([name, schema]) => `\`${name}\`${required.includes(name) ? " (required)" : ""}: ${schemaText(schema)}`)
    .concat(scorer.usesModel ? ["`model` (`openai:/gpt-4o-mini`; the default provider without one)", "`inference_params` (temperature and the like)"] : [])
    .join(", ");
}

function schemaText(schema: z.core.JSONSchema._JSONSchema): string {
  if (typeof schema === "boolean") return "anything";
  if (schema.anyOf !== undefined)
    return schema.anyOf
      .map(schemaText)
      .filter((text) => text !== "null")
      .join(" or ");
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (schema.type === "array" && schema.items !== undefined && !Array.isArray(schema.items)) return `a list of ${schemaText(schema.items)}`;
  const names: Record<string, string> = { string: "a text", integer: "a whole number", number: "a number", boolean: "true or false", object: "an object" };
  return names[String(schema.type)] ?? "anything";
}
