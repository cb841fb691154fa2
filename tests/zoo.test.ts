import { inferShapes } from '@nnm/core';
import { maxRelativeError } from '@nnm/core/testing';
import { network, networkNames } from '@nnm/zoo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isOneFunction, startTwoRuntimes, type TwoRuntimes } from './two-runtimes.ts';

/** Rounding adds up over a hundred layers; single kernels agree within 1e-4. */
const TOLERANCE = 2e-4;

let runtimes: TwoRuntimes;
beforeAll(async () => {
  runtimes = await startTwoRuntimes();
});
afterAll(() => runtimes.close());

describe('on both runtimes', () => {
  it.each(networkNames)('%s gives finite outputs of the published shape, and the same where both define one function', async (name) => {
    const graph = network(name);
    const { tensorflow, torch } = await runtimes.execute(graph);
    const shapes = graph.outputs.map((id) => inferShapes(graph).get(id));
    expect(shapes).toEqual([[1, 1000]]);
    for (const outputs of [tensorflow, torch]) {
      expect(outputs.map(({ shape }) => [...shape])).toEqual([[1, 1000]]);
      expect(outputs.every(({ data }) => data.every(Number.isFinite))).toBe(true);
      // Logits that are all alike would agree whatever the network computes.
      expect(new Set(outputs[0]?.data).size).toBeGreaterThan(500);
    }
    if (isOneFunction(graph)) expect(maxRelativeError(tensorflow, torch)).toBeLessThanOrEqual(TOLERANCE);
  });
});
