import fc from "fast-check";
import { expect, test } from "vitest";
import { contextOf, featureNames, featuresOf } from "./features.ts";
import { type Triage, groundednessTriage } from "./groundedness-triage.ts";
import { weights } from "./weights.ts";
import { sentencesIn, wordsIn } from "./words.ts";

const contexts = [
  "The Oberoi Group was founded in 1934 and has its head office in Delhi. It owns and operates 32 hotels in seven countries.",
  "Mohan Singh Oberoi, the founder, bought the Clarkes Hotel in Shimla from his English mentor.",
];
const scored = (response: string, texts: readonly string[] = contexts): Extract<Triage, { kind: "scored" }> => {
  const triage = groundednessTriage({ response, contexts: texts });
  if (triage.kind !== "scored") throw new Error(`skipped: ${triage.reason}`);
  return triage;
};

test("what the context says scores above what it does not", () => {
  const grounded = scored("The Oberoi Group has its head office in Delhi and was founded in 1934.");
  const wrongNumber = scored("The Oberoi Group has its head office in Delhi and was founded in 1961.");
  const invented = scored("The Oberoi Group moved to Singapore after merging with Marriott.");
  expect(grounded.score).toBeGreaterThan(wrongNumber.score);
  expect(wrongNumber.score).toBeGreaterThan(invented.score);
  expect(grounded.score).toBeGreaterThan(0.5);
  expect(invented.score).toBeLessThan(0.2);
});

test("says which words, numbers and names the context lacks, and which sentences are weakest", () => {
  const { evidence } = scored("The group operates 32 hotels. Its new chairman Vikram Singh sold 11 of them to Hilton in 2019.");
  expect(evidence.absentNumbers).toEqual(["11", "2019"]);
  expect(evidence.absentNames).toEqual(["Vikram", "Hilton"]);
  expect(evidence.absentWords).toEqual(["new", "chairman", "sold"]);
  expect(evidence.weakest[0]?.sentence).toMatch(/^Its new chairman/);
  expect(evidence.weakest).toHaveLength(2);
});

test("numbers are numbers however they are written", () => {
  expect(scored("It operates 1,200 hotels in 7 countries.", ["Hotels: 1200, in seven countries."]).evidence.absentNumbers).toEqual([]);
});

test("what cannot be judged is skipped with its reason, never scored 0", () => {
  expect(groundednessTriage({ response: "Delhi.", contexts: [] })).toEqual({ kind: "skipped", reason: "no_context" });
  expect(groundednessTriage({ response: "Delhi.", contexts: ["", " \n "] })).toEqual({ kind: "skipped", reason: "no_context" });
  expect(groundednessTriage({ response: "", contexts })).toEqual({ kind: "skipped", reason: "nothing_to_judge" });
  expect(groundednessTriage({ response: "Yes, it is!", contexts })).toEqual({ kind: "skipped", reason: "nothing_to_judge" });
  expect(groundednessTriage({ response: "总部位于德里。", contexts })).toEqual({ kind: "skipped", reason: "script_without_spaces" });
});

test("text beyond the bounds is not read, and the result says so", () => {
  const long = "The head office is in Delhi. ".repeat(1_000);
  expect(scored(long).isCut).toBe(true);
  expect(scored("The head office is in Delhi.", [long.repeat(20)]).isCut).toBe(true);
  expect(scored("The head office is in Delhi.").isCut).toBe(false);
});

test("the weights belong to the features", () => {
  expect(weights.features).toEqual([...featureNames]);
  for (const list of [weights.low, weights.high, weights.mean, weights.scale, weights.weights]) expect(list).toHaveLength(featureNames.length);
});

test("any text gives finite features and a probability", () => {
  const text = fc.oneof(fc.string({ unit: "grapheme" }), fc.lorem());
  fc.assert(
    fc.property(text, fc.array(text, { maxLength: 4 }), (response, texts) => {
      const features = featuresOf(response, contextOf(texts.flatMap(sentencesIn)));
      expect(features.every(Number.isFinite)).toBe(true);
      const triage = groundednessTriage({ response, contexts: texts });
      if (triage.kind === "scored") expect(triage.score >= 0 && triage.score <= 1).toBe(true);
    }),
  );
});

const stems = (text: string): string[] => wordsIn(text).map(({ stem }) => stem);

test("words meet across endings, case and accents; a capital at the start of a sentence makes no name", () => {
  expect(stems("associated associations Cafés")).toEqual([...stems("associate"), ...stems("association"), ...stems("café")]);
  expect(wordsIn("Paris is old. Rome is older, says Maria.").flatMap(({ original, isName }) => (isName ? [original] : []))).toEqual(["Maria"]);
});

test("a long context takes no longer than reading it", () => {
  const context = Array.from({ length: 5_000 }, (_, i) => `Sentence ${i} speaks of item ${i * 3} and of nothing else.`).join(" ");
  const response = Array.from({ length: 150 }, (_, i) => `Item ${i * 31} is in sentence ${i}, as they say.`).join(" ");
  const started = process.cpuUsage();
  scored(response, [context]);
  expect(process.cpuUsage(started).user / 1e6).toBeLessThan(3);
});
