import { configKey, type KernelConfig } from '../kernel/index.ts';
import type { Rng } from '../random/index.ts';
import { type ConfigShape, completeConfig, freeKeys } from './config-shape.ts';
import { drawDoublings, enlarge } from './enlarge.ts';
import { drawShift, halveChannels, jitterChannels, NARROW_SPREAD, shiftValue, WIDE_SPREAD } from './jitter.ts';
import { chosenValues, snapToRange } from './snap.ts';

/** How often a layer above the cost limits is halved before it is given up. */
const MAX_HALVINGS = 12;

/**
 * Endless draws of whole layers: the distinct rows of the prior in random order with jittered channels, then all of them again
 * in a new order, and so on. The joint structure stays: a 7x7 kernel keeps its 224 pixels and 3 channels.
 *
 * From the second round on the channels move further and now and then one size goes to a neighbouring value, because enough
 * samples for a second round are enough to prepare for networks that are not in the prior. In every round some layers are of larger images.
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
  const isChannel = (key: keyof C & string): boolean => channelKeys.includes(key);
  const sizeKeys = freeKeys(shape).filter((key) => !isChannel(key) && space[key].values !== undefined);
  const layers = distinctLayers(shape, rows);
  const isPossible = (config: C): boolean => (shape.accepts?.(config) ?? true) && affordable(config);
  const images = rng.fork('images');
  let round = 0;
  let queue: C[] = [];
  return () => {
    if (queue.length === 0) {
      queue = rng.shuffle(layers);
      round++;
    }
    const layer = queue.pop();
    if (layer === undefined) return undefined;
    const spread = round === 1 ? NARROW_SPREAD : WIDE_SPREAD;
    const doublings = drawDoublings(images);
    const shift = round === 1 ? undefined : drawShift(sizeKeys, rng);
    let config = completeConfig(shape, (key) => {
      const value = layer[key] as number;
      if (isChannel(key)) return jitterChannels(value, space[key], spread, rng);
      return shift?.key === key ? shiftValue(chosenValues(space[key]) ?? [], value, shift.step) : value;
    });
    for (let halving = 0; halving < MAX_HALVINGS && !affordable(config); halving++) {
      const wide = config;
      config = completeConfig(shape, (key) => (isChannel(key) ? halveChannels(wide[key] as number, space[key]) : (wide[key] as number)));
    }
    return enlarge(shape, config, doublings, isPossible);
  };
}

/** The rows with their sizes snapped and their channels as they are, each layer once. */
function distinctLayers<C extends KernelConfig>(shape: ConfigShape<C>, rows: readonly C[]): readonly C[] {
  const layers = rows.map((row) =>
    completeConfig(shape, (key) =>
      shape.channelKeys.includes(key) ? (row[key] as number) : snapToRange(shape.space[key], row[key] as number),
    ),
  );
  return [...new Map(layers.map((layer) => [configKey(layer), layer])).values()];
}
