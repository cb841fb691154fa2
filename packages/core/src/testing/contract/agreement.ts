import type { Runtime, Tensor } from '../../backend/index.ts';
import type { Graph, Implement } from '../../graph/index.ts';
import { Rng } from '../../random/index.ts';
import { maxRelativeError, randomTensors, runReference } from '../reference/index.ts';
import { ContractViolationError } from './contract-case.ts';
import { show } from './json-value.ts';
import type { BackendUnderTest } from './start-runtime.ts';

/** Convert a graph, load it, run it once on these inputs, close it. */
async function executeGraph(
  { backend }: BackendUnderTest,
  runtime: Runtime,
  graph: Graph,
  implement: Implement,
  inputs: readonly Tensor[],
): Promise<readonly Tensor[]> {
  const model = await runtime.load(await backend.convert(graph, implement));
  try {
    await model.run();
    return await model.execute(inputs);
  } finally {
    await model.close();
  }
}

/**
 * Check that a runtime computes what the graph says.
 *
 * @param what - names the graph in the error
 * @param tolerance - largest allowed `maxRelativeError` against `runReference`
 * @throws {@link ContractViolationError}
 */
export async function requireAgreement(
  under: BackendUnderTest,
  runtime: Runtime,
  graph: Graph,
  implement: Implement,
  { what, tolerance, seed }: { what: string; tolerance: number; seed: number },
): Promise<void> {
  const subject = `Backend "${under.backend.id}"`;
  const inputs = randomTensors(graph, new Rng(seed).fork('inputs'));
  const expected = runReference(graph, inputs, implement);
  const actual = await executeGraph(under, runtime, graph, implement, inputs);
  const [got, wanted] = [actual, expected].map((tensors) => show(tensors.map(({ shape }) => [...shape])));
  if (got !== wanted)
    throw new ContractViolationError({ subject, problem: `gives outputs of shapes ${got} for ${what} (${implement}), not ${wanted}` });
  if (!actual.every(({ data }) => data.every(Number.isFinite))) {
    throw new ContractViolationError({ subject, problem: `gives NaN or infinite outputs for ${what} (${implement})` });
  }
  const error = maxRelativeError(actual, expected);
  if (error > tolerance) {
    throw new ContractViolationError({
      subject,
      problem: `computes ${what} (${implement}) with a relative error of ${error.toExponential(1)} against the reference; ${tolerance} is allowed`,
    });
  }
}
