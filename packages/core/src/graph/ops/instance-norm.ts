import { notNegative } from '../attributes.ts';
import { scaleAndShift, scaleLast, standardise } from '../normalise.ts';
import type { OpBase, Operator } from '../operator.ts';
import { countElements, type Shape, type ValueId } from '../values.ts';
import { imageSizes } from '../window.ts';

/**
 * Normalisation of each channel of each image over height and width; `gamma` and `beta` are `[c]`.
 *
 * @shapes `[n, h, w, c]` to the same
 */
export interface InstanceNormOp extends OpBase {
  readonly op: 'instanceNorm';
  readonly epsilon: number;
}

/** Options of {@link InstanceNormMethods.instanceNorm}. */
export interface InstanceNormOptions {
  /** Added to the variance; default 1e-5. */
  readonly epsilon?: number;
}

/** Methods of `GraphBuilder`. */
export interface InstanceNormMethods {
  /** Instance normalisation. */
  instanceNorm(x: ValueId, options?: InstanceNormOptions): ValueId;
}

export const instanceNorm: Operator<InstanceNormOp, InstanceNormMethods> = {
  op: 'instanceNorm',
  attributes: { epsilon: notNegative },
  lastArgument: 'options',
  methods: {
    instanceNorm: (writer, x, { epsilon = 1e-5, ...unknown } = {}) =>
      writer.add<InstanceNormOp>({ op: 'instanceNorm', inputs: [x], epsilon }, unknown),
  },
  infer(_, [x], fail) {
    imageSizes(x, fail);
    return [x!];
  },
  weights: (_, [x]) => scaleAndShift(x!.slice(-1)),
  flops: (_, __, [output]) => 7 * countElements(output as Shape),
  compute: ({ epsilon }, { inputs: [x], weights }) => [
    scaleLast(standardise(x!, [1, 2], epsilon), weights.gamma!.data, weights.beta!.data),
  ],
  edges: {
    instanceNorm: (g) => g.instanceNorm(g.input([2, 3, 4, 6])),
    'instanceNorm of one pixel': (g) => g.instanceNorm(g.input([2, 1, 1, 6]), { epsilon: 1e-3 }),
  },
};
