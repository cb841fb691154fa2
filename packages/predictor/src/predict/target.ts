import { exp, log } from '@nnm/core';
import { type Baseline, baselineMs } from './baseline.ts';

/** What a regressor is asked to learn: latency itself, or the logarithm of latency over an analytic baseline. */
export type TargetId = 'raw' | 'log-residual';

/** The ids of {@link TargetId}. */
export const TARGET_IDS: readonly TargetId[] = ['raw', 'log-residual'];

/** A target with what was fitted for it. */
export type TargetModel =
  | { readonly id: 'raw' /** No prediction is below this. */; readonly floorMs: number }
  | { readonly id: 'log-residual'; readonly baseline: Baseline };

/** What the regressor shall answer for a row with this latency. `offset` is where the row starts in `values`. */
export function targetOf(target: TargetModel, latencyMs: number, values: ArrayLike<number>, offset = 0): number {
  return target.id === 'raw' ? latencyMs : log(latencyMs / baselineMs(target.baseline, values, offset));
}

/** The latency, in milliseconds, that the regressor's answer means; always positive. */
export function latencyOf(target: TargetModel, answer: number, values: ArrayLike<number>, offset = 0): number {
  return target.id === 'raw' ? Math.max(answer, target.floorMs) : baselineMs(target.baseline, values, offset) * exp(answer);
}
