import { InvalidArgumentError, toFeatureMatrix } from '@nnm/core';
import type { Predictor } from './predictor.ts';

/** Predictions of some consecutive rows. */
export interface PredictionBatch {
  /** Index of the first row of the batch. */
  readonly first: number;
  readonly latenciesMs: Float64Array;
}

/**
 * Predict any number of rows with little memory, batch by batch; how far it is, is `first + latenciesMs.length`.
 *
 * @param rows - feature vectors, such as a generator's
 * @param rowsPerBatch - default 4096
 * @throws {@link InvalidArgumentError} when a vector has the wrong length or a number is not finite
 */
export async function* predictInBatches(
  predictor: Predictor,
  rows: Iterable<ArrayLike<number>> | AsyncIterable<ArrayLike<number>>,
  rowsPerBatch = 4096,
): AsyncGenerator<PredictionBatch> {
  if (!Number.isInteger(rowsPerBatch) || rowsPerBatch < 1) {
    throw new InvalidArgumentError({ name: 'rowsPerBatch', expected: 'an integer >= 1', got: rowsPerBatch });
  }
  const columns = predictor.manifest.featureNames.length;
  let batch: ArrayLike<number>[] = [];
  let first = 0;
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < rowsPerBatch) continue;
    yield { first, latenciesMs: predictor.predictMany(toFeatureMatrix(batch, columns)) };
    first += batch.length;
    batch = [];
  }
  if (batch.length > 0) yield { first, latenciesMs: predictor.predictMany(toFeatureMatrix(batch, columns)) };
}
