import { configKey, type KernelConfig } from '../kernel/index.ts';
import type { Rng } from '../random/index.ts';
import { type ConfigShape, completeConfig } from './config-shape.ts';
import { halveChannels, jitterChannels } from './jitter.ts';
import { snapToRange } from './snap.ts';

/** How often a layer above the cost limits is halved before it is given up. */
const MAX_HALVINGS = 12;

/**
 * Endless draws of whole layers: distinct rows of the prior in random order, again and again in a new order, with
 * jittered channels. The joint structure stays: a 7x7 kernel keeps its 224 pixels and 3 channels.
 *
 * @param affordable - false for configurations above the cost limits: these have their channels halved until they are not
 */
export function jointDraws<C extends KernelConfig>(
  shape: ConfigShape<C>,
  rows: readonly C[],
  rng: Rng,
  affordable: (config: C) => boolean,
): () => C | undefined {
  const { space, channelKeys } = shape;
  const snapped = rows.map((row) =>
    completeConfig(shape, (key) => (channelKeys.includes(key) ? (row[key] as number) : snapToRange(space[key], row[key] as number))),
  );
  const distinct = [...new Map(snapped.map((config) => [configKey(config), config])).values()];
  let queue: C[] = [];
  return () => {
    if (queue.length === 0) queue = rng.shuffle(distinct);
    const row = queue.pop();
    if (row === undefined) return undefined;
    let config = completeConfig(shape, (key) =>
      channelKeys.includes(key) ? jitterChannels(row[key] as number, space[key], rng) : (row[key] as number),
    );
    for (let halving = 0; halving < MAX_HALVINGS && !affordable(config); halving++) {
      const wide = config;
      config = completeConfig(shape, (key) =>
        channelKeys.includes(key) ? halveChannels(wide[key] as number, space[key]) : (wide[key] as number),
      );
    }
    return config;
  };
}
