import { TelltaleError } from "@telltale/model";

const MAX_PATH_BYTES = 2000;
/** What common file systems allow for one name. */
const MAX_NAME_BYTES = 255;
const MAX_DEPTH = 32;

/**
 * The names of an artifact path, outermost first. Throws `bad_request` for anything that is not plainly a path below the
 * root: absolute paths, `..` (also percent-encoded once more), backslashes, control characters, hidden top folders.
 */
export function artifactPath(path: string): string[] {
  const names = path.split("/");
  if (names.at(-1) === "") names.pop();
  const problem = problemOf(path, names);
  if (problem !== undefined) throw new TelltaleError("bad_request", `Invalid artifact path: ${problem}`, { field: "path" });
  return names;
}

function problemOf(path: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return "it is empty";
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) return `it is longer than ${MAX_PATH_BYTES} bytes`;
  if (names.length > MAX_DEPTH) return `it is deeper than ${MAX_DEPTH} folders`;
  if (names[0]?.startsWith(".") === true) return "it starts with a dot";
  for (const name of names) {
    if (name === "") return "a name in it is empty";
    if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `a name in it is longer than ${MAX_NAME_BYTES} bytes`;
    if (hasControl(name) || name.includes("\\")) return "it holds control characters or backslashes";
    if (climbs(name)) return "it leaves its folder";
  }
  return undefined;
}

/** `..` itself, or what another round of percent-decoding would make of it. */
function climbs(name: string): boolean {
  let text = name;
  for (let round = 0; round < 3; round += 1) {
    if (text.split(/[/\\]/).some((part) => part === ".." || part === ".")) return true;
    try {
      text = decodeURIComponent(text);
    } catch {
      return false; // not an encoding of anything: a literal % in a name
    }
  }
  return false;
}

function hasControl(name: string): boolean {
  for (let i = 0; i < name.length; i += 1) if (name.charCodeAt(i) < 0x20 || name.charCodeAt(i) === 0x7f) return true;
  return false;
}
