import type { OpBase, Operator } from '../operator.ts';
import { channelsOf, emptyValue } from '../reference-value.ts';
import type { ValueId } from '../values.ts';

/**
 * Values joined along channels.
 *
 * @shapes `[..., c1]`, `[..., c2]`, ... to `[..., c1 + c2 + ...]`
 */
export interface ConcatOp extends OpBase {
  readonly op: 'concat';
}

/** Methods of `GraphBuilder`. */
export interface ConcatMethods {
  /** Join along channels. */
  concat(values: readonly ValueId[]): ValueId;
}

export const concat: Operator<ConcatOp, ConcatMethods> = {
  op: 'concat',
  inputs: [1, Number.POSITIVE_INFINITY],
  attributes: {},
  methods: {
    concat: (writer, values) => writer.add<ConcatOp>({ op: 'concat', inputs: values }),
  },
  infer(_, inputs, fail) {
    const first = inputs[0]!;
    const leading = first.slice(0, -1);
    for (const shape of inputs) {
      if (shape.length !== first.length || !leading.every((size, axis) => size === shape[axis])) {
        fail(`joins [${first.join(', ')}] and [${shape.join(', ')}], which differ in more than channels`);
      }
    }
    return [[...leading, inputs.reduce((sum, shape) => sum + (shape.at(-1) as number), 0)]];
  },
  flops: () => 0,
  compute(_, { inputs, shapes: [shape] }) {
    const output = emptyValue(shape!);
    const pixels = output.data.length / channelsOf(output);
    for (let pixel = 0; pixel < pixels; pixel++) {
      let offset = pixel * channelsOf(output);
      for (const value of inputs) {
        const channels = channelsOf(value);
        output.data.set(value.data.subarray(pixel * channels, (pixel + 1) * channels), offset);
        offset += channels;
      }
    }
    return [output];
  },
};
