import type { Shape } from '@nnm/core';
import { entryOf } from '../../graph/entry-of.ts';
import type { ModelTensor } from '../../graph/model-graph.ts';
import { FreeDimensionError } from '../errors.ts';
import { checkPinned, OPEN, unknownInput } from '../pinned-shape.ts';
import type { ReadContext } from '../read-options.ts';
import type { OnnxValue } from './onnx-model.ts';
import type { FailFile } from './wire-reader.ts';

/** Names that exporters give the number of examples that are computed at once. */
const BATCH_NAMES = /batch|^n$|^b$|^bs$|^none$|^unk|^dynamic|^\?$|^-1$/i;

/** Inputs with their sizes, and what that says of sizes that have names. */
export interface PinnedInputs {
  readonly tensors: readonly ModelTensor[];
  /** Sizes by the names that the file gives them. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly notes: readonly string[];
}

/**
 * Give every input its sizes: the file's, the pinned ones, and 1 for a batch that is left open.
 *
 * @throws {@link FreeDimensionError} when others are left open
 */
export function pinInputs(inputs: readonly OnnxValue[], context: ReadContext, fail: FailFile): PinnedInputs {
  const { shapes: pins = {} } = context;
  const sizes = new Map<string, number>();
  for (const [name, pinned] of Object.entries(pins)) {
    const input = inputs.find((one) => one.name === name);
    if (input === undefined) {
      throw unknownInput(
        context.name,
        name,
        inputs.map((one) => one.name),
      );
    }
    const said = input.shape?.map((size) => (typeof size === 'number' ? size : OPEN)) ?? pinned.map(() => OPEN);
    nameSizes(input, checkPinned(context.name, name, said, pinned), sizes, fail);
  }
  const pinOf = (name: string): Shape | undefined => entryOf(pins, name);
  const notes: string[] = [];
  for (const { name, shape = [] } of inputs) {
    const [first] = shape;
    if (pinOf(name) !== undefined || typeof first !== 'string' || !BATCH_NAMES.test(first) || sizes.has(first)) continue;
    sizes.set(first, 1);
    notes.push(`The batch "${first}" is left open and taken as 1.`);
  }
  const open: { name: string; dimensions: (number | string)[] }[] = [];
  const tensors = inputs.map((input): ModelTensor => {
    const { name, dtype = 'other' } = input;
    if (input.dtype === undefined) return { name, dtype, constant: false };
    const known = pinOf(name) ?? input.shape?.map((size, axis, { length }) => sizeOf(size, axis, length, sizes));
    if (known?.every((size) => size !== undefined)) {
      if (pinOf(name) === undefined && input.shape?.length && input.shape[0] === undefined) {
        notes.push(`The batch of "${name}" is left open and taken as 1.`);
      }
      return { name, dtype, constant: false, shape: known as Shape };
    }
    open.push({ name, dimensions: input.shape?.map((size) => size ?? '?') ?? ['?'] });
    return { name, dtype, constant: false };
  });
  if (open.length > 0) throw new FreeDimensionError({ file: context.name, inputs: open });
  return { tensors, sizes, notes };
}

/** Sizes that the file has one name for are one size. */
function nameSizes({ name, shape = [] }: OnnxValue, pinned: Shape, sizes: Map<string, number>, fail: FailFile): void {
  for (const [axis, size] of shape.entries()) {
    if (typeof size !== 'string') continue;
    const pin = pinned[axis] as number;
    const other = sizes.get(size) ?? pin;
    if (other !== pin) fail(`cannot have [${pinned.join(', ')}] for its input "${name}": "${size}" is pinned to ${other} elsewhere`);
    sizes.set(size, pin);
  }
}

/** A size of the file, one that is known through its name, or 1 for a batch without a name. */
function sizeOf(size: number | string | undefined, axis: number, rank: number, sizes: ReadonlyMap<string, number>): number | undefined {
  if (size === undefined) return axis === 0 && rank > 1 ? 1 : undefined;
  return typeof size === 'number' ? size : sizes.get(size);
}
