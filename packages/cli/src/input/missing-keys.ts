import { type Problem, suggestNearest } from '@nnm/core';

/**
 * Say of keys that are missing which of the user's own names may be meant by them.
 *
 * @param own - names that are no keys of the kernel
 * @example nameNearMisses([{ key: 'CIN', message: 'is missing' }], ['CINN']) // [{ key: 'CIN', message: 'is missing; CINN is no key of this kernel' }]
 */
export function nameNearMisses(problems: readonly Problem[], own: readonly string[]): readonly Problem[] {
  return problems.map((problem) => {
    const near = problem.key !== undefined && problem.message === 'is missing' ? nearMiss(problem.key, own) : undefined;
    return near === undefined ? problem : { ...problem, message: `is missing; ${near} is no key of this kernel` };
  });
}

/** The one of the user's own names that a key may have been misspelt as. */
export function nearMiss(key: string, own: readonly string[]): string | undefined {
  const letters = new Set(key.toLowerCase());
  // Two short names may differ in every letter and still be near.
  return suggestNearest(key, own).find((name) => [...name.toLowerCase()].some((letter) => letters.has(letter)));
}
