import { readFileSync, readdirSync } from "node:fs";

const TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux that Node runs on

/** A process and everything it started, by /proc (Linux). */
export function processTree(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const parent = Number(statFields(Number(name))?.[1]);
    if (Number.isNaN(parent)) continue;
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree: number[] = [];
  const open = [pid];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    tree.push(next);
    open.push(...(children.get(next) ?? []));
  }
  return tree;
}

/** CPU seconds (user and system) spent so far by the processes of the tree that live, and by their ended children. */
export function cpuSeconds(pid: number): number {
  let ticks = 0;
  for (const one of processTree(pid)) {
    const fields = statFields(one);
    if (fields === undefined) continue;
    ticks += Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14]);
  }
  return ticks / TICKS_PER_SECOND;
}

export interface Memory {
  /** MB, pages that processes share counted once. Less than the truth while other programs of the machine share them too. */
  pss: number;
  /** MB, shared pages counted in every process: never less than the truth. */
  rss: number;
  /** RSS of the processes of each name, MB. */
  perProcess: Record<string, number>;
}

/** What a process and everything it started hold. */
export function memoryMb(pid: number): Memory {
  const memory: Memory = { pss: 0, rss: 0, perProcess: {} };
  for (const one of processTree(pid)) {
    const rollup = readOptional(`/proc/${one}/smaps_rollup`);
    const pss = Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1024;
    const rss = Number(/^Rss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1024;
    const name = readOptional(`/proc/${one}/comm`).trim();
    memory.perProcess[name] = (memory.perProcess[name] ?? 0) + rss;
    memory.pss += pss;
    memory.rss += rss;
  }
  return memory;
}

/** The fields of /proc/pid/stat after the name, which may hold blanks: [0] state, [1] parent, [11] utime, [12] stime, … */
function statFields(pid: number): string[] | undefined {
  const text = readOptional(`/proc/${pid}/stat`);
  return text === "" ? undefined : text.slice(text.lastIndexOf(")") + 2).split(" ");
}

function readOptional(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // the process ended between listing and reading
  }
}
