import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type FolderLock, lockFolder } from "../../folder-lock.ts";
import { type PostgresBinaries, embeddedBinaries } from "./binaries.ts";
import { clearLeftover } from "./leftover.ts";
import { serverSettings } from "./server-settings.ts";
import { type Account, accountFor, giveTo, launchAs } from "./unprivileged.ts";

export interface EmbeddedPostgresOptions {
  /** PostgreSQL's own folder; created when missing. */
  dir: string;
  log?: (message: string, fields?: Record<string, unknown>) => void;
}

const MAJOR = "18";
const USER = "telltale";
/** The longest path of a Unix socket is 107 bytes (sun_path, less its end). */
const MAX_SOCKET_PATH = 107;
const START_TIMEOUT_MS = 120_000; // recovery after a crash may have much to read
const MAX_RESTART_DELAY_MS = 5_000;

/**
 * A PostgreSQL of our own, reachable through a Unix socket in a folder that only its account and root can enter. Restarted
 * when it dies; ends with this process, also when that is killed (at the latest at the next start).
 */
export class EmbeddedPostgres {
  readonly #dir: string;
  readonly #log: (message: string, fields?: Record<string, unknown>) => void;
  readonly #lastLines: string[] = [];
  readonly #killOnExit = (): void => void this.#child?.kill("SIGINT");
  #lock: FolderLock | undefined;
  #account: Account = { uid: 0, gid: 0, isOther: false };
  #binaries: PostgresBinaries | undefined;
  #child: ChildProcess | undefined;
  #stopping = false;
  #restartTimer: NodeJS.Timeout | undefined;
  #quickDeaths = 0;
  restarts = 0;
  socketDir = "";

  private constructor(options: EmbeddedPostgresOptions) {
    this.#dir = resolve(options.dir);
    this.#log = options.log ?? (() => {});
  }

  /** Starts it, creating the database the first time. Throws `FolderInUseError` when another process has it. */
  static async start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
    const server = new EmbeddedPostgres(options);
    server.#lock = lockFolder(server.#dir);
    try {
      await server.#prepare();
      await server.#launch();
    } catch (error) {
      await server.stop();
      throw error;
    }
    process.once("exit", server.#killOnExit);
    return server;
  }

  get connection(): { host: string; user: string; database: string } {
    return { host: this.socketDir, user: USER, database: "postgres" };
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Stops it cleanly; connections are cut. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restartTimer);
    process.off("exit", this.#killOnExit);
    const child = this.#child;
    if (child && isAlive(child)) {
      const gone = once(child, "exit");
      child.kill("SIGINT"); // "fast": no waiting for clients
      const harder = setTimeout(() => child.kill("SIGQUIT"), 6000);
      const hardest = setTimeout(() => child.kill("SIGKILL"), 8000);
      await gone;
      clearTimeout(harder);
      clearTimeout(hardest);
    }
    if (this.socketDir !== "" && this.socketDir !== this.#dir) rmSync(this.socketDir, { recursive: true, force: true });
    this.#lock?.release();
  }

  get #cluster(): string {
    return join(this.#dir, "cluster");
  }

  async #prepare(): Promise<void> {
    this.#account = accountFor(existsSync(this.#cluster) ? this.#cluster : this.#dir);
    this.#binaries = await embeddedBinaries(join(this.#dir, "lib"));
    giveTo(this.#account, this.#dir);
    chmodSync(this.#dir, 0o700); // whoever reaches the socket is believed
    if (existsSync(this.#cluster)) {
      const major = readFileSync(join(this.#cluster, "PG_VERSION"), "utf8").trim();
      if (major !== MAJOR) throw new Error(`${this.#dir} was written by PostgreSQL ${major}, this Telltale has ${MAJOR}: restore a backup instead`);
      giveTo(this.#account, this.#cluster);
      await clearLeftover(this.#cluster);
    } else {
      await this.#create(this.#binaries);
    }
    this.socketDir = this.#makeSocketDir();
  }

  /** Made aside and renamed, so that a crash in between leaves nothing half made. */
  async #create({ initdb, env }: PostgresBinaries): Promise<void> {
    const draft = join(this.#dir, "cluster.new");
    rmSync(draft, { recursive: true, force: true });
    const args = [
      "-D",
      draft,
      "-U",
      USER,
      "-A",
      "trust",
      "-E",
      "UTF8",
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--wal-segsize=4",
      "--no-instructions",
    ];
    for (const name of ["shared_buffers", "max_connections", "huge_pages"]) args.push("-c", `${name}=${serverSettings[name]}`); // else it tries out what the machine can bear
    const child = this.#spawn(initdb, args, env);
    const [code] = (await once(child, "close")) as [number | null];
    if (code !== 0) throw new Error(`PostgreSQL's database could not be created in ${this.#dir}: ${this.#lastWords()}`);
    renameSync(draft, this.#cluster);
  }

  #makeSocketDir(): string {
    // We hold the lock and nothing runs: what lies here is of the past.
    for (const name of [".s.PGSQL.5432", ".s.PGSQL.5432.lock"]) rmSync(join(this.#dir, name), { force: true });
    if (Buffer.byteLength(join(this.#dir, ".s.PGSQL.5432")) <= MAX_SOCKET_PATH) return this.#dir;
    const dir = mkdtempSync(join(tmpdir().length > 60 ? "/tmp" : tmpdir(), "telltale-"));
    giveTo(this.#account, dir);
    return dir;
  }

  async #launch(): Promise<void> {
    const { postgres, env } = this.#binaries ?? (await embeddedBinaries(join(this.#dir, "lib")));
    const settings = Object.entries({ ...serverSettings, unix_socket_directories: this.socketDir }).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    for (const until = Date.now() + 5000; ;) {
      const child = this.#spawn(postgres, ["-D", this.#cluster, ...settings], env);
      this.#child = child;
      if (await this.#answers(child)) {
        child.once("exit", (code, signal) => this.#died(code ?? signal));
        return;
      }
      // A killed server's last children still hold its memory for a moment.
      if (!this.#lastWords().includes("shared memory block") || Date.now() > until)
        throw new Error(`PostgreSQL does not start in ${this.#dir}: ${this.#lastWords()}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  /** Resolves with true at the line that says it is ready, with false when it ended before. */
  #answers(child: ChildProcess): Promise<boolean> {
    return new Promise((done) => {
      const tooLong = setTimeout(() => child.kill("SIGQUIT"), START_TIMEOUT_MS);
      const finish = (ready: boolean): void => {
        clearTimeout(tooLong);
        done(ready);
      };
      child.once("ready", () => finish(true));
      child.once("close", () => finish(false));
    });
  }

  #spawn(program: string, args: readonly string[], env: Record<string, string>): ChildProcess {
    mkdirSync(this.#dir, { recursive: true });
    const { command, args: all, ...account } = launchAs(this.#account, program, args, [this.#dir, join(this.#dir, "cluster")]);
    const child = spawn(command, all, {
      ...account,
      // Its own group: Ctrl-C on a terminal is for us first, so that what is under way can still be written.
      detached: true,
      cwd: "/",
      env: { PATH: process.env["PATH"] ?? "", LC_ALL: "C", TZ: "UTC", ...env },
      stdio: ["ignore", "ignore", "pipe"],
    });
    child.once("error", (error) => this.#lastLines.push(error.message));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => this.#hear(child, text));
    return child;
  }

  #hear(child: ChildProcess, text: string): void {
    for (const line of text.split("\n")) {
      if (line.trim() === "") continue;
      this.#lastLines.push(line);
      if (this.#lastLines.length > 20) this.#lastLines.shift();
      if (line.includes("database system is ready to accept connections")) child.emit("ready");
      else if (/(?:FATAL|PANIC|WARNING):/.test(line) && !this.#stopping) this.#log("postgres", { line });
    }
  }

  #lastWords(): string {
    const said = this.#lastLines.slice(-5).join(" | ");
    return said === "" ? "it said nothing" : said;
  }

  #died(how: number | string | null): void {
    if (this.#stopping) return;
    const delayMs = Math.min(MAX_RESTART_DELAY_MS, 50 * 2 ** this.#quickDeaths);
    this.#quickDeaths += 1;
    this.restarts += 1;
    this.#log("postgres ended, restarting", { how, delayMs });
    this.#restartTimer = setTimeout(() => {
      this.#launch().then(
        () => void (this.#quickDeaths = 0),
        (error: unknown) => {
          this.#log("postgres does not start", { error: error instanceof Error ? error.message : String(error) });
          this.#died("start");
        },
      );
    }, delayMs);
  }
}

function isAlive(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}
