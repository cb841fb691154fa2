import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../read/byte-source.ts';
import { type GraphParts, integers, model, node, value, weights } from '../../read/onnx/__fixtures__/write-onnx.ts';
import { readOnnx } from '../../read/onnx/read-onnx.ts';
import type { LiftedModel } from '../lifted-model.ts';
import { liftOnnx } from './lift-onnx.ts';

const lift = (parts: GraphParts, opset?: number): LiftedModel =>
  liftOnnx(
    readOnnx(bytesSource(model({ outputs: [value('y', undefined)], ...parts }, opset === undefined ? {} : { opset })), {
      name: 'test.onnx',
    }),
  );

/** Ops with their shapes, and gaps. */
const said = ({ ops }: LiftedModel) => ops.map((lifted) => (lifted.gap === undefined ? [lifted.op.op, ...lifted.inputShapes] : lifted.gap));

const onlyOp = (lifted: LiftedModel) => {
  expect(lifted.ops).toHaveLength(1);
  return lifted.ops[0];
};

describe('an image', () => {
  const x = value('x', [1, 8, 15, 15]);

  it.each([
    [{ pads: [1, 1, 1, 1] }, 'same', [1, 15, 15, 4]],
    [{}, 'valid', [1, 13, 13, 4]],
    [{ pads: [0, 0, 1, 1] }, { top: 0, left: 0, bottom: 1, right: 1 }, [1, 14, 14, 4]],
    [{ auto_pad: 'SAME_UPPER' }, 'same', [1, 15, 15, 4]],
    [{ auto_pad: 'VALID' }, 'valid', [1, 13, 13, 4]],
  ])('is convolved with the padding of %o', (attributes, padding, shape) => {
    const conv = onlyOp(
      lift({ nodes: [node('Conv', ['x', 'w'], ['y'], attributes)], constants: [weights('w', [4, 8, 3, 3])], inputs: [x] }),
    );
    expect(conv).toMatchObject({
      op: { op: 'conv2d', padding, filters: 4, useBias: false, inputs: ['x'], outputs: ['y'] },
      outputShapes: [shape],
    });
  });

  it('is pooled with rounded-up sizes as with the padding that gives them', () => {
    const pool = onlyOp(
      lift({ nodes: [node('MaxPool', ['x'], ['y'], { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 })], inputs: [x] }),
    );
    expect(pool).toMatchObject({ op: { op: 'maxPool', padding: { top: 0, left: 0, bottom: 1, right: 1 } }, outputShapes: [[1, 8, 8, 8]] });
  });

  it('meets a value per channel as [c], and a gate as [n, 1, 1, c]', () => {
    const lifted = lift({
      nodes: [
        node('Conv', ['x', 'w'], ['a']),
        node('Mul', ['a', 'scale'], ['b']),
        node('GlobalAveragePool', ['b'], ['pooled']),
        node('Mul', ['b', 'pooled'], ['y']),
      ],
      constants: [weights('w', [8, 8, 1, 1]), weights('scale', [1, 8, 1, 1])],
      inputs: [x],
    });
    const image = [1, 15, 15, 8];
    expect(said(lifted)).toEqual([
      ['conv2d', image],
      ['mul', image, [8]],
      ['globalAvgPool', image],
      ['mul', image, [1, 1, 1, 8]],
    ]);
    expect(lifted.ops[1]).toMatchObject({ constantInputs: [1] });
  });

  it('is resized', () => {
    const resize = node('Resize', ['x', '', 'scales'], ['y'], { mode: 'linear', coordinate_transformation_mode: 'align_corners' });
    expect(onlyOp(lift({ nodes: [resize], constants: [weights('scales', [4], [1, 1, 2, 2])], inputs: [x] }))).toMatchObject({
      op: { op: 'resize', size: [30, 30], method: 'bilinear', coordinates: 'aligned-corners' },
    });
  });
});

it('says a sequence as an image of height 1, from its convolution on', () => {
  const lifted = lift({
    nodes: [node('Conv', ['x', 'w'], ['a'], { strides: [2], pads: [1, 1] }), node('Relu', ['a'], ['b']), node('Add', ['b', 'b'], ['y'])],
    constants: [weights('w', [6, 4, 3])],
    inputs: [value('x', [1, 4, 20])],
  });
  expect(said(lifted)).toEqual([
    ['conv2d', [1, 1, 20, 4]],
    ['activation', [1, 1, 10, 6]],
    ['add', [1, 1, 10, 6], [1, 1, 10, 6]],
  ]);
});

it('leaves what matrices are made of in the order of the file', () => {
  const lifted = lift({
    nodes: [node('Softmax', ['x'], ['a'], { axis: -1 }), node('MatMul', ['a', 'v'], ['y'])],
    inputs: [value('x', [1, 2, 5, 6]), value('v', [1, 2, 6, 4])],
  });
  expect(said(lifted)).toEqual([
    ['softmax', [1, 2, 5, 6]],
    ['matmul', [1, 2, 5, 6], [1, 2, 6, 4]],
  ]);
});

it('says transposes of more than five axes by those that move', () => {
  const lifted = lift({
    nodes: [
      node('Reshape', ['x', 'windows'], ['a']),
      node('Transpose', ['a'], ['b'], { perm: [0, 1, 3, 2, 4, 5] }),
      node('Reshape', ['b', 'flat'], ['y']),
    ],
    constants: [integers('windows', [1, 8, 7, 8, 7, 96]), integers('flat', [-1, 49, 96])],
    inputs: [value('x', [1, 56, 56, 96])],
  });
  expect(said(lifted)).toEqual([
    ['reshape', [1, 56, 56, 96]],
    ['transpose', [8, 7, 8, 672]],
    ['reshape', [8, 8, 7, 7, 96]],
  ]);
});

it('has softmax over all axes from the first on before version 13', () => {
  const nodes = [node('Softmax', ['x'], ['y'])];
  expect(onlyOp(lift({ nodes, inputs: [value('x', [1, 10, 1, 1])] }, 11))).toMatchObject({ op: { op: 'softmax' } });
  expect(said(lift({ nodes, inputs: [value('x', [1, 10, 2, 2])] }, 11))).toEqual(['Softmax over several axes has no equivalent in nnm']);
});

describe('what does nothing', () => {
  it('is left out, and an output of the model keeps its name', () => {
    const lifted = lift({
      nodes: [node('Relu', ['x'], ['a']), node('Dropout', ['a'], ['b']), node('Tanh', ['b'], ['c']), node('Identity', ['c'], ['y'])],
      inputs: [value('x', [2, 3])],
    });
    expect(lifted.ops).toMatchObject([
      { nodes: [0], op: { inputs: ['x'], outputs: ['a'] } },
      { nodes: [2], op: { inputs: ['a'], outputs: ['y'] } },
    ]);
  });
});

describe('functions that are spelled out', () => {
  const x = value('x', [2, 5, 8]);
  const number = (name: string, given: number) => weights(name, [], [given]);

  it('are one op with the positions of all their nodes', () => {
    const lifted = lift({
      nodes: [
        node('ReduceMean', ['x'], ['mean'], { axes: [-1] }),
        node('Sub', ['x', 'mean'], ['d']),
        node('Pow', ['d', 'two'], ['p']),
        node('ReduceMean', ['p'], ['v'], { axes: [2] }),
        node('Add', ['v', 'eps'], ['e']),
        node('Sqrt', ['e'], ['s']),
        node('Div', ['d', 's'], ['n']),
        node('Mul', ['n', 'gamma'], ['m']),
        node('Add', ['m', 'beta'], ['y']),
      ],
      constants: [number('two', 2), number('eps', 1e-6), weights('gamma', [8]), weights('beta', [8])],
      inputs: [x],
    });
    expect(onlyOp(lifted)).toMatchObject({ nodes: [0, 1, 2, 3, 4, 5, 6, 7, 8], op: { op: 'layerNorm', axis: -1, epsilon: 1e-6 } });
  });

  it.each([
    { what: 'x / 1.414 first', scale: ['Div', 'x', 'root'], first: ['Mul', 'x', 'sum'], last: ['Mul', 'product', 'half'] },
    { what: 'the half first', scale: ['Mul', 'x', 'inverse'], first: ['Mul', 'x', 'half'], last: ['Mul', 'product', 'sum'] },
  ])('are gelu with $what', ({ scale, first, last }) => {
    const step = ([operator = '', ...inputs]: readonly string[], output: string) => node(operator, inputs, [output]);
    const lifted = lift({
      nodes: [
        step(scale, 'scaled'),
        node('Erf', ['scaled'], ['erf']),
        node('Add', ['erf', 'one'], ['sum']),
        step(first, 'product'),
        step(last, 'y'),
      ],
      constants: [number('root', Math.SQRT2), number('inverse', Math.SQRT1_2), number('one', 1), number('half', 0.5)],
      inputs: [x],
    });
    expect(onlyOp(lifted)).toMatchObject({ nodes: [0, 1, 2, 3, 4], op: { op: 'gelu', approximate: 'none' } });
  });

  it('stay apart when something else reads what lies inside', () => {
    const lifted = lift({
      nodes: [node('Sigmoid', ['x'], ['gate']), node('Mul', ['x', 'gate'], ['y'])],
      inputs: [x],
      outputs: [value('y', undefined), value('gate', undefined)],
    });
    expect(said(lifted).map(([op]) => op)).toEqual(['activation', 'mul']);
  });
});

describe('a gap', () => {
  it.each([
    [node('mine::Magic', ['x'], ['y']), 'mine::Magic has no equivalent in nnm'],
    [
      node('GRU', ['x', 'w', 'w'], ['y'], { hidden_size: 4 }),
      'GRU has no equivalent in nnm: it is a recurrent layer, and how long it takes depends on the runtime’s own loop',
    ],
    [node('QLinearConv', ['x', 'w'], ['y']), 'QLinearConv has no equivalent in nnm: it is quantised, and nnm’s values are float32'],
    [node('Conv', ['x', 'x'], ['y']), 'Conv has filters that are computed at run time'],
    [node('Conv', ['x', 'w'], ['y'], { pads: [-1, 0] }), 'Conv with negative padding has no equivalent in nnm'],
  ])('names the operator and why: %#', (given, why) => {
    const lifted = lift({ nodes: [given], constants: [weights('w', [3, 3, 1])], inputs: [value('x', [3, 3, 9])] });
    expect(lifted.ops).toMatchObject([{ nodes: [0], gap: why, inputs: expect.arrayContaining(['x']), outputs: ['y'] }]);
  });

  it('is what computes with other types than float32', () => {
    const lifted = lift({ nodes: [node('Add', ['x', 'x'], ['y'])], inputs: [value('x', [4], 7)] });
    expect(said(lifted)).toEqual(['Add of int64 has no equivalent in nnm, whose values are float32']);
  });
});
