import { expectedShares } from "./srm.ts";

export interface SequentialSrmState {
  /** Valid at any time: min(1, smallest 1/odds so far). */
  p: number;
  /** 1 / posterior odds of "the split is another one" after this assignment. */
  inverseOdds: number;
  /** Assignments seen. */
  n: number;
}

export interface SequentialSrm {
  /** Takes one assignment: the index of its arm. */
  update(arm: number): SequentialSrmState;
  readonly state: SequentialSrmState;
}

/**
 * Sample-ratio mismatch that may be looked at after every assignment (Lindon & Malek 2022, "Anytime-valid inference for
 * multinomial count data"): a Dirichlet(concentration · weights) prior against the weights meant. Under the meant split the
 * chance that p ever falls to a is at most a.
 */
export function sequentialSrm(weights: readonly number[], concentration = 100): SequentialSrm {
  const shares = expectedShares(weights);
  if (!(concentration > 0)) throw new RangeError(`the prior's concentration is above 0; got ${concentration}`);
  const prior = shares.map((share) => share * concentration);
  let logOdds = 0;
  let state: SequentialSrmState = { p: 1, inverseOdds: 1, n: 0 };
  return {
    get state() {
      return state;
    },
    update(arm) {
      const share = shares[arm];
      const belief = prior[arm];
      if (share === undefined || belief === undefined) throw new RangeError(`there is no arm ${arm}; arms are 0 to ${shares.length - 1}`);
      logOdds += Math.log(belief / (concentration + state.n) / share);
      prior[arm] = belief + 1;
      const inverseOdds = Math.exp(-logOdds);
      state = { p: Math.min(state.p, inverseOdds), inverseOdds, n: state.n + 1 };
      return state;
    },
  };
}
