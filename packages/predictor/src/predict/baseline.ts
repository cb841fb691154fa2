/**
 * Features that say how much work a kernel is; whichever of them a kernel has feed its baseline. A loop over `OUT_PIXELS` costs something
 * however few channels there are; `TILED_FLOPS` are the operations that a runtime computes where these are known to be others than needed,
 * `ALONE_FLOPS` those that it computes one by one. Of what only moves, `COPIES` are the pieces that are copied as one and `OUTPUT_BYTES` what
 * is written, `PLANE_ROWS` the rows of all channels where each is a plane; `READ_BYTES` are bytes without those that nothing reads,
 * `LINES` lines of the cache that are written. Of XNNPACK: `XNN_FLOPS` in whole tiles or vectors, `NARROW_FLOPS` in narrow tiles, `XNN_TAPS` and `XNN_VECTORS` loops and their vectors, `REFUSED_FLOPS` of the code that stands in
 * for it, `GATHERED_PIXELS` pixels whose windows are found by pointers, `SPLIT_LOADS` vectors on two lines of the cache, `STREAMED_BYTES_48` what a first-level cache of 48 kB does not keep from pixel to pixel. A name with `_16` is the same on a processor with vectors of 16 floats.
 */
export const BASELINE_FEATURES = [
  'FLOPS',
  'BYTES',
  'PARAMS',
  'OUT_PIXELS',
  'TILED_FLOPS',
  'TILED_FLOPS_16',
  'XNN_FLOPS',
  'XNN_FLOPS_16',
  'XNN_TAPS',
  'REFUSED_FLOPS',
  'NARROW_FLOPS',
  'LINES',
  'XNN_VECTORS',
  'XNN_VECTORS_16',
  'GATHERED_PIXELS',
  'SPLIT_LOADS',
  'SPLIT_LOADS_16',
  'STREAMED_BYTES_32',
  'STREAMED_BYTES_48',
  'STREAMED_BYTES_64',
  'COPIES',
  'COPIES_16',
  'PLANE_ROWS',
  'OUTPUT_BYTES',
  'COPIED_BYTES',
  'COPIED_BYTES_16',
  'PRODUCT_FLOPS',
  'PRODUCT_FLOPS_16',
  'SCORES',
  'READ_BYTES',
  'ALONE_FLOPS',
  'ALONE_FLOPS_16',
] as const;

/** An analytic estimate of latency: a fixed cost and a cost per unit of work. */
export interface Baseline {
  readonly launchMs: number;
  readonly costs: readonly BaselineCost[];
}

/** A cost per unit of one feature. */
export interface BaselineCost {
  readonly feature: string;
  /** The feature's place in the feature vector. */
  readonly index: number;
  readonly msPerUnit: number;
  /** Only what exceeds this many units counts: bytes that do not fit in a cache cost more. Absent: all of them. */
  readonly above?: number;
}

/** Units of a feature that a cost counts. */
export function countedUnits(value: number, above: number | undefined): number {
  return above === undefined ? value : Math.max(0, value - above);
}

/** The smallest baseline, so that its logarithm exists. */
const SMALLEST_MS = 1e-9;

/** Latency by the baseline, in milliseconds, always positive. `offset` is where the row starts in `values`. */
export function baselineMs(baseline: Baseline, values: ArrayLike<number>, offset = 0): number {
  let latencyMs = baseline.launchMs;
  for (const { index, msPerUnit, above } of baseline.costs) latencyMs += msPerUnit * countedUnits(values[offset + index]!, above);
  return latencyMs > SMALLEST_MS ? latencyMs : SMALLEST_MS;
}
