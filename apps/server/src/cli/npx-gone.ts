const CHECK_MS = 500;

/**
 * Calls `gone` once when the `npx` that started this process has ended. npx passes SIGTERM to the shell between them, which
 * ends without telling anybody: the server would run on, unseen, and keep its data folder.
 * @returns whether npx started this process: only then is it watched
 */
export function onNpxGone(env: NodeJS.ProcessEnv, gone: () => void): boolean {
  if (env["npm_lifecycle_event"] !== "npx" || !/^['"]?telltale\b/.test(env["npm_lifecycle_script"] ?? "")) return false;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    gone();
  }, CHECK_MS);
  timer.unref();
  return true;
}
