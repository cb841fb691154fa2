import type { LiftedModel, LiftedOp, OpOrGap } from '../lift/lifted-model.ts';
import type { ChainStep, FusionRules } from './fusion-rules.ts';
import { type ModelValues, valueInputs } from './model-values.ts';
import { fits } from './op-facts.ts';

/** A part of a model that its runtime runs as one: positions of ops, in execution order. */
export type Part = readonly number[];

/**
 * Group the ops of a model into parts, by the rules: at every op the longest chain that begins there. A gap is a part of its own.
 *
 * @param blocked - by position: true for ops that run on blocked channels
 * @returns in the order of their last ops
 */
export function findParts(lifted: LiftedModel, rules: FusionRules, values: ModelValues, blocked: readonly boolean[]): readonly Part[] {
  const taken = new Set<number>();
  const starts = chainsByFirstOp(rules);
  const parts: Part[] = [];
  lifted.ops.forEach((op, position) => {
    if (taken.has(position)) return;
    let longest: Part = [position];
    if (op.gap === undefined) {
      for (const steps of starts.get(op.op.op) ?? []) {
        const chain = follow(steps, position, { lifted, values, blocked, taken });
        if (chain.length > longest.length) longest = chain;
      }
    }
    for (const member of longest) taken.add(member);
    parts.push(longest);
  });
  return parts.sort((a, b) => (a.at(-1) as number) - (b.at(-1) as number));
}

interface Surroundings {
  readonly lifted: LiftedModel;
  readonly values: ModelValues;
  readonly blocked: readonly boolean[];
  readonly taken: ReadonlySet<number>;
}

/** Steps that may begin at an op of a name: of each chain the first one, and those behind optional ones. */
function chainsByFirstOp({ chains }: FusionRules): ReadonlyMap<string, readonly (readonly ChainStep[])[]> {
  const starts = new Map<string, (readonly ChainStep[])[]>();
  for (const { steps } of chains) {
    for (let first = 0; first < steps.length; first++) {
      for (const name of steps[first]?.ops ?? []) starts.set(name, [...(starts.get(name) ?? []), steps.slice(first)]);
      if (steps[first]?.optional !== true) break;
    }
  }
  return starts;
}

/** The ops of a chain that begins at `start`; `[]` when a step that it needs does not fit. */
function follow(steps: readonly ChainStep[], start: number, around: Surroundings): Part {
  const [first, ...rest] = steps;
  if (first === undefined || !takes(first, start, [], around)) return [];
  const chain = [start];
  for (const step of rest) {
    const last = chain.at(-1) as number;
    const next = onlyReader(last, around);
    if (next !== undefined && takes(step, next, chain, around)) chain.push(next);
    else if (step.optional !== true) return [];
  }
  return chain;
}

/** The one op that reads the one result of another, unless it is a result of the model too. */
function onlyReader(position: number, { lifted, values }: Surroundings): number | undefined {
  const outputs = (lifted.ops[position] as LiftedOp).op.outputs;
  const [output] = outputs;
  if (output === undefined || outputs.length > 1 || values.outputs.has(output)) return undefined;
  const readers = values.readers.get(output) ?? [];
  return readers.length === 1 ? readers[0] : undefined;
}

function takes(step: ChainStep, position: number, chain: readonly number[], around: Surroundings): boolean {
  const { lifted, values, blocked, taken } = around;
  const op = lifted.ops[position];
  if (op === undefined || op.gap !== undefined || taken.has(position)) return false;
  if (!fits(step, op, { blocked: blocked[position] === true })) return false;
  if (step.within === true && op.op.outputs.some((name) => values.outputs.has(name))) return false;
  if (step.others === 'value') return true;
  const inputs = valueInputs(op);
  if (step.others === 'either') return inputs.length === 2 && hasPrecedence(inputs, position, chain, around);
  return inputs.length <= 1;
}

/** False when the first of two operands comes down a chain of the same ops, and the second one comes down this. */
function hasPrecedence(inputs: readonly string[], position: number, chain: readonly number[], around: Surroundings): boolean {
  const { lifted, values } = around;
  const [first, last] = [values.makers.get(inputs[0] as string), chain.at(-1)];
  if (first === undefined || first === last) return true;
  const names = chain.map((member) => (lifted.ops[member] as LiftedOp).op.op);
  const other = lifted.ops[first] as OpOrGap;
  return other.gap !== undefined || !names.includes(other.op.op) || onlyReader(first, around) !== position;
}
