import { createHash } from 'node:crypto';
import { buildLatencyPredictor, memoryContext } from '@nnm/builder';
import { createRegistry, definePlugin, runToEnd } from '@nnm/core';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import { serialisePredictor } from '@nnm/predictor';
import { expect, it } from 'vitest';
import { SimulatedBackend } from '../packages/builder/src/__fixtures__/simulated-backend.ts';

const simulation = definePlugin({ name: 'simulation', apiVersion: 1, backends: [new SimulatedBackend()] });

/** Digests of a predictor file, without what says where and by which version it was made. */
function digests(text: string): Readonly<Record<string, string>> {
  const { environment: _, nnmVersion: __, dataHash, binary, model, ...manifest } = JSON.parse(text);
  const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
  return { data: dataHash.slice(0, 16), trees: digest(binary), model: digest(model), manifest: digest(manifest) };
}

// A change of these means: the same seed gives other samples, labels or predictors than in earlier versions. If that is meant, the commit
// says which of the values moved and why.
it('the same seed gives the same samples and the same predictor, byte by byte, as it always did', async () => {
  const settings = { initSampleNum: 60, holdoutSampleNum: 20, iteration: 2, finegrainedSampleNum: 3 };
  const registry = createRegistry([kernelsConv, kernelsMisc, simulation]);
  const context = memoryContext(registry, {
    backend: 'simulated',
    seed: 7,
    kernels: { 'conv-bn-relu': settings, 'dwconv-bn-relu6': settings, concat: settings },
  });
  const { predictors } = await runToEnd(buildLatencyPredictor(context));
  const found = Object.fromEntries(predictors.map(({ family, predictor }) => [family, digests(serialisePredictor(predictor))]));
  expect(found).toMatchInlineSnapshot(`
    {
      "concat": {
        "data": "9b78b9be05f86a09",
        "manifest": "842d28c585cc0585",
        "model": "17361ba39b571097",
        "trees": "940082524a90cc65",
      },
      "conv": {
        "data": "759a3d368050131e",
        "manifest": "6dbd678b19714f9f",
        "model": "4df520c0f5e6622e",
        "trees": "6e54566948d34383",
      },
      "dwconv": {
        "data": "9d36b88e0790163a",
        "manifest": "824fa8de043e68e9",
        "model": "501e12967e81d047",
        "trees": "99610e53da5dc5a7",
      },
    }
  `);
});
