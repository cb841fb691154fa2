import { describe, expect, it } from 'vitest';
import { foldsByRecordId, recordShare, splitByRecordId } from './split-by-record-id.ts';

const ids = Array.from({ length: 2000 }, (_, i) => `R${i.toString(36).toUpperCase().padStart(5, '0')}`);

describe('splitByRecordId', () => {
  it('meets its share on average, and every record is on one side', () => {
    const { train, validation } = splitByRecordId(ids, 0.2);
    expect(validation.length / ids.length).toBeGreaterThan(0.17);
    expect(validation.length / ids.length).toBeLessThan(0.23);
    expect([...train, ...validation].sort((a, b) => a - b)).toEqual(ids.map((_, i) => i));
  });

  it('keeps every record on its side when others are added, removed or reordered', () => {
    const few = ids.slice(500, 900).reverse();
    const before = new Set(splitByRecordId(ids, 0.2).validation.map((i) => ids[i]));
    const after = new Set(splitByRecordId(few, 0.2).validation.map((i) => few[i]));
    expect(few.filter((id) => after.has(id))).toEqual(few.filter((id) => before.has(id)));
  });

  it('grades with at least half of the share, however the ids fall', () => {
    for (let start = 0; start + 30 <= ids.length; start += 30) {
      expect(splitByRecordId(ids.slice(start, start + 30), 0.2).validation.length).toBeGreaterThanOrEqual(3);
    }
  });

  it('makes independent splits for different salts', () => {
    const first = new Set(splitByRecordId(ids, 0.2, 'validation').validation);
    const both = splitByRecordId(ids, 0.2, 'hold-out').validation.filter((i) => first.has(i));
    expect(both.length / ids.length).toBeGreaterThan(0.02);
    expect(both.length / ids.length).toBeLessThan(0.06);
  });

  it('leaves neither side empty when there are two records, and knows no validation at share 0', () => {
    for (let i = 0; i < 50; i++) {
      const { train, validation } = splitByRecordId([ids[i]!, ids[i + 50]!], 0.2);
      expect([train.length, validation.length]).toEqual([1, 1]);
    }
    expect(splitByRecordId(ids, 0).validation).toEqual([]);
    expect(() => splitByRecordId(ids, 1)).toThrow('`share` must be at least 0 and below 1. Got 1.');
  });

  it('keeps its golden shares: a changed hash would move records between sides', () => {
    expect(['A1B2C3', 'ZZZZZZ', 'R00001'].map((id) => recordShare(id, 'validation'))).toMatchInlineSnapshot(`
      [
        0.8120668684132397,
        0.9161630219314247,
        0.12159208906814456,
      ]
    `);
  });
});

describe('foldsByRecordId', () => {
  it('makes folds of equal size that do not depend on the order', () => {
    const folds = foldsByRecordId(ids, 5);
    for (let fold = 0; fold < 5; fold++) expect(folds.filter((one) => one === fold).length).toBe(400);
    expect([...foldsByRecordId([...ids].reverse(), 5)].reverse()).toEqual(folds);
  });
});
