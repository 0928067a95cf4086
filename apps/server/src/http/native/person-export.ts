import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { ProjectScope, Trace } from "@telltale/model";
import { tarEnd, tarHead, tarPadding } from "@telltale/store";
import { artifactFolder } from "../mlflow/trace-info.ts";
import type { NativeDeps } from "./deps.ts";
import { isUser } from "./group-query.ts";
import { toAssessmentOut } from "./wire/assessment-out.ts";
import { toSessionSummary } from "./wire/group-summary.ts";
import { spanDetailJson } from "./wire/span-detail.ts";
import { toTraceSummary } from "./wire/trace-summary.ts";
import { formatMs } from "./wire/timestamp.ts";

export interface Person {
  scope: ProjectScope;
  userId: string;
}

type ExportDeps = Pick<NativeDeps, "questions" | "sessions" | "blobs" | "artifacts" | "readSpan" | "now">;

/** A part of an NDJSON file is closed at this size: the head of a file in a tar states its length, so a part is made in memory. */
const PART_BYTES = 4 * 1024 * 1024;
const PAGE = 100;
const BLOB_LINK = /telltale-blob:\/\/([0-9a-f]{64})/g;
const MAX_ARTIFACT_DEPTH = 8;

interface FileEntry {
  path: string;
  bytes: number;
  sha256: string;
  content_type?: string;
}

/**
 * Everything of a person as a .tar.gz, made as it is read. `traces-…`, `spans-…`, `assessments-…` and `sessions-….ndjson` in the
 * shapes of the API, `blobs/<sha-256>`, `artifacts/<project>/<trace>/…`, and at the end `manifest.json` with counts and checksums.
 */
export function exportPerson(person: Person, deps: ExportDeps, signal: AbortSignal): Readable {
  const gzip = createGzip({ level: 6, chunkSize: 256 * 1024 });
  // Errors reach whoever reads: the stream is destroyed with them, and half an archive is not taken for a whole one.
  pipeline(Readable.from(new PersonExport(person, deps, signal).tar(), { objectMode: false }), gzip, { signal }).catch(() => {});
  return gzip;
}

class PersonExport {
  readonly #files: FileEntry[] = [];
  readonly #blobs = new Set<string>();
  readonly #parts = new Map<string, { number: number; lines: string[]; bytes: number; count: number }>();

  constructor(
    readonly person: Person,
    readonly deps: ExportDeps,
    readonly signal: AbortSignal,
  ) {}

  async *tar(): AsyncGenerator<Buffer> {
    const { scope, userId } = this.person;
    let cursor: string | undefined;
    do {
      const page = await this.deps.questions.searchTraces({ scope, filter: isUser(userId), limit: PAGE, cursor }, this.signal);
      yield* this.#traces(page.traces);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    do {
      const page = await this.deps.sessions.listSessions({ scope, filter: isUser(userId), limit: PAGE, cursor }, this.signal);
      for (const session of page.groups) yield* this.#line("sessions", JSON.stringify(toSessionSummary(session)));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    for (const kind of this.#parts.keys()) yield* this.#flush(kind);
    for (const hash of this.#blobs) yield* this.#blob(hash);
    yield* this.#manifest();
    yield tarEnd;
  }

  async *#traces(traces: readonly Trace[]): AsyncGenerator<Buffer> {
    const { scope } = this.person;
    for (const trace of traces) yield* this.#line("traces", JSON.stringify({ ...toTraceSummary(trace, []), assessments: undefined }));
    const ids = traces.map(({ traceId }) => traceId);
    const own = new Set(traces.map(({ projectId, traceId }) => `${projectId}/${traceId}`));
    for (const assessment of await this.deps.questions.assessmentsOf(scope, ids, this.signal)) {
      if (own.has(`${assessment.projectId}/${assessment.traceId}`)) yield* this.#line("assessments", JSON.stringify(toAssessmentOut(assessment)));
    }
    for await (const spans of this.deps.sessions.wholeTraces(traces, this.signal)) {
      for (const { span, payload, logs } of spans) {
        const text = spanDetailJson(span, payload, payload === undefined ? undefined : this.deps.readSpan(span, payload, logs), logs);
        for (const [, hash = ""] of text.matchAll(BLOB_LINK)) this.#blobs.add(hash);
        yield* this.#line("spans", text);
      }
    }
    for (const { projectId, traceId } of traces) {
      yield* this.#artifacts(artifactFolder(projectId, traceId), `artifacts/${projectId}/${traceId.replaceAll(/[^\w.-]/g, "_")}`, 0);
    }
  }

  async *#line(kind: string, text: string): AsyncGenerator<Buffer> {
    const part = this.#parts.get(kind) ?? { number: 1, lines: [], bytes: 0, count: 0 };
    this.#parts.set(kind, part);
    part.lines.push(text);
    part.bytes += text.length;
    part.count += 1;
    if (part.bytes >= PART_BYTES) yield* this.#flush(kind);
  }

  *#flush(kind: string): Generator<Buffer> {
    const part = this.#parts.get(kind);
    if (part === undefined || part.lines.length === 0) return;
    const content = Buffer.from(`${part.lines.join("\n")}\n`);
    yield* this.#file(`${kind}-${String(part.number).padStart(5, "0")}.ndjson`, content);
    part.number += 1;
    part.lines = [];
    part.bytes = 0;
  }

  *#file(path: string, content: Buffer): Generator<Buffer> {
    yield tarHead(path, content.length, new Date(this.deps.now()));
    yield content;
    yield tarPadding(content.length);
    this.#files.push({ path, bytes: content.length, sha256: createHash("sha256").update(content).digest("hex") });
  }

  async *#stream(path: string, sizeBytes: number, content: AsyncIterable<Buffer>, contentType?: string): AsyncGenerator<Buffer> {
    const hash = createHash("sha256");
    let bytes = 0;
    yield tarHead(path, sizeBytes, new Date(this.deps.now()));
    for await (const chunk of content) {
      bytes += chunk.length;
      hash.update(chunk);
      yield chunk;
    }
    if (bytes !== sizeBytes) throw new Error(`${path} changed while it was exported`);
    yield tarPadding(bytes);
    this.#files.push({ path, bytes, sha256: hash.digest("hex"), ...(contentType === undefined ? {} : { content_type: contentType }) });
  }

  async *#blob(hash: string): AsyncGenerator<Buffer> {
    const blob = await this.deps.blobs.open(hash);
    if (blob !== undefined) yield* this.#stream(`blobs/${hash}`, blob.sizeBytes, blob.stream(), blob.contentType);
  }

  async *#artifacts(folder: string, target: string, depth: number): AsyncGenerator<Buffer> {
    if (depth > MAX_ARTIFACT_DEPTH) return;
    for (const entry of await this.deps.artifacts.list(folder)) {
      const [from, to] = [`${folder}/${entry.name}`, `${target}/${entry.name}`];
      if (entry.isFolder) yield* this.#artifacts(from, to, depth + 1);
      else {
        const file = await this.deps.artifacts.get(from);
        if (file !== undefined) yield* this.#stream(to, file.sizeBytes, file.content);
      }
    }
  }

  *#manifest(): Generator<Buffer> {
    const count = (kind: string): number => this.#parts.get(kind)?.count ?? 0;
    const counts = {
      traces: count("traces"),
      spans: count("spans"),
      assessments: count("assessments"),
      sessions: count("sessions"),
      blobs: this.#files.filter(({ path }) => path.startsWith("blobs/")).length,
      artifacts: this.#files.filter(({ path }) => path.startsWith("artifacts/")).length,
    };
    const { userId, scope } = this.person;
    const manifest = {
      format: 1,
      user: userId,
      project_ids: scope.projectIds === "all" ? null : scope.projectIds,
      created_at: formatMs(this.deps.now()),
      counts,
      files: this.#files,
    };
    yield* this.#file("manifest.json", Buffer.from(JSON.stringify(manifest, null, 2)));
  }
}
