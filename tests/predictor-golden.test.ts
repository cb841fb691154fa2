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
        "data": "744b2b3dbed6d841",
        "manifest": "926441b2f75083d2",
        "model": "55af80e54801b6d3",
        "trees": "f3a9844635377616",
      },
      "conv": {
        "data": "51d0383a6ead9be3",
        "manifest": "0d74584087b8382b",
        "model": "ea71e5f05beb10fa",
        "trees": "a3524a169c3534bc",
      },
      "dwconv": {
        "data": "bb08e469d5423b5d",
        "manifest": "d4b7780cde3a1235",
        "model": "27df9f06ecae6cec",
        "trees": "0b32fff834e5a198",
      },
    }
  `);
});
