import { isPositiveInput, type Tensor } from '../../backend/index.ts';
import { InvalidArgumentError } from '../../errors/index.ts';
import type { Graph } from '../../graph/index.ts';
import type { Rng } from '../../random/index.ts';

/** One tensor per input of the graph, uniform in [-1, 1), or in (0.01, 1] where the input asks for positive numbers; depends on the generator's seed only. */
export function randomTensors(graph: Graph, rng: Rng): readonly Tensor[] {
  return graph.inputs.map(({ id, shape }) => {
    const stream = rng.fork(id);
    const size = shape.reduce((product, n) => product * n, 1);
    const draw = isPositiveInput(id) ? () => 1 - 0.99 * stream.float() : () => stream.float() * 2 - 1;
    return { shape, data: Float32Array.from({ length: size }, draw) };
  });
}

/**
 * The largest difference between two results, relative to the expected one: `|actual - expected|` of every element over the
 * larger of its own `|expected|` and the root mean square of its tensor, so that elements near zero do not count as wrong.
 *
 * @param actual - what was computed; NaN or an infinity where `expected` differs gives `Infinity`
 * @param expected - what it is compared with
 * @throws {@link InvalidArgumentError} when the number of tensors or their shapes differ
 */
export function maxRelativeError(actual: Tensor | readonly Tensor[], expected: Tensor | readonly Tensor[]): number {
  const [a, b] = [asList(actual), asList(expected)];
  if (describe(a) !== describe(b))
    throw new InvalidArgumentError({ name: 'actual', expected: `tensors of ${describe(b)}`, got: describe(a) });
  return b.reduce((worst, tensor, index) => Math.max(worst, tensorError((a[index] as Tensor).data, tensor.data)), 0);
}

function tensorError(actual: Float32Array, expected: Float32Array): number {
  const scale = Math.sqrt(expected.reduce((sum, value) => sum + value * value, 0) / expected.length);
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    if (Object.is(actual[i], expected[i])) continue;
    const difference = Math.abs(actual[i]! - expected[i]!);
    if (!Number.isFinite(difference)) return Number.POSITIVE_INFINITY;
    if (difference > 0) worst = Math.max(worst, difference / Math.max(Math.abs(expected[i]!), scale));
  }
  return worst;
}

const asList = (tensors: Tensor | readonly Tensor[]): readonly Tensor[] => ('data' in tensors ? [tensors] : tensors);
const describe = (tensors: readonly Tensor[]): string => tensors.map(({ shape }) => `[${shape.join(', ')}]`).join(' ');
