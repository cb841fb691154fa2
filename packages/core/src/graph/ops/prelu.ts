import type { OpBase, Operator } from '../operator.ts';
import { channelsOf } from '../reference-value.ts';
import { countElements, type Shape, type ValueId } from '../values.ts';

/**
 * `x` where it is positive, else `alpha * x` with an `alpha` per channel, `[c]`.
 *
 * @shapes `[..., c]` to the same
 */
export interface PreluOp extends OpBase {
  readonly op: 'prelu';
}

/** Methods of `GraphBuilder`. */
export interface PreluMethods {
  /** Rectified linear unit with a trained slope per channel. */
  prelu(x: ValueId): ValueId;
}

export const prelu: Operator<PreluOp, PreluMethods> = {
  op: 'prelu',
  attributes: {},
  methods: { prelu: (writer, x) => writer.add<PreluOp>({ op: 'prelu', inputs: [x] }) },
  infer: (_, inputs) => inputs,
  weights: (_, [input]) => ({ alpha: { shape: [(input as Shape).at(-1) as number], center: 0.25, spread: 0.1 } }),
  flops: (_, __, [output]) => 2 * countElements(output as Shape),
  compute(_, { inputs: [x], weights }) {
    const { data: alpha } = weights.alpha!;
    const channels = channelsOf(x!);
    return [{ shape: x!.shape, data: x!.data.map((value, i) => (value > 0 ? value : alpha[i % channels]! * value)) }];
  },
  edges: {
    'prelu of an image': (g) => g.prelu(g.input([2, 4, 4, 3])),
    'prelu of a sequence': (g) => g.prelu(g.input([2, 5, 6])),
    'prelu of a vector': (g) => g.prelu(g.input([3, 6])),
  },
};
