import { NnmError } from '../../errors/index.ts';
import type { Graph, Implement, Op } from '../../graph/index.ts';
import { requireAgreement } from './agreement.ts';
import type { BackendSuite } from './backend-suite.ts';
import { BASIC_OPERATORS } from './basic-operators.ts';
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
    {
      name: `says how it runs each operator (${implement})`,
      async run() {
        const { operators } = backend;
        if (operators === undefined) return;
        for (const [operator, graphs] of graphsByOperator()) {
          const converted = await Promise.all(graphs.map((graph) => convertOrRefuse(suite, graph, implement)));
          const runs = converted.some((bytes) => bytes !== undefined);
          const said = (operators[operator]?.runs ?? 'refused') !== 'refused';
          require(runs ===
            said, `${runs ? 'runs' : 'refuses'} ${operator} but says in \`operators\` that it ${said ? 'runs' : 'refuses'} it`);
        }
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

/**
 * The bytes of a model; undefined when the backend refuses an op that it may refuse: one of `mayRefuse`, or, with an
 * {@link UnsupportedOperatorError} that names it, any but the basic ones.
 */
async function convertOrRefuse(suite: BackendSuite, graph: Graph, implement: Implement): Promise<Uint8Array | undefined> {
  try {
    return await suite.backend.convert(graph, implement);
  } catch (error) {
    if (mayRefuse(suite, graph, error)) return undefined;
    throw error;
  }
}

function mayRefuse(suite: BackendSuite, graph: Graph, error: unknown): boolean {
  if (!NnmError.isInstance(error)) return false;
  const operators = graph.ops.map(({ op }) => op);
  if (error.code === 'ERR_UNSUPPORTED_OPERATOR') {
    const { operator } = error.details as { operator: Op['op'] };
    return operators.includes(operator) && (!BASIC_OPERATORS.has(operator) || suite.mayRefuse.includes(operator));
  }
  return error.code === 'ERR_CONVERSION' && operators.some((operator) => suite.mayRefuse.includes(operator));
}

/** Edge graphs by the operator they are about: the first op, constants left out. */
function graphsByOperator(): ReadonlyMap<Op['op'], readonly Graph[]> {
  const graphs = new Map<Op['op'], Graph[]>();
  for (const { graph } of edgeGraphs()) {
    const [operator] = graph.ops.map(({ op }) => op);
    if (operator !== undefined && graph.ops.every(({ op }) => op === operator))
      graphs.set(operator, [...(graphs.get(operator) ?? []), graph]);
  }
  return graphs;
}
