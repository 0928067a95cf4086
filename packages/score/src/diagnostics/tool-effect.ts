/** What calling a tool does to the world, as far as its name tells. */
export type ToolEffect = "read" | "write" | "none" | "unknown";

const words: Record<Exclude<ToolEffect, "unknown">, ReadonlySet<string>> = {
  read: new Set(
    "get list search find read fetch query lookup show describe view check retrieve count load select browse inspect status details info latest stat head cat grep ls glob download calculate compute evaluate convert translate summarize compare validate".split(
      " ",
    ),
  ),
  write: new Set(
    "create update delete remove set write send add insert put post patch edit modify change book cancel submit upload save rename move copy apply commit push merge deploy execute exec run start stop restart pay transfer refund order buy sell reply comment assign close open approve reject publish register subscribe replace reset install clear mark schedule invite grant revoke click type press navigate goto scroll".split(
      " ",
    ),
  ),
  none: new Set("think plan reflect reason wait sleep pause delay note todo finish done final answer respond ask".split(" ")),
};

/** By the first telling word of the name: `get_update_status` reads, `mcp__files__write_file` writes. */
export function toolEffect(name: string): ToolEffect {
  for (const word of wordsOf(name)) {
    for (const effect of ["none", "read", "write"] as const) if (words[effect].has(word)) return effect;
  }
  return "unknown";
}

function wordsOf(name: string): string[] {
  return name
    .slice(0, 200)
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}
