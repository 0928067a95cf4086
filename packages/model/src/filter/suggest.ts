/** Words people try, and what the filter language calls them. */
const synonyms = new Map([
  ["latency", "duration_ms"],
  ["latency_ms", "duration_ms"],
  ["duration", "duration_ms"],
  ["cost", "cost_usd"],
  ["start_time", "timestamp_ms"],
  ["time", "timestamp_ms"],
  ["tokens", "tokens.total"],
  ["total_tokens", "tokens.total"],
  ["input_tokens", "tokens.input"],
  ["output_tokens", "tokens.output"],
  ["ttft", "ttft_ms"],
  ["error", "has_error"],
  ["env", "environment"],
  ["app_version", "version"],
  ["input", "text"],
  ["output", "text"],
  ["content", "span.content"],
  ["span.kind", "span.type"],
  ["span.text", "span.content"],
  ["span.latency", "span.duration_ms"],
  ["span.duration", "span.duration_ms"],
  ["span.error", "span.status"],
  ["assessment", "feedback.<name>"],
  ["score", "feedback.<name>"],
  ["params", "metadata.<key>"],
]);

/** The choice that was probably meant: a known synonym, else the nearest by edit distance, else none. */
export function suggest(written: string, choices: readonly string[]): string | undefined {
  const word = written.slice(0, MAX_WORD).toLowerCase();
  const known = synonyms.get(word);
  if (known !== undefined && choices.includes(known)) return known;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const choice of choices) {
    const distance = editDistance(word, choice.toLowerCase());
    if (distance < bestDistance) {
      bestDistance = distance;
      best = choice;
    }
  }
  return best;
}

const MAX_WORD = 64; // longer than any field name: bounds the quadratic distance

/** Levenshtein distance, two rows. */
export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const change = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(change, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
