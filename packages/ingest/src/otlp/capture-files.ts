import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The captured exports of real SDKs (see fixtures/otlp/README.md); for tests. */
const folder = fileURLToPath(new URL("../../fixtures/otlp", import.meta.url));

/** A moment after the last capture: none of its times is in the future. */
export const capturedAtMs = Date.UTC(2026, 10, 24);

export interface Capture {
  name: string;
  protobuf: Buffer;
  json: Buffer;
}

/** Every captured request of one signal, in both encodings. */
export function captures(signal: "traces" | "logs" | "metrics"): Capture[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) =>
      readdirSync(join(folder, entry.name))
        .filter((file) => file.endsWith(`-${signal}.pb`))
        .map((file) => {
          const path = join(folder, entry.name, file);
          return { name: `${entry.name}/${file.slice(0, -3)}`, protobuf: readFileSync(path), json: readFileSync(path.replace(/\.pb$/, ".json")) };
        }),
    );
}
