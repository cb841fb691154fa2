import { configKey, type KernelConfig, Rng } from '@nnm/core';
import type { PipelineContext } from './context.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/**
 * The id of a configuration: 6 capital letters and digits that depend on kernel, configuration, framework and batch size only,
 * so that runs join and resume without bookkeeping.
 *
 * @param taken - ids given so far; the new one is added. A clash (1 in 2 billion per pair) is resolved by drawing again.
 */
export function kernelId(
  kernelType: string,
  config: KernelConfig,
  { implement, batchSize }: Pick<PipelineContext, 'implement' | 'batchSize'>,
  taken: Set<string> = new Set(),
): string {
  const rng = new Rng(0).fork(`${kernelType}|${configKey(config)}|${implement}|${batchSize}`);
  for (;;) {
    const id = Array.from({ length: 6 }, () => ALPHABET[rng.integer(0, ALPHABET.length - 1)]).join('');
    if (taken.has(id)) continue;
    taken.add(id);
    return id;
  }
}
