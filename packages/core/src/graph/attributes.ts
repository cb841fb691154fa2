import { LARGEST_INTEGER } from './limits.ts';
import type { Padding, Size2d } from './values.ts';

/** The check of one attribute of an op. */
export interface Attribute {
  /** Such as `an integer >= 1`. */
  readonly expected: string;
  accepts(value: unknown): boolean;
  /** True for one that may be absent. */
  readonly optional?: boolean;
}

const attribute = (expected: string, accepts: (value: unknown) => boolean): Attribute => ({ expected, accepts });

/** The same attribute, absent when it has its default. */
export const optional = (checked: Attribute): Attribute => ({ ...checked, optional: true });

const isInteger = (value: unknown): value is number => Number.isInteger(value) && Math.abs(value as number) <= LARGEST_INTEGER;
/** As a float32: what is larger would become infinite in a model file. */
const isFiniteFloat = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(Math.fround(value));
const isCount = (value: unknown): boolean => isInteger(value) && value >= 1;
/** Copied, so that holes count as undefined. */
const isList = (value: unknown, item: (value: unknown) => boolean): value is readonly unknown[] =>
  Array.isArray(value) && [...value].every(item);

export const count = attribute('an integer >= 1', isCount);
export const integer = attribute('an integer', isInteger);
export const number = attribute('a finite number', isFiniteFloat);
export const positive = attribute('a finite number > 0', (value) => isFiniteFloat(value) && Math.fround(value) > 0);
export const notNegative = attribute('a finite number >= 0', (value) => isFiniteFloat(value) && value >= 0);
export const boolean = attribute('true or false', (value) => typeof value === 'boolean');
export const size2d = attribute('an integer >= 1, or [height, width]', (value) => isList(value, isCount) && value.length === 2);
export const integers = attribute('a list of integers', (value) => isList(value, isInteger));
export const counts = attribute('a list of integers >= 1', (value) => isList(value, isCount));
export const naturals = attribute('a list of integers >= 0', (value) => isList(value, (item) => isInteger(item) && item >= 0));

export const pairs = attribute('a list of [before, after], integers >= 0', (value) =>
  isList(value, (pair) => isList(pair, (item) => isInteger(item) && item >= 0) && pair.length === 2),
);

/** One of a few words. @param alsoSaid - words that a builder method takes besides, for which it writes something else */
export const oneOf = (words: readonly string[], alsoSaid: readonly string[] = []): Attribute =>
  attribute([...words, ...alsoSaid].map((word) => `"${word}"`).join(' or '), (value) => words.includes(value as string));

const SIDES = ['top', 'bottom', 'left', 'right'];

/** See {@link Padding}. */
export const padding = attribute('"same", "valid" or { top, bottom, left, right } in pixels >= 0', (value) => {
  if (value === 'same' || value === 'valid') return true;
  if (typeof value !== 'object' || value === null) return false;
  const pixels = value as Record<string, unknown>;
  return Object.keys(pixels).length === SIDES.length && SIDES.every((side) => isInteger(pixels[side]) && pixels[side] >= 0);
});

/** One number for both sides of a square. */
export const toSize2d = (size: number | Size2d): Size2d => (typeof size === 'number' ? [size, size] : size);

/** `value`, or undefined when it is the default, so that graphs from before the attribute exist unchanged. */
export function unlessDefault<T extends number | Size2d>(value: T, fallback: T): T | undefined {
  const isSame = Array.isArray(value) && Array.isArray(fallback) ? value.join() === fallback.join() : value === fallback;
  return isSame ? undefined : value;
}

/** For options that plain JavaScript leaves out: what is missing is then named by `build`. */
export const NO_OPTIONS = {} as never;
