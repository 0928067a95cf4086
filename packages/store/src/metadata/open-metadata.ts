import { join } from "node:path";
import { Kysely, PostgresDialect, sql } from "kysely";
import { migrateMetadata } from "../migrations/metadata/migrate.ts";
import type { ProjectStore } from "../store.ts";
import { AgentStepCounts } from "./agent-steps.ts";
import { Alignments } from "./alignments.ts";
import { Anchors } from "./anchors.ts";
import { ask } from "./ask.ts";
import { Dashboards } from "./dashboards.ts";
import { DeletedTraces } from "./deleted-traces.ts";
import { Erasures } from "./erasures.ts";
import { LabelSchemas } from "./label-schemas.ts";
import { JudgeMemories } from "./judge-memory.ts";
import { PersonalCopies } from "./personal-copies.ts";
import { openPool } from "./pool.ts";
import { EmbeddedPostgres } from "./postgres/embedded-postgres.ts";
import { Prices } from "./prices.ts";
import { Projects } from "./projects.ts";
import { RepriceJobs } from "./reprice-jobs.ts";
import { Slos } from "./slos.ts";
import { Providers } from "./providers.ts";
import { ReviewItems } from "./review-items.ts";
import { ReviewQueues } from "./review-queues.ts";
import { ScoreOutbox } from "./score-outbox.ts";
import { ScoreReports } from "./score-report.ts";
import { ScoreWork } from "./score-work.ts";
import { Scorers } from "./scorers.ts";
import { Settings } from "./settings.ts";
import type { Tables } from "./tables.ts";
import { Views } from "./views.ts";

export interface MetadataOptions {
  log?: (message: string, fields?: Record<string, unknown>) => void;
  now?: () => number;
}

/** A PostgreSQL of one's own, or the embedded one in `<dataDir>/postgres`, which may be on its way up already. */
export type MetadataPlace = { url: string } | { dataDir: string } | { embedded: Promise<EmbeddedPostgres> };

/** Everything small, unique and transactional. */
export interface Metadata {
  readonly db: Kysely<Tables>;
  readonly projects: ProjectStore;
  readonly settings: Settings;
  readonly views: Views;
  readonly dashboards: Dashboards;
  readonly prices: Prices;
  readonly repriceJobs: RepriceJobs;
  readonly erasures: Erasures;
  readonly slos: Slos;
  readonly providers: Providers;
  readonly scorers: Scorers;
  readonly scoreOutbox: ScoreOutbox;
  readonly scoreWork: ScoreWork;
  readonly scoreReports: ScoreReports;
  readonly agentSteps: AgentStepCounts;
  readonly reviewQueues: ReviewQueues;
  readonly reviewItems: ReviewItems;
  readonly labelSchemas: LabelSchemas;
  readonly alignments: Alignments;
  readonly anchors: Anchors;
  readonly judgeMemories: JudgeMemories;
  readonly personalCopies: PersonalCopies;
  readonly deletedTraces: DeletedTraces;
  /** Undefined when a database by URL is used. */
  readonly embedded: EmbeddedPostgres | undefined;
  /** The server's version, such as "18.4". Throws `store_unavailable` when it does not answer: the health check. */
  version(): Promise<string>;
  /** Ends the connections, then the embedded server. */
  close(): Promise<void>;
}

/** Opens the metadata database and brings its schema to this version; throws one clear line when it is newer or cannot be reached. */
export async function openMetadata(place: MetadataPlace, options: MetadataOptions = {}): Promise<Metadata> {
  const opened = await connectMetadata(place, options);
  try {
    await migrateMetadata(opened.db);
    return opened;
  } catch (error) {
    await opened.close();
    if ("url" in place && isUnreachable(error)) throw new Error(`The PostgreSQL server does not answer: ${error.message}`, { cause: error });
    throw error;
  }
}

/** The socket's own errors: refused, reset, timed out, unknown host. */
function isUnreachable(error: unknown): error is Error {
  return error instanceof Error && "syscall" in error;
}

/** The same without migrations, for those who bring the schema to a version of their own choice (restore). */
export async function connectMetadata(place: MetadataPlace, options: MetadataOptions = {}): Promise<Metadata> {
  const { now = Date.now, log = () => {} } = options;
  const embedded = await embeddedIn(place, log);
  const pool = openPool({
    connection: embedded?.connection ?? { connectionString: "url" in place ? place.url : "" },
    onLost: (error) => log("metadata connection lost", { error: error.message }),
  });
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    db,
    projects: new Projects(db, now),
    settings: new Settings(db, now),
    views: new Views(db, now),
    dashboards: new Dashboards(db, now),
    prices: new Prices(db, now),
    repriceJobs: new RepriceJobs(db, now),
    erasures: new Erasures(db, now),
    slos: new Slos(db, now),
    providers: new Providers(db, now),
    scorers: new Scorers(db, now),
    scoreOutbox: new ScoreOutbox(db, now),
    scoreWork: new ScoreWork(db, now),
    scoreReports: new ScoreReports(db),
    agentSteps: new AgentStepCounts(db),
    reviewQueues: new ReviewQueues(db, now),
    reviewItems: new ReviewItems(db, now),
    labelSchemas: new LabelSchemas(db, now),
    anchors: new Anchors(db, now),
    alignments: new Alignments(db, now),
    judgeMemories: new JudgeMemories(db),
    personalCopies: new PersonalCopies(db),
    deletedTraces: new DeletedTraces(db),
    embedded,
    version: () => ask(async () => (await sql<{ server_version: string }>`SHOW server_version`.execute(db)).rows[0]?.server_version ?? ""),
    async close() {
      await db.destroy();
      await embedded?.stop();
    },
  };
}

async function embeddedIn(place: MetadataPlace, log: NonNullable<MetadataOptions["log"]>): Promise<EmbeddedPostgres | undefined> {
  if ("url" in place) return undefined;
  return "embedded" in place ? await place.embedded : await EmbeddedPostgres.start({ dir: join(place.dataDir, "postgres"), log });
}
