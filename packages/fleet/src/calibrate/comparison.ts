import { exp, log } from '@nnm/core';

/** How far a device lies from the reference device of its class, by kernels that both have measured. */
export interface DeviceOffset {
  readonly device: string;
  /** Median of its latency over the reference's, and an interval that holds the median of all kernels with at least 95 %. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** Kernels that both have measured. */
  readonly kernels: number;
  /** Whether the interval, and nine of ten kernels, show that it agrees. */
  readonly agrees: boolean;
}

/** What `nnm fleet calibrate` has found of a class. */
export interface Comparison {
  /** When, as an ISO date. */
  readonly at: string;
  readonly nnm: string;
  readonly reference: string;
  /** The reference itself is not among them. */
  readonly devices: readonly DeviceOffset[];
}

/** The interval of a device that agrees lies within this share of the reference... */
const MEDIAN_WITHIN = 0.05;
/** ...and so does this share of its kernels within this one. */
const KERNELS_WITHIN = 0.1;
const KERNELS_SHARE = 0.9;
/** Fewer kernels give no interval of 95 %. */
const FEWEST_KERNELS = 6;
const CONFIDENCE = 0.95;

/** Compare latencies of the same kernels, by id, with those of the reference device. */
export function compareDevices(
  device: string,
  latencies: ReadonlyMap<string, number>,
  reference: ReadonlyMap<string, number>,
): DeviceOffset {
  const ratios = [...latencies].flatMap(([id, ms]) => {
    const referenceMs = reference.get(id);
    return referenceMs === undefined ? [] : [ms / referenceMs];
  });
  ratios.sort((a, b) => a - b);
  const { low, high } = medianInterval(ratios);
  const near = ratios.filter((ratio) => Math.abs(ratio - 1) <= KERNELS_WITHIN).length;
  const agrees = low >= 1 - MEDIAN_WITHIN && high <= 1 + MEDIAN_WITHIN && near >= KERNELS_SHARE * ratios.length;
  return { device, ratio: medianOf(ratios), low, high, kernels: ratios.length, agrees };
}

/**
 * An interval that holds the median with at least 95 %, whatever the distribution: between two of the values, by how many of `n` would lie
 * below the median by chance.
 *
 * @param sorted - ascending
 * @returns NaN for fewer than six values, which give none
 */
export function medianInterval(sorted: readonly number[]): { readonly low: number; readonly high: number } {
  const n = sorted.length;
  if (n < FEWEST_KERNELS) return { low: Number.NaN, high: Number.NaN };
  let below = 0; // values left out on either side
  let term = exp(n * log(0.5));
  let tail = term;
  while (2 * (tail + (term * (n - below)) / (below + 1)) <= 1 - CONFIDENCE) {
    term *= (n - below) / (below + 1);
    tail += term;
    below++;
  }
  return { low: sorted[below]!, high: sorted[n - 1 - below]! };
}

function medianOf(sorted: readonly number[]): number {
  const half = sorted.length / 2;
  return sorted.length === 0 ? Number.NaN : (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2;
}

/** Devices that may share kernels: the reference and all that agree with it. */
export function agreeing({ reference, devices }: Comparison): ReadonlySet<string> {
  return new Set([reference, ...devices.filter(({ agrees }) => agrees).map(({ device }) => device)]);
}

/** `pi-2 lies 1.2 % above pi-1 (0.4 to 2.0 %)`. */
export function describeOffset({ device, ratio, low, high, kernels }: DeviceOffset, reference: string): string {
  if (Number.isNaN(low)) return `${device} and ${reference} have only ${kernels} kernels in common, too few to tell`;
  const percent = (value: number): string => `${(100 * (value - 1)).toFixed(1)} %`;
  return `${device} lies ${percent(ratio)} from ${reference} (interval ${percent(low)} to ${percent(high)}, ${kernels} kernels)`;
}
