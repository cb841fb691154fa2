import type { AnyRegressor, FittedRegressor } from '@nnm/core';
import { regressorContract, runContract } from '@nnm/core/testing';
import { describe, expect, it } from 'vitest';
import { findRegressor } from '../find-regressor.ts';
import plugin from '../plugin.ts';

const OPTIONS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'ml-random-forest': { nEstimators: 10 },
};

describe.each((plugin.regressors ?? []).map((regressor) => [regressor.id, regressor] as const))('%s', (id, regressor) => {
  for (const { name, run } of regressorContract(regressor, { options: OPTIONS[id] ?? { nEstimators: 30 } })) it(name, run);
});

const forest = findRegressor('random-forest');
const fitting = (change: (fitted: FittedRegressor) => FittedRegressor): AnyRegressor => ({
  ...forest,
  fit: async (data, options, context) => change(await forest.fit(data, options, context)),
});
let calls = 0;

describe('a broken regressor', () => {
  it.each<[string, AnyRegressor, RegExp]>([
    [
      'swallows unknown options',
      { ...forest, parseOptions: () => forest.parseOptions({ nEstimators: 30 }) },
      /accepts an option that it does not have/,
    ],
    [
      'predicts one row and many differently',
      fitting((fitted) => ({ ...wrap(fitted), predictOne: () => 1 })),
      /predicts row 0 differently/,
    ],
    [
      'learns nothing',
      fitting((fitted) => ({ ...wrap(fitted), predictOne: () => 3, predictMany: ({ rows }) => new Float64Array(rows).fill(3) })),
      /% of the error that always answering the mean has/,
    ],
    [
      'ignores the seed',
      fitting((fitted) => ({ ...wrap(fitted), predictMany: (features) => fitted.predictMany(features).map((value) => value + calls++) })),
      /gives different predictions for the same seed/,
    ],
    [
      'loses trees when stored',
      { ...forest, deserialise: (stored) => ({ ...wrap(forest.deserialise(stored)), predictMany: ({ rows }) => new Float64Array(rows) }) },
      /predicts differently after having been written and read/,
    ],
    [
      'writes to its data',
      {
        ...forest,
        fit: (data, options, context) => {
          data.targets[0] = 0;
          return forest.fit(data, options, context);
        },
      },
      /changes its training data/,
    ],
  ])('that %s is found out', async (_, regressor, message) => {
    const results = await runContract(regressorContract(regressor, { options: { nEstimators: 30 } }));
    const failed = results.flatMap(({ error }) => error?.message ?? []);
    expect(
      failed.some((text) => message.test(text)),
      failed.join('\n'),
    ).toBe(true);
  });
});

/** The methods of a fitted regressor as own properties, so that some can be replaced. */
function wrap(fitted: FittedRegressor): FittedRegressor {
  return {
    predictOne: (features) => fitted.predictOne(features),
    predictMany: (features) => fitted.predictMany(features),
    serialise: () => fitted.serialise(),
    ...(fitted.outOfBag && { outOfBag: fitted.outOfBag }),
  };
}
