import { InvalidArgumentError, RuntimeFailureError, type Tensor } from '@nnm/core';
import { toChannelsFirst, toChannelsLast } from '../lowering/weight-layout.ts';

/** An input or output of a loaded model with the runtime's own buffer. */
export interface BoundPort {
  readonly name: string;
  /** In the model's own order of axes. */
  readonly shape: readonly number[];
  /** True for four axes that are not `[n, c, h, w]` but in the graph's order. */
  readonly channelsLast: boolean;
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
    const expected = toGraphShape(port);
    if (shape.join() !== expected.join() || data.length !== port.data.length) {
      throw new InvalidArgumentError({
        name: `inputs[${index}]`,
        expected: `of shape [${expected.join(', ')}]`,
        got: `[${shape.join(', ')}] with ${data.length} elements`,
      });
    }
    if (isImage(port)) toChannelsFirst(data, shape, port.data);
    else port.data.set(data);
  });
}

/** Copies of a model's outputs in the graph's layout. */
export function readOutputs(ports: readonly BoundPort[]): readonly Tensor[] {
  return ports.map((port) => {
    const { shape, data } = port;
    const copy = new Float32Array(data.length);
    if (isImage(port)) toChannelsLast(data, shape, copy);
    else copy.set(data);
    return { shape: toGraphShape(port), data: copy };
  });
}

/** Refuse a model whose inputs and outputs are not float32 tensors of one to five fixed sizes. */
export function checkPort(backend: string, name: string, isFloat: boolean, shape: readonly number[]): void {
  const fixed = shape.every((size) => Number.isInteger(size) && size >= 1);
  if (isFloat && fixed && shape.length >= 1 && shape.length <= 5) return;
  throw new RuntimeFailureError({
    backend,
    doing: 'loading a model',
    reason: `"${name}" ${isFloat ? `has shape [${shape.join(', ')}]` : 'is not float32'}; inputs and outputs must be float32 of 1 to 5 fixed sizes`,
  });
}

/** True for `[n, c, h, w]`, which is `[n, h, w, c]` in the graph. */
const isImage = ({ shape, channelsLast }: Pick<BoundPort, 'shape' | 'channelsLast'>): boolean => shape.length === 4 && !channelsLast;

function toGraphShape(port: BoundPort): readonly number[] {
  const [n, c, h, w] = port.shape as readonly [number, number, number, number];
  return isImage(port) ? [n, h, w, c] : port.shape;
}
