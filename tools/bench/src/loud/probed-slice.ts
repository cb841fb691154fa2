import { quantile, type Work } from '@nnm/core';
import type { LoudSlice, LoudVisit, Probes } from './visit-record.ts';

/** A slice with how slow the references were on both sides of it, relative to their quiet levels. */
export interface ProbedSlice extends LoudSlice {
  /** Mean of both sides. */
  readonly slowdown: ReferenceValues;
  /** The light reference, on the quieter and on the louder side. */
  readonly lightRange: readonly [number, number];
}

/** A kernel in a phase. */
export interface ProbedKernel {
  readonly id: string;
  readonly work: Work;
  readonly visits: readonly LoudVisit[];
  readonly slices: readonly ProbedSlice[];
}

/** Share of all probes below which a reference counts as quiet. */
const QUIET_SHARE = 0.02;
const REFERENCES = ['convolution', 'engine', 'memory', 'light'] as const;

/** A value for every reference; NaN for those that were not probed. */
export type ReferenceValues = Readonly<Record<keyof Probes, number>>;

const byReference = (value: (reference: keyof Probes) => number): ReferenceValues =>
  Object.fromEntries(REFERENCES.map((reference) => [reference, value(reference)])) as ReferenceValues;

/** The quiet levels of the references: near the lowest of everything recorded. */
export function quietLevels(visits: readonly LoudVisit[]): ReferenceValues {
  const probes = visits.flatMap(({ slices }) => slices.map((slice) => slice.probes));
  return byReference((reference) => {
    const known = probes.flatMap((probe) => probe[reference] ?? []);
    return known.length === 0 ? Number.NaN : quantile(known, QUIET_SHARE);
  });
}

/** The slices of a visit with the references around each. */
export function probedSlices({ first, slices }: LoudVisit, levels: ReferenceValues): readonly ProbedSlice[] {
  return slices.map((slice, index) => {
    const sides = [slices[index - 1]?.probes ?? first, slice.probes];
    const lights = sides.map(({ light }) => light / levels.light);
    return {
      ...slice,
      slowdown: byReference(
        (reference) => ((sides[0]![reference] ?? Number.NaN) + (sides[1]![reference] ?? Number.NaN)) / 2 / levels[reference],
      ),
      lightRange: [Math.min(...lights), Math.max(...lights)],
    };
  });
}
