import { hash } from "node:crypto";
import type { Span } from "@telltale/model";

/** About 1,000 tokens: what providers cache at least. */
export const PREFIX_LENGTH = 4_096;

/**
 * Hashes of what a model or a tool was given, so that repetitions are found without reading content. 0 = nothing to
 * compare; the prefix only of model calls that are longer than it.
 */
export function inputHashes({ kind, inputs }: Pick<Span, "kind" | "inputs">): { whole: bigint; prefix: number } {
  if (inputs === "" || (kind !== "LLM" && kind !== "TOOL")) return nothing;
  const whole = digest(inputs).readBigUInt64LE(0);
  const prefix = kind === "LLM" && inputs.length > PREFIX_LENGTH ? digest(inputs.slice(0, PREFIX_LENGTH)).readUInt32LE(0) : 0;
  return { whole, prefix };
}

const nothing = { whole: 0n, prefix: 0 };

function digest(text: string): Buffer {
  return hash("sha256", text, "buffer");
}
