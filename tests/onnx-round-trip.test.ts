import { torchCpu } from '@nnm/backend-torch';
import {
  dilatedSize,
  type Graph,
  inferShapes,
  OPERATORS,
  type Op,
  type Padding,
  resolvePadding,
  resolveTransposedPadding,
  type Shape,
} from '@nnm/core';
import { edgeGraphs } from '@nnm/core/testing';
import { bytesSource, type LiftedModel, liftModel, readOnnx } from '@nnm/model';
import { network, networkNames } from '@nnm/zoo';
import { describe, expect, it } from 'vitest';

/** A graph as the torch backend writes it, read again. */
const roundTrip = (graph: Graph): LiftedModel =>
  liftModel(readOnnx(bytesSource(torchCpu.convert(graph, 'torch')), { name: `${graph.name}.onnx` }));

const gapsOf = ({ ops }: LiftedModel): readonly string[] => ops.flatMap(({ gap }) => gap ?? []);

interface OpWithShapes {
  readonly op: Op;
  readonly inputShapes: readonly Shape[];
  readonly outputShapes: readonly Shape[];
}

const liftedOps = ({ ops }: LiftedModel): readonly OpWithShapes[] => ops.flatMap((lifted) => (lifted.gap === undefined ? lifted : []));

function graphOps(graph: Graph): readonly OpWithShapes[] {
  const shapes = inferShapes(graph);
  const shapesOf = (ids: readonly string[]): readonly Shape[] => ids.map((id) => shapes.get(id) as Shape);
  const constants = new Set(graph.ops.filter(({ op }) => op === 'constant').flatMap(({ outputs }) => outputs));
  const ops = graph.ops.filter(({ op }) => op !== 'constant');
  return ops.map((op) => ({
    op,
    inputShapes: shapesOf(op.inputs).map((shape, index) =>
      constants.has(op.inputs[index] as string) && op.op !== 'concat' ? withoutLeadingOnes(shape) : shape,
    ),
    outputShapes: shapesOf(op.outputs),
  }));
}

const withoutLeadingOnes = (shape: Shape): Shape => shape.slice(shape.findIndex((size) => size !== 1));

const flops = (ops: readonly OpWithShapes[]): number =>
  ops.reduce((sum, { op, inputShapes, outputShapes }) => sum + (OPERATORS.get(op.op)?.flops(op, inputShapes, outputShapes) ?? 0), 0);

/** One way of saying what can be said in several: axes from the front, padding in pixels, a constant matrix as a layer. */
function plainly({ op: { inputs: _, outputs: __, ...op }, inputShapes, outputShapes }: OpWithShapes): object {
  const [input = [], second] = inputShapes;
  const said: Record<string, unknown> = { ...op };
  const resolve = (axis: number): number => (axis < 0 ? axis + input.length : axis);
  if ('axis' in op && op.axis !== undefined && op.op !== 'pack') said.axis = resolve(op.axis);
  if (['concat', 'split'].includes(op.op)) said.axis ??= input.length - 1;
  if (op.op === 'expandDims' || op.op === 'pack') said.axis = (op.axis + input.length + 1) % (input.length + 1);
  if ('axes' in op) said.axes = (op.axes.length === 0 ? input.map((_size, axis) => axis) : op.axes.map(resolve)).sort((a, b) => a - b);
  if (op.op === 'reshape') said.shape = outputShapes[0];
  if (op.op === 'transposedConv2d') said.padding = resolveTransposedPadding(op.padding, 'torch', op.kernelSize, op.strides);
  else if ('padding' in op) {
    const size = [input[1], input[2]] as unknown as [number, number];
    said.padding = resolvePadding(
      op.padding as Padding,
      'torch',
      size,
      dilatedSize(op.kernelSize, 'dilation' in op ? op.dilation : undefined),
      op.strides,
    );
  }
  if (op.op === 'clip' && op.min === 0 && (op.max === 6 || op.max === undefined)) return { op: op.max === 6 ? 'relu6' : 'relu', input };
  if (op.op === 'activation' && ['relu', 'relu6'].includes(op.function)) return { op: op.function, input };
  const shapes = op.op === 'add' || op.op === 'mul' ? inputShapes : [input, second].filter(Boolean);
  return { ...said, inputShapes: shapes, outputShapes };
}

/**
 * Edges that are not said as they were written: they run in another layout there, are composed with movements, are the same
 * function under another name.
 */
const SAID_OTHERWISE =
  /an image and a (row|value per column)|a smaller first operand|five axes, (one|both) stretched|^argMax of the (channels|height)|^batchNorm of (a sequence|one axis|five)|^flatten, channels fastest|^pad symmetrically|constant weights|^reduce\w+ of (height alone|the channels|width and channels|the batch)/;

describe('an operator in its corners, written as ONNX and read again', () => {
  it.each(edgeGraphs().map(({ graph }) => [graph.name, graph] as const))('%s', (name, graph) => {
    const lifted = roundTrip(graph);
    expect(gapsOf(lifted)).toEqual([]);
    expect(flops(liftedOps(lifted))).toBe(flops(graphOps(graph)));
    if (!SAID_OTHERWISE.test(name)) expect(liftedOps(lifted).map(plainly)).toEqual(graphOps(graph).map(plainly));
  });
});

/** vgg-11 with more of the same layers; half a gigabyte each. */
const ALIKE = ['vgg-13', 'vgg-16', 'vgg-19'];

describe('a network of the zoo, written as ONNX and read again', () => {
  it.each(networkNames.filter((name) => !ALIKE.includes(name)))('%s', (name) => {
    const graph = network(name);
    const lifted = roundTrip(graph);
    expect(gapsOf(lifted)).toEqual([]);
    expect(flops(liftedOps(lifted))).toBe(flops(graphOps(graph)));
    // Where images and other values meet, the file has transposes that the graph does not.
    const kept = (ops: readonly OpWithShapes[]): readonly object[] => ops.filter(({ op }) => op.op !== 'transpose').map(plainly);
    expect(kept(liftedOps(lifted))).toEqual(kept(graphOps(graph)));
  });
});
