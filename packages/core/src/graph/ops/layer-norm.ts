import { integer, notNegative } from '../attributes.ts';
import { checkAxis, resolveAxis } from '../axes.ts';
import { scaleAndShift, scaleLast, standardise } from '../normalise.ts';
import type { OpBase, Operator } from '../operator.ts';
import { countElements, type Shape, type ValueId } from '../values.ts';

/**
 * `gamma * (x - mean) / sqrt(variance + epsilon) + beta` over the axes from `axis` on, with a `gamma` and `beta` per element of them.
 *
 * @shapes any to the same
 */
export interface LayerNormOp extends OpBase {
  readonly op: 'layerNorm';
  readonly axis: number;
  readonly epsilon: number;
}

/** Options of {@link LayerNormMethods.layerNorm}. */
export interface LayerNormOptions {
  /** First axis that is normalised; negative counts from the end; default -1, the last alone. */
  readonly axis?: number;
  /** Added to the variance; default 1e-5. */
  readonly epsilon?: number;
}

/** Methods of `GraphBuilder`. */
export interface LayerNormMethods {
  /** Layer normalisation over the last axes. */
  layerNorm(x: ValueId, options?: LayerNormOptions): ValueId;
}

const lastAxes = (axis: number, shape: Shape): readonly number[] => shape.map((_, index) => index).slice(resolveAxis(axis, shape.length));

export const layerNorm: Operator<LayerNormOp, LayerNormMethods> = {
  op: 'layerNorm',
  attributes: { axis: integer, epsilon: notNegative },
  lastArgument: 'options',
  methods: {
    layerNorm: (writer, x, { axis = -1, epsilon = 1e-5, ...unknown } = {}) =>
      writer.add<LayerNormOp>({ op: 'layerNorm', inputs: [x], axis, epsilon }, unknown),
  },
  infer({ axis }, [x], fail) {
    checkAxis(axis, x!, fail);
    return [x!];
  },
  weights: ({ axis }, [x]) => scaleAndShift(x!.slice(resolveAxis(axis, x!.length))),
  flops: (_, __, [output]) => 7 * countElements(output as Shape),
  compute: ({ axis, epsilon }, { inputs: [x], weights }) => [
    scaleLast(standardise(x!, lastAxes(axis, x!.shape), epsilon), weights.gamma!.data, weights.beta!.data),
  ],
  edges: {
    'layerNorm of five axes': (g) => g.layerNorm(g.input([2, 1, 2, 3, 4]), { axis: -2 }),
    'layerNorm of a sequence': (g) => g.layerNorm(g.input([2, 5, 8])),
    'layerNorm of a vector': (g) => g.layerNorm(g.input([3, 8]), { epsilon: 1e-3 }),
    'layerNorm of an image over channels': (g) => g.layerNorm(g.input([2, 3, 4, 8])),
    'layerNorm of an image over all but the batch': (g) => g.layerNorm(g.input([2, 3, 4, 8]), { axis: 1 }),
    'layerNorm of equal values': (g) => g.layerNorm(g.input([5, 1])),
  },
};
