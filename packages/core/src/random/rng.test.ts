import { describe, expect, it } from 'vitest';
import { Rng } from './rng.ts';

describe('Rng', () => {
  it('gives the same numbers for the same seed on every platform', () => {
    const rng = new Rng(42);
    expect([rng.uint32(), rng.uint32(), rng.uint32()]).toMatchInlineSnapshot(`
      [
        2837322924,
        544945897,
        479756282,
      ]
    `);
  });

  it('forks by name, whatever was drawn before', () => {
    const drawn = new Rng(1);
    drawn.uint32();
    expect(drawn.fork('weights').uint32()).toBe(new Rng(1).fork('weights').uint32());
    expect(new Rng(1).fork('weights').uint32()).not.toBe(new Rng(1).fork('split').uint32());
    expect(new Rng(2).fork('weights').uint32()).not.toBe(new Rng(1).fork('weights').uint32());
  });

  it('draws integers evenly and within bounds', () => {
    const rng = new Rng(3);
    const counts = new Map<number, number>();
    for (let i = 0; i < 70_000; i++) {
      const value = rng.integer(-3, 3);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([-3, -2, -1, 0, 1, 2, 3]);
    for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it('shuffles a copy', () => {
    const items = [1, 2, 3, 4, 5];
    const shuffled = new Rng(5).shuffle(items);
    expect(items).toEqual([1, 2, 3, 4, 5]);
    expect([...shuffled].sort()).toEqual(items);
  });
});
