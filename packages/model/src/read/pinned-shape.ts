import type { Shape } from '@nnm/core';
import { InvalidModelError } from './errors.ts';

/** Stands for a size that a file leaves open. */
export const OPEN = -1;

/**
 * A shape that pins an input's open sizes.
 *
 * @param said - the file's, with {@link OPEN} for open sizes
 * @throws {@link InvalidModelError} when the shape contradicts it, or has a size below 1
 */
export function checkPinned(file: string, name: string, said: readonly number[], shape: Shape): Shape {
  const fits = shape.length === said.length && shape.every((size, axis) => said[axis] === OPEN || said[axis] === size);
  if (fits && shape.every((size) => Number.isInteger(size) && size >= 1)) return shape;
  throw new InvalidModelError({
    file,
    problem: `has the input "${name}" of shape [${showOpen(said).join(', ')}], which cannot be [${shape.join(', ')}]`,
    hint: 'Pin only sizes that the file leaves open (?), with integers >= 1.',
  });
}

/** Sizes as errors show them. */
export const showOpen = (said: readonly number[]): readonly (number | string)[] => said.map((size) => (size === OPEN ? '?' : size));

/** Somebody pins an input that is not there. */
export function unknownInput(file: string, name: string, inputs: readonly string[]): InvalidModelError {
  const known = inputs.map((input) => `"${input}"`).join(', ');
  return new InvalidModelError({ file, problem: `has no input "${name}"; it has ${known || 'none'}`, hint: 'Name one of its inputs.' });
}
