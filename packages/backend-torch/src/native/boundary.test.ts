import type { Runtime, Tensor } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { torchCpu } from '../index.ts';
import { encodeModel } from '../lowering/onnx-schema.ts';
import start from '../runtime.ts';

/** `TensorProto.DataType` */
const TYPES = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
};

interface ModelText {
  readonly op: string;
  readonly inputs: readonly (readonly [name: string, type: keyof typeof TYPES, sizes: readonly (number | undefined)[]])[];
  readonly output: readonly [type: keyof typeof TYPES, sizes: readonly (number | undefined)[]];
  readonly initializers?: Readonly<Record<string, Float32Array>>;
  readonly irVersion?: number;
}

/** A model of one node. */
function model({ op, inputs, output, initializers = {}, irVersion = 8 }: ModelText): Uint8Array {
  const port = (name: string, type: keyof typeof TYPES, sizes: readonly (number | undefined)[]) => ({
    name,
    type: { tensorType: { elemType: TYPES[type], shape: { dim: sizes.map((dimValue) => ({ dimValue }) as { dimValue: number }) } } },
  });
  return encodeModel({
    irVersion,
    producerName: 'test',
    producerVersion: '1',
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'test',
      node: [{ opType: op, name: 'node', input: inputs.map(([name]) => name), output: ['y'], attribute: [] }],
      initializer: Object.entries(initializers).map(([name, values]) => ({
        name,
        dims: [values.length],
        dataType: TYPES.float32,
        rawData: new Uint8Array(values.buffer),
      })),
      input: inputs.map((input) => port(...input)),
      output: [port('y', ...output)],
    },
  });
}

const tensor = (shape: readonly number[], ...values: readonly number[]): Tensor => ({ shape, data: Float32Array.from(values) });

describe.each(['c_api', 'javascript'])('the boundary of a model, through %s', (CALL) => {
  const startWith = (settings: object = {}): Promise<Runtime> => Promise.resolve(start(torchCpu.parseSettings({ CALL, ...settings })));

  it.each(['float32', 'float64', 'float16', 'int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'bool'] as const)(
    'takes and gives %s',
    async (type) => {
      const runtime = await startWith();
      const loaded = await runtime.load(model({ op: 'Identity', inputs: [['x', type, [2, 1]]], output: [type, [2, 1]] }));
      await loaded.run();
      const values = type === 'bool' ? [0, 1] : [1, 100];
      expect(await loaded.execute([tensor([2, 1], ...values)])).toEqual([tensor([2, 1], ...values)]);
      if (!type.startsWith('float')) {
        await expect(async () => loaded.execute([tensor([2, 1], 1, 0.5)])).rejects.toThrow(`\`inputs[0]\` must be whole numbers from`);
      }
      await loaded.close();
      await runtime.close();
    },
  );

  it.each([[[]], [[3]], [[1, 2, 1, 1, 3]], [[1, 1, 2, 1, 1, 3]]])('takes and gives tensors of shape %j', async (shape) => {
    const runtime = await startWith();
    const loaded = await runtime.load(model({ op: 'Neg', inputs: [['x', 'float32', shape]], output: ['float32', shape] }));
    const values = Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, index) => index + 1);
    const [answer] = await loaded.execute([tensor(shape, ...values)]);
    expect(answer).toEqual(tensor(shape, ...values.map((value) => -value)));
    await runtime.close();
  });

  it('refuses strings by the name of the input', async () => {
    const runtime = await startWith();
    await expect(async () =>
      runtime.load(model({ op: 'Identity', inputs: [['words', 'string', [2]]], output: ['string', [2]] })),
    ).rejects.toThrow('"words" holds elements of type string; inputs and outputs must be tensors of numbers or booleans.');
    await runtime.close();
  });

  it('names the sizes that a file leaves open, and runs with those that are given', async () => {
    const open = model({
      op: 'Neg',
      inputs: [['x', 'float32', [undefined, undefined, 2]]],
      output: ['float32', [undefined, undefined, 2]],
    });
    const strict = await startWith();
    await expect(async () => strict.load(open)).rejects.toThrow('the file leaves open axis 1 of "x".');
    const runtime = await startWith({ DIMENSIONS: { 'x.1': 3 } });
    const loaded = await runtime.load(open);
    await loaded.run();
    expect(await loaded.execute([tensor([1, 3, 2], 1, 2, 3, 4, 5, 6)])).toEqual([tensor([1, 3, 2], -1, -2, -3, -4, -5, -6)]);
    await runtime.close();
  });

  it('says which integer inputs held a guess when a run fails, and feeds what it is told', async () => {
    const gather = model({
      op: 'Gather',
      inputs: [
        ['table', 'float32', [1]],
        ['row', 'int64', [2]],
      ],
      output: ['float32', [2]],
    });
    const guessing = await startWith();
    const failing = await guessing.load(gather);
    await expect(async () => failing.run()).rejects.toThrow(
      '"row" held 1 everywhere, which may be none it takes: INPUTS: { row: <value> }',
    );
    // Values of the caller's own are no guess.
    await expect(async () => failing.execute([tensor([1], 5), tensor([2], 3, 3)])).rejects.not.toThrow('INPUTS');
    await guessing.close();
    const told = await startWith({ INPUTS: { row: 0 } });
    await (await told.load(gather)).run();
    await told.close();
  });

  it('reads outputs whose sizes depend on the data', async () => {
    const runtime = await startWith();
    const loaded = await runtime.load(model({ op: 'NonZero', inputs: [['x', 'float32', [4]]], output: ['int64', [1, undefined]] }));
    for (let i = 0; i < 3; i++) await loaded.run();
    expect(await loaded.execute([tensor([4], 0, 5, 0, 7)])).toEqual([tensor([1, 2], 1, 3)]);
    expect(await loaded.execute([tensor([4], 1, 1, 1, 0)])).toEqual([tensor([1, 3], 0, 1, 2)]);
    expect(await loaded.execute([tensor([4], 0, 0, 0, 0)])).toEqual([{ shape: [1, 0], data: new Float32Array(0) }]);
    await loaded.run();
    await loaded.close();
    await runtime.close();
  });

  // Before IR 4 every initialiser had to be an input as well; since then one may be, and can be overridden.
  it.each([3, 4, 8])('takes no initialiser for an input, in a file of IR version %i', async (irVersion) => {
    const runtime = await startWith();
    const bytes = model({
      op: 'Add',
      inputs: [
        ['x', 'float32', [2]],
        ['weight', 'float32', [2]],
      ],
      output: ['float32', [2]],
      initializers: { weight: Float32Array.of(10, 20) },
      irVersion,
    });
    const loaded = await runtime.load(bytes);
    expect(await loaded.execute([tensor([2], 1, 2)])).toEqual([tensor([2], 11, 22)]);
    await runtime.close();
  });
});
