import type { Implement } from '@nnm/core';
import type { ModelTotal } from '../calibrate/model-total.ts';
import type { ModelFormat } from '../graph/model-graph.ts';
import type { PriceShares } from '../price/price-shares.ts';
import type { PricedKernel } from '../price/priced-kernel.ts';

/** What a whole model takes on one backend, part by part. */
export interface ModelPrediction {
  /** Name of the file without its folder, or of the network. */
  readonly model: string;
  readonly format: ModelFormat;
  readonly backend: string;
  readonly implement: Implement;
  readonly batchSize: number;
  readonly total: ModelTotal;
  /** In execution order. */
  readonly kernels: readonly PricedKernel[];
  readonly shares: PriceShares;
  /** Bytes of all weights as the file stores them. */
  readonly weightBytes: number;
}
