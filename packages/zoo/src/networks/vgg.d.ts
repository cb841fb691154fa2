import type { Graph } from '@nnm/core';
/**
 * VGG without batch normalisation, as torchvision has it.
 *
 * @param repeats - convolutions per stage: `[1, 1, 2, 2, 2]` is VGG-11
 */
export declare function vgg(name: string, batchSize: number, inputSize: number, repeats: readonly number[]): Graph;
//# sourceMappingURL=vgg.d.ts.map
