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
        "data": "0238b0d2c9068177",
        "manifest": "fe7282474b5fbf9e",
        "model": "70165dff38128e0e",
        "trees": "262e2e897dacc54a",
      },
      "conv": {
        "data": "b92e72ac6be504a7",
        "manifest": "06fd83e924dbc2d9",
        "model": "bd972f0766096c3a",
        "trees": "900f1bd8dd86ab39",
      },
      "dwconv": {
        "data": "81a344126028ac25",
        "manifest": "f9aa610a306bd198",
        "model": "b767bfdde4b8a6a4",
        "trees": "0ff4b970fe56e851",
      },
    }
  `);
});
