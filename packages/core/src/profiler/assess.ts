import { type JudgedSlice, judgeVisit } from './gate.ts';
import type { ProfilePolicy } from './policy.ts';
import type { QuietJudgement } from './quiet-level.ts';
import { lowestCluster, mean, median, quantile, standardDeviation } from './robust-statistics.ts';
import type { LatencyStats, MeasurementFlag, Visit } from './types.ts';

/** What the visits to a kernel say so far. */
export interface Assessment {
  /** Enough runs were accepted and the visits agree: no further visit is needed. */
  readonly done: boolean;
  readonly flags: readonly MeasurementFlag[];
  /** Undefined before the first timed run. */
  readonly stats: LatencyStats | undefined;
  /** Reference speed during the runs behind `stats`, relative to the quiet level. */
  readonly slowdown: number;
  /** Slices made, and those rejected by the gate. */
  readonly slices: number;
  readonly rejected: number;
}

/**
 * Decide whether a kernel is measured, and what its latency is.
 *
 * The latency is the median over accepted slices of the visits that confirm each other at the lowest value: a visit that
 * met undetected interference is outvoted, and a single lucky one does not count. Without enough accepted runs the fastest
 * tenth of all runs stands in, and the result is flagged.
 *
 * @param visits - in any order
 */
export function assessVisits(visits: readonly Visit[], quiet: QuietJudgement, policy: ProfilePolicy): Assessment {
  const judged = visits.map((visit) => judgeVisit(visit, quiet.levelMs, policy.quietTolerance));
  const all = judged.flat();
  const accepted = judged.map((slices) => slices.filter((slice) => slice.accepted));
  const useful = accepted.filter((slices) => slices.length > 0);
  const values = useful.map((slices) => median(slices.map(sliceValue)));
  const cluster = lowestCluster(values, policy.agreement, policy.minVisits);
  const agreeing = cluster?.flatMap((index) => useful[index]!);
  const enough =
    agreeing !== undefined &&
    (agreeing.length >= policy.minSlices || agreeing.reduce((sum, slice) => sum + slice.runs * slice.meanMs, 0) >= policy.enoughTimedMs);

  const basis = agreeing ?? (useful.length > 0 ? useful.flat() : fastest(all));
  const flags: MeasurementFlag[] = [];
  const starved = !enough && (cluster !== undefined || useful.length < Math.min(visits.length, policy.minVisits));
  if (quiet.doubted || starved) flags.push('contended');
  if (cluster === undefined && useful.length >= policy.minVisits) flags.push('unstable');
  return {
    done: enough,
    flags,
    stats: all.length === 0 ? undefined : summarise(basis, all, accepted.flat(), visits.length),
    slowdown: basis.length === 0 ? 1 : mean(basis.map((slice) => slice.slowdown)),
    slices: all.length,
    rejected: all.length - accepted.flat().length,
  };
}

/** The number a slice contributes: its median run, which a single interrupt does not move. */
function sliceValue(slice: JudgedSlice): number {
  return slice.medianMs;
}

function fastest(slices: readonly JudgedSlice[]): readonly JudgedSlice[] {
  const limit = quantile(slices.map(sliceValue), 0.1);
  return slices.filter((slice) => sliceValue(slice) <= limit);
}

function summarise(
  basis: readonly JudgedSlice[],
  all: readonly JudgedSlice[],
  accepted: readonly JudgedSlice[],
  visits: number,
): LatencyStats {
  const values = basis.map(sliceValue);
  const runs = (slices: readonly JudgedSlice[]) => slices.reduce((sum, slice) => sum + slice.runs, 0);
  return {
    latencyMs: median(values),
    spreadMs: standardDeviation(values),
    meanMs: basis.reduce((sum, slice) => sum + slice.meanMs * slice.runs, 0) / runs(basis),
    stdMs: standardDeviation(basis.map((slice) => slice.meanMs)),
    medianMs: median(values),
    minMs: Math.min(...basis.map((slice) => slice.minMs)),
    p10Ms: quantile(values, 0.1),
    p90Ms: quantile(values, 0.9),
    runs: runs(all),
    acceptedRuns: runs(accepted),
    visits,
  };
}
