export interface EDetectorOptions {
  /** Largest harmless mean of x, in (0, 1): the null. */
  m0: number;
  /** Changes to look for, as multiples of m0. */
  grid?: readonly number[];
  /** Alarm at this e-value: the average number of updates to a false alarm is at least this. With m detectors use m times as much. */
  threshold: number;
}

export interface EDetectorState {
  /** The e-value: mean over the grid. */
  m: number;
  /** Whether m is at or above the threshold now. */
  alarm: boolean;
  /** Updates since the start or the last reset. */
  n: number;
}

export interface EDetector {
  /** Takes one loss in [0, 1], or the mean loss of one block. */
  update(x: number): EDetectorState;
  /** Starts again, as after an alarm that was acknowledged; a new `m0` becomes the baseline. */
  reset(m0?: number): void;
  readonly state: EDetectorState;
}

/** Blocks of about 20 traces have means that vary little, so that large bets find small changes soonest. */
const DEFAULT_GRID = [1.5, 2, 3, 5, 10, 20] as const;

/**
 * Shiryaev–Roberts e-detector of a rising mean (Shin, Ramdas & Rinaldo 2022, "E-detectors"): Sₖ ← (Sₖ + 1)(1 + λₖ (x − m₀)) for
 * each change of the grid, with λₖ = (p₁ − m₀) / (m₀ (1 − m₀)), p₁ = min(m₀ · g, (1 + m₀) / 2). It does not reset itself:
 * the e-value after an alarm shows whether it goes on. Constant memory.
 */
export function eDetector({ m0, grid = DEFAULT_GRID, threshold }: EDetectorOptions): EDetector {
  if (grid.length === 0 || grid.some((factor) => !(factor > 1))) throw new RangeError("the grid needs multiples above 1");
  if (!(threshold > 0)) throw new RangeError(`the threshold is above 0; got ${threshold}`);
  let baseline = m0;
  let bets = betsFor(m0, grid);
  let sums = new Float64Array(grid.length);
  let state: EDetectorState = { m: 0, alarm: false, n: 0 };
  return {
    get state() {
      return state;
    },
    update(x) {
      if (!(x >= 0 && x <= 1)) throw new RangeError(`a loss lies in [0, 1]; got ${x}`);
      let total = 0;
      for (let k = 0; k < sums.length; k += 1) {
        const next = ((sums[k] ?? 0) + 1) * (1 + (bets[k] ?? 0) * (x - baseline));
        // Past this an alarm is long certain; an infinity could never come down again.
        sums[k] = Math.min(next, 1e300);
        total += sums[k] ?? 0;
      }
      const m = total / sums.length;
      state = { m, alarm: m >= threshold, n: state.n + 1 };
      return state;
    },
    reset(next = baseline) {
      baseline = next;
      bets = betsFor(next, grid);
      sums = new Float64Array(grid.length);
      state = { m: 0, alarm: false, n: 0 };
    },
  };
}

function betsFor(m0: number, grid: readonly number[]): number[] {
  if (!(m0 > 0 && m0 < 1)) throw new RangeError(`m0 lies between 0 and 1; got ${m0}`);
  return grid.map((factor) => (Math.min(m0 * factor, (1 + m0) / 2) - m0) / (m0 * (1 - m0)));
}
