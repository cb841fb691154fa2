import type { Op } from '@nnm/core';
import type { ModelGraph } from '../../graph/model-graph.ts';
import { type LiftedOp, type OpOrGap, outputsOf } from '../lifted-model.ts';
import { opProblem } from '../op-problem.ts';
import { COMPOSITIONS, type Composition } from './compositions.ts';
import { joinGroups } from './join-groups.ts';
import { joinIndexCast } from './join-index-casts.ts';
import { LiftedGraph } from './lifted-graph.ts';
import { Found, findMatches, type Match } from './pattern.ts';

/** Ops in place of others. */
interface Joined {
  readonly ops: readonly OpOrGap[];
  /** Positions of what they stand for. */
  readonly from: readonly number[];
}

/**
 * Ops that spell out one of core's operators, as that operator, where the last of them was.
 *
 * Nothing else may look at the values between them.
 */
export function composeOps(ops: readonly OpOrGap[], model: ModelGraph): readonly OpOrGap[] {
  const graph = new LiftedGraph(ops, model);
  const composed = new Map<number, readonly OpOrGap[]>();
  const gone = new Set<number>();
  // From the end, so that the longest spelling of a function is found before a part of it.
  for (let position = ops.length - 1; position >= 0; position--) {
    if (gone.has(position)) continue;
    const found = joinGroups(graph, position) ?? joinIndexCast(graph, position) ?? findComposition(graph, position);
    if (found === undefined || found.from.some((at) => gone.has(at)) || !found.ops.every(canBeBuilt)) continue;
    composed.set(position, found.ops);
    for (const at of found.from) if (at !== position) gone.add(at);
  }
  return ops.flatMap((op, position) => (gone.has(position) ? [] : (composed.get(position) ?? [op])));
}

/** False for an op that core would refuse, such as a clip without an end: then it is what it is spelled as. */
const canBeBuilt = (op: OpOrGap): boolean => op.gap !== undefined || opProblem(op) === undefined;

function findComposition(graph: LiftedGraph, position: number): Joined | undefined {
  const root = graph.at(position);
  if (root.gap !== undefined || root.op.outputs.length !== 1) return undefined;
  const stays = (ops: ReadonlySet<number>): boolean =>
    [...ops].every((at) => at === position || outputsOf(graph.at(at)).every((name) => graph.usersOf(name).every((user) => ops.has(user))));
  for (const composition of COMPOSITIONS) {
    for (const match of findMatches(graph, composition.pattern, root.op.outputs[0]!, { values: new Map(), ops: new Set() })) {
      const lifted = stays(match.ops) ? sayComposition(graph, composition, match, root) : undefined;
      if (lifted !== undefined) return { ops: [lifted], from: [...match.ops] };
    }
  }
  return undefined;
}

function sayComposition(graph: LiftedGraph, { say }: Composition, match: Match, root: LiftedOp): LiftedOp | undefined {
  const ops = [...match.ops].map((position) => graph.at(position) as LiftedOp);
  const op = say(new Found(root, ops, match, graph.model.tensors));
  if (op === undefined) return undefined;
  const input = match.values.get('x')!;
  // The shape of x as the op that takes it says it.
  const user = ops.find(({ op: { inputs } }) => inputs.includes(input))!;
  return {
    nodes: [...new Set(ops.flatMap(({ nodes }) => nodes))].sort((a, b) => a - b),
    op: { ...op, inputs: [input], outputs: root.op.outputs } as Op,
    inputShapes: [user.inputShapes[user.op.inputs.indexOf(input)]!],
    outputShapes: root.outputShapes,
    constantInputs: graph.model.tensors.get(input)?.constant ? [0] : [],
  };
}
