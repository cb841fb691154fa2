import { NnmError } from '@nnm/core';
import { z } from 'zod';

/** `DIMENSIONS`: sizes of what a model file leaves open, by the name of the dimension or as `<input>.<axis>`. */
export const dimensionsSetting = z.record(z.string(), z.int().min(1)).optional();

/** What {@link dimensionsSetting} must be, in words. */
export const DIMENSIONS_EXPECTED = 'a map of names to sizes, integers of at least 1';

/** An input as a model file describes it. */
export interface DescribedInput {
  readonly name: string;
  /** Sizes; less than 0 for one that is open. */
  readonly shape: readonly number[];
  /** Names that the file gives to open sizes, by axis. */
  readonly dimensionNames?: readonly (string | undefined)[];
}

/** A model leaves sizes of its inputs open, and nobody said what they are. */
export class OpenDimensionsError extends NnmError {
  constructor(details: { backend: string; open: readonly string[]; keys: readonly string[] }) {
    const example = details.keys.map((key) => `${key}: <size>`).join(', ');
    super({
      code: 'ERR_OPEN_DIMENSIONS',
      message: `${details.backend} cannot run this model as it is: the file leaves open ${details.open.join(', ')}.`,
      hint: `Say how large they are in configs/backend_config.yaml: DIMENSIONS: { ${example} }.`,
      details,
    });
  }
}

/**
 * The shapes with which the inputs of a model are run. A size that the settings name counts; what the file fixes stays; an open
 * first axis, the batch, is 1, and so is whatever has its name.
 *
 * @param sizes - `DIMENSIONS`
 * @throws {@link OpenDimensionsError} naming every size that is still open
 */
export function closeDimensions(
  backend: string,
  inputs: readonly DescribedInput[],
  sizes: Readonly<Record<string, number>> = {},
): readonly (readonly number[])[] {
  const open: string[] = [];
  const keys = new Set<string>();
  const batches = new Set(inputs.flatMap(({ shape, dimensionNames }) => ((shape[0] ?? 0) < 0 && dimensionNames?.[0]) || []));
  const shapes = inputs.map(({ name, shape, dimensionNames = [] }) =>
    shape.map((size, axis) => {
      const named = dimensionNames[axis] || undefined;
      const given = sizes[`${name}.${axis}`] ?? (named === undefined ? undefined : sizes[named]);
      if (given !== undefined) return given;
      if (size >= 0) return size;
      if (axis === 0 || (named !== undefined && batches.has(named))) return 1;
      open.push(`axis ${axis}${named === undefined ? '' : ` (${named})`} of "${name}"`);
      keys.add(named ?? `${name}.${axis}`);
      return -1;
    }),
  );
  if (open.length > 0) throw new OpenDimensionsError({ backend, open, keys: [...keys] });
  return shapes;
}
