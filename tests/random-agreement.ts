import { type AnyBackend, type Graph, NnmError, Rng, type Runtime, type Tensor } from '@nnm/core';
import { randomTensors, runReference } from '@nnm/core/testing';

/** Largest allowed difference, relative to the element or to the root mean square of its tensor. */
const TOLERANCE = 1e-4;

/**
 * Run a graph on a backend and compare it with the float64 reference.
 *
 * @returns what is wrong; undefined for nothing; `refused` when the backend refuses it by the name of one of its operators
 */
export async function disagreement(backend: AnyBackend, runtime: Runtime, graph: Graph, seed: number): Promise<string | undefined> {
  const [implement] = backend.implement;
  const inputs = randomTensors(graph, new Rng(seed));
  try {
    const model = await runtime.load(await backend.convert(graph, implement));
    try {
      await model.run();
      return difference(await model.execute(inputs), runReference(graph, inputs, implement));
    } finally {
      await model.close();
    }
  } catch (error) {
    if (!NnmError.isInstance(error)) throw error;
    const { operator } = error.details as { readonly operator?: string };
    const isNamed = error.code === 'ERR_UNSUPPORTED_OPERATOR' && graph.ops.some(({ op }) => op === operator);
    return isNamed ? 'refused' : error.message;
  }
}

function difference(actual: readonly Tensor[], expected: readonly Tensor[]): string | undefined {
  const [got, wanted] = [actual, expected].map((tensors) => JSON.stringify(tensors.map(({ shape }) => shape)));
  if (got !== wanted) return `gives shapes ${got}, not ${wanted}`;
  const errors = expected.map(({ data }, index) => largestError(actual[index]!.data, data));
  const worst = Math.max(...errors);
  return worst <= TOLERANCE ? undefined : `is off by ${worst.toExponential(1)}`;
}

/** NaN and infinities must be where the reference has them. */
function largestError(actual: Float32Array, expected: Float32Array): number {
  const finite = expected.filter(Number.isFinite);
  const scale = Math.sqrt(finite.reduce((sum, value) => sum + value * value, 0) / Math.max(1, finite.length));
  return expected.reduce((worst, value, i) => {
    if (Object.is(actual[i], value)) return worst;
    const error = Math.abs(actual[i]! - value);
    return error === 0
      ? worst
      : Number.isFinite(error)
        ? Math.max(worst, error / Math.max(Math.abs(value), scale))
        : Number.POSITIVE_INFINITY;
  }, 0);
}
