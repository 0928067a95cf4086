import type { ProjectScope } from "@telltale/model";
import type { Engine } from "../../engine/engine.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import { FIGURE_SETTINGS } from "./figure-settings.ts";
import { tracesOfWindow } from "./metrics/traces-of-window.ts";

export const releaseKinds = ["version", "prompt", "model"] as const;
export type ReleaseKind = (typeof releaseKinds)[number];

export interface ReleasesQuestion {
  scope: ProjectScope;
  fromNs: bigint;
  /** Exclusive. */
  toNs: bigint;
  /** The newest that many. */
  limit: number;
}

/** A value that a project had never had before. */
export interface Release {
  projectId: string;
  kind: ReleaseKind;
  /** `1.4.0`, `support-reply/3`, `gpt-5`. */
  value: string;
  /** Start of the first trace that has it. */
  firstNs: bigint;
  firstTraceId: string;
  /** Traces of the window that have it. */
  traces: number;
  /** The newest one before it: of the same project, for a prompt of the same name. Models replace nothing. */
  replaces: string | undefined;
  /** From the first twentieth of what the project has: it was there when the project began, and is no change. */
  isInitial: boolean;
}

interface Row {
  project_id: string;
  kind: ReleaseKind;
  value: string;
  first_ns: string;
  first_trace: string;
  n: string;
}

/** Per kind, newest first: values beyond it are older than a thousand others. */
const MAX_VALUES = 1_000;
const valuesOf: Readonly<Record<ReleaseKind, string>> = { version: "app_version", prompt: "arrayJoin(prompts)", model: "arrayJoin(models)" };

/**
 * Values of version, prompt and model that appear in the window for the first time. "First" is about all the project has, so
 * the whole history up to the window's end is read: one narrow column per kind.
 */
export async function releases(engine: Engine, question: ReleasesQuestion, signal?: AbortSignal): Promise<{ releases: Release[]; hasMore: boolean }> {
  const { scope, fromNs, toNs, limit } = question;
  const params = new SqlParams();
  const from = params.bind("Int64", fromNs);
  const bounds = { fromNs: undefined, toNs };
  const options = { signal, lane: "figures" } as const;
  const wanted = { scope, filter: undefined, asked: bounds, read: bounds };
  const traces = await tracesOfWindow(engine, wanted, ["project_id", "trace_id", "start_time", "app_version", "prompts", "models"], params, options);
  const perKind = releaseKinds.map(
    (kind) => `SELECT project_id, '${kind}' AS kind, toString(item) AS value, toUnixTimestamp64Nano(min(start_time)) AS first_ns,
        argMin(trace_id, start_time) AS first_trace, countIf(start_time >= fromUnixTimestamp64Nano(${from}, 'UTC')) AS n
      FROM (SELECT project_id, trace_id, start_time, ${valuesOf[kind]} AS item FROM ${traces})
      WHERE item != '' GROUP BY project_id, item ORDER BY first_ns DESC, value LIMIT ${MAX_VALUES}`,
  );
  const [rows, spans] = await Promise.all([
    engine.query<Row>(`SELECT * FROM (${perKind.join(" UNION ALL ")}) ORDER BY first_ns DESC, kind, value ${FIGURE_SETTINGS}`, params.values, options),
    engine.query<{ project_id: string; since: string; last: string }>(
      `SELECT project_id, toUnixTimestamp64Nano(min(start_time)) AS since, toUnixTimestamp64Nano(max(start_time)) AS last FROM ${traces} GROUP BY project_id ${FIGURE_SETTINGS}`,
      params.values,
      options,
    ),
  ]);
  const settledNs = new Map(spans.map(({ project_id, since, last }) => [project_id, BigInt(since) + (BigInt(last) - BigInt(since)) / 20n]));
  const found = rows.flatMap((row, index): Release[] => {
    const firstNs = BigInt(row.first_ns);
    if (firstNs < fromNs || rows.some((older, at) => at > index && isSameModel(older, row))) return [];
    return [
      {
        projectId: row.project_id,
        kind: row.kind,
        value: row.value,
        firstNs,
        firstTraceId: row.first_trace,
        traces: Number(row.n),
        replaces: rows.find((older, at) => at > index && isFollowedBy(older, row))?.value,
        isInitial: firstNs <= (settledNs.get(row.project_id) ?? 0n),
      },
    ];
  });
  return { releases: found.slice(0, limit), hasMore: found.length > limit };
}

/** A call that failed knows the name it asked for, others the dated one they got: `gpt-4.1` and `gpt-4.1-2025-04-14` are one model. */
function isSameModel(a: Row, b: Row): boolean {
  return a.kind === "model" && b.kind === "model" && a.project_id === b.project_id && undated(a.value) === undated(b.value);
}

function undated(model: string): string {
  return model.replace(/-(\d{8}|\d{4}-\d{2}-\d{2}|latest)$/, "");
}

function isFollowedBy(older: Row, row: Row): boolean {
  if (row.kind === "model" || older.kind !== row.kind || older.project_id !== row.project_id || older.first_ns === row.first_ns) return false;
  return row.kind === "version" || promptName(older.value) === promptName(row.value);
}

/** `support-reply/3` → `support-reply`. */
function promptName(value: string): string {
  const slash = value.lastIndexOf("/");
  return slash === -1 ? value : value.slice(0, slash);
}
