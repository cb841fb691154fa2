import { type AnyRegressor, type Registry, UnknownIdError } from '@nnm/core';
import plugin from './plugin.ts';

/**
 * The regressor with this id: one of the registry's, or one that comes with nnm, which a registry need not list.
 *
 * @throws {@link UnknownIdError} with the nearest known ids
 */
export function findRegressor(id: string, registry?: Pick<Registry, 'regressors'>): AnyRegressor {
  const known = [...(registry?.regressors ?? []).map(({ value }) => value), ...(plugin.regressors ?? [])];
  const found = known.find((regressor) => regressor.id === id);
  if (found === undefined) throw new UnknownIdError({ what: 'regressor', id, known: [...new Set(known.map((regressor) => regressor.id))] });
  return found;
}
