import { isDeepStrictEqual } from 'node:util';
import { inferShapes } from '../../graph/index.ts';
import type { KernelConfig } from '../../kernel/index.ts';
import type { ContractCase } from './contract-case.ts';
import { deepFreeze, show, survivesJson } from './json-value.ts';
import type { KernelUnderTest } from './kernel-under-test.ts';

/** What {@link BaseBlock} promises. */
export function blockCases(under: KernelUnderTest): readonly ContractCase[] {
  const { kernel, require } = under;
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
            const wanted = block.inputTensorShape.map((shape) => [batchSize, ...shape]);
            const got = block.getModel().inputs.map(({ shape }) => [...shape]);
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
          const graph = block.getModel();
          inferShapes(graph);
          require(survivesJson(graph), `builds a graph that is not the same after JSON for ${show(config)}`);
          const same = isDeepStrictEqual(block.getModel(), graph) && isDeepStrictEqual(under.graph(config), graph);
          require(same, `builds two different graphs for ${show(config)}`);
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
