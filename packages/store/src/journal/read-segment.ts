import { open } from "node:fs/promises";
import { type JournalRecord, decodeRecord } from "./record.ts";

const CHUNK = 8 << 20;

/** Records of one file from `start`, in order, with the offset behind each. Ends silently at a torn or damaged tail. */
export async function* readSegment(path: string, start: number): AsyncGenerator<{ record: JournalRecord; end: number; bytes: number }> {
  const file = await open(path, "r").catch(() => undefined);
  if (!file) return;
  try {
    let buffer: Buffer = Buffer.alloc(0);
    let base = start;
    let at = 0;
    for (;;) {
      const decoded = decodeRecord(buffer, at);
      if (decoded.kind === "record") {
        at += decoded.bytes;
        yield { record: decoded.record, end: base + at, bytes: decoded.bytes };
        continue;
      }
      if (decoded.kind === "corrupt") return;
      const more = Buffer.allocUnsafe(CHUNK);
      const { bytesRead } = await file.read(more, 0, CHUNK, base + buffer.length);
      if (bytesRead === 0) return;
      buffer = Buffer.concat([buffer.subarray(at), more.subarray(0, bytesRead)]);
      base += at;
      at = 0;
    }
  } finally {
    await file.close();
  }
}
