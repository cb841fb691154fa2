import { log, mean, median, quantile, sampleDeviation, square } from '@nnm/core';
import { type JudgedSlice, judgeVisits } from '../gate/gate.ts';
import type { QuietJudgement } from '../gate/quiet-level.ts';
import type { ProfilePolicy } from '../policy.ts';
import type { LatencyStats, MeasurementFlag, Visit } from '../types.ts';

/** What the visits to a kernel say so far. */
export interface Assessment {
  /** Enough runs were accepted and the lowest visit is confirmed by another: no further visit is needed. */
  readonly done: boolean;
  readonly flags: readonly MeasurementFlag[];
  /** Undefined before the first timed run. */
  readonly stats: LatencyStats | undefined;
  /** Reference speed during the runs behind `stats`, relative to the quiet level. */
  readonly slowdown: number;
  /** Visits with accepted slices. */
  readonly acceptedVisits: number;
  /** Slices made, and those rejected by the gate. */
  readonly slices: number;
  readonly rejected: number;
}

/**
 * Decide whether a kernel is measured, and what its latency is.
 *
 * A slice counts with its median run, a visit with its fastest accepted slice, and a kernel is measured once its lowest
 * visit is confirmed by another one: interference only adds time, and what the reference does not notice, such as others'
 * use of a shared cache, rarely spares two visits far apart by the same amount. The latency is the mean of the visits that
 * confirm each other. docs/profiling.md has the comparison with other statistics.
 *
 * @param visits - in any order
 */
export function assessVisits(visits: readonly Visit[], quiet: QuietJudgement, policy: ProfilePolicy): Assessment {
  const judged = judgeVisits(visits, quiet.levelMs, policy);
  const all = judged.flat();
  const accepted = judged.map((slices) => slices.filter((slice) => slice.accepted)).filter((slices) => slices.length > 0);
  const lowestMs = Math.min(...accepted.map(visitValue));
  const confirming = accepted.filter((slices) => visitValue(slices) <= lowestMs * (1 + policy.agreement));
  const confirmed = confirming.length >= policy.minVisits;
  const enough = confirmed && isEnough(confirming.flat(), policy);

  const basis = confirmed ? confirming : lowestVisits(accepted.length > 0 ? accepted : judged, policy.minVisits);
  const starved = accepted.length < Math.min(visits.length, policy.minVisits) || (confirmed && !enough);
  const flags: MeasurementFlag[] = [];
  if (quiet.doubted || starved) flags.push('contended');
  if (!confirmed && accepted.length >= policy.minVisits) flags.push('unstable');
  const basisSlices = basis.flat();
  const slowdown = basisSlices.length === 0 ? 1 : mean(basisSlices.map((slice) => slice.slowdown));
  const stepMs = Math.max(0, ...basisSlices.map((slice) => slice.stepMs ?? 0));
  if (stepMs > policy.agreement * Math.min(...basisSlices.map(sliceValue))) flags.push('clock');
  return {
    done: enough,
    flags,
    stats:
      all.length === 0
        ? undefined
        : summarise(basis, all, accepted.flat(), visits.length, { stepMs, clockError: clockError(basisSlices, policy) }),
    slowdown,
    acceptedVisits: accepted.length,
    slices: all.length,
    rejected: all.length - accepted.flat().length,
  };
}

/** What limits how well a latency is known, however well its visits agree. */
interface TimingErrors {
  /** Step of the timer's clock within a run, milliseconds. */
  readonly stepMs: number;
  /** See {@link clockError}. */
  readonly clockError: number;
}

/** Standard deviation of the difference of two readings of a clock that counts in steps, as a share of a step. */
const STEP_ERROR = 1 / Math.sqrt(6);

/** The number a slice contributes: its median run, which a single interrupt does not move. */
function sliceValue(slice: JudgedSlice): number {
  return slice.medianMs;
}

function visitValue(slices: readonly JudgedSlice[]): number {
  return Math.min(...slices.map(sliceValue));
}

function isEnough(slices: readonly JudgedSlice[], policy: ProfilePolicy): boolean {
  return slices.length >= policy.minSlices || slices.reduce((sum, slice) => sum + slice.runs * slice.meanMs, 0) >= policy.enoughTimedMs;
}

function lowestVisits(visits: readonly (readonly JudgedSlice[])[], count: number): readonly (readonly JudgedSlice[])[] {
  return [...visits].sort((a, b) => visitValue(a) - visitValue(b)).slice(0, count);
}

function summarise(
  basis: readonly (readonly JudgedSlice[])[],
  all: readonly JudgedSlice[],
  accepted: readonly JudgedSlice[],
  visits: number,
  errors: TimingErrors,
): LatencyStats {
  const slices = basis.flat();
  const values = slices.map(sliceValue);
  const visitValues = basis.map(visitValue);
  const runs = (counted: readonly JudgedSlice[]) => counted.reduce((sum, slice) => sum + slice.runs, 0);
  return {
    latencyMs: mean(visitValues),
    ...(values.length > 1 && { spreadMs: sampleDeviation(values) }),
    ...(visitValues.length > 1 && { repeatabilityMs: repeatability(visitValues, errors) }),
    meanMs: slices.reduce((sum, slice) => sum + slice.meanMs * slice.runs, 0) / runs(slices),
    ...(slices.length > 1 && { stdMs: sampleDeviation(slices.map((slice) => slice.meanMs)) }),
    medianMs: median(values),
    minMs: Math.min(...slices.map((slice) => slice.minMs)),
    p10Ms: quantile(values, 0.1),
    p90Ms: quantile(values, 0.9),
    runs: runs(all),
    acceptedRuns: runs(accepted),
    visits,
  };
}

/** Of what two visits or more say, which is never better than the clocks behind it: that of the timer, and that of the CPU. */
function repeatability(visitValues: readonly number[], { stepMs, clockError }: TimingErrors): number {
  const ofVisits = sampleDeviation(visitValues) / Math.sqrt(visitValues.length);
  const ofSteps = stepMs * STEP_ERROR;
  const ofClock = mean(visitValues) * clockError;
  return ofSteps === 0 && ofClock === 0 ? ofVisits : Math.sqrt(square(ofVisits) + square(ofSteps) + square(ofClock));
}

/** How far off the power is for single kernels: those bound by memory suffer less than the reference, few suffer more. */
const POWER_ERROR = 0.25;

/** Standard deviation of what the slowdown of the CPU's clock leaves in a latency, as a share of it. */
function clockError(slices: readonly JudgedSlice[], { slowdownPower }: ProfilePolicy): number {
  const accepted = slices.filter((slice) => slice.accepted);
  if (slowdownPower === 0 || accepted.length === 0) return 0;
  return POWER_ERROR * log(Math.max(1, mean(accepted.map((slice) => slice.slowdown))));
}
