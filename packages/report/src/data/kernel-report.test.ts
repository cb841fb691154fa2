import type { AnyKernel } from '@nnm/core';
import type { Predictor } from '@nnm/predictor';
import { expect, test } from 'vitest';
import { kernelReport } from './kernel-report.ts';

const kernel = {
  type: 'toy',
  configSpace: { HW: { min: 1, max: 100 } },
  refusals: () => [],
  features: { featureNames: ['HW'], getFeatureByConfig: ({ HW }: { HW: number }) => [HW] },
} as unknown as AnyKernel;

/** Predicts as many milliseconds as HW says. */
const predictor = {
  manifest: { featureNames: ['HW'], metrics: {}, samples: { used: 10 } },
  predictMany: (vectors: readonly (readonly number[])[]) => vectors.map(([hw]) => hw),
  intervalAround: (latencyMs: number) => ({ lowMs: latencyMs, highMs: latencyMs }),
  outsideSampled: () => [],
} as unknown as Predictor;

const row = (hw: number, latencyMs: number, flags: readonly ('unstable' | 'contended')[] = []) =>
  ({ id: `${hw}`, kernel: 'toy', mark: 'holdout', config: { HW: hw }, latencyMs, flags }) as never;

const gradeOf = (rows: readonly never[]) =>
  kernelReport(
    { kernel, rows, rounds: [{ mark: 'initial', predictor }], predictor: undefined, journal: [], failures: [], problems: [] },
    { columns: 8, rows: 4, slices: 1, visits: 10, features: 0 },
  ).rounds[0]?.holdout;

test('flagged labels grade nothing, as in the grades of a build', () => {
  expect(gradeOf([row(10, 10), row(20, 20), row(30, 60, ['unstable'])])).toMatchObject({ rows: 2, flagged: 1, acc10: 1 });
});

test('where all are flagged, they grade after all, and the grade says so', () => {
  expect(gradeOf([row(10, 10, ['unstable']), row(20, 40, ['unstable'])])).toMatchObject({ rows: 2, onlyFlagged: true, acc10: 0.5 });
});
