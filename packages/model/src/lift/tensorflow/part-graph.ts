import type { OpNamed } from '@nnm/core';
import type { ModelGraph } from '../../graph/model-graph.ts';
import type { Gap, LiftedOp } from '../lifted-model.ts';

/** An op of a model, or a gap. */
export type Part = LiftedOp | Gap;

/** Stands for whoever uses the results of a model. */
const OUTSIDE = -1;

/** The parts of a model with who makes and who uses each value. */
export class PartGraph {
  private readonly makers = new Map<string, number>();
  private readonly users = new Map<string, number[]>();

  constructor(
    private readonly parts: readonly Part[],
    readonly model: ModelGraph,
  ) {
    for (const name of model.outputs) this.users.set(name, [OUTSIDE]);
    parts.forEach((part, position) => {
      const { inputs, outputs } = part.gap === undefined ? part.op : part;
      for (const name of outputs) this.makers.set(name, position);
      for (const name of inputs) {
        const users = this.users.get(name);
        if (users === undefined) this.users.set(name, [position]);
        else users.push(position);
      }
    });
  }

  part(position: number): Part {
    return this.parts[position]!;
  }

  /** The op at a position when it is of this kind. */
  op<N extends LiftedOp['op']['op']>(position: number, name: N): (LiftedOp & { readonly op: OpNamed<N> }) | undefined {
    const part = this.parts[position]!;
    return part.gap === undefined && part.op.op === name ? (part as LiftedOp & { readonly op: OpNamed<N> }) : undefined;
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

  /** The runtime's own name of a part's first node. */
  operator(part: Part): string {
    return this.model.nodes[part.nodes[0]!]!.operator;
  }
}
