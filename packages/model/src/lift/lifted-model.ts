import type { Graph, Implement, Op, Reorder, Shape } from '@nnm/core';
import type { ModelGraph } from '../graph/model-graph.ts';

/**
 * A model in core's words: what each node computes as an operator of the kernel graph, or a named gap.
 *
 * Each op stands for itself: where the file's layout and core's differ (`[n, c, h, w]`), images are said as `[n, h, w, c]` by ops that
 * work on images, and everything else in the file's order of axes. So two neighbours may say the shape of the value between them
 * differently; only ops that a runtime fuses have to agree, and do.
 */
export interface LiftedModel {
  readonly model: ModelGraph;
  /** Conventions that the ops follow: of the format the model was written in, or of the graph. */
  readonly implement: Implement;
  readonly batchSize: number;
  /** In execution order. */
  readonly ops: readonly OpOrGap[];
}

/** One operator of a model, or nodes that core has no word for. */
export type OpOrGap = LiftedOp | Gap;

/** One operator of a model in core's words. */
export interface LiftedOp {
  /** Positions in the model's `nodes` that it stands for: several where a file spells out one function (gelu, layer normalisation). */
  readonly nodes: readonly number[];
  /** Its inputs and outputs are names of the model's tensors. What the operator keeps as weights (filters, bias, gamma) is not among them. */
  readonly op: Op;
  /** Shapes of `op.inputs`, as the op says them. */
  readonly inputShapes: readonly Shape[];
  readonly outputShapes: readonly Shape[];
  /** Positions in `op.inputs` of constants. */
  readonly constantInputs: readonly number[];
  readonly gap?: undefined;
}

/** Nodes that core has no word for. */
export interface Gap {
  readonly nodes: readonly number[];
  /** Why, as a sentence's end that names the operator: `LSTM has no equivalent in nnm`. */
  readonly gap: string;
  /** Names of the model's tensors. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** Names of what an op or gap makes. */
export const outputsOf = (op: OpOrGap): readonly string[] => (op.gap === undefined ? op.op.outputs : op.outputs);

/** A part of a model that the runtime runs as one: what a kernel is to a network. */
export interface DetectedKernel {
  /** Positions in the lifted model's `ops`, in execution order. */
  readonly ops: readonly number[];
  /** The part as a kernel graph of its own, its constants as `constant` ops; absent when there is a gap in it. */
  readonly graph?: Graph;
  /** The kernel and configuration whose graph is exactly this part; absent when no kernel is. */
  readonly match?: { readonly kernel: string; readonly config: Readonly<Record<string, number>> };
  /** Where no kernel is this part: a kernel that does the same work, and how it differs, as phrases. Only for prices, which say so. */
  readonly nearest?: NonNullable<DetectedKernel['match']> & {
    readonly differences: readonly string[];
    /** A kernel that runs first and is part of the price. */
    readonly before?: NonNullable<DetectedKernel['match']>;
  };
  readonly gap?: string;
  /** The kernel stands for several parts that the runtime runs one by one. */
  readonly isJoined?: boolean;
  /** A part that changes the layout of a value and stands for no op. */
  readonly reorder?: Reorder;
}
