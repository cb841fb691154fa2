import { type AnyBackend, InvalidArgumentError } from '@nnm/core';

/** How kernels are measured. Every duration is in milliseconds of the runtime's clock unless it says otherwise. */
export interface ProfilePolicy {
  /** Longest stretch of timed runs in one visit; a kernel that needs more comes back later. */
  readonly turnMs: number;
  /** Timed runs between two reference probes last about this long; at least one run. */
  readonly sliceMs: number;
  /** Runs are timed in batches at least this long, so that reading the clock costs less than 1 %. */
  readonly minBatchMs: number;
  /** Warm-up runs are made until this much time has passed; at least one. */
  readonly warmupMs: number;
  /** A visit ends once it has this many accepted slices. */
  readonly slicesPerVisit: number;
  /** Slices that share the probes around them: fewer probes, and later notice of noise. */
  readonly slicesPerProbe: number;
  /** Accepted slices a kernel needs in all, over at least `minVisits` visits... */
  readonly minSlices: number;
  /** ...or accepted runs that last this long together. */
  readonly enoughTimedMs: number;
  readonly minVisits: number;
  readonly maxVisits: number;
  /**
   * ...or fewer when they do not agree, at least `minVisitsApart`, once they have cost this many times as much as `maxVisits`
   * average visits: another try at loading 75 MB of weights is worth hundreds of tries at a small kernel.
   */
  readonly maxCostRatio: number;
  readonly minVisitsApart: number;
  /** ...or once they have cost this long altogether, as on a slow device, and there are `minVisits`, whatever these say. */
  readonly maxKernelMs: number;
  /** Another visit confirms the lowest one when it is at most this share above it. */
  readonly agreement: number;
  /** 1 gates runs by how quiet the machine is, 0 makes no reference probes. */
  readonly gate: number;
  /** A probe is quiet when it is at most this share above the quiet level: less than another one's work on the same core adds to it. */
  readonly quietTolerance: number;
  /** Times between quiet probes are divided by the slowdown of these to this power: within the tolerance it is mostly the CPU's clock. */
  readonly slowdownPower: number;
  /** Runs count only when the process had at least this share of the CPU: a probe is too short to notice time slicing. */
  readonly minCpuShare: number;
  /** Shortest time between two visits to a kernel while others are waiting; wall clock. */
  readonly revisitAfterMs: number;
  /** A visit gives its turn back after this long without a quiet probe... */
  readonly maxWaitMs: number;
  /** ...or sooner, when all waiting together would be more than this share of the time spent so far (and `maxWaitMs`)... */
  readonly maxWaitShare: number;
  /** ...but not sooner than after this long: bursts of noise are shorter. */
  readonly minWaitMs: number;
  /** Once all is measured and the machine is quiet, flagged kernels are visited again: at most this many visits, as a share of those made. */
  readonly settleShare: number;
  /** Reference runs before the timed ones of a probe: they bring its data back into the caches. */
  readonly probeWarmRuns: number;
  readonly probeTimedRuns: number;
  /** The reference runs alone for so long behind a kernel that has left it slower than quiet: processors take 3 to 8 ms to give a clock back. */
  readonly restMs: number;
  /** Longest a visit may take, loading included, before its worker is killed; wall clock. */
  readonly kernelTimeoutMs: number;
  /** A kernel that has killed its worker this often is failed. */
  readonly maxCrashes: number;
  /** A run ends when the first so many kernels all fail for one reason; 0 never... */
  readonly stopAfterAlike: number;
  /** ...or sooner when they do not come to an end: every one of them costs `kernelTimeoutMs`. */
  readonly stopAfterHangs: number;
  /** The worker is restarted when its memory has grown by this much, in bytes. */
  readonly workerGrowthBytes: number;
  /** Lowered models that the worker keeps between the visits to a kernel, in bytes. */
  readonly modelCacheBytes: number;
}

/** The policy that `npm run bench -- retest` was tuned with; see docs/measurements/profiling.md. */
export const DEFAULT_POLICY: ProfilePolicy = Object.freeze({
  turnMs: 150,
  sliceMs: 0.75,
  minBatchMs: 0.02,
  warmupMs: 0.2,
  slicesPerVisit: 4,
  slicesPerProbe: 1,
  minSlices: 4,
  enoughTimedMs: 200,
  minVisits: 2,
  maxVisits: 12,
  maxCostRatio: 2,
  minVisitsApart: 4,
  maxKernelMs: 10_000,
  agreement: 0.025,
  gate: 1,
  quietTolerance: 0.12,
  slowdownPower: 0.75,
  minCpuShare: 0.97,
  revisitAfterMs: 20_000,
  maxWaitMs: 500,
  maxWaitShare: 0.2,
  minWaitMs: 12,
  settleShare: 0.25,
  probeWarmRuns: 2,
  probeTimedRuns: 2,
  restMs: 8,
  kernelTimeoutMs: 120_000,
  maxCrashes: 2,
  stopAfterAlike: 5,
  stopAfterHangs: 2,
  workerGrowthBytes: 768 * 2 ** 20,
  modelCacheBytes: 256 * 2 ** 20,
});

/** Where kernels are computed by something else than the CPU, its clock says nothing of them. */
const ACCELERATOR_POLICY: Partial<ProfilePolicy> = { quietTolerance: 0.03, slowdownPower: 0 };

/**
 * The default policy for a backend, with some values replaced.
 *
 * @throws {@link InvalidArgumentError} naming a value that is not a number >= 0
 */
export function policyFor(
  { usesAccelerator = false }: Pick<AnyBackend, 'usesAccelerator'>,
  changes: Partial<ProfilePolicy> = {},
): ProfilePolicy {
  return resolvePolicy(usesAccelerator ? { ...ACCELERATOR_POLICY, ...changes } : changes);
}

/**
 * The default policy with some values replaced.
 *
 * @throws {@link InvalidArgumentError} naming a value that is not a number >= 0
 */
export function resolvePolicy(changes: Partial<ProfilePolicy> = {}): ProfilePolicy {
  for (const [name, value] of Object.entries(changes)) {
    if (!(name in DEFAULT_POLICY)) {
      throw new InvalidArgumentError({ name: `policy.${name}`, expected: `one of ${Object.keys(DEFAULT_POLICY).join(', ')}`, got: value });
    }
    if (typeof value !== 'number' || !(value >= 0)) {
      throw new InvalidArgumentError({ name: `policy.${name}`, expected: 'a number >= 0', got: value });
    }
  }
  return { ...DEFAULT_POLICY, ...changes };
}
