import { exp, log, median } from '@nnm/core';
import type { Slice, Visit } from '../types.ts';

/** A slice, and whether the reference was quiet on both sides of it and the process kept its CPU. Times of an accepted one are as at the quiet level. */
export interface JudgedSlice extends Slice {
  readonly accepted: boolean;
  /** The reference was loud on both sides. */
  readonly loud: boolean;
  /** Mean of the two neighbouring probes relative to the quiet level, without the kernel's own part in it; 1 without a reference. */
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

/** A probe up to this share above the quiet level shows nothing that slows the reference. */
export const CLEAR_SHARE = 0.03;
/** More than this no kernel does to the clock: others share the core. */
const MOST_AFTERMATH = 1.3;

/**
 * How many times as long the reference takes right behind a kernel as a few milliseconds later, by the kernel's own doing: some processors lower
 * the clock of a core that computes with wide vectors, and raise it again some milliseconds after the last of them. The least of a visit, since
 * what others do comes and goes, and of visits the median, since the clock goes by what other cores do, too.
 *
 * @param levelMs - quiet level of the reference
 * @returns 1 to 1.3; 1 where nothing is known
 */
export function aftermathOf(visits: readonly Visit[], levelMs: number | undefined): number {
  const told = visits.flatMap(({ firstProbeMs, restedMs, slices }) => {
    if (restedMs === undefined) return levelMs !== undefined && firstProbeMs <= levelMs * (1 + CLEAR_SHARE) ? [1] : [];
    const ratio = Math.min(firstProbeMs, ...slices.map(({ probeMs }) => probeMs)) / restedMs;
    return [ratio > 1 && ratio <= MOST_AFTERMATH ? ratio : 1];
  });
  return told.length === 0 ? 1 : median(told);
}

/**
 * Judge the slices of a kernel's visits by the probes around them, and take what the CPU's clock was slower out of those that are accepted.
 *
 * Visits keep their probes and what was timed, so they are judged again whenever a better level becomes known: a session that starts in a
 * noisy minute first accepts what it should not, and corrects itself. What the kernel itself does to the clock is part of its latency, and no noise.
 */
export function judgeVisits(visits: readonly Visit[], levelMs: number | undefined, gate: GateLimits): readonly (readonly JudgedSlice[])[] {
  const aftermath = aftermathOf(visits, levelMs);
  return visits.map((visit) => judgeVisit(visit, levelMs, gate, aftermath));
}

function judgeVisit(visit: Visit, levelMs: number | undefined, gate: GateLimits, aftermath: number): readonly JudgedSlice[] {
  return visit.slices.map((slice, index) => {
    const behindKernel = visit.slices[index - 1]?.probeMs ?? visit.firstProbeMs;
    // What ended a wait comes behind other runs of the reference, by which the clock is at least partly back.
    const before = slice.beforeMs ?? behindKernel / aftermath;
    const after = slice.probeMs / aftermath;
    const around = (before + after) / 2;
    const isProbed = levelMs !== undefined && !Number.isNaN(around);
    const sides = [(slice.beforeMs ?? behindKernel) / aftermath, after].map((probeMs) => isQuiet(probeMs, levelMs, gate.quietTolerance));
    const accepted = !sides.includes(false) && !(slice.cpuShare < gate.minCpuShare);
    // Of two probes the faster one: a burst within the other one is none of the slice.
    const clock = isProbed && accepted ? Math.max(1, Math.min(before, after) / levelMs) : 1;
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
