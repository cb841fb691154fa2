import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { formulaBundle, formulaRegistry } from '../../__fixtures__/formula-bundle.ts';
import { liftModel, measureMemory, modelPredictor, readModel } from '../../index.ts';

/** `models/x2` of @upscalerjs/esrgan-slim 1.0.0, without its file of weights. */
const file = fileURLToPath(new URL('./__fixtures__/esrgan-slim-x2/model.json', import.meta.url));
/** The size of that file. */
const WEIGHT_BYTES = 888_300;

it('a published layers model is read, its kernels are found and all of it has a price', async () => {
  const model = await readModel(file, { shapes: { LR: [1, 64, 64, 3] } });
  expect(model).toMatchObject({ format: 'tfjs', inputs: ['LR'], weightBytes: WEIGHT_BYTES });
  expect(model.outputs.map((name) => model.tensors.get(name)?.shape)).toEqual([[1, 128, 128, 3]]);
  expect(measureMemory(model).uncounted).toEqual([]);
  const lifted = liftModel(model);
  expect(lifted.ops.flatMap(({ gap }) => gap ?? [])).toEqual([]);
  const bundle = { ...(await formulaBundle(['conv-bn-relu', 'relu', 'add'])), backend: 'tfjs_wasm' };
  const { total, kernels } = modelPredictor({ bundle, registry: formulaRegistry }).predict(lifted);
  expect(kernels.filter(({ name }) => name.startsWith('conv'))).toHaveLength(12);
  expect(total).toMatchObject({ isLowerBound: false, latencyMs: expect.any(Number) });
  expect(total.latencyMs).toBeGreaterThan(1);
});

it('what it leaves open has to be pinned', async () => {
  await expect(readModel(file)).rejects.toMatchObject({
    code: 'ERR_FREE_DIMENSION',
    message: expect.stringContaining('"LR" is [?, ?, ?, 3]'),
  });
});
