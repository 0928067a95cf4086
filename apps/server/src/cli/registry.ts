import type { Command } from "commander";
import { addBackup, addRestore } from "./backup.ts";
import { addDemo } from "./demo.ts";
import { addDoctor } from "./doctor.ts";
import { addReprice } from "./reprice.ts";
import { addScore } from "./score/score.ts";
import { addServe } from "./serve.ts";

/** Every command of the CLI, in the order of `--help`. One file each; it adds itself to the program. */
export const commands: readonly ((program: Command) => void)[] = [addServe, addDemo, addDoctor, addBackup, addRestore, addReprice, addScore];
