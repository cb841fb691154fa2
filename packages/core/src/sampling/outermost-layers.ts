import type { Work } from '../graph/types.ts';
import { configKey, type KernelConfig } from '../kernel/index.ts';
import { type ConfigShape, completeConfig, freeKeys } from './config-shape.ts';
import { snapToBounds } from './snap.ts';

/** One draw in so many is an outermost layer while there are some left: a small sample is not made of them alone. */
const EVERY = 8;

/**
 * Draws among which are, as they are, the layers with the least and the most of each key and of the work. What a predictor has seen then
 * reaches as far as the known layers, however few of them are drawn.
 *
 * @param rows - layers of known networks
 * @param affordable - false for configurations above the cost limits: these are left out
 */
export function withOutermost<C extends KernelConfig>(
  shape: ConfigShape<C>,
  rows: readonly C[],
  workOf: ((config: C) => Work) | undefined,
  affordable: (config: C) => boolean,
  draw: () => C | undefined,
): () => C | undefined {
  const layers = rows.map((row) => completeConfig(shape, (key) => snapToBounds(shape.space[key], row[key] as number)));
  const distinct = [...new Map(layers.map((layer) => [configKey(layer), layer])).values()];
  const outermost = outermostOf(
    shape,
    distinct.filter((layer) => affordable(layer)),
    workOf,
  );
  let draws = 0;
  return () => {
    const layer = draws++ % EVERY === 0 ? outermost.shift() : undefined;
    return layer ?? draw();
  };
}

function outermostOf<C extends KernelConfig>(shape: ConfigShape<C>, layers: readonly C[], workOf: ((config: C) => Work) | undefined): C[] {
  const work = workOf === undefined ? [] : layers.map((layer) => workOf(layer));
  const measures = [
    ...freeKeys(shape).map((key) => layers.map((layer) => layer[key] as number)),
    ...(['flops', 'params', 'bytes'] as const).map((name) => work.map((one) => one[name])),
    work.map(({ flops, bytes }) => flops / bytes),
  ];
  const ends = measures.flatMap((values) => [Math.min(...values), Math.max(...values)].map((end) => layers[values.indexOf(end)]));
  return [...new Set(ends)].filter((layer) => layer !== undefined);
}
