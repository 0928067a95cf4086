/**
 * Words as the search knows them, for any language. The engine's own tokenizer splits at ASCII characters only, so a run
 * of text that holds anything else ("GPT是什么", "“hello”", "café") is one token to it. Those runs are split here, and their words
 * are stored apart (`payloads.words`); what is plain ASCII is found by the engine itself, lower-cased.
 *
 * Content is mostly JSON, and escapes hide words from the engine too: of `done.\nNext` it sees "nnext", of `caf\u00e9` (as
 * Python writes it) "caf" and "u00e9". The words that touch such escapes are stored apart as well.
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

/** The words for `payloads.words`, separated by blanks; `""` for plain ASCII text without escapes. */
export function extraWords(text: string): string {
  const isAscii = !notAscii.test(text);
  if (isAscii && !text.includes("\\")) return "";
  const words = new Set<string>();
  if (!isAscii) addWords(words, text);
  for (const run of escapedRuns(text)) {
    if (words.size >= MAX_EXTRA_WORDS) break;
    for (const [token] of run.matchAll(engineToken)) for (const word of wordsOf(token)) words.add(word);
  }
  return [...words].join(" ");
}

function addWords(words: Set<string>, text: string): void {
  for (const [run] of text.matchAll(engineToken)) {
    if (!notAscii.test(run)) continue;
    for (const word of wordsOf(run)) {
      words.add(word);
      if (words.size >= MAX_EXTRA_WORDS) return;
    }
  }
}

const letterEscape = /\\+(?:u([0-9a-fA-F]{4})|[nrtbf])/g;

/** Runs of letters and digits that touch a JSON escape written with a letter, the escapes undone. Quoted often = many backslashes. */
function* escapedRuns(text: string): Generator<string> {
  let at = text.indexOf("\\");
  let before = 0;
  while (at >= 0) {
    const first = escapeEnd(text, at);
    if (first.end === 0) {
      at = text.indexOf("\\", first.next);
      continue;
    }
    let start = at;
    // a letter written as \uXXXX belongs to the letters before it; a line break ends their word
    if (first.isCharacter) while (start > before && isWordCode(text.charCodeAt(start - 1))) start -= 1;
    let end = first.end;
    for (;;) {
      while (end < text.length && isWordCode(text.charCodeAt(end))) end += 1;
      const next = text.charCodeAt(end) === 0x5c ? escapeEnd(text, end).end : 0;
      if (next === 0) break;
      end = next;
    }
    yield text
      .slice(start, end)
      .replaceAll(letterEscape, (_, code: string | undefined) => (code === undefined ? " " : String.fromCharCode(Number.parseInt(code, 16))));
    before = end;
    at = text.indexOf("\\", end);
  }
}

/** Where the escape that begins at `at` ends; 0 when it is none with a letter. `next` = behind its backslashes. */
function escapeEnd(text: string, at: number): { end: number; next: number; isCharacter: boolean } {
  let next = at;
  while (text.charCodeAt(next) === 0x5c) next += 1;
  const letter = text.charAt(next);
  if (letter === "u" && /^[0-9a-fA-F]{4}$/.test(text.slice(next + 1, next + 5))) return { end: next + 5, next, isCharacter: true };
  const isBreak = letter !== "" && "nrtbf".includes(letter);
  return { end: isBreak ? next + 1 : 0, next, isCharacter: false };
}

/** What the engine takes for part of a token. */
function isWordCode(code: number): boolean {
  return code >= 0x80 || (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39);
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
  return { ascii: firstWords(ascii), extra: firstWords(extra), within: firstWords(within) };
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

function firstWords(words: ReadonlySet<string>): string[] {
  return [...words].slice(0, MAX_QUERY_WORDS);
}
