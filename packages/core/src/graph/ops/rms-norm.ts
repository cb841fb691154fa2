import { notNegative } from '../attributes.ts';
import { scaleAndShift, scaleLast, standardise } from '../normalise.ts';
import type { OpBase, Operator } from '../operator.ts';
import { countElements, type Shape, type ValueId } from '../values.ts';

/**
 * `gamma * x / sqrt(mean(x * x) + epsilon)` over the last axis; `gamma` is `[c]`.
 *
 * @shapes `[..., c]` to the same
 */
export interface RmsNormOp extends OpBase {
  readonly op: 'rmsNorm';
  readonly epsilon: number;
}

/** Options of {@link RmsNormMethods.rmsNorm}. */
export interface RmsNormOptions {
  /** Added to the mean square; default 1e-6. */
  readonly epsilon?: number;
}

/** Methods of `GraphBuilder`. */
export interface RmsNormMethods {
  /** Root mean square normalisation of the last axis. */
  rmsNorm(x: ValueId, options?: RmsNormOptions): ValueId;
}

export const rmsNorm: Operator<RmsNormOp, RmsNormMethods> = {
  op: 'rmsNorm',
  attributes: { epsilon: notNegative },
  lastArgument: 'options',
  methods: {
    rmsNorm: (writer, x, { epsilon = 1e-6, ...unknown } = {}) => writer.add<RmsNormOp>({ op: 'rmsNorm', inputs: [x], epsilon }, unknown),
  },
  infer: (_, inputs) => inputs,
  weights: (_, [x]) => scaleAndShift(x!.slice(-1), false),
  flops: (_, __, [output]) => 4 * countElements(output as Shape),
  compute: ({ epsilon }, { inputs: [x], weights }) => [
    scaleLast(standardise(x!, [x!.shape.length - 1], epsilon, false), weights.gamma!.data),
  ],
  edges: {
    'rmsNorm of five axes': (g) => g.rmsNorm(g.input([2, 1, 2, 3, 4])),
    'rmsNorm of a sequence': (g) => g.rmsNorm(g.input([2, 5, 8])),
    'rmsNorm of one axis': (g) => g.rmsNorm(g.input([9]), { epsilon: 1e-3 }),
    'rmsNorm of a vector': (g) => g.rmsNorm(g.input([3, 8]), { epsilon: 1e-3 }),
    'rmsNorm of an image': (g) => g.rmsNorm(g.input([2, 3, 4, 8])),
  },
};
