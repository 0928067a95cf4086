import type { IngestHealth } from "@telltale/model/api";

export interface IngestProblem {
  route: string;
  /** Error code, or the protocol's name for what went wrong. Problems are grouped by route, code and hint. */
  code: string;
  message: string;
  hint?: string | undefined;
  client?: string | undefined;
}

type ProblemOut = IngestHealth["problems"][number];
type ClientOut = IngestHealth["clients"][number];

const MAX_PROBLEMS = 200;
const MAX_CLIENTS = 100;
const MAX_TEXT = 500;

/** What arrived and what was refused since the process started. Bounded: the oldest groups give way. Never holds payloads. */
export class ProblemLog {
  /** Least recently seen first, as a Map keeps insertion order. */
  readonly #problems = new Map<string, { firstMs: number; lastMs: number; count: number; problem: IngestProblem }>();
  readonly #clients = new Map<string, { requests: number; spans: number; lastMs: number }>();
  readonly sinceMs: number;
  readonly totals = { requests: 0, spans: 0, logs: 0, metricPoints: 0, rejectedRequests: 0, rejectedSpans: 0, refusedOverload: 0 };

  constructor(readonly now: () => number = Date.now) {
    this.sinceMs = now();
  }

  /** An answered request: what was taken in and what was not. */
  received(signal: "traces" | "logs" | "metrics", client: string, counts: { accepted: number; rejected: number }): void {
    this.totals.requests += 1;
    if (signal === "traces") {
      this.totals.spans += counts.accepted;
      this.totals.rejectedSpans += counts.rejected;
    } else if (signal === "logs") this.totals.logs += counts.accepted;
    else this.totals.metricPoints += counts.accepted;
    this.#seen(client, signal === "traces" ? counts.accepted : 0);
  }

  /** A refused request. */
  refused(problem: IngestProblem): void {
    this.totals.requests += 1;
    if (problem.code === "overloaded" || problem.code === "disk_full") this.totals.refusedOverload += 1;
    else this.totals.rejectedRequests += 1;
    this.#seen(problem.client ?? "", 0);
    this.note(problem);
  }

  /** Something worth telling the user although the request itself is counted elsewhere (a partial success, a wrong path). */
  note(problem: IngestProblem): void {
    const key = `${problem.route}\n${problem.code}\n${problem.hint ?? ""}`;
    const before = this.#problems.get(key);
    const nowMs = this.now();
    this.#problems.delete(key);
    this.#problems.set(key, { firstMs: before?.firstMs ?? nowMs, lastMs: nowMs, count: (before?.count ?? 0) + 1, problem: shortened(problem) });
    dropOldest(this.#problems, MAX_PROBLEMS);
  }

  /** Most recent first. */
  problems(): ProblemOut[] {
    return [...this.#problems.values()].toReversed().map(({ firstMs, lastMs, count, problem }) => ({
      at: new Date(lastMs).toISOString(),
      first_at: new Date(firstMs).toISOString(),
      count,
      route: problem.route,
      code: problem.code,
      message: problem.message,
      hint: problem.hint ?? null,
      client: problem.client === undefined || problem.client === "" ? null : problem.client,
    }));
  }

  /** Most recent first. */
  clients(): ClientOut[] {
    return [...this.#clients].toReversed().map(([name, { requests, spans, lastMs }]) => ({ name, requests, spans, last_at: new Date(lastMs).toISOString() }));
  }

  #seen(client: string, spans: number): void {
    const name = client === "" ? "unknown" : client.slice(0, MAX_TEXT);
    const before = this.#clients.get(name);
    this.#clients.delete(name);
    this.#clients.set(name, { requests: (before?.requests ?? 0) + 1, spans: (before?.spans ?? 0) + spans, lastMs: this.now() });
    dropOldest(this.#clients, MAX_CLIENTS);
  }
}

function shortened(problem: IngestProblem): IngestProblem {
  return { ...problem, route: problem.route.slice(0, MAX_TEXT), message: problem.message.slice(0, MAX_TEXT), client: problem.client?.slice(0, MAX_TEXT) };
}

function dropOldest(map: Map<string, unknown>, max: number): void {
  if (map.size <= max) return;
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}
