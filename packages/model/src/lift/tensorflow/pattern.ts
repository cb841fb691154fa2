import type { Op, OpNamed, Shape } from '@nnm/core';
import type { ModelTensor } from '../../graph/model-graph.ts';
import type { LiftedOp } from '../lifted-model.ts';
import type { LiftedGraph } from './lifted-graph.ts';

/** What a value of a model is made by: any value under a name, a constant, or an op of other patterns. */
export type Pattern =
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'constant'; readonly name: string }
  | { readonly kind: 'op'; readonly op: Op['op']; readonly inputs: readonly Pattern[]; readonly where: (op: LiftedOp) => boolean };

/** Any value; the same name stands for the same value. */
export const value = (name: string): Pattern => ({ kind: 'value', name });

/** A constant, of one element or of many. */
export const constant = (name: string): Pattern => ({ kind: 'constant', name });

/** The result of an op; `where` is asked about its attributes. */
export const made = (op: Op['op'], inputs: readonly Pattern[], where: (op: LiftedOp) => boolean = () => true): Pattern => ({
  kind: 'op',
  op,
  inputs,
  where,
});

/** What a pattern was found in. */
export interface Match {
  /** Tensors by the pattern's names. */
  readonly values: ReadonlyMap<string, string>;
  /** Positions of the ops, the last one is the pattern's root. */
  readonly ops: ReadonlySet<number>;
}

const COMMUTES: ReadonlySet<Op['op']> = new Set(['add', 'mul', 'maximum', 'minimum']);

/** All ways in which a value is what a pattern says. */
export function findMatches(graph: LiftedGraph, pattern: Pattern, name: string, match: Match): readonly Match[] {
  if (pattern.kind === 'constant' && !graph.model.tensors.get(name)?.constant) return [];
  if (pattern.kind !== 'op') {
    const known = match.values.get(pattern.name);
    if (known !== undefined) return known === name ? [match] : [];
    return [{ ...match, values: new Map([...match.values, [pattern.name, name]]) }];
  }
  const position = graph.makerOf(name);
  if (position === undefined) return [];
  const lifted = graph.op(position, pattern.op);
  if (lifted === undefined || lifted.op.outputs.length !== 1 || lifted.op.inputs.length !== pattern.inputs.length || !pattern.where(lifted))
    return [];
  const found = { ...match, ops: new Set([position, ...match.ops]) };
  const orders = COMMUTES.has(pattern.op) ? [lifted.op.inputs, [...lifted.op.inputs].reverse()] : [lifted.op.inputs];
  return orders.flatMap((inputs) =>
    inputs.reduce<readonly Match[]>(
      (matches, input, index) => matches.flatMap((before) => findMatches(graph, pattern.inputs[index]!, input, before)),
      [found],
    ),
  );
}

/** What a composition is told of a match: the values of its constants, shapes, and ops. */
export class Found {
  /** @param ops - all that were matched, `root` among them */
  constructor(
    readonly root: LiftedOp,
    private readonly ops: readonly LiftedOp[],
    private readonly match: Match,
    private readonly tensors: ReadonlyMap<string, ModelTensor>,
  ) {}

  /** The number that a constant is; undefined for one of several elements. */
  number(name: string): number | undefined {
    const { values = [] } = this.tensor(name);
    return values.length === 1 ? values[0] : undefined;
  }

  /** Shape of a constant. */
  constantShape(name: string): Shape {
    return this.tensor(name).shape ?? [];
  }

  /** The last op of this kind among the matched. */
  op<N extends Op['op']>(name: N): OpNamed<N> {
    return this.ops.find(({ op }) => op.op === name)!.op as OpNamed<N>;
  }

  private tensor(name: string): ModelTensor {
    return this.tensors.get(this.match.values.get(name)!)!;
  }
}
