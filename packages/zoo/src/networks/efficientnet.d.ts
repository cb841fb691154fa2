import type { Graph } from '@nnm/core';
/** EfficientNet-B0 as torchvision has it: swish, squeeze and excitation to a quarter of the block's input channels. */
export declare function efficientnetB0(name: string, batchSize: number, inputSize: number): Graph;
/** EfficientNet-Lite0 as its authors' TensorFlow code has it: ReLU6, no squeeze and excitation. */
export declare function efficientnetLite0(name: string, batchSize: number, inputSize: number): Graph;
//# sourceMappingURL=efficientnet.d.ts.map
