import { isPositiveInput, NnmError } from '@nnm/core';
import { z } from 'zod';
import { type ElementType, encodeElements, fillForTiming, writeRepeated } from './element-type.ts';

/** `INPUTS`: what inputs of a model file hold while it is timed, by their names. */
export const inputsSetting = z.record(z.string(), z.union([z.number(), z.array(z.number()).min(1)])).optional();

/** What {@link inputsSetting} must be, in words. */
export const INPUTS_EXPECTED = 'a map of names of inputs to a number or a list of numbers';

/** Values by the name of the input: one for all elements, or a list that is repeated until the input is full. */
export type InputValues = Readonly<Record<string, number | readonly number[]>>;

/** `INPUTS` has more values for an input than it has elements. */
export class TooManyValuesError extends NnmError {
  constructor(details: { input: string; values: number; elements: number }) {
    super({
      code: 'ERR_TOO_MANY_VALUES',
      message: `INPUTS has ${details.values} values for "${details.input}", which holds ${details.elements}.`,
      hint: 'Give as many values as the input holds, or fewer, which are then repeated.',
      details,
    });
  }
}

/** Elements that are encoded once, and then written again and again. */
const MOST_ENCODED = 1 << 14;

/** An input that is to be filled. */
interface Fillable {
  readonly name: string;
  readonly type: ElementType;
}

/**
 * Fill an input for timing: with the values that the settings give for its name, else as {@link fillForTiming} does.
 *
 * @param count - number of its elements
 * @param values - `INPUTS`; names that the model does not have are passed over
 * @param write - stores bytes, which it must not keep or change, at a byte offset
 * @throws {@link TooManyValuesError}, or {@link InvalidArgumentError} for a number that the type does not hold
 */
export function fillInput(
  { name, type }: Fillable,
  count: number,
  values: InputValues | undefined,
  write: (bytes: Uint8Array, offset: number) => void,
): void {
  if (values === undefined || !Object.hasOwn(values, name)) {
    fillForTiming(type, count, write, isPositiveInput(name));
    return;
  }
  const given = [values[name] as number | readonly number[]].flat();
  if (given.length > count) throw new TooManyValuesError({ input: name, values: given.length, elements: count });
  const repeats = Math.max(1, Math.floor(Math.min(count, MOST_ENCODED) / given.length));
  const bytes = new Uint8Array(type.bytes * given.length * repeats);
  encodeElements(type, Array<readonly number[]>(repeats).fill(given).flat(), new DataView(bytes.buffer), `INPUTS.${name}`);
  writeRepeated(bytes, type.bytes * count, write);
}

/**
 * Words to stand behind a runtime's own when a model fails on what its inputs were filled with: names those that hold indices, sizes or
 * switches and were given no values. Empty when there are none.
 */
export function explainGuesses(inputs: readonly Fillable[], values: InputValues = {}): string {
  const guessed = inputs.filter(({ name, type }) => isGuessed(type) && !Object.hasOwn(values, name)).map(({ name }) => name);
  if (guessed.length === 0) return '';
  const names = guessed.map((name) => `"${name}"`).join(' and ');
  const example = guessed.map((name) => `${name}: <value>`).join(', ');
  return `; ${names} held 1 everywhere, which may be none it takes: INPUTS: { ${example} } in configs/backend_config.yaml says what to feed`;
}

/** True for integers of more than 8 bits and booleans, whose meaning their type does not tell. */
const isGuessed = ({ range, bytes, name }: ElementType): boolean => range !== undefined && (bytes > 1 || name === 'bool');
