import { exp, log } from '@nnm/core';
import type { Slice, Visit } from '../types.ts';

/** A slice, and whether the reference was quiet on both sides of it and the process kept its CPU. Times of an accepted one are as at the quiet level. */
export interface JudgedSlice extends Slice {
  readonly accepted: boolean;
  /** The reference was loud on both sides. */
  readonly loud: boolean;
  /** Mean of the two neighbouring probes relative to the quiet level; 1 without a reference. */
  readonly slowdown: number;
}

/** What the gate lets pass, and what it makes of it; a part of the profiling policy. */
export interface GateLimits {
  readonly quietTolerance: number;
  readonly slowdownPower: number;
  readonly minCpuShare: number;
}

/** True when a probe shows the machine near its quiet level; without a reference or a level everything counts as quiet. */
export function isQuiet(probeMs: number, levelMs: number | undefined, tolerance: number): boolean {
  return levelMs === undefined || Number.isNaN(probeMs) || probeMs <= levelMs * (1 + tolerance);
}

/**
 * Judge the slices of a visit by the probes around them, and take what the CPU's clock was slower out of those that are accepted.
 *
 * Visits keep their probes and what was timed, so they are judged again whenever a better level becomes known: a session that starts in a
 * noisy minute first accepts what it should not, and corrects itself.
 */
export function judgeVisit(visit: Visit, levelMs: number | undefined, gate: GateLimits): readonly JudgedSlice[] {
  return visit.slices.map((slice, index) => {
    const before = slice.beforeMs ?? visit.slices[index - 1]?.probeMs ?? visit.firstProbeMs;
    const around = (before + slice.probeMs) / 2;
    const isProbed = levelMs !== undefined && !Number.isNaN(around);
    const sides = [before, slice.probeMs].map((probeMs) => isQuiet(probeMs, levelMs, gate.quietTolerance));
    const accepted = !sides.includes(false) && !(slice.cpuShare < gate.minCpuShare);
    // Of two probes the faster one: a burst within the other one is none of the slice.
    const clock = isProbed && accepted ? Math.max(1, Math.min(before, slice.probeMs) / levelMs) : 1;
    return {
      ...atQuietLevel(slice, exp(gate.slowdownPower * log(clock))),
      accepted,
      loud: !sides.includes(true),
      slowdown: isProbed ? around / levelMs : 1,
    };
  });
}

function atQuietLevel(slice: Slice, dividedBy: number): Slice {
  const { minMs, medianMs, meanMs } = slice;
  return { ...slice, minMs: minMs / dividedBy, medianMs: medianMs / dividedBy, meanMs: meanMs / dividedBy };
}
