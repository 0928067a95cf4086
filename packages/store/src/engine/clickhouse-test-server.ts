import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Session } from "chdb";
import { columnTypes } from "./row-types.ts";

/**
 * Answers the ClickHouse HTTP protocol from chDB, for tests where no server can be installed: query in the body or in
 * `?query=`, parameters as `param_<name>`, RowBinary inserts, errors with their code in `X-ClickHouse-Exception-Code`.
 */
export async function startClickHouseTestServer(): Promise<{ url: string; close: () => Promise<void> }> {
  const dir = mkdtempSync(join(tmpdir(), "telltale-clickhouse-"));
  const sessions = [new Session(join(dir, "db")), new Session(join(dir, "db"))];
  let next = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const body = await readBody(request);
    const slot = next++ % sessions.length;
    const session = sessions[slot];
    if (!session) throw new Error("no session");
    const inUrl = url.searchParams.get("query");
    const params = Object.fromEntries([...url.searchParams].filter(([key]) => key.startsWith("param_")).map(([key, value]) => [key.slice(6), value]));
    try {
      const sql = inUrl === null ? body.toString("utf8") : insertFromFile(inUrl, body, dir);
      const result = await run(session, sql, params);
      response.setHeader("x-clickhouse-summary", "{}");
      response.end(result);
    } catch (error) {
      // What a failed query had put out already would come before the next result of its connection (chDB 3.4.0).
      sessions[slot] = new Session(join(dir, "db"));
      session.close();
      const code = (error as { clickhouseCode?: number }).clickhouseCode ?? 1;
      response.statusCode = 500;
      response.setHeader("x-clickhouse-exception-code", String(code));
      response.end(`${(error as Error).message}`);
    }
  };
  const server: Server = createServer({ maxHeaderSize: 1024 * 1024 }, (request, response) => void answer(request, response)); // parameters come in the URL
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      for (const session of sessions) session.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function run(session: Session, sql: string, params: Record<string, string>): Promise<Uint8Array> {
  const format = /\sFORMAT\s+(\w+)\s*;?\s*$/i.exec(sql);
  const text = format ? sql.slice(0, format.index) : sql;
  const bound: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(params)) bound[name] = value.startsWith("[") ? parseArray(value) : value === "\\N" ? null : unescapeParam(value);
  const options = { format: format?.[1] ?? "TSV" };
  const result = Object.keys(bound).length > 0 ? await session.queryBindAsync(text, bound, options) : await session.queryAsync(text, options);
  return result.bytes();
}

/** The client escapes parameters as TSV does. */
function unescapeParam(value: string): string {
  const escapes: Record<string, string> = { t: "\t", n: "\n", r: "\r", "0": "\0", b: "\b", f: "\f", "\\": "\\", "'": "'" };
  return value.replaceAll(/\\(.)/g, (_, char: string) => escapes[char] ?? char);
}

function parseArray(text: string): (string | number)[] {
  const items: (string | number)[] = [];
  for (const match of text.slice(1, -1).matchAll(/'((?:[^'\\]|\\.)*)'|(-?[\d.]+)/g))
    items.push(match[1] === undefined ? Number(match[2]) : unescapeParam(match[1]));
  return items;
}

function insertFromFile(sql: string, body: Buffer, dir: string): string {
  const match = /^INSERT INTO (\w+) \(([^)]*)\)\s+(SETTINGS .*?)?\s*FORMAT RowBinary\s*$/s.exec(sql);
  if (!match) return body.length > 0 ? `${sql}\n${body.toString("utf8")}` : sql;
  const path = join(dir, "insert.bin");
  writeFileSync(path, body);
  const [, table = "", columns = "", settings = ""] = match;
  return `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM file('${path}', RowBinary, '${columnTypes(table, columns.split(", "))}') ${settings}`;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
