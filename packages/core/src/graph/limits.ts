import { countElements, type Shape } from './values.ts';

/** Elements of one value, of one constant, and of an image with its padding: in float32 just below 2 GiB, where the files of the runtimes end. */
export const MOST_ELEMENTS = 2 ** 29 - 1;

/** The largest whole number that the files of the runtimes hold. */
export const LARGEST_INTEGER = 2 ** 31 - 1;

/** What is wrong with the size of a shape, behind what it belongs to; undefined for nothing. */
export function sizeProblem(shape: Shape): string | undefined {
  const elements = countElements(shape);
  if (elements <= MOST_ELEMENTS) return undefined;
  const gibibytes = (elements / 2 ** 28).toLocaleString('en', { maximumFractionDigits: 1 });
  return `[${shape.join(', ')}], ${gibibytes} GiB in float32; ${MOST_ELEMENTS} elements (2 GiB) are the most`;
}
