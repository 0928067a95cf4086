import { Command, CommanderError } from "commander";
import { findInstallation } from "../installation.ts";
import { commands } from "./registry.ts";

/** 0 = done, 1 = failed, 2 = wrong usage. */
const WRONG_USAGE = 2;

/** Runs one command line. A command that keeps running (serve) resolves when it has started. */
export async function runCli(argv: readonly string[]): Promise<void> {
  const program = new Command("telltale")
    .description("Self-hosted AI monitoring for LLM applications and agents")
    .version(findInstallation().version)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "telltale: ")) })
    .showSuggestionAfterError();
  for (const add of commands) add(program);
  for (const command of program.commands)
    command.exitOverride().configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "telltale: ")) });
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    endWith(error);
  }
}

/** Ends the process with one clear line. `exitCode`, not `exit`: what was written to a pipe still goes out. */
function endWith(error: unknown): void {
  if (error instanceof CommanderError) {
    // Help and version are not mistakes; everything else commander has said itself.
    process.exitCode = error.exitCode === 0 ? 0 : WRONG_USAGE;
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`telltale: ${message.replaceAll("\n", " ")}\n`);
  process.exitCode = error instanceof Error && error.name === "ConfigError" ? WRONG_USAGE : 1;
}
