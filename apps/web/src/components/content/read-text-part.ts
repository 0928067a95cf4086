/** The first `maxChars` of a text that may be of any size: reading stops there, and the rest is never sent. */
export async function readTextPart(url: string, maxChars: number): Promise<string> {
  const response = await fetch(url);
  if (!response.ok || response.body === null) throw new Error(`The server answered ${response.status}`);
  const reader = response.body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array<ArrayBuffer>>).getReader();
  const pieces: string[] = [];
  let length = 0;
  while (length < maxChars) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    length += value.length;
  }
  await reader.cancel();
  return pieces.join("").slice(0, maxChars);
}
