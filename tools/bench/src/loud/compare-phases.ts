import { countWork, mean, quantile, Rng } from '@nnm/core';
import type { BenchKernel } from '../bench-kernels.ts';
import { formatCells } from '../report.ts';
import { type Estimator, engineCorrection, estimators } from './estimators.ts';
import { type ProbedKernel, probedSlices, quietLevels, type ReferenceValues } from './probed-slice.ts';
import { isLoud, learnFromOthers } from './slowdown-model.ts';
import type { LoudVisit } from './visit-record.ts';

/** Name of the phase that the truth comes from. */
export const QUIET = 'quiet';
const QUIET_LIGHT = 1.1;
const CONFIRMED = 0.025;

/** How far one way of making labels is off in one phase; shares are 0 to 1. */
export interface EstimatorResult {
  readonly estimator: string;
  readonly kernels: number;
  readonly medianError: number;
  /** Median of the signed error. */
  readonly bias: number;
  readonly p90Error: number;
  readonly within5: number;
  readonly within10: number;
  readonly flagged: number;
  /** Median error of those that are not flagged. */
  readonly trustedError: number;
  /** Share of the errors within one standard deviation, as far as an estimator names it; an honest one has 0.68. */
  readonly withinSpread: number;
}

/** A phase and what each estimator made of it. */
export interface PhaseResult {
  readonly phase: string;
  readonly kernels: number;
  /** Share of slices that were quiet by the light reference, and by the convolution where it was probed. */
  readonly quietShare: number;
  readonly quietShareOfConvolution: number;
  /** Slowdown of the references during slices that were loud by the light one: lowest tenth, and median. */
  readonly references: readonly { readonly reference: string; readonly p10: number; readonly median: number }[];
  readonly results: readonly EstimatorResult[];
}

function kernelsOf(visits: readonly LoudVisit[], levels: ReferenceValues, kernels: readonly BenchKernel[]): readonly ProbedKernel[] {
  return kernels.flatMap(({ id, graph }) => {
    const own = visits.filter((visit) => visit.id === id);
    return own.length === 0
      ? []
      : [{ id, work: countWork(graph), visits: own, slices: own.flatMap((visit) => probedSlices(visit, levels)) }];
  });
}

/** Latencies that two quiet visits agree about: a visit counts with its fastest slice among those that were quiet on both sides. */
function truthOf(kernels: readonly ProbedKernel[], levels: ReferenceValues): ReadonlyMap<string, number> {
  return new Map(
    kernels.flatMap(({ id, visits }) => {
      const values = visits.flatMap((visit) => {
        const quiet = probedSlices(visit, levels).filter(({ lightRange }) => lightRange[1] <= QUIET_LIGHT);
        return quiet.length === 0 ? [] : [Math.min(...quiet.map(({ medianMs }) => medianMs))];
      });
      const lowest = Math.min(...values);
      const confirming = values.filter((value) => value <= lowest * (1 + CONFIRMED));
      return confirming.length < 2 ? [] : [[id, mean(confirming)] as const];
    }),
  );
}

function judge(
  estimator: string,
  estimate: Estimator,
  kernels: readonly ProbedKernel[],
  truth: ReadonlyMap<string, number>,
): EstimatorResult {
  const made = kernels.flatMap((kernel) => {
    const trueMs = truth.get(kernel.id);
    const label = trueMs === undefined ? undefined : estimate(kernel);
    return label === undefined
      ? []
      : [{ error: label.latencyMs / trueMs! - 1, flagged: label.flagged, spread: (label.spreadMs ?? Number.NaN) / label.latencyMs }];
  });
  const sizes = made.map(({ error }) => Math.abs(error));
  const trusted = made.filter(({ flagged }) => !flagged).map(({ error }) => Math.abs(error));
  const spreads = made.filter(({ spread }) => !Number.isNaN(spread));
  const at = (values: readonly number[], share: number): number => (values.length === 0 ? Number.NaN : quantile(values, share));
  const within = (limit: number): number => sizes.filter((size) => size <= limit).length / sizes.length;
  return {
    estimator,
    kernels: made.length,
    medianError: at(sizes, 0.5),
    bias: at(
      made.map(({ error }) => error),
      0.5,
    ),
    p90Error: at(sizes, 0.9),
    within5: within(0.05),
    within10: within(0.1),
    flagged: made.length - trusted.length,
    trustedError: at(trusted, 0.5),
    withinSpread: spreads.filter(({ error, spread }) => Math.abs(error) <= spread).length / spreads.length,
  };
}

/** Compare all estimators on the visits of every phase. */
export function comparePhases(visits: readonly LoudVisit[], kernels: readonly BenchKernel[], seed: number): readonly PhaseResult[] {
  const levels = quietLevels(visits);
  const phases = [...new Set(visits.map(({ phase }) => phase))];
  const byPhase = new Map(
    phases.map((phase) => [
      phase,
      kernelsOf(
        visits.filter((visit) => visit.phase === phase),
        levels,
        kernels,
      ),
    ]),
  );
  const truth = truthOf(byPhase.get(QUIET) ?? [], levels);
  const seen = [...byPhase.values()].flat();
  const rng = new Rng(seed);
  const ways = estimators(
    levels,
    learnFromOthers(seen, truth, rng, false),
    learnFromOthers(seen, truth, rng, true),
    engineCorrection(levels, seen, truth),
  );
  return phases.map((phase) => {
    const recorded = byPhase.get(phase)!;
    const slices = recorded.flatMap((kernel) => kernel.slices);
    const share = (isQuiet: (slice: (typeof slices)[number]) => boolean): number => slices.filter(isQuiet).length / slices.length;
    return {
      phase,
      kernels: recorded.filter(({ id }) => truth.has(id)).length,
      quietShare: share(({ lightRange }) => lightRange[1] <= QUIET_LIGHT),
      quietShareOfConvolution: share(({ slowdown }) => slowdown.convolution <= 1.03) / share(({ slowdown }) => slowdown.convolution > 0),
      references: (['convolution', 'engine', 'memory'] as const).flatMap((reference) => {
        const slowdowns = slices.filter(isLoud).flatMap(({ slowdown }) => (slowdown[reference] > 0 ? [slowdown[reference]] : []));
        return slowdowns.length === 0 ? [] : [{ reference, p10: quantile(slowdowns, 0.1), median: quantile(slowdowns, 0.5) }];
      }),
      results: Object.entries(ways).map(([name, estimate]) => judge(name, estimate, recorded, truth)),
    };
  });
}

/** The table of a phase. */
export function formatPhase({ phase, kernels, quietShare, quietShareOfConvolution, references, results }: PhaseResult): string {
  const percent = (value: number): string => (Number.isNaN(value) ? '–' : `${(100 * value).toFixed(1)} %`);
  const table = formatCells([
    [
      'label',
      'kernels',
      'median error',
      'bias',
      '90 % below',
      'within 5 %',
      'within 10 %',
      'flagged',
      'not flagged: error',
      'within its spread',
    ],
    ...results.map((row) => [
      row.estimator,
      String(row.kernels),
      ...[row.medianError, row.bias, row.p90Error, row.within5, row.within10].map(percent),
      String(row.flagged),
      percent(row.trustedError),
      percent(row.withinSpread),
    ]),
  ]);
  const times = (slowdown: number): string => slowdown.toFixed(2);
  const inLoud = `in loud slices, lowest tenth and median: ${references.map(({ reference, p10, median }) => `${reference} ${times(p10)}, ${times(median)}`).join('; ')}`;
  return `${phase}: ${kernels} kernels with a known truth; quiet ${percent(quietShare)} of the time by the light reference, ${percent(quietShareOfConvolution)} by the convolution\n${inLoud}\n${table}`;
}
