import { NnmError } from '../../errors/index.ts';
import type { Implement, Op } from '../../graph/index.ts';
import { requireAgreement } from './agreement.ts';
import type { BackendSuite } from './backend-suite.ts';
import { BASIC_OPERATORS } from './basic-operators.ts';
import type { ContractCase } from './contract-case.ts';
import { type EdgeGraph, edgeGraphs } from './edge-graphs.ts';
import { deepFreeze } from './json-value.ts';
import { withRuntime } from './start-runtime.ts';

/** What `convert` of a {@link BaseBackend} promises: the same bytes every time, and models that compute what the graph says. */
export function conversionCases(suite: BackendSuite): readonly ContractCase[] {
  const { backend, require, implement: frameworks } = suite;
  return frameworks.flatMap((implement) => [
    {
      name: `equal graphs give equal bytes (${implement})`,
      async run() {
        for (const { name, graph, isBasic } of edgeGraphs()) {
          const copy = deepFreeze(structuredClone(graph));
          const first = await convertOrRefuse(suite, { graph: copy, isBasic }, implement);
          const second = await convertOrRefuse(suite, { graph: structuredClone(graph), isBasic }, implement);
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
          const converted = await Promise.all(graphs.map((edge) => convertOrRefuse(suite, edge, implement)));
          const runs = converted.some((bytes) => bytes !== undefined);
          const said = (operators[operator]?.runs ?? 'refused') !== 'refused';
          require(runs ===
            said, `${runs ? 'runs' : 'refuses'} ${operator} but says in \`operators\` that it ${said ? 'runs' : 'refuses'} it`);
        }
      },
    },
    ...edgeGraphs().map(({ name, graph, isBasic }) => ({
      name: `computes ${name} (${implement})`,
      run: async () => {
        if ((await convertOrRefuse(suite, { graph, isBasic }, implement)) === undefined) return;
        await withRuntime(suite, (runtime) =>
          requireAgreement(suite, runtime, graph, implement, { what: name, tolerance: suite.tolerance, seed: suite.seed }),
        );
      },
    })),
  ]);
}

/**
 * The bytes of a model; undefined when the backend refuses it and may: with an {@link UnsupportedOperatorError} that names one of
 * its operators, unless the graph is a basic one, or because of an operator of `mayRefuse`.
 */
async function convertOrRefuse(suite: BackendSuite, edge: Omit<EdgeGraph, 'name'>, implement: Implement): Promise<Uint8Array | undefined> {
  try {
    return await suite.backend.convert(edge.graph, implement);
  } catch (error) {
    if (mayRefuse(suite, edge, error)) return undefined;
    throw error;
  }
}

function mayRefuse(suite: BackendSuite, { graph, isBasic }: Omit<EdgeGraph, 'name'>, error: unknown): boolean {
  if (!NnmError.isInstance(error)) return false;
  const operators = graph.ops.map(({ op }) => op);
  if (error.code === 'ERR_UNSUPPORTED_OPERATOR') {
    const { operator } = error.details as { operator: Op['op'] };
    return operators.includes(operator) && (!isBasic || suite.mayRefuse.includes(operator));
  }
  return error.code === 'ERR_CONVERSION' && operators.some((operator) => suite.mayRefuse.includes(operator));
}

/** Edge graphs by the operator they are about: one that the basic operators beside it help to give its inputs. */
function graphsByOperator(): ReadonlyMap<Op['op'], readonly EdgeGraph[]> {
  const graphs = new Map<Op['op'], EdgeGraph[]>();
  for (const edge of edgeGraphs()) {
    const operators = new Set(edge.graph.ops.map(({ op }) => op).filter((op) => op !== 'constant'));
    const special = [...operators].filter((op) => !BASIC_OPERATORS.has(op));
    const [about] = operators.size === 1 ? [...operators] : special.length === 1 ? special : [];
    if (about !== undefined) graphs.set(about, [...(graphs.get(about) ?? []), edge]);
  }
  return graphs;
}
