import type { PricedKernel } from '../price/priced-kernel.ts';
import { LEAST_NETWORKS, type MeasuredNetwork } from './fit-calibration.ts';
import type { NetworkMeasurement } from './measure-network.ts';
import { kernelErrors, quantitiesOf } from './model-total.ts';

/**
 * What a calibration learns from a network that was measured with its parts.
 *
 * @param priced - its parts as they are predicted, one per part that was measured
 * @returns undefined when not all parts were measured
 */
export function calibrationRow(measurement: NetworkMeasurement, priced: readonly PricedKernel[]): MeasuredNetwork | undefined {
  const { name, latencyMs, sumMs, partsMs } = measurement;
  if (sumMs === undefined) return undefined;
  const partsSum = partsMs.reduce<number>((sum, part) => sum + part!, 0);
  const memoryBound = priced.reduce((sum, { isMemoryBound }, index) => sum + (isMemoryBound ? partsMs[index]! : 0), 0);
  const isWhole = priced.every(({ price }) => price !== undefined);
  return {
    name,
    latencyMs,
    sumMs,
    kernels: priced.length,
    weightBytes: priced.reduce((sum, { weightBytes }) => sum + weightBytes, 0),
    // In the rounds' own milliseconds
    memoryBoundMs: (memoryBound * sumMs) / partsSum,
    footprints: priced.map(({ weightBytes: weights, valueBytes }) => ({ weightBytes: weights, valueBytes })),
    ...(isWhole && { predicted: { ...quantitiesOf(priced), errors: kernelErrors(priced) } }),
  };
}

/**
 * The networks that a calibration learns from. One whose latency is flagged may be off by as much again as it took, so it counts only where
 * too few others are left.
 */
export function countedNetworks<T extends { readonly measurement: Pick<NetworkMeasurement, 'flags' | 'sumMs'> }>(
  networks: readonly T[],
): readonly T[] {
  const sound = networks.filter(({ measurement }) => measurement.flags.length === 0);
  const whole = sound.filter(({ measurement }) => measurement.sumMs !== undefined);
  return whole.length >= LEAST_NETWORKS ? sound : networks;
}
