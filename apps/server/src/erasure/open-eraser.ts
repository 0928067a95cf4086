import { join } from "node:path";
import type { Metadata } from "@telltale/store";
import { Eraser, type EraserDeps } from "./eraser.ts";
import { ErasingFiles } from "./erasing-files.ts";

/** The engine's new files are on disk well before it lets go of the old ones. */
const KEEP_PARTS_S = 60;

type EraserParts = Omit<EraserDeps, "erasures" | "files" | "keepPartsS"> & { dataFolder: string; metadata: Pick<Metadata, "erasures"> };

/** The eraser of a server, with what it must remember in the data folder. */
export function openEraser({ dataFolder, metadata, ...parts }: EraserParts): Eraser {
  return new Eraser({ ...parts, erasures: metadata.erasures, files: new ErasingFiles(join(dataFolder, "erasing")), keepPartsS: KEEP_PARTS_S });
}
