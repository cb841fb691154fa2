import { type LiftedModel, type OpOrGap, outputsOf } from '../lift/lifted-model.ts';

/** Who makes and who reads each value of a model. */
export interface ModelValues {
  /** Position of the op that makes a value. */
  readonly makers: ReadonlyMap<string, number>;
  /** Positions of the ops that read a value, once for each time. */
  readonly readers: ReadonlyMap<string, readonly number[]>;
  readonly outputs: ReadonlySet<string>;
}

/** Names of what an op or gap takes that is not constant. */
export function valueInputs(op: OpOrGap): readonly string[] {
  if (op.gap !== undefined) return op.inputs;
  return op.constantInputs.length === 0 ? op.op.inputs : op.op.inputs.filter((_, at) => !op.constantInputs.includes(at));
}

/** Index the values of a model. */
export function modelValues({ ops, model }: LiftedModel): ModelValues {
  const makers = new Map<string, number>();
  const readers = new Map<string, number[]>();
  ops.forEach((op, position) => {
    for (const name of valueInputs(op)) {
      const known = readers.get(name);
      if (known === undefined) readers.set(name, [position]);
      else known.push(position);
    }
    for (const name of outputsOf(op)) makers.set(name, position);
  });
  return { makers, readers, outputs: new Set(model.outputs) };
}
