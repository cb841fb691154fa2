import type { ActivationFunction, Conv2dOp, DepthwiseConv2dOp, Op, OpWeights, Padding } from '@nnm/core';
import * as tf from '@tensorflow/tfjs-core';

/** Runs one op on tensors; made once per model, called at every inference. */
export type RunOp = (inputs: readonly tf.Tensor[]) => readonly tf.Tensor[];

/** Prepare an op: its constants become tensors that live until `constants` are disposed of. */
export function prepareOp(op: Op, weights: OpWeights, constants: tf.Tensor[]): RunOp {
  const constant = (name: string): tf.Tensor | undefined => {
    const weight = weights[name];
    if (weight === undefined) return undefined;
    const tensor = tf.tensor(weight.data, [...weight.shape]);
    constants.push(tensor);
    return tensor;
  };
  const one =
    (run: (x: tf.Tensor, ...others: tf.Tensor[]) => tf.Tensor): RunOp =>
    (inputs) => [run(...(inputs as [tf.Tensor, ...tf.Tensor[]]))];
  const image =
    (run: (x: tf.Tensor4D) => tf.Tensor): RunOp =>
    ([x]) => [run(x as tf.Tensor4D)];

  switch (op.op) {
    case 'conv2d':
      return image(convolution(op, constant('kernel') as tf.Tensor4D, constant('bias')));
    case 'depthwiseConv2d': {
      const kernel = constant('kernel') as tf.Tensor3D;
      const [height, width, filters] = kernel.shape;
      const multiplier = op.depthMultiplier ?? 1;
      const filter = tf.reshape<tf.Rank.R4>(kernel, [height, width, filters / multiplier, multiplier]);
      constants.push(filter);
      return image(depthwise(op, filter, constant('bias')));
    }
    case 'batchNorm': {
      const [mean, variance, beta, gamma] = ['mean', 'variance', 'beta', 'gamma'].map((name) => constant(name) as tf.Tensor1D) as [
        tf.Tensor1D,
        tf.Tensor1D,
        tf.Tensor1D,
        tf.Tensor1D,
      ];
      return one((x) => tf.batchNorm(x, mean, variance, beta, gamma, op.epsilon));
    }
    case 'activation':
      return one(ACTIVATIONS[op.function]);
    case 'maxPool':
      return image((x) =>
        padded(x, op.padding, Number.NEGATIVE_INFINITY, (y, pad) => tf.maxPool(y, [...op.kernelSize], [...op.strides], pad)),
      );
    case 'avgPool':
      return image((x) => averagePool(x, op));
    case 'globalAvgPool':
      return one((x) => tf.mean(x, [1, 2], op.keepDims));
    case 'dense': {
      const [kernel, bias] = [constant('kernel') as tf.Tensor2D, constant('bias')];
      return one((x) => {
        const rows = tf.reshape(x, [-1, x.shape.at(-1) as number]);
        return tf.reshape(addBias(tf.matMul(rows, kernel), bias), [...x.shape.slice(0, -1), op.units]);
      });
    }
    case 'flatten':
      return one((x) => tf.reshape(x, [x.shape[0] as number, -1]));
    case 'concat':
      return (inputs) => [tf.concat([...inputs], op.axis ?? -1)];
    case 'split':
      return ([x]) => tf.split(x as tf.Tensor, op.sizes === undefined ? op.outputs.length : [...op.sizes], op.axis ?? -1);
    case 'channelShuffle':
      return one((x) => shuffle(x, op.groups));
    case 'add':
      return one((a, b) => tf.add(a, b as tf.Tensor));
    case 'mul':
      return one((a, b) => tf.mul(a, b as tf.Tensor));
    default:
      throw new Error(`no implementation of ${(op as Op).op}`);
  }
}

/** The operators that {@link prepareOp} knows. */
export const RUN_OPERATORS: ReadonlySet<Op['op']> = new Set([
  'activation',
  'add',
  'avgPool',
  'batchNorm',
  'channelShuffle',
  'concat',
  'conv2d',
  'dense',
  'depthwiseConv2d',
  'flatten',
  'globalAvgPool',
  'maxPool',
  'mul',
  'split',
]);

/** Why an operator that {@link prepareOp} knows cannot be run as it is; undefined when it can. */
export function reasonAgainst(op: Op): string | undefined {
  if (op.op !== 'conv2d' && op.op !== 'depthwiseConv2d') return undefined;
  const isBoth = Math.max(...op.strides) > 1 && Math.max(...(op.dilation ?? [1])) > 1;
  return isBoth ? 'TensorFlow.js takes strides or dilation, not both' : undefined;
}

type Pad = 'same' | 'valid';

/** Explicit padding is a Pad op of its own in TensorFlow.js, in front of a window without padding. */
function padded<T>(x: tf.Tensor4D, padding: Padding, value: number, use: (y: tf.Tensor4D, pad: Pad) => T): T {
  if (typeof padding === 'string') return use(x, padding);
  const { top, bottom, left, right } = padding;
  const around: [number, number][] = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  return use(tf.pad(x, around, value), 'valid');
}

const addBias = (x: tf.Tensor, bias: tf.Tensor | undefined): tf.Tensor => (bias === undefined ? x : tf.add(x, bias));

function convolution(op: Conv2dOp, kernel: tf.Tensor4D, bias: tf.Tensor | undefined): (x: tf.Tensor4D) => tf.Tensor {
  const strides: [number, number] = [...op.strides];
  const dilation: [number, number] = [...(op.dilation ?? ([1, 1] as const))];
  return (x) =>
    padded(x, op.padding, 0, (y, pad) => {
      if (op.groups === 1) return addBias(tf.conv2d(y, kernel, strides, pad, 'NHWC', dilation), bias);
      // TensorFlow.js has no grouped convolution: one per group, joined again.
      const inputs = tf.split(y, op.groups, 3);
      const kernels = tf.split(kernel, op.groups, 3);
      const outputs = inputs.map((part, group) =>
        tf.conv2d(part as tf.Tensor4D, kernels[group] as tf.Tensor4D, strides, pad, 'NHWC', dilation),
      );
      return addBias(tf.concat(outputs, 3), bias);
    });
}

function depthwise(op: DepthwiseConv2dOp, filter: tf.Tensor4D, bias: tf.Tensor | undefined): (x: tf.Tensor4D) => tf.Tensor {
  const dilation: [number, number] = [...(op.dilation ?? ([1, 1] as const))];
  return (x) => padded(x, op.padding, 0, (y, pad) => addBias(tf.depthwiseConv2d(y, filter, [...op.strides], pad, 'NHWC', dilation), bias));
}

/** Padded pixels are not counted: with explicit padding the sum is divided by the number of real pixels under each window. */
function averagePool(x: tf.Tensor4D, { padding, kernelSize, strides }: Pick<Conv2dOp, 'padding' | 'kernelSize' | 'strides'>): tf.Tensor {
  const average = (values: tf.Tensor4D): tf.Tensor4D =>
    padded(values, padding, 0, (y, pad) => tf.avgPool(y, [...kernelSize], [...strides], pad));
  return typeof padding === 'string' ? average(x) : tf.div(average(x), average(tf.onesLike<tf.Tensor4D>(x)));
}

function shuffle(x: tf.Tensor, groups: number): tf.Tensor {
  const channels = x.shape[x.shape.length - 1] as number;
  const grouped = tf.reshape(x, [-1, groups, channels / groups]);
  return tf.reshape(tf.transpose(grouped, [0, 2, 1]), x.shape);
}

const hardSigmoid = (x: tf.Tensor): tf.Tensor => tf.mul(tf.relu6(tf.add(x, 3)), 1 / 6);

const ACTIVATIONS: Readonly<Record<ActivationFunction, (x: tf.Tensor) => tf.Tensor>> = {
  relu: (x) => tf.relu(x),
  relu6: (x) => tf.relu6(x),
  hsigmoid: hardSigmoid,
  hswish: (x) => tf.mul(x, hardSigmoid(x)),
  sigmoid: (x) => tf.sigmoid(x),
  swish: (x) => tf.mul(x, tf.sigmoid(x)),
};
