import { NnmError } from '../../errors/index.ts';
import type { Graph, Implement } from '../../graph/index.ts';
import { requireAgreement } from './agreement.ts';
import type { BackendSuite } from './backend-suite.ts';
import type { ContractCase } from './contract-case.ts';
import { edgeGraphs } from './edge-graphs.ts';
import { deepFreeze } from './json-value.ts';
import { withRuntime } from './start-runtime.ts';

/** What `convert` of a {@link BaseBackend} promises: the same bytes every time, and models that compute what the graph says. */
export function conversionCases(suite: BackendSuite): readonly ContractCase[] {
  const { backend, require, implement: frameworks } = suite;
  return frameworks.flatMap((implement) => [
    {
      name: `equal graphs give equal bytes (${implement})`,
      async run() {
        for (const { name, graph } of edgeGraphs()) {
          const frozen = deepFreeze(structuredClone(graph));
          const first = await convertOrRefuse(suite, frozen, implement);
          const second = await convertOrRefuse(suite, structuredClone(graph), implement);
          if (first === undefined || second === undefined) continue;
          require(first instanceof Uint8Array && first.length > 0, `converts ${name} to no bytes`);
          const same = first.length === second.length && first.every((byte, index) => byte === second[index]);
          require(same, `converts ${name} to different bytes each time`);
        }
        require(backend.modelExtension !== '', 'has no modelExtension');
      },
    },
    ...edgeGraphs().map(({ name, graph }) => ({
      name: `computes ${name} (${implement})`,
      run: async () => {
        if ((await convertOrRefuse(suite, graph, implement)) === undefined) return;
        await withRuntime(suite, (runtime) =>
          requireAgreement(suite, runtime, graph, implement, { what: name, tolerance: suite.tolerance, seed: suite.seed }),
        );
      },
    })),
  ]);
}

/** The bytes of a model; undefined when the backend refuses an op that it may refuse. */
async function convertOrRefuse(suite: BackendSuite, graph: Graph, implement: Implement): Promise<Uint8Array | undefined> {
  try {
    return await suite.backend.convert(graph, implement);
  } catch (error) {
    const refused = NnmError.isInstance(error) && error.code === 'ERR_CONVERSION';
    if (refused && graph.ops.some(({ op }) => suite.mayRefuse.includes(op))) return undefined;
    throw error;
  }
}
