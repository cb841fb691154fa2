import { countWork, type Graph } from '@nnm/core';
import { maxRelativeError, runReference } from '@nnm/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { edgeConfigs, toleranceOf } from './edge-configs.ts';
import { KERNELS } from './kernel-cases.ts';
import { isOneFunction, startTwoRuntimes, type TwoRuntimes } from './two-runtimes.ts';

/** Graphs above this work are compared with each other only: the reference would take seconds. */
const REFERENCE_FLOPS = 1e8;

let runtimes: TwoRuntimes;

beforeAll(async () => {
  runtimes = await startTwoRuntimes();
});
afterAll(() => runtimes.close());

describe('TensorFlow Lite and ONNX Runtime agree on', () => {
  it.each(KERNELS.map((kernel) => [kernel.type, kernel] as const))('%s', async (_, kernel) => {
    for (const config of edgeConfigs(kernel)) {
      for (const batchSize of [1, 4]) {
        const what = `${kernel.type} ${JSON.stringify(config)} batch ${batchSize}`;
        await requireAgreement(new kernel.block(config, batchSize).getModel(), what, toleranceOf(kernel, config));
      }
    }
  });
});

/** Both runtimes agree where they compute one function, and with the reference otherwise; the reference is asked wherever it is fast. */
async function requireAgreement(graph: Graph, what: string, tolerance: number): Promise<void> {
  const { inputs, tensorflow, torch } = await runtimes.execute(graph);
  const oneFunction = isOneFunction(graph);
  if (oneFunction) expect(maxRelativeError(tensorflow, torch), `${what}: TFLite against ONNX Runtime`).toBeLessThanOrEqual(tolerance);
  if (oneFunction && countWork(graph).flops > REFERENCE_FLOPS) return;
  const expected = runReference(graph, inputs, 'tensorflow');
  expect(maxRelativeError(tensorflow, expected), `${what}: TFLite against the reference`).toBeLessThanOrEqual(tolerance);
  const expectedTorch = oneFunction ? expected : runReference(graph, inputs, 'torch');
  expect(maxRelativeError(torch, expectedTorch), `${what}: ONNX Runtime against the reference`).toBeLessThanOrEqual(tolerance);
}
