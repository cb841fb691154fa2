import { elementType } from '../../../read/onnx/element-types.ts';
import type { NodeView } from '../node-view.ts';
import type { Nothing, Rule, Rules } from '../rule.ts';

/** A node whose result is its first input. */
export const same = (node: NodeView): Nothing => ({ same: node.node.inputs[0] as string });
const sameShape = (node: NodeView) => [node.shape(0)];

const castTo = (node: NodeView) => elementType(node.number('to', 0));

/** What a runtime drops: the output is the input. */
export const NOTHINGS: Rules = {
  Identity: { say: same },
  Dropout: {
    say: (node) => (node.usesOutput(1) ? node.gap('Dropout that gives its mask has no equivalent in nnm') : same(node)),
    shapes: (node) => node.node.outputs.map(() => node.shape(0)),
  },
  Cast: {
    say: (node) =>
      node.tensor(0)?.dtype === castTo(node)
        ? same(node)
        : node.gap(`Cast from ${node.tensor(0)?.dtype ?? 'an unknown type'} to ${castTo(node)} has no equivalent in nnm`),
    shapes: sameShape,
    types: (node) => [castTo(node)],
  },
  CastLike: {
    say: (node) =>
      node.tensor(0)?.dtype === node.tensor(1)?.dtype ? same(node) : node.gap('CastLike to another type has no equivalent in nnm'),
    shapes: sameShape,
    types: (node) => [node.tensor(1)?.dtype ?? 'other'],
  },
} satisfies Readonly<Record<string, Rule>>;
