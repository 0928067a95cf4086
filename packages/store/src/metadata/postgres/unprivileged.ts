import { spawnSync } from "node:child_process";
import { chownSync, lchownSync, readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** Who runs PostgreSQL. It refuses to be root, so root lends it another account of the system. */
export interface Account {
  uid: number;
  gid: number;
  isOther: boolean;
}

/**
 * The account that owns `folder`, or when that is root: `postgres`, `nobody`, or the first other account of the system.
 * It must be one with a name, because initdb looks that up.
 */
export function accountFor(folder: string, passwd = "/etc/passwd"): Account {
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  if (uid !== 0 || process.getuid === undefined) return { uid, gid, isOther: false };
  const accounts = readAccounts(passwd);
  const owner = statSync(folder, { throwIfNoEntry: false });
  const chosen =
    accounts.find((account) => account.uid === owner?.uid) ??
    ["postgres", "nobody"].map((name) => accounts.find((account) => account.name === name)).find((account) => account !== undefined) ??
    accounts[0];
  if (!chosen) throw new Error("PostgreSQL does not run as root, and this system has no other account: start as another user, or give --postgres-url");
  return { uid: chosen.uid, gid: chosen.gid, isOther: true };
}

function readAccounts(passwd: string): { name: string; uid: number; gid: number }[] {
  return readFileSync(passwd, "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .flatMap(([name = "", , uid = "", gid = ""]) => (Number(uid) > 0 && Number(gid) > 0 ? [{ name, uid: Number(uid), gid: Number(gid) }] : []));
}

/** Gives a folder and all in it to the account; nothing happens when it has it already. */
export function giveTo(account: Account, folder: string): void {
  if (!account.isOther) return;
  const own = (path: string): void => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) own(inner);
      else lchownSync(inner, account.uid, account.gid);
    }
    chownSync(path, account.uid, account.gid);
  };
  if (statSync(folder).uid !== account.uid) own(folder);
}

export interface Launch {
  command: string;
  args: string[];
  uid?: number;
  gid?: number;
}

/**
 * How to start a program as the account. With `setpriv` (util-linux) it is told to stop when its parent dies, and may pass
 * through folders that only root can enter, such as a checkout below /root; without, those are refused with a clear line.
 */
export function launchAs(account: Account, program: string, args: readonly string[], folders: readonly string[]): Launch {
  const closed = account.isOther ? [program, ...folders].map((path) => closedTo(account, resolve(path))).find((path) => path !== undefined) : undefined;
  if (hasSetpriv()) {
    const change = account.isOther ? [`--reuid=${account.uid}`, `--regid=${account.gid}`, "--clear-groups"] : [];
    const pass = closed === undefined ? [] : ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"];
    return { command: "setpriv", args: [...change, ...pass, "--pdeathsig=INT", program, ...args] };
  }
  if (closed !== undefined)
    throw new Error(`PostgreSQL runs as user ${account.uid}, who cannot enter ${closed}: move the data folder, start as another user, or install setpriv`);
  return account.isOther ? { command: program, args: [...args], uid: account.uid, gid: account.gid } : { command: program, args: [...args] };
}

/** The nearest folder above `path` that the account cannot pass through. */
function closedTo(account: Account, path: string): string | undefined {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { mode, uid, gid } = statSync(folder);
    const search = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & search) === 0) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

let setpriv: boolean | undefined;

function hasSetpriv(): boolean {
  // Asked for what is used, because busybox has one of the same name with fewer options.
  setpriv ??= spawnSync("setpriv", ["--pdeathsig=INT", "true"], { stdio: "ignore" }).status === 0;
  return setpriv;
}
