import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { unpackLog } from "@telltale/ingest";
import { EmbeddedEngine, Journal, type Metadata, type TraceQuestions, migrateAnalytics, openMetadata, traceQuestions } from "@telltale/store";
import { type RunningIngest, createIngest } from "./pipeline/create-ingest.ts";
import { PriceBook } from "./prices/price-book.ts";

const child = fileURLToPath(new URL("../../../packages/store/src/engine/child.ts", import.meta.url));

export interface StoredPipeline {
  dir: string;
  engine: EmbeddedEngine;
  metadata: Metadata;
  questions: TraceQuestions;
  prices: PriceBook;
  ingest: RunningIngest;
  close(): Promise<void>;
}

/** Both databases, a journal and the way in, as the server wires them, on a folder of their own. What would be quarantined throws. */
export async function openStoredPipeline(now: () => number = Date.now): Promise<StoredPipeline> {
  const dir = mkdtempSync(join(tmpdir(), "telltale-stored-"));
  const engine = new EmbeddedEngine({ dir: join(dir, "db"), command: [process.execPath, "--import", "tsx", child] });
  const [metadata] = await Promise.all([openMetadata({ dataDir: dir }, { now }), engine.ready().then(() => migrateAnalytics(engine))]);
  const questions = traceQuestions(engine, { unpackLog, now });
  const prices = new PriceBook(metadata.prices);
  const { journal, replay } = await Journal.open(join(dir, "journal"));
  const ingest = createIngest({
    engine,
    questions,
    journal,
    projects: metadata.projects,
    putBlob: async () => {},
    quarantine: async (items) => {
      throw new Error(`quarantined: ${items[0]?.error.stack}`);
    },
    prices: () => prices.overrides,
    onDeleted: (projectId, traceIds) => metadata.deletedTraces.forget(projectId, traceIds),
    now,
  });
  await ingest.recover(replay());
  ingest.start();
  return {
    dir,
    engine,
    metadata,
    questions,
    prices,
    ingest,
    close: async () => {
      await ingest.stop();
      await journal.close();
      await Promise.all([engine.close(), metadata.close()]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
