import { square } from '@nnm/core';
import type { TrainingRow } from './training-rows.ts';

/** A label that scatters no more than this, relative to itself, counts in full: what the engine accepts as agreement of two visits. */
const FULL_TRUST = 0.025;
/** How far off the label of a flagged measurement is taken to be: what labels of a phase without a quiet moment were off by. */
const FLAGGED_ERROR = 0.1;

/** A row that may grade a predictor: an error against any other label says as much of the label. */
export const isTrusted = (row: Pick<TrainingRow, 'flagged'>): boolean => row.flagged !== true;

/**
 * How much each row counts in training: the inverse of its label's variance, none above 1. Where all are equally uncertain, all count 1.
 *
 * @returns one weight per row, above 0; undefined when all are 1
 */
export function rowWeights(
  rows: readonly Pick<TrainingRow, 'latencyMs' | 'spreadMs' | 'flagged' | 'corrected'>[],
): Float64Array | undefined {
  const weights = Float64Array.from(rows, ({ latencyMs, spreadMs = 0, flagged = false, corrected = false }) => {
    // The spread of a corrected label tells how far off it is; that of another flagged one only how its visits agree.
    const error = Math.max(spreadMs / latencyMs, flagged && !corrected ? FLAGGED_ERROR : 0);
    return error > FULL_TRUST ? square(FULL_TRUST / error) : 1;
  });
  const largest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  if (weights.every((weight) => weight === largest)) return undefined;
  return largest === 1 ? weights : weights.map((weight) => weight / largest);
}
