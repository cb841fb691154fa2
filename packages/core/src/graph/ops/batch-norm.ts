import { notNegative } from '../attributes.ts';
import type { OpBase, Operator } from '../operator.ts';
import { channelsOf } from '../reference-value.ts';
import { countElements, type Shape, type ValueId } from '../values.ts';

/**
 * `gamma * (x - mean) / sqrt(variance + epsilon) + beta`, each `[c]`.
 *
 * @shapes `[..., c]` to the same
 */
export interface BatchNormOp extends OpBase {
  readonly op: 'batchNorm';
  readonly epsilon: number;
}

/** Methods of `GraphBuilder`. */
export interface BatchNormMethods {
  /**
   * Batch normalisation with constant statistics, as in inference.
   *
   * @param epsilon - added to the variance; default 1e-3
   */
  batchNorm(x: ValueId, epsilon?: number): ValueId;
}

export const batchNorm: Operator<BatchNormOp, BatchNormMethods> = {
  op: 'batchNorm',
  attributes: { epsilon: notNegative },
  lastArgument: 'value',
  methods: {
    batchNorm: (writer, x, epsilon = 1e-3) => writer.add<BatchNormOp>({ op: 'batchNorm', inputs: [x], epsilon }),
  },
  infer: (_, inputs) => inputs,
  weights(_, [input]) {
    const shape = [(input as Shape).at(-1) as number];
    return {
      gamma: { shape, center: 1, spread: 0.2 },
      beta: { shape, center: 0, spread: 0.1 },
      mean: { shape, center: 0, spread: 0.1, isParameter: false },
      variance: { shape, center: 1, spread: 0.2, isParameter: false },
    };
  },
  flops: (_, __, [output]) => 2 * countElements(output as Shape),
  compute({ epsilon }, { inputs: [x], weights }) {
    const [gamma, beta, mean, variance] = ['gamma', 'beta', 'mean', 'variance'].map((name) => weights[name]!.data) as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const channels = channelsOf(x!);
    const data = x!.data.map((value, i) => {
      const c = i % channels;
      return (gamma[c]! * (value - mean[c]!)) / Math.sqrt(variance[c]! + epsilon) + beta[c]!;
    });
    return [{ shape: x!.shape, data }];
  },
  edges: {
    'batchNorm of a sequence': (g) => g.batchNorm(g.input([2, 5, 6])),
    'batchNorm of one axis': (g) => g.batchNorm(g.input([7])),
    'batchNorm of five axes': (g) => g.batchNorm(g.input([1, 2, 3, 2, 4])),
  },
};
