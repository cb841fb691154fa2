import { elementType } from '../../../read/onnx/element-types.ts';
import type { NodeView } from '../node-view.ts';
import type { Rule, Rules } from '../rule.ts';

const first = (node: NodeView): { readonly same: string } => ({ same: node.node.inputs[0] as string });
const sameShape = (node: NodeView) => [node.shape(0)];

const castTo = (node: NodeView) => elementType(node.number('to', 0));

/** What a runtime drops: the output is the input. */
export const NOTHINGS: Rules = {
  Identity: { say: first },
  Dropout: {
    say: (node) => (node.usesOutput(1) ? node.gap('Dropout that gives its mask has no equivalent in nnm') : first(node)),
    shapes: (node) => node.node.outputs.map(() => node.shape(0)),
  },
  Cast: {
    say: (node) =>
      node.tensor(0)?.dtype === castTo(node)
        ? first(node)
        : node.gap(`Cast from ${node.tensor(0)?.dtype ?? 'an unknown type'} to ${castTo(node)} has no equivalent in nnm`),
    shapes: sameShape,
    types: (node) => [castTo(node)],
  },
  CastLike: {
    say: (node) =>
      node.tensor(0)?.dtype === node.tensor(1)?.dtype ? first(node) : node.gap('CastLike to another type has no equivalent in nnm'),
    shapes: sameShape,
    types: (node) => [node.tensor(1)?.dtype ?? 'other'],
  },
} satisfies Readonly<Record<string, Rule>>;
