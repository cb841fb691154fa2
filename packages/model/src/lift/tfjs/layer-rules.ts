import type { Size2d } from '@nnm/core';
import type { Rule, Rules, Saying, TensorFlowNode } from '../tensorflow/tensorflow-node.ts';

/** Activations of layers by the name that Keras has for them; `linear` is none. */
const ACTIVATIONS: Readonly<Record<string, Saying | undefined>> = {
  linear: undefined,
  elu: { op: 'elu', alpha: 1 },
  exponential: { op: 'exp' },
  gelu: { op: 'gelu', approximate: 'none' },
  hard_sigmoid: { op: 'hardSigmoid', alpha: 0.2, beta: 0.5 },
  mish: { op: 'mish' },
  relu: { op: 'activation', function: 'relu' },
  relu6: { op: 'activation', function: 'relu6' },
  sigmoid: { op: 'activation', function: 'sigmoid' },
  silu: { op: 'activation', function: 'swish' },
  softmax: { op: 'softmax', axis: -1 },
  swish: { op: 'activation', function: 'swish' },
  tanh: { op: 'tanh' },
};

function activationOf(node: TensorFlowNode): readonly Saying[] {
  const name = node.word('activation') || 'linear';
  if (!Object.hasOwn(ACTIVATIONS, name)) node.gap(`has the activation ${name}, which nnm has no word for`);
  const saying = ACTIVATIONS[name];
  return saying === undefined ? [] : [saying];
}

/** One number, or one per axis. */
function pair(node: TensorFlowNode, name: string): Size2d {
  const given = node.list(name);
  if (node.word('data_format') === 'channels_first') node.gap('has its channels first');
  return given.length === 0 ? [node.number(name) || 1, node.number(name) || 1] : [given[0]!, given[1] ?? given[0]!];
}

const padding = (node: TensorFlowNode): 'same' | 'valid' => (node.word('padding') === 'same' ? 'same' : 'valid');
const usesBias = (node: TensorFlowNode): boolean => node.node.attributes.use_bias !== false;

function dilation(node: TensorFlowNode): { readonly dilation?: Size2d } {
  const [h, w] = pair(node, 'dilation_rate');
  return h === 1 && w === 1 ? {} : { dilation: [h, w] };
}

const window = (node: TensorFlowNode) => ({
  kernelSize: pair(node, 'kernel_size'),
  strides: pair(node, 'strides'),
  padding: padding(node),
});

function multiplier(node: TensorFlowNode): { readonly depthMultiplier?: number } {
  const depthMultiplier = node.number('depth_multiplier') || 1;
  return depthMultiplier === 1 ? {} : { depthMultiplier };
}

const convolution: Rule = (node) => [
  {
    op: 'conv2d',
    filters: node.number('filters'),
    ...window(node),
    groups: node.number('groups') || 1,
    useBias: usesBias(node),
    ...dilation(node),
  },
  ...activationOf(node),
];

const separable: Rule = (node) => [
  { op: 'depthwiseConv2d', ...window(node), useBias: false, ...dilation(node), ...multiplier(node) },
  {
    op: 'conv2d',
    filters: node.number('filters'),
    kernelSize: [1, 1],
    strides: [1, 1],
    padding: 'valid',
    groups: 1,
    useBias: usesBias(node),
  },
  ...activationOf(node),
];

const pool =
  (op: 'avgPool' | 'maxPool'): Rule =>
  (node) => {
    const kernelSize = pair(node, 'pool_size');
    const strides = node.node.attributes.strides === undefined ? kernelSize : pair(node, 'strides');
    return { op, kernelSize, strides, padding: padding(node) };
  };

/** Several inputs joined one after another. */
const merge =
  (op: 'add' | 'mul' | 'maximum' | 'minimum'): Rule =>
  (node) => {
    const [first, ...others] = node.node.inputs;
    return others.map((other, index) => ({ op, inputs: [index === 0 ? first! : '', other] }));
  };

function zeroPadding(node: TensorFlowNode): Saying {
  const given = node.list('padding');
  const [top, bottom, left, right] = given.length === 4 ? given : [given[0]!, given[0]!, given[1]!, given[1]!];
  return {
    op: 'pad',
    paddings: [
      [0, 0],
      [top!, bottom!],
      [left!, right!],
      [0, 0],
    ],
    mode: 'constant',
    value: 0,
  };
}

function upSampling(node: TensorFlowNode): Saying {
  const [, h, w] = node.image(0);
  const [vertical, horizontal] = pair(node, 'size');
  const method = node.word('interpolation') === 'bilinear' ? 'bilinear' : 'nearest';
  return { op: 'resize', size: [h * vertical, w * horizontal], method, coordinates: method === 'nearest' ? 'asymmetric' : 'half-pixel' };
}

function concatenate(node: TensorFlowNode): Saying {
  const rank = node.shape(0).length;
  const axis = node.axis(node.node.attributes.axis === undefined ? -1 : node.number('axis'), rank);
  return { op: 'concat', inputs: node.node.inputs, ...(axis !== rank - 1 && { axis }) };
}

const transposed: Rule = (node) => [
  { op: 'transposedConv2d', filters: node.number('filters'), ...window(node), useBias: usesBias(node) },
  ...activationOf(node),
];

function relu(node: TensorFlowNode): Saying {
  const { max_value: most, negative_slope: slope = 0, threshold = 0 } = node.node.attributes;
  if (Number(slope) !== 0 || Number(threshold) !== 0) node.gap('has a slope or a threshold');
  if (most === undefined) return { op: 'activation', function: 'relu' };
  return Number(most) === 6 ? { op: 'activation', function: 'relu6' } : { op: 'clip', min: 0, max: Number(most) };
}

/** Operators of layers models: the layers of Keras. */
export const layerRules: Rules = {
  Activation: (node) => {
    const [saying] = activationOf(node);
    return saying ?? node.gap('does nothing');
  },
  Add: merge('add'),
  AveragePooling2D: pool('avgPool'),
  BatchNormalization: (node) => ({ op: 'batchNorm', epsilon: node.number('epsilon') || 1e-3 }),
  Concatenate: concatenate,
  Conv2D: convolution,
  Conv2DTranspose: transposed,
  Dense: (node) => [{ op: 'dense', units: node.number('units'), useBias: usesBias(node) }, ...activationOf(node)],
  DepthwiseConv2D: (node) => [
    { op: 'depthwiseConv2d', ...window(node), useBias: usesBias(node), ...dilation(node), ...multiplier(node) },
    ...activationOf(node),
  ],
  ELU: (node) => ({ op: 'elu', alpha: node.number('alpha') || 1 }),
  Flatten: (node) => ({ op: 'reshape', shape: [node.shape(0)[0]!, -1] }),
  GlobalAveragePooling2D: (node) => ({ op: 'globalAvgPool', keepDims: node.flag('keepdims') }),
  GlobalMaxPooling2D: (node) => ({ op: 'reduceMax', axes: [1, 2], keepDims: node.flag('keepdims') }),
  LayerNormalization: (node) => ({ op: 'layerNorm', axis: -1, epsilon: node.number('epsilon') || 1e-3 }),
  LeakyReLU: (node) => ({ op: 'leakyRelu', alpha: node.number('alpha') || 0.3 }),
  Maximum: merge('maximum'),
  MaxPooling2D: pool('maxPool'),
  Minimum: merge('minimum'),
  Multiply: merge('mul'),
  Permute: (node) => ({ op: 'transpose', permutation: [0, ...node.list('dims')] }),
  PReLU: (node) => {
    const shared = node.list('shared_axes');
    const rank = node.shape(0).length;
    return shared.length === rank - 2 ? { op: 'prelu' } : node.gap('has slopes per pixel where nnm has one per channel');
  },
  ReLU: relu,
  Reshape: (node) => ({ op: 'reshape', shape: [node.shape(0)[0]!, ...node.list('target_shape')] }),
  SeparableConv2D: separable,
  Softmax: (node) => ({ op: 'softmax', axis: node.node.attributes.axis === undefined ? -1 : node.number('axis') }),
  Subtract: (node) => ({ op: 'sub', inputs: [node.input(0), node.input(1)] }),
  UpSampling2D: upSampling,
  ZeroPadding2D: zeroPadding,
};
