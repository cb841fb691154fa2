import type { ActivationOp, Conv2dOp } from '@nnm/core';
import type { LiftedOp, OpOrGap } from '../lifted-model.ts';
import type { LiftedGraph } from './lifted-graph.ts';

/** One of the convolutions that a grouped one is written as, and the activation behind it. */
interface Branch {
  readonly conv: LiftedOp;
  readonly activation?: LiftedOp;
  readonly positions: readonly number[];
}

/**
 * Convolutions of the parts of a split that are joined again, as one convolution in groups: runtimes before 2.10 have no other.
 *
 * @returns the ops in place of the join, and the positions of all that they stand for; undefined where this is none
 */
export function joinGroups(
  graph: LiftedGraph,
  position: number,
): { readonly ops: readonly OpOrGap[]; readonly from: readonly number[] } | undefined {
  const join = graph.op(position, 'concat');
  if (join === undefined || join.op.axis !== undefined || join.op.inputs.length < 2) return undefined;
  const branches = join.op.inputs.flatMap((name) => branchOf(graph, name, position) ?? []);
  const [first] = branches;
  const splitAt = graph.makerOf(first?.conv.op.inputs[0] ?? '');
  const split = splitAt === undefined ? undefined : graph.op(splitAt, 'split');
  if (first === undefined || split === undefined || split.op.axis !== undefined || split.op.sizes !== undefined) return undefined;
  const isGroup = (branch: Branch, index: number): boolean =>
    branch.conv.op.inputs[0] === split.op.outputs[index] && formOf(branch) === formOf(first);
  if (branches.length !== join.op.inputs.length || split.op.outputs.length !== branches.length || !branches.every(isGroup))
    return undefined;
  const positions = branches.flatMap((branch) => branch.positions);
  if (!split.op.outputs.every((name) => graph.usersOf(name).every((user) => positions.includes(user)))) return undefined;
  const from = [splitAt!, ...positions, position];
  const nodes = [...new Set(from.flatMap((at) => graph.at(at).nodes))].sort((a, b) => a - b);
  const conv = first.conv.op as Conv2dOp;
  const result = join.op.outputs[0]!;
  const linear = first.activation ? `${result}/joined` : result;
  const shapes = { outputShapes: join.outputShapes, constantInputs: [] };
  const grouped: LiftedOp = {
    nodes,
    op: { ...conv, filters: join.outputShapes[0]!.at(-1)!, groups: branches.length, inputs: split.op.inputs, outputs: [linear] },
    inputShapes: split.inputShapes,
    ...shapes,
  };
  if (first.activation === undefined) return { ops: [grouped], from };
  const activation: LiftedOp = {
    nodes,
    op: { ...(first.activation.op as ActivationOp), inputs: [linear], outputs: [result] },
    inputShapes: join.outputShapes,
    ...shapes,
  };
  return { ops: [grouped, activation], from };
}

function branchOf(graph: LiftedGraph, name: string, join: number): Branch | undefined {
  const last = graph.makerOf(name);
  if (last === undefined || graph.usersOf(name).some((user) => user !== join)) return undefined;
  const activation = graph.op(last, 'activation');
  if (activation === undefined) {
    const conv = graph.op(last, 'conv2d');
    return conv && { conv, positions: [last] };
  }
  const before = graph.makerOf(activation.op.inputs[0]!);
  const conv = before === undefined ? undefined : graph.op(before, 'conv2d');
  const isItsOwn = conv !== undefined && graph.usersOf(conv.op.outputs[0]!).length === 1;
  return isItsOwn ? { conv, activation, positions: [before!, last] } : undefined;
}

/** Everything that the branches have to have in common. */
function formOf({ conv, activation }: Branch): string {
  const { inputs: _, outputs: __, ...attributes } = conv.op;
  return JSON.stringify([attributes, conv.outputShapes, activation?.op.op === 'activation' && activation.op.function]);
}
