import type { NewOp, OpBase, OpWriter } from './operator.ts';
import { show } from './show-value.ts';
import type { ValueId } from './values.ts';

/** More parts than any value is cut into; as many names would fill the memory before anybody looks at the shape. */
const MOST_PARTS = 1_000_000;

/** The ops of a graph that is being written, and what is wrong with it so far; names their outputs. */
export class OpList implements OpWriter {
  readonly ops: OpBase[] = [];
  readonly problems: string[] = [];

  add<O extends OpBase>(op: NewOp<O>, unknown?: object): ValueId {
    const id = `${op.op}${this.ops.length}`;
    this.push(op, [id], unknown);
    return id;
  }

  addMany<O extends OpBase>(op: NewOp<O>, outputs: number, unknown?: object): readonly ValueId[] {
    const isCount = Number.isInteger(outputs) && outputs >= 1 && outputs <= MOST_PARTS;
    const count = isCount ? outputs : 0;
    if (!isCount) this.problems.push(`${op.op} needs parts to be an integer from 1 to ${MOST_PARTS}, got ${show(outputs)}`);
    const ids = Array.from({ length: count }, (_, part) => `${op.op}${this.ops.length}_${part}`);
    this.push(op, ids, unknown);
    return ids;
  }

  /** What the method itself decides is no option: `{ filters: 64 }` would otherwise take the place of the argument. */
  private push(op: object, outputs: readonly ValueId[], unknown: object = {}): void {
    const own = { ...op, outputs };
    for (const name of Object.keys(unknown).filter((option) => Object.hasOwn(own, option))) {
      this.problems.push(`${outputs[0]} has no option "${name}": that is an argument of its own, or follows from the others`);
    }
    const given = Object.entries({ ...unknown, ...own }).filter(([, value]) => value !== undefined);
    this.ops.push(Object.fromEntries(given) as unknown as OpBase);
  }
}
