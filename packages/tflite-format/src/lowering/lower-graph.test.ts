import { GraphBuilder, InvalidGraphError, UnsupportedOperatorError, type ValueId } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { convertGraph } from '../convert-graph.ts';
import { BuiltinOperator, FusedActivation } from '../flatbuffer/schema.ts';
import { lowerGraph } from './lower-graph.ts';

const ACTIVATION = Object.fromEntries(Object.entries(FusedActivation).map(([name, code]) => [code, name]));
const OPERATOR = Object.fromEntries(Object.entries(BuiltinOperator).map(([name, code]) => [code, name]));
const PADDING = ['SAME', 'VALID'];

/** Operators in order, with padding and fused activation: `CONV_2D SAME relu`. */
function listing(model: ReturnType<typeof lowerGraph>): readonly string[] {
  return model.subgraphs[0]!.operators.map(({ opcodeIndex, options }) => {
    const padding = options && 'padding' in options ? [PADDING[options.padding]] : [];
    const activation =
      options && 'fusedActivation' in options && options.fusedActivation !== 0 ? [ACTIVATION[options.fusedActivation]] : [];
    return [OPERATOR[model.operatorCodes[opcodeIndex]!.builtinCode], ...padding, ...activation].join(' ');
  });
}

function lower(write: (g: GraphBuilder) => ValueId | readonly ValueId[]) {
  const g = new GraphBuilder('kernel', 11);
  return lowerGraph(g.build(...[write(g)].flat()));
}

describe('lowerGraph', () => {
  it.each<[string, (g: GraphBuilder) => ValueId | readonly ValueId[], readonly string[]]>([
    [
      'conv-bn-relu',
      (g) => g.activation(g.batchNorm(g.conv2d(g.input([1, 8, 8, 3]), 4, { kernelSize: 3 })), 'relu'),
      ['CONV_2D SAME relu'],
    ],
    ['conv-hswish', (g) => g.activation(g.conv2d(g.input([1, 8, 8, 3]), 4, { kernelSize: 3 }), 'hswish'), ['CONV_2D SAME', 'HARD_SWISH']],
    [
      'dwconv-bn-relu6',
      (g) => g.activation(g.batchNorm(g.depthwiseConv2d(g.input([1, 8, 8, 3]), { kernelSize: 3 })), 'relu6'),
      ['DEPTHWISE_CONV_2D SAME relu6'],
    ],
    ['bnrelu', (g) => g.activation(g.batchNorm(g.input([1, 8, 8, 3])), 'relu'), ['MUL', 'ADD relu']],
    ['addrelu', (g) => g.activation(g.add(g.input([1, 8, 8, 3]), g.input([1, 8, 8, 3])), 'relu'), ['ADD relu']],
    ['relu', (g) => g.activation(g.input([1, 8, 8, 3]), 'relu'), ['RELU']],
    ['swish', (g) => g.activation(g.input([1, 8, 8, 3]), 'swish'), ['LOGISTIC', 'MUL']],
    ['hsigmoid', (g) => g.activation(g.input([1, 8, 8, 3]), 'hsigmoid'), ['ADD relu6', 'MUL']],
    ['fc', (g) => g.batchNorm(g.dense(g.input([1, 8]), 3)), ['FULLY_CONNECTED']],
    ['channelshuffle', (g) => g.channelShuffle(g.input([1, 8, 8, 4]), 2), ['RESHAPE', 'TRANSPOSE', 'RESHAPE']],
    [
      'grouped convolution',
      (g) => g.activation(g.conv2d(g.input([1, 8, 8, 4]), 6, { kernelSize: 1, groups: 2 }), 'relu'),
      ['SPLIT', 'CONV_2D SAME relu', 'CONV_2D SAME relu', 'CONCATENATION'],
    ],
    ['a group per channel', (g) => g.conv2d(g.input([1, 8, 8, 4]), 8, { kernelSize: 3, groups: 4 }), ['DEPTHWISE_CONV_2D SAME']],
    [
      'batch norm before a convolution',
      (g) => g.conv2d(g.batchNorm(g.input([1, 8, 8, 4])), 8, { kernelSize: 3 }),
      ['MUL', 'ADD', 'CONV_2D SAME'],
    ],
    [
      'a result that is used twice',
      (g) => {
        const y = g.conv2d(g.input([1, 8, 8, 3]), 3, { kernelSize: 3 });
        return g.add(g.activation(g.batchNorm(y), 'relu'), y);
      },
      ['CONV_2D SAME', 'MUL', 'ADD relu', 'ADD'],
    ],
    [
      'a result that is an output of the graph',
      (g) => {
        const y = g.conv2d(g.input([1, 8, 8, 3]), 3, { kernelSize: 3 });
        return [y, g.activation(y, 'relu')];
      },
      ['CONV_2D SAME', 'RELU'],
    ],
    [
      'an output of the graph before the activation',
      (g) => {
        const y = g.batchNorm(g.conv2d(g.input([1, 8, 8, 3]), 3, { kernelSize: 3 }));
        return [y, g.activation(y, 'relu6')];
      },
      ['CONV_2D SAME', 'RELU6'],
    ],
    [
      'a concatenation, which has no fused activation',
      (g) => g.activation(g.concat([g.input([1, 8, 8, 3]), g.input([1, 8, 8, 3])]), 'relu'),
      ['CONCATENATION', 'RELU'],
    ],
  ])('writes %s', (_, write, expected) => {
    expect(listing(lower(write))).toEqual(expected);
  });

  const ONE = { top: 1, bottom: 1, left: 1, right: 1 };
  it.each<[string, (g: GraphBuilder) => ValueId, readonly string[]]>([
    ['explicit pixels that are SAME', (g) => g.conv2d(g.input([1, 8, 8, 3]), 4, { kernelSize: 3, padding: ONE }), ['CONV_2D SAME']],
    [
      'explicit pixels that are SAME on an odd size only (odd)',
      (g) => g.conv2d(g.input([1, 7, 7, 3]), 4, { kernelSize: 3, strides: 2, padding: ONE }),
      ['CONV_2D SAME'],
    ],
    [
      'explicit pixels that are SAME on an odd size only (even)',
      (g) => g.conv2d(g.input([1, 8, 8, 3]), 4, { kernelSize: 3, strides: 2, padding: ONE }),
      ['PAD', 'CONV_2D VALID'],
    ],
    [
      'pixels after the last window',
      (g) => g.conv2d(g.input([1, 8, 8, 3]), 4, { kernelSize: 2, strides: 2, padding: { top: 0, bottom: 1, left: 0, right: 1 } }),
      ['CONV_2D SAME'],
    ],
    ['valid', (g) => g.conv2d(g.input([1, 8, 8, 3]), 4, { kernelSize: 3, padding: 'valid' }), ['CONV_2D VALID']],
    ['windows further apart than wide', (g) => g.conv2d(g.input([1, 8, 8, 3]), 4, { kernelSize: 3, strides: 4 }), ['CONV_2D VALID']],
    [
      'a maximum over any numbers',
      (g) => g.maxPool(g.input([1, 8, 8, 3]), { kernelSize: 3, strides: 2, padding: ONE }),
      ['PADV2', 'MAX_POOL_2D VALID'],
    ],
    [
      'a maximum over numbers that are never negative',
      (g) =>
        g.maxPool(g.activation(g.conv2d(g.input([1, 8, 8, 3]), 4, { kernelSize: 1 }), 'relu'), { kernelSize: 3, strides: 2, padding: ONE }),
      ['CONV_2D SAME relu', 'PAD', 'MAX_POOL_2D VALID'],
    ],
    [
      'an average',
      (g) => g.activation(g.avgPool(g.input([1, 8, 8, 3]), { kernelSize: 3, strides: 2, padding: ONE }), 'relu'),
      ['PAD', 'AVERAGE_POOL_2D VALID', 'MUL relu'],
    ],
  ])('pads %s', (_, write, expected) => {
    expect(listing(lower(write))).toEqual(expected);
  });

  it('keeps the order of inputs and outputs', () => {
    const model = lower((g) => {
      const [a, b] = [g.input([1, 4]), g.input([1, 4])];
      return [g.add(b, a), a];
    });
    const { tensors, inputs, outputs } = model.subgraphs[0]!;
    expect(inputs.map((index) => tensors[index]?.name)).toEqual(['input0', 'input1']);
    expect(outputs.map((index) => tensors[index]?.name)).toEqual(['add0', 'input0']);
  });

  it('writes version 4 of TRANSPOSE, the first for five dimensions', () => {
    const { operatorCodes } = lower((g) => g.channelShuffle(g.input([1, 8, 8, 4]), 2));
    expect(operatorCodes.map(({ builtinCode, version }) => [OPERATOR[builtinCode], version])).toEqual([
      ['RESHAPE', 1],
      ['TRANSPOSE', 4],
    ]);
  });

  it('refuses a graph that is not valid', () => {
    const g = new GraphBuilder('kernel');
    const graph = g.build(g.activation(g.input([1, 4]), 'relu'));
    expect(() => lowerGraph({ ...graph, outputs: ['none'] })).toThrow(InvalidGraphError);
  });

  it('leaves out what reaches no output, as a file may have it', () => {
    const g = new GraphBuilder('idle');
    const x = g.input([1, 4]);
    const idle = g.activation(x, 'relu');
    const graph = g.build(idle, g.abs(x));
    expect(lowerGraph({ ...graph, outputs: graph.outputs.slice(1) }).subgraphs[0]!.operators).toHaveLength(1);
  });

  it.each<[string, (g: GraphBuilder) => ValueId, RegExp]>([
    ['five axes that broadcast in turns', (g) => g.add(g.input([2, 1, 2, 1, 2]), g.input([1, 3, 1, 3, 1])), /operator "add": its kernels/],
    [
      'a matrix product whose batches of five axes broadcast in turns',
      (g) => g.matmul(g.input([2, 1, 2, 3, 4]), g.input([3, 1, 4, 4])),
      /operator "matmul": BATCH/,
    ],
  ])('refuses %s by name', (_, write, message) => {
    expect(() => lower(write)).toThrow(UnsupportedOperatorError);
    expect(() => lower(write)).toThrow(message);
  });

  it.each<[string, (g: GraphBuilder) => ValueId, readonly string[]]>([
    ['a product with constant weights', (g) => g.matmul(g.input([2, 3, 4]), g.constant([4, 5])), ['FULLY_CONNECTED']],
    ['a product of two values', (g) => g.matmul(g.input([2, 3, 4]), g.input([2, 4, 5])), ['BATCH_MATMUL']],
    [
      'a transposed convolution and its batch norm',
      (g) => g.batchNorm(g.transposedConv2d(g.input([1, 4, 4, 3]), 4, { kernelSize: 2, strides: 2 })),
      ['TRANSPOSE_CONV SAME'],
    ],
    ['a subtraction and a relu', (g) => g.activation(g.sub(g.input([1, 4]), 2), 'relu'), ['SUB relu']],
    [
      'a layer norm as TensorFlow has it',
      (g) => g.layerNorm(g.input([1, 4, 8])),
      ['MEAN', 'SQUARED_DIFFERENCE', 'MEAN', 'ADD', 'RSQRT', 'MUL', 'MUL', 'SUB', 'MUL', 'ADD'],
    ],
  ])('writes %s', (_, write, expected) => {
    expect(listing(lower(write))).toEqual(expected);
  });

  it('is for IMPLEMENT tensorflow', () => {
    const g = new GraphBuilder('kernel');
    const graph = g.build(g.activation(g.input([1, 4]), 'relu'));
    expect(() => convertGraph('tflite_cpu', graph, 'torch')).toThrow(
      `tflite_cpu cannot convert the graph "kernel": it follows TensorFlow's padding, not that of torch.`,
    );
  });
});
