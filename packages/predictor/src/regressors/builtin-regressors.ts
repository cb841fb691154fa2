import { type AnyRegressor, UnknownIdError } from '@nnm/core';
import { gradientBoosting } from './gradient-boosting.ts';
import { mlRandomForest } from './ml-random-forest.ts';
import { randomForest } from './random-forest.ts';

/** The regressors that come with nnm. */
export const builtinRegressors: readonly AnyRegressor[] = [randomForest, gradientBoosting, mlRandomForest];

/**
 * The regressor with this id: a built-in one, or what `lookup` finds.
 *
 * @param lookup - such as a registry's `regressor`; may throw for an unknown id
 * @throws {@link UnknownIdError} with the nearest known ids
 */
export function findRegressor(id: string, lookup?: (id: string) => AnyRegressor | undefined): AnyRegressor {
  const found = builtinRegressors.find((regressor) => regressor.id === id) ?? lookup?.(id);
  if (found === undefined) throw new UnknownIdError({ what: 'regressor', id, known: builtinRegressors.map((regressor) => regressor.id) });
  return found;
}
