import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { GraphBuilder, type Tensor } from '@nnm/core';
import { readModel, writeModel } from '@nnm/tflite-format';
import { expect, it } from 'vitest';
import { describeNative, startNative } from '../__fixtures__/native-runtime.ts';
import { tfliteCpu } from '../index.ts';

/** `TensorType` of the schema. */
const TYPES = { int32: 2, int64: 4, string: 5 } as const;

/** `BuiltinOperator` of the schema. */
const RESHAPE = 22;

const tensor = (shape: readonly number[], ...values: readonly number[]): Tensor => ({ shape, data: Float32Array.from(values) });

/** `a + b`, whose tensors may have another element type. */
function sum(shape: readonly number[], type?: keyof typeof TYPES): Uint8Array {
  const g = new GraphBuilder('sum');
  const file = tfliteCpu.convert(g.build(g.add(g.input(shape), g.input(shape))));
  if (type === undefined) return file;
  const model = readModel(file);
  const [graph] = model.subgraphs;
  if (graph === undefined) throw new Error('no graph');
  return writeModel({ ...model, subgraphs: [{ ...graph, tensors: graph.tensors.map((item) => ({ ...item, type: TYPES[type] })) }] });
}

/** Names of a model's tensors, inputs first. */
const namesOf = (file: Uint8Array): readonly string[] =>
  readModel(file).subgraphs.flatMap(({ tensors }) => tensors.map(({ name }) => name));

const selfie = (): Uint8Array =>
  readFileSync(createRequire(import.meta.url).resolve('@mediapipe/selfie_segmentation/selfie_segmentation.tflite'));

describeNative('the boundary of a model', () => {
  it.each(['int32', 'int64'] as const)('takes and gives %s', async (type) => {
    const runtime = await startNative();
    const model = await runtime.load(sum([1, 3], type));
    model.run();
    expect(await model.execute([tensor([1, 3], 1, -2, 3000), tensor([1, 3], 10, 20, 30)])).toEqual([tensor([1, 3], 11, 18, 3030)]);
    await expect(async () => model.execute([tensor([1, 3], 1, 2, 0.5), tensor([1, 3], 1, 2, 3)])).rejects.toThrow(
      new RegExp(`\`inputs\\[0\\]\` must be whole numbers .*\\(${type}\\)\\. Got "0\\.5 at 2"`),
    );
    await runtime.close();
  });

  it.each([[[3]], [[2, 2]], [[1, 2, 2]], [[1, 2, 1, 2, 3]]])('takes and gives tensors of shape %j', async (shape) => {
    const runtime = await startNative();
    const model = await runtime.load(sum(shape));
    const values = Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, index) => index);
    const [answer] = await model.execute([tensor(shape, ...values), tensor(shape, ...values)]);
    expect(answer).toEqual(tensor(shape, ...values.map((value) => 2 * value)));
    await runtime.close();
  });

  it('refuses strings by the name of the tensor', async () => {
    const model = readModel(sum([1, 3], 'string'));
    const subgraphs = model.subgraphs.map((graph) => ({ ...graph, operators: [], inputs: [0], outputs: [0] }));
    const runtime = await startNative({ DELEGATE: 'none' });
    await expect(async () => runtime.load(writeModel({ ...model, subgraphs }))).rejects.toThrow(
      `"${namesOf(sum([1, 3]))[0]}" holds elements of type string; inputs and outputs must be tensors of numbers or booleans.`,
    );
    await runtime.close();
  });

  it.each(['xnnpack', 'none'])('gives inputs the sizes that the settings name, with DELEGATE: %s', async (DELEGATE) => {
    const DIMENSIONS = Object.fromEntries(namesOf(sum([1, 2, 2, 3])).map((name) => [`${name}.1`, 4]));
    const runtime = await startNative({ DELEGATE, DIMENSIONS });
    const model = await runtime.load(sum([1, 2, 2, 3]));
    const ones = tensor([1, 4, 2, 3], ...new Array(24).fill(1));
    expect(await model.execute([ones, ones])).toEqual([tensor([1, 4, 2, 3], ...new Array(24).fill(2))]);
    model.run();
    await model.close();
    await runtime.close();
  });

  it('times with the values that the settings name, and says so where they do not fit', async () => {
    const [first = ''] = namesOf(sum([1, 3], 'int32'));
    const runtime = await startNative({ INPUTS: { [first]: [5, 6, 7] } });
    const model = await runtime.load(sum([1, 3], 'int32'));
    model.run();
    await runtime.close();
    const wrong = await startNative({ INPUTS: { [first]: [1, 2, 3, 4] } });
    await expect(async () => wrong.load(sum([1, 3], 'int32'))).rejects.toThrow(`INPUTS has 4 values for "${first}", which holds 3.`);
    await wrong.close();
  });

  it('refuses sizes that a model cannot have, and goes on', async () => {
    const runtime = await startNative({ DIMENSIONS: { [`${namesOf(sum([1, 2, 2, 3]))[0]}.1`]: 3 } });
    await expect(async () => runtime.load(sum([1, 2, 2, 3]))).rejects.toThrow(/tflite_cpu failed while .*broadcast/);
    await runtime.close();
  });

  it('says so when an input is smaller than a window', async () => {
    const g = new GraphBuilder('window');
    const file = tfliteCpu.convert(g.build(g.conv2d(g.input([1, 9, 9, 2]), 3, { kernelSize: 5, padding: 'valid' })));
    const model = readModel(file);
    const subgraphs = model.subgraphs.map((graph) => ({
      ...graph,
      tensors: graph.tensors.map((item, index) => (index === graph.inputs[0] ? { ...item, shape: [1, 2, 2, 2] } : item)),
    }));
    const runtime = await startNative();
    await expect(async () => runtime.load(writeModel({ ...model, subgraphs }))).rejects.toThrow(
      'smaller than a window of the model; DIMENSIONS in configs/backend_config.yaml sets others',
    );
    await runtime.close();
  });

  it('runs a model whose custom operators XNNPACK takes over', async () => {
    const runtime = await startNative();
    const model = await runtime.load(selfie());
    const input = { shape: [1, 256, 256, 3], data: Float32Array.from({ length: 256 * 256 * 3 }, (_, index) => (index % 251) / 251) };
    const [mask] = await model.execute([input]);
    expect(mask?.shape).toEqual([1, 256, 256, 1]);
    expect(mask?.data.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(new Set(mask?.data).size).toBeGreaterThan(1000);
    await model.close();
    await (await runtime.load(selfie())).close();
    await runtime.close();
  });

  it('names the custom operator where nobody takes it over', async () => {
    const runtime = await startNative({ DELEGATE: 'none' });
    await expect(async () => runtime.load(selfie())).rejects.toThrow(
      'tflite_cpu failed while loading a model: the library has no custom operator "Convolution2DTransposeBias".',
    );
    await (await runtime.load(sum([1, 3]))).close();
    await runtime.close();
  });

  it.each([
    ['xnnpack', /XNNPACK refused dynamic tensors: .*; set DELEGATE to none in configs\/backend_config\.yaml\.$/],
    ['none', undefined],
  ])('says so when XNNPACK refuses dynamic tensors, which run without it: %s', async (DELEGATE, message) => {
    const { subgraphs, operatorCodes, ...rest } = readModel(sum([1, 4]));
    const [graph] = subgraphs;
    const [x, shape, y] = graph?.tensors ?? [];
    if (graph === undefined || x === undefined || shape === undefined || y === undefined) throw new Error('no graph');
    // A reshape to sizes that come in as data.
    const tensors = [x, { ...shape, shape: [2], type: TYPES.int32 }, { ...y, shape: [1, 4] }];
    const operators = [{ opcodeIndex: 0, inputs: [0, 1], outputs: [2] }];
    const code = { deprecatedBuiltinCode: RESHAPE, version: 1, builtinCode: RESHAPE };
    const file = writeModel({
      ...rest,
      operatorCodes: operatorCodes.map((old) => ({ ...old, ...code })),
      subgraphs: [{ ...graph, tensors, operators, inputs: [0, 1], outputs: [2] }],
    });
    const runtime = await startNative({ DELEGATE });
    if (message !== undefined) await expect(async () => runtime.load(file)).rejects.toThrow(message);
    else {
      const model = await runtime.load(file);
      expect(await model.execute([tensor([1, 4], 1, 2, 3, 4), tensor([2], 2, 2)])).toEqual([tensor([2, 2], 1, 2, 3, 4)]);
      expect(await model.execute([tensor([1, 4], 1, 2, 3, 4), tensor([2], 4, 1)])).toEqual([tensor([4, 1], 1, 2, 3, 4)]);
    }
    await runtime.close();
  });
});
