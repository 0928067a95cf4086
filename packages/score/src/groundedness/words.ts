/** Words that carry grammar, not content: what is left is what a text is about. */
const functionWords = new Set(
  `a about above after again against all also am an and any are as at be because been before being below between both but by can could did do does doing down during each either else etc even ever
  few for from further get got had has have having he her here hers herself him himself his how however i if in into is it its itself just let like ll may me might more most much must my myself
  neither no nor not now of off often oh ok okay on once only onto or other our ours ourselves out over own perhaps quite rather re really s same shall she should since so some such t than that the their theirs them
  themselves then there these they this those though through thus to too under until up upon us ve very via was we well were what whatever when where whether which while who whom whose why will with within without would
  yeah yes yet you your yours yourself yourselves d m isn aren wasn weren don doesn didn won wouldn couldn shouldn hasn haven hadn`.split(/\s+/),
);

const negations = new Set(
  "no not never none nobody nothing neither nor without cannot isn aren wasn weren don doesn didn won wouldn couldn shouldn hasn haven hadn".split(" "),
);
const firstPerson = new Set("i me my mine myself we us our ours ourselves".split(" "));

const spelledNumbers = new Map(
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
    .split(" ")
    .map((word, i) => [word, String(i)]),
);
/** "one" is a pronoun more often than a number. */
spelledNumbers.delete("one");

export interface Word {
  /** As it was written. */
  original: string;
  /** Lower case, without accents. */
  text: string;
  /** Without common English endings, so that "associated" and "association" meet; numbers as digits. */
  stem: string;
  isContent: boolean;
  isNumber: boolean;
  /** Capitalised, and not only because a sentence begins. */
  isName: boolean;
  isNegation: boolean;
  isFirstPerson: boolean;
}

const word = /\p{L}+(?:[’']\p{L}+)*|\p{N}+(?:[.,]\p{N}+)*/gu;

/** The words of a text, in order. */
export function wordsIn(text: string): Word[] {
  const words: Word[] = [];
  let end = 0;
  for (const match of text.matchAll(word)) {
    const startsSentence = words.length === 0 || /[.!?:;"“”()\n]/.test(text.slice(end, match.index));
    end = match.index + match[0].length;
    for (const part of match[0].split(/[’']/)) words.push(wordOf(part, startsSentence));
  }
  return words;
}

function wordOf(original: string, startsSentence: boolean): Word {
  const text = original.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  const digits = /^\p{N}/u.test(text) ? text.replaceAll(/,(?=\p{N}{3}(?!\p{N}))/gu, "") : spelledNumbers.get(text);
  const isFunction = functionWords.has(text);
  return {
    original,
    text,
    stem: digits ?? stemOf(text),
    isContent: digits !== undefined || (!isFunction && text.length > 1),
    isNumber: digits !== undefined,
    isName: !startsSentence && !isFunction && /^\p{Lu}/u.test(original),
    isNegation: negations.has(text),
    isFirstPerson: firstPerson.has(text),
  };
}

const endings =
  /(?:ization|isation|ational|fulness|ousness|iveness|ations?|ition?s?|ments?|ness(?:es)?|ingly|edly|ities|ity|ings?|ies|ied|ers?|ors?|ists?|ions?|ed|es|ly|al|s|e|y)$/;

/** The word without its ending; short words stay. Cruder than Porter's algorithm, and enough to compare two texts. */
function stemOf(text: string): string {
  const stem = text.replace(endings, "");
  return stem.length >= 3 ? stem : text;
}

/** Sentences of a text, by punctuation and line breaks; abbreviations may split one in two. */
export function sentencesIn(text: string): string[] {
  return text
    .split(/(?<=[.!?。！？])["”')\]]*\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}
