import { requireAgreement } from './agreement.ts';
import type { ContractCase } from './contract-case.ts';
import { show } from './json-value.ts';
import type { KernelUnderTest } from './kernel-under-test.ts';
import { type BackendUnderTest, withRuntime } from './start-runtime.ts';

/** One case per framework that the kernel and the backend share. */
export function kernelBackendCases(under: KernelUnderTest, backendUnderTest: BackendUnderTest, tolerance: number): readonly ContractCase[] {
  const { kernel, require } = under;
  const { backend } = backendUnderTest;
  const shared = backend.implement.filter((implement) => kernel.implement?.includes(implement) ?? true);
  return shared.map((implement) => ({
    name: `gives finite, right outputs on ${backend.id} (${implement})`,
    run: () =>
      withRuntime(backendUnderTest, async (runtime) => {
        const configs = under.cheapConfigs();
        require(configs.length > 0, 'returns no configurations from priorConfigSampling');
        for (const [index, config] of configs.entries()) {
          const graph = under.graph(config, index === 0 ? 2 : 1);
          await requireAgreement(backendUnderTest, runtime, graph, implement, {
            what: `${kernel.type} ${show(config)}`,
            tolerance,
            seed: under.seed,
          });
        }
      }),
  }));
}
