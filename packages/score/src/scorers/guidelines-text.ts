/** Instructions for judging by guidelines. They come from the operator, not from a trace. */
export function guidelinesText(what: string, guidelines: string | readonly string[]): string {
  const list = (typeof guidelines === "string" ? [guidelines] : guidelines).map((line) => `- ${line}`).join("\n");
  return `Decide whether ${what} follows every one of these guidelines. A guideline about something that does not occur is followed. Judge by the guidelines only, not by correctness or style.

Guidelines:
${list}

"yes": all are followed. "no": at least one is not; name it.`;
}
