import { spokenText } from "@telltale/ingest";
import type { Message, RawLog, Trace } from "@telltale/model";
import type { SessionQuestions, SpanPayload, TraceQuestions, TurnContent, TurnRow, TurnSpans } from "@telltale/store";
import type { ReadSpan } from "../http/native/wire/span-detail.ts";

export interface TurnTextDeps {
  sessions: Pick<SessionQuestions, "contentOfTurns">;
  questions: Pick<TraceQuestions, "logsOf">;
  readSpan: (ids: { traceId: string; spanId: string }, payload: SpanPayload, logs: readonly RawLog[]) => ReadSpan;
}

/** What was said in a turn; undefined = nothing that can be read. */
export interface TurnTexts {
  input: string | undefined;
  output: string | undefined;
}

type Side = "input" | "output";

/** A preview of this length may have been cut (it holds 1,000 characters at most, three of them dots). */
const CUT_FROM = 950;
/** JSON of more characters is shown as it is. */
const MAX_PARSED = 2 * 1024 * 1024;

/**
 * What the user said and what the assistant answered, per turn, as a person reads it. The preview that every trace has is mostly
 * the whole of it and costs nothing. Where it was cut, is empty or is JSON, the root span's content is read, and when that
 * says nothing either, the messages of the last model call.
 */
export async function turnTexts(
  turns: readonly TurnRow[],
  spans: ReadonlyMap<string, TurnSpans>,
  deps: TurnTextDeps,
  signal: AbortSignal,
): Promise<Map<string, TurnTexts>> {
  const incomplete = turns.filter(({ trace }) => !isWhole(trace.inputPreview) || !isWhole(trace.outputPreview));
  const lastCall = (trace: Trace): string => spans.get(trace.traceId)?.lastCallId ?? "";
  const wanted = incomplete.map((turn) => ({ ...turn, spanIds: [...new Set([turn.trace.rootSpanId, lastCall(turn.trace)])].filter((id) => id !== "") }));
  const contents = new Map((await deps.sessions.contentOfTurns(wanted, signal)).map((content) => [`${content.traceId}/${content.spanId}`, content]));
  const texts = await Promise.all(
    turns.map(async ({ trace }): Promise<[string, TurnTexts]> => {
      if (isWhole(trace.inputPreview) && isWhole(trace.outputPreview)) return [trace.traceId, { input: trace.inputPreview, output: trace.outputPreview }];
      const root = contents.get(`${trace.traceId}/${trace.rootSpanId}`);
      const call = contents.get(`${trace.traceId}/${lastCall(trace)}`);
      return [trace.traceId, await new TurnReader(trace, root, call, deps, signal).texts()];
    }),
  );
  return new Map(texts);
}

/** A preview that is a sentence, and all of it. */
function isWhole(preview: string): boolean {
  return preview !== "" && preview.length < CUT_FROM && !/^\s*[[{"]/.test(preview);
}

class TurnReader {
  #messages: Promise<ReadSpan["content"] | undefined> | undefined;

  constructor(
    readonly trace: Trace,
    readonly root: TurnContent | undefined,
    readonly call: TurnContent | undefined,
    readonly deps: TurnTextDeps,
    readonly signal: AbortSignal,
  ) {}

  async texts(): Promise<TurnTexts> {
    return { input: await this.#side("input", this.trace.inputPreview), output: await this.#side("output", this.trace.outputPreview) };
  }

  async #side(side: Side, preview: string): Promise<string | undefined> {
    if (isWhole(preview)) return preview;
    const stored = (side === "input" ? this.root?.inputs : this.root?.outputs) ?? "";
    const spoken = spokenText(stored, side, MAX_PARSED);
    // What the client stated as preview overrules the root's content, unless it is only the beginning of it.
    if (spoken !== undefined && !this.#isOtherText(preview, spoken)) return spoken;
    return (await this.#fromCall(side)) ?? (preview === "" ? textOrUndefined(stored) : (spokenText(preview, side, MAX_PARSED) ?? preview));
  }

  #isOtherText(preview: string, spoken: string): boolean {
    if (preview === "" || /^\s*[[{"]/.test(preview)) return false;
    return !spoken.startsWith(preview.slice(0, 200));
  }

  async #fromCall(side: Side): Promise<string | undefined> {
    const content = await (this.#messages ??= this.#readCall());
    if (content === undefined) return undefined;
    const [messages, role] = side === "input" ? [content.inputMessages, "user"] : [content.outputMessages, "assistant"];
    return lastSaid(messages, role);
  }

  async #readCall(): Promise<ReadSpan["content"] | undefined> {
    if (this.call === undefined || this.call.raw === "") return undefined;
    const { traceId, spanId } = this.call;
    const { content } = this.deps.readSpan(this.call, this.call, []);
    if (content.inputMessages.length > 0 || content.outputMessages.length > 0) return content;
    // Some SDKs send messages as log records beside the span.
    const logs = await this.deps.questions.logsOf({ projectIds: [this.trace.projectId] }, traceId, this.signal);
    const own = logs.filter((log) => log.spanId === spanId);
    return own.length === 0 ? content : this.deps.readSpan(this.call, this.call, own).content;
  }
}

/** The text of the last message of a role that has one; a message of tool results alone is not what a person said. */
function lastSaid(messages: readonly Message[], role: string): string | undefined {
  for (let at = messages.length - 1; at >= 0; at -= 1) {
    const message = messages[at];
    if (message?.role !== role) continue;
    const texts = message.parts.flatMap((part) => (part.type === "text" && part.content !== "" ? [part.content] : []));
    if (texts.length > 0) return texts.join("\n\n");
  }
  return undefined;
}

function textOrUndefined(text: string): string | undefined {
  return text === "" ? undefined : text;
}
