import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Work } from '../graph/types.ts';
import { type ConfigSpace, configKey } from '../kernel/index.ts';
import { Rng } from '../random/index.ts';
import { PriorSampler } from './prior-sampler.ts';
import { HW_VALUES } from './snap.ts';

type Config = { readonly HW: number; readonly CIN: number; readonly COUT: number };

const space: ConfigSpace<Config> = { HW: { min: 1, max: 224, values: HW_VALUES }, CIN: { min: 1, max: 2048 }, COUT: { min: 1, max: 2048 } };
const prior: readonly Config[] = [
  { HW: 224, CIN: 3, COUT: 64 },
  { HW: 55, CIN: 64, COUT: 192 },
  { HW: 27, CIN: 192, COUT: 384 },
  { HW: 7, CIN: 512, COUT: 2048 },
];
const workOf = ({ HW, CIN, COUT }: Config): Work => ({
  flops: 2 * HW * HW * CIN * COUT,
  params: CIN * COUT,
  bytes: 4 * HW * HW * (CIN + COUT),
});
const sampler = new PriorSampler<Config>({ space, prior, channelKeys: ['CIN', 'COUT'], workOf });
const tiny = new PriorSampler<Config>({
  space: { HW: { min: 1, max: 7, values: [1, 3, 7] }, CIN: { min: 2, max: 6, multipleOf: 2 }, COUT: { min: 2, max: 6 } },
  prior: [{ HW: 7, CIN: 4, COUT: 4 }],
  channelKeys: ['CIN', 'COUT'],
  ties: { COUT: 'CIN' },
});
const keys = (configs: readonly Config[]): Set<string> => new Set(configs.map(configKey));

describe.each(['joint', 'marginal'] as const)('prior sampling, %s', (mode) => {
  it('gives exactly n distinct configurations for every n the space holds, and all of it beyond', () => {
    for (let n = 0; n <= 12; n++) {
      const configs = tiny.priorConfigSampling(n, { rng: new Rng(n), mode });
      expect(configs).toHaveLength(Math.min(n, 9));
      expect(keys(configs).size).toBe(configs.length);
      for (const { CIN, COUT } of configs) expect(COUT).toBe(CIN);
    }
    expect(sampler.priorConfigSampling(5000, { rng: new Rng(1), mode })).toHaveLength(5000);
  });

  it('never gives an excluded configuration', () => {
    const first = tiny.priorConfigSampling(5, { rng: new Rng(1), mode });
    const rest = tiny.priorConfigSampling(9, { rng: new Rng(1), mode, exclude: keys(first) });
    expect(rest).toHaveLength(4);
    expect(keys([...first, ...rest]).size).toBe(9);
  });

  it('snaps sizes and keeps channels in range', () => {
    for (const { HW, CIN, COUT } of sampler.priorConfigSampling(500, { rng: new Rng(2), mode })) {
      expect(HW_VALUES).toContain(HW);
      for (const channels of [CIN, COUT]) expect(Number.isInteger(channels) && channels >= 1 && channels <= 2048).toBe(true);
    }
  });

  it('stays within the cost limits, those of the caller first', () => {
    const limits = { maxFlops: 1e6, maxBytes: 1e6 };
    const configs = sampler.priorConfigSampling(200, { rng: new Rng(3), mode, limits });
    expect(configs).toHaveLength(200);
    for (const config of configs) expect(workOf(config).flops).toBeLessThanOrEqual(1e6);
    const halfCost = sampler.priorConfigSampling(50, {
      rng: new Rng(3),
      mode,
      limits,
      workOf: (config) => ({ ...workOf(config), flops: 0 }),
    });
    expect(halfCost.some((config) => workOf(config).flops > 1e6)).toBe(true);
  });

  it('depends on the seed and nothing else, and a longer list starts with the shorter one', () => {
    const rng = new Rng(4);
    const first = sampler.priorConfigSampling(50, { rng, mode });
    rng.float();
    expect(sampler.priorConfigSampling(50, { rng, mode })).toEqual(first);
    expect(sampler.priorConfigSampling(80, { rng: new Rng(4), mode }).slice(0, 50)).toEqual(first);
    expect(sampler.priorConfigSampling(50, { rng: new Rng(5), mode })).not.toEqual(first);
  });
});

it.each(['joint', 'marginal'] as const)('finds the few configurations that tight limits leave in a large space (%s)', (mode) => {
  const limits = { maxFlops: 60, maxBytes: 400 };
  const fitting = HW_VALUES.flatMap((HW) =>
    Array.from({ length: 60 * 60 }, (_, i) => ({ HW, CIN: 1 + Math.floor(i / 60), COUT: 1 + (i % 60) })),
  ).filter((config) => workOf(config).flops <= limits.maxFlops && workOf(config).bytes <= limits.maxBytes);
  const configs = sampler.priorConfigSampling(fitting.length + 10, { rng: new Rng(1), mode, limits });
  expect(keys(configs)).toEqual(keys(fitting));
  expect(configs).toHaveLength(fitting.length);
  expect(sampler.priorConfigSampling(fitting.length - 1, { rng: new Rng(1), mode, limits })).toHaveLength(fitting.length - 1);
});

it('leaves its arguments alone', () => {
  const rows = prior.map((row) => Object.freeze({ ...row }));
  const exclude = new Set(['CIN=1,COUT=1,HW=1']);
  const frozen = new PriorSampler<Config>({ space, prior: Object.freeze(rows), channelKeys: ['CIN', 'COUT'], workOf });
  const configs = Object.freeze(frozen.priorConfigSampling(20, { rng: new Rng(1), exclude }).map((config) => Object.freeze(config)));
  frozen.finegrainedConfigSampling(3, configs, { rng: new Rng(1), exclude });
  expect([...exclude]).toEqual(['CIN=1,COUT=1,HW=1']);
  expect(rows).toEqual(prior);
});

it('keeps the joint structure of the layers and jitters their channels in the first round', () => {
  const configs = sampler.priorConfigSampling(4, {
    rng: new Rng(6),
    limits: { maxFlops: Number.POSITIVE_INFINITY, maxBytes: Number.POSITIVE_INFINITY },
  });
  expect(configs.map(({ HW }) => HW).sort((a, b) => a - b)).toEqual([7, 28, 56, 224]);
  for (const { HW, CIN, COUT } of configs) {
    const [cin, cout] = { 224: [3, 64], 56: [64, 192], 28: [192, 384], 7: [512, 2048] }[HW] as [number, number];
    // Half of the counts are rounded to a multiple of 8 after the ±40 %.
    expect(Math.abs(CIN - cin)).toBeLessThanOrEqual(cin <= 4 ? 0 : 0.4 * cin + 4);
    expect(Math.abs(COUT - cout)).toBeLessThanOrEqual(0.4 * cout + 4);
  }
});

it('draws some layers as networks on larger images have them, as large as the limits allow', () => {
  const large: ConfigSpace<Config> = { ...space, HW: { min: 1, max: 1024, values: [7, 28, 56, 224] } };
  const options = { space: large, prior, channelKeys: ['CIN', 'COUT'], workOf } as const;
  const limits = { maxFlops: 4e9, maxBytes: 50e6 };
  const sizes = (growing: PriorSampler<Config>): number[] =>
    growing.priorConfigSampling(600, { rng: new Rng(1), limits }).map(({ HW }) => HW);
  expect(new Set(sizes(new PriorSampler<Config>(options)))).toEqual(new Set([7, 28, 56, 224]));
  const grown = sizes(new PriorSampler<Config>({ ...options, growth: { HW: 2 } })).filter((hw) => ![7, 28, 56, 224].includes(hw));
  expect(grown.length).toBeGreaterThan(600 / 30);
  expect(grown.length).toBeLessThan(600 / 8);
  // 224 twice, 28 and 7 up to four times; 224 pixels four times would be 896, and too much for most widths of the layer.
  for (const hw of grown) expect([14, 112, 448, 896, 1024]).toContain(hw);
});

it.each(['joint', 'marginal'] as const)('gives fewer rather than ones unlike the prior, when asked to (%s)', (mode) => {
  const space = { HW: { min: 1, max: 224, values: HW_VALUES }, CIN: { min: 1, max: 4096 } };
  const narrow = new PriorSampler<{ HW: number; CIN: number }>({ space, prior: [{ HW: 7, CIN: 20 }], channelKeys: ['CIN'] });
  const like = narrow.priorConfigSampling(500, { rng: new Rng(1), mode, likePrior: true });
  expect(like.length).toBeGreaterThan(0);
  expect(like.length).toBeLessThan(200);
  for (const { CIN } of like) expect(CIN).toBeLessThanOrEqual(34);
  const filled = narrow.priorConfigSampling(500, { rng: new Rng(1), mode });
  expect(filled).toHaveLength(500);
  expect(filled.slice(0, like.length)).toEqual(like);
});

it('narrows a layer above the limits instead of losing it', () => {
  const [config] = sampler.priorConfigSampling(1, { rng: new Rng(1), limits: { maxFlops: 5e6, maxBytes: 1e9 } });
  expect([7, 28, 56, 224]).toContain(config?.HW);
  expect(workOf(config as Config).flops).toBeGreaterThan(1e6);
});

describe('fine-grained sampling', () => {
  const base: Config = { HW: 56, CIN: 24, COUT: 64 };

  it('draws channels from 0.4 to 1.2 times those given, and fixes the rest', () => {
    const configs = sampler.finegrainedConfigSampling(1019, [base], { rng: new Rng(1) });
    // 20 values of CIN and 52 of COUT, without the one in the middle: 1019 of 1039 meet every edge.
    expect(configs).toHaveLength(1019);
    expect(configs.every(({ HW }) => HW === 56)).toBe(true);
    const range = (values: readonly number[]): readonly [number, number] => [Math.min(...values), Math.max(...values)];
    expect(range(configs.map(({ CIN }) => CIN))).toEqual([9, 28]);
    expect(range(configs.map(({ COUT }) => COUT))).toEqual([25, 76]);
  });

  it('gives everything there is but what was measured, and no more', () => {
    const all = 20 * 52;
    const measured = keys(sampler.finegrainedConfigSampling(40, [base], { rng: new Rng(2) }));
    const configs = sampler.finegrainedConfigSampling(all, [base], { rng: new Rng(3), exclude: measured });
    expect(configs).toHaveLength(all - 1 - 40);
    for (const config of configs) {
      expect(measured).not.toContain(configKey(config));
      expect(config).not.toEqual(base);
    }
  });

  it('gives as many for each configuration, all distinct, though their ranges overlap', () => {
    const bases = [base, { ...base, CIN: 25 }, { ...base, COUT: 60 }];
    const configs = sampler.finegrainedConfigSampling(10, bases, { rng: new Rng(4) });
    expect(configs).toHaveLength(30);
    expect(keys([...configs, ...bases]).size).toBe(33);
  });

  it('keeps tied channels equal and multiples right', () => {
    const even = new PriorSampler<Config>({
      space: { ...space, CIN: { min: 2, max: 2048, multipleOf: 2 } },
      prior,
      channelKeys: ['CIN', 'COUT'],
      ties: { COUT: 'CIN' },
    });
    const configs = even.finegrainedConfigSampling(100, [{ HW: 7, CIN: 100, COUT: 100 }], { rng: new Rng(5) });
    // Even numbers from 40 to 120 but 100.
    expect(configs.map(({ CIN }) => CIN).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 41 }, (_, i) => 40 + 2 * i).filter((c) => c !== 100),
    );
    for (const { CIN, COUT } of configs) expect(COUT).toBe(CIN);
  });

  it('always may cost as much as the configuration in the middle', () => {
    const limits = { maxFlops: 1, maxBytes: 1 };
    const configs = sampler.finegrainedConfigSampling(10, [base], { rng: new Rng(6), limits });
    expect(configs).toHaveLength(10);
    for (const config of configs) expect(workOf(config).flops).toBeLessThanOrEqual(workOf(base).flops);
  });

  it('computes 1.2 C0 exactly', () => {
    const configs = sampler.finegrainedConfigSampling(10_000, [{ HW: 1, CIN: 5, COUT: 25 }], { rng: new Rng(7) });
    expect(Math.max(...configs.map(({ COUT }) => COUT))).toBe(30);
    expect(Math.max(...configs.map(({ CIN }) => CIN))).toBe(6);
  });
});

const GOLDEN = {
  joint: ['56 56 138', '224 3 48', '7 373 1849', '28 264 472', '28 317 513', '160 3 56'],
  marginal: ['10 508 200', '10 62 90', '28 15 2027', '28 63 2047'],
  fineGrained: ['56 9 44', '56 20 63', '56 24 43', '56 13 55'],
};

describe('the same everywhere', () => {
  it('gives these lists at seed 42', () => {
    const rng = new Rng(42);
    expect(list(sampler.priorConfigSampling(6, { rng }))).toEqual(GOLDEN.joint);
    expect(list(sampler.priorConfigSampling(4, { rng, mode: 'marginal' }))).toEqual(GOLDEN.marginal);
    expect(list(sampler.finegrainedConfigSampling(4, [{ HW: 56, CIN: 24, COUT: 64 }], { rng }))).toEqual(GOLDEN.fineGrained);
  });

  it('gives the same list in a fresh process', () => {
    const program = `
      import { PriorSampler, HW_VALUES, Rng } from ${JSON.stringify(new URL('../index.ts', import.meta.url).href)};
      const space = { HW: { min: 1, max: 224, values: HW_VALUES }, CIN: { min: 1, max: 2048 }, COUT: { min: 1, max: 2048 } };
      const sampler = new PriorSampler({ space, prior: ${JSON.stringify(prior)}, channelKeys: ['CIN', 'COUT'],
        workOf: ({ HW, CIN, COUT }) => ({ flops: 2 * HW * HW * CIN * COUT, params: CIN * COUT, bytes: 4 * HW * HW * (CIN + COUT) }) });
      console.log(JSON.stringify(sampler.priorConfigSampling(200, { rng: new Rng(42) })));`;
    const output = execFileSync(process.execPath, ['--import', 'tsx', '--conditions=@nnm/source', '--input-type=module', '-e', program], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      encoding: 'utf8',
    });
    expect(JSON.parse(output)).toEqual(sampler.priorConfigSampling(200, { rng: new Rng(42) }));
  });
});

const list = (configs: readonly Config[]): readonly string[] => configs.map(({ HW, CIN, COUT }) => `${HW} ${CIN} ${COUT}`);

it('says what is wrong with its arguments', () => {
  expect(() => sampler.priorConfigSampling(-1, { rng: new Rng(1) })).toThrow('`sampleNum` must be an integer >= 0. Got -1.');
  const broken = new PriorSampler<Config>({ space, prior: { columns: ['HW', 'CIN'], rows: [['net', 7, 8]] }, channelKeys: ['CIN'] });
  expect(() => broken.priorConfigSampling(1, { rng: new Rng(1) })).toThrow('`prior` must be rows with a number for each of HW, CIN, COUT');
});

it('does not compile without a key of the configuration', () => {
  // @ts-expect-error COUT is missing from the space
  new PriorSampler<Config>({ space: { HW: space.HW, CIN: space.CIN }, prior, channelKeys: ['CIN'] });
  // @ts-expect-error DEPTH is not a key
  new PriorSampler<Config>({ space, prior, channelKeys: ['DEPTH'] });
});

describe('the outermost layers', () => {
  const wide = new PriorSampler<Config>({
    space,
    prior: [...prior, ...Array.from({ length: 40 }, (_, i) => ({ HW: 14, CIN: 64 + i, COUT: 128 })), { HW: 100, CIN: 2, COUT: 2048 }],
    channelKeys: ['CIN', 'COUT'],
    workOf,
  });

  it('are among few samples as they are, one in eight at first', () => {
    const configs = wide.priorConfigSampling(100, { rng: new Rng(1), outermost: true });
    expect(configs).toHaveLength(100);
    // Least and most of each key; 100 pixels are no size that is drawn.
    for (const layer of [prior[0], prior[3], { HW: 100, CIN: 2, COUT: 2048 }]) expect(configs).toContainEqual(layer);
    expect(keys(configs).size).toBe(100);
    const known = keys([...prior, { HW: 100, CIN: 2, COUT: 2048 }]);
    expect(configs.slice(0, 16).filter((config) => known.has(configKey(config)))).toHaveLength(2);
  });

  it('are left out where they are too costly or excluded, and unless they are asked for', () => {
    const [first] = wide.priorConfigSampling(1, { rng: new Rng(1), outermost: true });
    const exclude = keys([first as Config]);
    expect(keys(wide.priorConfigSampling(200, { rng: new Rng(1), outermost: true, exclude })).has(configKey(first as Config))).toBe(false);
    const limits = { maxFlops: 1e7, maxBytes: 1e7 };
    for (const config of wide.priorConfigSampling(100, { rng: new Rng(1), outermost: true, limits })) {
      expect(workOf(config).flops).toBeLessThanOrEqual(1e7);
    }
    expect(wide.priorConfigSampling(100, { rng: new Rng(1) }).map(({ HW }) => HW)).not.toContain(100);
    const asked: unknown[] = [];
    const work = (config: Config) => {
      asked.push(config);
      return workOf(config);
    };
    new PriorSampler<Config>({ space, prior, channelKeys: ['CIN', 'COUT'] }).priorConfigSampling(20, {
      rng: new Rng(1),
      outermost: true,
      limits,
      workOf: work,
    });
    expect(asked.filter((config) => typeof config !== 'object')).toEqual([]);
  });
});
