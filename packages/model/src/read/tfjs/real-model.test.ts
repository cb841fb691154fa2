import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { formulaBundle, formulaRegistry } from '../../__fixtures__/formula-bundle.ts';
import { liftModel, measureMemory, modelPredictor, readModel } from '../../index.ts';
import { bytesSource } from '../byte-source.ts';
import { readTfjs } from './read-tfjs.ts';

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
  const bundle = { ...(await formulaBundle(['relu'])), backend: 'tfjs_wasm' };
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

/** A graph model whose integers of three lie in its file of weights. */
function lifted(nodes: readonly object[], constants: Readonly<Record<string, readonly [number, number, number]>>) {
  const dim = [1, 6, 4].map((size) => ({ size: String(size) }));
  const input = { name: 'x', op: 'Placeholder', attr: { dtype: { type: 'DT_FLOAT' }, shape: { shape: { dim } } } };
  const names = Object.keys(constants);
  const json = {
    format: 'graph-model',
    modelTopology: { node: [input, ...names.map((name) => ({ name, op: 'Const', attr: { dtype: { type: 'DT_INT32' } } })), ...nodes] },
    weightsManifest: [{ paths: ['a.bin'], weights: names.map((name) => ({ name, shape: [3], dtype: 'int32' })) }],
  };
  const bytes = new Uint8Array(Int32Array.from(Object.values(constants).flat()).buffer);
  const context = { name: 'model.json', hasFile: () => true, openFile: () => bytesSource(bytes) };
  return liftModel(readTfjs(bytesSource(new TextEncoder().encode(JSON.stringify(json))), context)).ops;
}

it('axes that a slice adds, a smallest element and a division that minds zeros are understood', () => {
  const masks = { new_axis_mask: { i: '2' }, begin_mask: { i: '5' }, end_mask: { i: '5' } };
  const ops = lifted(
    [
      { name: 'rows', op: 'StridedSlice', input: ['x', 'begin', 'end', 'strides'], attr: masks },
      { name: 'least', op: 'Min', input: ['rows', 'axes'], attr: { keep_dims: { b: true } } },
      { name: 'y', op: 'DivNoNan', input: ['rows', 'least'] },
    ],
    { begin: [0, 0, 0], end: [0, 0, 0], strides: [1, 1, 1], axes: [1, 2, 3] },
  );
  expect(ops.map((op) => ('op' in op ? op.op.op : op.gap))).toEqual(['stridedSlice', 'reshape', 'reduceMax', 'div']);
  expect(ops.at(-1)).toMatchObject({ outputShapes: [[1, 1, 6, 4]] });
});

it('a node has as many results as its readers ask for', () => {
  const ops = lifted(
    [
      { name: 'best', op: 'TopKV2', input: ['x', 'k'] },
      { name: 'y', op: 'Cast', input: ['best:1'] },
    ],
    { k: [1, 1, 1] },
  );
  expect(ops.map(({ gap }) => gap)).toEqual([expect.stringContaining('TopKV2 has no equivalent'), expect.any(String)]);
});
