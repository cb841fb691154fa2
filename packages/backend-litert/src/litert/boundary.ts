import { InvalidArgumentError, type Tensor } from '@nnm/core';
import { decodeElements, ELEMENT_TYPES, encodeElements } from '@nnm/native-kit/tensors';
import type { Port } from './open-model.ts';

/** @throws {@link InvalidArgumentError} when the number of inputs or their sizes are not the model's */
export function checkInputs(ports: readonly Port[], tensors: readonly Tensor[]): void {
  if (tensors.length !== ports.length) {
    throw new InvalidArgumentError({ name: 'inputs', expected: `${ports.length} tensors`, got: tensors.length });
  }
  ports.forEach(({ shape, elements }, index) => {
    const given = tensors[index] as Tensor;
    if (given.shape.join() === shape.join() && given.data.length === elements) return;
    const got = `[${given.shape.join(', ')}] with ${given.data.length} elements`;
    throw new InvalidArgumentError({ name: `inputs[${index}]`, expected: `of shape [${shape.join(', ')}]`, got });
  });
}

/**
 * The bytes of an input.
 *
 * @throws {@link InvalidArgumentError} for a number that the type does not hold
 */
export function encodeInput({ type, elements }: Port, { data }: Tensor, index: number): Uint8Array {
  if (type === ELEMENT_TYPES.float32) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const bytes = new Uint8Array(type.bytes * elements);
  encodeElements(type, data, new DataView(bytes.buffer), `inputs[${index}]`);
  return bytes;
}

/** A tensor from an output's bytes, which may be LiteRT's own memory. */
export function decodeOutput({ type, shape, elements }: Port, bytes: Uint8Array): Tensor {
  return { shape, data: decodeElements(type, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), elements) };
}
