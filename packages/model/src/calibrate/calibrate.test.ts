import type { MeasurementFlag } from '@nnm/profiler';
import { expect, it } from 'vitest';
import { countedNetworks } from './calibrate.ts';
import { LEAST_NETWORKS } from './fit-calibration.ts';

const network = (flags: readonly MeasurementFlag[], sumMs?: number) => ({ measurement: { flags, ...(sumMs !== undefined && { sumMs }) } });
const sound = Array.from({ length: LEAST_NETWORKS }, () => network([], 1));

it('leaves networks with flagged latencies out while enough others are left', () => {
  expect(countedNetworks([network(['contended'], 1), ...sound])).toEqual(sound);
});

it('takes them all where others are too few, or were not measured whole', () => {
  const few = [network(['contended'], 1), ...sound.slice(1)];
  expect(countedNetworks(few)).toEqual(few);
  const notWhole = [network(['unstable'], 1), network([]), ...sound.slice(1)];
  expect(countedNetworks(notWhole)).toEqual(notWhole);
});
