/** A model call's messages, in the order in which the calls began. */
export interface CallMessages {
  spanId: string;
  input: readonly unknown[];
  output: readonly unknown[];
}

export interface Turn {
  message: unknown;
  /** The call in which the message first appeared. */
  spanId: string;
  /** True when the model said it in that call. */
  isOutput: boolean;
}

/**
 * One conversation out of many calls. Every call repeats the history so far: a message is shown where it appeared
 * first. Equal messages are told apart by how often they occur within one call, so that saying "yes" twice stays two.
 */
export function mergeConversation(calls: readonly CallMessages[]): Turn[] {
  const turns: Turn[] = [];
  const shown = new Map<string, number>();
  for (const call of calls) {
    const inCall = new Map<string, number>();
    const add = (message: unknown, isOutput: boolean): void => {
      const key = fingerprint(message);
      const times = (inCall.get(key) ?? 0) + 1;
      inCall.set(key, times);
      if (times <= (shown.get(key) ?? 0)) return;
      shown.set(key, times);
      turns.push({ message, spanId: call.spanId, isOutput });
    };
    for (const message of call.input) add(message, false);
    for (const message of call.output) add(message, true);
  }
  return turns;
}

/** Role and content; finish reasons and the like differ between saying and repeating. */
function fingerprint(message: unknown): string {
  if (typeof message !== "object" || message === null || !("role" in message)) return JSON.stringify(message) ?? "";
  const { role, parts } = message as { role: unknown; parts?: unknown };
  return JSON.stringify([role === "model" ? "assistant" : role, parts ?? message]);
}
