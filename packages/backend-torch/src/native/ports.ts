import { InvalidArgumentError, RuntimeFailureError, type Tensor } from '@nnm/core';
import { toChannelsFirst, toChannelsLast } from '../lowering/weight-layout.ts';

/** An input or output of a loaded model with the runtime's own buffer. */
export interface BoundPort {
  readonly name: string;
  /** The model's own layout: `[n, c, h, w]` or `[n, c]`. */
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Number of elements of a shape. */
export function countElements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * Copy tensors in the graph's layout into the buffers of a model's inputs.
 *
 * @throws {@link InvalidArgumentError} when their number or a shape is not the model's
 */
export function writeInputs(ports: readonly BoundPort[], inputs: readonly Tensor[]): void {
  if (inputs.length !== ports.length) {
    throw new InvalidArgumentError({ name: 'inputs', expected: `${ports.length} tensors`, got: inputs.length });
  }
  ports.forEach((port, index) => {
    const { shape, data } = inputs[index] as Tensor;
    const expected = toGraphShape(port.shape);
    if (shape.join() !== expected.join() || data.length !== port.data.length) {
      throw new InvalidArgumentError({
        name: `inputs[${index}]`,
        expected: `of shape [${expected.join(', ')}]`,
        got: `[${shape.join(', ')}] with ${data.length} elements`,
      });
    }
    if (shape.length === 4) toChannelsFirst(data, shape, port.data);
    else port.data.set(data);
  });
}

/** Copies of a model's outputs in the graph's layout. */
export function readOutputs(ports: readonly BoundPort[]): readonly Tensor[] {
  return ports.map(({ shape, data }) => {
    const copy = new Float32Array(data.length);
    if (shape.length === 4) toChannelsLast(data, shape, copy);
    else copy.set(data);
    return { shape: toGraphShape(shape), data: copy };
  });
}

/** Refuse a model whose inputs and outputs are not float32 tensors of fixed sizes, 2-D or 4-D. */
export function checkPort(backend: string, name: string, isFloat: boolean, shape: readonly number[]): void {
  const fixed = shape.every((size) => Number.isInteger(size) && size >= 1);
  if (isFloat && fixed && (shape.length === 2 || shape.length === 4)) return;
  throw new RuntimeFailureError({
    backend,
    doing: 'loading a model',
    reason: `"${name}" ${isFloat ? `has shape [${shape.join(', ')}]` : 'is not float32'}; inputs and outputs must be float32 of 2 or 4 fixed sizes`,
  });
}

/** `[n, c, h, w]` to `[n, h, w, c]`; `[n, c]` stays. */
function toGraphShape(shape: readonly number[]): readonly number[] {
  const [n, c, h, w] = shape as readonly [number, number, number, number];
  return shape.length === 4 ? [n, h, w, c] : shape;
}
