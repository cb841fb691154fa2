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

/** How each operator runs. */
export const OPERATOR_SUPPORT: Readonly<Record<string, OperatorSupport>> = Object.fromEntries(
  [...LOWERINGS].map(([op, { support }]) => [op, support]),
);
