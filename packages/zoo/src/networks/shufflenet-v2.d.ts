import type { Graph } from '@nnm/core';
/**
 * ShuffleNet v2 as torchvision has it.
 *
 * @param filters - of the three stages
 */
export declare function shufflenetV2(name: string, batchSize: number, inputSize: number, filters: readonly number[]): Graph;
//# sourceMappingURL=shufflenet-v2.d.ts.map
