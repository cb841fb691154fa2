import { describe, expect, it } from 'vitest';
import { averageCorrection, lowerPadding } from './padding.ts';

describe('lowerPadding', () => {
  it('writes pixels only where no scheme sees the same ones', () => {
    expect(lowerPadding('same', [8, 8], [3, 3], [2, 2])).toEqual({ scheme: 'SAME' });
    expect(lowerPadding('valid', [8, 8], [3, 3], [2, 2])).toEqual({ scheme: 'VALID' });
    const pixels = { top: 1, bottom: 1, left: 1, right: 1 };
    expect(lowerPadding(pixels, [7, 7], [3, 3], [2, 2])).toEqual({ scheme: 'SAME' });
    expect(lowerPadding(pixels, [8, 8], [3, 3], [2, 2])).toEqual({ scheme: 'VALID', pixels });
  });

  it('writes VALID where SAME has pixels left over, and pixels where only one dimension has', () => {
    expect(lowerPadding('same', [56, 56], [3, 3], [4, 4])).toEqual({ scheme: 'VALID' });
    expect(lowerPadding('same', [56, 57], [3, 3], [4, 4])).toEqual({ scheme: 'VALID', pixels: { top: 0, bottom: 0, left: 1, right: 1 } });
  });
});

describe('averageCorrection', () => {
  it('is window size by real pixels', () => {
    const correction = averageCorrection({ top: 1, bottom: 1, left: 0, right: 0 }, [2, 3], [2, 3], [1, 1]);
    expect([...correction]).toEqual([2, 1, 2]);
  });

  it('is 0 where a window has none', () => {
    expect([...averageCorrection({ top: 0, bottom: 2, left: 0, right: 0 }, [1, 1], [1, 1], [1, 1])]).toEqual([1, 0, 0]);
  });
});
