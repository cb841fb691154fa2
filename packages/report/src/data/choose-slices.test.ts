import { describe, expect, it } from 'vitest';
import { chooseSlices } from './choose-slices.ts';
import { groupKeys } from './key-groups.ts';

const LIMITS = { slices: 3, columns: 8, rows: 4 };

describe('groupKeys', () => {
  it('joins keys that are equal in every row, and leaves those with one value alone', () => {
    const groups = groupKeys(
      ['HW', 'CIN', 'COUT', 'STRIDES', 'PAD'],
      [
        [7, 8, 8, 1, 1],
        [14, 16, 16, 1, 1],
      ],
    );
    expect(groups.map(({ keys }) => keys)).toEqual([['HW'], ['CIN', 'COUT'], ['STRIDES'], ['PAD']]);
  });
});

describe('chooseSlices', () => {
  const rows = Array.from({ length: 60 }, (_, i) => [i % 3 === 0 ? 28 : 14, 8 + i, 16 + 2 * (i % 30), 1 + 2 * (i % 2)]);
  const slices = chooseSlices(['HW', 'CIN', 'COUT', 'KERNEL_SIZE'], rows, LIMITS);

  it('shows the two keys with the most values, for the most frequent values of the others', () => {
    expect(slices[0]?.x.keys).toEqual(['CIN']);
    expect(slices[0]?.y?.keys).toEqual(['COUT']);
    expect(slices[0]?.fixed).toEqual({ HW: 14, KERNEL_SIZE: 3 });
    expect(slices).toHaveLength(3);
  });

  it('has the first view also turned, with as many columns along the other key', () => {
    const [, turned] = slices;
    expect([turned?.x.keys, turned?.y?.keys, turned?.fixed]).toEqual([['COUT'], ['CIN'], slices[0]?.fixed]);
    expect(turned?.x.values).toHaveLength(LIMITS.columns);
  });

  it('has one view against the third key, whose own values are shown', () => {
    const last = slices.at(-1);
    expect([last?.y?.keys, last?.y?.values]).toEqual([['HW'], [14, 28]]);
  });

  it('spaces values evenly and never beyond the usual range', () => {
    const { values } = slices[0]?.x ?? { values: [] };
    expect(values.length).toBeLessThanOrEqual(LIMITS.columns);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(values.at(-1)).toBeLessThanOrEqual(67);
  });

  it('has one axis for kernels with one key that varies, and nothing for those with none', () => {
    expect(chooseSlices(['CIN'], [[1], [2], [30]], LIMITS)).toMatchObject([{ x: { keys: ['CIN'] }, fixed: {} }]);
    expect(chooseSlices(['CIN'], [[1], [1]], LIMITS)).toEqual([]);
  });
});
