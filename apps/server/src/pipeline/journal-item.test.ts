import { expect, test } from "vitest";
import type { Command } from "./ingest.ts";
import { decodeItem, encodeCommands } from "./journal-item.ts";

test("new prices are read back from the journal as they were given, what is not known included", () => {
  const commands: Command[] = [
    {
      type: "reprice",
      projectId: "1",
      traceId: "a".repeat(32),
      spans: [
        {
          spanId: "b".repeat(16),
          was: { usd: undefined, source: "unknown" },
          cost: { usd: 0.000000001, source: "computed", priceVersion: "override:1@2026-01-01" },
        },
        { spanId: "c".repeat(16), was: { usd: 12.5, source: "reported" }, cost: { usd: undefined, source: "unknown", priceVersion: "2026-11-23" } },
      ],
    },
  ];
  const readWith = { logsOf: () => undefined, prices: () => undefined };
  expect(decodeItem({ meta: { type: "commands" }, body: encodeCommands(commands) }, readWith)).toEqual({ type: "commands", commands });
});
