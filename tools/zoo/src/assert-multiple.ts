import { InvalidArgumentError } from '@nnm/core';

/**
 * Refuse an input that a network cannot halve, or cut into its patches, as often as it does.
 *
 * @param reason - the end of a sentence that begins with `a multiple of 8`
 * @throws InvalidArgumentError when the input is no multiple of `divisor`
 */
export function assertMultiple(inputSize: number, divisor: number, reason = ''): void {
  if (inputSize % divisor === 0) return;
  throw new InvalidArgumentError({ name: 'inputSize', expected: `a multiple of ${divisor}${reason}`, got: inputSize });
}
