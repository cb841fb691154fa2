import { isDeepStrictEqual } from 'node:util';
import { inferShapes } from '../../graph/index.ts';
import { askKernel } from '../../kernel/check-config.ts';
import { type AnyKernel, blockGraph, type ConfigRange, type KernelConfig } from '../../kernel/index.ts';
import type { ContractCase } from './contract-case.ts';
import { deepFreeze, show, survivesJson } from './json-value.ts';
import type { KernelUnderTest } from './kernel-under-test.ts';

/** What {@link BaseBlock} promises. */
export function blockCases(under: KernelUnderTest): readonly ContractCase[] {
  const { kernel, require } = under;
  const { refusals: _, ...withoutOpinion } = kernel;
  const forEachConfig = (check: (config: KernelConfig) => void): void => {
    const configs = under.draw(under.samples);
    require(configs.length > 0, 'returns no configurations from priorConfigSampling');
    for (const config of configs) check(deepFreeze({ ...config }));
  };
  return [
    {
      name: 'inputShape, inputTensorShape and the graph agree for batches of 1 and 4',
      run: () =>
        forEachConfig((config) => {
          for (const batchSize of [1, 4]) {
            const block = new kernel.block(config, batchSize);
            const [first, ...others] = block.inputTensorShape;
            require(isDeepStrictEqual(
              [...(first ?? [])],
              [...block.inputShape],
            ), `has inputShape ${show(block.inputShape)} but inputTensorShape ${show([first, ...others])} for ${show(config)}`);
            const wanted = block.inputTensorShape.map((shape) => [batchSize * block.batchFactor, ...shape]);
            const got = blockGraph(block).inputs.map(({ shape }) => [...shape]);
            require(isDeepStrictEqual(
              got,
              wanted,
            ), `builds a graph with inputs ${show(got)} for ${show(config)} and batch ${batchSize}; inputTensorShape says ${show(wanted)}`);
          }
        }),
    },
    {
      name: 'the graph is valid, JSON-safe and the same every time',
      run: () =>
        forEachConfig((config) => {
          const block = new kernel.block(config);
          const graph = blockGraph(block);
          inferShapes(graph);
          require(survivesJson(graph), `builds a graph that is not the same after JSON for ${show(config)}`);
          const same = isDeepStrictEqual(blockGraph(block), graph) && isDeepStrictEqual(under.graph(config), graph);
          require(same, `builds two different graphs for ${show(config)}`);
        }),
    },
    {
      name: 'the kernel refuses exactly what its block cannot build',
      run: () =>
        forEachConfig((config) => {
          for (const near of [config, ...neighbours(kernel, config)]) {
            const refused = askKernel(kernel, near).refusals.length > 0;
            const { failure, refusals } = askKernel(withoutOpinion, near);
            const builds = failure === undefined && refusals.length === 0;
            require(refused !== builds, refused
              ? `refuses ${show(near)}, which its block builds`
              : `accepts ${show(near)}, which its block cannot build: throw an InvalidConfigError there, or keep it out by configSpace or \`refusals\``);
          }
        }),
    },
    {
      name: 'the work is finite and positive',
      run: () =>
        forEachConfig((config) => {
          const work = under.work(config);
          const fine = Object.values(work).every((count) => Number.isFinite(count) && count >= 0) && work.bytes > 0;
          require(fine, `has the work ${show(work)} for ${show(config)}`);
        }),
    },
  ];
}

/** The same configuration with one key moved to the next value of its range, once for each key and direction. */
function neighbours(kernel: AnyKernel, config: KernelConfig): readonly KernelConfig[] {
  return Object.entries(kernel.configSpace as Readonly<Record<string, ConfigRange>>).flatMap(([key, { min, max, multipleOf = 1 }]) =>
    [-multipleOf, multipleOf]
      .map((step) => (config[key] as number) + step)
      .filter((value) => value >= min && value <= max)
      .map((value) => ({ ...config, [key]: value })),
  );
}
