import { describe, expect, it } from 'vitest';
import { type OperatorSupport, UnsupportedOperatorError } from '../../backend/index.ts';
import { blockWork, ConfigFeatureParser } from '../../features/index.ts';
import { type Graph, GraphBuilder, type Shape } from '../../graph/index.ts';
import { type AnyKernel, BaseBlock, defineKernel, type KernelConfig, type SamplingContext } from '../../kernel/index.ts';
import { HW_VALUES, PriorSampler } from '../../sampling/index.ts';
import { ReferenceBackend } from '../reference/index.ts';
import { kernelContract, runContract } from './index.ts';

type Config = { readonly HW: number; readonly CIN: number; readonly COUT: number };

class Block extends BaseBlock<Config> {
  override get inputShape(): Shape {
    return [this.config.HW, this.config.HW, this.config.CIN];
  }
  override getModel() {
    const g = new GraphBuilder('pointwise');
    return g.build(g.conv2d(g.input([this.batchSize, ...this.inputShape]), this.config.COUT, { kernelSize: 1 }));
  }
}

const space = { HW: { min: 1, max: 56, values: HW_VALUES.filter((hw) => hw <= 56) }, CIN: { min: 1, max: 64 }, COUT: { min: 1, max: 64 } };
const prior = [
  { HW: 56, CIN: 24, COUT: 64 },
  { HW: 28, CIN: 32, COUT: 32 },
  { HW: 7, CIN: 64, COUT: 64 },
];
class Sampler extends PriorSampler<Config> {
  constructor() {
    super({ space, prior, channelKeys: ['CIN', 'COUT'] });
  }
}
class Features extends ConfigFeatureParser<Config> {
  constructor(kernelType = 'pointwise') {
    super({ kernelType, keys: ['HW', 'CIN', 'COUT'], work: blockWork(Block) });
  }
}
const kernel = defineKernel({ type: 'pointwise', configSpace: space, block: Block, sampler: new Sampler(), features: new Features() });

describe('a kernel that is right', () => {
  for (const { name, run } of kernelContract(kernel, { backends: [new ReferenceBackend()] })) it(name, run);

  it('is checked on every framework that kernel and backend share', () => {
    const names = (implement: readonly ('tensorflow' | 'torch')[]) =>
      kernelContract({ ...kernel, implement }, { backends: [new ReferenceBackend()] })
        .map(({ name }) => name)
        .filter((name) => name.includes(' on '));
    expect(names(['torch'])).toEqual(['pointwise: gives finite, right outputs on reference (torch)']);
    expect(names(['torch', 'tensorflow'])).toHaveLength(2);
  });
});

describe('a kernel with an axis before all others', () => {
  const inFront = (batchFactor: number) =>
    class extends Block {
      override get batchFactor() {
        return batchFactor;
      }
      override getModel() {
        const g = new GraphBuilder('pointwise');
        return g.build(g.conv2d(g.input([this.batchSize * 3, ...this.inputShape]), this.config.COUT, { kernelSize: 1 }));
      }
    };
  const shapes = (batchFactor: number) =>
    kernelContract({ ...kernel, block: inFront(batchFactor) }).find(({ name }) => name.includes('inputTensorShape'))!;

  it('says how many of its elements there are for each one of the batch', () => expect(() => shapes(3).run()).not.toThrow());
  it('is told when its graph has another number of them', () => expect(() => shapes(2).run()).toThrow(/inputTensorShape says \[\[2,/));
});

describe('a kernel of few configurations', () => {
  const small = { HW: { min: 1, max: 2 }, CIN: { min: 1, max: 2 }, COUT: { min: 1, max: 1 } };
  const sampler = new PriorSampler({ space: small, prior: [{ HW: 1, CIN: 1, COUT: 1 }], channelKeys: ['CIN', 'COUT'] });
  for (const { name, run } of kernelContract({ ...kernel, configSpace: small, sampler })) it(name, run);
});

const sampling = (prior: (list: readonly Config[], context: SamplingContext<Config>) => readonly KernelConfig[]): Partial<AnyKernel> => ({
  sampler: new (class extends Sampler {
    override priorConfigSampling(count: number, context: SamplingContext<Config>) {
      return prior(super.priorConfigSampling(count, context), context) as readonly Config[];
    }
  })(),
});
const finegrained = (change: (config: Config) => Config): Partial<AnyKernel> => ({
  sampler: new (class extends Sampler {
    override finegrainedConfigSampling(count: number, configs: readonly Config[], context: SamplingContext<Config>) {
      return super.finegrainedConfigSampling(count, configs, context).map(change);
    }
  })(),
});
const parser = (change: (vector: readonly number[]) => readonly number[]): Partial<AnyKernel> => ({
  features: new (class extends Features {
    override getFeatureByConfig(config: Config) {
      return change(super.getFeatureByConfig(config));
    }
  })(),
});
let counter = 0;

const BROKEN: Readonly<Record<string, { part: Partial<AnyKernel>; message: RegExp }>> = {
  'returns one sample too few': {
    part: sampling((list) => (list.length === 17 ? list.slice(1) : list)),
    message: /returns 16 configurations from priorConfigSampling\(17\) where it can give 17/,
  },
  'gives up early': {
    part: sampling((list) => list.slice(0, 30)),
    message: /returns 30 configurations from priorConfigSampling\(150\), and others when those are excluded/,
  },
  'returns duplicates': {
    part: sampling((list) => list.map((config, i) => (i === 1 ? list[0]! : config))),
    message: /returns CIN=.* twice from priorConfigSampling/,
  },
  'leaves the space': {
    part: sampling((list) => list.map((config, i) => ({ ...config, COUT: 65 + i }))),
    message: /returns COUT = 65 from priorConfigSampling in joint mode, which is outside \[1, 64\]/,
  },
  'chooses sizes that are not for samplers': {
    part: sampling((list) => list.map((config, index) => (index === 0 ? { ...config, HW: 30 } : config))),
    message: /returns HW = 30 .* which is not one of 1, 3, 5, 7, 10, 14/,
  },
  'forgets a key': {
    part: sampling((list) => list.map(({ HW, CIN }) => ({ HW, CIN }))),
    message: /returns the keys CIN HW from .*; its configSpace has CIN COUT HW/,
  },
  'returns what JSON cannot hold': {
    part: sampling((list) => list.map((config) => Object.assign(new (class Odd {})() as Config, config))),
    message: /is not the same after JSON/,
  },
  'draws from a global generator': {
    part: sampling((list) => list.map((config) => ({ ...config, COUT: 1 + (counter++ % 64) }))),
    message: /gives two different lists for the same seed/,
  },
  'ignores the seed': {
    part: {
      sampler: new (class extends Sampler {
        override priorConfigSampling(count: number) {
          return Array.from({ length: Math.min(count, 3000) }, (_, i) => ({ HW: 7, CIN: 1 + (i % 64), COUT: 1 + Math.floor(i / 64) }));
        }
      })(),
    },
    message: /gives the same list for four different seeds/,
  },
  'measures a configuration again': {
    part: {
      sampler: new (class extends Sampler {
        override priorConfigSampling(count: number, context: SamplingContext<Config>) {
          return super.priorConfigSampling(count, { ...context, exclude: new Set() });
        }
      })(),
    },
    message: /from priorConfigSampling although it is excluded/,
  },
  'changes the size in fine-grained sampling': {
    part: finegrained((config) => ({ ...config, HW: config.HW === 7 ? 14 : 7 })),
    message: /returns HW = .*: fine-grained sampling changes channels only/,
  },
  'wanders off in fine-grained sampling': {
    part: finegrained((config) => ({ ...config, COUT: 1 })),
    message: /returns COUT = 1 around .*: channels stay in \[/,
  },
  'writes to what it is given': {
    part: {
      sampler: new (class extends Sampler {
        override finegrainedConfigSampling(count: number, configs: readonly Config[], context: SamplingContext<Config>) {
          for (const config of configs) (config as { CIN: number }).CIN += 1;
          return super.finegrainedConfigSampling(count, configs, context);
        }
      })(),
    },
    message: /Cannot assign to read only property 'CIN'/,
  },
  'builds a graph of another size': {
    part: {
      block: class extends Block {
        override get inputShape(): Shape {
          return [this.config.HW, this.config.HW, this.config.COUT];
        }
        override get inputTensorShape(): readonly Shape[] {
          return [[this.config.HW, this.config.HW, this.config.CIN]];
        }
      },
    },
    message: /has inputShape .* but inputTensorShape/,
  },
  'forgets the batch': {
    part: {
      block: class extends Block {
        override getModel() {
          return new Block(this.config, 1).getModel();
        }
      },
    },
    message: /builds a graph with inputs .* and batch 4; inputTensorShape says \[\[4,/,
  },
  'builds another graph every time': {
    part: {
      block: class extends Block {
        override getModel() {
          return { ...super.getModel(), seed: counter++ };
        }
      },
    },
    message: /builds two different graphs/,
  },
  'gives infinite features': {
    part: parser((vector) => [...vector.slice(0, -1), Number.POSITIVE_INFINITY]),
    message: /gives Infinity as BYTES for/,
  },
  'gives fewer features than names': { part: parser((vector) => vector.slice(1)), message: /gives 5 features for .*; featureNames has 6/ },
  'loses a key in its features': {
    part: parser((vector) => [vector[0]!, vector[2]!, vector[1]!, ...vector.slice(3)]),
    message: /turns .* into features and back into/,
  },
  'has the parser of another kernel': { part: { features: new Features('conv') }, message: /has a feature parser made for "conv"/ },
  'has an odd name': { part: { type: 'Point_wise' }, message: /has a type that must be lower-case/ },
};

describe('a broken kernel', () => {
  it.each(Object.entries(BROKEN))('that %s is found out', async (_, { part, message }) => {
    const failed = (await runContract(kernelContract({ ...kernel, ...part }))).flatMap(({ error }) => error?.message ?? []);
    expect(
      failed.some((text) => message.test(text)),
      failed.join('\n'),
    ).toBe(true);
  });

  it('that a backend computes wrongly is found out', async () => {
    class Negating extends ReferenceBackend {
      override readonly runtime = () => {
        const runtime = new ReferenceBackend().runtime();
        return {
          ...runtime,
          load: async (bytes: Uint8Array) => {
            const model = await runtime.load(bytes);
            return {
              ...model,
              execute: async (inputs: Parameters<typeof model.execute>[0]) =>
                (await model.execute(inputs)).map(({ shape, data }) => ({ shape, data: data.map((x) => -x) })),
            };
          },
        };
      };
    }
    const failed = (await runContract(kernelContract(kernel, { backends: [new Negating()] }))).flatMap(({ error }) => error?.message ?? []);
    expect(failed).toHaveLength(2);
    expect(failed[0]).toMatch(/^Backend "reference" computes pointwise {"HW":.*} \(tensorflow\) with a relative error of/);
  });
});

describe('a backend that lacks an operator of the kernel', () => {
  class Lacking extends ReferenceBackend {
    constructor(override readonly operators: Readonly<Record<string, OperatorSupport>>) {
      super();
    }
    override convert(graph: Graph): Uint8Array {
      throw new UnsupportedOperatorError({ backend: this.id, graph: graph.name, operator: 'conv2d' });
    }
  }
  const failures = async (backend: ReferenceBackend) =>
    (await runContract(kernelContract(kernel, { backends: [backend] }))).flatMap(({ error }) => error?.message ?? []);

  it('is nothing against the kernel', async () => {
    expect(await failures(new Lacking({}))).toEqual([]);
  });

  it('is found out when it claims to have it', async () => {
    expect((await failures(new Lacking({ conv2d: { runs: 'native' } })))[0]).toContain('it does not have the operator "conv2d"');
  });
});
