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
        "data": "39acb3c87fbd8f03",
        "manifest": "ea9e4f7e63ced995",
        "model": "7bbef679c1843e5f",
        "trees": "8d7bb343fb5df1dc",
      },
      "conv": {
        "data": "5dda65576426d017",
        "manifest": "6f2826f1152477c8",
        "model": "3bb3496d32a23f48",
        "trees": "d7ba940afb3ae34d",
      },
      "dwconv": {
        "data": "b172a51e3da290d5",
        "manifest": "28bc57aa92c801e0",
        "model": "7aef1ccc7a07ec61",
        "trees": "b21ffe7db70f0c0c",
      },
    }
  `);
});
