import { type Context, contextOf, featuresOf } from "./features.ts";
import { probability } from "./triage-model.ts";
import { weights } from "./weights.ts";
import { sentencesIn, wordsIn } from "./words.ts";

export interface TriageInput {
  /** What the application answered. */
  response: string;
  /** Texts it was given: retrieved documents, tool results. */
  contexts: readonly string[];
}

/** Why a response scored low, for people: everything here is in the response and not in the context. */
export interface TriageEvidence {
  absentWords: string[];
  absentNumbers: string[];
  absentNames: string[];
  /** The sentences of the response that score lowest, the lowest first. */
  weakest: { sentence: string; score: number }[];
}

export type Triage =
  | { kind: "scored"; score: number; evidence: TriageEvidence; isCut: boolean }
  | { kind: "skipped"; reason: "no_context" | "nothing_to_judge" | "script_without_spaces" };

const MAX_RESPONSE_CHARS = 20_000;
const MAX_CONTEXT_CHARS = 400_000;
const MAX_LISTED = 20;
const MAX_WEAKEST = 3;
const MAX_SENTENCES_SCORED = 200;
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;

/**
 * How much of a response its context carries, in [0, 1]: by words alone, without a model that reads. It sorts what somebody (or a
 * judge) should look at first; it says nothing about whether a response is true. Measured on English. `isCut`: more text than
 * is read (the first 20,000 characters of a response, 400,000 of contexts). Linear.
 */
export function groundednessTriage({ response, contexts }: TriageInput): Triage {
  const { sentences, isCut } = readContexts(contexts);
  if (sentences.length === 0) return { kind: "skipped", reason: "no_context" };
  const text = response.slice(0, MAX_RESPONSE_CHARS);
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if ((text.match(unspaced)?.length ?? 0) > letters / 5) return { kind: "skipped", reason: "script_without_spaces" };
  if (!wordsIn(text).some(({ isContent }) => isContent)) return { kind: "skipped", reason: "nothing_to_judge" };
  const context = contextOf(sentences);
  return {
    kind: "scored",
    score: scoreOf(text, context),
    evidence: evidenceOf(text, context),
    isCut: isCut || text.length < response.length,
  };
}

function scoreOf(text: string, context: Context): number {
  return probability(weights, featuresOf(text, context));
}

function readContexts(contexts: readonly string[]): { sentences: string[]; isCut: boolean } {
  const sentences: string[] = [];
  let left = MAX_CONTEXT_CHARS;
  for (const context of contexts) {
    for (const sentence of sentencesIn(context.slice(0, left))) sentences.push(sentence);
    left -= context.length;
    if (left < 0) return { sentences, isCut: true };
  }
  return { sentences, isCut: false };
}

function evidenceOf(text: string, context: Context): TriageEvidence {
  const absent = wordsIn(text).filter(({ isContent, stem }) => isContent && !context.stems.has(stem));
  const sentences = sentencesIn(text).filter((sentence) => wordsIn(sentence).some(({ isContent }) => isContent));
  const scored = sentences.slice(0, MAX_SENTENCES_SCORED).map((sentence) => ({ sentence: sentence.slice(0, 500), score: scoreOf(sentence, context) }));
  return {
    absentWords: listed(absent.filter(({ isNumber, isName }) => !isNumber && !isName).map(({ text: word }) => word)),
    absentNumbers: listed(absent.filter(({ isNumber }) => isNumber).map(({ text: word }) => word)),
    absentNames: listed(absent.filter(({ isNumber, isName }) => isName && !isNumber).map(({ original }) => original)),
    weakest: sentences.length < 2 ? [] : scored.toSorted((a, b) => a.score - b.score).slice(0, MAX_WEAKEST),
  };
}

function listed(words: readonly string[]): string[] {
  return [...new Set(words)].slice(0, MAX_LISTED);
}
