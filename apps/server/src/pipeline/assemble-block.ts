import { type AssemblySpan, type ResponseIndex, assembleTrace, extractLogMedia, mergeTraceInfo, packLog, settleTrace } from "@telltale/ingest";
import type { Assessment, MediaBlob, MetricPoint, RawLog, Trace, TraceInfo } from "@telltale/model";
import { Block, type Recount, type Reprice, writeAssessmentRow, writeLogRow, writeMetricRow, storedKey, writeSpanTail, writeTraceRow } from "@telltale/store";
import { createHash } from "node:crypto";
import type { TraceStarts } from "./assessed-starts.ts";
import { hourOf } from "./hour.ts";
import type { Command } from "./ingest.ts";
import { byProject } from "./by-project.ts";
import type { Item } from "./journal-item.ts";
import { type Decision, type LiveTrace, type LiveTraces, newLiveTrace } from "./live-traces.ts";
import { plainText, scalarAttributes } from "./plain-attributes.ts";
import type { PreparedSpans } from "./prepare-spans.ts";
import type { SeenTraces } from "./seen-traces.ts";
import type { PipelineStats } from "./stats.ts";

/** Everything one write to the store consists of. */
export interface Prepared {
  block: Block;
  recounts: Recount[];
  reprices: Reprice[];
  moved: { projectId: string; traceId: string; bucket: number }[];
  traces: Trace[];
  blobs: MediaBlob[];
  /** Spans whose content is in log records that came after them: to be read back and prepared again. */
  late: Map<LiveTrace, Set<string>>;
  version: bigint;
}

export interface AssemblerState {
  live: LiveTraces;
  seen: SeenTraces;
  responses: ResponseIndex;
  stats: PipelineStats;
}

/** A trace with very many spans is not derived anew for every block: at most once per this many spans per millisecond. */
const SPANS_PER_MS_OF_PATIENCE = 20;
const LARGE_TRACE_SPANS = 5_000;
/** A span that joins its trace after this much quiet is counted as late. */
const LATE_AFTER_MS = 10_000;
const MAX_LOGS_PER_LIVE_TRACE = 2_000;

/**
 * Turns journal items into rows. Pure but for the live traces it keeps: reading back older traces (hydration) has
 * happened before, so that one block is made without waiting.
 */
export class BlockAssembler {
  readonly #state: AssemblerState;
  readonly #nowMs: number;
  /** Of traces that are not in memory, of which something is said. */
  readonly #starts: TraceStarts;
  readonly #version: bigint;
  readonly #block: Block;
  readonly #groups: PreparedSpans[] = [];
  /** Spans that were read without log records that are known now. */
  readonly #late = new Map<LiveTrace, Set<string>>();
  readonly #inBlock = new Set<string>();
  readonly #recounts: Recount[] = [];
  readonly #reprices: Reprice[] = [];
  readonly #moved: Prepared["moved"] = [];
  readonly #traces: Trace[] = [];
  readonly #blobs: MediaBlob[] = [];
  /** Traces that lost a call to another one while the block was finished. */
  readonly #redo = new Set<LiveTrace>();

  constructor(state: AssemblerState, nowMs: number, version: bigint, block = new Block(), starts: TraceStarts = new Map()) {
    this.#starts = starts;
    this.#block = block;
    this.#state = state;
    this.#nowMs = nowMs;
    this.#version = version;
  }

  /** Logs first: a message that came in the same block as its span is there when the span is read. */
  addAll(items: readonly Item[]): void {
    for (const item of items) if (item.type === "logs") for (const [projectId, logs] of byProject(item.logs, item.routing)) this.#addLogs(projectId, logs);
    for (const item of items) {
      if (item.type === "traces") this.#addSpans(item);
      else if (item.type === "metrics") for (const [projectId, points] of byProject(item.points, item.routing)) this.#addMetrics(projectId, points);
      else if (item.type === "time_out") this.#timeOut(item.traces);
      else if (item.type === "commands") for (const command of item.commands) this.#addCommand(command);
    }
  }

  /** Spans read back from the store and prepared again, because log records came after them. */
  addAgain(groups: readonly PreparedSpans[]): void {
    for (const group of groups) this.#addGroup(group, undefined, true);
  }

  /** Derives the rows of all touched traces and writes the spans with what de-duplication decided. */
  finish(force: boolean): Prepared {
    for (const live of this.#state.live.dirty()) {
      const patience = live.spans.size > LARGE_TRACE_SPANS && !force ? live.spans.size / SPANS_PER_MS_OF_PATIENCE : 0;
      if (this.#nowMs - live.assembledMs < patience) continue;
      this.#derive(live);
    }
    for (const live of this.#redo) this.#derive(live);
    for (const group of this.#groups) this.#writeGroup(group);
    return {
      block: this.#block,
      recounts: this.#recounts,
      reprices: this.#reprices,
      moved: this.#moved,
      traces: this.#traces,
      blobs: this.#blobs,
      late: this.#late,
      version: this.#version,
    };
  }

  #addSpans(item: Extract<Item, { type: "traces" }>): void {
    this.#blobs.push(...item.blobs);
    for (const group of item.groups) this.#addGroup(group, item.runId, false);
  }

  #addGroup(group: PreparedSpans, runId: string | undefined, again: boolean): void {
    this.#groups.push(group);
    let live: LiveTrace | undefined;
    let isLate = false;
    for (const span of group.spans) {
      if (live?.traceId !== span.traceId) {
        live = this.#liveOf(group.projectId, span.traceId);
        isLate = !again && live.assembledMs > 0 && this.#nowMs - live.touchedMs > LATE_AFTER_MS;
        if (live.spansBucket === 0) live.spansBucket = hourOf(span.startNs);
        if (runId !== undefined) live.info = mergeTraceInfo(live.info, { ...emptyInfo(span.traceId), runIds: [runId] });
      }
      const isNew = this.#addSpan(live, span, again);
      if (isLate && isNew) this.#state.stats.lateSpans += 1;
      const logs = live.logs.get(span.spanId);
      if (logs && logs.length !== group.logsRead.get(span.spanId)) this.#readAgain(live, span.spanId);
    }
  }

  /** True for a span that was not known. */
  #addSpan(live: LiveTrace, span: AssemblySpan, again: boolean): boolean {
    const { stats, live: traces } = this.#state;
    const known = traces.setSpan(live, span);
    if (known && !again) stats.duplicates += 1;
    traces.touch(live, this.#nowMs);
    live.timedOut = false;
    this.#inBlock.add(`${span.traceId}:${span.spanId}`);
    return !known;
  }

  #readAgain(live: LiveTrace, spanId: string): void {
    this.#late.set(live, (this.#late.get(live) ?? new Set<string>()).add(spanId));
  }

  /** Copies the rows made at receipt, with what was decided since. */
  #writeGroup(group: PreparedSpans): void {
    const { spans: spanRows, payloads } = this.#block;
    let spanStart = 0;
    let payloadStart = 0;
    for (const [index, span] of group.spans.entries()) {
      const live = this.#liveOf(group.projectId, span.traceId);
      const decision = live.decisions.get(span.spanId);
      const spanEnd = group.spanEnds[index] ?? spanStart;
      const payloadEnd = group.payloadEnds[index] ?? payloadStart;
      const spanAt = spanRows.bytes;
      spanRows.copy(group.spanRows, spanStart, spanEnd);
      spanRows.stamp(spanAt, this.#version, live.spansBucket);
      writeSpanTail(spanRows, decision?.counted ?? true, decision?.duplicateOf ?? "");
      const payloadAt = payloads.bytes;
      payloads.copy(group.payloadRows, payloadStart, payloadEnd);
      payloads.stamp(payloadAt, this.#version, live.spansBucket);
      payloads.rows += 1;
      spanStart = spanEnd;
      payloadStart = payloadEnd;
    }
  }

  #timeOut(traces: readonly { projectId: string; traceId: string }[]): void {
    for (const { projectId, traceId } of traces) {
      const live = this.#state.live.get(projectId, traceId);
      if (!live) continue;
      live.timedOut = true;
      live.dirty = true;
    }
  }

  #addLogs(projectId: string, logs: readonly RawLog[]): void {
    for (const log of logs) {
      this.#blobs.push(...extractLogMedia(log).blobs);
      const live = log.traceId === "" ? undefined : this.#liveOf(projectId, log.traceId);
      const raw = packLog(log);
      const logId = createHash("sha256").update(`${log.traceId}/${log.spanId}/${log.timeNs}/${raw}`).digest("hex").slice(0, 32);
      const bucket = live && live.spansBucket > 0 ? live.spansBucket : hourOf(log.timeNs);
      writeLogRow(this.#block.logs, projectId, bucket, { ...log, logId, body: plainText(log.body), raw }, this.#version);
      if (!live || live.logCount >= MAX_LOGS_PER_LIVE_TRACE) continue;
      const ofSpan = live.logs.get(log.spanId) ?? [];
      if (ofSpan.some((other) => other.timeNs === log.timeNs && packLog(other) === raw)) continue;
      live.logs.set(log.spanId, [...ofSpan, log]);
      live.logCount += 1;
      live.touchedMs = this.#nowMs;
      if (live.spans.has(log.spanId)) this.#readAgain(live, log.spanId);
    }
  }

  #addMetrics(projectId: string, points: readonly MetricPoint[]): void {
    for (const point of points) {
      const attributes = scalarAttributes(point.attributes);
      const service = plainText(point.resource.attributes.get("service.name") ?? "");
      const pointId = createHash("sha256")
        .update(JSON.stringify([point.name, service, String(point.timeNs), [...attributes], point.scope.name]))
        .digest("hex")
        .slice(0, 32);
      writeMetricRow(this.#block.metrics, projectId, point, service, attributes, pointId, this.#version);
    }
  }

  #addCommand(command: Command): void {
    if (command.type === "assessment") this.#addAssessment(command.assessment, false);
    if (command.type === "assessment_delete") this.#addAssessment(tombstone(command), true);
    if (command.type === "reprice") this.#reprice(command);
    if (command.type !== "trace_info") return;
    const live = this.#liveOf(command.projectId, command.traceId);
    live.info = mergeTraceInfo(live.info, command.info);
    this.#state.live.touch(live, this.#nowMs);
  }

  /** The trace is derived again in any case: after a crash its spans may have their new prices and its row not. */
  #reprice({ projectId, traceId, spans }: Extract<Command, { type: "reprice" }>): void {
    const live = this.#state.live.get(projectId, traceId);
    if (!live) return; // deleted since
    for (const { spanId, was, cost } of spans) {
      const span = live.spans.get(spanId);
      if (!span || this.#inBlock.has(`${traceId}:${spanId}`)) continue;
      if (nanoUsd(span.costUsd) !== nanoUsd(was.usd) || span.costUnknown !== (was.source === "unknown")) continue;
      span.costUsd = cost.usd;
      span.costUnknown = cost.source === "unknown";
      this.#reprices.push({ projectId, bucket: live.spansBucket, traceId, spanId, ...cost });
    }
    this.#state.live.touch(live, this.#nowMs);
  }

  #addAssessment(assessment: Assessment, isDeleted: boolean): void {
    const live = this.#state.live.get(assessment.projectId, assessment.traceId);
    const startNs = live ? earliestStart(live) : (this.#starts.get(storedKey(assessment)) ?? BigInt(Math.round(assessment.createdMs)) * 1_000_000n);
    writeAssessmentRow(this.#block.assessments, assessment, { startNs, sessionId: "" }, this.#version, isDeleted);
  }

  #derive(live: LiveTrace): void {
    const { projectId, traceId } = live;
    const spans = [...live.spans.values()];
    if (spans.length > 0) this.#decide(live, spans);
    const trace = assembleTrace(projectId, traceId, spans, live.info, this.#version);
    // A trace whose root never comes (a crashed process, a client that loses it) must not look as if it ran for ever.
    if (live.timedOut && trace.status === "in_progress") trace.status = trace.errorCount > 0 ? "error" : "unset";
    const bucket = hourOf(trace.startNs);
    if (live.rowBucket !== 0 && live.rowBucket !== bucket) this.#moved.push({ projectId, traceId, bucket: live.rowBucket });
    live.rowBucket = bucket;
    live.dirty = false;
    live.assembledMs = this.#nowMs;
    writeTraceRow(this.#block.traces, trace, { bucket, spansBucket: live.spansBucket || bucket, version: this.#version, isDeleted: false });
    this.#traces.push(trace);
  }

  /** In-trace rules first; what counts there is offered to the index of responses seen in other traces. */
  #decide(live: LiveTrace, spans: readonly AssemblySpan[]): void {
    const settled = settleTrace(spans);
    for (const span of spans) {
      const own = settled.get(span.spanId);
      const across = own?.counted ? this.#acrossTraces(live, span) : undefined;
      const now: Decision = across === undefined ? (own ?? { counted: true, duplicateOf: "" }) : { counted: false, duplicateOf: across };
      span.counted = now.counted;
      const before = live.decisions.get(span.spanId) ?? { counted: true, duplicateOf: "" };
      if (before.counted === now.counted && before.duplicateOf === now.duplicateOf) continue;
      live.decisions.set(span.spanId, now);
      if (!this.#inBlock.has(`${live.traceId}:${span.spanId}`))
        this.#recounts.push({ projectId: live.projectId, bucket: live.spansBucket, traceId: live.traceId, spanId: span.spanId, ...now });
    }
  }

  /** `traceId:spanId` of the report of the same call in another trace that counts instead, if any. */
  #acrossTraces(live: LiveTrace, span: AssemblySpan): string | undefined {
    const known = live.crossTrace.get(span.spanId);
    if (known !== undefined) return known;
    const { counted, duplicateOf, displaced } = this.#state.responses.offer(live.projectId, span);
    if (!counted) {
      live.crossTrace.set(span.spanId, duplicateOf);
      return duplicateOf;
    }
    if (!displaced) return undefined;
    const losing = this.#state.live.get(live.projectId, displaced.traceId);
    if (losing) {
      losing.crossTrace.set(displaced.spanId, `${span.traceId}:${span.spanId}`);
      this.#redo.add(losing);
      return undefined;
    }
    // The other trace has left the memory and stands as counted: this report gives way.
    const other = `${displaced.traceId}:${displaced.spanId}`;
    live.crossTrace.set(span.spanId, other);
    return other;
  }

  #liveOf(projectId: string, traceId: string): LiveTrace {
    const found = this.#state.live.get(projectId, traceId);
    if (found) return found;
    const live = newLiveTrace(projectId, traceId);
    live.touchedMs = this.#nowMs;
    this.#state.live.add(live);
    this.#state.seen.add(traceId);
    return live;
  }
}

/** As it is stored: what was read back and what is still in memory compare alike. */
function nanoUsd(usd: number | undefined): number | undefined {
  return usd === undefined ? undefined : Math.round(usd * 1e9);
}

function earliestStart(live: LiveTrace): bigint {
  let earliest: bigint | undefined;
  for (const span of live.spans.values()) if (earliest === undefined || span.startNs < earliest) earliest = span.startNs;
  return earliest ?? 0n;
}

export function emptyInfo(traceId: string): TraceInfo {
  return { requestId: traceId, metadata: new Map(), tags: new Map(), deletedTags: [], runIds: [], prompts: [] };
}

function tombstone(command: Extract<Command, { type: "assessment_delete" }>): Assessment {
  const { projectId, traceId, assessmentId } = command;
  return {
    projectId,
    traceId,
    assessmentId,
    spanId: "",
    name: "",
    kind: "feedback",
    valueJson: undefined,
    error: undefined,
    sourceType: "CODE",
    sourceId: "",
    rationale: undefined,
    metadata: new Map(),
    overrides: undefined,
    valid: false,
    createdMs: 0,
    updatedMs: 0,
  };
}
