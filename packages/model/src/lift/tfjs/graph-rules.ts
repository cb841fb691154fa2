import { countElements, type Padding, type ResizeCoordinates, type Size2d } from '@nnm/core';
import { entryOf } from '../../graph/entry-of.ts';
import { clipLimits } from '../finite-values.ts';
import { elementwiseRules } from '../tensorflow/rules/elementwise.ts';
import { movementRules } from '../tensorflow/rules/movement.ts';
import { reductionRules } from '../tensorflow/rules/reduction.ts';
import type { Rule, Rules, Saying, TensorFlowNode } from '../tensorflow/tensorflow-node.ts';

/** Height and width of an attribute with a number per axis. */
function imagePair(node: TensorFlowNode, name: string): Size2d {
  const given = node.list(name);
  if (node.word('data_format') === 'NCHW') node.gap('has its channels second');
  return [given[1] ?? 1, given[2] ?? 1];
}

function paddingOf(node: TensorFlowNode): Padding {
  if (node.word('padding') !== 'EXPLICIT') return node.padding;
  const [, , top, bottom, left, right] = node.list('explicit_paddings') as readonly number[];
  return { top: top!, bottom: bottom!, left: left!, right: right! };
}

function dilation(node: TensorFlowNode): { readonly dilation?: Size2d } {
  const [h, w] = imagePair(node, 'dilations');
  return h === 1 && w === 1 ? {} : { dilation: [h, w] };
}

/** Weights `[h, w, c / groups, filters]`. */
function convolution(node: TensorFlowNode, useBias: boolean): Saying {
  const [h, w, perGroup, filters] = node.weights(1) as readonly [number, number, number, number];
  const groups = node.image(0)[3] / perGroup;
  if (!Number.isInteger(groups)) node.gap(`has weights for ${perGroup} channels`);
  const window = { kernelSize: [h, w] as const, strides: imagePair(node, 'strides'), padding: paddingOf(node) };
  return { op: 'conv2d', filters, ...window, groups, useBias, ...dilation(node) };
}

/** Weights `[h, w, c, multiplier]`. */
function depthwise(node: TensorFlowNode, useBias: boolean): Saying {
  const [h, w, , depthMultiplier] = node.weights(1) as readonly [number, number, number, number];
  return {
    op: 'depthwiseConv2d',
    kernelSize: [h, w],
    strides: imagePair(node, 'strides'),
    padding: paddingOf(node),
    useBias,
    ...dilation(node),
    ...(depthMultiplier !== 1 && { depthMultiplier }),
  };
}

/** Operands: the size of the result, weights `[h, w, filters, c]`, the image. */
function transposed(node: TensorFlowNode): Saying {
  const [h, w, filters] = node.weights(1) as readonly [number, number, number];
  const strides = imagePair(node, 'strides');
  const { padding } = node;
  const [, height, width] = node.image(2);
  const size = node.tensor(0).values;
  const own =
    padding === 'same' ? [height * strides[0], width * strides[1]] : [(height - 1) * strides[0] + h, (width - 1) * strides[1] + w];
  if (size !== undefined && size.slice(1, 3).join() !== own.join())
    node.gap(`makes ${size.slice(1, 3).join('x')} pixels of ${height}x${width}`);
  return { op: 'transposedConv2d', inputs: [node.input(2)], filters, kernelSize: [h, w], strides, padding, useBias: false };
}

/** A product with a constant matrix is a fully connected layer. */
function matmul(node: TensorFlowNode, useBias = false): Saying {
  const [rows, columns] = node.shape(1) as readonly [number, number];
  if (node.isConstant(1) && !node.flag('transpose_a')) {
    return { op: 'dense', units: node.flag('transpose_b') ? rows : columns, useBias };
  }
  if (useBias) node.gap('has weights that are computed at run time');
  return {
    op: 'matmul',
    inputs: [node.input(0), node.input(1)],
    ...((node.flag('transpose_a') || node.flag('adj_x')) && { transposeA: true }),
    ...((node.flag('transpose_b') || node.flag('adj_y')) && { transposeB: true }),
  };
}

/** What TensorFlow.js fuses into a layer, as ops behind it. */
const FUSED: Readonly<Record<string, (node: TensorFlowNode) => Saying>> = {
  Relu: () => ({ op: 'activation', function: 'relu' }),
  Relu6: () => ({ op: 'activation', function: 'relu6' }),
  Elu: () => ({ op: 'elu', alpha: 1 }),
  Prelu: () => ({ op: 'prelu' }),
  Sigmoid: () => ({ op: 'activation', function: 'sigmoid' }),
  LeakyRelu: (node) => ({ op: 'leakyRelu', alpha: node.number('leakyrelu_alpha') }),
};

const fused =
  (layer: (node: TensorFlowNode, useBias: boolean) => Saying): Rule =>
  (node) => {
    const steps = node.words('fused_ops');
    const sayings = steps.flatMap((step): readonly Saying[] => {
      if (step === 'BiasAdd') return [];
      if (step === 'FusedBatchNorm') return [{ op: 'batchNorm', epsilon: node.number('epsilon') }];
      return [entryOf(FUSED, step)?.(node) ?? node.gap(`has ${step} fused into it, which nnm has no word for`)];
    });
    return [layer(node, steps.includes('BiasAdd')), ...sayings];
  };

const pool =
  (op: 'avgPool' | 'maxPool'): Rule =>
  (node) => ({ op, kernelSize: imagePair(node, 'ksize'), strides: imagePair(node, 'strides'), padding: paddingOf(node) });

const binary =
  (op: 'add' | 'sub' | 'mul' | 'div' | 'pow' | 'maximum' | 'minimum'): Rule =>
  (node) => ({ op, inputs: [node.input(0), node.input(1)] });

const unary =
  (saying: Saying): Rule =>
  () =>
    saying;

/** The axis is the last operand. */
function concat(node: TensorFlowNode): Saying {
  const last = node.node.inputs.length - 1;
  const rank = node.shape(0).length;
  const axis = node.axis(node.values(last, 'axes')[0]!, rank);
  return { op: 'concat', inputs: node.node.inputs.slice(0, -1), ...(axis !== rank - 1 && { axis }) };
}

function gather(node: TensorFlowNode): Saying {
  const shape = node.shape(0);
  const axis = node.axis(node.has(2) ? node.values(2, 'axes')[0]! : 0, shape.length);
  const places = node.shape(1);
  if (places.length !== 1) node.gap(`gathers at places of ${places.length} axes`);
  const indices = node.tensor(1).values ?? Array.from({ length: countElements(places) }, (_, index) => index % shape[axis]!);
  return { op: 'gather', indices, axis };
}

const resize =
  (method: 'nearest' | 'bilinear'): Rule =>
  (node) => {
    const [height, width] = node.values(1, 'sizes');
    const centres: ResizeCoordinates = node.flag('half_pixel_centers') ? 'half-pixel' : 'asymmetric';
    return { op: 'resize', size: [height!, width!], method, coordinates: node.flag('align_corners') ? 'aligned-corners' : centres };
  };

/** Rules of operators that TensorFlow Lite has under another name, and the same operands and attributes. */
const renamed = (rules: Rules, names: Readonly<Record<string, string>>): Rules =>
  Object.fromEntries(Object.entries(names).map(([name, theirs]) => [name, rules[theirs]!]));

/** Operators that move elements and do not look at them. */
export const graphMovementRules: Rules = {
  ...renamed(movementRules, {
    DepthToSpace: 'DEPTH_TO_SPACE',
    ExpandDims: 'EXPAND_DIMS',
    MirrorPad: 'MIRROR_PAD',
    Pack: 'PACK',
    Pad: 'PAD',
    PadV2: 'PADV2',
    Reshape: 'RESHAPE',
    Slice: 'SLICE',
    SpaceToDepth: 'SPACE_TO_DEPTH',
    Split: 'SPLIT',
    SplitV: 'SPLIT_V',
    Squeeze: 'SQUEEZE',
    StridedSlice: 'STRIDED_SLICE',
    Tile: 'TILE',
    Transpose: 'TRANSPOSE',
    Unpack: 'UNPACK',
  }),
  ConcatV2: concat,
  GatherV2: gather,
};

/** Operators of graph models. */
export const graphRules: Rules = {
  ...graphMovementRules,
  ...renamed(elementwiseRules, {
    Abs: 'ABS',
    AddN: 'ADD_N',
    Elu: 'ELU',
    Exp: 'EXP',
    Log: 'LOG',
    LogSoftmax: 'LOG_SOFTMAX',
    Neg: 'NEG',
    Prelu: 'PRELU',
    Relu: 'RELU',
    Relu6: 'RELU6',
    Rsqrt: 'RSQRT',
    Sigmoid: 'LOGISTIC',
    Softmax: 'SOFTMAX',
    Sqrt: 'SQRT',
    Square: 'SQUARE',
    SquaredDifference: 'SQUARED_DIFFERENCE',
    Tanh: 'TANH',
  }),
  ...renamed(reductionRules, { ArgMax: 'ARG_MAX', Max: 'REDUCE_MAX', Mean: 'MEAN', Min: 'REDUCE_MIN', Sum: 'SUM' }),
  Add: binary('add'),
  AddV2: binary('add'),
  BiasAdd: binary('add'),
  Sub: binary('sub'),
  Mul: binary('mul'),
  DivNoNan: binary('div'),
  RealDiv: binary('div'),
  Pow: binary('pow'),
  Maximum: binary('maximum'),
  Minimum: binary('minimum'),
  Erf: unary({ op: 'erf' }),
  LeakyRelu: (node) => ({ op: 'leakyRelu', alpha: node.number('alpha') }),
  ClipByValue: (node) => ({ op: 'clip', ...clipLimits(node.values(1, 'limits')[0], node.values(2, 'limits')[0]) }),
  FusedBatchNorm: (node) => ({ op: 'batchNorm', epsilon: node.number('epsilon') }),
  FusedBatchNormV3: (node) => ({ op: 'batchNorm', epsilon: node.number('epsilon') }),
  Conv2D: (node) => convolution(node, false),
  DepthwiseConv2dNative: (node) => depthwise(node, false),
  Conv2DBackpropInput: transposed,
  _FusedConv2D: fused(convolution),
  FusedDepthwiseConv2dNative: fused(depthwise),
  _FusedMatMul: fused(matmul),
  MatMul: (node) => matmul(node),
  BatchMatMul: (node) => matmul(node),
  BatchMatMulV2: (node) => matmul(node),
  AvgPool: pool('avgPool'),
  MaxPool: pool('maxPool'),
  ResizeBilinear: resize('bilinear'),
  ResizeNearestNeighbor: resize('nearest'),
};
