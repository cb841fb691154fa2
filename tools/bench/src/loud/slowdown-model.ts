import type { Rng } from '@nnm/core';
import type { ProbedKernel, ProbedSlice } from './probed-slice.ts';

/** By how much a slice is expected to be slower than its kernel is when the machine is quiet. */
export type SlowdownModel = (kernel: ProbedKernel, slice: ProbedSlice) => number;

const FOLDS = 5;
/** Passes of the fit in which what lies far off counts less, and how far is far. */
const PASSES = 6;
const FAR = 0.03;
const RIDGE = 1;

/** `relu` of `relu#3`. */
export const typeOf = (id: string): string => id.split('#')[0]!;

/** A slice that was loud from its beginning to its end, and during which the process kept its CPU. */
export const isLoud = ({ lightRange, switches }: ProbedSlice): boolean => lightRange[0] > 1.1 && switches === 0;

/** Logarithms of the slowdowns of the references, each times what the kernel is: its type, its work, its arithmetic intensity, its rates. */
function describe(kernel: ProbedKernel, { slowdown }: ProbedSlice, types: readonly string[]): readonly number[] {
  const { flops, bytes } = kernel.work;
  const runMs = lowQuartile(kernel);
  const size = (Math.log(bytes) - 13) / 3;
  const rates = [Math.log(Math.max(1, flops) / runMs / 1e6), Math.log(bytes / runMs / 1e6)].map((rate) => (rate - 2) / 2);
  const traits = [1, Math.log(Math.max(1, flops) / bytes) / 3, size, ...rates, Math.max(0, size)];
  const [light, memory] = [slowdown.light, slowdown.memory].map(Math.log) as [number, number];
  return [
    ...types.map((type) => (type === typeOf(kernel.id) ? 2 * light : 0)),
    ...traits.map((trait) => trait * light),
    ...traits.map((trait) => trait * memory),
    ...traits.slice(0, 3).map((trait) => trait * light * light),
  ];
}

function lowQuartile({ slices }: ProbedKernel): number {
  const sorted = slices.map(({ medianMs }) => medianMs).sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 4)]!;
}

/**
 * Learn how kernels suffer from those whose quiet latency is known.
 *
 * @param truth - quiet latencies by kernel
 * @param withTypes - a coefficient of its own for every type of kernel
 */
function learn(kernels: readonly ProbedKernel[], truth: ReadonlyMap<string, number>, withTypes: boolean): SlowdownModel {
  const types = withTypes ? [...new Set(kernels.map(({ id }) => typeOf(id)))] : [];
  const rows = kernels.flatMap((kernel) => {
    const trueMs = truth.get(kernel.id);
    if (trueMs === undefined) return [];
    return kernel.slices.filter(isLoud).map((slice) => ({ x: describe(kernel, slice, types), y: Math.log(slice.medianMs / trueMs) }));
  });
  const sound = rows.filter(({ y }) => y > -0.1 && y < 1.2);
  let weights = sound.map(() => 1);
  let coefficients: readonly number[] = [];
  for (let pass = 0; pass < PASSES; pass++) {
    coefficients = solveRidge(sound, weights);
    weights = sound.map(({ x, y }) => 1 / Math.max(FAR, Math.abs(y - dot(x, coefficients))));
  }
  return (kernel, slice) => Math.exp(dot(describe(kernel, slice, types), coefficients));
}

/** For every kernel a model that was learned without it: from four fifths of the others, in this phase and in others. */
export function learnFromOthers(
  seen: readonly ProbedKernel[],
  truth: ReadonlyMap<string, number>,
  rng: Rng,
  withTypes: boolean,
): (id: string) => SlowdownModel {
  const fold = new Map(rng.shuffle([...new Set(seen.map(({ id }) => id))]).map((id, index) => [id, index % FOLDS]));
  const models = Array.from({ length: FOLDS }, (_, one) =>
    learn(
      seen.filter(({ id }) => fold.get(id) !== one),
      truth,
      withTypes,
    ),
  );
  return (id) => models[fold.get(id) ?? 0]!;
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, index) => sum + value * b[index]!, 0);

/** Weighted ridge regression by Gaussian elimination; the normal equations are small and positive definite. */
function solveRidge(rows: readonly { readonly x: readonly number[]; readonly y: number }[], weights: readonly number[]): readonly number[] {
  const size = rows[0]?.x.length ?? 0;
  const system = Array.from({ length: size }, (_, i) => Array.from({ length: size + 1 }, (_, j) => (i === j ? RIDGE : 0)));
  rows.forEach(({ x, y }, row) => {
    for (let i = 0; i < size; i++) {
      const factor = weights[row]! * x[i]!;
      if (factor === 0) continue;
      for (let j = 0; j < size; j++) system[i]![j]! += factor * x[j]!;
      system[i]![size]! += factor * y;
    }
  });
  for (let i = 0; i < size; i++) {
    for (let row = 0; row < size; row++) {
      if (row === i) continue;
      const factor = system[row]![i]! / system[i]![i]!;
      for (let j = i; j <= size; j++) system[row]![j]! -= factor * system[i]![j]!;
    }
  }
  return system.map((line, i) => line[size]! / line[i]!);
}
