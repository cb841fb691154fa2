import type { KernelConfig } from '../kernel/index.ts';
import type { Rng } from '../random/index.ts';
import { type ConfigShape, completeConfig, freeKeys } from './config-shape.ts';
import { buildHistogram, drawFromHistogram } from './histogram.ts';
import { snapToRange } from './snap.ts';

/**
 * Endless draws of every key on its own, by inverse transform of a histogram of its column, snapped to valid values.
 *
 * A zero (an absent input of concat) is not a size: it is drawn as often as the column has it, the other values from the
 * histogram of the rest.
 */
export function marginalDraws<C extends KernelConfig>(shape: ConfigShape<C>, rows: readonly C[], rng: Rng): () => C | undefined {
  if (rows.length === 0) return () => undefined;
  const draws = new Map(
    freeKeys(shape).map((key) => {
      const column = rows.map((row) => row[key] as number);
      const present = column.filter((value) => value !== 0);
      const absentShare = 1 - present.length / column.length;
      const histogram = buildHistogram(present.length > 0 ? present : [0]);
      return [
        key,
        (): number => {
          const isAbsent = rng.float() < absentShare;
          const value = drawFromHistogram(histogram, rng);
          return snapToRange(shape.space[key], isAbsent ? 0 : value);
        },
      ];
    }),
  );
  return () => {
    const values = new Map([...draws].map(([key, draw]) => [key, draw()]));
    return completeConfig(shape, (key) => values.get(key) as number);
  };
}
