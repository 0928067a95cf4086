import { mkdirSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import { Session } from "chdb";
import { engineConfig } from "./config-xml.ts";
import { readFrames, writeFrame, writeResultFrame } from "./frames.ts";
import { openWhenFree } from "./open-when-free.ts";

/**
 * The process that owns chDB. A connection runs one statement at a time, so there is one per lane and slot; a native
 * crash ends this process only. Nothing here knows the schema: it takes SQL, gives back bytes.
 */
export interface ChildRequest {
  id: number;
  sql: string;
  params?: Record<string, unknown>;
  format: string;
  lane: Lane;
}
export type Lane = "page" | "search" | "figures" | "heavy" | "write" | "control";
export type ChildReply = { ready: true; version: string } | { id: number; error: string; code: number | undefined };

const slots: Record<Exclude<Lane, "control">, number> = { page: 2, search: 1, figures: 1, heavy: 1, write: 1 };

class LanePool {
  readonly #idle: Session[];
  readonly #queue: ChildRequest[] = [];
  constructor(
    sessions: Session[],
    readonly answer: (request: ChildRequest, session: Session) => Promise<Session>,
  ) {
    this.#idle = sessions;
  }

  submit(request: ChildRequest): void {
    this.#queue.push(request);
    this.#next();
  }

  #next(): void {
    const session = this.#idle.pop();
    if (!session) return;
    const request = this.#queue.shift();
    if (!request) {
      this.#idle.push(session);
      return;
    }
    void this.answer(request, session).then((next) => {
      this.#idle.push(next);
      this.#next();
    });
  }

  /** Drops a request that has not started; true when it was still waiting. */
  cancel(id: number): boolean {
    const at = this.#queue.findIndex((request) => request.id === id);
    if (at < 0) return false;
    this.#queue.splice(at, 1);
    return true;
  }
}

function connector(dir: string): () => Session {
  mkdirSync(dir, { recursive: true });
  const configPath = join(dir, "..", "engine-config.xml");
  writeFileSync(configPath, engineConfig(dir));
  return () => new Session(dir, { connectionArgs: [`--config-file=${configPath}`], installSignalHandlers: false });
}

function open(first: Session, connect: () => Session): Record<Lane, Session[]> {
  const make = (lane: keyof typeof slots): Session[] => Array.from({ length: slots[lane] }, connect);
  return { write: make("write"), page: make("page"), search: make("search"), figures: make("figures"), heavy: make("heavy"), control: [first] };
}

function main(dir: string): void {
  const socket = new Socket({ fd: 3, readable: true, writable: true });
  const connect = connector(dir);
  const sessions = open(openWhenFree(dir, connect), connect);
  let isClosing = false;
  const answer = async (request: ChildRequest, session: Session): Promise<Session> => {
    try {
      const result = request.params
        ? await session.queryBindAsync(request.sql, request.params, { format: request.format })
        : await session.queryAsync(request.sql, { format: request.format });
      writeResultFrame(socket, request.id, result.bytes());
      return session;
    } catch (error) {
      const code = (error as { clickhouseCode?: number }).clickhouseCode;
      writeFrame(socket, { id: request.id, error: error instanceof Error ? error.message : String(error), code } satisfies ChildReply);
      // What a failed query had put out already would come before the next result of its connection (chDB 3.4.0).
      const fresh = connect();
      session.close();
      return fresh;
    }
  };
  const lanes = Object.fromEntries(Object.entries(sessions).map(([lane, list]) => [lane, new LanePool(list, answer)])) as Record<Lane, LanePool>;
  readFrames(socket, (frame) => {
    if (frame.kind !== "json") return;
    const message = frame.message as ChildRequest | { cancel: number } | { close: true };
    if ("close" in message) {
      isClosing = true;
      return;
    }
    if (!("cancel" in message)) {
      lanes[message.lane].submit(message);
      return;
    }
    const waiting = Object.values(lanes).some((lane) => lane.cancel(message.cancel));
    if (waiting) writeFrame(socket, { id: message.cancel, error: "Query was cancelled while it waited", code: 394 } satisfies ChildReply);
    else
      lanes.control.submit({ id: 0, sql: `KILL QUERY WHERE Settings['log_comment'] = 'q${Math.trunc(message.cancel)}' ASYNC`, format: "TSV", lane: "control" });
  });
  // The parent is gone when the socket ends. Asked to close, it closes cleanly; else it ends at once: a clean exit waits for running
  // statements, and the next server for this folder. chDB survives that, as it does the power going.
  const end = (): void => {
    if (isClosing) process.exit(0);
    process.kill(process.pid, "SIGKILL");
  };
  socket.on("close", end);
  socket.on("error", end);
  process.on("SIGINT", () => {}); // Ctrl-C reaches the whole group; the parent decides when to close.
  process.on("SIGTERM", () => {});
  writeFrame(socket, { ready: true, version: sessions.page[0]?.query("SELECT version()", "TSV").trim() ?? "" } satisfies ChildReply);
}

main(process.argv[2] ?? "");
