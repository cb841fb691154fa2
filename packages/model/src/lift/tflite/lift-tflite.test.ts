import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tfliteCpu } from '@nnm/backend-tflite';
import { type Graph, GraphBuilder, OPERATORS } from '@nnm/core';
import { edgeGraphs } from '@nnm/core/testing';
import { network, networkNames } from '@nnm/zoo';
import { describe, expect, it } from 'vitest';
import { liftKernelGraph } from '../../graph/from-kernel-graph.ts';
import type { ModelGraph } from '../../graph/model-graph.ts';
import { bytesSource } from '../../read/byte-source.ts';
import { readTflite } from '../../read/tflite/read-tflite.ts';
import type { LiftedModel, LiftedOp } from '../lifted-model.ts';
import { liftTflite } from './lift-tflite.ts';

const convert = (graph: Graph): LiftedModel => {
  const name = `${graph.name}.tflite`;
  return liftTflite(readTflite(bytesSource(tfliteCpu.convert(graph)), { name }));
};
const asLifted = (graph: Graph): LiftedModel => liftKernelGraph(graph, { implement: 'tensorflow' });

const opsOf = ({ ops }: LiftedModel): readonly LiftedOp[] => ops.filter((op): op is LiftedOp => op.gap === undefined);

const multiplyAdds = (model: LiftedModel): number =>
  opsOf(model).reduce((sum, { op, inputShapes, outputShapes }) => {
    return sum + (OPERATORS.get(op.op)!.multiplyAdds?.(op, inputShapes, outputShapes) ?? 0);
  }, 0);

/** How often each operator is there; activations by their function. */
function countOps(model: LiftedModel): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const part of model.ops) {
    const name = part.gap ?? (part.op.op === 'activation' ? part.op.function : part.op.op);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** What is there more or less often than in the original, such as `+2 pad`. */
function differences(original: LiftedModel, lifted: LiftedModel): readonly string[] {
  const [before, after] = [countOps(original), countOps(lifted)];
  const all = [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const difference = (after.get(name) ?? 0) - (before.get(name) ?? 0);
    return difference === 0 ? [] : [`${difference > 0 ? '+' : ''}${difference} ${name}`];
  });
  return all.sort();
}

/** Values that both know by the same name have the same shape. */
function expectEqualShapes(graph: Graph, lifted: LiftedModel): void {
  const original = new Map(
    opsOf(asLifted(graph)).flatMap(({ op, outputShapes }) => op.outputs.map((name, index) => [name, outputShapes[index]])),
  );
  let compared = 0;
  for (const { op, outputShapes } of opsOf(lifted)) {
    op.outputs.forEach((name, index) => {
      const shape = original.get(name);
      if (shape === undefined) return;
      compared++;
      expect(outputShapes[index], name).toEqual(shape);
    });
  }
  expect(compared).toBeGreaterThan(0);
}

const REFUSED = tfliteCpu.operators;

/** What TensorFlow Lite says in other words, for good. */
const SAID_OTHERWISE: readonly (readonly [RegExp, readonly string[]])[] = [
  [/batch norm and relu/, ['-1 batchNorm']],
  [/result is used twice/, []],
  [/^(conv2d|depthwiseConv2d|maxPool) with explicit/, ['+1 pad']],
  // Means of the pixels alone: padding counts in TensorFlow Lite, and is divided out.
  [/^avgPool with explicit/, ['+1 mul', '+1 pad']],
  [/flatten/, ['-1 flatten', '+1 reshape']],
  [/, five axes, (one|both) stretched/, ['+3 reshape']],
  [/^(l2Normalize|layerNorm|rmsNorm) of five axes/, ['+2 reshape']],
  [/pow, five axes and a number/, ['+3 reshape']],
  [/matmul of five axes/, ['+3 reshape']],
  [/clip to 0 and 6/, ['-1 clip', '+1 relu6']],
  [/clip at 0/, ['-1 clip', '+1 relu']],
  [/clip from below/, ['-1 clip', '+1 maximum']],
  [/clip from above/, ['-1 clip', '+1 minimum']],
  [/^matmul .*with constant weights/, ['+1 dense', '-1 matmul']],
  [/pad with the edge/, ['+2 gather', '-1 pad']],
  [/reduceMean of height and width, kept/, ['+1 globalAvgPool', '-1 reduceMean']],
  [/transposedConv2d with explicit/, ['+1 slice']],
];

describe('what nnm writes is lifted to what it was written from', () => {
  it.each(edgeGraphs().map(({ name, graph }) => [name, graph] as const))('%s', (name, graph) => {
    if (graph.ops.some(({ op }) => REFUSED?.[op]?.runs === 'refused')) return;
    const lifted = convert(graph);
    expect(lifted.ops.filter(({ gap }) => gap !== undefined)).toEqual([]);
    expect(multiplyAdds(lifted)).toBe(multiplyAdds(asLifted(graph)));
    expectEqualShapes(graph, lifted);
    // The error function is a polynomial there.
    if (name.startsWith('erf')) return;
    expect(differences(asLifted(graph), lifted)).toEqual([...(SAID_OTHERWISE.find(([pattern]) => pattern.test(name))?.[1] ?? [])].sort());
  });

  // Larger networks have no other layers, only hundreds of megabytes of weights.
  const names = networkNames.filter((name) => asLifted(network(name)).model.weightBytes < 2e8);

  it.each(names)('%s', (name) => {
    const graph = network(name);
    const lifted = convert(graph);
    expect(multiplyAdds(lifted)).toBe(multiplyAdds(asLifted(graph)));
    expectEqualShapes(graph, lifted);
    // Folded into the weights before them; pixels that SAME cannot say, or that are cut off again; windows of five axes.
    const expected = /^(-\d+ batchNorm|\+\d+ (pad|slice)|-1 flatten|\+\d+ reshape)$/;
    expect(differences(asLifted(graph), lifted).filter((difference) => !expected.test(difference))).toEqual([]);
  });

  it('keeps attributes, inputs and the nodes of an op', () => {
    const g = new GraphBuilder('kernel', 2);
    const x = g.input([2, 9, 9, 4]);
    const graph = g.build(g.activation(g.depthwiseConv2d(x, { kernelSize: [3, 5], strides: [2, 1], depthMultiplier: 2 }), 'relu6'));
    const lifted = convert(graph);
    expect(lifted).toMatchObject({ implement: 'tensorflow', batchSize: 2 });
    const [conv, relu6] = opsOf(lifted);
    const { inputs: _, outputs: __, ...attributes } = graph.ops[0]!;
    expect(conv!.op).toEqual({ ...attributes, inputs: ['input0'], outputs: ['activation1/depthwiseConv2d0'] });
    expect(conv).toMatchObject({ nodes: [0], inputShapes: [[2, 9, 9, 4]], outputShapes: [[2, 5, 9, 8]] });
    expect(relu6).toMatchObject({ nodes: [0], op: { op: 'activation', function: 'relu6', inputs: ['activation1/depthwiseConv2d0'] } });
  });

  it('takes a group of operators for one op, with all of their nodes', () => {
    const g = new GraphBuilder('norm', 2);
    const lifted = convert(g.build(g.layerNorm(g.input([1, 4, 8]), { epsilon: 1e-3 })));
    expect(lifted.ops).toHaveLength(1);
    expect(lifted.ops[0]).toMatchObject({ op: { op: 'layerNorm', axis: -1, inputs: ['input0'] }, inputShapes: [[1, 4, 8]] });
    expect(lifted.ops[0]!.nodes).toHaveLength(lifted.model.nodes.length);
  });

  it('keeps operators apart whose values between somebody else uses', () => {
    const g = new GraphBuilder('gate', 2);
    const x = g.input([1, 8]);
    const gate = g.activation(x, 'sigmoid');
    const lifted = convert(g.build(g.mul(x, gate), gate));
    expect(opsOf(lifted).map(({ op }) => op.op)).toEqual(['activation', 'mul']);
  });
});

describe('infinite numbers', () => {
  const twoNodes = (min: number, max: number): ModelGraph => {
    const model = oneNode({ operator: 'MAXIMUM', inputs: ['x', 'min'], outputs: ['between'] }, [
      { name: 'x', shape: [1, 8] },
      { name: 'between', shape: [1, 8] },
      { name: 'y', shape: [1, 8] },
      { name: 'min', shape: [], constant: true, values: [min] },
      { name: 'max', shape: [], constant: true, values: [max] },
    ]);
    const smaller = { name: 'smaller', operator: 'MINIMUM', attributes: {}, inputs: ['between', 'max'], outputs: ['y'] };
    return { ...model, nodes: [...model.nodes, smaller] };
  };

  it('two operators that cut off one side only stay two, as the runtime has them', () => {
    const names = (model: ModelGraph) => opsOf(liftTflite(model)).map(({ op }) => op.op);
    expect(names(twoNodes(-1, 1))).toEqual(['clip']);
    expect(names(twoNodes(1e-10, Number.POSITIVE_INFINITY))).toEqual(['maximum', 'minimum']);
    expect(names(twoNodes(1e-10, Number.NaN))).toEqual(['maximum', 'minimum']);
  });

  it('a mask may be padded with minus infinity', () => {
    const model = oneNode({ operator: 'PADV2', inputs: ['x', 'paddings', 'value'] }, [
      { name: 'x', shape: [1, 8] },
      { name: 'y', shape: [1, 10] },
      { name: 'paddings', shape: [2, 2], dtype: 'int32', constant: true, values: [0, 0, 1, 1] },
      { name: 'value', shape: [], constant: true, values: [Number.NEGATIVE_INFINITY] },
    ]);
    expect(liftTflite(model).ops).toMatchObject([{ op: { op: 'pad', value: -3e38 }, outputShapes: [[1, 10]] }]);
  });
});

describe('a real model', () => {
  const selfie = readFileSync(createRequire(import.meta.url).resolve('@mediapipe/selfie_segmentation/selfie_segmentation.tflite'));

  it("has no gaps, with MediaPipe's own operator, and shapes that agree", () => {
    const lifted = liftTflite(readTflite(bytesSource(selfie), { name: 'selfie_segmentation.tflite' }));
    expect(lifted.ops.filter(({ gap }) => gap !== undefined)).toEqual([]);
    expect(lifted.model.nodes.map(({ operator }) => operator)).toContain('custom::Convolution2DTransposeBias');
    expect(opsOf(lifted).map(({ op }) => op.op)).toContain('transposedConv2d');
    expect(opsOf(lifted).at(-1)!.outputShapes).toEqual([[1, 256, 256, 1]]);
    expect(multiplyAdds(lifted)).toBe(59_215_744);
  });
});

/** A model of one node, its tensors float32 unless said. */
function oneNode(
  node: Partial<ModelGraph['nodes'][number]>,
  tensors: readonly Partial<ModelGraph['tensors'] extends ReadonlyMap<string, infer T> ? T : never>[],
): ModelGraph {
  const named = tensors.map((tensor) => ({ name: '', dtype: 'float32' as const, constant: false, ...tensor }));
  return {
    name: 'one.tflite',
    format: 'tflite',
    opsets: {},
    tensors: new Map(named.map((tensor) => [tensor.name, tensor])),
    nodes: [{ name: 'node', operator: '', attributes: {}, inputs: ['x'], outputs: ['y'], ...node }],
    inputs: ['x'],
    outputs: ['y'],
    weightBytes: 0,
  };
}

describe('what cannot be said is a gap that says why', () => {
  const x = { name: 'x', shape: [1, 4, 4, 3] };
  const y = { name: 'y', shape: [1, 4, 4, 3] };

  it.each([
    ['an operator without words', oneNode({ operator: 'CUMSUM' }, [x, y]), 'CUMSUM has no equivalent in nnm'],
    ['a loop', oneNode({ operator: 'WHILE' }, [x, y]), 'WHILE runs as often as data say, so it has no one latency'],
    [
      'a custom operator',
      oneNode({ operator: 'custom::MaxPoolingWithArgmax2D' }, [x, y]),
      'custom::MaxPoolingWithArgmax2D has no equivalent in nnm',
    ],
    [
      'quantised values',
      oneNode({ operator: 'RELU' }, [
        { ...x, dtype: 'int8' },
        { ...y, dtype: 'int8' },
      ]),
      'RELU works on quantised values (int8), which nnm has no word for yet',
    ],
    [
      'other types',
      oneNode({ operator: 'ABS' }, [
        { ...x, dtype: 'int32' },
        { ...y, dtype: 'int32' },
      ]),
      "ABS works on int32 values, and nnm's are float32",
    ],
    [
      'sizes that are computed',
      oneNode({ operator: 'TILE', inputs: ['x', 'r'] }, [x, { name: 'r', shape: [4], dtype: 'int32' }, y]),
      'TILE has repeats that are computed at run time',
    ],
    [
      'a shape that is not known',
      oneNode({ operator: 'RELU' }, [{ name: 'x' }, y]),
      'RELU has an input whose shape depends on what is computed at run time',
    ],
    [
      'weights that are computed',
      oneNode({ operator: 'CONV_2D', inputs: ['x', 'w'] }, [x, { name: 'w', shape: [1, 1, 1, 3] }, y]),
      'CONV_2D has weights that are computed at run time',
    ],
    [
      'more axes than nnm has',
      oneNode({ operator: 'RELU' }, [{ name: 'x', shape: [1, 1, 1, 1, 1, 2] }, y]),
      'RELU is beyond what nnm has words for: "x" has shape [1, 1, 1, 1, 1, 2]; shapes have 1 to 5 sizes',
    ],
    [
      'a fused activation',
      oneNode({ operator: 'ADD', inputs: ['x', 'x'], attributes: { fused_activation_function: 'SIGN_BIT' } }, [x, y]),
      'ADD has the activation SIGN_BIT fused into it, which nnm has no word for',
    ],
  ])('%s', (_, model, gap) => {
    expect(liftTflite(model).ops).toEqual([{ nodes: [0], gap, inputs: model.nodes[0]!.inputs, outputs: ['y'] }]);
  });

  it('and a shape that the operator cannot have is an error', () => {
    const model = oneNode({ operator: 'RELU' }, [x, { name: 'y', shape: [1, 4, 4, 5] }]);
    expect(() => liftTflite(model)).toThrow(
      'one.tflite contradicts itself: "y" is said to be [1, 4, 4, 5], and node makes it [1, 4, 4, 3].',
    );
  });
});
