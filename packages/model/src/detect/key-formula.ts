import type { KernelConfig } from '@nnm/core';

/** How a key of a configuration is read from the sizes of a part. */
export type KeyFormula = (numbers: readonly number[]) => number;

/** A configuration and the sizes of the graph that its block makes. */
export interface Example {
  readonly config: KernelConfig;
  readonly numbers: readonly number[];
}

/**
 * Find out how a key shows in the sizes of a kernel's graphs: as one of them, a root, product, quotient or difference, or always the same.
 *
 * @returns undefined when it does not: then only the kernel itself can say
 */
export function findFormula(key: string, examples: readonly Example[]): KeyFormula | undefined {
  const length = examples[0]?.numbers.length ?? 0;
  const places = distinctPlaces(examples, length);
  const agrees = (formula: KeyFormula): boolean => examples.every(({ config, numbers }) => formula(numbers) === config[key]);
  const one = places.map(
    (i): KeyFormula =>
      (numbers) =>
        numbers[i] as number,
  );
  const found = one.find(agrees) ?? constantFormula(key, examples) ?? places.map(rootOf).find(agrees);
  if (found !== undefined) return found;
  for (const i of places) {
    for (const j of places) {
      const pair = [quotientOf, differenceOf, productOf].map((make) => make(i, j)).find(agrees);
      if (pair !== undefined) return pair;
    }
  }
  return undefined;
}

const rootOf =
  (i: number): KeyFormula =>
  (numbers) =>
    Math.sqrt(numbers[i] as number);
const quotientOf =
  (i: number, j: number): KeyFormula =>
  (numbers) =>
    (numbers[i] as number) / (numbers[j] as number);
const differenceOf =
  (i: number, j: number): KeyFormula =>
  (numbers) =>
    (numbers[i] as number) - (numbers[j] as number);
const productOf =
  (i: number, j: number): KeyFormula =>
  (numbers) =>
    (numbers[i] as number) * (numbers[j] as number);

function constantFormula(key: string, examples: readonly Example[]): KeyFormula | undefined {
  const value = examples[0]?.config[key];
  return value !== undefined && examples.every(({ config }) => config[key] === value) ? () => value : undefined;
}

/** Places whose sizes differ from those of all earlier places in some example. */
function distinctPlaces(examples: readonly Example[], length: number): readonly number[] {
  const places = new Map<string, number>();
  for (let i = 0; i < length; i++) {
    const column = examples.map(({ numbers }) => numbers[i]).join();
    if (!places.has(column)) places.set(column, i);
  }
  return [...places.values()];
}
