import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Session } from "chdb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { columnTypes } from "../../engine/row-types.ts";
import { parseJsonRows, rowFormat } from "../../engine/json-rows.ts";
import { durableSettings, tables } from "../tables.ts";
import { assessmentColumns, writeAssessmentRow } from "./assessment-row.ts";
import { RowWriter } from "./row-writer.ts";
import { payloadColumns, writePayloadRow } from "./payload-row.ts";

const dir = mkdtempSync(join(tmpdir(), "telltale-rows-"));
let session: Session;
beforeAll(() => {
  session = new Session(join(dir, "db"));
  for (const ddl of tables) session.query(ddl.replace("{durable}", durableSettings));
});
afterAll(() => {
  session.close();
  rmSync(dir, { recursive: true, force: true });
});

function insert(table: string, columns: readonly string[], out: RowWriter): void {
  const path = join(dir, `${table}.bin`);
  writeFileSync(path, out.finish());
  session.query(`INSERT INTO ${table} (${columns.join(", ")}) SELECT ${columns.join(", ")} FROM file('${path}', RowBinary, '${columnTypes(table, columns)}')`);
}

test("a payload row comes back as written, whatever the text", () => {
  const out = new RowWriter(16);
  const texts = ["", "plain", "quote ' \\ \n\t\0", "日本語 العربية 😀", "x".repeat(300_000)];
  texts.forEach((text, index) =>
    writePayloadRow(
      out,
      "0",
      1_795_424_400,
      { traceId: "a".repeat(32), spanId: String(index), startNs: 1_795_424_400_123_456_789n, inputs: text, outputs: text, raw: text, words: "" },
      5n,
    ),
  );
  insert("payloads", payloadColumns, out);
  const rows = parseJsonRows<{ inputs: string; outputs: string; raw: string; t: string }>(
    Buffer.from(session.query("SELECT inputs, outputs, raw, toString(toUnixTimestamp64Nano(start_time)) AS t FROM payloads ORDER BY span_id", rowFormat)),
  );
  expect(rows.map((row) => row.inputs)).toEqual(texts);
  expect(rows.map((row) => row.raw)).toEqual(texts);
  expect(rows[0]?.t).toBe("1795424400123456789");
});

test("an assessment without a value is NULL, not zero", () => {
  const out = new RowWriter();
  const base = {
    projectId: "0",
    traceId: "t",
    spanId: "",
    name: "judge",
    kind: "feedback",
    error: undefined,
    sourceType: "HUMAN",
    sourceId: "me",
    rationale: undefined,
    metadata: new Map([["k", "v"]]),
    overrides: undefined,
    valid: true,
    createdMs: 1_795_424_400_123,
    updatedMs: 1_795_424_400_124,
  } as const;
  writeAssessmentRow(out, { ...base, assessmentId: "a-1", valueJson: "1.0" }, { startNs: 0n, sessionId: "" }, 1n, false);
  writeAssessmentRow(
    out,
    { ...base, assessmentId: "a-2", valueJson: undefined, error: { code: "E", message: "no" } },
    { startNs: 0n, sessionId: "" },
    1n,
    false,
  );
  insert("assessments", assessmentColumns, out);
  const rows = parseJsonRows<{ value_number: number | null; has_value: boolean; created: string }>(
    Buffer.from(session.query("SELECT value_number, has_value, created FROM assessments ORDER BY assessment_id", rowFormat)),
  );
  expect(rows).toEqual([
    { value_number: 1, has_value: true, created: "2026-11-23 09:00:00.123" },
    { value_number: null, has_value: false, created: "2026-11-23 09:00:00.123" },
  ]);
});
