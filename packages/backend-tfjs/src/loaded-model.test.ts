import { GraphBuilder, type Runtime } from '@nnm/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { writeZip, type ZipEntry } from './file/write-zip.ts';
import { tfjsWasm } from './index.ts';
import startWasm from './runtime-wasm.ts';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await startWasm(tfjsWasm.parseSettings({}));
});

const entry = (name: string, content: string): ZipEntry => {
  const bytes = new TextEncoder().encode(content);
  return { name, length: bytes.length, write: (target) => target.set(bytes) };
};
const graphModel = (node: readonly object[]): Uint8Array =>
  writeZip([entry('my/model.json', JSON.stringify({ format: 'graph-model', modelTopology: { node, versions: {} }, weightsManifest: [] }))]);
const placeholder = (dtype: string, dims: readonly number[]): object => ({
  name: 'mask',
  op: 'Placeholder',
  attr: { dtype: { type: dtype }, shape: { shape: { dim: dims.map((size) => ({ size: String(size) })) } } },
});

it('many models leave no tensor and no memory behind', async () => {
  const g = new GraphBuilder('leaks');
  const [left, right] = g.split(g.batchNorm(g.conv2d(g.input([1, 8, 8, 4]), 8, { kernelSize: 3 })), 2);
  const bytes = tfjsWasm.convert(g.build(g.add(left!, right!), left!));
  const input = { shape: [1, 8, 8, 4], data: new Float32Array(256) };
  const { wasm } = tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } };
  const once = async (): Promise<void> => {
    const model = await runtime.load(bytes);
    model.run();
    await model.execute([input]);
    await model.close();
  };
  await once();
  const before = tf.memory();
  const heap = wasm.HEAPU8.length;
  for (let count = 0; count < 300; count++) await once();
  expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers, numBytes: before.numBytes });
  expect(wasm.HEAPU8.length).toBe(heap);
});

it('a model of your own is fed by its types, and open sizes by DIMENSIONS', async () => {
  const bytes = graphModel([
    placeholder('DT_INT32', [-1, -1]),
    { name: 'y', op: 'Cast', input: ['mask'], attr: { SrcT: { type: 'DT_INT32' }, DstT: { type: 'DT_FLOAT' } } },
  ]);
  expect(() => runtime.load(bytes)).toThrow('its input "mask" leaves axis 1 open; DIMENSIONS: { mask.1: <size> } says how large it is');
  const told = await startWasm(tfjsWasm.parseSettings({ DIMENSIONS: { 'mask.1': 3 }, INPUTS: { mask: [4, 5] } }));
  const model = await told.load(bytes);
  model.run();
  const [output] = await model.execute([{ shape: [1, 3], data: Float32Array.of(7, 8, 9) }]);
  expect(output).toEqual({ shape: [1, 3], data: Float32Array.of(7, 8, 9) });
  await model.close();
});

it.each([
  [
    'an operator that TensorFlow.js does not have',
    graphModel([placeholder('DT_FLOAT', [1]), { name: 'y', op: 'Roll', input: ['mask'] }]),
    /Roll/,
  ],
  [
    'a model whose inputs hold texts',
    graphModel([placeholder('DT_STRING', [1])]),
    /its input "mask" holds string, which nnm does not feed/,
  ],
  [
    'a layers model',
    writeZip([entry('model.json', '{"modelTopology":{"model_config":{}}}')]),
    /it is a layers model; convert it to a graph model/,
  ],
  [
    'weights that are not there',
    writeZip([entry('model.json', '{"modelTopology":{"node":[]},"weightsManifest":[{"paths":["a.bin"],"weights":[]}]}')]),
    /"a\.bin" is not in the zip file/,
  ],
  ['a zip of something else', writeZip([entry('readme.txt', 'hello')]), /the zip file has no model\.json/],
  ['half a file', tfjsWasm.convert(reluGraph()).subarray(0, 900), /no zip file, or not all of one/],
] as const)('%s is refused in one sentence', async (_, bytes, message) => {
  const load = async (): Promise<unknown> => {
    const model = await runtime.load(bytes);
    return model.run();
  };
  await expect(load()).rejects.toThrow(message);
});

function reluGraph() {
  const g = new GraphBuilder('relu');
  return g.build(g.activation(g.input([1, 3]), 'relu'));
}
