import type { KernelConfig } from '../kernel/index.ts';
import type { Feature } from './config-feature-parser.ts';

/** Floats in a 128-, 256- and 512-bit vector, and in a block of two of the widest. */
const VECTOR_LENGTHS = [4, 8, 16, 32];

/**
 * What is left of a channel count after whole vectors, as features `CIN_MOD_4`, `CIN_MOD_8`, `CIN_MOD_16`, `CIN_MOD_32`.
 *
 * Runtimes work on whole vectors or blocks of channels and do the rest in slower code, or take another path altogether, so latency
 * moves in steps that no smooth function of the channels follows.
 *
 * @param key - the channel count's key in the configuration
 * @param divisors - remainders by these; default 4, 8, 16 and 32
 */
export function remainderFeatures<C extends KernelConfig>(
  key: keyof C & string,
  divisors: readonly number[] = VECTOR_LENGTHS,
): Readonly<Record<string, Feature<C>>> {
  return Object.fromEntries(divisors.map((divisor) => [`${key}_MOD_${divisor}`, (config: C) => (config[key] as number) % divisor]));
}
