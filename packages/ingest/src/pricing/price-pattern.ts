/**
 * True when a name is what a pattern says: letter by letter, upper and lower case alike, `*` for any run of letters.
 * Linear in practice and never worse than pattern × name: patterns and names both come from outside.
 */
export function matchesPattern(pattern: string, name: string): boolean {
  const wanted = pattern.toLowerCase();
  const text = name.toLowerCase();
  let at = 0;
  let textAt = 0;
  let star = -1;
  let starText = 0;
  while (textAt < text.length) {
    if (wanted[at] === "*") {
      star = at;
      starText = textAt;
      at += 1;
    } else if (at < wanted.length && wanted[at] === text[textAt]) {
      at += 1;
      textAt += 1;
    } else if (star >= 0) {
      // The last star takes one more letter; earlier ones need not be tried again.
      starText += 1;
      textAt = starText;
      at = star + 1;
    } else return false;
  }
  while (wanted[at] === "*") at += 1;
  return at === wanted.length;
}
