import type { PredictorManifest } from '@nnm/predictor';
import type { Environment } from '@nnm/profiler';
import { expect, test } from 'vitest';
import { describeDifferences, type PresentSetup } from './compare-environments.ts';

const environment: Environment = {
  cpu: 'CPU A',
  cores: 4,
  memoryBytes: 1,
  platform: 'linux',
  arch: 'x64',
  runtime: { runtime: 'R', version: '1', threads: 1, options: { delegate: 'xnnpack' } },
  isolation: 'process',
  pinned: true,
  node: 'v20',
  nnm: '0.1.0',
};
const manifest = { backend: 'b', implement: 'tensorflow', batchSize: 1, environment } as unknown as PredictorManifest;
const setup = { backend: { id: 'b' }, implement: 'tensorflow', batchSize: 1 } as unknown as PresentSetup;

test('the same machine, runtime and settings differ in nothing', () => {
  expect(describeDifferences(manifest, setup, { ...environment, memoryBytes: 2, node: 'v24' })).toEqual([]);
});

test('every difference that can change latencies is named', () => {
  const now: Environment = { ...environment, cpu: 'CPU B', runtime: { ...environment.runtime, threads: 4, options: { delegate: 'none' } } };
  expect(describeDifferences(manifest, { ...setup, batchSize: 8 }, now)).toEqual([
    'BATCH_SIZE was 1, is 8',
    'CPU was CPU A, is CPU B',
    'threads was 1, is 4',
    'option delegate was xnnpack, is none',
  ]);
});

test('a predictor without an environment says so', () => {
  expect(describeDifferences({ ...manifest, environment: null }, setup, environment)).toEqual([
    'the predictor does not say where it was measured',
  ]);
});
