import { expect, it } from 'vitest';
import { Rng } from '../random/index.ts';
import { walkSpace } from './walk-space.ts';

it('visits every point once', () => {
  const ranges = [
    { min: 1, max: 9, values: [1, 3, 9] },
    { min: 3, max: 17, multipleOf: 5 },
    { min: 2, max: 8 },
  ];
  for (const seed of [1, 2, 3]) {
    const points = [...walkSpace(ranges, new Rng(seed))].map((point) => point.join());
    expect(points).toHaveLength(3 * 3 * 7);
    expect(new Set(points).size).toBe(3 * 3 * 7);
    expect(points).toContain('9,15,8');
  }
});

it('jumps about and depends on the seed', () => {
  const first = (seed: number): number => ([...walkSpace([{ min: 0, max: 999 }], new Rng(seed))][0] as readonly number[])[0] as number;
  expect(first(1)).not.toBe(first(2));
  const [a, b] = [...walkSpace([{ min: 0, max: 999 }], new Rng(1))].map(([value]) => value as number);
  expect(Math.abs((a as number) - (b as number))).toBeGreaterThan(300);
});

it('has nothing to visit in an empty range, and walks huge spaces lazily', () => {
  expect([...walkSpace([{ min: 3, max: 2 }], new Rng(1))]).toEqual([]);
  const huge = walkSpace(Array(8).fill({ min: 1, max: 1e6 }), new Rng(1));
  expect(new Set(Array.from({ length: 1000 }, () => String(huge.next().value))).size).toBe(1000);
});
