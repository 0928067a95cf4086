import type { Duplex } from "node:stream";

/** Messages between server and engine child: `u32 length · JSON` in both directions over one socket pair. */
export function writeFrame(stream: Duplex, message: unknown): void {
  const body = Buffer.from(JSON.stringify(message));
  const head = Buffer.allocUnsafe(4);
  head.writeUInt32LE(body.length);
  stream.write(head);
  stream.write(body);
}

/** A frame whose text is already made (query results are passed through without parsing in the child). */
export function writeResultFrame(stream: Duplex, id: number, result: Uint8Array): void {
  const head = Buffer.allocUnsafe(8);
  head.writeUInt32LE((result.length + 4) | 0);
  // The first byte of JSON is always "{": a high bit marks a raw result.
  head.writeUInt32LE((id | 0x80000000) >>> 0, 4);
  stream.write(head);
  stream.write(result);
}

export type Frame = { kind: "json"; message: unknown } | { kind: "result"; id: number; body: Buffer };

/** Reassembles frames; chunks are joined once per frame, so a large result costs one copy. */
export function readFrames(stream: Duplex, onFrame: (frame: Frame) => void): void {
  let chunks: Buffer[] = [];
  let have = 0;
  let need = -1;
  stream.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    have += chunk.length;
    for (;;) {
      if (need < 0) {
        if (have < 4) return;
        if ((chunks[0]?.length ?? 0) < 4) chunks = [Buffer.concat(chunks)];
        need = (chunks[0] as Buffer).readUInt32LE(0) + 4;
      }
      if (have < need) return;
      const all = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      onFrame(parseFrame(all.subarray(4, need)));
      const rest = all.subarray(need);
      chunks = rest.length > 0 ? [rest] : [];
      have = rest.length;
      need = -1;
    }
  });
}

function parseFrame(body: Buffer): Frame {
  // JSON text starts with an ASCII byte, so its 4th byte never has the high bit that marks a result.
  if (body.length >= 4 && ((body[3] as number) & 0x80) !== 0) {
    return { kind: "result", id: body.readUInt32LE(0) & 0x7fffffff, body: body.subarray(4) };
  }
  return { kind: "json", message: JSON.parse(body.toString("utf8")) };
}
