import { createRegistry, defineRegressor } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { trainingProblems } from './training-settings.ts';

const own = defineRegressor({
  id: 'own',
  parseOptions: (raw) => {
    if (raw.broken) throw new TypeError('a defect of the plugin');
    return raw;
  },
  fit: () => {
    throw new Error('not used');
  },
  deserialise: () => {
    throw new Error('not used');
  },
});
const registry = createRegistry([{ name: 'p', apiVersion: 1, regressors: [own] }]);

describe('trainingProblems', () => {
  it.each([
    [{ preset: 'paper' }],
    [{ regressor: 'own', target: 'raw', options: { anything: 1 } }],
    [{ options: { learningRate: 0.05 } }],
    [{}],
  ])('has nothing against %j', (training) => {
    expect(trainingProblems(training, registry)).toEqual([]);
  });

  it('names every key that is wrong, with what is known', () => {
    const problems = trainingProblems({ preset: 'papr', regressor: 'random-forrest', target: 'log' }, registry);
    expect(problems.map(({ key }) => key)).toEqual(['PRESET', 'REGRESSOR', 'TARGET']);
    expect(problems[0]!.message).toContain('default, paper');
    expect(problems[1]!.message).toMatch(/no regressor "random-forrest".*Did you mean "random-forest"/);
    expect(problems[2]!.message).toContain('log-residual');
  });

  it('checks options with the regressor they are for', () => {
    expect(trainingProblems({ regressor: 'random-forest', options: { nEstimators: -4 } }, registry)).toMatchObject([
      { key: 'OPTIONS', message: expect.stringContaining('nEstimators') },
    ]);
    expect(trainingProblems({ preset: 'paper', options: { nEstimaters: 4 } }, registry)).toMatchObject([{ key: 'OPTIONS' }]);
  });

  it('does not take a defect of a plugin for a wrong setting', () => {
    expect(() => trainingProblems({ regressor: 'own', options: { broken: true } }, registry)).toThrow(TypeError);
  });
});
