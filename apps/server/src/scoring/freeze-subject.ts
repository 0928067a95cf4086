import type { ScoredTrace, Subject } from "@telltale/score";

/** Characters of one frozen subject. */
const MAX_FROZEN = 512 * 1024;
const CUTS = [Infinity, 4_096, 512] as const;

/** A subject as JSON text, contents of spans cut to fit; `undefined` = it is too large all the same. */
export function freezeSubject(subject: Subject): string | undefined {
  for (const cut of CUTS) {
    const shown = cut === Infinity ? subject : mapTraces(subject, (trace) => cutSpans(trace, cut));
    const text = JSON.stringify(shown, (_key, value: unknown) => (value instanceof Map ? Object.fromEntries(value) : value));
    if (text.length <= MAX_FROZEN) return text;
  }
  return undefined;
}

function cutSpans(trace: ScoredTrace, cut: number): ScoredTrace {
  return { ...trace, truncated: true, spans: trace.spans.map((span) => ({ ...span, inputs: span.inputs.slice(0, cut), outputs: span.outputs.slice(0, cut) })) };
}

/** What `freezeSubject` wrote. */
export function thawSubject(text: string): Subject {
  const frozen = JSON.parse(text) as Subject; // written above
  return mapTraces(frozen, (trace) => ({ ...trace, expectations: new Map(Object.entries(trace.expectations)) }));
}

function mapTraces(subject: Subject, change: (trace: ScoredTrace) => ScoredTrace): Subject {
  return subject.level === "trace"
    ? { level: "trace", trace: change(subject.trace) }
    : { level: "session", session: { ...subject.session, turns: subject.session.turns.map(change) } };
}
