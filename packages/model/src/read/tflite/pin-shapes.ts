import type { Shape } from '@nnm/core';
import { FreeDimensionError } from '../errors.ts';
import { checkPinned, OPEN, showOpen, unknownInput } from '../pinned-shape.ts';
import type { ReadContext } from '../read-options.ts';
import type { TfliteSubgraph, TfliteTensor } from './parse-model.ts';

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
    wanted.set(index, checkPinned(file, name, openShape(tensors[index]!), shape));
  }
  const isOpen = (index: number): boolean => openShape(tensors[index]!).includes(OPEN) && !wanted.has(index);
  const open = inputs.filter(isOpen).map((index) => ({ index, shape: openShape(tensors[index]!) }));
  const sizes = open.filter(({ shape }) => shape.indexOf(OPEN, 1) > 0);
  if (sizes.length > 0) {
    const free = sizes.map(({ index, shape }) => ({ name: names[index]!, dimensions: showOpen(shape) }));
    throw new FreeDimensionError({ file, inputs: free });
  }
  return {
    shapes: tensors.map((tensor, index) => {
      if (wanted.has(index)) return wanted.get(index);
      // What the file says of other open values is only true for its own batch, and often not even then.
      return openShape(tensor).includes(OPEN) && !inputs.includes(index) ? undefined : tensor.shape;
    }),
    notes: open.map(({ index }) => `The batch of "${names[index]}" is open: taken as ${tensors[index]!.shape[0]}, as the file has it.`),
  };
}

const openShape = ({ shape, signature }: TfliteTensor): readonly number[] => (signature.length === shape.length ? signature : shape);
