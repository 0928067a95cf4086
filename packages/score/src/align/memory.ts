import { conversationText } from "../judges/instructions-judge.ts";
import type { Exhibit, Judge, Question } from "../judges/judge.ts";
import type { Subject } from "../subject.ts";
import { answerOf, requestOf } from "../text.ts";
import { Bm25 } from "./bm25.ts";

/** A case in which a person corrected the judge. */
export interface Example {
  traceId: string;
  sessionId: string;
  input: string;
  output: string;
  /** The person's verdict. */
  verdict: string;
  /** The person's reason; `""` = none was given. */
  why: string;
}

/** What an aligned version knows beyond its instructions. */
export interface JudgeMemory {
  guidelines: readonly string[];
  examples: readonly Example[];
}

export const MAX_GUIDELINES = 10;
export const MAX_EXAMPLES_SHOWN = 5;
/** Examples that a version keeps; the newest corrections. */
export const MAX_EXAMPLES_KEPT = 200;
/** Characters of a case's input or output: five examples stay well below what is judged itself. */
const MAX_CASE_TEXT = 4_000;

/** What a case says, cut: for the memory, and for finding what is near to it. */
export function caseText(subject: Subject): { input: string; output: string } {
  if (subject.level === "session") return { input: (conversationText(subject.session.turns) ?? "").slice(-2 * MAX_CASE_TEXT), output: "" };
  return { input: requestOf(subject.trace).slice(0, MAX_CASE_TEXT), output: answerOf(subject.trace).slice(0, MAX_CASE_TEXT) };
}

/** The corrected cases nearest to a subject, best first; never the subject itself or its own session. */
export function nearestExamples({ examples }: JudgeMemory, subject: Subject): Example[] {
  const { traceIds, sessionId } = identityOf(subject);
  const others = examples.filter((example) => !traceIds.has(example.traceId) && (sessionId === "" || example.sessionId !== sessionId));
  const { input, output } = caseText(subject);
  return new Bm25(others.map((example) => `${example.input}\n${example.output}`))
    .nearest(`${input}\n${output}`, MAX_EXAMPLES_SHOWN)
    .flatMap((index) => others[index] ?? []);
}

/** The same judge, told what people's corrections taught. It stands below every scorer, so that built-in ones are aligned too. */
export function alignedJudge(judge: Judge, memory: JudgeMemory, subject: Subject): Judge {
  const examples = nearestExamples(memory, subject).map(exhibitOf);
  return {
    ask: (question: Question, signal: AbortSignal) => judge.ask({ ...question, guidelines: memory.guidelines, examples }, signal),
  };
}

function exhibitOf(example: Example, index: number): Exhibit {
  const lines = [
    `input: ${example.input}`,
    ...(example.output === "" ? [] : [`output: ${example.output}`]),
    `verdict of a person: ${example.verdict}`,
    ...(example.why === "" ? [] : [`why: ${example.why}`]),
  ];
  return { name: `example_${index + 1}`, text: lines.join("\n") };
}

function identityOf(subject: Subject): { traceIds: ReadonlySet<string>; sessionId: string } {
  if (subject.level === "trace") return { traceIds: new Set([subject.trace.traceId]), sessionId: subject.trace.sessionId };
  return { traceIds: new Set(subject.session.turns.map((turn) => turn.traceId)), sessionId: subject.session.sessionId };
}
