import { inferShapes } from '@nnm/core';
import { maxRelativeError } from '@nnm/core/testing';
import { network, networkNames } from '@nnm/zoo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isOneFunction, startTwoRuntimes, type TwoRuntimes } from './two-runtimes.ts';

/** A wrong weight or padding gives errors of the order of 1. */
const TOLERANCE = 1e-4;
/** VGG's half a gigabyte of weights takes 16 s each time; one of the four says what the others would. */
const SLOW = ['vgg-11', 'vgg-13', 'vgg-19'];
const runsSlow = process.env.NNM_SLOW_TESTS === '1';

let runtimes: TwoRuntimes;

beforeAll(async () => {
  runtimes = await startTwoRuntimes();
});
afterAll(() => runtimes.close());

describe('TensorFlow Lite and ONNX Runtime agree on', () => {
  it.skipIf(!runsSlow).for(SLOW)('%s (skipped without NNM_SLOW_TESTS=1)', requireAgreement);
  it.for(networkNames.filter((name) => !SLOW.includes(name)))('%s', requireAgreement);
});

async function requireAgreement(name: string): Promise<void> {
  const graph = network(name);
  expect(isOneFunction(graph)).toBe(true);
  const { tensorflow, torch } = await runtimes.execute(graph);
  const shapes = graph.outputs.map((id) => inferShapes(graph).get(id));
  for (const outputs of [tensorflow, torch]) {
    expect(outputs.map(({ shape }) => shape)).toEqual(shapes);
    // Not only finite: outputs that are all equal would agree whatever the layers do.
    for (const { data } of outputs) {
      expect(data.every(Number.isFinite)).toBe(true);
      expect(new Set(data).size).toBeGreaterThan(100);
    }
  }
  expect(maxRelativeError(tensorflow, torch)).toBeLessThanOrEqual(TOLERANCE);
}
