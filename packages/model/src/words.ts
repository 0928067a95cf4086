/**
 * Words as the search knows them, for any language. The engine's own tokenizer splits at ASCII characters only, so a run
 * of text that holds anything else ("GPT是什么", "“hello”", "café") is one token to it. Those runs are split here, and their words
 * are stored apart (`payloads.words`); what is plain ASCII is found by the engine itself, lower-cased.
 */

/** Words of a search, by where they are found. A span matches when it holds all of them. */
export interface QueryWords {
  /** Plain words: tokens of inputs, outputs or `words`. */
  ascii: string[];
  /** Tokens of `words`. */
  extra: string[];
  /** Single characters of a script without spaces: anywhere in `words`, since only pairs are tokens. */
  within: string[];
}

const MAX_EXTRA_WORDS = 50_000; // distinct; about 400 kB: beyond it a span is a book and its first words are indexed
const MAX_QUERY_WORDS = 32;

/** What is one token to the engine. */
const engineToken = /[A-Za-z0-9\u0080-\u{10FFFF}]+/gu;
const notAscii = /\P{ASCII}/u;
/** Scripts written without spaces (Hangul is, but its particles stick to the word): indexed as overlapping pairs. */
const unspaced =
  "\\p{Script=Han}\\p{Script_Extensions=Hiragana}\\p{Script_Extensions=Katakana}\\p{Script=Hangul}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}";
const unspacedRun = new RegExp(`[${unspaced}]`, "u");
const wordRun = new RegExp(`[${unspaced}]+|(?:(?![${unspaced}])[\\p{L}\\p{N}\\p{M}])+`, "gu");
/** Arabic vowel marks, Koranic marks and the stretching tatweel: written or left out at will. */
const arabicMarks = /\u0640|[\u0610-\u061A\u064B-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E8\u06EA-\u06ED]/g;

/** The words for `payloads.words`, separated by blanks; `""` for plain ASCII text. */
export function extraWords(text: string): string {
  if (!notAscii.test(text)) return "";
  const words = new Set<string>();
  for (const [run] of text.matchAll(engineToken)) {
    if (!notAscii.test(run)) continue;
    for (const word of wordsOf(run)) {
      words.add(word);
      if (words.size >= MAX_EXTRA_WORDS) return [...words].join(" ");
    }
  }
  return [...words].join(" ");
}

/** Splits what someone typed; words beyond the 32nd are left out. */
export function queryWords(query: string): QueryWords {
  const ascii = new Set<string>();
  const extra = new Set<string>();
  const within = new Set<string>();
  for (const [run] of query.matchAll(engineToken)) {
    for (const word of notAscii.test(run) ? wordsOf(run) : [run.toLowerCase()]) {
      if (!notAscii.test(word)) ascii.add(word);
      else if (unspacedRun.test(word) && [...word].length === 1) within.add(word);
      else extra.add(word);
    }
  }
  const first = (words: Set<string>): string[] => [...words].slice(0, MAX_QUERY_WORDS);
  return { ascii: first(ascii), extra: first(extra), within: first(within) };
}

function* wordsOf(run: string): Generator<string> {
  const normal = run.normalize("NFKC").toLowerCase().replaceAll(arabicMarks, "");
  for (const [word] of normal.matchAll(wordRun)) {
    if (!unspacedRun.test(word)) {
      yield word;
      continue;
    }
    const characters = [...word];
    if (characters.length === 1) yield word;
    for (let at = 1; at < characters.length; at += 1) yield `${characters[at - 1] ?? ""}${characters[at] ?? ""}`;
  }
}
