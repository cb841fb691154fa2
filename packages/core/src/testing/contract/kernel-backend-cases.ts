import type { AnyBackend } from '../../backend/index.ts';
import { NnmError } from '../../errors/index.ts';
import type { Graph, Implement } from '../../graph/index.ts';
import { requireAgreement } from './agreement.ts';
import type { ContractCase } from './contract-case.ts';
import { show } from './json-value.ts';
import type { KernelUnderTest } from './kernel-under-test.ts';
import { type BackendUnderTest, withRuntime } from './start-runtime.ts';

/** One case per framework that the kernel and the backend share; a backend that lacks one of the kernel's operators has nothing to show. */
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
          if (await lacksOperator(backend, graph, implement)) return;
          await requireAgreement(backendUnderTest, runtime, graph, implement, {
            what: `${kernel.type} ${show(config)}`,
            tolerance,
            seed: under.seed,
          });
        }
      }),
  }));
}

/** True when the backend does not have an operator of the graph, refuses it by name, and does not claim elsewhere that it has it. */
async function lacksOperator(backend: AnyBackend, graph: Graph, implement: Implement): Promise<boolean> {
  try {
    await backend.convert(graph, implement);
    return false;
  } catch (error) {
    if (!NnmError.isInstance(error) || error.code !== 'ERR_UNSUPPORTED_OPERATOR') return false;
    const { operator } = error.details as { operator: string };
    return (backend.operators?.[operator]?.runs ?? 'refused') === 'refused' && graph.ops.some(({ op }) => op === operator);
  }
}
