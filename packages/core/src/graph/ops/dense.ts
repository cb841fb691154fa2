import { boolean, count } from '../attributes.ts';
import { kernelAndBias } from '../layer-weights.ts';
import type { OpBase, Operator } from '../operator.ts';
import { channelsOf, emptyValue } from '../reference-value.ts';
import { countElements, type Shape, type ValueId } from '../values.ts';

/**
 * Fully connected layer on the last axis; weight `[c, units]`, bias `[units]`.
 *
 * @shapes `[..., c]` to `[..., units]`
 */
export interface DenseOp extends OpBase {
  readonly op: 'dense';
  readonly units: number;
  readonly useBias: boolean;
}

/** Methods of `GraphBuilder`. */
export interface DenseMethods {
  /**
   * Fully connected layer on the last axis.
   *
   * @param useBias - default true
   */
  dense(x: ValueId, units: number, useBias?: boolean): ValueId;
}

export const dense: Operator<DenseOp, DenseMethods> = {
  op: 'dense',
  attributes: { units: count, useBias: boolean },
  lastArgument: 'value',
  methods: {
    dense: (writer, x, units, useBias = true) => writer.add<DenseOp>({ op: 'dense', inputs: [x], units, useBias }),
  },
  infer(op, [x], fail) {
    if (x!.length < 2) fail(`needs [..., c] of at least two axes, got [${x!.join(', ')}]`);
    return [[...x!.slice(0, -1), op.units]];
  },
  weights: (op, [input]) => kernelAndBias([input!.at(-1) as number, op.units], op.units, op.useBias),
  multiplyAdds: (_, [input], [output]) => countElements(output as Shape) * (input!.at(-1) as number),
  flops: (op, inputs, outputs) => 2 * dense.multiplyAdds!(op, inputs, outputs) + (op.useBias ? countElements(outputs[0] as Shape) : 0),
  compute(op, { inputs: [x], shapes: [shape], weights }) {
    const output = emptyValue(shape!);
    const kernel = weights.kernel!.data;
    const inputs = channelsOf(x!);
    for (let row = 0; row < x!.data.length / inputs; row++) {
      if (weights.bias) output.data.set(weights.bias.data, row * op.units);
      for (let i = 0; i < inputs; i++) {
        const value = x!.data[row * inputs + i]!;
        for (let unit = 0; unit < op.units; unit++) output.data[row * op.units + unit]! += value * kernel[i * op.units + unit]!;
      }
    }
    return [output];
  },
  edges: {
    'dense of a sequence': (g) => g.dense(g.input([2, 5, 6]), 4),
    'dense of an image': (g) => g.dense(g.input([1, 3, 2, 6]), 4),
    'dense of a sequence without bias': (g) => g.dense(g.input([2, 5, 6]), 4, false),
    'dense of five axes': (g) => g.dense(g.input([1, 2, 2, 3, 6]), 4),
  },
};
