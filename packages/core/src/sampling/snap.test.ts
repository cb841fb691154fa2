import { expect, it } from 'vitest';
import { HW_VALUES, KERNEL_SIZE_VALUES, rangeValues, snapToNearest, snapToRange } from './snap.ts';

it('snaps to the nearest value, half-way up', () => {
  expect([1, 2, 13, 42, 55, 111, 300, 600].map((value) => snapToNearest(HW_VALUES, value))).toEqual([1, 3, 14, 40, 56, 112, 320, 640]);
  expect([2, 4, 9].map((value) => snapToNearest(KERNEL_SIZE_VALUES, value))).toEqual([2, 5, 11]);
});

it('keeps integers in range and multiples whole', () => {
  expect([0, 2.4, 2.5, 99].map((value) => snapToRange({ min: 1, max: 10 }, value))).toEqual([1, 2, 3, 10]);
  expect([0, 7, 9.1, 99].map((value) => snapToRange({ min: 3, max: 15, multipleOf: 4 }, value))).toEqual([4, 8, 8, 12]);
});

it('chooses only values that the range holds', () => {
  const range = { min: 2, max: 224, values: HW_VALUES };
  expect([1, 640].map((value) => snapToRange(range, value))).toEqual([3, 224]);
  const { count, at } = rangeValues(range);
  expect([at(0), at(count - 1)]).toEqual([3, 224]);
});
