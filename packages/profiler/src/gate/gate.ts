import type { Slice, Visit } from '../types.ts';

/** A slice, and whether the reference was quiet on both sides of it and the process kept its CPU. */
export interface JudgedSlice extends Slice {
  readonly accepted: boolean;
  /** The reference was loud on both sides. */
  readonly loud: boolean;
  /** Mean of the two neighbouring probes relative to the quiet level; 1 without a reference. */
  readonly slowdown: number;
}

/** What the gate lets pass; a part of the profiling policy. */
export interface GateLimits {
  readonly quietTolerance: number;
  readonly minCpuShare: number;
}

/** True when a probe shows the machine at its quiet level; without a reference or a level everything counts as quiet. */
export function isQuiet(probeMs: number, levelMs: number | undefined, tolerance: number): boolean {
  return levelMs === undefined || Number.isNaN(probeMs) || probeMs <= levelMs * (1 + tolerance);
}

/**
 * Judge the slices of a visit by the probes around them.
 *
 * Visits keep their probes, so they are judged again whenever a better level becomes known: a session that starts in a
 * noisy minute first accepts what it should not, and corrects itself.
 */
export function judgeVisit(visit: Visit, levelMs: number | undefined, gate: GateLimits): readonly JudgedSlice[] {
  return visit.slices.map((slice, index) => {
    const before = slice.beforeMs ?? visit.slices[index - 1]?.probeMs ?? visit.firstProbeMs;
    const around = (before + slice.probeMs) / 2;
    const sides = [before, slice.probeMs].map((probeMs) => isQuiet(probeMs, levelMs, gate.quietTolerance));
    return {
      ...slice,
      accepted: !sides.includes(false) && !(slice.cpuShare < gate.minCpuShare),
      loud: !sides.includes(true),
      slowdown: levelMs === undefined || Number.isNaN(around) ? 1 : around / levelMs,
    };
  });
}
