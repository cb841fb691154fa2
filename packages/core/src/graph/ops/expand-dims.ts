import { integer } from '../attributes.ts';
import { resolveAxis } from '../axes.ts';
import type { OpBase, Operator } from '../operator.ts';
import type { ValueId } from '../values.ts';

/**
 * A value with a new axis of size 1.
 *
 * @shapes any to the same with 1 at `axis`
 */
export interface ExpandDimsOp extends OpBase {
  readonly op: 'expandDims';
  readonly axis: number;
}

/** Methods of `GraphBuilder`. */
export interface ExpandDimsMethods {
  /** Add an axis of size 1, at `axis` of the result; negative counts from its end. */
  expandDims(x: ValueId, axis: number): ValueId;
}

export const expandDims: Operator<ExpandDimsOp, ExpandDimsMethods> = {
  op: 'expandDims',
  attributes: { axis: integer },
  methods: { expandDims: (writer, x, axis) => writer.add<ExpandDimsOp>({ op: 'expandDims', inputs: [x], axis }) },
  infer({ axis: given }, [x], fail) {
    const axis = resolveAxis(given, x!.length + 1);
    if (axis < 0 || axis > x!.length) fail(`has axis ${given}, but its result has ${x!.length + 1} axes`);
    return [[...x!.slice(0, axis), 1, ...x!.slice(axis)]];
  },
  flops: () => 0,
  compute: (_, { inputs: [x], shapes: [shape] }) => [{ shape: shape!, data: x!.data }],
  edges: {
    'expandDims to an image of height 1': (g) => g.expandDims(g.input([2, 5, 3]), 1),
    'expandDims at the end': (g) => g.expandDims(g.input([2, 3]), -1),
    'expandDims to five axes': (g) => g.expandDims(g.input([1, 2, 3, 4]), 0),
  },
};
