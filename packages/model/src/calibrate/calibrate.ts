import type { PricedKernel } from '../price/priced-kernel.ts';
import type { MeasuredNetwork } from './fit-calibration.ts';
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
    ...(isWhole && { predicted: { ...quantitiesOf(priced), errors: kernelErrors(priced) } }),
  };
}
