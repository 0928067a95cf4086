// The sandbox from source: Node 20 gives worker threads no loader of their own.
import { register } from "tsx/esm/api";

register();
await import("./sandbox-worker.ts");
