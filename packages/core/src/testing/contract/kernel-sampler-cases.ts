import { isDeepStrictEqual } from 'node:util';
import { type ConfigRange, configKey, type KernelConfig } from '../../kernel/index.ts';
import type { ContractCase } from './contract-case.ts';
import { deepFreeze, show, survivesJson } from './json-value.ts';
import type { KernelUnderTest } from './kernel-under-test.ts';

/** More than any contract draws otherwise: what a sampler can give at all, as far as the contract looks. */
const MANY = 150;
/** Dimensions that are never a channel count. */
const FIXED_KEYS = ['HW', 'KERNEL_SIZE', 'STRIDES', 'POOL_STRIDES'];

/** What {@link BaseConfigSampler} promises. */
export function samplerCases(under: KernelUnderTest, finegrainedRange: readonly [number, number]): readonly ContractCase[] {
  const { kernel, require } = under;
  const space = kernel.configSpace as Readonly<Record<string, ConfigRange>>;
  const finegrained = (count: number, configs: readonly KernelConfig[], exclude?: ReadonlySet<string>): readonly KernelConfig[] =>
    kernel.sampler.finegrainedConfigSampling(count, configs, under.context(exclude && { exclude }));

  const requireDistinct = (configs: readonly KernelConfig[], what: string): void => {
    const keys = configs.map(configKey);
    const twice = keys.find((key, index) => keys.indexOf(key) !== index);
    require(twice === undefined, `returns ${twice} twice from ${what}`);
  };
  const requireCount = (configs: readonly KernelConfig[], asked: number, held: number, what: string): void => {
    require(Array.isArray(configs), `returns ${show(configs)} from ${what}, not an array`);
    const wanted = Math.min(asked, held);
    require(configs.length === wanted, `returns ${configs.length} configurations from ${what} where it can give ${wanted}`);
    requireDistinct(configs, what);
  };
  const requireInSpace = (config: KernelConfig, what: string, valuesToo: boolean): void => {
    const [keys, wanted] = [Object.keys(config).sort(), Object.keys(space).sort()];
    require(keys.join() === wanted.join(), `returns the keys ${keys.join(' ')} from ${what}; its configSpace has ${wanted.join(' ')}`);
    for (const [key, value] of Object.entries(config)) {
      const problem = rangeProblem(value, space[key] as ConfigRange, valuesToo);
      require(problem === undefined, `returns ${key} = ${value} from ${what}, which ${problem}`);
    }
    require(survivesJson(config) &&
      !Object.values(config).some((value) =>
        Object.is(value, -0),
      ), `returns ${show(config)} from ${what}, which is not the same after JSON`);
  };

  return [
    {
      name: 'prior sampling returns exactly n distinct configurations',
      run() {
        const all = under.draw(MANY);
        const held = all.length;
        require(held > 0, 'returns no configurations from priorConfigSampling');
        const more = held < MANY ? under.draw(MANY, { exclude: new Set(all.map(configKey)) }) : [];
        require(more.length === 0, `returns ${held} configurations from priorConfigSampling(${MANY}), and others when those are excluded`);
        for (const count of [0, 1, 2, 17, 60]) requireCount(under.draw(count), count, held, `priorConfigSampling(${count})`);
        requireDistinct(all, `priorConfigSampling(${MANY})`);
      },
    },
    {
      name: 'prior samples are JSON-safe and lie in the config space, in both modes',
      run() {
        for (const mode of ['joint', 'marginal'] as const) {
          for (const config of under.draw(under.samples, { mode })) requireInSpace(config, `priorConfigSampling in ${mode} mode`, true);
        }
      },
    },
    {
      name: 'equal seeds give equal lists, other seeds others',
      run() {
        const first = under.draw(under.samples);
        under.draw(3, {}, under.seed + 7);
        require(isDeepStrictEqual(
          under.draw(under.samples),
          first,
        ), 'gives two different lists for the same seed; draw from context.rng only');
        if (under.draw(MANY).length < MANY) return; // a small space may be returned whole whatever the seed
        const others = [1, 2, 3].map((step) => under.draw(under.samples, {}, under.seed + step));
        require(others.some(
          (list) => !isDeepStrictEqual(list, first),
        ), 'gives the same list for four different seeds; draw from context.rng');
      },
    },
    {
      name: 'excluded configurations are never returned',
      run() {
        const measured = under.draw(under.samples);
        const exclude = new Set(measured.map(configKey));
        const before = [...exclude].join(' ');
        const again = under.draw(under.samples, { exclude }).find((config) => exclude.has(configKey(config)));
        require(again === undefined, `returns ${show(again)} from priorConfigSampling although it is excluded`);
        const fine = finegrained(3, measured.slice(0, 3), exclude).find((config) => exclude.has(configKey(config)));
        require(fine === undefined, `returns ${show(fine)} from finegrainedConfigSampling although it is excluded`);
        require([...exclude].join(' ') === before, 'changes the set of excluded configurations');
      },
    },
    {
      name: 'fine-grained sampling returns exactly n distinct configurations per given one and leaves them untouched',
      run() {
        const given = deepFreeze(under.draw(3).map((config) => ({ ...config })));
        const before = JSON.stringify(given);
        for (const config of given) {
          const held = finegrained(MANY, [config]).length;
          for (const count of [0, 1, 4]) {
            requireCount(finegrained(count, [config]), count, held, `finegrainedConfigSampling(${count}) around ${show(config)}`);
          }
        }
        requireDistinct(finegrained(4, given), 'finegrainedConfigSampling around several configurations');
        require(JSON.stringify(given) === before, 'changes the configurations given to finegrainedConfigSampling');
        require(isDeepStrictEqual(
          finegrained(4, given),
          finegrained(4, given),
        ), 'gives two different lists from finegrainedConfigSampling for the same seed; draw from context.rng only');
        require(finegrained(4, []).length === 0, 'returns configurations from finegrainedConfigSampling although none was given');
      },
    },
    {
      name: 'fine-grained samples keep every dimension but the channels, which stay near',
      run() {
        for (const config of under.draw(5)) {
          for (const sample of finegrained(8, [config])) {
            requireInSpace(sample, 'finegrainedConfigSampling', false);
            for (const [key, value] of Object.entries(sample)) {
              const problem = neighbourProblem(key, value, config[key] as number, space[key] as ConfigRange, finegrainedRange);
              require(problem === undefined, `returns ${key} = ${value} around ${show(config)}: ${problem}`);
            }
          }
        }
      },
    },
  ];
}

function rangeProblem(value: number, range: ConfigRange, valuesToo: boolean): string | undefined {
  if (!Number.isInteger(value)) return 'is not an integer';
  if (value < range.min || value > range.max) return `is outside [${range.min}, ${range.max}]`;
  if (range.multipleOf !== undefined && value % range.multipleOf !== 0) return `is not a multiple of ${range.multipleOf}`;
  if (valuesToo && range.values !== undefined && !range.values.some((known) => isDoubled(value, known))) {
    return `is not one of ${range.values.join(', ')}, nor one of these doubled, as layers of larger images are`;
  }
  return undefined;
}

/** Whether `value` is `known` or comes from it by doubling, as often as the range ends allow. */
function isDoubled(value: number, known: number): boolean {
  return value === known || (known > 0 && value > known && isDoubled(value, 2 * known));
}

function neighbourProblem(
  key: string,
  value: number,
  centre: number,
  range: ConfigRange,
  [low, high]: readonly [number, number],
): string | undefined {
  if (value === centre) return undefined;
  if (FIXED_KEYS.includes(key)) return 'fine-grained sampling changes channels only';
  // A multiple may be the next one outside the interval, and the smallest channel counts have no room inside it.
  const slack = (range.multipleOf ?? 1) - 1;
  const from = Math.max(range.min, Math.floor(low * centre) - slack);
  const to = Math.min(range.max, Math.max(Math.floor(high * centre) + slack, from));
  return value < from || value > to ? `channels stay in [${from}, ${to}] (${low} to ${high} of ${centre})` : undefined;
}
