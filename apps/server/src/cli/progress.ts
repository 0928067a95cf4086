export interface Progress {
  update(done: number, total: number): void;
  stop(): void;
}

/** A bar on a terminal, nothing elsewhere: a log of a job is not the place for one. */
export async function progressBar(label: string, stream: NodeJS.WriteStream): Promise<Progress> {
  if (!stream.isTTY) return { update: () => undefined, stop: () => undefined };
  const { default: cliProgress } = await import("cli-progress");
  const bar = new cliProgress.SingleBar(
    { format: `${label} {bar} {percentage}%`, stream, hideCursor: true, clearOnComplete: true },
    cliProgress.Presets.shades_classic,
  );
  bar.start(1, 0);
  return {
    update: (done, total) => {
      bar.setTotal(Math.max(1, total));
      bar.update(done);
    },
    stop: () => bar.stop(),
  };
}
