import type { Op, RunPart } from '@nnm/core';
import { type LiftedModel, outputsOf } from '../lift/lifted-model.ts';
import type { Part } from './find-parts.ts';

/** A part that a runtime and the rules for it see differently. */
export interface PartDifference {
  /** Names of what the ops compute: `conv2d+batchNorm+relu`. */
  readonly part: string;
  /** Who says that this is one part. */
  readonly saidBy: 'runtime' | 'rules';
}

/** Ops that most runtimes do not run at all, and merge with whatever is near. */
const VIEWS: ReadonlySet<string> = new Set<Op['op']>(['reshape', 'flatten', 'squeeze', 'expandDims']);

/**
 * The parts of a model as its runtime says them: positions of ops.
 *
 * @param explained - of `Runtime.explain`, for the file that the model was read from
 */
export function exactParts({ ops }: LiftedModel, explained: readonly RunPart[]): readonly Part[] {
  const positions = new Map(ops.flatMap((op, position) => outputsOf(op).map((name): [string, number] => [name, position])));
  return explained
    .map(({ values }) => [...new Set(values.flatMap((name) => positions.get(name) ?? []))].sort((a, b) => a - b))
    .filter((part) => part.length > 0);
}

/** What the runtime and the rules do not agree on; changes of shape, which cost next to nothing, do not count. */
export function partDifferences(lifted: LiftedModel, exact: readonly Part[], byRules: readonly Part[]): readonly PartDifference[] {
  const named = (parts: readonly Part[]): ReadonlyMap<string, string> =>
    new Map(
      parts
        .map((part) => part.filter((position) => !VIEWS.has(nameOf(lifted, position))))
        .filter((part) => part.length > 0)
        .map((part) => [part.join(), part.map((position) => nameOf(lifted, position)).join('+')]),
    );
  const [runtime, rules] = [named(exact), named(byRules)];
  const only = (parts: ReadonlyMap<string, string>, others: ReadonlyMap<string, string>, saidBy: PartDifference['saidBy']) =>
    [...parts].filter(([key]) => !others.has(key)).map(([, part]) => ({ part, saidBy }));
  return [...only(runtime, rules, 'runtime'), ...only(rules, runtime, 'rules')];
}

function nameOf({ ops }: LiftedModel, position: number): string {
  const op = ops[position];
  if (op === undefined || op.gap !== undefined) return 'gap';
  return op.op.op === 'activation' ? op.op.function : op.op.op;
}
