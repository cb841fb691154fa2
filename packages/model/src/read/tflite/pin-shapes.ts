import type { Shape } from '@nnm/core';
import { FreeDimensionError, InvalidModelError } from '../errors.ts';
import type { ReadContext } from '../read-options.ts';
import type { TfliteSubgraph, TfliteTensor } from './parse-model.ts';

const FREE = -1;

/** Shapes of tensors by index; undefined for those that follow from open sizes. */
export interface PinnedShapes {
  readonly shapes: readonly (Shape | undefined)[];
  readonly notes: readonly string[];
}

/**
 * Shapes of a graph's tensors, with the open sizes of its inputs as `context.shapes` says.
 *
 * @param aliases - indices of inputs by the names of the signature, which `shapes` may use as well
 * @throws {@link FreeDimensionError} when a size other than the batch stays open
 * @throws {@link InvalidModelError} when `shapes` names no input, or contradicts the file
 */
export function pinShapes(
  subgraph: TfliteSubgraph,
  names: readonly string[],
  aliases: ReadonlyMap<string, number>,
  { name: file, shapes: given = {} }: ReadContext,
): PinnedShapes {
  const { inputs, tensors } = subgraph;
  const wanted = new Map<number, Shape>();
  for (const [name, shape] of Object.entries(given)) {
    const index = aliases.get(name) ?? names.indexOf(name);
    if (!inputs.includes(index))
      throw unknownInput(
        file,
        name,
        inputs.map((input) => names[input]!),
      );
    wanted.set(index, checkPinned(file, name, tensors[index]!, shape));
  }
  const isOpen = (index: number): boolean => openShape(tensors[index]!).includes(FREE) && !wanted.has(index);
  const open = inputs.filter(isOpen).map((index) => ({ index, shape: openShape(tensors[index]!) }));
  const sizes = open.filter(({ shape }) => shape.indexOf(FREE, 1) > 0);
  if (sizes.length > 0) {
    const free = sizes.map(({ index, shape }) => ({ name: names[index]!, dimensions: shape.map((size) => (size === FREE ? '?' : size)) }));
    throw new FreeDimensionError({ file, inputs: free });
  }
  return {
    shapes: tensors.map((tensor, index) => {
      if (wanted.has(index)) return wanted.get(index);
      // What the file says of other open values is only true for its own batch, and often not even then.
      return openShape(tensor).includes(FREE) && !inputs.includes(index) ? undefined : tensor.shape;
    }),
    notes: open.map(({ index }) => `The batch of "${names[index]}" is open: taken as ${tensors[index]!.shape[0]}, as the file has it.`),
  };
}

const openShape = ({ shape, signature }: TfliteTensor): readonly number[] => (signature.length === shape.length ? signature : shape);

function checkPinned(file: string, name: string, tensor: TfliteTensor, shape: Shape): Shape {
  const open = openShape(tensor);
  const fits = shape.length === open.length && shape.every((size, axis) => open[axis] === FREE || open[axis] === size);
  if (fits && shape.every((size) => Number.isInteger(size) && size >= 1)) return shape;
  const said = open.map((size) => (size === FREE ? '?' : size)).join(', ');
  throw new InvalidModelError({
    file,
    problem: `has the input "${name}" of shape [${said}], which cannot be [${shape.join(', ')}]`,
    hint: 'Pin only sizes that the file leaves open (?), with integers >= 1.',
  });
}

function unknownInput(file: string, name: string, inputs: readonly string[]): InvalidModelError {
  const known = inputs.map((input) => `"${input}"`).join(', ');
  return new InvalidModelError({ file, problem: `has no input "${name}"; it has ${known}`, hint: 'Name one of its inputs.' });
}
