import type { OpNamed } from '@nnm/core';
import type { ModelGraph } from '../../graph/model-graph.ts';
import type { LiftedOp, OpOrGap } from '../lifted-model.ts';

/** Stands for whoever uses the results of a model. */
const OUTSIDE = -1;

/** The ops and gaps of a model with who makes and who uses each value. */
export class LiftedGraph {
  private readonly makers = new Map<string, number>();
  private readonly users = new Map<string, number[]>();

  constructor(
    private readonly ops: readonly OpOrGap[],
    readonly model: ModelGraph,
  ) {
    for (const name of model.outputs) this.users.set(name, [OUTSIDE]);
    ops.forEach((op, position) => {
      const { inputs, outputs } = op.gap === undefined ? op.op : op;
      for (const name of outputs) this.makers.set(name, position);
      for (const name of inputs) {
        const users = this.users.get(name);
        if (users === undefined) this.users.set(name, [position]);
        else users.push(position);
      }
    });
  }

  at(position: number): OpOrGap {
    return this.ops[position]!;
  }

  /** The op at a position when it is of this kind. */
  op<N extends LiftedOp['op']['op']>(position: number, name: N): (LiftedOp & { readonly op: OpNamed<N> }) | undefined {
    const op = this.ops[position]!;
    return op.gap === undefined && op.op.op === name ? (op as LiftedOp & { readonly op: OpNamed<N> }) : undefined;
  }

  /** Position of what makes a value; undefined for inputs and constants. */
  makerOf(name: string): number | undefined {
    return this.makers.get(name);
  }

  /** Positions of what uses a value, -1 for the model's own results. */
  usersOf(name: string): readonly number[] {
    return this.users.get(name) ?? [];
  }

  /** {@link makerOf} a value that nothing but `user` uses. */
  soleMaker(name: string, user: number): number | undefined {
    return this.usersOf(name).every((other) => other === user) ? this.makerOf(name) : undefined;
  }

  /** The runtime's own name of the first node. */
  operator(op: OpOrGap): string {
    return this.model.nodes[op.nodes[0]!]!.operator;
  }
}
