/**
 * Scorecards of built-in scorers: how well those that need no model do on labelled data. The data are not part of this repository: give
 * the folder that holds `evaluation` and `detectors`. Writes packages/score/src/scorecards/measured.json, which the product shows.
 * Run: npm run bench -- scorecards --data FOLDER. Nothing is tuned to what comes out.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findScorer, type Judge, type ScoredTrace, type Scorecard } from "@telltale/score";
import { auroc, wilson } from "@telltale/stats";
import { seededRandom } from "../../packages/stats/src/simulation/random.ts";
import { readLines } from "./read-lines.ts";
import { report } from "./report.ts";
import { readGrounded, scoresOnUnseen } from "./unseen-documents.ts";

const RESAMPLES = 2_000;
const { values: flags } = parseArgs({ options: { data: { type: "string" }, date: { type: "string", default: new Date().toISOString().slice(0, 10) } } });
if (flags.data === undefined) throw new Error("give the folder of the data: --data FOLDER");
const { data: folder, date } = flags;

/** One example: what the scorer said (above .5 = found) and what is true, in a unit that is drawn as a whole. */
interface Judged {
  unit: string;
  score: number;
  isPositive: boolean;
}

const measured: Record<string, Scorecard[]> = { GroundednessTriage: groundedness(), PIIDetection: await personalData() };
for (const [name, cards] of Object.entries(measured)) {
  report(
    name,
    cards.map(({ data, balanced_accuracy: { value, low, high } }) => ({
      what: `${data}, ${low.toFixed(3)} to ${high.toFixed(3)}`,
      value,
      unit: "balanced accuracy",
      against: { what: "guessing", value: 0.5 },
      better: "higher" as const,
    })),
  );
}
writeFileSync(join(import.meta.dirname, "../../packages/score/src/scorecards/measured.json"), `${JSON.stringify(measured, undefined, 2)}\n`);

function groundedness(): Scorecard[] {
  const sets = {
    begin: { data: "BEGIN (dev)", licence: "CC BY 4.0; CDLA-Sharing 1.0 (Topical-Chat)" },
    wice: { data: "WiCE (dev)", licence: "annotations ODC-BY 1.0; texts CC BY-SA and Common Crawl terms" },
  };
  const rows = Object.keys(sets).flatMap((set) => readGrounded(join(folder, "evaluation"), set));
  const scores = scoresOnUnseen(rows, 0);
  return Object.entries(sets).map(([set, facts]) => ({
    ...facts,
    ...figuresOf(
      rows.filter((row) => row.set === set).map((row) => ({ unit: row.document, score: scores.get(row) ?? Number.NaN, isPositive: row.isGrounded })),
      true,
    ),
    finds: "responses that their document carries: a triage above .5",
    note: "A triage, no verdict. Five folds by document, trained anew on the other documents of both sets each time; the weights in the product were trained on all of both.",
  }));
}

/** Of the kinds that it looks for; a text with other personal data only, such as names, is one in which there is nothing to find. */
async function personalData(): Promise<Scorecard[]> {
  const kinds = new Set(["EMAIL_ADDRESS", "PHONE_NUMBER", "US_SSN", "CREDIT_CARD", "IP_ADDRESS"]);
  const sources = {
    presidio_research: { data: "presidio-research synth_dataset_v2", licence: "MIT" },
    own_pii_a: { data: "own generator A", licence: "ours; texts made by a script" },
  };
  const rows = readLines<{ id: string; text: string; source: string; spans?: { type: string }[] }>(join(folder, "detectors"), "pii.dev");
  return Promise.all(
    Object.entries(sources).map(async ([source, facts]) => {
      const judged = rows
        .filter((row) => row.source === source)
        .map(async ({ id, text, spans = [] }) => ({
          unit: id,
          score: (await answer("PIIDetection", text)) === "no" ? 1 : 0,
          isPositive: spans.some(({ type }) => kinds.has(type)),
        }));
      return {
        ...facts,
        ...figuresOf(await Promise.all(judged), false),
        finds: "texts with an e-mail address, phone number, US social security number, card number or IP address",
        note: "Texts are synthetic. Names, addresses, dates and other kinds are not looked for and count as nothing to find.",
      };
    }),
  );
}

/** What a scorer without a model says of an answer. */
async function answer(name: string, response: string): Promise<unknown> {
  const trace: ScoredTrace = {
    projectId: "0", traceId: "t", name: "", status: "ok", sessionId: "", userId: "", startMs: 0, durationMs: 0, costUsd: undefined, inputs: undefined, outputs: response, request: "", response,
    expectations: new Map(), retrievals: [], toolCalls: [], tools: [], spans: [], truncated: false,
  }; // prettier-ignore
  const judge: Judge = { ask: () => Promise.reject(new Error("asks no model")) };
  const runCode = () => Promise.reject(new Error("runs no code"));
  const outcome = await findScorer(name)?.run({ level: "trace", trace }, {}, { judge, runCode, signal: new AbortController().signal });
  if (outcome?.kind !== "scored") throw new Error(`${name}: ${outcome?.kind ?? "there is no such scorer"}`);
  return outcome.scores[0]?.value;
}

type Figures = Pick<Scorecard, "n" | "positives" | "balanced_accuracy" | "sensitivity" | "specificity" | "auroc" | "usd_per_1000" | "measured_on">;

/**
 * Intervals by drawing whole units again and again (percentile bootstrap): answers to one document are not independent of each other. Where
 * every example is its own unit, sensitivity and specificity have Wilson's interval.
 */
function figuresOf(examples: readonly Judged[], isRanking: boolean): Figures {
  const byUnit = new Map<string, Judged[]>();
  for (const example of examples) byUnit.set(example.unit, [...(byUnit.get(example.unit) ?? []), example]);
  const units = [...byUnit.values()];
  const random = seededRandom(1);
  const draws = Array.from({ length: RESAMPLES }, () => units.flatMap(() => units[Math.floor(random.uniform() * units.length)] ?? []));
  const rate = (of: (drawn: readonly Judged[]) => number) => {
    const drawn = draws.map(of).toSorted((a, b) => a - b);
    return {
      value: rounded(of(examples)),
      low: rounded(drawn[Math.floor(RESAMPLES * 0.025)] ?? 0),
      high: rounded(drawn[Math.ceil(RESAMPLES * 0.975) - 1] ?? 1),
    };
  };
  const share = (isPositive: boolean) => {
    if (units.length < examples.length) return rate((drawn) => shareRight(drawn, isPositive).right);
    const { right, n } = shareRight(examples, isPositive);
    const [low, high] = wilson(right * n, n);
    return { value: rounded(right), low: rounded(low), high: rounded(high) };
  };
  return {
    n: examples.length,
    positives: examples.filter(({ isPositive }) => isPositive).length,
    balanced_accuracy: rate((drawn) => (shareRight(drawn, true).right + shareRight(drawn, false).right) / 2),
    sensitivity: share(true),
    specificity: share(false),
    auroc: isRanking
      ? rate((drawn) =>
          auroc(
            drawn.map(({ isPositive }) => (isPositive ? 1 : 0)),
            drawn.map(({ score }) => score),
          ),
        )
      : null,
    usd_per_1000: 0,
    measured_on: date,
  };
}

function shareRight(examples: readonly Judged[], isPositive: boolean): { right: number; n: number } {
  const of = examples.filter((example) => example.isPositive === isPositive);
  const right = of.filter(({ score }) => score > 0.5 === isPositive).length;
  return { right: right / of.length, n: of.length };
}

function rounded(value: number): number {
  return Number(value.toFixed(3));
}
