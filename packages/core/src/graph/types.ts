import type { Op } from './operators.ts';
import type { Shape, ValueId } from './values.ts';

export type { Implement, Padding, Padding2d, Shape, Size2d, ValueId } from './values.ts';
export type { Op };

/**
 * The kernel graph: a small, framework-free description of a model.
 *
 * Blocks build it, backends lower it, the zoo writes whole networks in it. Images are `[n, h, w, c]`, channels last, whatever
 * the backend's own layout is; weights are not part of it: they are drawn from `seed` when it is lowered (see `drawWeights`),
 * so a saved graph is a small JSON file and is reproducible bit by bit.
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

/** An input of a graph, float32. */
export interface GraphInput {
  readonly id: ValueId;
  readonly shape: Shape;
}

/** Work of a kernel, for features and baselines; all are counts, not rates, and none is scaled. */
export interface Work {
  /** Operations, 2 per multiply-add. */
  readonly flops: number;
  /** Weights plus biases, in elements; batch normalisation counts its 2 trainable vectors. */
  readonly params: number;
  /** Inputs, outputs and weights of the graph once each, float32: what a perfectly fused kernel moves, in bytes. */
  readonly bytes: number;
}
