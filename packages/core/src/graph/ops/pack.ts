import { integer } from '../attributes.ts';
import { resolveAxis } from '../axes.ts';
import type { OpBase, Operator } from '../operator.ts';
import type { ValueId } from '../values.ts';
import { pick } from '../walk.ts';

/**
 * Equal values joined along a new axis.
 *
 * @shapes any, all equal, to the same with the number of values at `axis`
 */
export interface PackOp extends OpBase {
  readonly op: 'pack';
  readonly axis: number;
}

/** Options of {@link PackMethods.pack}. */
export interface PackOptions {
  /** Where the new axis is in the result; negative counts from the end; default 0. */
  readonly axis?: number;
}

/** Methods of `GraphBuilder`. */
export interface PackMethods {
  /** Join along a new axis; also known as stack. */
  pack(values: readonly ValueId[], options?: PackOptions): ValueId;
}

export const pack: Operator<PackOp, PackMethods> = {
  op: 'pack',
  inputs: [1, Number.POSITIVE_INFINITY],
  attributes: { axis: integer },
  lastArgument: 'options',
  methods: {
    pack: (writer, values, { axis = 0, ...unknown } = {}) => writer.add<PackOp>({ op: 'pack', inputs: values, axis }, unknown),
  },
  infer({ axis: given }, inputs, fail) {
    const first = inputs[0]!;
    const axis = resolveAxis(given, first.length + 1);
    if (axis < 0 || axis > first.length) fail(`has axis ${given}, but its result has ${first.length + 1} axes`);
    const other = inputs.find((shape) => shape.join() !== first.join());
    if (other !== undefined) fail(`joins [${first.join(', ')}] and [${other.join(', ')}], which differ`);
    return [[...first.slice(0, axis), inputs.length, ...first.slice(axis)]];
  },
  flops: () => 0,
  compute({ axis: given }, { inputs, shapes: [shape] }) {
    const axis = resolveAxis(given, shape!.length);
    const joined = { shape: [inputs.length, ...inputs[0]!.shape], data: Float64Array.from(inputs.flatMap(({ data }) => [...data])) };
    return [pick(joined, shape!, (position) => [position[axis]!, ...position.filter((_, other) => other !== axis)])];
  },
  edges: {
    'pack of vectors': (g) => g.pack([g.input([2, 3]), g.input([2, 3])]),
    'pack of sequences at the end': (g) => g.pack([g.input([2, 3, 4]), g.input([2, 3, 4])], { axis: -1 }),
    'pack of images': (g) => g.pack([g.input([1, 2, 3, 4]), g.input([1, 2, 3, 4])], { axis: 1 }),
  },
};
