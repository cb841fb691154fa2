import { describe, expect, it } from 'vitest';
import type { ModelGraph } from '../../graph/model-graph.ts';
import { bytesSource } from '../byte-source.ts';
import type { ReadContext } from '../read-options.ts';
import { graph, integers, localFunction, message, model, node, value, weights } from './__fixtures__/write-onnx.ts';
import { readOnnx } from './read-onnx.ts';

const read = (bytes: Uint8Array, context: Partial<ReadContext> = {}): ModelGraph =>
  readOnnx(bytesSource(bytes), { name: 'test.onnx', ...context });

const shapeOf = ({ tensors }: ModelGraph, name: string) => tensors.get(name)?.shape;

const relu = { nodes: [node('Relu', ['x'], ['y'])], inputs: [value('x', [1, 4])], outputs: [value('y', undefined)] };

describe('a model graph', () => {
  it('keeps operators, attributes, shapes and types', () => {
    const read1 = read(
      model({
        nodes: [node('Conv', ['x', 'w', 'b'], ['y'], { strides: [2, 2], pads: [1, 1, 1, 1] })],
        constants: [weights('w', [8, 3, 3, 3]), weights('b', [8])],
        inputs: [value('x', [1, 3, 32, 32])],
        outputs: [value('y', undefined)],
      }),
    );
    expect(read1).toMatchObject({
      name: 'test.onnx',
      format: 'onnx',
      producer: 'test',
      opsets: { '': 17, 'com.microsoft': 1 },
      inputs: ['x'],
      outputs: ['y'],
    });
    expect(read1.nodes).toEqual([
      { name: 'Conv:y', operator: 'Conv', attributes: { strides: [2, 2], pads: [1, 1, 1, 1] }, inputs: ['x', 'w', 'b'], outputs: ['y'] },
    ]);
    expect(read1.tensors.get('y')).toEqual({ name: 'y', dtype: 'float32', constant: false, shape: [1, 8, 16, 16] });
    expect(read1.tensors.get('w')).toEqual({ name: 'w', dtype: 'float32', constant: true, shape: [8, 3, 3, 3] });
    expect(read1.weightBytes).toBe(4 * (8 * 3 * 3 * 3 + 8));
    expect(read1.notes).toBeUndefined();
  });

  it('knows how viewers call its nodes: by their names, by their places where they have none, and all of a function by its call', () => {
    const { nodes } = read(
      model(
        {
          // In the wrong order, so that places are those of the file.
          nodes: [node('Relu', ['b'], ['c'], {}, ''), node('Sigmoid', ['x'], ['a']), node('mine::Twice', ['a'], ['b'])],
          inputs: [value('x', [1, 4])],
          outputs: [value('c', undefined)],
        },
        { functions: [localFunction('Twice', 'mine', ['i'], ['o'], [node('Relu', ['i'], ['t']), node('Relu', ['t'], ['o'])])] },
      ),
    );
    expect(nodes.map(({ operator, name, viewerId = name }) => [operator, viewerId])).toEqual([
      ['Sigmoid', 'Sigmoid:a'],
      ['Relu', 'Twice:b'],
      ['Relu', 'Twice:b'],
      ['Relu', '<node_0>'],
    ]);
  });

  it('leaves out inputs that are constants, as files before IR version 4 list them', () => {
    const old = read(
      model({
        ...relu,
        nodes: [node('Add', ['x', 'c'], ['y'])],
        inputs: [value('x', [1, 4]), value('c', [4])],
        constants: [weights('c', [4])],
      }),
    );
    expect(old.inputs).toEqual(['x']);
    expect(old.tensors.get('c')?.constant).toBe(true);
  });

  it('folds arithmetic of shapes, so that a reshape as PyTorch exports it has a shape', () => {
    const dynamic = read(
      model({
        nodes: [
          node('Shape', ['x'], ['shape']),
          node('Gather', ['shape', 'zero'], ['batch'], { axis: 0 }),
          node('Unsqueeze', ['batch', 'zeros'], ['batch1']),
          node('Concat', ['batch1', 'rest'], ['target'], { axis: 0 }),
          node('Reshape', ['x', 'target'], ['y']),
        ],
        constants: [message([2, 7], [8, 'zero'], [9, new Uint8Array(8)]), integers('zeros', [0]), integers('rest', [-1])],
        inputs: [value('x', [2, 3, 4, 5])],
        outputs: [value('y', undefined)],
      }),
    );
    expect(dynamic.nodes.map(({ operator }) => operator)).toEqual(['Reshape']);
    expect(shapeOf(dynamic, 'y')).toEqual([2, 60]);
  });

  it('writes out local functions with the attributes of the node that calls them', () => {
    const inner = message([1, 'a'], [2, 'b'], [3, 'inner'], [4, 'Softmax'], [5, message([1, 'axis'], [20, 2], [21, 'where'])]);
    const bytes = model(
      { ...relu, nodes: [node('mine::Attend', ['x'], ['y'], { where: 0 })] },
      { functions: [localFunction('Attend', 'mine', ['a'], ['c'], [inner, node('Relu', ['b'], ['c'])])] },
    );
    const inlined = read(bytes);
    expect(inlined.nodes.map(({ operator, attributes }) => [operator, attributes])).toEqual([
      ['Softmax', { axis: 0 }],
      ['Relu', {}],
    ]);
    expect(inlined.nodes[1]?.outputs).toEqual(['y']);
  });

  it('takes the branch of an If whose condition only shapes decide', () => {
    const branch = (operator: string) => ({
      graph: graph({ nodes: [node(operator, ['x'], ['inside'])], outputs: [value('inside', undefined)] }),
    });
    const bytes = model({
      ...relu,
      nodes: [
        node('Shape', ['x'], ['shape']),
        node('Gather', ['shape', 'one'], ['width']),
        node('Equal', ['width', 'four'], ['isFour']),
        node('If', ['isFour'], ['y'], { then_branch: branch('Tanh'), else_branch: branch('Abs') }),
      ],
      constants: [integers('one', [1]), integers('four', [4])],
    });
    expect(read(bytes).nodes.map(({ operator }) => operator)).toEqual(['Tanh', 'Identity']);
  });

  it('keeps control flow whose condition is data, with what it takes from around it', () => {
    const branch = { graph: graph({ nodes: [node('Abs', ['z'], ['inside'])], outputs: [value('inside', undefined)] }) };
    const bytes = model({
      nodes: [node('Relu', ['x'], ['z']), node('If', ['c'], ['y'], { then_branch: branch, else_branch: branch })],
      inputs: [value('x', [1, 4]), value('c', [1], 9)],
      outputs: [value('y', [1, 4])],
    });
    const kept = read(bytes);
    expect(kept.nodes[1]).toMatchObject({ operator: 'If', inputs: ['c', 'z', 'z'], attributes: { then_branch: ['Abs'] } });
    expect(shapeOf(kept, 'y')).toEqual([1, 4]);
  });

  it('drops nodes that nothing needs', () => {
    expect(read(model({ ...relu, nodes: [...relu.nodes, node('Abs', ['x'], ['nobody'])] })).nodes).toHaveLength(1);
  });

  it('sorts nodes that come in another order', () => {
    const nodes = [node('Tanh', ['z'], ['y']), node('Relu', ['x'], ['z'])];
    expect(read(model({ ...relu, nodes })).nodes.map(({ operator }) => operator)).toEqual(['Relu', 'Tanh']);
  });

  it('reads a fused node of ONNX Runtime as what it stands for', () => {
    const bytes = model({
      nodes: [node('com.microsoft::FusedConv', ['x', 'w'], ['y'], { activation: 'Relu', kernel_shape: [1, 1] })],
      constants: [weights('w', [4, 3, 1, 1])],
      inputs: [value('x', [1, 3, 8, 8])],
      outputs: [value('y', [1, 4, 8, 8])],
    });
    expect(read(bytes).nodes.map(({ operator }) => operator)).toEqual(['Conv', 'Relu']);
  });
});

describe('sizes that the file leaves open', () => {
  const free = (shape: readonly (number | string)[]) => model({ ...relu, inputs: [value('x', shape)] });

  it('are pinned', () => {
    const pinned = read(free(['n', 3, 'h', 'w']), { shapes: { x: [2, 3, 640, 480] } });
    expect(shapeOf(pinned, 'y')).toEqual([2, 3, 640, 480]);
    expect(pinned.notes).toBeUndefined();
  });

  it('are 1 for a batch, which the result says', () => {
    const batched = read(free(['batch_size', 3]));
    expect(shapeOf(batched, 'x')).toEqual([1, 3]);
    expect(batched.notes).toEqual(['The batch "batch_size" is left open and taken as 1.']);
  });

  it('are one error otherwise, with names, sizes and the flag', () => {
    expect(() => read(free(['batch', 3, 'height', 'width']))).toThrow(
      expect.objectContaining({
        code: 'ERR_FREE_DIMENSION',
        message: expect.stringContaining('"x" is [batch, 3, height, width]'),
        hint: expect.stringContaining('--shape x=…x3x…x…'),
      }),
    );
  });

  it('are the same wherever they have the same name', () => {
    const bytes = model({
      nodes: [node('Add', ['a', 'b'], ['y'])],
      inputs: [value('a', ['time', 8]), value('b', ['time', 8])],
      outputs: [value('y', undefined)],
    });
    expect(shapeOf(read(bytes, { shapes: { a: [7, 8] } }), 'b')).toEqual([7, 8]);
    expect(() => read(bytes, { shapes: { a: [7, 8], b: [6, 8] } })).toThrow('"time" is pinned to 7 elsewhere');
  });

  it.each([
    [{ z: [1] }, 'has no input "z"; it has "x"'],
    [{ x: [1, 3, 4] }, 'has the input "x" of shape [1, 4], which cannot be [1, 3, 4]'],
    [{ x: [2, 4] }, 'has the input "x" of shape [1, 4], which cannot be [2, 4]'],
    [{ x: [0, 4] }, 'has the input "x" of shape [1, 4], which cannot be [0, 4]'],
  ])('refuse the pin %o', (shapes, problem) => {
    expect(() => read(model(relu), { shapes: shapes as unknown as Record<string, number[]> })).toThrow(problem);
  });
});

describe('weights in other files', () => {
  const external = message([1, 1000], [1, 1000], [2, 1], [8, 'w'], [13, message([1, 'location'], [2, 'big.bin'])], [14, 1]);
  const bytes = model({
    nodes: [node('MatMul', ['x', 'w'], ['y'])],
    constants: [external],
    inputs: [value('x', [1, 1000])],
    outputs: [value('y', undefined)],
  });

  it('are counted', () => {
    const there = read(bytes, { hasFile: () => true });
    expect(there.weightBytes).toBe(4_000_000);
    expect(there.notes).toBeUndefined();
  });

  it('are a note when they are not there', () => {
    expect(read(bytes, { hasFile: () => false }).notes).toEqual([
      'Weights are in "big.bin", which is not there; their sizes are known all the same.',
    ]);
  });
});

describe('a file that is no model', () => {
  const overlong = Uint8Array.from([8, ...Array(11).fill(0x80), 1]);
  let deep = graph({ nodes: [node('Relu', ['x'], ['y'])] });
  for (let level = 0; level < 60; level++) deep = graph({ nodes: [node('If', ['x'], ['y'], { then_branch: { graph: deep } })] });
  const calls = (times: number) =>
    Array.from({ length: times }, (_, index) => (inner: string) => node(inner, [index === 0 ? 'a' : `v${index - 1}`], [`v${index}`]));
  const doubling = Array.from({ length: 30 }, (_, level) =>
    localFunction(
      `F${level}`,
      'mine',
      ['a'],
      ['v1'],
      calls(2).map((call) => call(level === 0 ? 'Relu' : `mine::F${level - 1}`)),
    ),
  );

  it.each<[string, Uint8Array, string]>([
    ['text', new TextEncoder().encode('hello, this is no model at all'), 'ERR_INVALID_MODEL'],
    ['zeros', new Uint8Array(1000), 'it has a field without a number'],
    ['an empty message', message([1, 8]), 'it has no graph'],
    ['a graph without nodes', model({ ...relu, nodes: [] }), 'has a graph without nodes'],
    ['a graph without outputs', model({ ...relu, outputs: [] }), 'has a graph without outputs'],
    ['an overlong number', overlong, 'a number of more than 10 bytes'],
    [
      'messages in messages',
      model({ nodes: [node('If', ['x'], ['y'], { then_branch: { graph: deep } })] }),
      'messages in messages, more than 100 deep',
    ],
    [
      'functions that double each other',
      model({ ...relu, nodes: [node('mine::F29', ['x'], ['y'])] }, { functions: doubling }),
      'more than 200000 nodes',
    ],
    [
      'a function that calls itself',
      model(
        { ...relu, nodes: [node('mine::F', ['x'], ['y'])] },
        { functions: [localFunction('F', 'mine', ['a'], ['b'], [node('mine::F', ['a'], ['b'])])] },
      ),
      'has functions in functions',
    ],
    ['a name that nothing defines', model({ ...relu, nodes: [node('Relu', ['z'], ['y'])] }), 'uses "z", and nothing defines that'],
    ['a value defined twice', model({ ...relu, nodes: [...relu.nodes, ...relu.nodes] }), 'defines the value "y" twice'],
    [
      'nodes in a circle',
      model({ ...relu, nodes: [node('Add', ['x', 'b'], ['a']), node('Add', ['a', 'x'], ['b']), node('Relu', ['b'], ['y'])] }),
      'wait for each other in a circle',
    ],
    ['an output that nothing makes', model({ ...relu, outputs: [value('z', undefined)] }), 'has the output "z", which nothing makes'],
    [
      'shapes that contradict its nodes',
      model({ ...relu, outputs: [value('y', [1, 5])] }),
      'says that "y" is [1, 5], but its nodes make [1, 4] of it',
    ],
    [
      'weights that do not fit',
      model({
        nodes: [node('Conv', ['x', 'w'], ['y'])],
        constants: [weights('w', [8, 4, 3, 3])],
        inputs: [value('x', [1, 3, 8, 8])],
        outputs: [value('y', undefined)],
      }),
      'has weights of the shape [8, 4, 3, 3] for 3 channels in 1 groups',
    ],
    [
      'a constant with too few bytes',
      model({ ...relu, constants: [message([1, 4], [2, 1], [8, 'w'], [9, new Uint8Array(8)])] }),
      'with 8 bytes instead of 16',
    ],
    [
      'operands that do not broadcast',
      model({ ...relu, nodes: [node('Add', ['x', 'c'], ['y'])], constants: [weights('c', [3])] }),
      'joins [1, 4] and [3], which do not broadcast',
    ],
    ['an opset before 7', model(relu, { opset: 6 }), 'is written for opset 6; nnm reads 7 to 23'],
  ])('%s', (_, bytes, problem) => {
    const error = (() => {
      try {
        return read(bytes);
      } catch (caught) {
        return caught;
      }
    })();
    expect(error).toMatchObject({ code: 'ERR_INVALID_MODEL' });
    expect(`${(error as Error).message} ${(error as { code: string }).code}`).toContain(problem);
  });

  it('cut off anywhere is an error or a graph', () => {
    const whole = model(relu);
    for (let length = 0; length < whole.length; length++) {
      try {
        read(whole.subarray(0, length));
      } catch (error) {
        expect(error).toMatchObject({ code: 'ERR_INVALID_MODEL' });
      }
    }
  });
});

it('says when a file is written for a newer opset than nnm knows', () => {
  expect(read(model(relu, { opset: 30 })).notes?.[0]).toContain('opset 30');
});

it('reads a file of 1.5 GB by a few reads', () => {
  const bytes = 1.5 * 2 ** 30;
  const elements = bytes / 4;
  const lengthOf = (length: number): readonly number[] => [...message([1, length])].slice(1);
  const tensorHead = message([1, elements], [2, 1], [8, 'w']);
  const tensorLength = tensorHead.length + 1 + lengthOf(bytes).length + bytes;
  const before = message([1, node('Add', ['x', 'w'], ['y'])], [11, value('x', [1, 1])], [12, value('y', undefined)]);
  const head = Uint8Array.from([...tensorHead, 9 * 8 + 2, ...lengthOf(bytes)]);
  const tensorTag = Uint8Array.from([5 * 8 + 2, ...lengthOf(tensorLength)]);
  const graphLength = before.length + tensorTag.length + tensorLength;
  const start = Uint8Array.from([8, 8, 7 * 8 + 2, ...lengthOf(graphLength), ...before, ...tensorTag, ...head]);
  let readBytes = 0;
  const source = {
    size: start.length + bytes,
    read(position: number, target: Uint8Array) {
      const length = Math.min(target.length, start.length + bytes - position);
      target.fill(0, 0, length);
      target.set(start.subarray(position, position + length));
      readBytes += length;
      return length;
    },
  };
  const large = readOnnx(source, { name: 'large.onnx' });
  expect(large.weightBytes).toBe(bytes);
  expect(readBytes).toBeLessThan(200_000);
});
