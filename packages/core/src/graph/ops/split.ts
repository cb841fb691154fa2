import type { OpBase, Operator } from '../operator.ts';
import { channelsOf, emptyValue } from '../reference-value.ts';
import type { ValueId } from '../values.ts';

/**
 * A value cut along channels into `outputs.length` equal parts.
 *
 * @shapes `[..., c]` to `parts` times `[..., c / parts]`
 */
export interface SplitOp extends OpBase {
  readonly op: 'split';
}

/** Methods of `GraphBuilder`. */
export interface SplitMethods {
  /** Cut along channels, into equal parts. */
  split(x: ValueId, parts: number): readonly ValueId[];
}

export const split: Operator<SplitOp, SplitMethods> = {
  op: 'split',
  outputs: 'many',
  attributes: {},
  methods: {
    split: (writer, x, parts) => writer.addMany<SplitOp>({ op: 'split', inputs: [x] }, parts),
  },
  infer(op, [x], fail) {
    const channels = x!.at(-1) as number;
    if (channels % op.outputs.length !== 0) fail(`cannot split ${channels} channels into ${op.outputs.length} equal parts`);
    return op.outputs.map(() => [...x!.slice(0, -1), channels / op.outputs.length]);
  },
  flops: () => 0,
  compute(_, { inputs: [x], shapes }) {
    const channels = channelsOf(x!);
    return shapes.map((shape, part) => {
      const output = emptyValue(shape);
      const size = channelsOf(output);
      for (let i = 0; i < output.data.length; i++) {
        output.data[i] = x!.data[Math.floor(i / size) * channels + part * size + (i % size)]!;
      }
      return output;
    });
  },
};
