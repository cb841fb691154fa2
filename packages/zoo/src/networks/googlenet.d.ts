import type { Graph } from '@nnm/core';
/**
 * GoogLeNet as torchvision has it: with batch normalisation, without the training-time classifiers, and with 3x3 convolutions
 * where the paper has 5x5 (as the released weights do).
 */
export declare function googlenet(name: string, batchSize: number, inputSize: number): Graph;
//# sourceMappingURL=googlenet.d.ts.map
