import {
  type ActivationFunction,
  drawWeights,
  type Graph,
  type Op,
  type OpWeights,
  resolvePadding,
  type Shape,
  type Shapes,
} from '@nnm/core';
import type { Attributes, OnnxWriter } from './onnx-writer.ts';
import { torchKernel } from './weight-layout.ts';

/** What lowering one op needs to know of the rest. */
export interface LoweringContext {
  readonly graph: Graph;
  readonly shapes: Shapes;
  readonly writer: OnnxWriter;
  /** Shape before `flatten`, of values that are kept in PyTorch's order `[c, h, w]` because only dense layers read them. */
  readonly channelsFirst: ReadonlyMap<string, Shape>;
}

/** Write the nodes of one op as `torch.onnx.export` writes the module it stands for. */
export function lowerOp(op: Op, context: LoweringContext): void {
  const { writer, shapes } = context;
  const input = op.inputs[0] as string;
  const output = op.outputs[0] as string;
  const shape = shapes.get(input) as Shape;
  switch (op.op) {
    case 'conv2d': {
      const weights = drawWeights(context.graph, op, shapes);
      const [kh, kw] = op.kernelSize;
      const perGroup = (shape[3] as number) / op.groups;
      const kernel = torchKernel(weights.kernel!, kh * kw);
      const inputs = [input, writer.floats(`${output}.weight`, [op.filters, perGroup, kh, kw], kernel), ...bias(op, weights, writer)];
      writer.node('Conv', inputs, op.outputs, { ...windowAttributes(op, shape), dilations: [1, 1], group: op.groups });
      return;
    }
    case 'depthwiseConv2d': {
      const weights = drawWeights(context.graph, op, shapes);
      const [kh, kw] = op.kernelSize;
      const channels = shape[3] as number;
      const kernel = torchKernel(weights.kernel!, kh * kw);
      const inputs = [input, writer.floats(`${output}.weight`, [channels, 1, kh, kw], kernel), ...bias(op, weights, writer)];
      writer.node('Conv', inputs, op.outputs, { ...windowAttributes(op, shape), dilations: [1, 1], group: channels });
      return;
    }
    case 'dense': {
      const weights = drawWeights(context.graph, op, shapes);
      const features = shape[1] as number;
      const [, h = 1, w = 1] = context.channelsFirst.get(input) ?? [];
      const kernel = torchKernel(weights.kernel!, h * w);
      const inputs = [input, writer.floats(`${output}.weight`, [op.units, features], kernel), ...bias(op, weights, writer)];
      writer.node('Gemm', inputs, op.outputs, { transB: 1 });
      return;
    }
    case 'batchNorm': {
      const weights = drawWeights(context.graph, op, shapes);
      const constants = BATCH_NORM.map(([name, torch]) =>
        writer.floats(`${output}.${torch}`, [shape.at(-1) as number], data(weights, name)),
      );
      writer.node('BatchNormalization', [input, ...constants], op.outputs, { epsilon: { float: op.epsilon } });
      return;
    }
    case 'activation':
      lowerActivation(op.function, input, output, writer);
      return;
    case 'maxPool':
      writer.node('MaxPool', [input], op.outputs, { ...windowAttributes(op, shape), ceil_mode: 0 });
      return;
    case 'avgPool':
      writer.node('AveragePool', [input], op.outputs, { ...windowAttributes(op, shape), ceil_mode: 0, count_include_pad: 0 });
      return;
    case 'globalAvgPool': {
      const pooled = op.keepDims ? output : writer.unusedName(`${output}/pooled`);
      writer.node('GlobalAveragePool', [input], [pooled]);
      if (!op.keepDims) writer.node('Flatten', [pooled], op.outputs, { axis: 1 });
      return;
    }
    case 'flatten': {
      const [, h, w, c] = shape as readonly [number, number, number, number];
      const sameOrder = context.channelsFirst.has(output) || h * w === 1 || c === 1;
      const source = sameOrder ? input : writer.unusedName(`${output}/channels_last`);
      if (!sameOrder) writer.node('Transpose', [input], [source], { perm: [0, 2, 3, 1] });
      writer.node('Flatten', [source], op.outputs, { axis: 1 });
      return;
    }
    case 'concat':
      writer.node('Concat', op.inputs, op.outputs, { axis: 1 });
      return;
    case 'split': {
      const part = (shape.at(-1) as number) / op.outputs.length;
      const sizes = writer.integers(`${output}/sizes`, Array(op.outputs.length).fill(part));
      writer.node('Split', [input, sizes], op.outputs, { axis: 1 });
      return;
    }
    case 'channelShuffle': {
      const [n, h, w, c] = shape as readonly [number, number, number, number];
      const grouped = writer.unusedName(`${output}/grouped`);
      const swapped = writer.unusedName(`${output}/swapped`);
      const groupedShape = writer.integers(`${output}/grouped_shape`, [n, op.groups, c / op.groups, h, w]);
      const shuffledShape = writer.integers(`${output}/shape`, [n, c, h, w]);
      writer.node('Reshape', [input, groupedShape], [grouped]);
      writer.node('Transpose', [grouped], [swapped], { perm: [0, 2, 1, 3, 4] });
      writer.node('Reshape', [swapped, shuffledShape], op.outputs);
      return;
    }
    case 'add':
      writer.node('Add', op.inputs, op.outputs);
      return;
    case 'mul':
      writer.node('Mul', op.inputs, op.outputs);
      return;
  }
}

/** Inputs of `BatchNormalization` in order: our name, PyTorch's name. */
const BATCH_NORM = [
  ['gamma', 'weight'],
  ['beta', 'bias'],
  ['mean', 'running_mean'],
  ['variance', 'running_var'],
] as const;

function lowerActivation(fn: ActivationFunction, input: string, output: string, writer: OnnxWriter): void {
  switch (fn) {
    case 'relu':
      writer.node('Relu', [input], [output]);
      return;
    case 'relu6':
      writer.node('Clip', [input, writer.scalar(0), writer.scalar(6)], [output]);
      return;
    case 'hswish':
      writer.node('HardSwish', [input], [output]);
      return;
    case 'hsigmoid':
      writer.node('HardSigmoid', [input], [output], { alpha: { float: 1 / 6 }, beta: { float: 0.5 } });
      return;
    case 'sigmoid':
      writer.node('Sigmoid', [input], [output]);
      return;
    case 'swish': {
      const gate = writer.node('Sigmoid', [input], [writer.unusedName(`${output}/sigmoid`)]);
      writer.node('Mul', [input, gate], [output]);
      return;
    }
  }
}

type WindowOp = Extract<Op, { kernelSize: unknown }>;

function windowAttributes(op: WindowOp, shape: Shape): Attributes {
  const [, h, w] = shape as readonly [number, number, number, number];
  const { top, left, bottom, right } = resolvePadding(op.padding, 'torch', [h, w], op.kernelSize, op.strides);
  return { kernel_shape: op.kernelSize, strides: op.strides, pads: [top, left, bottom, right] };
}

function bias(op: Op, weights: OpWeights, writer: OnnxWriter): readonly string[] {
  return weights.bias === undefined ? [] : [writer.floats(`${op.outputs[0]}.bias`, weights.bias.shape, weights.bias.data)];
}

function data(weights: OpWeights, name: string): Float32Array {
  return (weights[name] as OpWeights[string]).data;
}
