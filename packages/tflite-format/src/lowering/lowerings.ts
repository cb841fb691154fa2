import type { Op, OperatorSupport } from '@nnm/core';
import type { Lowering } from './lowering.ts';
import * as lowerings from './ops/index.ts';

const isLowering = (value: unknown): value is Lowering => typeof value === 'object' && value !== null && 'lower' in value;

/** The lowering of every operator that TensorFlow Lite has, by the operator's name. */
export const LOWERINGS: ReadonlyMap<Op['op'], Lowering> = new Map(
  Object.values(lowerings as Readonly<Record<string, unknown>>)
    .filter(isLowering)
    .map((lowering) => [lowering.op, lowering]),
);

/** An operator of the format with a mark, and what is to be said of it, in braces, by default that it is on its own kernel. */
const MARKED = /([A-Z0-9_]+)\*(?:\{([^}]*)\})?/g;

/**
 * How each operator runs where XNNPACK takes further operators of the format than it did in TensorFlow Lite 2.9.
 *
 * @param taken - their names, such as `TANH`
 */
export function supportWith(taken: ReadonlySet<string>): Readonly<Record<string, OperatorSupport>> {
  return Object.fromEntries([...LOWERINGS].map(([op, { support }]) => [op, asDelegated(support, taken)]));
}

function asDelegated({ runs, note = '' }: OperatorSupport, taken: ReadonlySet<string>): OperatorSupport {
  const isItself = (at: number): boolean => runs === 'reference kernel' && at === 0;
  const [first = ''] = note.split('*');
  const text = note.replace(MARKED, (_, name: string, said: string | undefined, at: number) =>
    taken.has(name) ? name : name + (said ?? (isItself(at) ? '' : ' (on its own kernel)')),
  );
  return { runs: runs === 'reference kernel' && taken.has(first) ? 'delegated' : runs, note: text };
}

/** How each operator runs in TensorFlow Lite 2.9. */
export const OPERATOR_SUPPORT: Readonly<Record<string, OperatorSupport>> = supportWith(new Set());
