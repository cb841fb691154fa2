import type { LiftedModel, LiftedOp } from '../lift/lifted-model.ts';
import type { FusionRules, OpPattern } from './fusion-rules.ts';
import { type ModelValues, modelValues, valueInputs } from './model-values.ts';
import { fits, meetsOne } from './op-facts.ts';

/** Where a runtime keeps channels in blocks, and where it changes between that and plain. */
export interface BlockedValues {
  /** By position: true for ops that run on blocked channels. */
  readonly ops: readonly boolean[];
  /** Values that are blocked by plain readers' and outputs' needs made plain again: a reorder each. */
  readonly madePlain: readonly string[];
  /** Plain values that blocked ops read: a reorder each. */
  readonly madeBlocked: readonly string[];
}

const PLAIN = { blocked: false };

/** Follow blocked channels through a model, by the rules; a runtime without them has none. */
export function blockedValues(lifted: LiftedModel, rules: FusionRules): BlockedValues {
  const { ops, model } = lifted;
  const { blocked } = rules;
  const { readers, outputs } = modelValues(lifted);
  const values = new Set<string>();
  const madePlain = new Set<string>();
  const madeBlocked = new Set<string>();
  const isBlocked = ops.map((op) => {
    const inputs = valueInputs(op);
    if (blocked !== undefined && isTakenIn(op, readers, outputs, ops, rules)) {
      if (values.has(inputs[0] as string)) values.add(op.op.outputs[0] as string);
      return false;
    }
    const runs = blocked !== undefined && op.gap === undefined && runsBlocked(op, inputs, values, blocked);
    for (const name of inputs) {
      if (runs && !takesPlain(op as LiftedOp, blocked) && !values.has(name)) madeBlocked.add(name);
      if ((!runs || takesPlain(op as LiftedOp, blocked)) && values.has(name)) madePlain.add(name);
    }
    if (runs) {
      for (const name of op.op.outputs) {
        values.add(name);
        if (blocked.leaves.some((pattern) => fits(pattern, op, PLAIN))) {
          madePlain.add(name);
          values.delete(name);
        }
      }
    }
    return runs;
  });
  for (const name of model.outputs) if (values.has(name)) madePlain.add(name);
  return { ops: isBlocked, madePlain: [...madePlain], madeBlocked: [...madeBlocked] };
}

/** True for pixels around an image that the one window behind them puts itself: they are no op when the model runs. */
function isTakenIn(
  op: LiftedModel['ops'][number],
  readers: ModelValues['readers'],
  outputs: ModelValues['outputs'],
  ops: LiftedModel['ops'],
  { freePadding }: FusionRules,
): op is LiftedOp {
  if (op.gap !== undefined || op.op.op !== 'pad' || !fits(TAKEN_IN, op, PLAIN)) return false;
  const [output] = op.op.outputs as readonly [string];
  const [reader, ...others] = readers.get(output) ?? [];
  const next = reader === undefined ? undefined : ops[reader];
  return others.length === 0 && !outputs.has(output) && next?.gap === undefined && next !== undefined && freePadding.includes(next.op.op);
}

const TAKEN_IN: OpPattern = { ops: ['pad'], where: [{ mode: ['constant'], value: [0], spatial: [true] }] };

type Blocked = NonNullable<FusionRules['blocked']>;

function runsBlocked(op: LiftedOp, inputs: readonly string[], values: ReadonlySet<string>, { enters, keeps }: Blocked): boolean {
  if (enters.some((pattern) => fits(pattern, op, PLAIN))) return true;
  return inputs.length > 0 && inputs.every((name) => values.has(name)) && keeps.some((pattern) => fits(pattern, op, PLAIN));
}

const takesPlain = (op: LiftedOp, blocked: Blocked | undefined): boolean =>
  blocked?.enters.some(
    (pattern) => pattern.takesPlain !== undefined && fits(pattern, op, PLAIN) && meetsOne(pattern.takesPlain, op, PLAIN),
  ) ?? false;
