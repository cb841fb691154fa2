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
        "data": "c4705a2ea345008f",
        "manifest": "bf0dfe1f7cebccea",
        "model": "3742e0ba39494368",
        "trees": "09b04d444e600ca9",
      },
      "conv": {
        "data": "728f9e601b773a9a",
        "manifest": "4c5df009a0087b79",
        "model": "2bc8524183e83c17",
        "trees": "2bac115b2b214c70",
      },
      "dwconv": {
        "data": "351d87d3a9083891",
        "manifest": "ce63752a771edc08",
        "model": "93f13b5e1da7d3cc",
        "trees": "14db26299566d708",
      },
    }
  `);
});
