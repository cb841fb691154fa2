import { median } from '@nnm/core';
import { assessVisits, DEFAULT_POLICY, judgeVisits, type ProfilePolicy, type Visit } from '@nnm/profiler';
import { correctSlowdown, learnSlowdown } from '../../../../packages/profiler/src/measure/slowdown.ts';
import type { ProbedKernel, ProbedSlice, ReferenceValues } from './probed-slice.ts';
import { isLoud, type SlowdownModel, typeOf } from './slowdown-model.ts';
import type { LoudVisit, Probes } from './visit-record.ts';

/** A label by one way of making it. */
export interface Estimate {
  readonly latencyMs: number;
  /** One standard deviation of its error, where it says so. */
  readonly spreadMs?: number;
  /** It says itself that it is uncertain. */
  readonly flagged: boolean;
}

/** A way to make a label; undefined where it has none. */
export type Estimator = (kernel: ProbedKernel) => Estimate | undefined;

/** What the engine lets pass by the reference that notices most, and by one that notices little. */
const gateOf = (reference: keyof Probes): ProfilePolicy =>
  reference === 'light' ? DEFAULT_POLICY : { ...DEFAULT_POLICY, quietTolerance: 0.03, slowdownPower: 0 };

/** The engine's own rule on recorded visits, gated by one of the references. */
export function engineRule(levels: ReferenceValues, reference: keyof Probes): Estimator {
  return ({ visits }) => {
    if (!visits.some(({ first }) => reference in first)) return undefined;
    const judgement = { levelMs: levels[reference], doubted: false };
    const { stats, flags } = assessVisits(
      visits.map((visit) => asEngineVisit(visit, reference)),
      judgement,
      gateOf(reference),
    );
    return stats && { latencyMs: stats.latencyMs, flagged: flags.length > 0 };
  };
}

/** The engine's own correction, learned from the other kernels of the same type. */
export function engineCorrection(levels: ReferenceValues, seen: readonly ProbedKernel[], truth: ReadonlyMap<string, number>): Estimator {
  const judged = (visits: readonly LoudVisit[]) =>
    judgeVisits(
      visits.map((visit) => asEngineVisit(visit, 'light')),
      levels.light,
      gateOf('light'),
    );
  const examples = seen.flatMap(({ id, visits }) => {
    const latencyMs = truth.get(id);
    return latencyMs === undefined ? [] : [{ id, latencyMs, visits: judged(visits) }];
  });
  return ({ id, visits }) => {
    const others = examples.filter((example) => example.id !== id && typeOf(example.id) === typeOf(id));
    const model = learnSlowdown(others, DEFAULT_POLICY.minCpuShare);
    const correction = model && correctSlowdown(judged(visits), model, DEFAULT_POLICY.minCpuShare);
    return correction && { latencyMs: correction.latencyMs, spreadMs: correction.repeatabilityMs, flagged: true };
  };
}

function asEngineVisit({ first, slices }: LoudVisit, reference: keyof Probes): Visit {
  return {
    firstProbeMs: first[reference] ?? Number.NaN,
    slices: slices.map(({ runs, minMs, medianMs, meanMs, cpuMs, probes }) => ({
      runs,
      minMs,
      medianMs,
      meanMs,
      probeMs: probes[reference] ?? Number.NaN,
      cpuShare: cpuMs / meanMs,
    })),
  };
}

/** What makes one number of all slices. */
function ofSlices(
  keep: (slice: ProbedSlice) => boolean,
  value: (slice: ProbedSlice) => number,
  statistic: (values: readonly number[]) => number,
): Estimator {
  return ({ slices }) => {
    const kept = slices.filter(keep);
    return kept.length === 0 ? undefined : { latencyMs: statistic(kept.map(value)), flagged: false };
  };
}

const all = (): boolean => true;
const kept = ({ switches }: ProbedSlice): boolean => switches === 0;
const keptBesideConvolution = (slice: ProbedSlice): boolean => kept(slice) && !Number.isNaN(slice.slowdown.convolution);
const least = (values: readonly number[]): number => Math.min(...values);

/** The estimators that are compared, by what the table calls them. */
export function estimators(
  levels: ReferenceValues,
  slowdownOf: (id: string) => SlowdownModel,
  slowdownOfType: (id: string) => SlowdownModel,
  correction: Estimator,
): Readonly<Record<string, Estimator>> {
  const sharp = engineRule(levels, 'light');
  const corrected =
    (model: (id: string) => SlowdownModel): Estimator =>
    (kernel) => {
      const loud = kernel.slices.filter(isLoud);
      if (loud.length === 0) return undefined;
      const of = model(kernel.id);
      return { latencyMs: median(loud.map((slice) => slice.medianMs / of(kernel, slice))), flagged: true };
    };
  return {
    '10 + 50 runs, mean': ({ visits }) => {
      const plainMs = visits.find((visit) => visit.plainMs !== undefined)?.plainMs;
      return plainMs === undefined ? undefined : { latencyMs: plainMs, flagged: false };
    },
    'engine, a convolution as reference': engineRule(levels, 'convolution'),
    'engine, a sharper reference': sharp,
    'median of all slices': ofSlices(all, ({ medianMs }) => medianMs, median),
    'median without involuntary switches': ofSlices(kept, ({ medianMs }) => medianMs, median),
    'CPU time, median': ofSlices(all, ({ cpuMs }) => cpuMs, median),
    'CPU time, least': ofSlices(all, ({ cpuMs }) => cpuMs, least),
    'fastest slice of all visits': ofSlices(all, ({ medianMs }) => medianMs, least),
    'fastest run of all visits': ofSlices(all, ({ minMs }) => minMs, least),
    'duet with the convolution': ofSlices(keptBesideConvolution, ({ medianMs, slowdown }) => medianMs / slowdown.convolution, median),
    'duet with the memory-bound reference': ofSlices(kept, ({ medianMs, slowdown }) => medianMs / slowdown.memory, median),
    'duet with the light reference': ofSlices(kept, ({ medianMs, slowdown }) => medianMs / slowdown.light, median),
    'loud slices only: median': ofSlices(isLoud, ({ medianMs }) => medianMs, median),
    'loud slices only: fastest slice': ofSlices(isLoud, ({ medianMs }) => medianMs, least),
    'loud slices only: duet with the light reference': ofSlices(isLoud, ({ medianMs, slowdown }) => medianMs / slowdown.light, median),
    'loud slices only: slowdown by work': corrected(slowdownOf),
    'loud slices only: slowdown by work and type': corrected(slowdownOfType),
    'loud slices only: correction of the engine': correction,
    'sharper reference, else fastest slice': (kernel) => {
      const label = sharp(kernel);
      const fastest = ofSlices(all, ({ medianMs }) => medianMs, least)(kernel);
      return label?.flagged === false ? label : fastest && { ...fastest, flagged: true };
    },
    'sharper reference, else slowdown by work and type': (kernel) => {
      const label = sharp(kernel);
      return label?.flagged === false ? label : (corrected(slowdownOfType)(kernel) ?? label);
    },
    'sharper reference, else correction of the engine': (kernel) => {
      const label = sharp(kernel);
      const metQuiet = kernel.slices.some(({ lightRange }) => lightRange[1] <= 1 + DEFAULT_POLICY.quietTolerance);
      return label?.flagged === false || metQuiet ? label : (correction(kernel) ?? label);
    },
  };
}
