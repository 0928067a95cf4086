import { TelltaleError, type ProjectScope } from "@telltale/model";
import { sqlViews } from "@telltale/model/sql";
import type { TimeBounds } from "../analytics/questions/time-window.ts";
import type { Engine, QueryParam, QueryTable } from "../engine/engine.ts";
import { scopeSql } from "../filter-to-sql/project-scope.ts";
import { SqlParams } from "../filter-to-sql/sql-params.ts";
import { refusalOf, tablesIn } from "./check-tree.ts";
import { commonTableNames } from "./common-table-names.ts";
import { readSyntaxTree, type SyntaxNode } from "./syntax-tree.ts";
import { userMistake } from "./user-mistake.ts";
import { sqlTables, viewSql } from "./view-sql.ts";

export const sqlLimits = { rows: 10_000, seconds: 10, memoryBytes: 1024 ** 3, resultBytes: 32_000_000 } as const;

export interface SqlQuestion {
  scope: ProjectScope;
  query: string;
  /** Values of `{name:Type}`. */
  params: Record<string, QueryParam>;
  fromNs?: bigint | undefined;
  toNs?: bigint | undefined;
}

export interface SqlResult extends QueryTable {
  /** There were more rows than are here. */
  truncated: boolean;
}

/** Names that `SqlParams` gives; a query of a user must not read or replace ours. */
const ourParam = /^p\d+$/;
/** Parsing takes microseconds; what takes longer is an attempt at something else. */
const CHECK_SECONDS = 2;

/**
 * Runs one SELECT of a user over the documented views. Three things keep it inside, each of which would do:
 * 1. the engine's own parser gives its syntax tree, and a tree that reads or calls anything not on our lists is refused;
 * 2. the names of the views are subqueries around it, which read the tables within scope and window;
 * 3. the engine itself adds the scope to every read of a table, however it is reached (`additional_table_filters`).
 */
export async function runSql(engine: Engine, question: SqlQuestion, signal?: AbortSignal): Promise<SqlResult> {
  const odd = Object.keys(question.params).find((name) => ourParam.test(name));
  if (odd !== undefined) throw new TelltaleError("bad_request", `A parameter cannot be called ${odd}; use a longer name`, { field: "params" });
  try {
    const text = await formattedByEngine(engine, question.query, signal);
    const tables = await checkAllowed(engine, text, question, signal);
    return await answer(engine, text, tables, question, signal);
  } catch (error) {
    throw userMistake(error, question.query);
  }
}

/** The text as the engine's parser understands it: one statement, without comments. Nothing is run. */
async function formattedByEngine(engine: Engine, query: string, signal: AbortSignal | undefined): Promise<string> {
  const [row] = await engine.query<{ text: string }>("SELECT formatQuerySingleLine({query:String}) AS text", { query }, { signal, maxSeconds: CHECK_SECONDS });
  const text = row?.text ?? "";
  if (!/^(?:\(|SELECT\b|WITH\b)/.test(text)) throw refused("Only SELECT can be run here");
  return text;
}

/** Throws unless the query is allowed; resolves to the names it reads from. */
async function checkAllowed(engine: Engine, text: string, { params, query }: SqlQuestion, signal: AbortSignal | undefined): Promise<Set<string>> {
  const root = readSyntaxTree(await explained(engine, text, params, signal));
  const inner = root === undefined ? undefined : innerQuery(root);
  if (inner === undefined) throw refused("This query cannot be understood well enough to be run");
  const own = commonTableNames(text);
  await refuseHiddenTables(engine, own, signal);
  const refusal = refusalOf(inner, new Set([...sqlViews.map((view) => view.name), ...own]));
  if (refusal !== undefined) throw refused(refusal, query);
  return tablesIn(inner);
}

async function explained(engine: Engine, text: string, params: Record<string, QueryParam>, signal: AbortSignal | undefined): Promise<string> {
  try {
    const rows = await engine.query<{ explain: string }>(`EXPLAIN AST SELECT * FROM (${text})`, params, {
      signal,
      maxSeconds: CHECK_SECONDS,
      holdsForeignSql: true,
    });
    return rows.map((row) => row.explain).join("\n");
  } catch (error) {
    // What parses alone but not as a subquery has one of these at its end.
    if (error instanceof Error && /Syntax error/.test(error.message)) throw refused("FORMAT, INTO OUTFILE and SETTINGS cannot be given");
    throw error;
  }
}

/** Theirs, inside the `SELECT * FROM (…) SETTINGS …` that we put around it; undefined when anything else stands beside it. */
function innerQuery(root: SyntaxNode): SyntaxNode | undefined {
  const select = onlyChild(onlyChild(root));
  const [list, tables, settings, ...more] = select?.children ?? [];
  if (list?.kind !== "ExpressionList" || onlyChild(list)?.kind !== "Asterisk" || settings?.kind !== "Set" || more.length > 0) return undefined;
  const subquery = onlyChild(onlyChild(onlyChild(tables)));
  return subquery?.kind === "Subquery" ? onlyChild(subquery) : undefined;
}

function onlyChild(node: SyntaxNode | undefined): SyntaxNode | undefined {
  return node?.children.length === 1 ? node.children[0] : undefined;
}

/** A subquery named like a table is only seen in a part of the query; elsewhere the name would mean the table. */
async function refuseHiddenTables(engine: Engine, names: ReadonlySet<string>, signal: AbortSignal | undefined): Promise<void> {
  if (names.size === 0) return;
  const taken = await engine.query<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND lower(name) IN {names:Array(String)} LIMIT 1",
    { names: Array.from(names, (name) => name.toLowerCase()) },
    { signal, maxSeconds: CHECK_SECONDS },
  );
  const name = taken[0]?.name ?? sqlViews.find((view) => names.has(view.name))?.name;
  if (name !== undefined) throw refused(`A subquery or window cannot be named ${name}; choose another name`);
}

async function answer(
  engine: Engine,
  text: string,
  tables: ReadonlySet<string>,
  { scope, params, fromNs, toNs }: SqlQuestion,
  signal: AbortSignal | undefined,
): Promise<SqlResult> {
  const ours = new SqlParams();
  const database = await currentDatabase(engine, signal);
  const context = { database: `\`${database.replaceAll("`", "``")}\``, scope, bounds: { fromNs, toNs } satisfies TimeBounds, params: ours };
  const views = sqlViews.filter((view) => tables.has(view.name)).map((view) => `${view.name} AS (${viewSql(view, context)})`);
  const result = await engine.queryTable(
    `${views.length === 0 ? "" : `WITH ${views.join(", ")} `}SELECT * FROM (${text}) LIMIT ${sqlLimits.rows + 1}`,
    { ...params, ...ours.values },
    {
      signal,
      lane: "heavy",
      maxSeconds: sqlLimits.seconds,
      maxMemoryBytes: sqlLimits.memoryBytes, // what the result takes while it is written counts, too
      maxResultBytes: sqlLimits.resultBytes,
      settings: settingsFor(scope, database),
    },
  );
  const truncated = result.rows.length > sqlLimits.rows;
  return { ...result, rows: truncated ? result.rows.slice(0, sqlLimits.rows) : result.rows, truncated };
}

export function settingsFor(scope: ProjectScope, database: string): string[] {
  return [
    "readonly = 2", // no writes; 1 would forbid our own settings as well
    "allow_ddl = 0",
    "max_threads = 1", // pages keep the other cores
    `max_temporary_data_on_disk_size_for_query = ${sqlLimits.memoryBytes}`,
    "max_expanded_ast_elements = 50000", // names that stand for names that stand for names; resolving them is under no limit of time
    "function_range_max_elements_in_block = 10000000",
    "do_not_merge_across_partitions_select_final = 1",
    ...(scope.projectIds === "all" ? [] : [`additional_table_filters = ${tableFilters(scope, database)}`]),
  ];
}

/** A setting takes no parameters: the one place where ids become text of SQL, escaped twice, since the filter is text itself. */
function tableFilters(scope: ProjectScope, database: string): string {
  const params = new SqlParams();
  const condition = scopeSql(scope, params).replaceAll(/\{(p\d+):[^}]*\}/g, (_, name: string) => literalOf(params.values[name]));
  return `{${sqlTables.map((table) => `${quoted(`${database}.${table}`)}: ${quoted(condition)}`).join(", ")}}`;
}

function literalOf(value: QueryParam | undefined): string {
  return Array.isArray(value) ? `[${value.map((item) => quoted(String(item))).join(", ")}]` : quoted(String(value));
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

async function currentDatabase(engine: Engine, signal: AbortSignal | undefined): Promise<string> {
  const [row] = await engine.query<{ name: string }>("SELECT currentDatabase() AS name", {}, { signal, maxSeconds: CHECK_SECONDS });
  return row?.name ?? "";
}

function refused(message: string, query = ""): TelltaleError {
  const name = /^(?:The (?:table )?function|There is no view) (\w+)/.exec(message)?.[1];
  const at = name === undefined ? -1 : query.toLowerCase().indexOf(name.toLowerCase());
  return new TelltaleError("sql_invalid", message, at === -1 ? { field: "query" } : { field: "query", column: at });
}
