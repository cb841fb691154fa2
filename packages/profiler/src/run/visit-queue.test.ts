import { Rng } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { VisitQueue } from './visit-queue.ts';

const ids = Array.from({ length: 20 }, (_, index) => `k${index}`);

describe('VisitQueue', () => {
  it('hands out every kernel once, in an order that depends on the seed only', () => {
    const drain = (seed: number): string[] => {
      const queue = new VisitQueue(ids, [], new Rng(seed));
      return ids.map(() => queue.next(0)!);
    };
    expect(drain(1).sort()).toEqual([...ids].sort());
    expect(drain(1)).toEqual(drain(1));
    expect(drain(1)).not.toEqual(drain(2));
    expect(drain(1)).not.toEqual(ids);
  });

  it('brings a kernel back when its time has come, before fresh ones', () => {
    const queue = new VisitQueue(ids, [], new Rng(1));
    const first = queue.next(0)!;
    queue.putBack(first, 100);
    expect(queue.next(50)).not.toBe(first);
    expect(queue.next(100)).toBe(first);
  });

  it('does not make anybody wait when nothing else is left', () => {
    const queue = new VisitQueue(['a', 'b'], [], new Rng(1));
    const [first, second] = [queue.next(0)!, queue.next(0)!];
    queue.putBack(second, 900);
    queue.putBack(first, 500);
    expect([queue.next(0), queue.next(0), queue.next(0)]).toEqual([first, second, undefined]);
  });

  it('comes to kernels that failed before after all others', () => {
    const queue = new VisitQueue(ids, [], new Rng(1), ['x', 'y']);
    const order = Array.from({ length: 22 }, () => queue.next(0)!);
    expect([...order.slice(20)].sort()).toEqual(['x', 'y']);
  });

  it('keeps the order of due times whatever comes back when', () => {
    const queue = new VisitQueue([], [], new Rng(1));
    const rng = new Rng(7);
    const due: number[] = [];
    const taken: number[] = [];
    for (let step = 0; step < 500; step++) {
      if (rng.float() < 0.6) {
        due.push(rng.integer(0, 50));
        queue.putBack(String(due.at(-1)), due.at(-1)!);
      } else {
        const next = queue.next(1000);
        due.sort((a, b) => a - b);
        expect(next).toBe(due.length === 0 ? undefined : String(due.shift()));
        if (next !== undefined) taken.push(Number(next));
      }
    }
    expect(queue.waiting.returning).toBe(due.length);
    expect(taken.length).toBeGreaterThan(100);
  });

  it('starts no fresh kernel when told so', () => {
    const queue = new VisitQueue(['a'], ['b'], new Rng(1));
    expect(queue.next(0, false)).toBe('b');
    expect(queue.next(0, false)).toBeUndefined();
    expect(queue.waiting).toEqual({ fresh: 1, returning: 0 });
  });
});
