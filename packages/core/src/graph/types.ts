/**
 * The kernel graph: a small, framework-free description of a model.
 *
 * Blocks build it, backends lower it, the zoo writes whole networks in it. Activations are `[n, h, w, c]` or `[n, c]`
 * whatever the backend's own layout is; weights are not part of it: they are drawn from `seed` when it is lowered
 * (see `drawWeights`), so a saved graph is a small JSON file and is reproducible bit by bit.
 */
export interface Graph {
  readonly schemaVersion: 1;
  readonly name: string;
  /** Seed of the weights, an unsigned 32-bit integer. */
  readonly seed: number;
  readonly inputs: readonly GraphInput[];
  /** In execution order: an op uses only inputs and outputs of earlier ops. */
  readonly ops: readonly Op[];
  readonly outputs: readonly ValueId[];
}

/** Name of a value (tensor) in a graph, unique in the graph. */
export type ValueId = string;

/** Sizes in elements: `[n, h, w, c]` or `[n, c]`. */
export type Shape = readonly number[];

export interface GraphInput {
  readonly id: ValueId;
  readonly shape: Shape;
}

/** `[height, width]` */
export type Size2d = readonly [number, number];

/** Explicit padding in pixels. */
export interface Padding2d {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/**
 * `same`: output size `ceil(size / stride)`, where the pixels go is the framework's own rule (see `resolvePadding`);
 * `valid`: none; or explicit pixels, the same under every framework.
 */
export type Padding = 'same' | 'valid' | Padding2d;

/** The framework whose conventions (layout, padding) a lowered model follows. */
export type Implement = 'tensorflow' | 'torch';

export type ActivationFunction = 'relu' | 'relu6' | 'hswish' | 'hsigmoid' | 'sigmoid' | 'swish';

interface OpBase {
  readonly inputs: readonly ValueId[];
  readonly outputs: readonly ValueId[];
}

/** Weight `[kh, kw, cin / groups, filters]`, bias `[filters]`. */
export interface Conv2dOp extends OpBase {
  readonly op: 'conv2d';
  readonly filters: number;
  readonly kernelSize: Size2d;
  readonly strides: Size2d;
  readonly padding: Padding;
  readonly groups: number;
  readonly useBias: boolean;
}

/** Weight `[kh, kw, c]`, bias `[c]`; depth multiplier 1. */
export interface DepthwiseConv2dOp extends OpBase {
  readonly op: 'depthwiseConv2d';
  readonly kernelSize: Size2d;
  readonly strides: Size2d;
  readonly padding: Padding;
  readonly useBias: boolean;
}

/** `gamma * (x - mean) / sqrt(variance + epsilon) + beta`, each `[c]`. */
export interface BatchNormOp extends OpBase {
  readonly op: 'batchNorm';
  readonly epsilon: number;
}

/** `hswish(x) = x * relu6(x + 3) / 6`, `hsigmoid(x) = relu6(x + 3) / 6`, `swish(x) = x * sigmoid(x)`. */
export interface ActivationOp extends OpBase {
  readonly op: 'activation';
  readonly function: ActivationFunction;
}

/** Padded pixels never win a maximum and are not counted in an average. */
export interface PoolOp extends OpBase {
  readonly op: 'maxPool' | 'avgPool';
  readonly kernelSize: Size2d;
  readonly strides: Size2d;
  readonly padding: Padding;
}

/** `[n, h, w, c]` to `[n, 1, 1, c]` with `keepDims`, else to `[n, c]`. */
export interface GlobalAvgPoolOp extends OpBase {
  readonly op: 'globalAvgPool';
  readonly keepDims: boolean;
}

/** `[n, c]` to `[n, units]`; weight `[c, units]`, bias `[units]`. */
export interface DenseOp extends OpBase {
  readonly op: 'dense';
  readonly units: number;
  readonly useBias: boolean;
}

/** `[n, h, w, c]` to `[n, h * w * c]`, channels fastest, under every framework. */
export interface FlattenOp extends OpBase {
  readonly op: 'flatten';
}

/** Along channels. */
export interface ConcatOp extends OpBase {
  readonly op: 'concat';
}

/** Along channels, into `outputs.length` equal parts. */
export interface SplitOp extends OpBase {
  readonly op: 'split';
}

/** Channel `g * (c / groups) + i` moves to `i * groups + g`. */
export interface ChannelShuffleOp extends OpBase {
  readonly op: 'channelShuffle';
  readonly groups: number;
}

/** Element-wise on equal shapes; `mul` also scales `[n, h, w, c]` by `[n, 1, 1, c]`. */
export interface BinaryOp extends OpBase {
  readonly op: 'add' | 'mul';
}

export type Op =
  | Conv2dOp
  | DepthwiseConv2dOp
  | BatchNormOp
  | ActivationOp
  | PoolOp
  | GlobalAvgPoolOp
  | DenseOp
  | FlattenOp
  | ConcatOp
  | SplitOp
  | ChannelShuffleOp
  | BinaryOp;

/** Work of a kernel, for features and baselines; all are counts, not rates, and none is scaled. */
export interface Work {
  /** Operations, 2 per multiply-add. */
  readonly flops: number;
  /** Weights plus biases, in elements; batch normalisation counts its 2 trainable vectors. */
  readonly params: number;
  /** Inputs, outputs and weights of the graph once each, float32: what a perfectly fused kernel moves, in bytes. */
  readonly bytes: number;
}
