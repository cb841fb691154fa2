import type { FittedRegressor, SerialisedRegressor } from '@nnm/core';
import { deserialiseEnsemble, serialiseEnsemble } from './ensemble-binary.ts';
import { predictRows } from './predict-rows.ts';
import { predictRow, type TreeEnsemble } from './tree-ensemble.ts';

/** A fitted regressor made of trees; keeps them in `ensemble` for those who want each tree's opinion. */
export interface FittedEnsemble extends FittedRegressor {
  readonly ensemble: TreeEnsemble;
}

/** Wrap an ensemble as a fitted regressor. */
export function fittedEnsemble(ensemble: TreeEnsemble, outOfBag?: Float64Array): FittedEnsemble {
  return {
    ensemble,
    predictOne: (features) => predictRow(ensemble, features),
    predictMany: (features) => predictRows(ensemble, features),
    ...(outOfBag !== undefined && { outOfBag }),
    serialise: () => serialiseEnsemble(ensemble),
  };
}

/** Restore what {@link fittedEnsemble} serialised. Throws RangeError saying what is wrong with the bytes. */
export function restoreEnsemble(serialised: SerialisedRegressor): FittedEnsemble {
  return fittedEnsemble(deserialiseEnsemble(serialised));
}
