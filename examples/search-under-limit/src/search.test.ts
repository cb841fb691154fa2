import { createRegistry, Rng } from '@nnm/core';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import { modelPredictor } from '@nnm/model';
import { expect, it } from 'vitest';
import { networkOf, searchWidths } from './search.ts';

// A machine of 20 GFLOP/s and 10 GB/s, described by its estimate alone.
const costs = [
  { feature: 'FLOPS', index: 0, msPerUnit: 1 / 2e7 },
  { feature: 'BYTES', index: 1, msPerUnit: 1 / 1e7 },
];
const estimate = { any: { baseline: { launchMs: 0.002, costs }, rows: 100, kernels: 5, factor80: 1.1, factor95: 1.2 }, classes: {} };
const predictor = modelPredictor({
  bundle: {
    backend: 'tflite_cpu',
    implement: 'tensorflow',
    batchSize: 1,
    environment: null,
    predictors: new Map(),
    estimate,
    nnmVersion: '',
  },
  registry: createRegistry([kernelsConv, kernelsMisc]),
});

it('finds the largest network that is fast enough', () => {
  const found = searchWidths(predictor, 80, 60, new Rng(3))!;
  const { latencyMs, interval80 } = predictor.predict(networkOf(found.widths)).total;
  expect(found.latencyMs).toBe(latencyMs);
  expect(interval80.highMs).toBeLessThanOrEqual(80);
  const smaller = searchWidths(predictor, 40, 60, new Rng(3))!;
  expect(smaller.multiplyAdds).toBeLessThan(found.multiplyAdds);
  expect(searchWidths(predictor, 0.01, 5, new Rng(3))).toBeUndefined();
});
