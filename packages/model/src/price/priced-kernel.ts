import type { KernelConfig } from '@nnm/core';
import type { LatencyInterval } from '@nnm/predictor/browser';

/**
 * Where a price comes from.
 *
 * - `predictor`: a trained predictor of the kernel's family
 * - `measured`: the part was measured on its own, on this device
 * - `estimate`: operations and bytes, by what other kernels of the backend cost for theirs
 */
export type PriceSource = 'predictor' | 'measured' | 'estimate';

/** What a part of a model takes when it runs alone. */
export interface KernelPrice {
  readonly source: PriceSource;
  readonly latencyMs: number;
  readonly interval80: LatencyInterval;
  readonly interval95: LatencyInterval;
  /** Why it is less certain than its source usually is: reasons as phrases, such as `HW is 512, sampled were 7 to 224`. */
  readonly doubts: readonly string[];
}

/** A part of a model with its price, or with the reason why it has none. */
export interface PricedKernel {
  /** The kernel's id, or the operators of a part that is no known kernel: `conv2d+mish`. */
  readonly name: string;
  /** Names of the model's nodes that it runs, in execution order. */
  readonly nodes: readonly string[];
  /** Absent for a part that is no known kernel. */
  readonly config?: KernelConfig;
  /** Bytes of its weights as float32. */
  readonly weightBytes: number;
  /** Bytes of what it takes and gives, as float32. */
  readonly valueBytes: number;
  /** Its weights are read once for every inference and hardly used twice: a matrix times a vector. */
  readonly isMemoryBound: boolean;
  /** Absent for a gap. */
  readonly price?: KernelPrice;
  /** Why it has no price, as a sentence's end. */
  readonly gap?: string;
}
