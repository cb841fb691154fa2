import { type Graph } from '@nnm/core';
/** Ids of the networks of the zoo. */
export declare const networkNames: readonly string[];
/** How to build a network. */
export interface NetworkOptions {
  /** Default 1. */
  readonly batchSize?: number;
  /** Height and width of the input in pixels. Default 224, with which every network was published. */
  readonly inputSize?: number;
}
/**
 * Build a published network as a graph: input `[batchSize, inputSize, inputSize, 3]`, output `[batchSize, 1000]` (logits).
 *
 * Dropout, which does nothing at inference, and the final softmax are left out. Padding is explicit, so every framework
 * computes the same function.
 *
 * @param name - one of {@link networkNames}
 * @throws UnknownIdError for another name; InvalidArgumentError for sizes the network cannot take
 * @example network('mobilenet-v2', { batchSize: 4 })
 */
export declare function network(name: string, options?: NetworkOptions): Graph;
//# sourceMappingURL=network.d.ts.map
