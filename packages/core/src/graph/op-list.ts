import type { NewOp, OpBase, OpWriter } from './operator.ts';
import type { ValueId } from './values.ts';

/** The ops of a graph that is being written; names their outputs. */
export class OpList implements OpWriter {
  readonly ops: OpBase[] = [];

  add<O extends OpBase>(op: NewOp<O>): ValueId {
    const id = `${op.op}${this.ops.length}`;
    this.push(op, [id]);
    return id;
  }

  addMany<O extends OpBase>(op: NewOp<O>, outputs: number): readonly ValueId[] {
    const count = Number.isInteger(outputs) && outputs > 0 ? outputs : 0;
    const ids = Array.from({ length: count }, (_, part) => `${op.op}${this.ops.length}_${part}`);
    this.push(op, ids);
    return ids;
  }

  private push(op: object, outputs: readonly ValueId[]): void {
    const given = Object.entries(op).filter(([, value]) => value !== undefined);
    this.ops.push({ ...Object.fromEntries(given), outputs } as unknown as OpBase);
  }
}
