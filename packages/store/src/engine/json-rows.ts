/** Parses JSONEachRow. One JSON.parse over the joined lines is several times faster than one per line. */
export function parseJsonRows<Row>(body: Buffer): Row[] {
  let end = body.length;
  while (end > 0 && (body[end - 1] === 10 || body[end - 1] === 13)) end -= 1;
  if (end === 0) return [];
  // A newline inside a JSON string is always escaped, so a raw one separates rows.
  const joined = Buffer.allocUnsafe(end + 2);
  body.copy(joined, 1, 0, end);
  joined[0] = 0x5b;
  for (let at = joined.indexOf(10, 1); at !== -1 && at <= end; at = joined.indexOf(10, at + 1)) joined[at] = 0x2c;
  joined[end + 1] = 0x5d;
  return JSON.parse(joined.toString("utf8")) as Row[];
}
