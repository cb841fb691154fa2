import { FNV_BASIS, fnv1a32 } from './fnv.ts';

/**
 * Seeded random generator (xoshiro128**, seeded through a 32-bit FNV-1a hash and splitmix32).
 *
 * Uses 32-bit integer arithmetic and exactly rounded operations only, so a seed gives the same numbers on every platform.
 * A *fork* depends on the generator's seed and the fork's name, never on how many numbers were drawn, so a new draw in one
 * stage leaves all other stages unchanged.
 *
 * @example
 * const rng = new Rng(42);
 * const weights = rng.fork('weights');
 * weights.float(); // in [0, 1)
 */
export class Rng {
  readonly seed: number;
  private readonly state = new Uint32Array(4);

  /** @param seed - an unsigned 32-bit integer; other numbers are truncated to one */
  constructor(seed: number) {
    this.seed = seed >>> 0;
    let s = this.seed;
    for (let i = 0; i < 4; i++) {
      s = (s + 0x9e3779b9) >>> 0;
      let z = s;
      z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      this.state[i] = (z ^ (z >>> 16)) >>> 0;
    }
  }

  /** An independent generator for a named purpose. */
  fork(name: string): Rng {
    const hash = fnv1a32(name, FNV_BASIS ^ this.seed);
    return new Rng(Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0);
  }

  /** Uniform unsigned 32-bit integer. */
  uint32(): number {
    const s = this.state;
    const x = Math.imul(s[1]!, 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    const t = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = (s[3]! << 11) | (s[3]! >>> 21);
    return result;
  }

  /** Uniform float in [0, 1), a multiple of 2^-32. */
  float(): number {
    return this.uint32() / 0x1_0000_0000;
  }

  /** Uniform integer in [min, max], both included; free of modulo bias. */
  integer(min: number, max: number): number {
    const span = max - min + 1;
    const limit = 0x1_0000_0000 - (0x1_0000_0000 % span);
    let draw = this.uint32();
    while (draw >= limit) draw = this.uint32();
    return min + (draw % span);
  }

  /** One of the items, each equally likely. */
  pick<T>(items: readonly T[]): T {
    return items[this.integer(0, items.length - 1)] as T;
  }

  /** The items in random order (Fisher-Yates); the argument is not changed. */
  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = [...items];
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.integer(0, i);
      [shuffled[i], shuffled[j]] = [shuffled[j] as T, shuffled[i] as T];
    }
    return shuffled;
  }
}
