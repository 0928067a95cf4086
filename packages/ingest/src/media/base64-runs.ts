/**
 * Characters of a base64 text as it appears inside other text: both alphabets, and what JSON and MIME put between (escaped
 * slashes, line breaks). 1 = may stand in a run.
 */
const inRun = new Uint8Array(128);
for (const char of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_\\\r\n") inRun[char.charCodeAt(0)] = 1;

export interface Run {
  start: number;
  end: number;
  /** Where to look for the next one. */
  next: number;
}

/**
 * The next run of at least `min` base64 characters at or after `from`. Looks at the far end of each window first, so that
 * prose, whose words end every few characters, is passed over in steps of nearly `min`; a character is read twice at most.
 */
export function nextRun(text: string, from: number, min: number): Run | undefined {
  let start = from;
  while (start + min <= text.length) {
    let at = start + min - 1;
    while (at >= start && isInRun(text.charCodeAt(at))) at -= 1;
    if (at >= start) {
      start = at + 1;
      continue;
    }
    let end = start + min;
    while (end < text.length && isInRun(text.charCodeAt(end))) end += 1;
    return { start, end: endOfData(text, start, end), next: end + 1 };
  }
  return undefined;
}

/** The bytes of a run, or `undefined` when it is no base64 after all. */
export function decodeRun(text: string, run: Run): Buffer | undefined {
  const raw = text.slice(run.start, run.end);
  const clean = /[\\\r\n]/.test(raw) ? raw.replaceAll(/\\+[nr]|[\\\r\n]/g, "") : raw;
  const digits = clean.endsWith("==") ? clean.length - 2 : clean.endsWith("=") ? clean.length - 1 : clean.length;
  const bytes = Buffer.from(clean, "base64");
  return digits % 4 !== 1 && bytes.length === Math.floor((digits * 3) / 4) ? bytes : undefined;
}

function isInRun(code: number): boolean {
  return code < 128 && inRun[code] === 1;
}

/** With the padding; without backslashes at the end, which belong to the quote that closes the string. */
function endOfData(text: string, start: number, end: number): number {
  if (text.startsWith("==", end)) return end + 2;
  if (text.startsWith("=", end)) return end + 1;
  let stop = end;
  while (stop > start && isBreak(text.charCodeAt(stop - 1))) stop -= 1;
  return stop;
}

/** Backslash or line break. */
function isBreak(code: number): boolean {
  return code === 0x5c || code === 0x0a || code === 0x0d;
}
