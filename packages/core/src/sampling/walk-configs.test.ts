import { expect, it } from 'vitest';
import { type ConfigSpace, configKey } from '../kernel/index.ts';
import { Rng } from '../random/index.ts';
import { walkConfigs } from './walk-configs.ts';

type Config = { readonly HW: number; readonly DEPTH: number; readonly A: number; readonly B: number };

const space: ConfigSpace<Config> = {
  HW: { min: 1, max: 7, values: [1, 3, 7] },
  DEPTH: { min: 1, max: 3 },
  A: { min: 2, max: 40, multipleOf: 2 },
  B: { min: 0, max: 30 },
};
const shape = { space, channelKeys: ['A', 'B'] as const };

it('visits every configuration once where all are affordable', () => {
  const visited = [...walkConfigs<Config>(shape, () => true, new Rng(1))].map(configKey);
  expect(visited).toHaveLength(3 * 3 * 20 * 31);
  expect(new Set(visited).size).toBe(visited.length);
});

it('leaves out only what is too costly, with whatever accepts refuses', () => {
  const affordable = ({ HW, A, B }: Config): boolean => HW * HW * (A + B) <= 100;
  const accepts = ({ A, B }: Config): boolean => B > 0 || A > 8;
  const all = [...walkConfigs<Config>(shape, () => true, new Rng(1))];
  const visited = [...walkConfigs<Config>({ ...shape, accepts }, affordable, new Rng(2))];
  expect(visited.length).toBeLessThan(all.length);
  const wanted = (config: Config): boolean => accepts(config) && affordable(config);
  expect(new Set(visited.filter(wanted).map(configKey))).toEqual(new Set(all.filter(wanted).map(configKey)));
});

it('visits nothing where nothing is affordable', () => {
  expect([...walkConfigs<Config>(shape, () => false, new Rng(1))]).toEqual([]);
});
